"""Time courses of binding that go wrong on a simulated bench: the right warning, and no constant that is not there."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.assays import catalog
from prusoff.core.check import Severity
from prusoff.core.errors import InputError, LayoutError
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.plate import Role

ASSAY = catalog["binding_kinetics"]
LIGAND = "[3H]simulated"
KON, KOFF = (ASSAY.truth[f"{name} of {LIGAND}"] for name in ("kon", "koff"))
KD = KOFF / KON


def day(seed=1, keep=None, change=None, **truth):
    """The first day of the simulated bench with another truth; `keep` chooses wells, `change` alters them."""
    named = {name.replace("_", " "): value for name, value in truth.items()}
    one = ASSAY.simulate({**ASSAY.truth, **named}, seed)[0]
    wells = [well for well in one.wells if keep is None or keep(well.treatment)]
    return replace(one, wells=tuple(wells if change is None else map(change, wells)))


def run(*days, **settings):
    return ASSAY.run(days, replace(ASSAY.example_settings, **settings))


def warned(result):
    return {one.code for one in result.flags if one.severity in (Severity.WARN, Severity.FAIL)}


def flag(result, code):
    return next(one for one in result.flags if one.code == code)


def in_association(what):
    return what.phase == "association"


def in_dissociation(what):
    return what.phase == "dissociation"


def by_chaser(what):
    return in_dissociation(what) and what.second_compound != ""


def by_dilution(what):
    return in_dissociation(what) and what.second_compound == ""


def treated(**changes):
    """A change of wells in what was put in them."""
    return lambda well: replace(well, treatment=replace(well.treatment, **changes))


@pytest.mark.parametrize(
    ("truth", "code"),
    [
        pytest.param({}, None, id="as it should be"),
        pytest.param({"association_times": 0.05}, "W-KIN-PLAT", id="association too short"),
        pytest.param({"dissociation_times": 0.25}, "W-KIN-OFF", id="dissociation too short"),
        pytest.param({"protein": 300e-6}, "W-DEP", id="label used up"),
        pytest.param({"incubation": 1800.0}, "W-KIN-EQ", id="not at equilibrium when chased"),
        pytest.param({"fast_part": 0.5, "fast_fold": 8.0}, "W-KIN-TWO", id="two phases"),
        pytest.param({"stated_Kd": 4e-9}, "W-KIN", id="another Kd stated"),
        pytest.param({"dilution_fold": 0.6}, "W-KIN-CHASE", id="slower after dilution"),
    ],
)
def test_each_fault_raises_its_own_warning_and_no_other(truth, code):
    assert warned(run(day(52, **truth))) == ({code} if code else set())


def test_label_that_is_used_up_is_followed_and_said():
    result = run(day(53, protein=300e-6))
    series = result.series[0]
    for name, truth in (("kon", KON), ("koff", KOFF), ("Kd", KD)):
        found = series.estimate(name)
        assert found.low < truth < found.high, name
    assert series.fit.equation.name == "bimolecular_association"
    assert any("used up" in note for note in result.notes)
    assert (
        flag(result, "W-KIN-LINE").severity is Severity.NOT_ASSESSED
    )  # no one rate where the label runs out


def test_as_if_it_were_not_used_up_the_constants_would_be_wrong():
    """Added label taken for free: kon comes out too small, so the fit of the whole reaction is worth its trouble."""
    known = run(day(52, protein=300e-6)).series[0].estimate("kon")
    blind = day(52, protein=300e-6)
    unknown = replace(blind, counting=replace(blind.counting, efficiency=math.nan))
    taken = run(unknown).series[0].estimate("kon")
    assert abs(math.log10(taken.value / KON)) > 2 * abs(math.log10(known.value / KON))
    assert any("taken as added" in note for note in run(unknown).notes)


def test_two_phases_are_given_and_one_koff_is_called_a_compromise():
    result = run(day(52, fast_part=0.5, fast_fold=8.0))
    series = result.series[0]
    fast, slow = (series.estimate(f"{name} dissociation rate") for name in ("fast", "slow"))
    assert fast.low < 8 * KOFF < fast.high
    assert slow.low < KOFF < slow.high
    assert 30 < series.estimate("part that leaves fast").value < 70
    assert series.estimate("koff").relation is Relation.ABOUT
    assert any("compromise" in note for note in result.notes)
    assert not {"fast dissociation rate"} & {one.name for one in run(day(52)).series[0].estimates}


def test_a_chase_before_equilibrium_does_not_bias_the_constants():
    series = run(day(52, incubation=1800.0)).series[0]
    assert series.estimate("koff").low < KOFF < series.estimate("koff").high
    assert series.estimate("kon").low < KON < series.estimate("kon").high


def test_the_ratio_of_two_chases_is_given_with_its_sentence():
    days = ASSAY.simulate({**ASSAY.truth, "dilution fold": 0.6}, 52)
    (ratio,) = run(*days).ratios
    assert ratio.estimate.low < 0.6 < ratio.estimate.high < 1.0
    assert "below 1" in ratio.sentence
    assert (ratio.subject, ratio.reference) == (f"{LIGAND}, diluted", f"{LIGAND}, 10 µM unlabelled")


def test_association_alone_at_several_concentrations_gives_all_constants():
    result = run(day(3, in_association))
    series = result.series[0]
    for name, truth in (("kon", KON), ("koff", KOFF), ("Kd", KD)):
        assert series.estimate(name).low < truth < series.estimate(name).high, name
    assert flag(result, "W-KIN-OFF").severity is Severity.NOT_ASSESSED
    assert not result.ratios


def test_one_concentration_followed_in_both_phases_gives_all_constants():
    result = run(day(3, lambda what: what.radioligand_molar == 2e-9 and not by_dilution(what)))
    series = result.series[0]
    assert series.outcome.usable
    for name, truth in (("kon", KON), ("koff", KOFF), ("Kd", KD)):
        assert series.estimate(name).low < truth < series.estimate(name).high, name
    assert len(result.series) == 1  # no line of observed rates


def test_one_concentration_without_dissociation_gives_its_observed_rate_only():
    result = run(day(3, lambda what: in_association(what) and what.radioligand_molar == 2e-9))
    (series,) = result.series
    assert series.outcome is Outcome.FAILED
    assert "cannot be told apart" in series.reason
    (kobs,) = series.estimates
    assert kobs.name == "kobs"
    assert kobs.low < KON * 2e-9 + KOFF < kobs.high
    assert result.pooled == ()


@pytest.mark.parametrize("chase", [by_chaser, by_dilution])
def test_dissociation_alone_gives_koff_and_no_kon(chase):
    result = run(day(3, chase))
    series = result.series[0]
    koff = series.estimate("koff")
    assert koff.low < KOFF < koff.high
    assert not {"kon", "Kd"} & {one.name for one in series.estimates}
    assert series.estimate("residence time").value == pytest.approx(1 / koff.value)
    assert any("no association" in note for note in result.notes)
    assert [one.estimate.name for one in result.pooled] == ["koff", "half-life", "residence time"]


def test_dilution_as_the_only_chase_gives_all_constants():
    series = run(day(3, lambda what: in_association(what) or by_dilution(what))).series[0]
    for name, truth in (("kon", KON), ("koff", KOFF), ("Kd", KD)):
        assert series.estimate(name).low < truth < series.estimate(name).high, name


def test_where_the_intercept_may_be_zero_koff_comes_from_the_dissociation():
    slow = {f"koff of {LIGAND}": KOFF / 40}
    one = ASSAY.simulate({**ASSAY.truth, **slow}, 4)[0]
    result = run(one)
    assert flag(result, "W-KIN-ZERO").severity is Severity.NOTE
    series = result.series[0]
    of_line = series.estimate("Kd (line)")
    assert "koff of the dissociation" in of_line.method
    assert of_line.value == pytest.approx(
        series.estimate("dissociation rate after 10 µM unlabelled").value
        / series.estimate("kon (line)").value
    )
    assert any("may be zero" in note for note in result.notes)


def levelling_off(well):
    """Wells in arbitrary units whose observed rate is a hyperbola of the label: a fast step, then a change of shape."""
    what = well.treatment
    ligand, rng = (
        what.radioligand_molar,
        np.random.default_rng(int(what.time_s) + sum(map(ord, well.position))),
    )
    rate = 2e-4 + 2e-3 * ligand / (8e-10 + ligand)
    bound = 900 * ligand / (ligand + 8e-10) * -math.expm1(-rate * what.time_s)
    signal = (bound if what.role is Role.TOTAL else 0.0) + 2e10 * ligand
    return replace(well, unit="signal", signal=signal * (1 + 0.02 * rng.standard_normal()))


def test_observed_rates_that_level_off_are_no_single_step():
    result = run(day(3, in_association, levelling_off))
    found = flag(result, "W-KIN-LINE")
    assert found.severity is Severity.WARN
    assert "induced fit" in found.sentence
    assert result.series[1].comparisons[0].preferred == "Observed rate, induced fit"


def test_wells_that_show_no_sites_give_no_constants():
    result = run(day(50, sites=1e-14))
    assert not result.series[0].outcome.usable
    assert result.series[0].estimates == result.pooled == ()
    assert flag(result, "W-OUT").severity is Severity.FAIL


def test_a_counter_that_reads_one_number_gives_no_constants():
    result = run(day(1, change=lambda well: replace(well, signal=500.0)))
    assert result.series[0].outcome is Outcome.FAILED
    assert "read the same" in result.series[0].reason


def test_a_phase_that_is_not_stated_is_association_and_is_said():
    result = run(day(3, in_association, treated(phase="")))
    assert result.series[0].outcome.usable
    assert any("without a phase" in note for note in result.notes)


def test_too_few_times_are_refused_in_words():
    result = run(day(3, lambda what: what.time_s in (120.0, 300.0, 600.0)))
    assert "at 3 times of a phase; at least 4 are needed" in result.series[0].reason


@pytest.mark.parametrize(
    ("change", "settings", "words"),
    [
        pytest.param(treated(time_s=math.nan), {}, "162 wells have no time", id="times"),
        pytest.param(treated(phase="wash"), {}, "have a phase that is not known", id="phase"),
        pytest.param(treated(), {"dilution": 0.0}, "no dilution is stated", id="dilution"),
        pytest.param(
            treated(phase="association", second_compound="other"), {}, "are not in dissociation", id="chaser"
        ),
        pytest.param(treated(), {"target_fraction": 97.0}, "not between 0 and 1", id="fraction"),
    ],
)
def test_what_is_missing_is_refused_with_what_to_do(change, settings, words):
    with pytest.raises(InputError, match=words) as refused:
        run(day(1, change=change), **settings)
    assert all(problem.fix for problem in refused.value.problems)


def test_a_chase_without_the_incubation_before_it_is_refused():
    one = day(1)
    without = replace(one, conditions=replace(one.conditions, incubation_s=math.nan))
    with pytest.raises(LayoutError, match="how long the label was bound before it is not stated"):
        run(without)


def test_wells_without_label_concentration_are_refused_all_faults_at_once():
    one = day(1, change=treated(radioligand_molar=math.nan, time_s=math.nan))
    bare = replace(one, added=replace(one.added, planned_molar=math.nan, aliquot_rates_cpm=()))
    with pytest.raises(LayoutError) as refused:
        run(bare, replace(bare, name="day 2"))
    found = [(problem.where, problem.code) for problem in refused.value.problems]
    assert found == [(day, code) for day in ("day 1", "day 2") for code in ("E-TIME", "E-CONCENTRATION")]


def test_a_well_set_aside_is_drawn_and_not_read():
    one = day(1)
    wells = (replace(one.wells[0], set_aside="filter torn", signal=1e6), *one.wells[1:])
    result = run(replace(one, wells=wells))
    drawn = next(points for points in result.series[0].points if not all(points.used))
    assert drawn.label == "association: 0.3 nM"
    assert result.series[0].estimate("Kd").low < KD < result.series[0].estimate("Kd").high
