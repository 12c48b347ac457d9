"""Agonist assays that go wrong on a simulated bench: how they end, in which words, and which check says so."""

from dataclasses import replace

import pytest

from prusoff.assays import catalog
from prusoff.assays._functional.bench import LOWEST, experiments, simulate
from prusoff.core.check import Severity
from prusoff.core.errors import InputError, LayoutError
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.plate import Role
from prusoff.simulation.response import Agonist

ASSAY = catalog["functional_response"]
FULL = Agonist(5e-9, 0.98)


def run(wells, **settings):
    return ASSAY.run(tuple(wells), ASSAY.settings(**{"reference": "full", **settings}))


def bench(agonists, seed=1, days=1, lowest=None, **settings):
    return run(experiments({"full": FULL, **agonists}, seed, {**LOWEST, **(lowest or {})}, days), **settings)


def changed(change, days=1):
    return run(replace(one, wells=tuple(map(change, one.wells))) for one in simulate(ASSAY.truth, 1)[:days])


def raised(result):
    return {flag.code for flag in result.flags if flag.severity in (Severity.WARN, Severity.FAIL)}


def ratio(result, name, subject):
    return next(one for one in result.ratios if (one.name, one.subject) == (name, subject))


def only(result, subject):
    return next(one for one in result.series if one.subject == subject)


def test_nothing_is_wrong_to_begin_with():
    result = bench({"partial": Agonist(3e-8, 0.45)}, days=3)
    assert raised(result) == set()
    assert {one.outcome for one in result.series} == {Outcome.OK}


def test_ratios_come_back_with_their_intervals():
    result = run(simulate(ASSAY.truth, 4))
    weak = ratio(result, "fold potency", "weak").estimate
    assert weak.low < 5e-9 / 4e-7 < weak.high
    for name, emax, ec50 in (("partial", 0.45, 3e-8), ("weak", 0.97, 4e-7)):
        activity = ratio(result, "relative activity", name)
        assert activity.reference == "full"
        assert activity.estimate.low < (emax / ec50) / (0.98 / 5e-9) < activity.estimate.high
        assert activity.sentence.startswith(f"tau/KA of {name} over tau/KA of full")


def test_a_partial_agonist_has_no_fold_potency_and_a_note_says_why():
    result = run(simulate(ASSAY.truth, 4))
    assert not any((one.name, one.subject) == ("fold potency", "partial") for one in result.ratios)
    assert any(note.startswith("partial has no fold potency") for note in result.notes)
    notes = {one.subject for one in result.flags if one.code == "W-POT" and one.severity is Severity.NOTE}
    assert notes == {"partial, day 1", "partial, day 2", "partial, day 3"}


def test_an_agonist_too_weak_for_the_concentrations_has_a_bound_and_no_maximum():
    result = bench({"weak": Agonist(3e-4)}, lowest={"weak": -8.0}, days=2)
    weak = only(result, "weak")
    assert weak.outcome is Outcome.CENSORED
    assert weak.estimate("EC50").relation is Relation.ABOVE
    assert weak.estimate("EC50").value <= 1e-4 * (1 + 1e-9)
    assert {one.name for one in weak.estimates} == {"EC50", "pEC50", "effect at the highest concentration"}
    assert result.pool("weak", "EC50").estimate.relation is Relation.ABOVE
    assert not any(one.subject == "weak" for one in result.ratios)
    assert raised(result) == set()


def test_a_curve_that_stops_on_its_way_up_says_that_its_maximum_is_extrapolated():
    result = bench({"partial": Agonist(1.2e-7)}, seed=2, lowest={"partial": -10.5})
    assert only(result, "partial").outcome in (Outcome.OK, Outcome.FLAGGED)
    assert raised(result) == {"W-ENDS"}


