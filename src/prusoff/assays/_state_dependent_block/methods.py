"""The methods paragraph of a state-dependent block, from what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.result import Step
from .report import Drug


def steps(drugs: Sequence[Drug], level: float) -> tuple[Step, ...]:
    """What was done, in order."""
    return tuple(_steps(drugs, level))


def _steps(drugs: Sequence[Drug], level: float) -> Iterator[Step]:
    yield Step(
        "Sweeps whose series resistance makes an error of more than 5 mV, and those with too much leak, a poor seal or "
        "a clamp that changed, take no part where the quality of the recording is stated."
    )
    yield Step(
        "Availability h without drug was fitted to the currents of each cell by a Boltzmann law. Channels are called "
        "resting only where h > 0.95.",
        "h = 1 / (1 + exp((V − V1/2) / k))",
    )
    if any(one.found is not None and one.found.at for one in drugs):
        yield Step(
            "At each holding potential the currents of all cells, controls included, gave one IC50 with a slope of 1 "
            "and full block at the end; cells differ at random in it.",
            "I = I0 / (1 + [D] / IC50)",
            ("lindstrom_bates_1990",),
        )
    if any(one.found is not None and one.found.mixed is not None for one in drugs):
        yield Step(
            "Kr and Ki are those of one fit of the modulated receptor to the currents of all cells at all holding "
            "potentials. Each cell has its own size and half potential, told by its own availability, whose error is "
            "thus part of the result; the sensitivity to the drug differs between cells at random, for Kr and Ki "
            "alike.",
            "I = Imax h / (1 + [D] (h / Kr + (1 − h) / Ki))",
            ("hille_1977", "bean_1983", "lindstrom_bates_1990"),
        )
        yield Step(
            f"Intervals at {level:.0%} are profile-likelihood intervals with one degree of freedom less than there "
            "are cells (Kr), t intervals on the log scale with the same (Ki), and profile-likelihood intervals within "
            "cells (Kr/Ki).",
            citations=("venzon_moolgavkar_1988",),
        )
    if any(one.shifts for one in drugs):
        yield Step(
            "Beside it, Kr and Ki were taken in each cell from the maximum and the shift of its availability with the "
            "drug, and averaged geometrically over cells.",
            "ΔV1/2 = −k ln((1 + [D] / Ki) / (1 + [D] / Kr))",
            ("bean_1983",),
        )
    if any(one.found is not None and one.found.mixed is None for one in drugs):
        yield Step(
            "From one holding potential neither Kr nor Ki is told: its IC50 lies between them, and is printed as an "
            "upper limit of Ki and a lower one of Kr with the availability there.",
            "1 / IC50 = h / Kr + (1 − h) / Ki",
            ("hille_1977",),
        )
    yield Step(
        "n counts cells; currents of one cell do not increase it. Means of constants are geometric.",
        citations=("neubig_2003",),
    )
