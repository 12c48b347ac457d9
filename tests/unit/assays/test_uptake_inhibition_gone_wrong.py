"""Uptake inhibition that goes wrong on a simulated bench: the right check warns and no other, and what is refused."""

import math
from dataclasses import replace

import pytest

from prusoff.assays import catalog
from prusoff.assays._uptake_inhibition.day import Settings
from prusoff.core.check import Severity
from prusoff.core.errors import InputError, LayoutError, UnknownName
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.headline import headlines
from prusoff.core.plate import Role

ASSAY = catalog["uptake_inhibition"]
SEED = 4
USABLE = Settings(usable_minutes=7.0)


def one_day(seed=SEED, **truth):
    return ASSAY.simulate({**ASSAY.truth, **truth}, seed)[0]


@pytest.fixture(scope="module")
def day():
    return one_day()


@pytest.fixture(scope="module")
def fine(day):
    return ASSAY.run((day,), USABLE)


def with_wells(day, change):
    return replace(day, wells=tuple(change(well) for well in day.wells))


def with_treatment(day, choose, **what):
    return with_wells(
        day, lambda well: replace(well, treatment=replace(well.treatment, **what)) if choose(well) else well
    )


def is_role(*roles):
    return lambda well: well.treatment.role in roles


def warned(result):
    return {flag.code for flag in result.flags if flag.severity in (Severity.WARN, Severity.FAIL)}


def test_nothing_is_wrong_to_begin_with(fine):
    assert warned(fine) == set()
    assert [one.outcome for one in fine.series] == [Outcome.OK, Outcome.OK]


def test_a_time_beyond_the_linear_phase_warns(day):
    result = ASSAY.run((day,), Settings(usable_minutes=3.7))
    assert warned(result) == {"W-LIN"}
    flag = next(one for one in result.flags if one.code == "W-LIN")
    assert "Stop the uptake earlier" in flag.sentence


def test_the_linear_phase_is_not_assessed_without_a_time_course(day):
    result = ASSAY.run((day,), Settings())
    flag = next(one for one in result.flags if one.code == "W-LIN")
    assert flag.severity is Severity.NOT_ASSESSED
    assert "a time course gives it" in flag.sentence


def test_substrate_that_is_used_up_warns():
    result = ASSAY.run((one_day(protein_g=2e-4),), USABLE)
    assert warned(result) == {"W-SUBDEP"}


def test_backgrounds_that_disagree_warn_and_the_one_that_is_used_is_told(day):
    top = max(well.signal for well in day.wells)
    cold = with_wells(
        day, lambda well: replace(well, signal=well.signal + 0.2 * top) if is_role(Role.ICE)(well) else well
    )
    result = ASSAY.run((cold,), USABLE)
    assert warned(result) == {"W-BG"}
    assert any("that with 4 °C was compared" in note for note in result.notes)
    assert result.pool("first", "Ki").estimate.value == pytest.approx(
        ASSAY.run((day,), USABLE).pool("first", "Ki").estimate.value, rel=1e-9
    )


def test_wells_that_lost_their_cells_are_named(day):
    def lose(well):
        if well.position not in ("A02", "F03"):
            return well
        kept = replace(well.treatment, protein_g=0.4 * well.treatment.protein_g)
        return replace(well, treatment=kept, signal=0.4 * well.signal)

    result = ASSAY.run((with_wells(day, lose),), USABLE)
    assert warned(result) == {"W-CELLS"}
    flag = next(one for one in result.flags if one.code == "W-CELLS")
    assert "A02, F03" in flag.sentence
    beside = {well.position: well.extra["density (% of median)"] for well in result.experiments[0].wells}
    assert [place for place, said in beside.items() if said.endswith("sparse")] == ["A02", "F03"]
    for name in ("first", "second"):  # their uptake is told by what was left, and stays that of the others
        assert abs(math.log10(result.pool(name, "Ki").estimate.value / ASSAY.truth[f"Ki of {name}"])) < 0.05


