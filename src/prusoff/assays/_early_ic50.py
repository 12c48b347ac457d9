"""An IC50 read before equilibrium, against the IC50 at equilibrium: read from simulated curves (Motulsky-Mahan)."""

from __future__ import annotations

import math

import numpy as np

from ..core.equation import Array
from ..equations.competition_kinetics import motulsky_mahan

DECADES = 12.0  # how far from its place at equilibrium the IC50 is looked for
HALVINGS = 40


def early_over_late(koff: float, ligand_over_kd: float, koff_competitor: Array, time: Array) -> Array:
    """IC50 at this time over that at equilibrium, for a competitor with this koff (1/s), both ligands added at once.

    The label leaves at `koff` (1/s). The dose-response curve of the stated time runs from the binding without
    competitor to none; its IC50 is where half is left. The Ki plays no part: at a given koff it scales the
    concentrations alone. Arrays broadcast; source: Motulsky HJ, Mahan LC, Mol Pharmacol 1984;25:1.
    """
    off, seconds = np.broadcast_arrays(
        np.asarray(koff_competitor, dtype=float), np.asarray(time, dtype=float)
    )
    shape, nothing = off.shape, np.zeros(off.size)
    off, seconds = off.ravel(), seconds.ravel()
    p = np.stack(
        [
            nothing + 1.0,
            nothing,
            nothing + math.log10(ligand_over_kd),
            nothing + math.log10(koff),
            nothing + math.log10(koff),
            np.log10(off) + math.log10(1.0 + ligand_over_kd),
            np.log10(off),
        ]
    )

    def bound(log_over_equilibrium: Array) -> Array:
        return motulsky_mahan.function(np.stack([seconds, log_over_equilibrium]), p)

    half = bound(np.full(off.size, -np.inf)) / 2.0
    low, high = nothing - DECADES, nothing + DECADES
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        weak = bound(middle) > half
        low, high = np.where(weak, middle, low), np.where(weak, high, middle)
    found: Array = 10.0 ** ((low + high) / 2.0)
    return found.reshape(shape)
