"""A grid of agonist and co-agonist done wrong: the right check speaks, no other, and nothing is invented."""

import math
import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from prusoff.assays._coagonist.bench import PEAK, PLATEAU
from prusoff.assays.coagonist_response import coagonist_response
from prusoff.core.check import Severity
from prusoff.core.errors import PrusoffError
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.plate import Role

SPOILED = runpy.run_path(str(Path(__file__).parents[2] / "spoiled_experiments.py"))
changed, treated, warnings = (SPOILED["changed"], SPOILED["treated"], SPOILED["warnings"])
TRUTH = coagonist_response.truth
EA, EG = "EC50 (agonist)", "EC50 (co-agonist)"


def simulated(seed=3, **truth):
    return coagonist_response.simulate({**TRUTH, **truth}, seed)


def analysed(cells):
    return coagonist_response.run(tuple(cells), coagonist_response.example_settings)


def kept(**limits):
    """Takes wells away whose agonist or co-agonist (where there is any) lies outside the limits."""

    def change(well):
        what = well.treatment
        held = {"agonist": what.concentration_molar, "coagonist": what.second_molar}
        inside = all(held[name] == 0 or low <= held[name] <= high for name, (low, high) in limits.items())
        return well if inside else None

    return change


def test_a_good_experiment_warns_of_nothing_and_tells_peak_from_plateau():
    result = analysed(simulated())
    assert warnings(result) == set()
    for subject in (PEAK, PLATEAU):
        for name in (EA, EG):
            estimate = result.pool(subject, name).estimate
            assert estimate.value == pytest.approx(TRUTH[f"{name} of {subject}"], rel=0.25)
    assert result.pool(PLATEAU, "Emax").n == 5


def test_a_grid_below_half_of_the_agonist_gives_a_bound_and_no_emax():
    result = analysed(changed(simulated(), kept(agonist=(0.0, 11e-6))))
    assert "W-COAG-HALF" in warnings(result)
    few = {"W-COAG-HALF", "W-COAG-LEVELS"}
    assert warnings(result) <= few
    bound = result.pool(PEAK, EA).estimate
    assert (bound.relation, bound.value) == (Relation.ABOVE, pytest.approx(10e-6))
    assert result.pool(PEAK, "Emax").estimate.relation is Relation.ABOVE
    assert {one.outcome for one in result.series} == {Outcome.CENSORED}


def test_a_grid_above_half_of_the_co_agonist_gives_a_bound_from_above():
    lower = {f"{EG} of {PEAK}": 8e-9, f"{EG} of {PLATEAU}": 8e-9}
    result = analysed(simulated(**lower))
    assert "W-COAG-HALF" in warnings(result)
    bound = result.pool(PLATEAU, EG).estimate
    assert (bound.relation, bound.value) == (Relation.BELOW, pytest.approx(0.03e-6))
    agonist = result.pool(PLATEAU, EA).estimate
    assert agonist.value == pytest.approx(TRUTH[f"{EA} of {PLATEAU}"], rel=0.25)


def test_glycine_that_nobody_added_warns_and_makes_its_slope_too_shallow():
    result = analysed(simulated(ambient_coagonist=0.15e-6))
    assert warnings(result) == {"W-COAG-AMBIENT"}
    said = next(flag.sentence for flag in result.flags if flag.code == "W-COAG-AMBIENT")
    assert "slope comes out too shallow" in said
    for subject in (PEAK, PLATEAU):
        slope = result.pool(subject, "slope (co-agonist)").estimate
        assert slope.high < 0.8 * TRUTH[f"slope (co-agonist) of {PLATEAU}"]
    clean = analysed(simulated())
    assert result.pool(PLATEAU, "Emax").estimate.value > clean.pool(PLATEAU, "Emax").estimate.value
    assert result.pool(PEAK, EG).estimate.value < clean.pool(PEAK, EG).estimate.value


def test_run_down_is_taken_off_and_warns_where_it_is_large():
    result = analysed(simulated(rundown_per_s=2.5e-4))
    assert warnings(result) == set()
    for name in (EA, EG):
        estimate = result.pool(PLATEAU, name).estimate
        assert estimate.low < TRUTH[f"{name} of {PLATEAU}"] < estimate.high
    assert warnings(analysed(simulated(rundown_per_s=5e-4))) == {"W-COAG-RUNDOWN"}


def test_two_co_agonist_concentrations_take_slope_one_and_warn():
    cells = simulated()

    def two(well):
        return well if well.treatment.second_molar in (0.0, 0.1e-6, 10e-6) else None

    result = analysed([cells[0], *changed(cells[1:2], two)])
    assert warnings(result) == {"W-COAG-LEVELS"}
    one = next(each for each in result.series if each.experiment == "cell 2")
    assert "slope (co-agonist)" not in {estimate.name for estimate in one.estimates}


def test_cells_without_the_whole_grid_are_fitted_together():
    """Half of the cells vary the agonist at two glycine concentrations, the others glycine at two of the agonist."""
    cells = simulated()
    parts = [
        changed([cell], kept(coagonist=(0.9e-6, 1.0)) if number % 2 else kept(agonist=(90e-6, 1.0)))[0]
        for number, cell in enumerate(cells)
    ]
    result = analysed(parts)
    assert warnings(result) == {"W-COAG-LEVELS"}
    pooled = result.pool(PLATEAU, EG)
    assert "One fit to 5 cells" in pooled.sentence
    assert pooled.n == 5
    for name in (EA, EG):
        value = result.pool(PLATEAU, name).estimate.value
        assert value == pytest.approx(TRUTH[f"{name} of {PLATEAU}"], rel=0.3)
    assert result.pool(PLATEAU, "Emax").n == 5
    assert any("share EC50 and slopes" in step.sentence for step in result.steps)


def test_one_co_agonist_concentration_tells_nothing():
    result = analysed(changed(simulated(), kept(coagonist=(9e-6, 1.0))))
    assert {one.outcome for one in result.series} == {Outcome.FAILED}
    assert all("One concentration of agonist or co-agonist" in one.reason for one in result.series)
    assert result.pooled == ()


def test_controls_hold_no_agonist_and_change_nothing():
    def with_control(well):
        if well.treatment.second_molar > 0:
            return well
        return replace(
            treated(well, role=Role.TOTAL, compound="", concentration_molar=math.nan), signal=2e-12
        )

    before, after = (analysed(one) for one in (simulated(), changed(simulated(), with_control)))
    for name in (EA, EG):
        assert after.pool(PEAK, name).estimate.value == pytest.approx(before.pool(PEAK, name).estimate.value)
    assert {f.severity for f in after.flags if f.code == "W-COAG-AMBIENT"} == {Severity.NOT_ASSESSED}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda well: treated(well, second_molar=math.nan), "at which co-agonist concentration"),
        (lambda well: treated(well, second_compound=""), "at which co-agonist concentration"),
        (lambda well: treated(well, concentration_molar=math.nan), "have no agonist concentration"),
    ],
)
def test_currents_that_cannot_be_placed_are_refused(change, said):
    with pytest.raises(PrusoffError, match=said):
        analysed(changed(simulated(), change))
