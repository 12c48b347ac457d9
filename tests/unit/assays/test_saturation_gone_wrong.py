"""Saturation experiments that go wrong on a simulated bench: no sites seen, no constants printed."""

from dataclasses import replace

import numpy as np
import pytest

from prusoff.assays import catalog
from prusoff.core.check import Severity
from prusoff.core.fit import Outcome
from prusoff.core.headline import headlines
from prusoff.core.plate import Role

ASSAY = catalog["radioligand_saturation"]


@pytest.fixture(scope="module")
def spoiled():
    """spoiled(change of a well) -> the result of the simulated bench with all wells so changed."""

    def run(change):
        (day,) = ASSAY.simulate(ASSAY.truth, 1)
        wells = tuple(change(well) for well in day.wells)
        return ASSAY.run((replace(day, wells=wells),), ASSAY.example_settings)

    return run


def flag(result, code):
    return next(one for one in result.flags if one.code == code)


def swapped(well):
    role = {Role.TOTAL: Role.NSB, Role.NSB: Role.TOTAL}[well.treatment.role]
    return replace(well, treatment=replace(well.treatment, role=role))


def in_arbitrary_units(change):
    return lambda well: replace(change(well), unit="signal")


def read_as(expected, seed=3, cv=0.03):
    """A change of wells: counts scatter around expected(role, molar)."""
    rng = np.random.default_rng(seed)

    def change(well):
        mean = expected(well.treatment.role, well.treatment.radioligand_molar)
        return replace(well, signal=float(rng.poisson(mean * (1 + cv * rng.standard_normal()))))

    return change


def same(role, molar):
    return 300.0


def line_for_both(role, molar):
    return 100 + 3e11 * molar


def nonspecific_above(role, molar):
    return 100 + (3e11 if role is Role.TOTAL else 1.2e12) * molar


def no_constants(result):
    (series,) = result.series
    assert series.outcome is Outcome.FAILED
    assert series.estimates == ()
    assert result.pooled == ()
    assert result.worst is Severity.FAIL
    assert flag(result, "W-OUT").sentence == f"No constant: {series.reason}"
    assert [line.text for line in headlines(result)] == ["not determined"]
    return series.reason


@pytest.mark.parametrize("change", [swapped, in_arbitrary_units(swapped)])
def test_swapped_wells_are_said_to_look_swapped(spoiled, change):
    result = spoiled(change)
    assert no_constants(result).startswith(
        "The nonspecific wells read higher than the total wells: they look swapped."
    )
    assert flag(result, "W-SB").severity is Severity.FAIL


@pytest.mark.parametrize("expected", [same, line_for_both])
@pytest.mark.parametrize("unit", [lambda change: change, in_arbitrary_units])
def test_without_specific_binding_there_is_no_kd(spoiled, expected, unit):
    for seed in range(3):
        assert "No specific binding is seen" in no_constants(spoiled(unit(read_as(expected, seed))))


def test_nonspecific_above_total_is_no_binding(spoiled):
    assert "nonspecific wells" in no_constants(spoiled(read_as(nonspecific_above)))


@pytest.mark.parametrize("reading", [0.0, 500.0])
@pytest.mark.parametrize("unit", ["counts", "cpm", "dpm", "signal"])
def test_a_dead_counter_gives_a_sentence_and_no_number(spoiled, reading, unit):
    reason = no_constants(spoiled(lambda well: replace(well, signal=reading, unit=unit)))
    assert reason.startswith("All wells read the same")


def test_few_sites_are_still_seen(spoiled):
    def weak(role, molar):
        return 100 + 5e11 * molar + (1500 * molar / (molar + 8e-10) if role is Role.TOTAL else 0)

    (series,) = spoiled(read_as(weak, cv=0.02)).series
    assert series.outcome.usable
    assert series.estimate("Kd").low < 8e-10 < series.estimate("Kd").high


def test_single_wells_are_judged_by_the_whole_curve(spoiled):
    def lone(change):
        return lambda well: (
            replace(change(well), unit="signal")
            if well.position[0] in "AD"
            else replace(well, unit="signal", set_aside="not used")
        )

    assert "look swapped" in no_constants(spoiled(lone(swapped)))
    assert spoiled(lone(lambda well: well)).series[0].outcome.usable


def test_exact_readings_are_judged_by_their_sign(spoiled):
    def exact(sign):
        def change(well):
            molar = well.treatment.radioligand_molar
            specific = sign * 1500 * molar / (molar + 8e-10) if well.treatment.role is Role.TOTAL else 0.0
            return replace(well, signal=4000 + 3e11 * molar + specific, unit="signal")

        return change

    assert "look swapped" in no_constants(spoiled(exact(-1)))
    assert "No specific binding is seen" in no_constants(spoiled(exact(0)))
    (series,) = spoiled(exact(1)).series
    assert series.estimate("Kd").value == pytest.approx(8e-10, rel=0.01)  # [L] as counted


def test_bmax_has_no_p_value():
    result = ASSAY.run(ASSAY.simulate(ASSAY.truth, 1), ASSAY.example_settings)
    values = {one.estimate.name: one.p_estimate for one in result.pooled}
    assert values["Bmax"] is None
    assert values["Kd"].name == "pKd"
