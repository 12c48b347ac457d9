"""Block against an agonist done wrong: the right check speaks, no other, and nothing is invented."""

import math
import runpy
from pathlib import Path

import pytest

from prusoff.assays._nmda_block.bench import DRUG
from prusoff.assays.nmda_block import Settings, nmda_block
from prusoff.core.errors import PrusoffError
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.plate import Role

SPOILED = runpy.run_path(str(Path(__file__).parents[2] / "spoiled_experiments.py"))
changed, treated, warnings = (SPOILED["changed"], SPOILED["treated"], SPOILED["warnings"])
TRUTH = nmda_block.truth
PLATEAU, PEAK = f"{DRUG} (plateau)", f"{DRUG} (peak)"
KB = f"KB of {PLATEAU}"


def simulated(seed=3, **truth):
    return nmda_block.simulate({**TRUTH, **truth}, seed)


def analysed(cells, settings=Settings()):  # noqa: B008
    return nmda_block.run(tuple(cells), settings)


def chosen(result, subject):
    return next(step.sentence for step in result.steps if step.sentence.startswith(f"{subject}: "))


def test_a_good_experiment_warns_of_nothing_and_tells_peak_from_plateau():
    result = analysed(simulated())
    assert warnings(result) == set()
    assert "Uncompetitive block has the lowest AICc" in chosen(result, PLATEAU)
    at_100 = result.pool(PLATEAU, "IC50 at 100 µM agonist").estimate
    assert at_100.value == pytest.approx(TRUTH[KB] * 1.3, rel=0.2)  # KB (1 + 30/100)
    peaks = [one for one in result.series if one.subject == PEAK]
    assert {one.outcome for one in peaks} <= {Outcome.NO_RESPONSE, Outcome.CENSORED}
    told = [one for one in result.pooled if one.subject == PEAK and one.estimate.name == "KB"]
    assert all(
        (one.estimate.relation, one.estimate.value) == (Relation.ABOVE, pytest.approx(25e-6)) for one in told
    )


def test_a_blocker_that_competes_is_told_from_one_that_enters_the_open_channel():
    result = analysed(simulated(competes=1.0))
    assert "Competitive block has the lowest AICc" in chosen(result, PLATEAU)
    low, high = (result.pool(PLATEAU, f"IC50 at {level} µM agonist").estimate.value for level in (10, 300))
    assert high > 3.0 * low


def test_run_down_is_taken_off():
    result = analysed(simulated(rundown_per_s=3e-4))
    estimate = result.pool(PLATEAU, "KB").estimate
    assert estimate.low < TRUTH[KB] < estimate.high
    assert "W-WASH" not in warnings(result)


def test_cells_that_lose_a_third_of_their_current_warn():
    assert "W-RUNDOWN" in warnings(analysed(simulated(rundown_per_s=6e-4)))


def test_a_narrow_range_of_the_agonist_warns():
    assert "W-AGO-SPAN" in warnings(analysed(simulated(lowest_agonist=90e-6)))


def test_one_agonist_concentration_tells_no_mechanism():
    result = analysed(changed(simulated(), lambda well: well if well.treatment.second_molar > 2e-4 else None))
    assert {one.outcome for one in result.series} == {Outcome.FAILED}
    assert all("One agonist concentration" in one.reason for one in result.series)
    assert result.pooled == ()


def test_few_and_high_agonist_concentrations_cannot_tell_the_mechanism():
    def few(well):
        what = well.treatment
        kept = what.second_molar > 5e-5 and (
            what.role is not Role.COMPOUND or what.concentration_molar < 2e-6
        )
        return well if kept and what.end_point == "plateau" else None

    result = analysed(changed(simulated()[:1], few))
    assert "W-AGO-MECH" in warnings(result)
    kb = result.pool(PLATEAU, "KB").estimate
    assert kb.relation is Relation.ABOUT
    assert "cannot tell it from" in chosen(result, PLATEAU)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda well: treated(well, second_molar=math.nan), "at which agonist concentration"),
        (lambda well: treated(well, concentration_molar=math.nan), "a blocker has no concentration"),
        (lambda well: treated(well, second_compound="glutamate"), "wells hold glutamate"),
    ],
)
def test_currents_that_cannot_be_placed_are_refused(change, said):
    with pytest.raises(PrusoffError, match=said):
        analysed(changed(simulated(), change), Settings(agonist="NMDA"))