def test_a_km_of_another_temperature_warns(day):
    km = replace(day.radioligand.km, temperature_c=25.0)
    elsewhere = replace(day, radioligand=replace(day.radioligand, km=km))
    assert warned(ASSAY.run((elsewhere,), USABLE)) == {"W-KM"}


def test_without_km_there_is_no_ki_and_it_is_said(day):
    result = ASSAY.run((replace(day, radioligand=replace(day.radioligand, km=None)),), USABLE)
    assert {one.estimate.name for one in result.pooled} == {"IC50 (relative)"}
    assert not any(one.name.startswith("Ki") for series in result.series for one in series.estimates)
    assert any("No Km of the substrate is given" in note for note in result.notes)
    assert all(line.estimate is not None for line in headlines(result))


def test_an_ic50_that_is_not_reached_is_a_bound():
    result = ASSAY.run((one_day(**{"Ki of second": 2e-5}),), USABLE)
    first, second = result.series
    assert first.outcome is Outcome.OK
    assert not second.outcome.usable
    for name in ("IC50 (relative)", "Ki"):
        assert second.estimate(name).relation is Relation.ABOVE
        assert second.estimate(name).value < 4e-6
    assert warned(result) == {"W-SPAN"}


def test_the_mechanism_decides_what_the_ki_is_and_is_said(day):
    found = {}
    for mechanism in ("competitive", "noncompetitive", "uncompetitive"):
        result = ASSAY.run((day,), replace(USABLE, mechanism=mechanism))
        series = result.series[0]
        found[mechanism] = series.estimate("Ki").value / series.estimate("IC50 (relative)").value
        assert any(f"was taken as {mechanism}" in step.sentence for step in result.steps)
        assert mechanism in series.estimate("Ki").method
    ratio = found["competitive"]
    assert found["noncompetitive"] == 1.0
    assert found["uncompetitive"] == pytest.approx(1.0 - ratio, rel=1e-9)  # 1/(1 + S/Km) + 1/(1 + Km/S) = 1
    assert 0.85 < ratio < 0.95


def test_a_mixed_inhibitor_is_refused(day):
    with pytest.raises(InputError, match=r"settings > mechanism.*two constants, Kic and Kiu"):
        ASSAY.run((day,), Settings(mechanism="mixed"))


def test_the_cold_background_takes_the_place_of_the_blocker(day, fine):
    result = ASSAY.run((day,), replace(USABLE, background="ice"))
    assert warned(result) == set()
    here, there = (one.pool("first", "Ki").estimate.value for one in (result, fine))
    assert here == pytest.approx(there, rel=0.02)
    assert here != there
    without = with_wells(
        day, lambda well: replace(well, set_aside="torn") if is_role(Role.NSB)(well) else well
    )
    with pytest.raises(LayoutError, match=r'There are wells at 4 °C .*background = "ice"'):
        ASSAY.run((without,), USABLE)
    assert ASSAY.run((without,), replace(USABLE, background="ice")).pool("first", "Ki").n == 1


def test_without_a_background_it_has_to_be_said(day):
    bare = replace(day, wells=tuple(well for well in day.wells if not is_role(Role.NSB, Role.ICE)(well)))
    with pytest.raises(LayoutError, match='background = "zero"'):
        ASSAY.run((bare,), USABLE)
    result = ASSAY.run((bare,), replace(USABLE, background="zero"))
    assert any("There is no background" in note for note in result.notes)
    assert result.series[0].estimate("bottom").value == 0.0


def test_controls_that_are_swapped_fail_in_the_words_of_uptake(day):
    other = {Role.TOTAL: Role.NSB, Role.NSB: Role.TOTAL}
    swapped = with_wells(
        day,
        lambda well: replace(
            well,
            treatment=replace(well.treatment, role=other.get(well.treatment.role, well.treatment.role)),
        ),
    )
    result = ASSAY.run((swapped,), USABLE)
    assert all(one.outcome is Outcome.FAILED for one in result.series)
    assert "there is no uptake to inhibit" in result.series[0].reason
    assert not result.pooled


