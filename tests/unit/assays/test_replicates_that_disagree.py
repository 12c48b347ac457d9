"""Wells that were treated alike: odd ones are named with their wells and kept; honest scatter is not called odd."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.core.check import Severity


def flag(result, code):
    return next(one for one in result.flags if one.code == code)


def mixed_units(well):
    """A dose of 10 nM that is pipetted as 10 µM in one of its wells."""
    return replace(well, signal=300.0) if well.position == "A05" else well


@pytest.mark.parametrize("unit", ["counts", "signal"])
def test_an_odd_well_is_named_with_its_mates_and_kept(analysed, unit):
    result = analysed(change=lambda well: replace(mixed_units(well), unit=unit))
    odd = flag(result, "W-REP")
    assert (odd.severity, odd.limit) == (Severity.WARN, 0.001)
    assert odd.number < 1e-6
    assert "good 0.316 nM (plate 1 A04, A05, A06)" in odd.sentence
    assert result.rows == (36, 36, 0)


def test_several_odd_sets_do_not_hide_one_another(analysed):
    def half(well):
        column = int(well.position[1:])
        return (
            replace(well, signal=well.signal / 5) if column in (1, 4, 7) and well.position[0] == "A" else well
        )

    odd = flag(analysed(change=half), "W-REP")
    assert odd.severity is Severity.WARN
    assert odd.sentence.count("plate 1") == 3


def test_honest_replicates_are_not_odd(analysed):
    found = [flag(analysed(seed=seed), "W-REP").severity for seed in range(40, 60)]
    assert set(found) == {Severity.PASS}


def test_a_pipetting_error_stated_too_small_makes_no_set_odd(simulated, run):
    for seed in range(5):
        (day,) = simulated(seed, cv=0.08)
        result = run((replace(day, counting=replace(day.counting, pipetting_cv=0.01)),))
        assert flag(result, "W-REP").severity is Severity.PASS
        assert flag(result, "W-DISP").severity is Severity.NOTE


def test_dispersion_is_asked_of_all_replicates(analysed):
    found = flag(analysed(), "W-DISP")
    assert "36 wells in 12 sets of replicates" in found.sentence
    assert 0 <= found.number <= 1
    assert found.limit == 0.01


def test_poisson_alone_passes(analysed):
    rng = np.random.default_rng(0)

    def poisson(well):
        molar = well.treatment.concentration_molar
        share = {"total": 1.0, "nsb": 0.0}.get(well.treatment.role.value, 1 / (1 + molar / 2e-8))
        return replace(well, signal=float(rng.poisson(300 + 2700 * share)))

    found = [flag(analysed(change=poisson), "W-DISP") for _ in range(6)]
    assert sum(one.severity is Severity.PASS for one in found) >= 5
    assert np.median([one.number for one in found]) > 0.1


def test_without_replicates_nothing_is_said(analysed):
    result = analysed(replicates=1, controls=1)
    assert {flag(result, code).severity for code in ("W-REP", "W-DISP")} == {Severity.NOT_ASSESSED}


def test_a_single_set_needs_the_counter(analysed):
    result = analysed(replicates=1, controls=1, change=lambda well: replace(well, unit="signal"))
    assert math.isnan(result.plates[0].total_sd)
    assert flag(result, "W-REP").severity is Severity.NOT_ASSESSED
