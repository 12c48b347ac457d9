"""Two phases with slopes of their own have many valleys: the batch is to end in the lowest of them."""

import numpy as np
import pytest
from scipy.optimize import least_squares

from prusoff.core.curves import Curves
from prusoff.equations import catalog
from prusoff.fitting.batch import fit_batch
from prusoff.fitting.solve import Options

LAW = catalog["biphasic"]
X = np.repeat(np.linspace(-10.0, -5.5, 10), 3)
COUNT = 150
MISSED = 0.02  # of these curves end in a second valley at the same place of the location, which the grid does not try


def lowest_from(truth, y):
    """The sum of squares to which a descent from the truth leads, inside the limits of the law."""

    def residuals(parameters):
        return LAW.function(X, parameters) - y

    low, high = ([getattr(one, side) for one in LAW.parameters] for side in ("lower", "upper"))
    found = least_squares(residuals, truth, bounds=(low, high), x_scale="jac", xtol=1e-12, ftol=1e-12)
    return 2.0 * found.cost


@pytest.mark.slow
def test_hardly_a_curve_ends_above_the_valley_of_the_truth():
    random = np.random.default_rng(16)
    truth = np.tile([0.0, 100.0, 0.5, -8.5, 2.0, 1.0, 1.0], (COUNT, 1))
    truth[:, LAW.index(LAW.location)] += random.uniform(-0.5, 0.5, COUNT)
    y = np.array([LAW.function(X, one) for one in truth]) + 2.0 * random.standard_normal((COUNT, X.size))
    table = Curves(np.tile(X, COUNT), y.ravel(), np.arange(COUNT + 1) * X.size)
    found = fit_batch(LAW, table, options=Options(intervals="", response_level=1.0)).sum_of_squares
    known = np.array([lowest_from(one, responses) for one, responses in zip(truth, y, strict=True)])
    above = found > known * (1.0 + 1e-6)
    assert above.mean() <= MISSED, f"{above.sum()} of {COUNT}, the worst by {(found / known).max() - 1.0:.1%}"
