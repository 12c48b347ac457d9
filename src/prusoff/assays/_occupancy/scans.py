"""The wells of a subject as scans: which signal they hold, and what was seen in which region, with or without drug."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from ...core.errors import InputError, Problem, Problems
from ...core.experiment import Experiment
from ...core.plate import Role, Well

ALL = "all regions"
_READ = (Role.TOTAL, Role.COMPOUND)


class Signal(Enum):
    """What a scan gives for each region."""

    BINDING = "BPND"
    VOLUME = "VT"
    OCCUPANCY = "%"


_WORDS: Mapping[str, Signal] = {
    "bpnd": Signal.BINDING,
    "bp": Signal.BINDING,
    "sbr": Signal.BINDING,
    "vt": Signal.VOLUME,
    "ml/cm3": Signal.VOLUME,
    "%": Signal.OCCUPANCY,
    "percent": Signal.OCCUPANCY,
    "occupancy": Signal.OCCUPANCY,
}


@dataclass(frozen=True)
class Reading:
    """One region of one scan: its signal, the standard error stated for it (nan where none is), and its place."""

    value: float
    se: float
    place: str


@dataclass(frozen=True)
class Scan:
    """One scan: log10 of the plasma concentration (mol/L), -inf at baseline, and its readings by region."""

    name: str
    log_molar: float
    readings: Mapping[str, Reading]

    @property
    def is_baseline(self) -> bool:
        """Whether no drug was given."""
        return math.isinf(self.log_molar)


@dataclass(frozen=True)
class Subject:
    """One subject with one drug: baselines first, then scans by rising concentration."""

    name: str
    compound: str
    scans: tuple[Scan, ...]

    @property
    def baselines(self) -> tuple[Scan, ...]:
        """The scans without drug."""
        return tuple(scan for scan in self.scans if scan.is_baseline)

    @property
    def with_drug(self) -> tuple[Scan, ...]:
        """The scans with drug."""
        return tuple(scan for scan in self.scans if not scan.is_baseline)


def signal_of(experiments: Sequence[Experiment]) -> Signal:
    """What all wells in use hold; raises InputError where they differ, or where the word is not known."""
    units = sorted({well.unit for one in experiments for well in one.used})
    found = {_WORDS.get(unit.strip().lower()) for unit in units}
    if len(found) == 1 and None not in found:
        (signal,) = found
        assert signal is not None
        return signal
    told = f"the signal is in {' and '.join(units)}" if units else "no well is in use"
    raise InputError(
        Problem(
            f"{told}, and an occupancy is read from BPND, VT or % of occupancy",
            ", ".join(one.name for one in experiments),
            'Write signal = "BPND" (or "VT", "%") under [units], one for all scans',
            "E-UNIT",
        )
    )


def read_only(experiment: Experiment) -> Experiment:
    """The same experiment with wells of a role that says nothing of occupancy set aside."""

    def judged(well: Well) -> Well:
        if well.treatment.role in _READ or not well.used:
            return well
        return replace(well, set_aside=f"the role '{well.treatment.role}' has no meaning for occupancy")

    return replace(experiment, wells=tuple(map(judged, experiment.wells)))


def without_use(experiment: Experiment, signal: Signal, reference: str) -> Experiment:
    """The same experiment with the wells set aside that have no counterpart: regions without a baseline, say."""
    if signal is Signal.OCCUPANCY:
        return experiment
    used = [well for well in experiment.wells if well.used]
    at_baseline = {well.treatment.region for well in used if well.treatment.role is Role.TOTAL}
    if not at_baseline:
        return experiment  # refused where the subject is read
    referred = (
        {_scan_key(well) for well in used if well.treatment.region == reference} if reference else set()
    )

    def judged(well: Well) -> Well:
        if not well.used:
            return well
        if reference and _scan_key(well) not in referred:
            return replace(well, set_aside=f"the reference region '{reference}' was not read in this scan")
        if well.treatment.region not in at_baseline:
            return replace(well, set_aside="this region has no baseline in this subject")
        return well

    return replace(experiment, wells=tuple(map(judged, experiment.wells)))


def subjects_of(experiments: Sequence[Experiment], compound: str) -> tuple[Subject, ...]:
    """Every subject that was given this drug, by name, with its scans."""
    problems = Problems()
    found = []
    for experiment in sorted(experiments, key=lambda one: one.name):
        used = [well for well in experiment.wells if well.used]
        own = [
            well
            for well in used
            if well.treatment.role is Role.COMPOUND and well.treatment.compound == compound
        ]
        if not own:
            continue
        baselines = [well for well in used if well.treatment.role is Role.TOTAL]
        scans = (*_scans(baselines, experiment, problems), *_scans(own, experiment, problems))
        found.append(Subject(experiment.name, compound, scans))
    problems.raise_if_any()
    return tuple(found)


def _scan_key(well: Well) -> tuple[str, str, float]:
    """What the wells of one scan have in common: its name where it has one, and what was in the blood."""
    what = well.treatment
    molar = what.concentration_molar if what.role is Role.COMPOUND else 0.0
    return well.plate, what.compound if molar else "", molar


def _scans(wells: Sequence[Well], experiment: Experiment, problems: Problems) -> tuple[Scan, ...]:
    groups: dict[tuple[str, str, float], list[Well]] = {}
    for well in sorted(wells, key=lambda one: (one.plate, one.position, one.treatment.region)):
        groups.setdefault(_scan_key(well), []).append(well)
    found = []
    for (name, _, molar), own in sorted(groups.items(), key=lambda one: (one[0][2], one[0][0])):
        if math.isnan(molar):
            problems.add(
                f"'{own[0].treatment.compound}' has no concentration in plasma",
                f"{experiment.name} > {own[0].source or own[0].position}",
                "Give every scan with drug the concentration in plasma, with a unit",
                "E-CONCENTRATION",
            )
            continue
        readings: dict[str, Reading] = {}
        for well in own:
            region = well.treatment.region or ALL
            if region in readings:
                problems.add(
                    f"the region '{region}' stands twice in one scan",
                    f"{experiment.name} > {well.source or well.position}",
                    "Name the scans in a column 'scan', or correct the region",
                    "E-REGION",
                )
            readings[region] = Reading(well.signal, well.signal_se, place_of(well))
        log = math.log10(molar) if molar > 0 else -math.inf
        found.append(Scan(name or _called(molar), log, readings))
    return tuple(found)


def place_of(well: Well) -> str:
    """Scan and position of a well in one word."""
    return f"{well.plate} {well.position}".strip()


def _called(molar: float) -> str:
    return "baseline" if molar == 0 else f"{molar * 1e9:.4g} nM"
