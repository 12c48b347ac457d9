"""Competition assays that go wrong on a simulated bench: how they end, and in which words."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.core.check import Severity
from prusoff.core.errors import LayoutError
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.headline import headlines
from prusoff.core.plate import FORMATS, Layout, Role


def flag(result, code):
    return next(one for one in result.flags if one.code == code)


def names(series):
    return [one.name for one in series.estimates]


def only(result):
    (series,) = result.series
    return series


def with_signal(expected, cv=0.02, seed=7):
    """A change of wells: compounds read counts around expected(molar, total, nsb) with total 3000 and nsb 300."""
    rng = np.random.default_rng(seed)

    def change(well):
        what = well.treatment
        share = {Role.TOTAL: 1.0, Role.NSB: 0.0}.get(what.role)
        share = expected(what.concentration_molar) if share is None else share
        return replace(
            well, signal=float(rng.poisson((300 + 2700 * share) * (1 + cv * rng.standard_normal())))
        )

    return change


def with_role(**roles):
    def change(well):
        role = roles.get(well.treatment.role.value)
        return well if role is None else replace(well, treatment=replace(well.treatment, role=role))

    return change


def without(role):
    return lambda well: replace(well, set_aside="filter disc torn") if well.treatment.role is role else well


def test_nothing_is_wrong_to_begin_with(analysed):
    result = analysed(seed=2)
    assert only(result).outcome is Outcome.OK
    assert result.pool("good", "Ki").estimate.low < 1e-8 < result.pool("good", "Ki").estimate.high
    assert result.worst is Severity.NOTE


def test_a_compound_that_does_nothing_has_no_response_and_no_value(analysed):
    result = analysed(ki={"flat": math.inf, "good": 1e-8})
    flat, good = result.series
    assert flat.outcome is Outcome.NO_RESPONSE
    assert flat.reason.startswith(
        "No inhibition can be told from the scatter up to the highest concentration. IC50 lies above 3.16 µM"
    )
    assert all(one.is_bound for one in flat.estimates)
    assert flat.estimate("Ki").relation is Relation.ABOVE
    assert [one.subject for one in result.pooled] == ["good"]
    assert good.outcome is Outcome.OK
    lines = {line.subject: line for line in headlines(result)}
    assert lines["flat"].outcome is Outcome.NO_RESPONSE


def test_the_good_compound_is_not_touched_by_the_bad_one(analysed, simulated):
    (day,) = simulated(ki={"bad": 1e-9, "good": 1e-8})

    def ruined(well):
        bad = well.treatment.compound == "bad"
        return replace(well, signal=0.0 if int(well.position[1:]) % 2 else 1e7) if bad else well

    both, one = (analysed(ki={"bad": 1e-9, "good": 1e-8}, change=change) for change in (None, ruined))
    assert one.series[0].outcome is not Outcome.OK
    assert repr(one.series[1].estimates) == repr(both.series[1].estimates)
    assert len(day.wells) == 66


def test_a_weak_compound_is_a_bound_everywhere(analysed):
    result = analysed(ki={"weak": 1.2e-5})
    weak = only(result)
    assert weak.outcome is Outcome.CENSORED
    assert weak.reason.startswith("IC50 lies above 3.16 µM: 12 % of the control span is gone")
    ic50 = weak.estimate("IC50 (relative)")
    assert ic50.relation is Relation.ABOVE
    assert ic50.value == pytest.approx(10**-5.5)
    assert ic50.method == "12 % inhibition there"
    assert weak.estimate("Ki").relation is Relation.ABOVE
    assert weak.estimate("pKi").relation is Relation.BELOW
    assert "IC50 (extrapolated)" not in names(weak)
    pooled = result.pool("weak", "Ki")
    assert (pooled.estimate.relation, pooled.p_estimate.relation) == (Relation.ABOVE, Relation.BELOW)
    assert pooled.sentence == "One experiment, and it gave only a bound."
    assert flag(result, "W-SPAN").severity is Severity.WARN


def test_between_25_and_50_per_cent_the_ic50_is_extrapolated_and_marked(analysed):
    weak = only(analysed(ki={"weak": 2.7e-6}))
    assert weak.outcome is Outcome.CENSORED
    extrapolated = weak.estimate("IC50 (extrapolated)")
    assert extrapolated.relation is Relation.ABOUT
    assert "not measured" in extrapolated.method
    assert extrapolated.value == pytest.approx(2.7e-6 * 2.19, rel=0.25)
    assert weak.estimate("IC50 (relative)").relation is Relation.ABOVE


def test_a_compound_that_blocks_at_all_concentrations_is_below(analysed):
    for ki, seed in ((2e-12, 1), (1e-14, 2), (1e-16, 3)):
        potent = only(analysed(ki={"potent": ki}, receptor=2e-11, seed=seed))
        assert potent.outcome is Outcome.CENSORED, ki
        assert potent.reason.startswith("IC50 lies below 0.1 nM: ")
        assert "of the control span is gone already at the lowest one tested." in potent.reason
        for name in ("IC50 (relative)", "Ki"):
            assert potent.estimate(name).relation is Relation.BELOW
        assert potent.estimate("pKi").relation is Relation.ABOVE


def test_a_rising_curve_fails_with_advice(analysed):
    result = analysed(change=with_signal(lambda molar: molar / (molar + 2e-8)))
    assert only(result).outcome is Outcome.FAILED
    assert only(result).reason == (
        "The signal rises with the concentration: this is no inhibition curve. Check the order of the concentrations, "
        "the plate map, and whether the plate was counted turned round (rotated = true)."
    )
    assert only(result).estimates == ()
    assert result.pooled == ()
    assert [line.text for line in headlines(result)] == ["not determined"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "One concentration makes no curve; at least 4 are needed."),
        (2, "2 concentrations make no curve; at least 4 are needed."),
        (3, "3 concentrations make no curve; at least 4 are needed."),
    ],
)
def test_few_concentrations_are_no_curve(analysed, number, words):
    series = only(analysed(doses=tuple(10.0 ** (-9 + step) for step in range(number))))
    assert (series.outcome, series.reason, series.estimates) == (Outcome.FAILED, words, ())


def test_four_concentrations_are_enough(analysed):
    series = only(analysed(doses=(1e-9, 1e-8, 1e-7, 1e-6)))
    assert series.outcome.usable
    assert 0.5e-8 < series.estimate("Ki").value < 2e-8


def test_no_controls_is_a_layout_error_that_names_all_that_is_missing(analysed, simulated):
    with pytest.raises(LayoutError, match=r"day 1: there are no total wells.*role = \"total\".*E-CONTROLS"):
        analysed(change=without(Role.TOTAL))
    with pytest.raises(LayoutError, match=r"day 1: there are no nonspecific \(nsb\) wells"):
        analysed(change=without(Role.NSB))
    with pytest.raises(LayoutError) as caught:
        analysed(days=2, change=lambda well: replace(well, set_aside="torn"))
    assert len(caught.value.problems) == 4


def test_without_kd_there_is_an_ic50_and_no_ki(analysed):
    result = analysed(kd=None)
    assert not [name for name in names(only(result)) if "Ki" in name]
    assert only(result).estimate("IC50 (relative)").value == pytest.approx(2.25e-8, rel=0.3)
    assert "No Kd of the radioligand is given, so no Ki is computed; it is never guessed." in result.notes
    assert result.pool("good", "IC50 (relative)").n == 1
    assert flag(result, "W-LKD").severity is Severity.NOT_ASSESSED


def full_plate(plan):
    """A plan that fills the plate, so that every well has a partner after a half turn."""
    return {"ki": {"a": 1e-8, "b": 1e-7, "c": 3e-9}, **plan}


def test_a_plate_counted_upside_down_is_found_and_put_right_only_when_told(analysed, run, simulated):
    plate = FORMATS[96]
    plan = full_plate({})
    (day,) = simulated(**plan)
    read = {well.position: well.signal for well in day.wells}
    assert len(read) == 96
    turned = tuple(replace(well, signal=read[plate.rotate(well.position)]) for well in day.wells)
    result = run((replace(day, wells=turned),))
    rotation = flag(result, "W-ROT")
    assert rotation.severity is Severity.FAIL
    assert "the plate was most likely counted turned by 180 degrees" in rotation.sentence
    assert "Nothing was turned by itself." in rotation.sentence
    assert result.worst is Severity.FAIL

    layout = Layout(plate, {well.position: well.treatment for well in day.wells}).rotated()
    told = tuple(
        replace(well, position=position, treatment=layout.treatments[position], signal=signal)
        for well, (position, signal) in zip(
            day.wells, {plate.rotate(where): one for where, one in read.items()}.items(), strict=True
        )
    )
    right = run((replace(day, wells=told, rotated=True, layouts=(("plate 1", layout),)),))
    assert flag(right, "W-ROT").severity is Severity.PASS
    straight = analysed(**plan)
    for name in plan["ki"]:
        assert right.pool(name, "Ki").estimate.value == pytest.approx(
            straight.pool(name, "Ki").estimate.value, rel=1e-9
        )


def test_depletion_is_warned_of_and_the_exact_ki_stands_nearer_the_truth(analysed):
    result = analysed(receptor=0.5e-9, seed=3)
    warning = flag(result, "W-DEP")
    assert warning.severity is Severity.WARN
    assert 20 < warning.number < 30
    plain, exact = (only(result).estimate(name).value for name in ("Cheng–Prusoff Ki", "Ki"))
    assert abs(math.log10(exact / 1e-8)) < 0.05 < abs(math.log10(plain / 1e-8))


def test_two_sites_are_preferred_where_there_are_two(analysed):
    def mixture(molar):
        return 0.5 / (1 + molar / 1e-9) + 0.5 / (1 + molar / 1e-6)

    doses = tuple(10.0 ** (-10.5 + 0.5 * step) for step in range(13))
    series = only(analysed(doses=doses, change=with_signal(mixture), ki={"mixed": 1e-8}))
    sites = series.comparisons[-1]
    assert sites.preferred == sites.richer
    assert sites.p < 1e-6
    assert series.estimate("high-affinity Ki").value < 1e-9 < series.estimate("low-affinity Ki").value
    assert series.estimate("fraction of high-affinity sites").value == pytest.approx(0.5, abs=0.1)


def test_one_site_is_not_taken_for_two(analysed):
    kept = [only(analysed(seed=seed)).comparisons[-1] for seed in range(20, 26)]
    assert [one.preferred for one in kept] == [one.simple for one in kept]


def test_a_shallow_curve_makes_the_ki_an_apparent_one(analysed):
    series_result = analysed(
        change=with_signal(lambda molar: 1 / (1 + (molar / 2e-8) ** 0.6)), ki={"shallow": 1e-8}
    )
    hill = flag(series_result, "W-HILL")
    assert hill.severity is Severity.WARN
    assert hill.number == pytest.approx(0.6, abs=0.08)
    assert "lies below 1: a Ki from it is an apparent one" in hill.sentence
    assert "one-site Ki (slope 1)" in names(only(series_result))


def test_swapped_controls_give_no_constant(analysed):
    result = analysed(change=with_role(total=Role.NSB, nsb=Role.TOTAL))
    assert only(result).outcome is Outcome.FAILED
    assert "The nonspecific wells read as high as the total wells" in only(result).reason
    assert "swapped in the plate map" in only(result).reason
    assert only(result).estimates == ()
    assert flag(result, "W-SB").severity is Severity.FAIL


def test_an_incomplete_definer_of_nonspecific_binding_is_found(analysed):
    change = with_signal(lambda molar: 1 / (1 + molar / 2e-9))

    def leaky(well):
        well = change(well)
        return replace(well, signal=well.signal + 700.0) if well.treatment.role is Role.NSB else well

    warning = flag(analysed(change=leaky), "W-NSB")
    assert warning.severity is Severity.WARN
    assert "lies below the nonspecific controls" in warning.sentence


def test_a_compound_whose_wells_are_all_set_aside_is_named(analysed):
    def torn(well):
        return replace(well, set_aside="torn") if well.treatment.compound == "lost" else well

    result = analysed(ki={"lost": 1e-8, "good": 1e-8}, change=torn)
    lost, good = result.series
    assert (lost.outcome, lost.estimates) == (Outcome.FAILED, ())
    assert lost.reason.startswith("No well of this compound takes part")
    assert good.outcome is Outcome.OK
    assert result.rows == (66, 36, 30)
    assert {line.subject: line.text for line in headlines(result)}["lost"] == "not determined"


def test_control_wells_that_are_set_aside_take_no_part(analysed):
    def torn(well):
        first = well.position in ("C07", "C10")
        return replace(well, set_aside="torn", signal=1e7) if first else well

    clean, result = analysed(), analysed(change=torn)
    torn_roles = {well.treatment.role for one in result.experiments for well in one.wells if not well.used}
    assert torn_roles == {Role.TOTAL, Role.NSB}
    (plate,) = result.plates
    assert (plate.total_n, plate.nsb_n) == (2, 2)
    here, there = (one.pool("good", "Ki").estimate.value for one in (result, clean))
    assert here == pytest.approx(there, rel=0.05)


def test_a_well_without_a_number_is_set_aside_not_dropped(analysed):
    result = analysed(change=lambda well: replace(well, signal=math.nan) if well.position == "A05" else well)
    assert result.rows == (36, 35, 1)
    assert [well.set_aside for well in result.experiments[0].wells if not well.used] == [
        "there is no reading"
    ]
    assert only(result).outcome is Outcome.OK


def test_names_that_differ_in_capitals_are_two_compounds(analysed):
    result = analysed(ki={"Imipramine": 1e-8, "imipramine": 1e-7})
    low, high = (result.pool(name, "Ki").estimate.value for name in ("Imipramine", "imipramine"))
    assert 5 < high / low < 20


def test_a_384_well_plate(analysed):
    ki = {f"compound {number}": 10.0 ** (-9.5 + 0.25 * number) for number in range(9)}
    result = analysed(ki=ki, wells=384, replicates=4, controls=8)
    assert len(result.series) == 9
    assert result.rows[0] == 376
    for name, truth in ki.items():
        assert abs(math.log10(result.pool(name, "Ki").estimate.value / truth)) < 0.15
    assert any(well.position.startswith("P") for well in result.experiments[0].wells)


def test_several_plates_a_day_are_one_experiment(analysed):
    one, three = analysed(), analysed(plates=3)
    assert three.pool("good", "Ki").n == one.pool("good", "Ki").n == 1
    assert len(three.plates) == 3
    assert len(three.series) == 1
    assert len(three.series[0].points[0].x) == 3 * len(one.series[0].points[0].x)
    widths = [_width(found.series[0].estimate("IC50 (relative)")) for found in (one, three)]
    assert widths[1] < widths[0]


def _width(estimate):
    return math.log10(estimate.high / estimate.low)


# what cannot be, and what was not seen before


def test_a_dead_counter_gives_a_sentence_and_no_number(analysed):
    for reading in (0.0, 500.0):
        for unit in ("counts", "cpm", "dpm", "signal"):
            result = analysed(change=lambda well, to=reading, unit=unit: replace(well, signal=to, unit=unit))
            assert (only(result).outcome, only(result).estimates) == (Outcome.FAILED, ())
            assert only(result).reason.startswith("All wells read the same, so nothing can be fitted.")
            assert result.worst is Severity.FAIL


def test_a_curve_lost_in_scatter_is_no_lack_of_response(analysed):
    """Three wells of each dose hold what is written, three a thousandth of it: nM was written as µM."""
    doses = tuple(10.0 ** (-6.0 + 0.5 * step) for step in range(6))
    count = with_signal(lambda molar: 1 / (1 + molar / 2e-8))

    def written(well):
        what = well.treatment
        if what.role is Role.COMPOUND and int(well.position[1:]) % 2:
            less = replace(what, concentration_molar=what.concentration_molar / 1000)
            return replace(count(replace(well, treatment=less)), treatment=what)
        return count(well)

    result = analysed(doses=doses, replicates=6, change=written)
    assert only(result).outcome is Outcome.FAILED
    assert (
        "% inhibition at the two highest concentrations, but no curve runs through them"
        in only(result).reason
    )
    assert flag(result, "W-REP").severity is Severity.WARN
    assert result.worst is Severity.FAIL


def test_wells_that_were_not_filled_are_told(analysed):
    def empty(well):
        return replace(well, signal=0.0) if well.treatment.role is Role.COMPOUND else well

    result = analysed(change=empty)
    assert flag(result, "W-OVER").severity is Severity.WARN
    assert "not filled or not counted" in flag(result, "W-OVER").sentence
    assert {flag(analysed(seed=seed), "W-OVER").severity for seed in range(8)} == {Severity.PASS}


def test_a_run_without_any_compound_is_a_layout_error(analysed, simulated, run):
    controls_only = [
        replace(day, wells=tuple(well for well in day.wells if well.treatment.role is not Role.COMPOUND))
        for day in simulated(days=2)
    ]
    with pytest.raises(LayoutError, match=r"day 1, day 2: no well holds a compound.*E-COMPOUND"):
        run(controls_only)
    result = run((*simulated(), replace(controls_only[1], name="day 2")))
    assert "day 2: no well holds a compound." in result.notes


def test_a_failed_compound_fails_the_run(analysed):
    result = analysed(doses=(1e-8, 1e-7))
    out = flag(result, "W-OUT")
    assert (out.severity, out.sentence) == (Severity.FAIL, f"No constant: {only(result).reason}")
    assert result.worst is Severity.FAIL
    assert flag(analysed(), "W-OUT").severity is Severity.PASS
    assert flag(analysed(ki={"flat": math.inf}), "W-OUT").severity is not Severity.FAIL


def test_how_well_kd_is_known(analysed):
    expected = {0.0: Severity.NOTE, 0.04: Severity.PASS, 0.3: Severity.WARN, 0.6: Severity.FAIL}
    found = {se: flag(analysed(kd_log10_se=se), "W-KD-SE").severity for se in expected}
    assert found == expected


def test_an_efficiency_of_half_a_per_cent_is_no_efficiency(simulated, run):
    (day,) = simulated()
    result = run((replace(day, counting=replace(day.counting, efficiency=0.0042)),))
    assert flag(result, "W-EFF").severity is Severity.FAIL
