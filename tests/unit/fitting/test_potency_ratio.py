"""Potency ratios against Fieller's theorem, against the separate fits, and against the truth of simulated curves."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from prusoff.core.curves import Curve
from prusoff.core.equation import Axis, Equation, Parameter
from prusoff.core.errors import ModelError, UnknownName
from prusoff.core.estimate import Relation
from prusoff.fitting.potency_ratio import Comparing, potency_ratios
from prusoff.fitting.ratio_law import with_ratio
from prusoff.fitting.weights import Weighting

PARALLEL_LINE = Equation(
    "log_dose_line",
    "Log dose line",
    "",
    (Axis("log_concentration", "M", log10=True),),
    Axis("response", "signal"),
    (
        Parameter("slope", "b", "", "rise per decade"),
        Parameter("log_zero", "C0", "M", "concentration of no response", log10=True),
    ),
    lambda x, p: p[0] * (x - p[1]),
    lambda x, p: np.stack(np.broadcast_arrays(x - p[1], -p[0] + 0.0 * x)),
    lambda x, y: np.array([np.polyfit(x, y, 1)[0], x.mean()]),
    "",
    (),
    location="log_zero",
)


def named(curve, label):
    return Curve(curve.x, curve.y, curve.sd, label)


def pair(simulated, seed, first=-7.5, second=-7.0, slope=1.0):
    a, b = simulated(seed, location=first), simulated(seed + 5000, location=second, slope=slope)
    return named(a, "reference"), named(b, "compound")


def fieller(x, first, second):
    """Log potency ratio of two parallel lines with its 95 % limits: Fieller's theorem, Finney 1978."""
    design = np.concatenate(
        [
            np.column_stack([np.ones(x.size), np.zeros(x.size), x]),
            np.column_stack([np.zeros(x.size), np.ones(x.size), x]),
        ]
    )
    y = np.concatenate([first, second])
    inverse = np.linalg.inv(design.T @ design)
    best = inverse @ design.T @ y
    variance = float(((y - design @ best) ** 2).sum() / (y.size - 3))
    t2 = stats.t.ppf(0.975, y.size - 3) ** 2
    away = np.array([-1.0, 1.0, 0.0])  # the distance of the two lines
    distance, slope = float(away @ best), float(best[2])
    v11, v22 = variance * away @ inverse @ away, variance * inverse[2, 2]
    v12 = variance * away @ inverse @ np.array([0.0, 0.0, 1.0])
    roots = np.roots([slope**2 - t2 * v22, -2.0 * (distance * slope - t2 * v12), distance**2 - t2 * v11])
    return distance / slope, *sorted(roots)


def test_parallel_lines_give_the_interval_of_fieller():
    x, rng = np.repeat([-8.0, -7.5, -7.0, -6.5], 3), np.random.default_rng(12)
    first = 4.0 * (x + 7.4) + rng.standard_normal(12)
    second = 4.0 * (x + 7.1) + rng.standard_normal(12)
    found = potency_ratios(PARALLEL_LINE, (Curve(x, first, label="S"), Curve(x, second, label="T")))
    ratio, low, high = fieller(x, first, second)
    estimate = found.ratios[0].estimate
    assert found.parallel
    assert math.log10(estimate.value) == pytest.approx(ratio, abs=1e-7)
    assert (math.log10(estimate.low), math.log10(estimate.high)) == pytest.approx((low, high), abs=1e-5)


def test_parallelism_is_the_f_test_of_two_slopes():
    x, rng = np.repeat([-8.0, -7.5, -7.0, -6.5], 3), np.random.default_rng(13)
    y = [4.0 * (x + 7.4) + rng.standard_normal(12), 5.0 * (x + 7.1) + rng.standard_normal(12)]
    found = potency_ratios(
        PARALLEL_LINE, [Curve(x, one, label=name) for one, name in zip(y, "ST", strict=True)]
    )
    own = sum(float(np.polyfit(x, one, 1, full=True)[1][0]) for one in y)
    slope = sum(np.cov(x, one)[0, 1] for one in y) / (2 * x.var(ddof=1))
    common = sum(float(((one - one.mean() - slope * (x - x.mean())) ** 2).sum()) for one in y)
    f = (common - own) / (own / 20)
    assert found.parallelism.statistic == pytest.approx(f, rel=1e-6)
    assert found.parallelism.df == (1.0, 20.0)
    assert found.parallelism.p == pytest.approx(stats.f.sf(f, 1, 20), rel=1e-6)


