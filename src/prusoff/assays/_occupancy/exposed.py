"""What the constants of plasma mean beside those of the bench: in vivo over in vitro, margins of safety."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ...affinity.exposure import in_vivo_over_in_vitro, margin
from ...core.estimate import Estimate, Relation, figures
from ...core.experiment import Compound, Constant
from ...core.result import Ratio

THREEFOLD, WITHIN = 3.0, "within 3-fold"
VIVO, MARGIN = "in vivo over in vitro", "safety margin"
UNKNOWN_KP_UU = Constant(1.0, 0.0, "", "not stated: taken as 1, range 0.3 to 1.7", log10_se=0.19)


def brain_of(compound: Compound) -> tuple[Constant, Constant] | None:
    """The fraction unbound and Kp,uu, the latter 1 with its usual range where it is not stated; None without fu."""
    if compound.fraction_unbound is None:
        return None
    return compound.fraction_unbound, compound.kp_uu or UNKNOWN_KP_UU


def against_the_bench(in_vivo: Estimate, compound: Compound, target: str) -> Ratio | None:
    """The Ki in vivo over the Ki of the bench at this target, judged against 3-fold, with what may lie behind it.

    A discrepancy is told and left standing: nothing here is tuned to make it smaller.
    """
    ki = compound.ki.get(target)
    brain = brain_of(compound)
    if ki is None or brain is None or not in_vivo.value > 0:
        return None
    ratio = in_vivo_over_in_vitro(in_vivo, ki)
    _, kp_uu = brain
    away = max(ratio.value, 1.0 / ratio.value)
    bench = figures(ki.value, unit="M")
    verdict, sign = WITHIN, f"{ratio.relation} " if ratio.is_bound else ""
    told = (
        f"Ki in vivo {sign}{figures(in_vivo.value, unit='M')} (unbound, brain) over Ki in vitro {bench} ({ki.source}): "
        f"log10 ratio {sign}{_signed(math.log10(ratio.value))}"
    )
    excluded = is_beyond(ratio)
    if not excluded and ratio.is_bound:
        verdict = "only a bound"
    elif not excluded and away > THREEFOLD:
        verdict = "3-fold not excluded"
        told += f"; {figures(away, 2)}-fold apart, and the interval does not exclude agreement within 3-fold"
    if excluded:
        more = "more" if ratio.value < 1 else "less"
        verdict = f"{'at least ' if ratio.is_bound else ''}{figures(away, 2)}-fold {more} potent in vivo"
        told += (
            f"; {verdict}{_with_unity(ratio.value, kp_uu)}. This discrepancy is not resolved. It may lie in "
            f"{_causes(compound, ratio.value < 1)}"
        )
    return Ratio(VIVO, compound.name, "Ki in vitro", ratio, f"{told}.", verdict, THREEFOLD)


def _with_unity(ratio: float, kp_uu: Constant) -> str:
    """What the ratio would be were as much free in brain as in plasma."""
    if kp_uu.value == 1.0:
        return ""
    other = ratio / kp_uu.value
    return f" with Kp,uu {kp_uu.value:g}, {figures(max(other, 1.0 / other), 2)}-fold with Kp,uu 1"


def is_beyond(ratio: Estimate) -> bool:
    """Whether a ratio lies beyond 3-fold either way with its whole interval; by its value where it has none."""
    low, high = (ratio.low, ratio.high) if ratio.has_interval else (ratio.value, ratio.value)
    if ratio.is_bound:
        low, high = (0.0, ratio.value) if ratio.relation is Relation.BELOW else (ratio.value, math.inf)
    return bool(high < 1.0 / THREEFOLD or low > THREEFOLD)


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def _causes(compound: Compound, more_potent: bool) -> str:
    """What may make a drug look more, or less, potent in the body than at the bench."""
    metabolites = ", ".join(compound.active_metabolites)
    active = f"an active metabolite ({metabolites})" if metabolites else "an active metabolite"
    shared = (
        "the fraction unbound of this species or of these samples; Kp,uu of this species; a bench Ki of other "
        "temperature, ions or radioligand"
    )
    if more_potent:
        return f"{active}, which occupies the same sites; competition of the tracer or of the transmitter; {shared}"
    return (
        f"plasma and brain not in balance at the time of the scan; competition of the transmitter; {shared}"
    )


def margins(compound: Compound, level: float) -> Iterator[Ratio]:
    """Every IC50 that is stated over the exposure, total and unbound side by side."""
    if not compound.exposure_molar > 0:
        return
    exposure = compound.exposure_molar
    for target, ic50 in compound.ic50.items():
        yield _margin((compound, target, ic50), exposure, None, level)
        if compound.fraction_unbound is not None:
            yield _margin((compound, target, ic50), exposure, compound.fraction_unbound, level)


def _margin(
    of: tuple[Compound, str, Constant], exposure: float, fraction: Constant | None, level: float
) -> Ratio:
    compound, target, ic50 = of
    which = "total" if fraction is None else "unbound"
    at = exposure if fraction is None else exposure * fraction.value
    found = margin(ic50, exposure, fraction, level)
    by_mass = (
        f" ({figures(exposure * compound.molar_mass, unit='g/L')} in all)" if compound.molar_mass > 0 else ""
    )
    told = (
        f"IC50 {figures(ic50.value, unit='M')} ({ic50.source}) over {figures(at, unit='M')} {which} in "
        f"plasma{by_mass}."
    )
    if fraction is None:
        told += " Most of it is bound to protein and blocks nothing."
    return Ratio(MARGIN, f"{compound.name}, {target}", f"{which} plasma", found, told)
