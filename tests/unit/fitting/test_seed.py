import numpy as np

from prusoff.core.curves import Curve
from prusoff.fitting.seed import data_order, data_seed, generators

ONES = np.ones(30)


def shuffled(curve, order):
    return Curve(curve.x[order], curve.y[order], label=curve.label)


def test_the_seed_does_not_depend_on_the_order_of_the_points(simulated):
    curve, order = simulated(1), np.random.default_rng(0).permutation(30)
    assert data_seed([curve], [ONES]) == data_seed([shuffled(curve, order)], [ONES])
    first, other = data_order(curve, ONES), data_order(shuffled(curve, order), ONES)
    assert (curve.y[first] == curve.y[order][other]).all()


def test_nor_on_units_nor_on_the_order_of_the_curves(simulated):
    curve, another = simulated(1), simulated(2)
    in_nanomolar = Curve(curve.x + 9.0, 1.7e-13 * curve.y)
    assert data_seed([curve], [ONES]) == data_seed([in_nanomolar], [4.0 * ONES])
    assert data_seed([curve, another], [ONES, ONES]) == data_seed([another, curve], [ONES, ONES])


def test_but_on_every_point_and_weight(simulated):
    curve, weights = simulated(1), np.linspace(1.0, 2.0, 30)
    moved = Curve(curve.x, np.append(curve.y[:-1], curve.y[-1] + 1e-5))
    seeds = {
        data_seed([curve], [ONES]),
        data_seed([moved], [ONES]),
        data_seed([curve], [weights]),
        data_seed([curve, curve], [ONES, ONES]),
    }
    assert len(seeds) == 4


def test_the_numbers_go_with_the_curve_and_equal_curves_draw_differently(simulated):
    curve, another = simulated(1), simulated(2)
    one = generators([curve, another], [ONES, ONES])[0].standard_normal(5)
    other = generators([another, curve], [ONES, ONES])[1].standard_normal(5)
    assert (one == other).all()
    twins = generators([curve, curve], [ONES, ONES])
    assert (twins[0].standard_normal(5) != twins[1].standard_normal(5)).all()


def test_control_wells_and_equal_responses_have_a_seed():
    curve = Curve(np.array([-np.inf, -8.0, -7.0, np.inf]), np.zeros(4))
    assert data_seed([curve], [np.ones(4)]) > 0
