"""Cells as parts of a result: readings, estimates, the curve of each and that of all."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ...core.fit import Fit
from ...core.result import CurveBand, Points, Series
from ...fitting.band import confidence_band
from .cells import BlockedCell
from .ending import NOTHING
from .fits import BlockFit

EVERY_CELL = "all cells"


def series_of(one: BlockFit, cell: BlockedCell) -> Series:
    """One cell: its readings, its curve; with the first cell the curve of all cells."""
    readings, ended = cell.applications, one.ending
    points = Points(
        np.array([each.log_molar for each in readings]),
        np.array([each.block for each in readings]),
        tuple(each.place for each in readings),
        (True,) * len(readings),
    )
    return Series(
        one.subject,
        cell.name,
        ended.outcome,
        ended.reason,
        (points,),
        tuple(one.told(cell)),
        _own_fit(one, cell),
        bands=_bands(one, cell),
        x_label=f"log10 {one.subject} (M)",
        y_label="block (%)",
    )


def _own_fit(one: BlockFit, cell: BlockedCell) -> Fit | None:
    """The law of all cells with the IC50 of this one, and what it leaves of the readings of this cell."""
    group = one.group(cell)
    if group is None or math.isnan(one.mixed.between_sd):
        return one.fit if group is not None else None
    values = one.fit.values.copy()
    values[one.fit.index("log_ic50")] = group.location
    scatter = one.mixed.residual_sd**2 * one.fit.df
    return replace(one.fit, values=values, curves=(group.curve,), sum_of_squares=scatter)


def _bands(one: BlockFit, cell: BlockedCell) -> tuple[CurveBand, ...]:
    """The curve of the cell; with the first cell that of the population with its band."""
    if one.ending.outcome in NOTHING:
        return ()
    low, high = np.log10(one.concentrations[[0, -1]])
    x, own, found = np.linspace(low, high, 81), _own_fit(one, cell), []
    if own is not None and own is not one.fit:
        nothing = np.full(x.size, math.nan)
        found.append(CurveBand(x, own.predict(x), nothing, nothing, "", one.level))
    if cell is one.cells[0]:
        whole = replace(one.fit, df=max(one.mixed.df, 1))
        band = confidence_band(whole, x, level=one.level)
        found.append(CurveBand(x, band.fitted, band.low, band.high, EVERY_CELL, one.level))
    return tuple(found)