def test_two_vehicles_each_have_their_own_controls(day, fine):
    totals = [well.position for well in day.wells if well.treatment.role is Role.TOTAL]

    def dissolve(well):
        what = well.treatment
        second = what.compound == "second" or well.position in totals[3:]
        if what.role not in (Role.TOTAL, Role.COMPOUND):
            return well
        named = replace(what, second_compound="ethanol" if second else "DMSO")
        return replace(well, treatment=named, signal=well.signal * (0.6 if second else 1.0))

    mixed = with_wells(day, dissolve)
    result = ASSAY.run((mixed,), USABLE)
    for name, wanted in (("first", totals[:3]), ("second", totals[3:])):
        (points,) = next(one for one in result.series if one.subject == name).points
        controls = [place for place, x in zip(points.positions, points.x, strict=True) if x == -math.inf]
        assert controls == [f"plate 1 {place}" for place in wanted]
        here, there = (one.pool(name, "Ki").estimate.value for one in (result, fine))
        assert here == pytest.approx(there, rel=0.06)
    torn = with_treatment(mixed, lambda well: well.position == "A01", second_compound="ethanol")
    with pytest.raises(LayoutError, match="'first' stands in 2 vehicles"):
        ASSAY.run((torn,), USABLE)
    alone = with_treatment(mixed, lambda well: well.position in totals, second_compound="ethanol")
    with pytest.raises(LayoutError, match=r"no well without inhibitor with the vehicle 'DMSO'"):
        ASSAY.run((alone,), USABLE)


def test_a_second_inhibitor_is_no_vehicle(day):
    held = with_treatment(
        day, lambda well: well.treatment.compound == "first", second_compound="blocker", second_molar=1e-7
    )
    with pytest.raises(LayoutError, match=r"a second compound .* with a concentration"):
        ASSAY.run((held,), USABLE)


def test_the_tracer_of_every_condition_is_corrected(day, fine):
    def spiked(well):
        part = 0.7 if well.position.startswith("A") else 1.2
        return replace(
            well,
            treatment=replace(well.treatment, radioligand_molar=20e-9 * part),
            signal=(well.signal - 44.0) * part + 44.0,  # the counter background has no tracer
        )

    result = ASSAY.run((with_wells(day, spiked),), USABLE)
    for name in ("first", "second"):
        here, there = (one.pool(name, "Ki").estimate.value for one in (result, fine))
        assert here == pytest.approx(there, rel=0.02)
    assert any("the median tracer added" in step.sentence for step in result.steps)


def test_wells_of_which_some_state_their_protein_are_refused(day):
    some = with_treatment(day, lambda well: well.position == "A05", protein_g=math.nan)
    with pytest.raises(InputError, match=r"the protein of 1 wells is not stated"):
        ASSAY.run((some,), replace(USABLE, per="protein"))
    with pytest.raises(InputError, match=r"the cells of \d+ wells is not stated"):
        ASSAY.run((day,), replace(USABLE, per="cells"))


def test_velocities_are_told_per_cell_or_per_well(day):
    held = with_wells(
        day,
        lambda well: replace(
            well,
            treatment=replace(
                well.treatment, protein_g=math.nan, cells=1e5 * well.treatment.protein_g / 15e-6
            ),
        ),
    )
    units = {}
    for per in ("stated", "well"):
        series = ASSAY.run((held,), replace(USABLE, per=per)).series[0]
        units[per] = series.estimate("velocity without inhibitor")
    assert units["stated"].unit == "mol/cell/s"
    assert units["well"].unit == "mol/s"
    assert "fmol/10⁵ cells/min" in str(units["stated"])
    assert units["stated"].value * 1e5 == pytest.approx(units["well"].value, rel=0.1)


def test_the_velocity_is_that_of_the_bench(fine):
    truth = ASSAY.truth
    substrate = truth["labelled_molar"] + truth["unlabelled_molar"]
    wanted = truth["vmax_mol_per_g_s"] * substrate / (truth["km_molar"] + substrate)
    found = fine.series[0].estimate("velocity without inhibitor")
    assert found.unit == "mol/g/s"
    assert found.value == pytest.approx(wanted, rel=0.35)  # days differ by a tenth on the log scale
    assert found.low < found.value < found.high


