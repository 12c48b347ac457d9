"""How occupancies and their EC50 were got, as sentences with their sources."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.experiment import Compound
from ...core.result import Step
from .course import body_of
from .fits import OccupancyFit
from .scans import Signal


def steps(
    signal: Signal, reference: str, found: OccupancyFit, compound: Compound, level: float
) -> Iterator[Step]:
    """The steps of one target."""
    yield _occupied(signal, reference)
    yield Step(
        "Occupancy was fitted against the total concentration in plasma over the scans of all subjects at once; "
        "the EC50 "
        "differs between subjects as a normal variable on the log scale (restricted likelihood), scans weigh by 1/SE² "
        f"where errors are stated. The {level:.0%} interval of the EC50 is a profile interval by Student's t with "
        "(subjects − 1) degrees of freedom.",
        "Occ = Occmax C^nH / (EC50^nH + C^nH)",
        ("farde_1988", "lindstrom_bates_1990"),
    )
    if found.comparison is not None:
        yield Step(
            "Occmax was held at 100 % unless AICc favoured a free one below 100 %, both fits compared without "
            f"differences between subjects. {found.comparison.sentence}",
            citations=("burnham_anderson_2002",),
        )
    if compound.fraction_unbound is not None:
        yield Step(
            "Unbound concentrations follow from the fraction unbound in plasma, and in brain from Kp,uu (free-drug "
            "hypothesis). The Ki in vivo is set beside the Ki of the bench as it is; neither was adjusted.",
            "Ki in vivo = Kp,uu fu EC50",
            ("hammarlund_udenaes_2008", "zou_donner_2008"),
        )
    if compound.dosing is not None:
        dosing = compound.dosing
        volume = body_of(dosing).volume_l / dosing.weight_kg
        yield Step(
            f"The course over the day is that of one compartment with first-order absorption: {dosing.source}. "
            f"V/F = (CL/F) t½ / ln 2 = {volume:.3g} L/kg. Bands of the course show the interval of EC50 or Ki, "
            f"not that "
            "of the plasma.",
            "C = D/(V/F) ka/(ka − ke) (e^(−ke t) − e^(−ka t))",
            ("gibaldi_perrier_1982",),
        )


def _occupied(signal: Signal, reference: str) -> Step:
    if signal is Signal.OCCUPANCY:
        return Step(
            "Occupancies were taken as stated; regions of a scan were averaged by 1/SE² where errors are stated."
        )
    if signal is Signal.BINDING:
        return Step(
            "The baseline of every subject is a parameter of the fit, its baseline scans are points of it. "
            "Regions of a "
            "scan were joined into the part of their baseline that is left, each by the weight it has for that.",
            "Occ = (BPND,base − BPND,drug) / BPND,base",
            ("farde_1988", "innis_2007"),
        )
    if reference:
        return Step(
            f"Volumes of distribution became binding potentials by those of {reference}; the baseline of every "
            f"subject is "
            "a parameter of the fit, its baseline scans are points of it.",
            "BPND = VT / VT,ref − 1; Occ = (BPND,base − BPND,drug) / BPND,base",
            ("farde_1988", "innis_2007"),
        )
    return Step(
        "Every scan was read by a Lassen plot over its regions, as the line between the volumes of both scans "
        "with errors "
        "in both; ordinary least squares of the difference would give too high an occupancy.",
        "VT,base − VT,drug = Occ (VT,base − VND)",
        ("cunningham_2010", "york_2004"),
    )
