"""Competition kinetics that go wrong on a simulated bench: which check speaks, and what stands in place of a number."""

import math
import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from prusoff.core.check import Severity
from prusoff.core.errors import InputError
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.plate import Role
from prusoff.simulation.bench import Bench

BENCH = runpy.run_path(str(Path(__file__).parents[2] / "competing_bench.py"))
ACTIVITY, analysed, day, decades, estimates, planned, warned = (
    BENCH[name] for name in ("ACTIVITY", "analysed", "day", "decades", "estimates", "planned", "warned")
)


def test_nothing_is_wrong_to_begin_with():
    result = analysed(day(planned()))
    found = estimates(result)
    for name, truth in (("Ki", 5e-10), ("kon", 2e5), ("koff", 1e-4), ("residence time", 1e4)):
        assert found[name].low < truth < found[name].high, name
    assert warned(result) == set()
    assert [one.outcome for one in result.series] == [Outcome.OK]


def test_one_concentration_is_refused_and_says_why():
    with pytest.raises(InputError, match="another pair of rate constants fits nearly as well") as refused:
        analysed(day(planned(molar=(1e-9,))))
    assert "better 3, from 0.3 to 10 times the Ki" in str(refused.value)


def test_two_concentrations_do_and_are_noted():
    result = analysed(day(planned(molar=(1e-9, 4e-9))))
    assert estimates(result)["Ki"].low < 5e-10 < estimates(result)["Ki"].high
    (note,) = [flag for flag in result.flags if flag.code == "W-CK-N"]
    assert note.severity is Severity.NOTE
    assert "3 are advised" in note.sentence


def test_too_short_an_incubation_gives_bounds_and_no_numbers():
    short = (0.5, 1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0)
    result = analysed(day(planned(minutes=short, molar=(2e-9, 8e-9, 32e-9)), competitors={"x": (2e5, 2e-5)}))
    found = estimates(result)
    assert found["koff"].relation is Relation.BELOW
    assert found["Ki"].relation is Relation.BELOW
    assert found["residence time"].relation is Relation.ABOVE
    assert found["koff"].value > 2e-5
    assert found["Ki"].value > 1e-10
    assert found["kon"].low < 2e5 < found["kon"].high
    assert warned(result) == {"W-CK-TIME"}
    (flag,) = [one for one in result.flags if one.code == "W-CK-TIME"]
    assert "The wells end at 12 min, too early to see the competitor leave" in flag.sentence
    assert result.pool("x", "Ki").estimate.relation is Relation.BELOW


def test_a_competitor_faster_than_the_first_wells_has_a_ki_and_bounds_of_its_rates():
    late = (20.0, 40.0, 70.0, 110.0, 180.0)
    result = analysed(day(planned(minutes=late), competitors={"x": (2e8, 1e-1)}))
    found = estimates(result)
    assert found["Ki"].low < 5e-10 < found["Ki"].high
    assert found["koff"].relation is Relation.ABOVE
    assert found["kon"].relation is Relation.ABOVE
    assert found["koff"].value < 1e-1
    assert warned(result) == {"W-CK-TIME"}


def test_depletion_is_seen_and_the_constants_are_moved_to_where_they_were():
    bench = Bench(ACTIVITY, count_time_s=300.0, pipetting_cv=0.002)
    true = {"competitors": {"x": (2e5, 1e-3)}, "receptor_molar": 0.45e-9}
    result = analysed(day(planned(molar=(3e-9, 10e-9, 40e-9)), bench=bench, **true))
    assert warned(result) == {"W-DEP"}
    for name, truth in (("Ki", 5e-9), ("kon", 2e5), ("koff", 1e-3)):
        assert decades(estimates(result)[name], truth) < 0.03, name
    assert any("integrated with the depletion" in step.sentence for step in result.steps)


def test_depletion_of_the_competitor_is_told_apart():
    true = {"competitors": {"x": (5e6, 2.5e-4)}, "receptor_molar": 0.03e-9}
    result = analysed(day(planned(molar=(0.03e-9, 0.1e-9, 0.4e-9)), **true))
    assert warned(result) == {"W-TIGHT"}