def test_the_ratio_law_is_the_law_moved_and_its_jacobian_its_derivative(sigmoid):
    law, x, step = with_ratio(sigmoid), np.array([-np.inf, -9.0, -7.2, np.inf]), 1e-6
    p = np.array([5.0, 100.0, -7.5, 1.2, 0.4])
    assert law.function(x, p) == pytest.approx(sigmoid.function(x, np.array([5.0, 100.0, -7.9, 1.2])))
    for j, derivative in enumerate(law.jacobian(x, p)):
        ahead, behind = p.copy(), p.copy()
        ahead[j] += step
        behind[j] -= step
        assert derivative == pytest.approx(
            (law.function(x, ahead) - law.function(x, behind)) / (2 * step), abs=1e-5
        )


def test_nothing_shared_gives_the_ratio_of_the_separate_fits(sigmoid, simulated):
    found = potency_ratios(sigmoid, pair(simulated, 3), comparing=Comparing(shared=()))
    apart = found.separate.value("log_ic50[reference]") - found.separate.value("log_ic50[compound]")
    one = found.ratios[0]
    assert found.parallelism is None
    assert math.log10(one.estimate.value) == pytest.approx(apart, abs=1e-6)
    assert "not of concentrations of equal effect" in one.sentence
    assert "parallelism was not tested" in one.sentence


def test_several_compounds_against_a_named_reference(sigmoid, simulated):
    first, second = pair(simulated, 1)
    third = named(simulated(77, location=-8.5), "potent")
    found = potency_ratios(sigmoid, (first, second, third), "compound")
    assert [(one.reference, one.compound) for one in found.ratios] == [
        ("compound", "reference"),
        ("compound", "potent"),
    ]
    assert [math.log10(one.estimate.value) for one in found.ratios] == pytest.approx([0.5, 1.5], abs=0.15)
    assert found.parallelism.df == (6.0, 78.0)
    assert "P = " in found.ratios[0].sentence


def test_turning_the_reference_round_turns_the_ratio_round(sigmoid, simulated):
    curves = pair(simulated, 8)
    one = potency_ratios(sigmoid, curves, "reference").ratios[0].estimate
    other = potency_ratios(sigmoid, curves, "compound").ratios[0].estimate
    assert other.value == pytest.approx(1 / one.value, rel=1e-6)
    assert (other.low, other.high) == pytest.approx((1 / one.high, 1 / one.low), rel=1e-4)


def test_curves_that_are_not_parallel_are_refused_or_noted(sigmoid, simulated):
    curves = pair(simulated, 2, slope=2.0)
    refused = potency_ratios(sigmoid, curves)
    assert not refused.parallel
    assert refused.ratios[0].estimate is None
    assert refused.ratios[0].sentence.startswith("No constant ratio is given. The curves are not parallel")
    insisted = potency_ratios(sigmoid, curves, comparing=Comparing(insist=True)).ratios[0]
    assert insisted.estimate.relation is Relation.EQUAL
    assert "changes with the level of effect" in insisted.sentence


def test_a_censored_compound_gives_an_upper_bound_of_its_ratio(sigmoid, simulated):
    """Its IC50 is above the highest tested 10^-5.5 M: so the ratio has an upper bound."""
    found = potency_ratios(sigmoid, pair(simulated, 4, second=-4.5))
    estimate = found.ratios[0].estimate
    assert estimate.relation is Relation.BELOW
    limit = found.joint.intervals["log_ic50"].high + 5.5
    assert math.log10(estimate.value) == pytest.approx(limit)
    assert "compound: IC50 lies above" in found.ratios[0].sentence


