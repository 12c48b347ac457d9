"""Every spelling that is allowed is understood, and means what it says."""

import pytest

from prusoff.core import units
from prusoff.core.errors import UnitError
from prusoff.core.kinds import KINDS, kinds_of

SPELLINGS = [(kind.name, spelling) for kind in KINDS.values() for spelling in kind.spellings]


@pytest.mark.parametrize(("kind", "spelling"), SPELLINGS)
def test_every_spelling_has_a_positive_factor(kind, spelling):
    assert units.factor(spelling, kind) > 0


@pytest.mark.parametrize(
    ("text", "kind", "inside"),
    [
        ("1.0 nM", "molar concentration", 1e-9),
        ("35.2 µM", "molar concentration", 3.52e-5),
        ("35.2 μM", "molar concentration", 3.52e-5),
        ("10 nmol/L", "molar concentration", 1e-8),
        ("80 Ci/mmol", "specific activity", 1.776e17),
        ("1 Ci", "activity", 2.22e12),
        ("2 min", "time", 120.0),
        ("42 %", "fraction", 0.42),
        ("30 ug", "mass", 3e-5),
        ("850 fmol/mg", "site density", 8.5e-10),
        ("-3 cpm", "count rate", -3.0),
        ("100 cps", "count rate", 6000.0),
    ],
)
def test_a_bench_value_is_read(text, kind, inside):
    assert units.parse(text, kind).value == pytest.approx(inside, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("10", "E-UNIT"),
        ("10 m", "E-UNIT"),
        ("1 MM", "E-UNIT"),
        ("1 nm", "E-UNIT"),
        ("1 units", "E-UNIT"),
        ("<50 nM", "E-NUMBER"),
        ("OVRFLW", "E-NUMBER"),
        ("", "E-NUMBER"),
        ("5000 M", "E-IMPLAUSIBLE"),
        ("-1 nM", "E-NEGATIVE"),
        ("1e999 nM", "E-NUMBER"),
    ],
)
def test_what_is_not_a_concentration_is_refused_with_its_place(text, code):
    with pytest.raises(UnitError) as caught:
        units.parse(text, "molar concentration", "plate.csv > row 3")
    (problem,) = caught.value.problems
    assert (problem.code, problem.where) == (code, "plate.csv > row 3")


def test_the_curie_of_the_field_is_exact():
    """1 Ci = 2.22e12 dpm; dpm per fmol = 2.22 x specific activity in Ci/mmol (motulsky, curvefit.com)."""
    assert units.to_unit(
        units.parse("82.0 Ci/mmol", "specific activity").value, "specific activity", "dpm/fmol"
    ) == (pytest.approx(182.04, rel=1e-12))


def test_activity_and_count_rate_are_different_kinds():
    assert set(kinds_of("cpm")).isdisjoint(kinds_of("dpm"))
