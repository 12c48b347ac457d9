"""Trains of pulses done wrong: the right check speaks, no other, and nothing is invented."""

import math
import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from prusoff.assays._use_dependent_block.bench import DRUG
from prusoff.assays.use_dependent_block import Settings, use_dependent_block
from prusoff.core.errors import PrusoffError
from prusoff.core.fit import Outcome
from prusoff.core.plate import Role

SPOILED = runpy.run_path(str(Path(__file__).parents[2] / "spoiled_experiments.py"))
changed, treated, warnings = (SPOILED["changed"], SPOILED["treated"], SPOILED["warnings"])
TRUTH = use_dependent_block.truth
SETTINGS = use_dependent_block.example_settings


def simulated(seed=3, **truth):
    return use_dependent_block.simulate({**TRUTH, **truth}, seed)


def analysed(cells, settings=SETTINGS):
    return use_dependent_block.run(tuple(cells), settings)


def test_a_good_experiment_warns_of_nothing():
    assert warnings(analysed(simulated())) == set()


def test_kd_recovery_and_block_are_those_of_the_rates():
    result = analysed(simulated())
    kon, koff = TRUTH[f"kon of {DRUG}"], TRUTH[f"koff of {DRUG}"]
    for name, truth in (("KD", koff / kon), ("recovery time constant", 1.0 / koff)):
        estimate = result.pool(DRUG, name).estimate
        assert estimate.low < truth < estimate.high
    steady = result.pool(DRUG, "use-dependent block (10 µM, 10 Hz)").estimate
    assert steady.value == pytest.approx(58.06, abs=4.0)  # the steady state of these rates
    first = result.pool(DRUG, "block of the first pulse (10 µM, 10 Hz)").estimate
    assert first.low < 100.0 * TRUTH["tonic_block"] < first.high


def test_the_loss_along_a_train_is_what_its_last_pulse_lacks_as_measured():
    cells = simulated()
    result = analysed(cells)
    for label, drug in (("10 µM, 10 Hz", 1e-5), ("no drug, 10 Hz", 0.0)):
        found = result.pool(DRUG, f"loss along the train ({label})")
        for cell, estimate in zip(cells, found.each, strict=True):
            ends = [
                well.signal
                for pulse in (1.0, TRUTH["pulses"])
                for well in cell.wells
                if well.plate.startswith("10 Hz") and well.treatment.pulse == pulse
                if (well.treatment.concentration_molar if drug else 0.0) == drug
                and (well.treatment.role is Role.COMPOUND) == (drug > 0)
            ]
            assert estimate.value == pytest.approx(100.0 * (1.0 - ends[1] / ends[0]))
            assert estimate.low < estimate.value < estimate.high


def test_trains_without_drug_that_are_missing_at_one_frequency_warn_and_leave_the_first_pulse_open():
    result = analysed(simulated(with_control=0.0))
    assert warnings(result) == {"W-UDB-CTRL"}
    assert any("no train without drug at 10 Hz" in note for note in result.notes)
    names = {one.estimate.name for one in result.pooled}
    assert "block of the first pulse (10 µM, 2 Hz)" in names
    assert "block of the first pulse (10 µM, 10 Hz)" not in names


def test_without_any_train_without_drug_the_run_is_refused():
    cells = changed(simulated(), lambda well: None if well.treatment.role is Role.TOTAL else well)
    with pytest.raises(PrusoffError, match="no cell has a train without drug"):
        analysed(cells)


def test_trains_that_are_too_short_for_their_steady_state_warn():
    assert warnings(analysed(simulated(pulses=10.0))) == {"W-UDB-SS"}


def test_a_drug_that_also_binds_between_pulses_is_no_guarded_receptor():
    assert warnings(analysed(simulated(kept_open=0.15))) == {"W-UDB-ONE"}


def test_channels_that_inactivate_by_themselves_warn():
    assert warnings(analysed(simulated(loss=0.5))) == {"W-UDB-LOSS"}


def test_a_bad_clamp_warns_and_its_pulses_are_set_aside():
    def spoiled(well):
        late = well.experiment == "cell 2" and well.plate == "10 Hz, 10 uM"
        return replace(well, quality={**well.quality, "series_resistance": 40e6}) if late else well

    result = analysed(changed(simulated(), spoiled))
    assert warnings(result) == {"W-RS", "W-RS-CHANGE"}
    assert result.rows[2] == 24
    assert result.pool(DRUG, "kon").n == 4


def test_a_drug_without_use_dependence_gives_no_rates():
    result = analysed(simulated(**{f"kon of {DRUG}": 1.0}))
    assert all(one.outcome is Outcome.NO_RESPONSE for one in result.series)
    assert all("No use-dependent block is seen" in one.reason for one in result.series)
    assert result.pooled == ()


def test_inactivation_without_drug_is_not_counted_as_block():
    result = analysed(simulated(loss=0.25, **{f"kon of {DRUG}": 1.0}))
    assert all(one.outcome is Outcome.NO_RESPONSE for one in result.series)
    kept = analysed(simulated(loss=0.25)).pool(DRUG, "kon").estimate
    assert kept.low < TRUTH[f"kon of {DRUG}"] < kept.high


def test_outward_currents_give_the_same_as_inward_ones():
    turned = analysed(changed(simulated(), lambda well: replace(well, signal=-well.signal)))
    for name in ("kon", "koff"):
        here, there = (one.pool(DRUG, name).estimate.value for one in (turned, analysed(simulated())))
        assert here == pytest.approx(there, rel=1e-9)


def test_the_period_may_be_stated_where_wells_have_no_times():
    def timeless(well):
        return treated(well, time_s=math.nan) if well.plate.startswith("10 Hz") else None

    cells = changed(simulated(), timeless)
    with pytest.raises(PrusoffError, match="time between pulses is not known"):
        analysed(cells)
    stated = analysed(cells, replace(SETTINGS, period_s=0.1))
    timed = analysed(changed(simulated(), lambda well: well if well.plate.startswith("10 Hz") else None))
    assert stated.pool(DRUG, "kon").estimate.value == pytest.approx(timed.pool(DRUG, "kon").estimate.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda well: treated(well, pulse=math.nan), "do not say which pulse they are"),
        (lambda well: replace(well, plate="all"), "pulse 1 stands twice in one train"),
        (lambda well: treated(well, concentration_molar=math.nan), "a drug has no concentration"),
        (lambda well: replace(well, unit="pA") if well.plate[0] == "2" else well, "different units"),
    ],
)
def test_wells_that_cannot_be_read_are_refused_and_say_why(change, said):
    with pytest.raises(PrusoffError, match=said):
        analysed(changed(simulated(), change))


def test_the_length_of_a_pulse_has_to_be_stated_and_to_fit():
    with pytest.raises(PrusoffError, match="how long a pulse lasts"):
        analysed(simulated(), Settings())
    with pytest.raises(PrusoffError, match="one follows the other"):
        analysed(simulated(), Settings(pulse_s=0.2))


def test_a_train_of_three_pulses_is_set_aside_with_its_reason():
    def cut(well):
        return None if well.plate == "2 Hz, 5 uM" and well.treatment.pulse > 3 else well

    result = analysed(changed(simulated(), cut))
    aside = [well for cell in result.experiments for well in cell.wells if not well.used]
    assert {well.set_aside for well in aside} == {"its train has 3 pulses; at least 4 are needed"}
    assert result.rows[2] == len(aside) == 12