def test_a_compound_that_does_nothing_has_no_response_and_the_others_are_not_touched():
    alone, beside = bench({}), bench({"partial": Agonist(1.0)})
    silent = only(beside, "partial")
    assert silent.outcome is Outcome.NO_RESPONSE
    assert silent.estimates == ()
    assert only(beside, "full").estimate("EC50").value == pytest.approx(
        only(alone, "full").estimate("EC50").value, rel=0.15
    )
    assert raised(beside) == set()


def test_a_reference_without_a_response_leaves_nothing_relative():
    def change(well):
        what = well.treatment
        return replace(well, signal=1600.0 + 40.0 * (hash_of(well) % 5)) if what.compound == "full" else well

    result = changed(change)
    assert "W-REF" in raised(result)
    assert result.ratios == ()
    assert not any(one.estimate.name == "relative Emax" for one in result.pooled)
    assert result.pool("partial", "EC50").estimate.value == pytest.approx(3e-8, rel=0.3)


def hash_of(well):
    return sum(map(ord, well.position))


def test_a_curve_that_falls_again_is_told():
    def change(well):
        top = well.treatment.compound == "full" and well.treatment.concentration_molar > 9e-7
        return replace(well, signal=0.5 * well.signal) if top else well

    assert "W-HOOK" in raised(changed(change))


def test_an_inverse_agonist_keeps_its_ec50_and_is_not_set_against_the_reference():
    def change(well):
        what = well.treatment
        if what.compound != "partial":
            return replace(well, signal=well.signal + 9000.0) if what.role is not Role.BLANK else well
        return replace(well, signal=12000.0 - well.signal)

    result = changed(change)
    series = only(result, "partial")
    assert series.outcome is Outcome.FLAGGED
    assert "inverse agonist" in series.reason
    assert series.estimate("EC50").value == pytest.approx(3e-8, rel=0.5)
    assert series.estimate("Emax").value < 0
    assert not any(one.subject == "partial" for one in result.ratios)


def test_slope_one_is_held_where_asked():
    result = run(simulate(ASSAY.truth, 1)[:1], hill_slope="one")
    assert all("hill_slope" in one.fit.fixed for one in result.series)
    assert any("slope 1" in step.sentence for step in result.steps)


def test_without_a_reference_nothing_is_relative_and_a_note_says_how():
    result = run(simulate(ASSAY.truth, 1)[:1], reference="")
    assert result.ratios == ()
    assert {one.estimate.name for one in result.pooled} == {"EC50"}
    assert any("write reference" in note for note in result.notes)


def test_a_reference_that_was_not_tested_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match="Did you mean 'full'"):
        run(simulate(ASSAY.truth, 1)[:1], reference="ful")


def test_no_vehicle_and_too_few_concentrations():
    (day,) = simulate(ASSAY.truth, 1)[:1]
    without = tuple(
        replace(well, set_aside="spilled") if well.treatment.role is Role.TOTAL else well
        for well in day.wells
    )
    with pytest.raises(LayoutError, match="no vehicle wells"):
        run([replace(day, wells=without)])
    few = tuple(
        replace(well, set_aside="spilled")
        if well.treatment.compound == "weak" and well.treatment.concentration_molar > 2e-8
        else well
        for well in day.wells
    )
    result = run([replace(day, wells=few)])
    assert only(result, "weak").outcome is Outcome.FAILED
    assert "2 concentrations make no curve" in only(result, "weak").reason
    assert raised(result) == {"W-OUT"}


def test_wells_of_other_roles_are_set_aside_with_a_reason():
    def change(well):
        return (
            replace(well, treatment=replace(well.treatment, role=Role.NSB))
            if well.position == "A01"
            else well
        )

    result = changed(change)
    assert [well.set_aside for well in result.experiments[0].wells if not well.used] == [
        "the role 'nsb' has no meaning in a functional assay"
    ]


def test_a_dead_counter_is_told():
    result = changed(lambda well: replace(well, signal=7.0))
    assert {one.outcome for one in result.series} == {Outcome.FAILED}
    assert result.pooled == ()
