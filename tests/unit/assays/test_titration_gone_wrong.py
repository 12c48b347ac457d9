"""Titrations that go wrong on a simulated bench: too much partner, no plateau, no partner stated, nothing to see."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.assays import catalog
from prusoff.assays._titration.bench import simulated_day
from prusoff.core.check import Severity
from prusoff.core.errors import InputError, LayoutError
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.headline import headlines
from prusoff.core.plate import Role

ASSAY = catalog["titration"]
WEAK = {"Kd of first": 20e-9, "Kd of second": 60e-9, "partner_molar": 0.2e-9}  # nothing is used up


def day(seed=1, **truth):
    return simulated_day(1, {**ASSAY.truth, **WEAK, **truth}, np.random.default_rng(seed))


def analysed(*days, **settings):
    return ASSAY.run(tuple(days), ASSAY.settings(**settings))


def changed(one, change):
    return replace(one, wells=tuple(change(well) for well in one.wells))


def with_treatment(change):
    return lambda well: replace(well, treatment=change(well.treatment))


def warned(result):
    return {flag.code for flag in result.flags if flag.severity in (Severity.WARN, Severity.FAIL)}


def flag(result, code):
    return next(one for one in result.flags if one.code == code)


def test_a_good_titration_raises_nothing():
    assert [warned(analysed(day(seed))) for seed in range(5)] == [set()] * 5


def test_a_partner_that_is_not_far_below_kd_is_warned_of_and_the_quadratic_kd_is_right():
    tight = {"Kd of first": 1e-9, "Kd of second": 2e-9, "partner_molar": 5e-9}
    found = {"Kd": [], "Kd by the hyperbola": []}
    for seed in range(6):
        result = analysed(day(seed, **tight))
        assert warned(result) == {"W-PARTNER"}
        for name, errors in found.items():
            errors.append(math.log10(result.series[0].estimate(name).value / 1e-9))
    assert abs(np.mean(found["Kd"])) < 0.05
    assert np.mean(found["Kd by the hyperbola"]) > 0.4
    assert "so believe this one, of the quadratic law" in result.pool("first", "Kd").sentence


def test_a_partner_hundreds_of_times_above_kd_gives_a_bound_or_an_interval_that_holds_kd():
    for seed in range(6):
        result = analysed(day(seed, **{"Kd of first": 1e-11, "partner_molar": 10e-9}))
        kd = result.series[0].estimate("Kd")
        if kd.relation is Relation.BELOW:
            assert kd.value > 1e-11
        else:
            assert kd.low < 1e-11 < kd.high
        assert flag(result, "W-PARTNER").severity is Severity.WARN


def test_without_a_plateau_that_is_said():
    def little(well):
        if well.treatment.role is Role.COMPOUND and well.treatment.concentration_molar > 3.5e-8:
            return replace(well, set_aside="not added")
        return well

    result = analysed(changed(day(2, **{"Kd of first": 15e-9}), little))
    assert "W-PLATEAU" in warned(result)
    assert "W-PARTNER" not in warned(result)


def test_without_the_partner_concentration_it_is_the_hyperbola_and_how_to_state_it_is_told():
    one = day()
    result = analysed(replace(one, conditions=replace(one.conditions, receptor_molar=math.nan)))
    assert result.series[0].fit.equation.name == "hyperbolic_titration"
    assert flag(result, "W-PARTNER").severity is Severity.NOT_ASSESSED
    assert any('receptor = "2 nM"' in note for note in result.notes)
    assert result.pool("first", "Kd").estimate.value == pytest.approx(20e-9, rel=0.1)


def test_a_signal_that_falls_on_binding_gives_the_same_kd():
    falling = {"free": 20000.0, "span": -17000.0}
    for seed in range(3):
        kd = analysed(day(seed, **falling)).series[0].estimate("Kd")
        assert kd.value == pytest.approx(20e-9, rel=0.1)


def test_what_is_added_may_glow_by_itself_and_without_wells_that_tell_so_the_curve_is_flagged():
    bright = {"by_itself": 1e11, "Kd of second": 20e-9}
    one = day(4, **bright)
    told = analysed(one).series[0].estimate("Kd")
    assert told.low < 20e-9 < told.high

    def blind(well):
        return replace(well, set_aside="lost") if well.treatment.role is Role.NSB else well

    result = analysed(changed(one, blind))
    assert result.series[0].outcome is not Outcome.OK
    assert "W-PLATEAU" in warned(result) or result.series[0].outcome is Outcome.CENSORED


def test_nonspecific_wells_that_do_not_say_what_was_added_are_set_aside_with_a_reason():
    unstated = with_treatment(
        lambda what: replace(what, concentration_molar=math.nan) if what.role is Role.NSB else what
    )
    result = analysed(changed(day(), unstated))
    reasons = {well.set_aside for one in result.experiments for well in one.wells if not well.used}
    assert reasons == {"a nonspecific well tells nothing without the concentration of what was added"}
    assert result.rows[2] == 16


def test_a_flat_signal_has_no_constant():
    result = analysed(day(5, span=0.0, by_itself=0.0))
    assert {one.outcome for one in result.series} <= {Outcome.NO_RESPONSE, Outcome.FAILED}
    assert result.pooled == ()
    assert all(line.estimate is None for line in headlines(result))


def test_a_dead_reader_gives_no_constant():
    result = analysed(changed(day(), lambda well: replace(well, signal=7.0)))
    assert {one.outcome for one in result.series} == {Outcome.FAILED}
    assert "All wells read the same" in result.series[0].reason


def test_three_concentrations_are_no_titration():
    def few(well):
        if well.treatment.role is Role.COMPOUND and not 1e-9 < well.treatment.concentration_molar < 4e-8:
            return replace(well, set_aside="torn")
        return well

    result = analysed(changed(day(), few))
    assert result.series[0].outcome is Outcome.FAILED
    assert "3 concentrations make no titration; at least 4 are needed" in result.series[0].reason


def test_a_well_without_concentration_is_refused_with_its_place():
    lost = with_treatment(
        lambda what: replace(what, concentration_molar=math.nan) if what.role is Role.COMPOUND else what
    )
    with pytest.raises(InputError, match="'first' has no concentration"):
        analysed(changed(day(), lost))


def test_a_run_without_anything_added_is_refused():
    alone = with_treatment(lambda what: replace(what, role=Role.TOTAL, compound=""))
    with pytest.raises(LayoutError, match="no well holds a compound"):
        analysed(changed(day(), alone))


def test_mixed_units_are_refused():
    one = day()
    wells = (replace(one.wells[0], unit="mP"), *one.wells[1:])
    with pytest.raises(InputError, match="different units"):
        analysed(replace(one, wells=wells))


def test_a_level_that_is_none_is_refused():
    with pytest.raises(InputError, match="no confidence level"):
        analysed(day(), level=1.5)
