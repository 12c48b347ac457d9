"""How much of a drug is free to bind in a body: mass and molar concentration, unbound plasma and brain, margins."""

from __future__ import annotations

import math
from dataclasses import replace

from ..core.errors import InputError, Problem
from ..core.estimate import Estimate
from ..core.experiment import Compound, Constant
from ._censored import t_quantile

BASE, SALT = "base", "salt"


def grams_per_mole(compound: Compound, form: str) -> float:
    """The molar mass of the form that was weighed: of the free base, or of the salt with its counter-ion.

    Raises InputError where the form is not stated, and where the molar mass of that form is not.
    """
    if form not in (BASE, SALT):
        raise InputError(
            Problem(
                f"a mass of {compound.name} is of its base or of a salt, and which is not stated",
                f"compound > {compound.name}",
                'Write form = "base" or form = "salt"; it is never guessed',
                "E-FORM",
            )
        )
    mass = compound.molar_mass if form == BASE else compound.salt_molar_mass
    if not mass > 0:
        key = "molar_mass" if form == BASE else "salt_molar_mass"
        raise InputError(
            Problem(
                f"the molar mass of {compound.name} as {'its free base' if form == BASE else 'a salt'} is not stated",
                f"compound > {compound.name}",
                f'Write {key} = "... g/mol"',
                "E-MISSING",
            )
        )
    return mass


def molar_of_mass(grams: float, compound: Compound, form: str) -> float:
    """Moles in a mass, or mol/L of a concentration in g/L, of the form stated.

    >>> atomoxetine = Compound("atomoxetine", molar_mass=255.361)
    >>> round(molar_of_mass(31e-6, atomoxetine, "base") * 1e9, 1)
    121.4
    """
    return grams / grams_per_mole(compound, form)


def base_of_salt(grams: float, compound: Compound) -> float:
    """The mass of free base in a mass of salt."""
    return grams * grams_per_mole(compound, BASE) / grams_per_mole(compound, SALT)


def unbound_plasma(total: Estimate, fraction_unbound: Constant, name: str) -> Estimate:
    """A total concentration in plasma as the part that is not bound to protein: fu C."""
    return scaled(total, (fraction_unbound,), name, "times the fraction unbound in plasma")


def unbound_brain(total: Estimate, fraction_unbound: Constant, kp_uu: Constant, name: str) -> Estimate:
    """A total concentration in plasma as the unbound one in brain, Kp,uu fu C, as the free-drug hypothesis has it.

    At half occupancy this is the constant at the target as it acts in the body: the in vivo Ki.
    Source: Watson J et al., Drug Metab Dispos 2009;37:753; Kielbasa W et al., ibid. 2009;37:137.
    """
    return scaled(total, (fraction_unbound, kp_uu), name, "times the fraction unbound in plasma and Kp,uu")


def scaled(estimate: Estimate, factors: tuple[Constant, ...], name: str, how: str) -> Estimate:
    """An estimate times constants, each with its error, combined on the log scale side by side (MOVER).

    Source of the interval: Zou GY, Donner A, Stat Med 2008;27:1693.
    """
    factor = math.prod(one.value for one in factors)
    found = estimate.times(factor, name, estimate.unit)
    error = math.hypot(*(log10_error(one) for one in factors))
    if error > 0 and estimate.has_interval and not estimate.is_bound:
        found = _widened(found, error)
    told = f"{estimate.method}; {how}" if estimate.method else how
    return replace(found, method=told, se=math.nan, log10_se=math.hypot(estimate.log10_se, error))


def log10_error(constant: Constant) -> float:
    """The standard error of the log10 of a constant: as stated, else from that of the value; 0 where none is known."""
    if math.isfinite(constant.log10_se):
        return constant.log10_se
    return constant.se / (constant.value * math.log(10.0)) if constant.se > 0 else 0.0


def _widened(estimate: Estimate, log10_se: float) -> Estimate:
    log = math.log10(estimate.value)
    half = t_quantile(estimate.level, math.inf) * log10_se
    down = log - math.log10(estimate.low) if estimate.low > 0 else math.inf
    up = math.log10(estimate.high) - log if math.isfinite(estimate.high) else math.inf
    low = 10.0 ** (log - math.hypot(down, half)) if math.isfinite(down) else estimate.low
    high = 10.0 ** (log + math.hypot(up, half)) if math.isfinite(up) else estimate.high
    return replace(estimate, low=low, high=high)


def in_vivo_over_in_vitro(in_vivo: Estimate, ki: Constant) -> Estimate:
    """The in vivo Ki over the one measured at the bench; below 1 the drug is more potent in the body.

    The error of the bench value is combined with the interval of the other on the log scale.
    """
    inverse = Constant(
        1.0 / ki.value, 0.0, "1/M", ki.source, log10_se=log10_error(ki) if log10_error(ki) > 0 else 0.0
    )
    found = scaled(in_vivo, (inverse,), "in vivo over in vitro", "over the Ki in vitro")
    return replace(found, unit="")


def margin(ic50: Constant, exposure_molar: float, fraction: Constant | None, level: float = 0.95) -> Estimate:
    """How many times an IC50 lies above an exposure in plasma: total, or unbound where its `fraction` is given."""
    point = Estimate("margin", ic50.value / exposure_molar, "", level=level, method="IC50 over concentration")
    error = math.hypot(log10_error(ic50), 0.0 if fraction is None else log10_error(fraction))
    value = point.value if fraction is None else point.value / fraction.value
    found = replace(point, value=value, log10_se=error if error > 0 else math.nan)
    if error == 0:
        return found
    half = t_quantile(level, math.inf) * error
    return replace(found, low=value * 10.0**-half, high=value * 10.0**half)