def test_a_compound_that_does_nothing_has_no_constants():
    result = analysed(day(planned(), competitors={"x": (0.0, 1.0)}))
    (series,) = result.series
    assert series.outcome is Outcome.NO_RESPONSE
    assert series.reason.startswith(
        "Binding of the label with the compound cannot be told from binding without it"
    )
    assert result.pooled == ()
    assert warned(result) == set()


def changed(experiment, change):
    return replace(experiment, wells=tuple(map(change, experiment.wells)))


def test_swapped_controls_are_named():
    roles = {Role.TOTAL: Role.NSB, Role.NSB: Role.TOTAL}

    def swap(well):
        what = well.treatment
        role = roles.get(what.role, what.role) if what.phase == "association" else what.role
        return replace(well, treatment=replace(what, role=role))

    result = analysed(changed(day(planned()), swap))
    (series,) = result.series
    assert series.outcome is Outcome.FAILED
    assert "read as high as the total wells" in series.reason


def test_a_dead_counter_is_named():
    result = analysed(changed(day(planned()), lambda well: replace(well, signal=100.0)))
    assert [one.outcome for one in result.series] == [Outcome.FAILED]
    assert "All wells read the same" in result.series[0].reason


def test_concentrations_that_were_all_set_aside_make_no_fit():
    def torn(well):
        lost = well.treatment.concentration_molar > 0.5e-9
        return replace(well, set_aside="filter disc torn") if lost else well

    result = analysed(changed(day(planned()), torn))
    assert result.series[0].outcome is Outcome.FAILED
    assert result.series[0].reason.startswith("1 of its concentrations take part")
    assert sum(not used for points in result.series[0].points for used in points.used) == 16


@pytest.mark.parametrize(
    ("minutes", "said"), [((0.0,), "have none of"), ((60.0,), "have 1 of"), ((0.0, 5.0, 60.0), "have 2 of")]
)
def test_too_few_times_make_no_fit(minutes, said):
    result = analysed(day(planned(minutes=minutes)))
    assert result.series[0].outcome is Outcome.FAILED
    assert said in result.series[0].reason
    assert result.pooled == ()


def test_a_well_without_its_time_is_refused():
    def timeless(well):
        return replace(well, treatment=replace(well.treatment, time_s=math.nan))

    with pytest.raises(InputError, match="does not say when it was stopped"):
        analysed(changed(day(planned()), timeless))


def test_a_second_compound_that_would_be_left_out_is_refused():
    def both(well):
        return replace(
            well, treatment=replace(well.treatment, second_compound="modulator", second_molar=1e-6)
        )

    with pytest.raises(InputError, match="read here only as the chase of label that dissociates"):
        analysed(changed(day(planned()), both))

    def chased(well):
        what = well.treatment
        name = "cold" if what.role is Role.TOTAL and what.phase == "dissociation" else ""
        return replace(well, treatment=replace(what, second_compound=name))

    here = day(planned())
    same, plain = (estimates(analysed(one)) for one in (changed(here, chased), here))
    assert same["Ki"] == plain["Ki"]


def test_a_chase_without_an_incubation_is_refused():
    here = day(planned())
    with pytest.raises(InputError, match="how long the label had been there"):
        analysed(replace(here, conditions=replace(here.conditions, incubation_s=math.nan)))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"level": 0.2}, "no confidence level"),
        ({"competitor_ahead_min": -5.0}, "cannot be -5 min ahead"),
        ({"koff_se_percent": 200.0}, "no error of koff"),
    ],
)
def test_impossible_settings_are_refused(settings, said):
    with pytest.raises(InputError, match=said):
        analysed(day(planned()), **settings)


def test_a_bound_of_one_day_stays_a_bound_in_the_mean():
    short = (0.5, 1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0)
    true = {"competitors": {"x": (2e5, 2e-5)}}
    days = [
        day(planned(minutes=short, molar=(2e-9, 8e-9, 32e-9)), f"day {seed}", seed, **true) for seed in (1, 2)
    ]
    result = analysed(*days)
    pooled = result.pool("x", "koff")
    assert pooled.n == 2
    assert pooled.estimate.relation is Relation.BELOW
    assert pooled.estimate.value == min(one.value for one in pooled.each)
    assert result.pool("x", "residence time").estimate.relation is Relation.ABOVE
    assert "gave only an upper bound" in pooled.sentence
