"""Counts the false discoveries among all curves of a table, once every one of them is fitted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...core.equation import Array
from .part import Fitted

RATE = "false_discovery_rate"


def rates(way: str, p: Array, p_decoy: Array | None) -> Array:
    """The false discovery rate at which each curve would just be called a response, (curve,); nan where P is not known.

    By 'bh' from the probabilities of the curves alone (Benjamini & Hochberg), by 'decoys' from how many curves without
    a response come as far.
    """
    from ...fitting.discovery import benjamini_hochberg, decoy_rates

    if way == "bh" or p_decoy is None:
        return benjamini_hochberg(p)
    if np.isnan(p_decoy).all():
        return np.full_like(p, np.nan)
    return decoy_rates(-p, -p_decoy)


def with_rates(way: str, fitted: Fitted) -> Fitted:
    """The fits of a whole table with the false discovery rate of every curve, where a way to count it was asked for."""
    if not way:
        return fitted
    found = rates(way, fitted.fits.p_response, fitted.more.get("p_decoy"))
    return replace(fitted, more={**fitted.more, RATE: found})
