"""What radioactive decay did to a labelled ligand between its calibration and the experiment."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

from ..core.errors import InputError, Problem, UnknownName
from ..core.experiment import Radioligand

AVOGADRO = 6.02214076e23
DPM_PER_CURIE = 2.22e12
_DPM_PER_MOL_IN_CI_PER_MMOL = DPM_PER_CURIE * 1e3
_MINUTES_PER_DAY = 1440.0
_DAYS_PER_YEAR = 365.25
_ROUNDING = 1.005  # makers print 2200 Ci/mmol for the 2198 of carrier-free iodine-125


@dataclass(frozen=True)
class Nuclide:
    """A nuclide: its half-life in days, what decay does to its ligands unless stated otherwise, and the source."""

    name: str
    half_life_days: float
    decay_mode: str
    source: str

    @property
    def carrier_free_dpm_per_mol(self) -> float:
        """The largest specific activity that is possible, per labelled atom: Avogadro's number times ln 2 / T½."""
        return AVOGADRO * math.log(2) / (self.half_life_days * _MINUTES_PER_DAY)


_NUDAT = "National Nuclear Data Center, NuDat 3 (ENSDF)"
NUCLIDES: Mapping[str, Nuclide] = {
    nuclide.name: nuclide
    for nuclide in (
        Nuclide("3H", 12.32 * _DAYS_PER_YEAR, "dilution", _NUDAT),
        Nuclide("125I", 59.407, "catastrophe", _NUDAT),
        Nuclide("35S", 87.37, "general", _NUDAT),
        Nuclide("14C", 5700 * _DAYS_PER_YEAR, "dilution", _NUDAT),
    )
}

DECAY_MODES: Mapping[str, str] = {
    "dilution": "so few molecules are labelled that decay leaves the concentration as it was",
    "catastrophe": "each molecule that decays is lost, and all were labelled",
    "general": "each molecule that decays is lost, and the rest holds the fraction that was labelled",
}


@dataclass(frozen=True)
class Decayed:
    """The ligand on the day of the experiment.

    `factor` is what is left of the activity, `active` what is left of the active concentration;
    `labelled_fraction` is the fraction of labelled atoms on the calibration date.
    """

    factor: float
    active: float
    specific_activity_dpm_per_mol: float
    mode: str
    labelled_fraction: float


def nuclide_named(name: str) -> Nuclide:
    """The nuclide of this name: 3H, 125I, 35S, 14C."""
    if name not in NUCLIDES:
        raise UnknownName.among(name, NUCLIDES, "nuclide")
    return NUCLIDES[name]


def decayed(
    specific_activity_dpm_per_mol: float,
    nuclide: str,
    elapsed_days: float,
    labelled_atoms: int = 1,
    mode: str = "",
) -> Decayed:
    """Specific activity and active concentration after so many days (negative before the calibration date).

    Raises InputError when the stated specific activity is more than the nuclide allows.

    >>> round(decayed(82.0 * 2.22e15, "3H", 400, labelled_atoms=3).factor, 6)
    0.940245
    """
    isotope = nuclide_named(nuclide)
    fraction = _labelled_fraction(specific_activity_dpm_per_mol, isotope, labelled_atoms)
    mode = mode or isotope.decay_mode
    if mode not in DECAY_MODES:
        raise UnknownName.among(mode, DECAY_MODES, "decay mode")
    share = {"dilution": 0.0, "catastrophe": 1.0, "general": fraction}[mode]
    factor = 2.0 ** (-elapsed_days / isotope.half_life_days)
    active = 1 - share * (1 - factor)
    on_the_day = specific_activity_dpm_per_mol * factor / active
    if elapsed_days < 0:
        _refuse_impossible_on_the_day(on_the_day, isotope, labelled_atoms, -elapsed_days)
    return Decayed(factor, active, on_the_day, mode, fraction)


def decay_of(ligand: Radioligand, on: dt.date | None) -> Decayed:
    """The radioligand on this date; without a calibration date or a date it is taken as calibrated today."""
    calibrated = ligand.calibration_date
    elapsed = (on - calibrated).days if on is not None and calibrated is not None else 0
    return decayed(
        ligand.specific_activity_dpm_per_mol,
        ligand.nuclide,
        elapsed,
        ligand.labelled_atoms,
        ligand.decay_mode,
    )


def _labelled_fraction(specific_activity: float, nuclide: Nuclide, atoms: int) -> float:
    if not (specific_activity > 0 and atoms >= 1):
        raise InputError(
            Problem(
                "the specific activity or the number of labelled atoms is missing or not positive",
                fix="Give the specific activity of the batch with its unit, such as '82.0 Ci/mmol'",
                code="E-SA",
            )
        )
    most = atoms * nuclide.carrier_free_dpm_per_mol
    if specific_activity > _ROUNDING * most:
        stated, limit = _in_ci_per_mmol(specific_activity, most)
        raise InputError(
            Problem(
                f"a specific activity of {stated:.4g} Ci/mmol is more than {atoms} {nuclide.name} per molecule "
                f"can have ({limit:.4g} Ci/mmol)",
                fix="Check the unit, the nuclide and the number of labelled atoms (3 or 4 is usual for 3H)",
                code="E-SA",
            )
        )
    return min(1.0, specific_activity / most)


def _refuse_impossible_on_the_day(
    on_the_day: float, nuclide: Nuclide, atoms: int, days_before: float
) -> None:
    """Counted back from a calibration after the experiment, the specific activity may pass what is possible."""
    most = atoms * nuclide.carrier_free_dpm_per_mol
    if on_the_day > _ROUNDING * most:
        found, limit = _in_ci_per_mmol(on_the_day, most)
        raise InputError(
            Problem(
                f"the radioligand was calibrated {days_before:.0f} days after this experiment, on whose day it would "
                f"have had {found:.4g} Ci/mmol, more than {atoms} {nuclide.name} per molecule can have "
                f"({limit:.4g} Ci/mmol)",
                fix="Check the date of the experiment and the calibration date",
                code="E-SA",
            )
        )


def _in_ci_per_mmol(*values: float) -> tuple[float, ...]:
    return tuple(value / _DPM_PER_MOL_IN_CI_PER_MMOL for value in values)
