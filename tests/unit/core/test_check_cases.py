"""Flags of one code told together: the gravest case stands for them."""

import pytest

from prusoff.core.check import Flag, Severity, cases


def flag(subject, number, code="W-TIGHT", severity=Severity.WARN, sense="at most"):
    return Flag(code, severity, "", subject, number, 0.1, sense=sense)


@pytest.mark.parametrize(
    ("sense", "numbers", "worst"),
    [
        ("at most", (0.2, 1.9, 0.3), "second"),
        ("at least", (0.2, 0.01, 0.3), "second"),
        ("within", (0.2, -0.5, 0.3), "second"),
        ("", (0.2, 0.5, 0.3), "first"),
        ("at most", (None, 0.2, 0.1), "second"),
    ],
)
def test_the_worst_of_a_code_stands_for_all(sense, numbers, worst):
    flags = [
        flag(name, one, sense=sense) for name, one in zip(("first", "second", "third"), numbers, strict=True)
    ]
    (found,) = cases(flags)
    assert found.worst.subject == worst
    assert found.subject == f"{worst} and 2 more"
    assert set(found.flags) == set(flags)


def test_verdicts_and_codes_are_told_apart_the_gravest_first():
    flags = [
        flag("a", 1.0),
        flag("b", 2.0, severity=Severity.FAIL),
        flag("", 3.0, code="W-DEP"),
        flag("c", 0.5),
    ]
    assert [(one.worst.code, one.subject) for one in cases(flags)] == [
        ("W-TIGHT", "b"),
        ("W-TIGHT", "a and 1 more"),
        ("W-DEP", "the run"),
    ]