def test_a_censored_reference_gives_a_lower_bound(sigmoid, simulated):
    found = potency_ratios(sigmoid, pair(simulated, 4, first=-4.9, second=-8.0))
    estimate = found.ratios[0].estimate
    assert estimate.relation is Relation.ABOVE
    assert 2.3 < math.log10(estimate.value) < 2.5
    assert "reference: IC50 lies above" in found.ratios[0].sentence


def test_two_bounds_on_one_side_say_nothing_and_on_two_sides_a_bound(sigmoid, simulated):
    plateaus = Comparing(known={"bottom": 5.0, "top": 100.0})
    same = potency_ratios(sigmoid, pair(simulated, 6, -4.9, -5.0), comparing=plateaus).ratios[0]
    assert same.estimate is None
    assert "Nothing can be said of their ratio" in same.sentence
    apart = potency_ratios(sigmoid, pair(simulated, 6, -4.9, -10.4), comparing=plateaus).ratios[0].estimate
    assert apart.relation is Relation.ABOVE
    assert math.log10(apart.value) == pytest.approx(-5.5 + 10.0)  # the whole tested range lies between them
    assert apart.method == "bound from both bounds"


def test_curves_without_response_have_no_ratio(sigmoid, simulated):
    x = simulated(1).x
    flat = [Curve(x, 50 + np.random.default_rng(s).standard_normal(30), label=f"flat {s}") for s in (1, 2)]
    found = potency_ratios(sigmoid, flat).ratios[0]
    assert found.estimate is None
    assert found.sentence == "No ratio is given: no response is seen in flat 1 and flat 2."
    half = potency_ratios(
        sigmoid, (named(simulated(3), "active"), flat[0]), comparing=Comparing(shared=("slope",))
    )
    assert half.ratios[0].estimate is None
    assert "no response is seen in flat 1" in half.ratios[0].sentence


def test_known_parameters_are_held_and_weights_are_the_same_in_both_fits(sigmoid, simulated):
    curves = [Curve(c.x, c.y, np.full(30, 3.0), c.label) for c in pair(simulated, 9)]
    found = potency_ratios(
        sigmoid, curves, weighting=Weighting.KNOWN_SD, comparing=Comparing(known={"bottom": 5.0})
    )
    assert found.joint.fixed["bottom"] == found.separate.fixed["bottom"] == 5.0
    assert found.joint.scale_known
    assert found.parallelism.df[0] == 2.0
    assert math.log10(found.ratios[0].estimate.value) == pytest.approx(-0.5, abs=0.1)


def test_wrong_use_is_named(sigmoid, line, simulated):
    curves = pair(simulated, 1)
    with pytest.raises(ModelError, match="two compounds"):
        potency_ratios(sigmoid, curves[:1])
    with pytest.raises(UnknownName, match="'refrence'"):
        potency_ratios(sigmoid, curves, "refrence")
    with pytest.raises(UnknownName, match="parameter to share"):
        potency_ratios(sigmoid, curves, comparing=Comparing(shared=("log_ic50",)))
    with pytest.raises(ModelError, match="no log10 potency"):
        potency_ratios(line, curves)
    with pytest.raises(ModelError, match="cannot be fitted together"):
        potency_ratios(sigmoid, [replace(one, x=one.x[:2], y=one.y[:2]) for one in curves])


@pytest.mark.slow
def test_the_true_ratio_is_covered_at_the_stated_rate(sigmoid, simulated):
    """500 pairs, seeds 1 to 500; parallelism is refused as often as its level says."""
    covered = refused = 0
    locations = np.random.default_rng(3).uniform(-8.5, -6.5, (500, 2))
    for seed, (first, second) in enumerate(locations, 1):
        found = potency_ratios(
            sigmoid, pair(simulated, seed, first, second), comparing=Comparing(insist=True)
        )
        estimate = found.ratios[0].estimate
        covered += estimate.low <= 10 ** (first - second) <= estimate.high
        refused += not found.parallel
    least, most = stats.binom.interval(0.999, 500, 0.95)
    assert least <= covered <= most
    assert 500 - most <= refused <= 500 - least
