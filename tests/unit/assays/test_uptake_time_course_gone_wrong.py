"""Uptake time courses that go wrong on a simulated bench: the right check warns and no other, and what is refused."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.assays import catalog
from prusoff.assays._uptake_time_course.analysis import Settings
from prusoff.assays._uptake_time_course.course import usable_time
from prusoff.core.check import Severity
from prusoff.core.errors import InputError, LayoutError
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.plate import Role, Treatment

ASSAY = catalog["uptake_time_course"]
SUBSTRATE = "[3H]simulated"
SEED = 2
V0, USABLE = f"v0 of {SUBSTRATE}", f"usable time of {SUBSTRATE}"


def one_day(seed=SEED, **truth):
    return ASSAY.simulate({**ASSAY.truth, **truth}, seed)[0]


@pytest.fixture(scope="module")
def day():
    return one_day()


def run(*days, **settings):
    return ASSAY.run(days, Settings(**settings))


def with_wells(day, change):
    return replace(day, wells=tuple(change(well) for well in day.wells))


def warned(result):
    return {flag.code for flag in result.flags if flag.severity in (Severity.WARN, Severity.FAIL)}


def lasting(day, seconds):
    return replace(day, conditions=replace(day.conditions, incubation_s=seconds))


def test_nothing_is_wrong_to_begin_with(day):
    result = run(day)
    assert warned(result) == set()
    assert result.series[0].outcome is Outcome.OK
    assert result.series[0].comparisons[0].preferred == "Uptake that levels off"


@pytest.mark.parametrize("lost", [0.01, 0.1, 0.5])
def test_the_usable_time_loses_what_it_says(lost):
    x = 0.003 * usable_time(0.003, lost)
    assert -math.expm1(-x) / x == pytest.approx(1.0 - lost, rel=1e-12)


def test_an_assay_beyond_the_linear_phase_warns(day):
    assert warned(run(lasting(day, 600.0))) == {"W-LIN"}


def test_substrate_that_is_used_up_warns_although_the_time_is_short():
    # a sixth of the substrate is gone at 3 minutes: the velocity of the whole of it lost less than a tenth
    result = run(one_day(protein_g=5e-3))
    assert warned(result) - {"W-LIN"} == {"W-SUBDEP"}
    (v0,) = (one for one in result.series[0].estimates if one.name == "v0")
    assert v0.value < ASSAY.truth[V0] * 1.05


def test_backgrounds_that_disagree_warn(day):
    added = 0.2 * max(well.signal for well in day.wells)

    def adsorb(well):
        return replace(well, signal=well.signal + added) if well.treatment.role is Role.ICE else well

    assert warned(run(with_wells(day, adsorb))) == {"W-BG"}


def test_wells_that_lost_their_cells_are_named(day):
    def state(well):
        lost = well.position == "A05"
        held = replace(well.treatment, protein_g=30e-6 * (0.5 if lost else 1.0))
        return replace(well, treatment=held, signal=well.signal * (0.5 if lost else 1.0))

    result = run(with_wells(day, state))
    assert warned(result) == {"W-CELLS"}
    assert any("brought to the median protein" in step.sentence for step in result.steps)


def test_a_linear_course_keeps_the_line_and_gives_a_bound_of_the_usable_time():
    straight = one_day(**{USABLE: 4e5})
    result = run(straight)
    series = result.series[0]
    assert series.comparisons[0].preferred == "Uptake in proportion to time"
    assert {one.name for one in series.estimates} >= {"v0", "usable time"}
    assert not any(one.name == "k" for one in series.estimates)
    usable = series.estimate("usable time")
    assert usable.relation is Relation.ABOVE
    assert usable.value <= 1200.0
    assert series.estimate("v0").value == pytest.approx(ASSAY.truth[V0], rel=0.15)
    assert warned(result) == set()


def test_a_bound_of_the_usable_time_does_not_judge_a_longer_assay():
    result = run(lasting(one_day(**{USABLE: 4e5}), 7200.0))
    flag = next(one for one in result.flags if one.code == "W-LIN")
    assert flag.severity is Severity.NOT_ASSESSED


def test_too_few_times_make_no_course(day):
    def early(well):
        return well if well.treatment.time_s <= 180.0 else replace(well, set_aside="plate dropped")

    result = run(with_wells(day, early))
    assert result.series[0].outcome is Outcome.FAILED
    assert result.series[0].reason.startswith("3 times make no course")
    assert not result.pooled


def test_wells_that_read_as_their_background_show_no_uptake(day):
    background = {
        (well.treatment.time_s, index % 4): well.signal
        for index, well in enumerate(day.wells)
        if well.treatment.role is Role.NSB
    }

    def idle(index, well):
        if well.treatment.role is not Role.TOTAL:
            return well
        return replace(well, signal=background[well.treatment.time_s, index % 4])

    wells = tuple(idle(index, well) for index, well in enumerate(day.wells))
    result = run(replace(day, wells=wells))
    assert result.series[0].outcome in (Outcome.FAILED, Outcome.NO_RESPONSE)
    assert not result.series[0].estimates


def test_wells_without_a_time_are_refused(day):
    def forget(well):
        return (
            replace(well, treatment=replace(well.treatment, time_s=math.nan))
            if well.position == "A03"
            else well
        )

    with pytest.raises(InputError, match=r"day 1 > plate 1 A03: 1 wells of a time course have no time"):
        run(with_wells(day, forget))


def test_a_level_that_is_none_is_refused(day):
    with pytest.raises(InputError, match=r"0\.3 is no confidence level"):
        run(day, level=0.3)


def test_wells_with_an_inhibitor_take_no_part_and_say_why(day):
    inhibited = Treatment(Role.COMPOUND, "desipramine", 1e-6, time_s=180.0)
    extra = replace(day.wells[0], position="H12", treatment=inhibited, signal=9e9)
    result = run(replace(day, wells=(*day.wells, extra)))
    last = result.experiments[0].wells[-1]
    assert last.set_aside == "a time course reads wells without inhibitor"
    assert result.rows == (77, 76, 1)
    assert str(result.pooled[0].estimate) == str(run(day).pooled[0].estimate)


def test_the_cold_background_and_none_at_all(day):
    blocker, cold = (run(day, background=name).pool(SUBSTRATE, "v0").estimate for name in ("blocker", "ice"))
    assert cold.value == pytest.approx(blocker.value, rel=0.02)
    bare = replace(day, wells=tuple(well for well in day.wells if well.treatment.role is Role.TOTAL))
    with pytest.raises(LayoutError, match='background = "zero"'):
        run(bare)
    whole = run(bare, background="zero").pool(SUBSTRATE, "v0").estimate
    assert whole.value > blocker.value  # what leaks in is taken for uptake


def test_without_the_specific_activity_v0_stays_in_counts(day):
    label = replace(day.radioligand, specific_activity_dpm_per_mol=math.nan)
    result = run(replace(day, radioligand=label))
    assert result.pool(SUBSTRATE, "v0").estimate.unit == "dpm/s"
    assert any("v0 stays in dpm per second" in note for note in result.notes)


def test_the_time_of_the_assay_is_asked_for(day):
    result = run(lasting(day, math.nan))
    flag = next(one for one in result.flags if one.code == "W-LIN")
    assert flag.severity is Severity.NOT_ASSESSED
    assert any("State conditions.incubation" in note for note in result.notes)


def test_a_dead_counter_fails_and_gives_nothing(day):
    result = run(with_wells(day, lambda well: replace(well, signal=500.0)))
    assert result.series[0].outcome is Outcome.FAILED
    assert not result.series[0].estimates
    assert np.isfinite(result.series[0].points[0].y).all()
