"""The methods paragraph of voltage-dependent block."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.estimate import figures
from ...core.result import Step
from .._methods import fitting_step
from .._signal import Signals
from .potentials import DrugInCell, thermal_volts


def steps(read: Signals, first: DrugInCell, settings: tuple[float, str, float]) -> Iterator[Step]:
    """What was done, in order; `settings` are valence, slope and level."""
    valence, slope, level = settings
    warm = first.experiment.conditions.temperature_c
    told = "slope 1" if slope == "one" else "one free slope"
    yield Step(
        "Currents at all potentials and concentrations of a drug were fitted together in every cell, with a current "
        f"without drug of its own at every potential (wells after the wash-out count as such) and {told}. KD depends "
        "on the potential as a charge does that crosses a part of the field of the membrane to its site.",
        "I = I0(V)/(1 + [D]/KD(V)), KD(V) = KD(0 mV) e^(z δ F V/(R T))",
        ("woodhull_1973",),
    )
    volts = figures(1e3 * thermal_volts(warm), unit="mV")
    yield Step(
        f"F/(R T) is that of {warm:g} °C (R T/F = {volts}), and the valence of the drug at its site is taken to be "
        f"{valence:g}: the electrical distance δ is the fitted zδ over it.",
    )
    yield Step(
        "A bend in ln KD against the potential was tested by the extra sum of squares where there are four potentials "
        "or more (P < 0.01); KD was also fitted at every potential alone, for the figure.",
    )
    weighted = (
        "by the inverse of the current without drug at their potential, as the noise of channels asks for"
    )
    yield fitting_step(read, level, weighted)
    yield Step(
        "n counts cells. KD is a geometric mean over cells, zδ and the electrical distance are arithmetic means.",
        citations=("neubig_2003",),
    )
