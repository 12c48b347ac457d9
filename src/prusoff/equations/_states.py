"""The shares that the states of a carrier or an enzyme have, without overflow."""

from __future__ import annotations

import numpy as np

from ..core.equation import Array
from ._logistic import LN10, rows


def shares(*log_weights: Array | float) -> Array:
    """The share of every state from the log10 of its weight, (state, ...); one whose log is -inf has none.

    The weights are those of a rapid equilibrium, such as 1 for the free carrier and [S]/Km for the loaded one.
    """
    logs = rows(*log_weights)
    logs -= logs.max(axis=0)
    found: Array = np.exp(LN10 * logs)
    found /= found.sum(axis=0)
    return found
