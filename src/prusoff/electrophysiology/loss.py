"""What part of a current is gone: by a drug, by run-down, or from the first pulse of a train to the last."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..core.equation import Array


def part_lost(before: npt.ArrayLike, after: npt.ArrayLike) -> Array:
    """The part of a current that is gone, 1 - after/before: block where `before` is the control and `after` with drug,
    use dependence where they are the first and the last pulse of a train. Currents of any one unit and sign.

    >>> float(part_lost(-4.0, -3.0))
    0.25
    """
    found: Array = 1.0 - np.asarray(after, dtype=float) / np.asarray(before, dtype=float)
    return found
