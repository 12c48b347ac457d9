"""Protein from a standard curve (Bradford, BCA)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .quadratic import Quadratic, fit_quadratic

FEWEST_STANDARDS = 5


def protein_curve(mass_g: Sequence[float], absorbance: Sequence[float]) -> Quadratic:
    """Absorbance as a quadratic in protein mass (g); `.read_back(absorbance, replicates)` gives the mass with its SE.

    The error of the protein belongs to Bmax and never to Kd.
    """
    return fit_quadratic(
        np.asarray(mass_g, dtype=float),
        np.asarray(absorbance, dtype=float),
        "protein standard curve",
        FEWEST_STANDARDS,
    )
