"""Gating that goes wrong on a simulated bench: short ranges, coarse steps, drift, wrong potentials, wrong kinds."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.assays import catalog
from prusoff.assays._arithmetic_mean import arithmetic_mean
from prusoff.core.check import Severity
from prusoff.core.errors import InputError
from prusoff.core.estimate import Estimate, Relation
from prusoff.core.fit import Outcome
from prusoff.core.plate import Role

ASSAY = catalog["gating"]
CONTROL = ("control (activation)", "control (availability)")


def cells(seed=1, **truth):
    return ASSAY.simulate({**ASSAY.truth, **truth}, seed)


def analysed(experiments, **settings):
    return ASSAY.run(tuple(experiments), ASSAY.settings(**settings))


def kept(experiments, keep):
    return [replace(one, wells=tuple(filter(keep, one.wells))) for one in experiments]


def changed(experiments, change):
    return [replace(one, wells=tuple(map(change, one.wells))) for one in experiments]


def of(kind, role=None):
    return lambda well: well.treatment.end_point == kind and role in (None, well.treatment.role)


def warned(result):
    return {flag.code for flag in result.flags if flag.severity in (Severity.WARN, Severity.FAIL)}


def test_good_cells_raise_nothing():
    assert [warned(analysed(cells(seed))) for seed in range(6)] == [set()] * 6


def test_shift_and_half_potentials_come_back_with_their_sign():
    result = analysed(cells())
    drug = "lidocaine 100 µM (availability)"
    for subject, name, key in (
        (CONTROL[0], "V1/2", "v_half activation"),
        (CONTROL[1], "V1/2", "v_half availability"),
        (drug, "shift", "shift availability"),
        (CONTROL[0], "Erev", "reversal"),
    ):
        found = result.pool(subject, name).estimate
        assert found.low < ASSAY.truth[key] < found.high
    assert result.pool(drug, "shift").n == 6


def test_potentials_that_do_not_reach_the_end_are_warned_of():
    short = kept(
        cells(), lambda well: of("availability")(well) and -0.14 <= well.treatment.voltage_v < -0.075
    )
    assert warned(analysed(short)) == {"W-VRANGE"}


def test_coarse_steps_are_warned_of():
    coarse = kept(
        cells(), lambda well: of("availability")(well) and round(well.treatment.voltage_v * 1e3) % 20 == 0
    )
    assert warned(analysed(coarse)) == {"W-VSTEP"}


def test_an_unusual_slope_is_warned_of():
    flat = cells(**{"k of control (availability)": 19e-3})
    assert warned(analysed(kept(flat, of("availability", Role.TOTAL)))) == {"W-SLOPEFACTOR"}


def test_a_junction_potential_that_is_forgotten_lies_beyond_what_is_published():
    result = analysed(kept(cells(**{"v_half availability": -52e-3}), of("availability")))
    assert warned(result) == {"W-MIDPOINT"}
    told = next(flag.sentence for flag in result.flags if flag.code == "W-MIDPOINT")
    assert "83 published values" in told


def test_a_channel_without_published_values_is_not_judged():
    other = [replace(one, conditions=replace(one.conditions, target="Nav1.8")) for one in cells()]
    ends = {flag.severity for flag in analysed(other).flags if flag.code == "W-MIDPOINT"}
    assert ends == {Severity.NOT_ASSESSED}


def test_a_drug_that_does_not_leave_is_seen_after_its_wash_out():
    experiments = kept(cells(), of("availability"))
    still = []
    for one in experiments:
        drug = {
            well.treatment.voltage_v: well.signal
            for well in one.wells
            if well.treatment.role is Role.COMPOUND
        }
        wells = tuple(
            replace(well, signal=drug[well.treatment.voltage_v]) if well.treatment.role is Role.WASH else well
            for well in one.wells
        )
        still.append(replace(one, wells=wells))
    assert warned(analysed(still)) == {"W-VDRIFT"}


def test_cells_with_much_series_resistance_take_no_part():
    result = analysed(cells(series_resistance=60e6))
    assert result.rows[1] == 0
    assert warned(result) == {"W-OUT", "W-RS"}
    assert all("series resistance" in well.set_aside for one in result.experiments for well in one.wells)
    assert not result.pooled


def test_too_few_potentials_are_no_curve():
    few = kept(
        cells(), lambda well: of("availability")(well) and well.treatment.voltage_v in (-0.12, -0.08, -0.06)
    )
    result = analysed(few)
    assert {one.outcome for one in result.series} == {Outcome.FAILED}
    assert "at least 5" in result.series[0].reason
    assert not result.pooled


@pytest.mark.parametrize("kind", ["activation", "availability"])
def test_a_curve_of_the_other_kind_says_so(kind):
    unnamed = changed(
        kept(cells(), of(kind)),
        lambda well: replace(
            well, treatment=replace(well.treatment, end_point=""), unit="part", signal=abs(well.signal)
        ),
    )
    if kind == "activation":  # up to where all channels are open
        unnamed = kept(unnamed, lambda well: well.treatment.voltage_v < -0.015)
    other = {"activation": "availability", "availability": "activation"}[kind]
    result = analysed(unnamed, curve=other)
    assert {one.outcome for one in result.series} == {Outcome.FAILED}
    assert all(f'curve = "{kind}"' in one.reason for one in result.series)


def test_raw_currents_of_availability_are_not_taken_for_a_current_against_potential():
    unnamed = changed(
        kept(cells(), of("availability")),
        lambda well: replace(well, treatment=replace(well.treatment, end_point="")),
    )
    result = analysed(unnamed, curve="activation")
    assert {one.outcome for one in result.series} == {Outcome.FAILED}
    assert 'curve = "availability"' in result.series[0].reason


def test_a_reversal_that_is_not_reached_is_not_told_but_may_be_stated():
    short = kept(cells(), lambda well: of("activation")(well) and well.treatment.voltage_v < 0.03)
    result = analysed(short)
    assert not any(one.estimate.name == "Erev" for one in result.pooled)
    assert any("does not reverse" in note for note in result.notes)
    stated = analysed(short, reversal_mv=55.0)
    assert not stated.notes
    half = stated.pool(CONTROL[0], "V1/2").estimate
    assert half.low < ASSAY.truth["v_half activation"] < half.high


def test_a_half_potential_beyond_the_tested_ones_is_a_bound():
    far = kept(cells(), lambda well: of("availability")(well) and well.treatment.voltage_v <= -0.095)
    result = analysed(kept(far, lambda well: well.treatment.role is Role.TOTAL))
    ends = {one.outcome for one in result.series}
    assert ends <= {Outcome.CENSORED, Outcome.FLAGGED, Outcome.FAILED, Outcome.OK}
    for one in result.series:
        for estimate in one.estimates:
            if estimate.name == "V1/2":
                assert estimate.value <= -0.095
                assert estimate.relation in (Relation.ABOVE, Relation.EQUAL)
    assert any(one.estimate.is_bound or one.estimate.relation is Relation.ABOUT for one in result.pooled)


def test_a_drug_without_control_in_its_cell_has_no_shift():
    bare = kept(cells(), lambda well: of("availability")(well) and well.treatment.role is not Role.TOTAL)
    result = analysed(bare)
    assert not any(one.estimate.name == "shift" for one in result.pooled)
    assert any("there is no control in this cell" in note for note in result.notes)


def test_one_cell_has_the_interval_of_its_fit():
    result = analysed(cells()[:1])
    assert "One experiment" in result.pool(CONTROL[1], "V1/2").sentence


def test_standard_errors_of_the_source_are_the_weights():
    known = changed(cells()[:2], lambda well: replace(well, signal_se=2e-11))
    assert all(one.fit.scale_known for one in analysed(known).series)


def test_wrong_input_is_refused_with_what_to_do():
    with pytest.raises(InputError, match="no confidence level"):
        analysed(cells(), level=95.0)
    nowhere = changed(
        cells()[:1], lambda well: replace(well, treatment=replace(well.treatment, voltage_v=math.nan))
    )
    with pytest.raises(InputError, match=r"voltage \(mV\)"):
        analysed(nowhere)
    mixed = [replace(one, wells=(replace(one.wells[0], unit="part"), *one.wells[1:])) for one in cells()[:1]]
    with pytest.raises(InputError, match="different units"):
        analysed(mixed)
    unknown = changed(
        cells()[:1],
        lambda well: replace(well, treatment=replace(well.treatment, concentration_molar=math.nan)),
    )
    with pytest.raises(InputError, match="has no concentration"):
        analysed(unknown)


def test_a_current_without_a_potential_is_set_aside():
    one, *others = cells()
    wells = (
        replace(one.wells[0], treatment=replace(one.wells[0].treatment, voltage_v=math.nan)),
        *one.wells[1:],
    )
    result = analysed((replace(one, wells=wells), *others))
    assert result.experiments[0].wells[0].set_aside == "no potential is stated"
    assert result.rows[2] == 1


def test_means_over_cells_keep_bounds_apart():
    value, bound = Estimate("V1/2", -0.08, "V"), Estimate("V1/2", -0.02, "V", relation=Relation.ABOVE)
    mixed = arithmetic_mean("control", {"a": value, "b": replace(value, value=-0.084), "c": bound})
    assert mixed.estimate.relation is Relation.ABOUT
    assert mixed.estimate.value == pytest.approx(-0.082)
    assert (mixed.n, "1 more gave only a bound" in mixed.sentence) == (3, True)
    bounds = arithmetic_mean("control", {"a": bound, "b": replace(bound, value=-0.01)}).estimate
    assert (bounds.relation, bounds.value) == (Relation.ABOVE, -0.01)
    against = arithmetic_mean("control", {"a": bound, "b": replace(bound, relation=Relation.BELOW)}).estimate
    assert np.isnan(against.value)


def test_the_density_of_the_peak_is_the_largest_current_over_the_capacitance():
    result = analysed(cells())
    found = result.pool(CONTROL[0], "peak current density")
    of_control = of("activation", Role.TOTAL)
    wanted = [
        min(well.signal / well.quality["capacitance"] for well in one.wells if of_control(well))
        for one in cells()
    ]
    assert [one.value for one in found.each] == pytest.approx(wanted)
    assert found.estimate.value == pytest.approx(np.mean(wanted))
    unsized = changed(cells(), lambda well: replace(well, quality={}))
    assert "peak current density" not in {one.estimate.name for one in analysed(unsized).pooled}


def test_a_current_turns_round_where_the_fit_has_it_unless_the_open_channel_rectifies():
    result = analysed(cells())
    found = result.pool(CONTROL[0], "Erev as read").estimate
    assert found.low < ASSAY.truth["reversal"] < found.high
    assert not any("turns round" in note for note in result.notes)

    def rectified(well):
        return replace(well, signal=well.signal / (1.0 + 1.5 * math.exp(well.treatment.voltage_v / 0.025)))

    notes = analysed(changed(cells(), rectified)).notes
    told = [note for note in notes if "turns round" in note and "(activation)" in note]
    assert len(told) == 18
    assert "the open channel is not ohmic" in told[0]


def test_a_stated_reversal_potential_is_held_against_the_currents():
    told = analysed(cells(), reversal_mv=75.0).notes
    assert sum("not at 75 mV as stated" in note for note in told) == 18
