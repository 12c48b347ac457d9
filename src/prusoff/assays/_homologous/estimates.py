"""What comes out of a homologous competition: Kd and Bmax, exact for depletion and without it, bounds where open."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from ...affinity.propagation import with_shared_error
from ...core.estimate import Estimate, Relation
from ...core.fit import Fit, Outcome
from .._exact_fit import moved_by_held, moved_by_signal
from .._fitted import bounded_log, fitted, fitted_log
from .._ligand import Ligand, efficiency_error
from .._saturation.estimates import density_error
from .data import Homologous
from .fits import HomologousFits

PLAIN = "Kd without depletion"


def constants(day: Homologous, fits: HomologousFits) -> Iterator[Estimate]:
    """All estimates of a day, Kd and Bmax first."""
    best = fits.best
    if best is None or fits.outcome in (Outcome.FAILED, Outcome.NO_RESPONSE):
        return
    held = "log_ligand" if fits.depleted is None else "log_added"
    bound = bounded_log("Kd", best, "log_kd")
    kd = bound or _with_ligand(fitted_log("Kd", best, "log_kd"), best, ("log_kd", held), day)
    if not (kd.is_bound or fits.outcome.usable):
        return
    yield kd
    yield kd.negative_log10("pKd")
    if not fits.outcome.usable:
        return
    yield from _densities(day, best, held, fits.depleted is not None)
    if fits.depleted is not None and fits.plain is not None and fits.plain.outcome.usable:
        plain = fitted_log(PLAIN, fits.plain, "log_kd")
        yield _with_ligand(plain, fits.plain, ("log_kd", "log_ligand"), day)
        yield fitted("nonspecific over free", best, "ns", "")
    for one in fits.curves:
        yield fitted_log(f"IC50 at {one.label}", one.seen.free, "log_ic50")
        yield fitted(f"nH at {one.label}", one.seen.free, "hill_slope", "")


def _with_ligand(kd: Estimate, fit: Fit, names: tuple[str, str], day: Homologous) -> Estimate:
    """Kd with the error of [L], which shifts all curves together; a bound where the curves leave a side open."""
    if not kd.low > 0 and math.isfinite(kd.high):
        method = f"{kd.method}; the curves set no lower limit"
        return Estimate(kd.name, kd.high, "M", level=kd.level, relation=Relation.BELOW, method=method)
    gain = moved_by_held(fit, *names)
    error = _ligand_error(day.ligand, gain, gain + moved_by_signal(fit, names[0]), day)
    return with_shared_error(kd, error, "[L]") if error > 0 else kd


def _ligand_error(ligand: Ligand, gain: float, with_signal: float, day: Homologous) -> float:
    """The error of log10 of a constant from that of [L]; a counted [L] shares the efficiency with the wells."""
    efficiency = efficiency_error(day.experiment) if ligand.counted else 0.0
    own = math.sqrt(max(ligand.total.log10_se**2 - efficiency**2, 0.0))
    return math.hypot(gain * own, with_signal * efficiency)


def _densities(day: Homologous, best: Fit, held: str, molar: bool) -> Iterator[Estimate]:
    """Bmax per protein and as a concentration of sites in the well where it is known in moles, else as signal."""
    if not molar:
        yield fitted("Bmax", best, "bmax", day.read.unit)
        return
    sites, conditions = fitted("Bmax", best, "bmax", "M"), day.experiment.conditions
    relative = moved_by_held(best, "bmax", held) / (sites.value * math.log(10.0))
    error = _ligand_error(day.ligand, relative, relative + 1.0, day)
    if error > 0 and sites.value > 0:
        sites = with_shared_error(sites, error, "[L]")
    if conditions.protein_g > 0:
        density = sites.times(conditions.volume_l / conditions.protein_g, "Bmax", "mol/g")
        protein = math.sqrt(
            max(density_error(day.experiment) ** 2 - efficiency_error(day.experiment) ** 2, 0.0)
        )
        known = protein > 0 and density.value > 0
        yield with_shared_error(density, protein, "protein") if known else density
        yield replace(sites, name="Bmax (in the well)")
    else:
        yield sites
