"""Laws with many searched parameters: the lowest valley is found, by one curve at a time and by many at once."""

import numpy as np
import pytest

from prusoff.core.curves import Curve, Curves
from prusoff.equations import catalog
from prusoff.fitting.batch import fit_batch
from prusoff.fitting.batch.faces import orthonormal
from prusoff.fitting.batch.grid import Grid
from prusoff.fitting.batch.joined import Joined
from prusoff.fitting.batch.law import BatchLaw
from prusoff.fitting.levenberg import minimise
from prusoff.fitting.objective import Objective
from prusoff.fitting.problem import Problem
from prusoff.fitting.solve import Options, fit_curve
from prusoff.fitting.weights import Weighting, weigh

DOSES = np.linspace(-10.0, -5.5, 10)
BARE = Options(intervals="", response_level=1.0)
BIPHASIC = catalog["biphasic"]
SHARING = ("biphasic", "two_site_competition", "two_site_competition_ki")


def two_steps(count, seed=17):
    """Two steps, two decades apart, in triplicate with an SD of 2 %: the work of bench.engine."""
    random = np.random.default_rng(seed)
    x, curves = np.repeat(DOSES, 3), []
    for _ in range(count):
        truth = np.array([0.0, 100.0, 0.5, random.uniform(-9.0, -8.0), 2.0, 1.0, 1.0])
        curves.append(Curve(x, BIPHASIC.function(x, truth) + 2.0 * random.standard_normal(x.size)))
    return curves


def lowest(curve, starts=150):
    """The lowest sum of squares that descents from many random places reach: another way than that of both engines."""
    problem, random = Problem(BIPHASIC, (curve,)), np.random.default_rng(1)
    objective = Objective(problem, weigh(Weighting.NONE, problem.curves, [curve.y]))
    limits, best = (problem.lower, problem.upper), np.inf
    for _ in range(starts):
        bottom, top = random.uniform(-20.0, 20.0), random.uniform(80.0, 120.0)
        slopes = np.exp(random.uniform(np.log(0.1), np.log(5.0), 2))
        place = [random.uniform(0.0, 1.0), random.uniform(-10.5, -5.5), random.uniform(0.0, 4.5)]
        found = minimise(objective, np.array([bottom, top, *place, *slopes]), limits)
        best = min(best, found.sum_of_squares)
    return best


@pytest.mark.slow
def test_the_lowest_valley_of_two_steps_is_found():
    curves = two_steps(12)
    together = fit_batch(BIPHASIC, Curves.of(curves), options=BARE).sum_of_squares
    for curve, sums in zip(curves, together, strict=True):
        known = lowest(curve) * (1.0 + 1e-6)
        assert sums <= known
        assert fit_curve(BIPHASIC, curve, options=BARE).sum_of_squares <= known


def test_one_curve_and_many_find_the_same_valley():
    curves = two_steps(20)
    together = fit_batch(BIPHASIC, Curves.of(curves), options=BARE).sum_of_squares
    alone = [fit_curve(BIPHASIC, curve, options=BARE).sum_of_squares for curve in curves]
    np.testing.assert_allclose(together, alone, rtol=1e-7)


@pytest.mark.parametrize("name", SHARING)
def test_a_part_told_by_its_amount_is_the_same_law(name):
    law = BatchLaw.of(catalog[name], {}, DOSES)
    assert law.part is not None
    joined = Joined.of(law, law.part)
    table = catalog[name].start(DOSES, np.linspace(110.0, 10.0, 10))[:, None] + np.zeros((1, 3))
    table[law.part.position] = [0.2, 0.5, 0.9]
    amounts = joined.amounts(table)
    np.testing.assert_allclose(joined.parts(amounts), table, rtol=1e-12)
    response, slopes = joined.law.response(DOSES[:, None], amounts)
    np.testing.assert_allclose(response, law.equation.function(DOSES[:, None], table), rtol=1e-12)
    for row, position in enumerate(joined.law.free):
        step = 1e-6 * np.maximum(np.abs(amounts[position]), 1.0)
        ahead, behind = amounts.copy(), amounts.copy()
        ahead[position] += step
        behind[position] -= step
        by_hand = (
            joined.law.equation.function(DOSES[:, None], ahead)
            - joined.law.equation.function(DOSES[:, None], behind)
        ) / (2.0 * step)
        np.testing.assert_allclose(slopes[row], by_hand, rtol=1e-5, atol=1e-5)


def test_a_law_without_such_a_parameter_has_none():
    assert BatchLaw.of(catalog["four_parameter_logistic"], {}, DOSES).part is None
    assert BatchLaw.of(catalog["biphasic"], {"bottom": 0.0}, DOSES).part is None


@pytest.mark.parametrize("name", ["one_site_total_binding", "two_site_saturation"])
def test_a_node_explains_what_the_best_allowed_values_explain(name):
    """The best of all faces is the least squares inside the limits, as scipy finds it."""
    from scipy.optimize import lsq_linear

    equation = catalog[name]
    x = np.geomspace(1e-11, 1e-7, 9)
    law = BatchLaw.of(equation, {}, x)
    grid = Grid.of(law, x, np.ones(x.size))
    y = np.random.default_rng(3).normal(100.0, 60.0, (x.size, 6))
    every = grid._gains(y)
    gains, face = np.maximum.reduce(every), np.argmax(every, axis=0)
    away = y - y.mean(axis=0) if grid.constant else y
    lower, upper = law.bounds(x)
    solved = list(grid.solved)
    for node in range(0, grid.count, 23):
        table = law.blank(1)
        for position, axis in zip(grid.searched, grid.axes, strict=True):
            table[position] = axis.values[axis.place(np.array([node]))]
        slopes = equation.jacobian(x[:, None], table)[solved][..., 0].T
        scale = np.linalg.norm(slopes, axis=0)
        for c in range(y.shape[1]):
            best = lsq_linear(
                slopes / scale, y[:, c], (lower[solved] * scale, upper[solved] * scale), tol=1e-14
            )
            explained = 1.0 - 2.0 * best.cost / (away[:, c] @ away[:, c])
            assert gains[node, c] == pytest.approx(explained, abs=1e-4)
            values = grid.values(np.array([node]), face[node, c : c + 1], y[:, c : c + 1])
            np.testing.assert_allclose(slopes @ values[:, 0], slopes @ (best.x / scale), atol=0.02)


def test_columns_that_nearly_draw_a_constant_lose_no_digits():
    """Far from the doses one column is nearly one and the other nearly nothing: a pattern is left all the same."""
    left = 10.0 ** (-1.3 * (np.arange(5.0) + 8.0))
    basis = np.stack([1.0 - left, left])[None]
    direction = np.full(5, 1.0 / np.sqrt(5.0))
    patterns, _ = orthonormal(basis, direction)
    across = left - left.mean()
    assert patterns.shape == (1, 1, 5)
    np.testing.assert_allclose(np.abs(patterns[0, 0]), np.abs(across / np.linalg.norm(across)), rtol=1e-6)
