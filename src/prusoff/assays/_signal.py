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
from ..counting.rate import (
    SECONDS_PER_MINUTE,
    count_rate,
    detection_limits,
    mean_rate,
    net_rate,
    rate_with_error,
)
from ..fitting.weights import CountingVariance, Weighting, Weights
from ._background import Background, background_of, measured_background

USUAL_PIPETTING_CV = 0.03
DEAD = (
    "All wells read the same, so nothing can be fitted. Check whether the plate was counted, and whether the right "
    "column or channel of the file was read."
)


@dataclass(frozen=True)
class Signals:
    """The wells of one experiment that were read and their signal, (well,), in `unit`: dpm, cpm, or another word.

    Wells that were set aside keep their signal, to be drawn; `of_role` gives only those that take part.

    `weighting` is the variance that counting and pipetting imply, or equal weights where the counter says too little.
    `errors` are the standard errors that counting and efficiency give each signal, `decision_limit` is the signal above
    which a well holds more than background; `counts_per_signal` (efficiency times minutes) and `background_counts` lead
    back to the gross counts of a well; `gross` are these, (well,). `efficiency` is the mean counting efficiency. All
    are nan where the counter says too little.
    """

    wells: tuple[Well, ...]
    values: Array
    unit: str
    weighting: Weights
    notes: tuple[str, ...] = ()
    errors: Array | None = None
    counts_per_signal: float = math.nan
    background_counts: float = math.nan
    decision_limit: float = math.nan
    gross: Array | None = None
    efficiency: float = math.nan
    background: Background | None = None

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


def one_reading(values: Array) -> bool:
    """Whether all wells read the same number, as those of a dead counter or an empty channel do."""
    return bool(values.size > 1 and np.ptp(values) == 0.0)


def mean_of(values: Array) -> Measured:
    """Mean of replicate signals with its standard error; a single one has the error zero."""
    spread = float(values.std(ddof=1)) / math.sqrt(values.size) if values.size > 1 else 0.0
    return Measured(float(values.mean()), spread)


def standard_error(values: Array, weighting: Weights) -> float:
    """Error of the mean of replicates: the larger of their scatter and of what counting and pipetting imply."""
    error = mean_of(values).se
    if isinstance(weighting, CountingVariance):
        error = max(error, math.sqrt(float(weighting.variance(values.mean(keepdims=True))[0]) / values.size))
    return error


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
    if unit in ("counts", "cpm"):
        return _counted(experiment, wells, unit)
    notes = ("The wells are given in dpm, so they are weighted equally.",) if unit == "dpm" else ()
    return _as_given(wells, unit, notes)


def _as_given(wells: tuple[Well, ...], unit: str, notes: tuple[str, ...]) -> Signals:
    """Signals that are no counts, less the mean of the wells without label on their plate, where there are some."""
    raw = [Measured(well.signal, math.nan) for well in wells]
    empty = {plate: mean_rate(own).value for plate, own in measured_background(wells, raw).items()}
    values = np.array([well.signal - empty.get(well.plate, 0.0) for well in wells])
    if empty:
        notes = (
            *notes,
            "The mean of the blank and background wells is subtracted from the other wells of their plate.",
        )
    return Signals(wells, values, unit, Weighting.NONE, notes)


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
    rates = [_gross(well, unit, counting) for well in wells]
    background = background_of(counting, wells, rates, times * SECONDS_PER_MINUTE)
    net = [net_rate(rate, background.of(well.plate)) for well, rate in zip(wells, rates, strict=True)]
    efficiency = _efficiencies(wells, counting)
    if efficiency is not None:
        net = [disintegrations(rate, part) for rate, part in zip(net, efficiency, strict=True)]
    seen = 1.0 if efficiency is None else float(np.mean([one.value for one in efficiency]))
    time = float(np.median(times))
    weighting, notes = _weighting(counting, background, time, seen)
    return Signals(
        wells,
        np.array([one.value for one in net]),
        "cpm" if efficiency is None else "dpm",
        weighting,
        (*background.notes, *notes),
        np.array([one.se for one in net]),
        time * seen,
        time * background.typical,
        _decision_limit(background, time) / seen,
        raw if unit == "counts" else np.maximum(raw * times, 0.0),
        math.nan if efficiency is None else seen,
        background,
    )


def _gross(well: Well, unit: str, counting: Counting) -> Measured:
    seconds = _time_s(well, counting)
    return count_rate(well.signal, seconds) if unit == "counts" else rate_with_error(well.signal, seconds)


def _decision_limit(background: Background, time_min: float) -> float:
    if not (time_min > 0 and background.time_s > 0):
        return math.nan
    rate = max(
        background.typical, 0.0
    )  # a counter that takes its background off itself may leave less than none
    return detection_limits(rate, time_min * SECONDS_PER_MINUTE, background.time_s).decision


def _time_s(well: Well, counting: Counting) -> float:
    return counting.time_s if math.isnan(well.count_time_s) else well.count_time_s


def _efficiencies(wells: tuple[Well, ...], counting: Counting) -> list[Measured] | None:
    """Counting efficiency of every well, None where none is known: cpm then stay cpm."""
    if math.isnan(counting.efficiency) and not counting.quench_curve:
        return None
    efficiency = efficiency_by_quench(counting)
    return [efficiency(well.quench) for well in wells]


def _weighting(
    counting: Counting, background: Background, time: float, efficiency: float
) -> tuple[Weights, tuple[str, ...]]:
    """Variance of a net rate y as a function of y: Poisson counts, background, and pipetting."""
    if math.isnan(time):
        return Weighting.NONE, ("The counting time is not given, so the wells are weighted equally.",)
    stated = not math.isnan(counting.pipetting_cv)
    cv = counting.pipetting_cv if stated else USUAL_PIPETTING_CV
    law = CountingVariance(
        constant=(max(background.typical, 0.0) / time + background.variance) / efficiency**2,
        per_signal=1.0 / (time * efficiency),
        per_square=cv**2,
    )
    return law, () if stated else (
        f"The pipetting CV is not stated; {cv:.0%} is assumed.".replace("%", " %"),
    )
