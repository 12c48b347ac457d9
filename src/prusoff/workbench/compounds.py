"""The [compound] tables of a run file as nouns of the core, and concentrations by mass as molar ones."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ..affinity.exposure import molar_of_mass
from ..core.errors import InputError, Problem, Problems, UnitError, did_you_mean
from ..core.experiment import Compound, Constant, Dosing
from ..core.kinds import kinds_of
from ..readers._sheet import number
from .bench import inside
from .runfile import constant_of
from .treatments import amount, molar

if TYPE_CHECKING:
    from .run_compounds import CompoundPart, CoursePart, NumberPart
    from .run_tables import ConstantPart
    from .runfile import RunFile

BY_MASS = "mass concentration"


def compounds_of(runfile: RunFile) -> tuple[Compound, ...]:
    """Everything that the run file says of compounds beforehand, in inside units."""
    return tuple(_compound(name, part) for name, part in runfile.compound.items())


def check_compounds(runfile: RunFile, known: Iterable[str], problems: Problems) -> None:
    """Note tables of compounds that no well holds."""
    names = [name for name in dict.fromkeys(known) if name]
    for name in runfile.compound:
        if names and name not in names:
            where = f"{runfile.file} > compound > {name}"
            problems.add(f"no well holds '{name}'", where, did_you_mean(name, names), "E-NAME")


def concentration(text: str, stated: Mapping[str, str], compound: str, runfile: RunFile) -> float:
    """A concentration in mol/L from a cell, molar or by mass; nan where the cell is empty.

    Raises UnitError where the unit is missing or unknown, InputError where a mass cannot become moles.
    """
    if not _by_mass(text, stated):
        return molar(text, stated)
    grams = amount(text, stated, BY_MASS)
    if math.isnan(grams) or grams == 0:
        return grams
    part = runfile.compound.get(compound)
    if part is None:
        raise UnitError(
            Problem(
                f"'{text}' is a concentration by mass, and the molar mass of '{compound}' is not stated",
                fix=f'Add [compound.{_key(compound)}] with molar_mass = "... g/mol" and form = "base" or "salt"',
                code="E-FORM",
            )
        )
    return molar_of_mass(grams, _compound(compound, part), part.form or "")


def _by_mass(text: str, stated: Mapping[str, str]) -> bool:
    """Whether the unit that counts, in the cell or beside it, is one of a concentration by mass."""
    words = text.split()
    units = [unit for unit in stated.values() if unit]
    if number(text) is None and len(words) > 1:
        units.append(words[-1])
    return any(BY_MASS in kinds_of(unit) for unit in units)


def _key(name: str) -> str:
    """A name as a key of TOML."""
    return name if name.replace("-", "").replace("_", "").isalnum() and name.isascii() else f'"{name}"'


def _compound(name: str, part: CompoundPart) -> Compound:
    known = Compound(
        name,
        inside(part.molar_mass),
        inside(part.salt_molar_mass),
        part.form or "",
        _number(part.fraction_unbound),
        _number(part.kp_uu),
        {target: _stated(one) for target, one in part.ki.items()},
        {target: _stated(one) for target, one in part.ic50.items()},
        active_metabolites=part.active_metabolites,
        dosing=None if part.course is None else _dosing(part.course),
    )
    if part.exposure is None:
        return known
    exposure = part.exposure.value
    if part.exposure.kind == BY_MASS:
        exposure = molar_of_mass(exposure, known, part.form or "")
    return replace(known, exposure_molar=exposure)


def _stated(part: ConstantPart) -> Constant:
    found = constant_of(part)
    if found is None:
        raise InputError(Problem("a constant has no value", fix="State it", code="E-MISSING"))
    return found


def _number(part: NumberPart | None) -> Constant | None:
    if part is None:
        return None
    log10_se = math.nan if part.log10_se is None else part.log10_se
    return Constant(part.value, part.se or 0.0, "", part.source, log10_se)


def _dosing(part: CoursePart) -> Dosing:
    usual = Dosing(0.0, "", 0.0, 0.0, 0.0, 0.0, "")
    return Dosing(
        part.dose.value,
        part.form,
        part.weight.value,
        part.ka.value,
        part.clearance.value,
        part.half_life.value,
        part.source,
        part.who,
        inside(part.every, usual.interval_s),
        part.doses,
        inside(part.ke0),
        inside(part.volume),
        inside(part.bioavailability),
    )
