"""What is said of an IC50 that was read before equilibrium, in a competition run."""

from dataclasses import replace

import pytest

from prusoff.assays import catalog
from prusoff.core.check import Severity

ASSAY = catalog["radioligand_competition"]
KOFF = 0.016 / 60


def flagged(minutes, koff=KOFF, kd=True):
    """The flag of every day of the simulated example, incubated for so long."""
    days = tuple(
        replace(
            one,
            radioligand=replace(one.radioligand, koff_per_s=koff, kd=one.radioligand.kd if kd else None),
            conditions=replace(one.conditions, incubation_s=60.0 * minutes),
        )
        for one in ASSAY.simulate(ASSAY.truth, 1)
    )
    result = ASSAY.run(days, ASSAY.example_settings)
    return [flag for flag in result.flags if flag.code == "W-EQ-BIAS"]


def test_a_short_incubation_is_told_by_how_much_it_misleads():
    short = flagged(60)
    assert len(short) == 3
    for flag in short:
        assert flag.severity is Severity.NOTE
        assert 6 < flag.number < 10
        assert flag.sentence.startswith(
            "Read at 60 min the IC50 of a competitor that leaves ten times more slowly than the radioligand "
            "(half-life 433 min) is "
        )
        assert "-fold too high; that of one that leaves as fast, 1." in flag.sentence
        assert flag.sentence.endswith("measure koff of such a compound, or incubate longer.")
        assert "too low" in flag.sentence


def test_the_longer_the_smaller_and_in_the_end_nothing():
    numbers = [flagged(minutes)[0].number for minutes in (30, 60, 240, 960, 10000)]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[-1] == pytest.approx(1.0, abs=1e-3)
    assert flagged(10000)[0].severity is Severity.PASS


@pytest.mark.parametrize(
    ("minutes", "koff", "kd"), [(60, float("nan"), True), (60, KOFF, False), (float("nan"), KOFF, True)]
)
def test_without_koff_kd_or_the_time_nothing_is_said(minutes, koff, kd):
    assert {flag.severity for flag in flagged(minutes, koff, kd)} == {Severity.NOT_ASSESSED}
