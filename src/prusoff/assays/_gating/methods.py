"""The methods paragraph of a gating run, from what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.estimate import figures
from ...core.result import Step
from .cells import Cell
from .data import ACTIVATION, AVAILABILITY, CONTROL, WASH


def steps(cells: Sequence[Cell], reversal_v: float, level: float) -> tuple[Step, ...]:
    """What was done, in order."""
    return tuple(_steps(cells, reversal_v, level))


def _steps(cells: Sequence[Cell], reversal_v: float, level: float) -> Iterator[Step]:
    fits = [one for cell in cells for one in cell.fits]
    kinds = {one.data.kind for one in fits}
    units = {one.data.unit for one in fits if one.data.kind == ACTIVATION}
    yield Step(
        "Sweeps whose series resistance makes an error of more than 5 mV, and those with too much leak, a poor seal or "
        "a clamp that changed, take no part where the quality of the recording is stated."
    )
    if ACTIVATION in kinds and "A" in units:
        held = (
            ""
            if reversal_v != reversal_v
            else f" The reversal potential was held at {figures(reversal_v, unit='V')}."
        )
        yield Step(
            "Activation was fitted to the currents themselves, as an ohmic conductance that opens with the potential: "
            f"no conductance is taken by division, which would blow up beside the reversal potential.{held}",
            "I = Gmax (V − Erev) / (1 + exp((V1/2 − V) / k))",
            ("hodgkin_huxley_1952",),
        )
        yield Step(
            "Beside it the reversal potential was read off the currents where more than half of the channels are open: "
            "a straight line through those at the four potentials about the change of sign, with the limits of "
            "Fieller. The density of the peak is the largest current over the capacitance, where that is known.",
        )
    if ACTIVATION in kinds and units - {"A"}:
        yield Step(
            "Activation was fitted to the conductances by a Boltzmann law with both levels free.",
            "G = Gmin + (Gmax − Gmin) / (1 + exp((V1/2 − V) / k))",
            ("hodgkin_huxley_1952",),
        )
    if AVAILABILITY in kinds:
        yield Step(
            "Availability was fitted to the currents after the conditioning potential by a Boltzmann law with both "
            "levels free; nothing was normalised first.",
            "I = Imin + (Imax − Imin) / (1 + exp((V − V1/2) / k))",
            ("hodgkin_huxley_1952",),
        )
    yield Step(
        f"Least squares with analytic derivatives; intervals of one curve are profile-likelihood intervals at "
        f"{level:.0%} by the F distribution.",
        citations=("bates_watts_1988", "venzon_moolgavkar_1988"),
    )
    if any(one.data.compound not in (CONTROL, WASH) for one in fits):
        yield Step(
            "The shift by a drug is the half potential with it less that without it in the same cell.",
            "ΔV1/2 = V1/2(drug) − V1/2(control)",
        )
    yield Step(
        "n counts cells; currents of one cell do not increase it. Potentials and shifts are averaged as they are, "
        "slope factors geometrically, with t intervals over cells.",
        citations=("neubig_2003",),
    )
