"""Competition in which the sites use up radioligand or competitor, simulated: the exact Ki, and both answers told."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.core.check import Severity
from prusoff.core.estimate import Relation

TIGHT = {"ki": {"tight": 4e-10}, "receptor": 1e-9, "controls": 4}
DEPLETED = {"ki": {"weak": 1e-8}, "receptor": 0.5e-9, "controls": 4}
PLAIN = "Cheng–Prusoff Ki"


def only(result):
    (series,) = result.series
    return series


def flag(result, code):
    return next(one for one in result.flags if one.code == code)


def warned(result):
    return {one.code for one in result.flags if one.severity in (Severity.WARN, Severity.FAIL)}


def off(result, name, truth):
    return math.log10(only(result).estimate(name).value / truth)


def test_a_good_assay_keeps_the_logistic_curve(analysed):
    series = only(analysed(seed=5))
    assert series.fit.equation.name == "four_parameter_logistic"
    assert "sites in the well" not in [one.name for one in series.estimates]


def test_tight_binding_is_fitted_exactly_and_ki_and_sites_come_back(analysed):
    results = [analysed(seed=seed, **TIGHT) for seed in range(8)]
    assert {only(one).fit.equation.name for one in results} == {"tight_binding_competition"}
    assert abs(np.mean([off(one, "Ki", 4e-10) for one in results])) < 0.02
    assert np.mean([off(one, PLAIN, 4e-10) for one in results]) > 0.3
    assert abs(np.mean([off(one, "sites in the well", 1e-9) for one in results])) < 0.01
    hits = [one.pool("tight", "Ki").estimate for one in results]
    assert sum(ki.low < 4e-10 < ki.high for ki in hits) >= 6


def test_tight_binding_raises_its_own_warnings_and_the_slope_that_goes_with_it_none(analysed):
    results = [analysed(seed=seed, **TIGHT) for seed in range(8)]
    for result in results:
        assert {"W-DEP", "W-TIGHT"} <= warned(result)
        assert "The exact equilibrium, which counts that, was fitted" in flag(result, "W-TIGHT").sentence
        assert only(result).estimate("nH").value > 1.05
    hills = [flag(one, "W-HILL").severity for one in results]
    assert hills.count(Severity.WARN) <= 2  # the slope is judged against that of the exact curve
    assert any("which ligands that are used up make of 1" in flag(one, "W-HILL").sentence for one in results)


def test_depletion_alone_raises_w_dep_alone(analysed):
    result = analysed(seed=3, **DEPLETED)
    assert warned(result) == {"W-DEP"}
    assert only(result).fit.equation.name == "tight_binding_competition"


def test_both_answers_are_told_with_the_one_to_believe_and_why(analysed):
    sentence = analysed(seed=3, **TIGHT).pool("tight", "Ki").sentence
    assert "of the radioligand was bound" in sentence
    assert "so believe this Ki" in sentence
    assert "Cheng and Prusoff, who take both as free, would give" in sentence
    assert "times as much" in sentence


def test_the_exact_ki_of_a_depleted_curve_is_that_of_munson_and_rodbard(analysed):
    series = only(analysed(seed=3, **DEPLETED))
    assert series.estimate("Ki").value == pytest.approx(series.estimate("Munson–Rodbard Ki").value, rel=0.05)


def test_the_error_of_kd_reaches_the_exact_ki(analysed):
    wide, narrow = (only(analysed(seed=3, kd_log10_se=se, **DEPLETED)).estimate("Ki") for se in (0.15, 0.001))
    assert wide.value == pytest.approx(narrow.value, rel=1e-9)
    assert math.log(wide.high / wide.low) > 2 * math.log(narrow.high / narrow.low)


def test_all_days_of_a_compound_are_treated_alike(simulated, run):
    scarce, rich = simulated(1, ki={"a": 1e-8}), simulated(2, ki={"a": 1e-8}, receptor=0.5e-9)
    days = [replace(one, name=f"day {n}") for n, one in enumerate((*scarce, *rich), start=1)]
    result = run(days)
    assert {one.fit.equation.name for one in result.series} == {"tight_binding_competition"}
    assert result.pool("a", "Ki").n == 2


def test_a_compound_that_does_nothing_stays_a_compound_that_does_nothing(analysed):
    result = analysed(seed=3, **{**DEPLETED, "ki": {"nothing": 1e3}})
    assert only(result).outcome.name == "NO_RESPONSE"
    assert result.pooled == ()


def test_a_bound_stays_a_bound(analysed):
    result = analysed(seed=3, **{**DEPLETED, "ki": {"feeble": 5e-6}})
    ki = result.pool("feeble", "Ki").estimate
    assert ki.relation is Relation.ABOVE


def test_titrated_sites_give_a_bound_or_an_interval_that_holds_ki(analysed):
    for seed in range(4):
        ki = (
            analysed(seed=seed, ki={"titrant": 1e-12}, receptor=2e-9, controls=4)
            .pool("titrant", "Ki")
            .estimate
        )
        if ki.relation is Relation.BELOW:
            assert ki.value > 1e-12
        else:
            assert ki.low < 1e-12 < ki.high


def test_a_day_that_gave_only_a_bound_is_not_left_out(simulated, run):
    """Its highest concentrations are gone: that day says no more than 'above', and counts as that."""

    def early(well):
        high = well.treatment.concentration_molar > 1.5e-8
        return replace(well, set_aside="lost") if high else well

    first, second, third = simulated(5, days=3, **DEPLETED)
    cut = replace(third, wells=tuple(map(early, third.wells)))
    pooled = run((first, second, cut)).pool("weak", "Ki")
    assert pooled.n == 3
    assert [one.is_bound for one in pooled.each] == [False, False, True]
    assert pooled.estimate.value == pytest.approx(1e-8, rel=0.15)


def test_two_sites_are_no_tight_binding(simulated, run):
    """The exact law knows one site: where two are seen the converted Ki stays, and both sites are told."""

    def mixture(well):
        molar = well.treatment.concentration_molar
        left = 0.5 / (1 + molar / 1e-9) + 0.5 / (1 + molar / 1e-6)
        return replace(well, signal=900.0 + 15000.0 * left) if molar > 0 else well

    doses = tuple(10.0 ** (-10.5 + 0.5 * step) for step in range(13))
    (day,) = simulated(3, ki={"mixed": 1e-8}, receptor=0.5e-9, doses=doses)
    total = np.mean([one.signal for one in day.wells if one.treatment.role.value == "total"])
    wells = tuple(
        replace(one, signal=one.signal * total / 15900.0) if one.treatment.compound else one
        for one in map(mixture, day.wells)
    )
    series = only(run([replace(day, wells=wells)]))
    assert series.fit.equation.name == "four_parameter_logistic"
    assert "high-affinity Ki" in [one.name for one in series.estimates]


def without_efficiency(experiments):
    return [replace(one, counting=replace(one.counting, efficiency=math.nan)) for one in experiments]


def with_sites(experiments, molar):
    return [replace(one, conditions=replace(one.conditions, receptor_molar=molar)) for one in experiments]


def test_stated_sites_serve_where_counts_do_not_tell_moles(simulated, run):
    """In cpm nothing is known of depletion; the stated sites say how much is bound, and give the exact Ki."""
    errors = []
    for seed in range(6):
        blind = without_efficiency(simulated(seed, **DEPLETED))
        unknown, told = run(blind), run(with_sites(blind, 0.5e-9))
        assert flag(unknown, "W-DEP").severity is Severity.NOT_ASSESSED
        assert flag(told, "W-DEP").severity is Severity.WARN
        assert "Munson-Rodbard" in only(told).estimate("Ki").method
        errors.append((off(unknown, "Ki", 1e-8), off(told, "Ki", 1e-8)))
    plain, exact = np.mean(errors, axis=0)
    assert abs(exact) < 0.03 < plain


def test_stated_sites_that_the_wells_contradict_are_named_and_the_wells_are_believed(simulated, run):
    days = simulated(4, **TIGHT)
    result, wrong = run(days), run(with_sites(days, 0.2e-9))
    assert only(wrong).estimate("Ki").value == pytest.approx(only(result).estimate("Ki").value, rel=1e-9)
    (note,) = [one for one in wrong.notes if "are stated" in one]
    assert "the exact Ki rests on the wells" in note
    assert not [one for one in run(with_sites(days, 1.1e-9)).notes if "are stated" in one]


def test_the_order_of_wells_does_not_change_a_digit(simulated, run):
    days = simulated(4, **TIGHT)
    turned = [replace(one, wells=tuple(reversed(one.wells))) for one in days]
    here, there = (run(one).pool("tight", "Ki").estimate for one in (days, turned))
    for name in ("value", "low", "high"):
        assert getattr(there, name) == pytest.approx(getattr(here, name), rel=1e-9)
