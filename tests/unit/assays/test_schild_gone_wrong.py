"""Antagonist assays that go wrong on a simulated bench: how they end, in which words, and which check says so."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.assays import catalog
from prusoff.assays._schild.bench import AGONIST, ANTAGONIST, LEVELS, experiments, simulate
from prusoff.core.check import Severity
from prusoff.core.errors import InputError, LayoutError
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.headline import headlines
from prusoff.core.plate import FORMATS, Role, Treatment, Well
from prusoff.simulation.response import Agonist, Antagonist, Cells, Responses, count_responses

ASSAY = catalog["schild"]
KB, EC50 = 4e-9, 3e-9
WIDE = (0.0, 3e-9, 3e-8, 3e-7, 3e-6)


def run(wells, **settings):
    return ASSAY.run(tuple(wells), ASSAY.settings(**settings))


def bench(antagonist, seed=1, agonist=None, **plan):
    return run(experiments(agonist or Agonist(EC50), antagonist, seed, **plan))


def raised(result):
    """The checks that warn or fail."""
    return {flag.code for flag in result.flags if flag.severity in (Severity.WARN, Severity.FAIL)}


def curves(result):
    return [one for one in result.series if one.y_label.startswith("response")]


def changed(change):
    return run(replace(one, wells=tuple(map(change, one.wells))) for one in simulate(ASSAY.truth, 1))


def test_nothing_is_wrong_to_begin_with():
    result = bench(Antagonist(KB))
    assert raised(result) == set()
    assert {one.outcome for one in curves(result)} == {Outcome.OK}
    kb = result.pool(ANTAGONIST, "KB")
    assert kb.estimate.low < KB < kb.estimate.high
    assert kb.p_estimate.value == pytest.approx(-math.log10(kb.estimate.value))
    (line,) = headlines(result)
    assert line.estimate.name == "KB"


def test_the_schild_line_stands_beside_the_global_fit():
    result = bench(Antagonist(KB))
    lines = [one for one in result.series if one.y_label.startswith("log10")]
    assert [one.experiment for one in lines] == ["day 1", "day 2", "day 3"]
    for one in lines:
        assert one.estimate("pA2 (regression)").value == pytest.approx(-math.log10(KB), abs=0.15)
        assert {band.label for band in one.bands} == {"regression", "slope 1 through KB of the global fit"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_antagonist_that_was_not_equilibrated_has_a_slope_above_one_and_no_kb(seed):
    result = bench(Antagonist(KB, equilibration=0.15), seed)
    assert raised(result) == {"W-SCHILD"}
    slope = result.pool(ANTAGONIST, "Schild slope").estimate
    assert slope.low > 1.2
    names = {one.estimate.name for one in result.pooled}
    assert names == {"A2", "Schild slope"}
    (flag,) = (one for one in result.flags if one.code == "W-SCHILD")
    assert "incubate longer" in flag.sentence
    assert {one.outcome for one in curves(result)} == {Outcome.FLAGGED}
    a2 = result.pool(ANTAGONIST, "A2").p_estimate
    assert a2.name == "pA2"
    assert a2.value < -math.log10(KB)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_insurmountable_antagonist_is_told_by_the_law_that_takes_receptors_away(seed):
    taken = 2e-8
    result = bench(Antagonist(taken_kb_molar=taken), seed, Agonist(EC50, 0.9))
    assert raised(result) == {"W-DEPRESS"}
    pooled = result.pool(ANTAGONIST, "KB (noncompetitive)").estimate
    assert pooled.value == pytest.approx(taken, rel=0.15)
    assert not any(one.estimate.name == "KB" for one in result.pooled)
    assert not any(one.y_label.startswith("log10") for one in result.series)
    assert any("noncompetitive antagonism has the lowest AICc" in note for note in result.notes)
    for series in result.series:
        _, efficacy = series.comparisons
        assert efficacy.simple.startswith("Operational model of allosterism (log_alpha = 0, log_beta = -6")
        assert efficacy.p > 1e-4


def test_a_modulator_whose_effect_saturates_is_told_by_the_allosteric_shift():
    result = bench(Antagonist(KB, alpha=0.05), levels=WIDE)
    assert raised(result) == {"W-SCHILD"}
    assert result.pool(ANTAGONIST, "KB (allosteric)").estimate.value == pytest.approx(KB, rel=0.25)
    assert curves(result)[0].estimate("alpha").value == pytest.approx(0.05, rel=0.15)


def test_a_modulator_that_enhances_the_agonist_is_no_antagonist():
    result = bench(Antagonist(KB, alpha=12.0), agonist=Agonist(3e-8), levels=WIDE)
    assert raised(result) == {"W-SHIFT"}
    assert result.pool(ANTAGONIST, "KB (allosteric)").estimate.value == pytest.approx(KB, rel=0.25)
    assert curves(result)[0].estimate("alpha").value == pytest.approx(12.0, rel=0.15)
    assert any("enhances the agonist" in note for note in result.notes)


def test_one_antagonist_concentration_gives_kb_as_if_the_slope_were_one_and_says_so():
    result = bench(Antagonist(KB), levels=(0.0, 3e-8))
    assert raised(result) == {"W-LEVELS"}
    assert result.pool(ANTAGONIST, "KB").estimate.value == pytest.approx(KB, rel=0.15)
    assert {one.outcome for one in result.series} == {Outcome.FLAGGED}
    assert {one.reason for one in result.series} == {
        "One antagonist concentration: KB is told as if the Schild slope were 1."
    }
    assert [one.estimate.name for one in result.pooled] == ["KB"]


@pytest.mark.parametrize("kb", [math.inf, 2e-7])
def test_an_antagonist_that_hardly_moves_the_curve_has_a_bound(kb):
    result = bench(Antagonist(kb))
    assert raised(result) == {"W-SHIFT"}
    found = result.pool(ANTAGONIST, "KB")
    assert found.estimate.relation is Relation.ABOVE
    assert found.estimate.value <= LEVELS[-1] * (1 + 1e-9)
    assert found.p_estimate.relation is Relation.BELOW
    assert {one.outcome for one in curves(result)} == {Outcome.CENSORED}
    assert not any(one.estimate.name == "Schild slope" for one in result.pooled)


def test_without_a_response_to_the_agonist_nothing_is_told():
    result = bench(Antagonist(KB), agonist=Agonist(1e-2))
    assert {one.outcome for one in result.series} == {Outcome.NO_RESPONSE}
    assert result.pooled == ()
    assert raised(result) <= {"W-Z"}
    (line,) = headlines(result)
    assert line.text == "no response"


def test_an_antagonist_varied_beside_one_agonist_concentration_has_the_kb_of_leff_and_dougall():
    rng, dose = np.random.default_rng(5), 1e-8
    truth = Responses({AGONIST: Agonist(EC50)}, {ANTAGONIST: Antagonist(KB)})
    agonist = [Treatment(Role.COMPOUND, AGONIST, 10.0 ** (-10 + 0.5 * step)) for step in range(9)]
    blocked = [
        Treatment(
            Role.COMPOUND, AGONIST, dose, second_compound=ANTAGONIST, second_molar=10.0 ** (-9.5 + 0.5 * step)
        )
        for step in range(9)
    ]
    treatments = [*(agonist * 3), *(blocked * 3), *[Treatment(Role.TOTAL)] * 6]
    counts = count_responses(treatments, truth, Cells(), rng)
    (day,) = simulate(ASSAY.truth, 1)[:1]
    wells = tuple(
        Well(day.name, "plate 1", place, what, float(count), "RLU")
        for place, what, count in zip(FORMATS[96].positions(), treatments, counts, strict=False)
    )
    result = run([replace(day, wells=wells)])
    (series,) = result.series
    kb, converted = (series.estimate(name) for name in ("KB", "KB (Leff–Dougall)"))
    for one in (kb, converted):
        assert one.low < KB < one.high
    assert converted.value == pytest.approx(kb.value, rel=0.15)
    assert series.estimate("IC50 at 10 nM agonist").value == pytest.approx(KB * (1 + dose / EC50), rel=0.15)
    assert raised(result) == set()


def test_a_bad_antagonist_does_not_touch_a_good_one():
    (day,) = simulate(ASSAY.truth, 1)[:1]
    alone = run([day])

    def moved(well):
        what = replace(well.treatment, second_compound="dud")
        return replace(well, plate="plate 2", treatment=what, signal=5000.0)

    second = [
        replace(well, plate="plate 2") if not well.treatment.second_compound else moved(well)
        for well in day.wells
    ]
    both = run([replace(day, wells=(*day.wells, *second))])
    assert both.subjects == (ANTAGONIST, "dud")
    assert both.pool(ANTAGONIST, "KB").estimate.value == pytest.approx(
        alone.pool(ANTAGONIST, "KB").estimate.value, rel=0.02
    )
    assert both.rows == (2 * len(day.wells), 2 * len(day.wells), 0)


def test_wells_that_are_not_read_are_set_aside_with_a_reason():
    def change(well):
        if well.position == "A01":
            return replace(well, treatment=Treatment(Role.NSB))
        if well.position == "A02":
            return replace(well, treatment=Treatment(Role.COMPOUND, "other", 1e-8))
        return well

    result = changed(change)
    reasons = {well.position: well.set_aside for well in result.experiments[0].wells if not well.used}
    assert reasons == {
        "A01": "the role 'nsb' has no meaning in a functional assay",
        "A02": "'other' was not combined with an antagonist",
    }


def test_a_dead_counter_is_told():
    result = changed(lambda well: replace(well, signal=100.0))
    assert {one.outcome for one in result.series} == {Outcome.FAILED}
    assert "All wells read the same" in result.series[0].reason
    assert raised(result) == {"W-OUT", "W-Z"}


def test_without_the_agonist_alone_there_is_no_dose_ratio():
    result = changed(
        lambda well: (
            replace(well, set_aside="spilled")
            if well.treatment.role is Role.COMPOUND and not well.treatment.second_compound
            else well
        )
    )
    assert {one.outcome for one in result.series} == {Outcome.FAILED}
    assert "without antagonist" in result.series[0].reason


def test_antagonist_wells_without_a_concentration_are_refused_all_at_once():
    (day,) = simulate(ASSAY.truth, 1)[:1]
    wells = tuple(
        replace(well, treatment=replace(well.treatment, second_molar=math.nan))
        if well.treatment.second_compound
        else well
        for well in day.wells
    )
    with pytest.raises(InputError) as refused:
        run([replace(day, wells=wells)])
    assert len(refused.value.problems) == 72
    assert refused.value.problems[0].code == "E-CONCENTRATION"
    assert "second_conc" in refused.value.problems[0].fix


def test_a_run_without_antagonist_and_one_without_vehicle_are_refused():
    (day,) = simulate(ASSAY.truth, 1)[:1]
    alone = tuple(
        replace(well, treatment=replace(well.treatment, second_compound="", second_molar=math.nan))
        for well in day.wells
    )
    with pytest.raises(LayoutError, match="functional_response"):
        run([replace(day, wells=alone)])
    without = tuple(
        replace(well, set_aside="spilled") if well.treatment.role is Role.TOTAL else well
        for well in day.wells
    )
    with pytest.raises(LayoutError, match="no vehicle wells"):
        run([replace(day, wells=without)])
    with pytest.raises(InputError, match="confidence level"):
        run([day], level=95.0)


def test_two_receptors_of_a_panel_are_told_apart_in_values_and_checks():
    both = []
    for target, kb in (("M2", 4e-9), ("M3", 4e-8)):
        for day in experiments(Agonist(EC50), Antagonist(kb), 3, levels=WIDE, days=2):
            name = f"{day.name}, {target}"
            wells = tuple(replace(well, experiment=name) for well in day.wells)
            conditions = replace(day.conditions, target=target)
            both.append(replace(day, name=name, member=target, wells=wells, conditions=conditions))
    result = run(both)
    for target, kb in (("M2", 4e-9), ("M3", 4e-8)):
        assert result.pool(f"{ANTAGONIST} at {target}", "KB").estimate.value == pytest.approx(kb, rel=0.25)
    over_days = {flag.subject for flag in result.flags if flag.code == "W-SCHILD"}
    assert over_days == {f"{ANTAGONIST} at M2", f"{ANTAGONIST} at M3"}
