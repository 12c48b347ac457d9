import pytest

from prusoff.core.errors import UnitError, UnknownName
from prusoff.workbench.conversion import convert


@pytest.mark.parametrize(
    ("value", "unit", "to", "given", "expected"),
    [
        (10, "ng/mL", "nM", {"molar mass": "300 g/mol"}, 33.3333333333333),
        (80, "Ci/mmol", "Bq/fmol", {}, 2.96),
        (80, "Ci/mmol", "dpm/fmol", {}, 177.6),
        (1, "mCi", "dpm", {}, 2.22e9),
        (5000, "cpm", "fmol", {"efficiency": "42 %", "specific activity": "80 Ci/mmol"}, 67.0313170313),
        (36250, "dpm", "nM", {"specific activity": "80.4 Ci/mmol", "volume": "200 uL"}, 1.01547442965),
    ],
)
def test_a_value_becomes_another_unit(value, unit, to, given, expected):
    assert convert(value, unit, to, given) == pytest.approx(expected, rel=1e-9)


def test_counts_never_become_disintegrations_without_an_efficiency():
    with pytest.raises(UnitError, match="Give the efficiency"):
        convert(5000, "cpm", "dpm")


def test_what_is_missing_is_named():
    with pytest.raises(UnitError, match="Give the molar mass"):
        convert(10, "ng/mL", "nM")


def test_different_kinds_are_refused():
    with pytest.raises(UnitError, match="different kinds of quantity"):
        convert(5, "mg", "h")


def test_a_unit_that_looks_right_is_refused():
    with pytest.raises(UnitError, match="Did you mean"):
        convert(1, "nm", "nM")


def test_all_wrong_constants_are_named_at_once():
    with pytest.raises(UnitError) as caught:
        convert(1, "cpm", "fmol", {"efficiency": "0 %", "specific activity": "80"})
    assert [problem.code for problem in caught.value.problems] == ["E-ZERO", "E-UNIT"]
    with pytest.raises(UnknownName, match="Did you mean 'efficiency'"):
        convert(1, "cpm", "dpm", {"eficiency": "40 %"})
