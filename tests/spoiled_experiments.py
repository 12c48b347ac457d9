"""Simulated experiments spoiled on purpose: wells changed one by one, and what the result warns of."""

from dataclasses import replace

from prusoff.core.check import Severity


def changed(experiments, change):
    """The same wells with `change(well)` in place of each; None takes a well away."""
    return [
        replace(one, wells=tuple(new for well in one.wells if (new := change(well)) is not None))
        for one in experiments
    ]


def treated(well, **what):
    """The well with something else in it."""
    return replace(well, treatment=replace(well.treatment, **what))


def warnings(result):
    """The codes of all checks that warn or fail."""
    return {flag.code for flag in result.flags if flag.severity in (Severity.WARN, Severity.FAIL)}
