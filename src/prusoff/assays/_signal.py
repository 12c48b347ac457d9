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
from ..counting.efficiency import efficiency_by_quench
from ..counting.rate import SECONDS_PER_MINUTE
from ..fitting.weights import CountingVariance, Weighting, Weights


@dataclass(frozen=True)
class Signals:
    """The wells of one experiment that were read and their signal, (well,), in `unit`: dpm, cpm, or another word.

    Wells that were set aside keep their signal, to be drawn; `of_role` gives only those that take part.

    `weighting` is the variance that counting and pipetting imply, or equal weights where the counter says too little.
    `counts_per_signal` (efficiency times minutes) and `background_counts` lead back to the gross counts of a well; nan
    where no counting time is known.
    """

    wells: tuple[Well, ...]
    values: Array
    unit: str
    weighting: Weights
    note: str = ""
    counts_per_signal: float = math.nan
    background_counts: float = math.nan

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
    times = np.array([_time_min(well, counting) for well in wells])
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
    net = (raw / times if unit == "counts" else raw) - counting.background_cpm
    efficiency = _efficiencies(wells, counting)
    known = not np.isnan(efficiency).any()
    scale = efficiency if known else np.ones_like(net)
    seen, time = float(np.mean(scale)), float(np.median(times))
    weighting, note = _weighting(counting, time, seen)
    return Signals(
        wells,
        net / scale,
        "dpm" if known else "cpm",
        weighting,
        note,
        time * seen,
        time * counting.background_cpm,
    )


def _time_min(well: Well, counting: Counting) -> float:
    return (counting.time_s if math.isnan(well.count_time_s) else well.count_time_s) / SECONDS_PER_MINUTE


def _efficiencies(wells: tuple[Well, ...], counting: Counting) -> Array:
    """Counting efficiency of every well, nan where none is known: cpm then stay cpm."""
    if math.isnan(counting.efficiency) and not counting.quench_curve:
        return np.full(len(wells), math.nan)
    efficiency = efficiency_by_quench(counting)
    return np.array([efficiency(well.quench).value for well in wells])


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
