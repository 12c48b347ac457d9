"""Sentences of the methods paragraph that all radioligand assays share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..core.estimate import figures
from ..core.result import Step
from ..fitting.weights import CountingVariance
from ._ligand import Ligand
from ._signal import Signals


def counting_steps(read: Signals) -> Iterator[Step]:
    """From counts to the signal that is fitted."""
    if read.unit == "dpm":
        yield Step(
            "Net count rates, background subtracted, were divided by the counting efficiency; negative ones are kept.",
            "dpm = (counts / time − background) / efficiency",
            ("currie_1968",),
        )
    elif read.unit == "cpm":
        yield Step(
            "Net count rates were analysed in cpm, because no counting efficiency is stated.",
            citations=("currie_1968",),
        )
    if read.background is not None and read.background.of_plate:
        yield Step(
            "The background of a plate was the mean of its own wells without label (background and blank wells)."
        )


def fitting_step(read: Signals, level: float, weighted: str = "") -> Step:
    """How the fit was made and where its intervals come from; `weighted` where the signals do not say how."""
    weights = weighted or (
        "by the inverse of the variance that counting and pipetting imply at the fitted signal"
        if isinstance(read.weighting, CountingVariance)
        else "equally"
    )
    return Step(
        f"Least squares with analytic derivatives, points weighted {weights}; intervals are profile-likelihood "
        f"intervals at {level:.0%} by the F distribution.",
        "SS(v) ≤ SSmin (1 + F(1, n − k; level) / (n − k))",
        ("bates_watts_1988", "venzon_moolgavkar_1988"),
    )


def ligand_step(ligands: Sequence[Ligand]) -> Step:
    """What [L] was, and how it was known."""
    totals = sorted(one.total.value for one in ligands)
    how = "as counted from aliquots of the working solution" if ligands[0].counted else "as planned"
    span = figures(totals[0], unit="M")
    if totals[-1] > 1.005 * totals[0]:
        span = f"{span} to {figures(totals[-1], unit='M')}"
    return Step(
        f"The radioligand was {span} in the well, {how}; free radioligand is total minus what was bound in total wells."
    )
