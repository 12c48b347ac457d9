"""Dissociation with modulators done wrong: the right check speaks, no other, and nothing is invented."""

import math
from dataclasses import replace

import pytest

from prusoff.assays.dissociation_rate import Settings, dissociation_rate
from prusoff.core.check import Severity
from prusoff.core.errors import PrusoffError
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.plate import Role

TRUTH = dissociation_rate.truth


def simulated(seed=3, **truth):
    return dissociation_rate.simulate({**TRUTH, **truth}, seed)


def analysed(experiments):
    return dissociation_rate.run(tuple(experiments), Settings())


def changed(experiments, treat):
    """The same wells, with `treat(treatment)` in place of what was put in them; None takes a well away."""
    found = []
    for one in experiments:
        wells = [(well, treat(well.treatment)) for well in one.wells]
        kept = tuple(replace(well, treatment=what) for well, what in wells if what is not None)
        found.append(replace(one, wells=kept))
    return found


def warnings(result):
    return {flag.code for flag in result.flags if flag.severity in (Severity.WARN, Severity.FAIL)}


def first_series(result, subject="S-modulator"):
    return next(one for one in result.series if one.subject == subject)


def test_a_good_experiment_warns_of_nothing():
    assert warnings(analysed(simulated())) == set()


def test_a_chase_with_the_drug_that_is_the_label_warns():
    def chased(what):
        return replace(what, second_compound="simulated", second_molar=1e-5)

    result = analysed(changed(simulated(), chased))
    assert warnings(result) == {"W-ALLO-CHASE"}
    (sentence,) = {flag.sentence for flag in result.flags if flag.severity is Severity.WARN}
    assert "by dilution" in sentence
    assert any("an excess of simulated" in step.sentence for step in result.steps)


def test_a_chase_with_the_modulator_itself_warns_for_that_modulator_alone():
    def chased(what):
        return replace(what, second_compound="R-modulator", second_molar=1e-4)

    result = analysed(changed(simulated(), chased))
    warned = {flag.subject.split(",")[0] for flag in result.flags if flag.severity is Severity.WARN}
    assert warnings(result) == {"W-ALLO-CHASE"}
    assert warned == {"R-modulator"}


def test_a_chase_with_another_inhibitor_is_no_fault():
    def chased(what):
        return replace(what, second_compound="paroxetine", second_molar=1e-5)

    assert warnings(analysed(changed(simulated(), chased))) == set()


def test_dissociation_that_was_not_followed_to_its_end_warns():
    assert warnings(analysed(simulated(minutes=0.25))) == {"W-KIN-OFF"}


def test_an_ec50_at_the_end_of_the_range_warns():
    result = analysed(simulated(**{"EC50 of S-modulator": 1.6e-4}))
    assert warnings(result) == {"W-ALLO-RANGE"}


def test_an_ec50_beyond_the_range_is_a_bound_or_open_and_never_a_number_from_nowhere():
    result = analysed(simulated(**{"EC50 of S-modulator": 3e-3}))
    for one in result.series:
        if one.subject != "S-modulator" or not one.estimates or one.estimates[0].name != "EC50":
            continue
        ec50 = one.estimates[0]
        assert ec50.is_bound or math.isinf(ec50.high) or ec50.high > 3e-4
        assert ec50.value < 3e-2


def test_a_modulator_that_does_nothing_gives_a_bound_and_a_rate_of_one():
    result = analysed(simulated(**{"EC50 of S-modulator": 1e3}))
    series = first_series(result)
    assert series.outcome is Outcome.NO_RESPONSE
    assert "does not change the rate" in series.reason
    pooled = result.pool("S-modulator", "EC50").estimate
    assert (pooled.relation, pooled.value) == (Relation.ABOVE, pytest.approx(3e-4))
    rate = result.pool("S-modulator", "relative rate at 300 µM").estimate
    assert rate.low < 1.0 < rate.high or rate.value == pytest.approx(1.0, abs=0.05)
    assert result.pool("R-modulator", "EC50").estimate.relation is Relation.EQUAL


def test_a_modulator_that_speeds_dissociation_up_has_an_ec50_too():
    result = analysed(simulated(residual=4.0))
    assert result.pool("S-modulator", "relative rate at 300 µM").estimate.low > 2.0
    assert result.pool("S-modulator", "EC50").estimate.value == pytest.approx(3.6e-6, rel=0.5)


def test_few_concentrations_or_times_give_no_ec50_and_say_so():
    few = changed(simulated(), lambda what: what if not what.concentration_molar > 1e-6 else None)
    series = first_series(analysed(few))
    assert series.outcome is Outcome.FAILED
    assert "2 concentrations" in series.reason
    early = changed(simulated(), lambda what: what if what.time_s <= 300.0 else None)
    series = first_series(analysed(early))
    assert series.outcome is Outcome.FAILED
    assert "2 times" in series.reason
    assert warnings(analysed(early)) == {"W-OUT"}


def test_wells_without_a_time_are_refused_with_their_place():
    untimed = changed(simulated(), lambda what: replace(what, time_s=math.nan))
    with pytest.raises(PrusoffError, match="how long after the chase") as refused:
        analysed(untimed)
    assert "Give a time" in str(refused.value)


@pytest.mark.parametrize("role", [Role.TOTAL, Role.NSB])
def test_without_controls_the_run_is_refused(role):
    with pytest.raises(PrusoffError, match="there are no"):
        analysed(changed(simulated(), lambda what: what if what.role is not role else None))


def test_wells_of_an_association_are_kept_aside_with_a_reason():
    def half(what):
        return replace(what, phase="association") if what.time_s == 300.0 else what

    result = analysed(changed(simulated(), half))
    aside = [well for one in result.experiments for well in one.wells if not well.used]
    assert aside
    assert {well.set_aside for well in aside} == {"wells of an association are not read here"}
    assert result.rows[0] == result.rows[1] + result.rows[2]


def test_one_bad_modulator_does_not_touch_the_other():
    good = analysed(simulated())
    dead = [
        replace(
            one,
            wells=tuple(
                replace(well, signal=500.0) if well.treatment.compound == "S-modulator" else well
                for well in one.wells
            ),
        )
        for one in simulated()
    ]
    result = analysed(dead)
    assert result.pool("R-modulator", "EC50").estimate == good.pool("R-modulator", "EC50").estimate
