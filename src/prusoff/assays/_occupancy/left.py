"""What is left of the binding at baseline in every scan of a subject, over its regions, and in each of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...affinity.lassen import FEWEST_REGIONS, LassenLine, lassen_line
from ...core.curves import Curve
from ...core.equation import Array
from ...core.errors import InputError, Problem
from ...core.measured import Measured
from .scans import Reading, Scan, Signal, Subject


@dataclass(frozen=True)
class Regional:
    """The occupancy of one region in one scan, as a fraction, and the place of its reading."""

    occupancy: Measured
    place: str


@dataclass(frozen=True)
class Left:
    """One scan: the part of the baseline that is left over all regions, with its error, and the regions one by one.

    `misfit` is the sum of squares of the regions about one occupancy in units of their errors, with `freedom` degrees
    of freedom (0 where no errors are stated); `line` is the Lassen line where the volumes were read by it.
    """

    scan: Scan
    left: Measured
    regions: Mapping[str, Regional] = field(default_factory=dict)
    misfit: float = 0.0
    freedom: int = 0
    line: LassenLine | None = None

    @property
    def occupancy(self) -> Measured:
        """The part of the sites that is held."""
        return Measured(1.0 - self.left.value, self.left.se)


@dataclass(frozen=True)
class SubjectLeft:
    """All scans of a subject as parts of its baseline. Where the baselines are points of the fit, they stand first.

    `baseline_error` is the relative standard error of the baseline, nan where it is not known.
    """

    subject: Subject
    points: tuple[Left, ...]
    baseline_error: float = math.nan

    @property
    def curve(self) -> Curve:
        """Log concentration and what is left of the baseline."""
        x = np.array([one.scan.log_molar for one in self.points])
        return Curve(x, np.array([one.left.value for one in self.points]), label=self.subject.name)

    @property
    def errors(self) -> Array:
        """The standard error of each point; nan where none is known."""
        return np.array([one.left.se for one in self.points])

    @property
    def with_drug(self) -> tuple[Left, ...]:
        """The scans with drug."""
        return tuple(one for one in self.points if not one.scan.is_baseline)


def left_of(subject: Subject, signal: Signal, reference: str, level: float) -> SubjectLeft:
    """What is left of the baseline in every scan of one subject.

    From BPND, and from VT with a reference region, the baseline scans are points of the fit with errors of their own.
    From VT alone every scan is read by a Lassen plot against the mean baseline, and occupancies are taken as they are:
    their baseline stands already.
    """
    if signal is Signal.OCCUPANCY:
        return SubjectLeft(subject, tuple(_as_stated(scan) for scan in subject.with_drug))
    if not subject.baselines:
        raise InputError(
            Problem(
                f"there is no baseline scan, so {signal.value} gives no occupancy",
                subject.name,
                "Mark it with role = baseline, or give occupancies in %",
                "E-CONTROLS",
            )
        )
    if signal is Signal.VOLUME and not reference:
        return _by_lassen(subject, level)
    scans = [_binding(scan, reference) for scan in subject.scans] if reference else list(subject.scans)
    return _by_binding(Subject(subject.name, subject.compound, tuple(scans)))


def _as_stated(scan: Scan) -> Left:
    """A scan of which the occupancy itself is stated, in percent."""
    regions = {
        name: Regional(Measured(one.value / 100.0, one.se / 100.0), one.place)
        for name, one in scan.readings.items()
    }
    values = np.array([one.occupancy.value for one in regions.values()])
    errors = np.array([one.occupancy.se for one in regions.values()])
    mean, misfit, freedom = _mean(values, errors)
    return Left(scan, Measured(1.0 - mean.value, mean.se), regions, misfit, freedom)


def _mean(values: Array, errors: Array) -> tuple[Measured, float, int]:
    """The mean over regions, weighted where errors are stated, with their scatter about it."""
    if not (np.isfinite(errors).all() and (errors > 0).all()):
        return Measured(float(values.mean()), math.nan), 0.0, 0
    weights = 1.0 / errors**2
    mean = float(weights @ values / weights.sum())
    return (
        Measured(mean, float(weights.sum()) ** -0.5),
        float(weights @ (values - mean) ** 2),
        values.size - 1,
    )


def _binding(scan: Scan, reference: str) -> Scan:
    """Volumes of distribution as binding potentials by those of a region without sites: VT/VT(ref) - 1."""
    free = scan.readings[reference]
    if not free.value > 0:
        raise InputError(
            Problem(
                f"the reference region '{reference}' has a volume of {free.value:g}",
                scan.name,
                "A volume of distribution is above zero: correct it, or set the scan aside",
                "E-REGION",
            )
        )
    below = Measured(free.value, free.se)
    found = {}
    for name, one in scan.readings.items():
        if name != reference:
            ratio = Measured(one.value, one.se) / below
            found[name] = Reading(ratio.value - 1.0, ratio.se, one.place)
    return Scan(scan.name, scan.log_molar, found)


def _baseline(subject: Subject) -> dict[str, Measured]:
    """The mean baseline of every region, with the error of that mean."""
    found: dict[str, Measured] = {}
    for region in dict.fromkeys(name for scan in subject.baselines for name in scan.readings):
        each = [scan.readings[region] for scan in subject.baselines if region in scan.readings]
        error = math.sqrt(sum(one.se**2 for one in each)) / len(each)
        found[region] = Measured(sum(one.value for one in each) / len(each), error)
    return found


def _by_binding(subject: Subject) -> SubjectLeft:
    base = _baseline(subject)
    if not all(one.value > 0 for one in base.values()):
        names = ", ".join(name for name, one in base.items() if not one.value > 0)
        raise InputError(
            Problem(
                f"nothing is bound at baseline in {names}",
                subject.name,
                "Leave out regions without sites, or name one as the reference_region of volumes",
                "E-REGION",
            )
        )
    points = tuple(_relative(scan, base) for scan in subject.scans)
    whole = [one for one in points if one.scan.is_baseline]
    error = math.sqrt(sum(one.left.se**2 for one in whole)) / len(whole)
    return SubjectLeft(subject, points, error)


def _relative(scan: Scan, base: Mapping[str, Measured]) -> Left:
    """One scan over the baseline of its regions, each weighing as much as it tells: b/SE², or b without errors."""
    names = [name for name in sorted(scan.readings) if name in base]
    y = np.array([scan.readings[name].value for name in names])
    se = np.array([scan.readings[name].se for name in names])
    b = np.array([base[name].value for name in names])
    known = bool(np.isfinite(se).all() and (se > 0).all())
    weights = b / se**2 if known else b
    scale = float(weights @ b)
    left = float(weights @ y) / scale
    error = float(np.sqrt(weights**2 @ se**2)) / scale if known else math.nan
    regions = {
        name: Regional(
            Measured(
                1.0 - value, math.hypot(scan.readings[name].se, value * base[name].se) / base[name].value
            ),
            scan.readings[name].place,
        )
        for name, value in zip(names, y / b, strict=True)
    }
    if scan.is_baseline:
        return Left(scan, Measured(left, error), regions)
    of_base = np.array([base[name].se for name in names])
    spread = np.hypot(se, left * of_base)
    misfit = float((((y - left * b) / spread) ** 2).sum()) if known and np.isfinite(spread).all() else 0.0
    return Left(scan, Measured(left, error), regions, misfit, len(names) - 1 if misfit > 0 else 0)


def _by_lassen(subject: Subject, level: float) -> SubjectLeft:
    base = _baseline(subject)
    points = tuple(_lassen(scan, base, (subject.name, level)) for scan in subject.with_drug)
    free = [one.line.nondisplaceable.value for one in points if one.line is not None]
    bound = sum(one.value for one in base.values()) - len(base) * float(np.median(free)) if free else math.nan
    error = math.sqrt(sum(one.se**2 for one in base.values())) / bound if bound > 0 else math.nan
    return SubjectLeft(subject, points, error)


def _lassen(scan: Scan, base: Mapping[str, Measured], at: tuple[str, float]) -> Left:
    name, level = at
    regions = [region for region in sorted(scan.readings) if region in base]
    if len(regions) < FEWEST_REGIONS:
        raise InputError(
            Problem(
                f"{len(regions)} regions with a baseline make no Lassen plot",
                f"{name} > {scan.name}",
                f"Give at least {FEWEST_REGIONS}, or name a reference_region under [settings]",
                "E-REGION",
            )
        )
    b, y = (
        np.array([getattr(pair, what) for pair in pairs])
        for pairs, what in (
            ([base[one] for one in regions], "value"),
            ([scan.readings[one] for one in regions], "value"),
        )
    )
    of_b = np.array([base[one].se for one in regions])
    of_y = np.array([scan.readings[one].se for one in regions])
    known = bool(all(np.isfinite(one).all() and (one > 0).all() for one in (of_b, of_y)))
    line = lassen_line(b, y, of_b, of_y, level) if known else lassen_line(b, y, level=level)
    held, free = line.occupancy, line.nondisplaceable.value
    misfit, formal = 0.0, math.nan
    if known:
        off = y - (1.0 - held.value) * b - held.value * free
        misfit = float((off**2 / (of_y**2 + (1.0 - held.value) ** 2 * of_b**2)).sum())
        formal = held.se / math.sqrt(misfit / (len(regions) - 2)) if misfit > 0 else held.se
    told = _regional(regions, scan, base, free)
    freedom = len(regions) - 2 if known else 0
    return Left(scan, Measured(1.0 - held.value, formal), told, misfit, freedom, line)


def _regional(
    regions: Sequence[str], scan: Scan, base: Mapping[str, Measured], free: float
) -> dict[str, Regional]:
    """The occupancy of each region with the VND of all, where the region binds anything."""
    found = {}
    for name in regions:
        one, bound = scan.readings[name], base[name].value - free
        if bound > 0 and math.isfinite(free):
            occupied = (base[name].value - one.value) / bound
            error = math.hypot(one.se, (1.0 - occupied) * base[name].se) / bound
            found[name] = Regional(Measured(occupied, error), one.place)
    return found