def test_several_substrate_concentrations_are_refused(day):
    two = with_treatment(day, lambda well: well.position.startswith("A"), substrate_molar=1e-7)
    two = with_treatment(two, lambda well: not well.position.startswith("A"), substrate_molar=5e-8)
    with pytest.raises(LayoutError, match="2 substrate concentrations, and one IC50 belongs to one"):
        ASSAY.run((two,), USABLE)


def test_fold_potency_is_a_ratio_with_its_interval_against_a_named_reference(day):
    (ratio,) = ASSAY.run((day,), replace(USABLE, reference="second")).ratios
    assert (ratio.name, ratio.subject, ratio.reference) == ("fold potency", "first", "second")
    assert ratio.estimate.low < 16.0 < ratio.estimate.high
    assert "first is the more potent" in ratio.sentence
    assert "do not contradict parallel curves" in ratio.sentence
    assert not ASSAY.run((day,), USABLE).ratios
    with pytest.raises(UnknownName, match="settings > reference"):
        ASSAY.run((day,), replace(USABLE, reference="frist"))


def test_curves_that_are_not_parallel_have_no_fold_potency(day):
    def steep(well):
        what = well.treatment
        if what.compound != "second":
            return well
        bent = 10.0 ** (
            -7.05 + (math.log10(what.concentration_molar) + 7.05) / 2.0
        )  # half as steep in the well
        return replace(well, treatment=replace(what, concentration_molar=bent))

    result = ASSAY.run((with_wells(day, steep),), replace(USABLE, reference="first"))
    assert not result.ratios
    assert any("not parallel" in note for note in result.notes)


def test_a_bound_beside_a_value_gives_a_ratio_that_is_a_bound():
    result = ASSAY.run((one_day(**{"Ki of second": 2e-5}),), replace(USABLE, reference="first"))
    assert all(one.estimate.relation is Relation.BELOW for one in result.ratios)
    assert len(result.ratios) + sum("second against first" in note for note in result.notes) == 1


def test_counts_without_an_efficiency_still_give_the_ki_and_no_velocity(day):
    plain = replace(day, counting=replace(day.counting, efficiency=math.nan))
    result = ASSAY.run((plain,), USABLE)
    assert result.series[0].estimate("Ki").value == pytest.approx(5e-9, rel=0.2)
    assert not any("velocity" in one.name for one in result.series[0].estimates)
    assert any("no velocity is told" in note and "counting efficiency" in note for note in result.notes)


def test_the_error_of_km_is_added_once_over_days():
    days = ASSAY.simulate(ASSAY.truth, SEED)
    pooled = ASSAY.run(days, USABLE).pool("first", "Ki")
    assert pooled.n == 3
    assert "Without the error of Km the interval would be" in pooled.sentence
    assert "error of Km" in pooled.estimate.method
    plain = ASSAY.run(days, replace(USABLE, mechanism="noncompetitive")).pool("first", "Ki")
    widths = [math.log(one.estimate.high / one.estimate.low) for one in (plain, pooled)]
    assert widths[0] < widths[1]


def test_the_constant_of_an_uncompetitive_inhibitor_comes_back_over_days():
    # the curves of the bench are those of a competitor: what it calls IC50/(1 + Km/S) is known from their truth
    days, truth = ASSAY.simulate(ASSAY.truth, SEED), ASSAY.truth
    substrate, km = truth["labelled_molar"] + truth["unlabelled_molar"], truth["km_molar"]
    wanted = truth["Ki of first"] * (1.0 + substrate / km) / (1.0 + km / substrate)
    found = ASSAY.run(days, replace(USABLE, mechanism="uncompetitive")).pool("first", "Ki")
    assert found.estimate.low < wanted < found.estimate.high
    assert found.estimate.value == pytest.approx(wanted, rel=0.3)  # it hangs on Km, known to a tenth
    assert "Uncompetitive inhibition: Ki = IC50 / (1 + Km / [S])." in found.sentence
