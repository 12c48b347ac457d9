"""Onset and wash-out of a block done wrong: the right check speaks, no other, and nothing is invented."""

import math
import runpy
from pathlib import Path

import pytest

from prusoff.assays._block_kinetics.bench import DRUG
from prusoff.assays.block_kinetics import Settings, block_kinetics
from prusoff.core.check import Severity
from prusoff.core.errors import PrusoffError
from prusoff.core.fit import Outcome
from prusoff.core.plate import Role

SPOILED = runpy.run_path(str(Path(__file__).parents[2] / "spoiled_experiments.py"))
changed, treated, warnings = (SPOILED["changed"], SPOILED["treated"], SPOILED["warnings"])
TRUTH = block_kinetics.truth
SETTINGS = block_kinetics.example_settings


def simulated(seed=3, **truth):
    return block_kinetics.simulate({**TRUTH, **truth}, seed)


def analysed(cells, settings=SETTINGS):
    return block_kinetics.run(tuple(cells), settings)


def test_a_good_experiment_warns_of_nothing_and_tells_one_story():
    result = analysed(simulated())
    assert warnings(result) == set()
    (ratio,) = result.ratios
    assert ratio.verdict == "agrees"
    assert ratio.estimate.value == pytest.approx(1.0, abs=0.1)


def test_times_depths_and_recovery_are_those_of_the_bench():
    result = analysed(simulated())
    kon, koff = TRUTH[f"kon of {DRUG}"], TRUTH[f"koff of {DRUG}"]
    rate = kon * 10e-6 + koff
    for name, truth in (
        ("KD", koff / kon),
        ("IC50", koff / kon),
        ("tau off", 1.0 / koff),
        ("tau on (10 µM)", 1.0 / rate),
        ("time to 90 % (10 µM)", math.log(10.0) / rate),
        ("slow time constant of recovery", 0.8),
    ):
        assert result.pool(DRUG, name).estimate.value == pytest.approx(truth, rel=0.25), name
    assert result.pool(DRUG, "steady block (10 µM)").estimate.value == pytest.approx(
        100 * kon * 1e-5 / rate, abs=5
    )
    slow = result.pool(DRUG, "slow part of recovery by the drug (10 µM)").estimate
    assert slow.value == pytest.approx(35.0, abs=3.0)


def test_an_application_that_is_too_short_for_a_slow_drug_warns():
    rates = {f"kon of {DRUG}": 0.004e6, f"koff of {DRUG}": 0.04}
    assert "W-BLK-LATE" in warnings(analysed(simulated(**rates)))


def test_a_wash_that_is_too_short_warns():
    def early(well):
        return None if well.treatment.role is Role.WASH and well.treatment.time_s > 6.0 else well

    assert warnings(analysed(changed(simulated(), early))) == {"W-BLK-OFF"}


def test_rates_as_fast_as_the_exchange_of_the_solution_warn():
    assert warnings(analysed(simulated(), Settings(exchange_s=0.4))) == {"W-BLK-FLOW"}
    flags = [flag for flag in analysed(simulated(), Settings()).flags if flag.code == "W-BLK-FLOW"]
    assert {flag.severity for flag in flags} == {Severity.NOT_ASSESSED}


def test_onsets_that_another_step_limits_warn():
    assert "W-BLK-LINE" in warnings(analysed(simulated(limit_per_s=0.6)))


def test_a_drug_that_stays_tells_another_story_than_its_steady_block():
    def washed_slowly(well):
        what = well.treatment
        return treated(well, time_s=what.time_s * 8.0) if what.role is Role.WASH else well

    result = analysed(changed(simulated(), washed_slowly))
    assert "W-BLK-KD" in warnings(result)
    assert result.ratios[0].verdict == "disagrees"


def test_run_down_is_not_taken_for_block_that_stays():
    result = analysed(simulated(rundown_per_s=3e-3))
    for name in ("kon", "koff"):
        estimate = result.pool(DRUG, name).estimate
        assert estimate.value == pytest.approx(TRUTH[f"{name} of {DRUG}"], rel=0.2), name


def test_a_drug_that_does_not_block_gives_no_rates():
    result = analysed(simulated(**{f"kon of {DRUG}": 1.0}))
    series = [one for one in result.series if one.x_label == "time (s)"]
    assert {one.outcome for one in series} == {Outcome.NO_RESPONSE}
    assert not any(one.estimate.name in ("kon", "koff", "KD", "IC50") for one in result.pooled)


def test_one_concentration_without_a_wash_gives_no_rates_and_says_what_to_do():
    def onset_only(well):
        kept = well.plate == "application 10 uM" and well.treatment.role is not Role.WASH
        return well if kept else None

    series = analysed(changed(simulated(), onset_only)).series
    assert {one.outcome for one in series} == {Outcome.FAILED}
    assert all("kon and koff cannot be told apart" in one.reason for one in series)


def test_several_concentrations_without_a_wash_give_the_rates_of_the_line():
    def onset_only(well):
        return None if well.treatment.role is Role.WASH else well

    result = analysed(changed(simulated(), onset_only))
    assert result.pool(DRUG, "kon").estimate.value == pytest.approx(TRUTH[f"kon of {DRUG}"], rel=0.2)


def test_few_readings_give_no_rates():
    def few(well):
        return None if well.treatment.time_s > 0.6 else well

    series = analysed(changed(simulated(), few)).series
    assert {one.outcome for one in series} == {Outcome.FAILED}
    assert all("at least 4 are needed" in one.reason for one in series)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda well: treated(well, time_s=math.nan), "do not say when they were taken"),
        (
            lambda well: treated(well, concentration_molar=math.nan),
            "do not say which drug at which concentration",
        ),
    ],
)
def test_readings_that_cannot_be_placed_are_refused(change, said):
    with pytest.raises(PrusoffError, match=said):
        analysed(changed(simulated(), change))


def test_an_exchange_in_no_time_is_refused():
    with pytest.raises(PrusoffError, match="exchange of the solution"):
        analysed(simulated(), Settings(exchange_s=-1.0))
