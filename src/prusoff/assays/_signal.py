"""Wells as signals: net of background, in dpm where the efficiency is known, with the variance the counter implies."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from ..core.equation import Array
from ..core.errors import InputError, Problem
from ..core.experiment import Counting, Experiment
from ..core.measured import Measured
from ..core.plate import Role, Well
from ..counting.amount import disintegrations
from ..counting.efficiency import efficiency_by_quench
from ..counting.rate import SECONDS_PER_MINUTE, count_rate, detection_limits, net_rate, rate_with_error
from ..fitting.weights import CountingVariance, Weighting, Weights


@dataclass(frozen=True)
class Signals:
    """The wells of one experiment that were read and their signal, (well,), in `unit`: dpm, cpm, or another word.

    Wells that were set aside keep their signal, to be drawn; `of_role` gives only those that take part.

    `weighting` is the variance that counting and pipetting imply, or equal weights where the counter says too little.
    `errors` are the standard errors that counting and efficiency give each signal, `decision_limit` is the signal above
    which a well holds more than background; `counts_per_signal` (efficiency times minutes) and `background_counts` lead
    back to the gross counts of a well. All are nan where the counter says too little.
    """

    wells: tuple[Well, ...]
    values: Array
    unit: str
    weighting: Weights
    note: str = ""
    errors: Array | None = None
    counts_per_signal: float = math.nan
    background_counts: float = math.nan
    decision_limit: float = math.nan

    def pick(self, choose: Callable[[Well], bool]) -> tuple[tuple[Well, ...], Array]:
        """The wells that are chosen, and their signals; those set aside too."""
        index = [i for i, well in enumerate(self.wells) if choose(well)]
        return tuple(self.wells[i] for i in index), self.values[index]

    def of_role(self, role: Role, plates: Iterable[str] | None = None) -> Array:
        """Signals of all wells of this role that take part, on these plates or on all."""
        wanted = None if plates is None else set(plates)
        return self.pick(
            lambda well: (
                well.used and well.treatment.role is role and (wanted is None or well.plate in wanted)
            )
        )[1]


def mean_of(values: Array) -> Measured:
    """Mean of replicate signals with its standard error; a single one has the error zero."""
    spread = float(values.std(ddof=1)) / math.sqrt(values.size) if values.size > 1 else 0.0
    return Measured(float(values.mean()), spread)


def annotated(experiment: Experiment, read: Signals) -> Experiment:
    """The experiment with net signal, counting error and the verdict of the decision limit beside every well."""
    beside: dict[tuple[str, str], dict[str, str]] = {}
    for index, (well, value) in enumerate(zip(read.wells, read.values, strict=True)):
        found = {f"net ({read.unit})": f"{value:.6g}"}
        if read.errors is not None and math.isfinite(read.errors[index]):
            found[f"counting SE ({read.unit})"] = f"{read.errors[index]:.3g}"
        if math.isfinite(read.decision_limit):
            found["above background"] = "yes" if value > read.decision_limit else "no"
        beside[well.plate, well.position] = found
    wells = (
        replace(well, extra={**well.extra, **beside.get((well.plate, well.position), {})})
        for well in experiment.wells
    )
    return replace(experiment, wells=tuple(wells))


def compounds(experiment: Experiment) -> tuple[str, ...]:
    """Compounds in the order in which they appear, those included whose wells were all set aside."""
    names = (well.treatment.compound for well in experiment.wells if well.treatment.role is Role.COMPOUND)
    return tuple(dict.fromkeys(names))


def unread_set_aside(experiment: Experiment) -> Experiment:
    """The same experiment with every well that holds no number set aside, so that all wells in use have one."""
    wells = tuple(
        replace(well, set_aside="there is no reading")
        if well.used and not math.isfinite(well.signal)
        else well
        for well in experiment.wells
    )
    return replace(experiment, wells=wells)


def signals(experiment: Experiment) -> Signals:
    """The signals of an experiment. Counts need a counting time; dpm needs an efficiency, and is never guessed."""
    wells = tuple(well for well in experiment.wells if math.isfinite(well.signal))
    units = {well.unit for well in wells}
    if len(units) > 1:
        raise InputError(
            Problem(
                f"the wells have different units: {', '.join(sorted(units))}",
                experiment.name,
                "Give all wells of an experiment in one unit",
                "E-UNIT",
            )
        )
    unit = next(iter(units), "signal")
    if unit not in ("counts", "cpm", "dpm"):
        return Signals(wells, np.array([well.signal for well in wells]), unit, Weighting.NONE)
    return _counted(experiment, wells, unit)


def _counted(experiment: Experiment, wells: tuple[Well, ...], unit: str) -> Signals:
    counting = experiment.counting
    times = np.array([_time_s(well, counting) for well in wells]) / SECONDS_PER_MINUTE
    raw = np.array([well.signal for well in wells])
    if unit == "counts" and np.isnan(times).any():
        missing = wells[int(np.flatnonzero(np.isnan(times))[0])]
        raise InputError(
            Problem(
                "the wells hold counts, and no counting time is given",
                f"{experiment.name} > {missing.plate} {missing.position}",
                "Write counting.time in the run file, such as '2 min'",
                "E-TIME",
            )
        )
    if unit == "dpm":
        return Signals(
            wells, raw, "dpm", Weighting.NONE, "The wells are given in dpm, so they are weighted equally."
        )
    background = rate_with_error(counting.background_cpm, counting.background_time_s)
    net = [net_rate(_gross(well, unit, counting), background) for well in wells]
    efficiency = _efficiencies(wells, counting)
    if efficiency is not None:
        net = [disintegrations(rate, part) for rate, part in zip(net, efficiency, strict=True)]
    seen = 1.0 if efficiency is None else float(np.mean([one.value for one in efficiency]))
    time = float(np.median(times))
    weighting, note = _weighting(counting, time, seen)
    return Signals(
        wells,
        np.array([one.value for one in net]),
        "cpm" if efficiency is None else "dpm",
        weighting,
        note,
        np.array([one.se for one in net]),
        time * seen,
        time * counting.background_cpm,
        _decision_limit(counting, time) / seen,
    )


def _gross(well: Well, unit: str, counting: Counting) -> Measured:
    seconds = _time_s(well, counting)
    return count_rate(well.signal, seconds) if unit == "counts" else rate_with_error(well.signal, seconds)


def _decision_limit(counting: Counting, time_min: float) -> float:
    if not (time_min > 0 and counting.background_time_s > 0):
        return math.nan
    seconds = time_min * SECONDS_PER_MINUTE
    return detection_limits(counting.background_cpm, seconds, counting.background_time_s).decision


def _time_s(well: Well, counting: Counting) -> float:
    return counting.time_s if math.isnan(well.count_time_s) else well.count_time_s


def _efficiencies(wells: tuple[Well, ...], counting: Counting) -> list[Measured] | None:
    """Counting efficiency of every well, None where none is known: cpm then stay cpm."""
    if math.isnan(counting.efficiency) and not counting.quench_curve:
        return None
    efficiency = efficiency_by_quench(counting)
    return [efficiency(well.quench) for well in wells]


def _weighting(counting: Counting, time: float, efficiency: float) -> tuple[Weights, str]:
    """Variance of a net rate y as a function of y: Poisson counts, background, and pipetting."""
    if math.isnan(time):
        return Weighting.NONE, "The counting time is not given, so the wells are weighted equally."
    background = counting.background_cpm
    background_time = counting.background_time_s / SECONDS_PER_MINUTE
    of_background = background / background_time if background_time > 0 else 0.0
    return (
        CountingVariance(
            constant=(background / time + of_background) / efficiency**2,
            per_signal=1.0 / (time * efficiency),
            per_square=counting.pipetting_cv**2,
        ),
        "",
    )
