"""Block at several potentials done wrong: the right check speaks, no other, and nothing is invented."""

import math
import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from prusoff.assays._voltage_dependent_block.bench import DRUG
from prusoff.assays.voltage_dependent_block import Settings, voltage_dependent_block
from prusoff.core.check import Severity
from prusoff.core.errors import PrusoffError
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.plate import Role

SPOILED = runpy.run_path(str(Path(__file__).parents[2] / "spoiled_experiments.py"))
changed, treated, warnings = (SPOILED["changed"], SPOILED["treated"], SPOILED["warnings"])
TRUTH = voltage_dependent_block.truth
KD, DELTA = f"KD(0 mV) of {DRUG}", f"electrical distance of {DRUG}"


def simulated(seed=3, **truth):
    return voltage_dependent_block.simulate({**TRUTH, **truth}, seed)


def analysed(cells, settings=Settings()):  # noqa: B008
    return voltage_dependent_block.run(tuple(cells), settings)


def test_a_good_experiment_warns_of_nothing():
    assert warnings(analysed(simulated())) == set()


def test_two_potentials_warn_and_one_gives_no_distance():
    assert warnings(analysed(simulated(potentials=2.0))) == {"W-PORE-N"}
    at_one = analysed(simulated(potentials=1.0))
    assert {one.outcome for one in at_one.series} == {Outcome.FAILED}
    assert all("One potential (−100 mV)" in one.reason for one in at_one.series)
    names = {one.estimate.name for one in at_one.pooled}
    assert names == {"local KD (−100 mV)"}


def test_a_blocker_that_feels_no_field_warns_and_keeps_its_kd():
    result = analysed(simulated(**{DELTA: 0.0}))
    assert warnings(result) == {"W-PORE-SPAN"}
    distance = result.pool(DRUG, "electrical distance").estimate
    assert distance.low < 0.0 < distance.high or abs(distance.value) < 0.03
    assert result.pool(DRUG, "KD(0 mV)").estimate.value == pytest.approx(TRUTH[KD], rel=0.15)


def test_a_blocker_that_passes_through_the_pore_bends_the_line():
    result = analysed(simulated(relief=0.02))
    assert warnings(result) == {"W-PORE-BEND"}
    said = {flag.sentence for flag in result.flags if flag.code == "W-PORE-BEND"}
    assert all("strong hyperpolarisation" in sentence for sentence in said)
    assert any(band.label == "bent" for one in result.series for band in one.bands)


def test_kd_at_0_mv_that_was_not_measured_there_is_told_as_drawn_on():
    result = analysed(simulated(highest_v=-0.02, potentials=5.0))
    noted = [flag for flag in result.flags if flag.code == "W-PORE-ZERO"]
    assert {flag.severity for flag in noted} == {Severity.NOTE}
    assert "do not reach 0 mV" in noted[0].sentence
    estimate = result.pool(DRUG, "KD(0 mV)").estimate
    assert estimate.low < TRUTH[KD] < estimate.high


def test_a_drug_that_never_blocks_half_gives_a_bound_and_no_distance():
    result = analysed(simulated(**{KD: 30e-3}))
    assert {one.outcome for one in result.series} == {Outcome.CENSORED}
    assert not any(one.estimate.name in ("KD(0 mV)", "electrical distance") for one in result.pooled)
    (bound,) = result.series[0].estimates
    assert (bound.relation, bound.value) == (Relation.ABOVE, pytest.approx(300e-6))


def test_a_drug_that_does_not_block_gives_nothing():
    result = analysed(simulated(**{KD: 1e3}))
    assert {one.outcome for one in result.series} == {Outcome.NO_RESPONSE}
    assert result.pooled == ()


def test_the_distance_follows_the_valence_and_the_charge_does_not():
    cells = simulated()
    one, two = (analysed(cells, Settings(valence=charge)) for charge in (1.0, 2.0))
    for name, factor in (("electrical distance", 0.5), ("zδ", 1.0), ("KD(0 mV)", 1.0)):
        assert two.pool(DRUG, name).estimate.value == pytest.approx(
            factor * one.pool(DRUG, name).estimate.value
        )


def test_a_free_slope_finds_slope_one():
    result = analysed(simulated(), Settings(hill_slope="free"))
    assert result.pool(DRUG, "KD(0 mV)").estimate.value == pytest.approx(TRUTH[KD], rel=0.2)
    slopes = [one.fit.value("hill_slope") for one in result.series if one.fit is not None]
    assert all(abs(slope - 1.0) < 0.1 for slope in slopes)


def test_a_potential_without_control_is_left_out():
    def spoiled(well):
        gone = well.treatment.voltage_v == -0.1 and well.treatment.role in (Role.TOTAL, Role.WASH)
        return None if gone else well

    result = analysed(changed(simulated(), spoiled))
    assert not any("−100 mV" in one.estimate.name for one in result.pooled)
    assert result.pool(DRUG, "electrical distance").estimate.value == pytest.approx(TRUTH[DELTA], abs=0.05)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda well: treated(well, voltage_v=math.nan), "at which potential"),
        (lambda well: treated(well, concentration_molar=math.nan), "a drug has no concentration"),
    ],
)
def test_currents_that_cannot_be_placed_are_refused(change, said):
    with pytest.raises(PrusoffError, match=said):
        analysed(changed(simulated(), change))


def test_the_temperature_has_to_be_stated_and_the_drug_charged():
    cold = [replace(one, conditions=replace(one.conditions, temperature_c=math.nan)) for one in simulated()]
    with pytest.raises(PrusoffError, match="temperature is not stated"):
        analysed(cold)
    with pytest.raises(PrusoffError, match="no electrical distance"):
        analysed(simulated(), Settings(valence=0.0))
