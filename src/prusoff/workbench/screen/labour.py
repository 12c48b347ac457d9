"""Who fits the parts of a screen: this process, worker processes of this machine, or the workers of a cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ...core.errors import PrusoffError
from ...core.fits import joined
from .part import Fitted, Readings, Settings, fit_part, lost_part, more_names

LARGE = 20_000  # curves from which on more than one process pays
PARTS = 320  # into which a large table is cut, so that a run that is killed repeats next to nothing
FEWEST, MOST = 1_000, 8_000  # curves of one part; the engine is slower per curve on fewer
MOST_ROWS = 1_000_000  # of one part, where curves have very many points

Job = tuple[int, Readings]
Answer = Fitted | PrusoffError | str
"""What comes of a part: its fits, an error of use, or why it was lost."""
Step = Callable[[Settings, Readings], Answer]


class Crew(Protocol):
    """Whoever fits parts: gives back the number of each with what came of it, in any order."""

    def results(self, jobs: Iterable[Job]) -> Iterator[tuple[int, Answer]]:
        """Fit the parts as they come."""
        ...


@dataclass(frozen=True)
class Labour:
    """How the work is shared: `workers` processes (0: as many as there are cores, where it pays) or a `cluster`.

    `progress` is told how many curves of how many are done.
    """

    workers: int = 0
    cluster: str = ""
    progress: Callable[[int, int], None] | None = None

    def crew(self, settings: Settings, curves: int, alone: Step) -> Crew:
        """The crew for so many curves; `alone` is the step of this process where nobody else is needed."""
        if self.cluster:
            from .cluster import Cluster

            return Cluster(settings, self.cluster)
        from .processes import Processes

        count = self.workers or (cores() if curves >= LARGE else 0)
        return Processes(settings, count) if count else Alone(settings, alone)

    def tell(self, done: int, curves: int) -> None:
        """Say how far the work is."""
        if self.progress is not None:
            self.progress(done, curves)


@dataclass(frozen=True)
class Alone:
    """This process by itself."""

    settings: Settings
    step: Step

    def results(self, jobs: Iterable[Job]) -> Iterator[tuple[int, Answer]]:
        """Fit the parts one after another."""
        for number, readings in jobs:
            yield number, self.step(self.settings, readings)


def attempt(settings: Settings, readings: Readings) -> Answer:
    """Fit a part; an error of use is handed on, anything else is the reason why the part is lost."""
    try:
        return fit_part(settings, readings)
    except PrusoffError as error:
        return error
    except Exception as failure:  # whatever it is, it must not stop the other parts
        return f"{type(failure).__name__}: {failure}"


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def cut(ends: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Where a table is cut into parts: first curves, and the number of curves behind the last.

    `ends` is the row at which each curve ends. The cut depends on the curves alone, never on who does the work.
    """
    curves = int(ends.size)
    most = min(max(-(-curves // PARTS), FEWEST), MOST)
    cuts = [0]
    while cuts[-1] < curves:
        first = cuts[-1]
        rows = int(ends[first - 1]) if first else 0
        fitting = int(np.searchsorted(ends, rows + MOST_ROWS, side="right"))
        cuts.append(min(max(fitting, first + 1), first + most, curves))
    return np.array(cuts if curves else [0, 0], dtype=np.int64)


def fit_readings(settings: Settings, readings: Readings, labour: Labour) -> Fitted:
    """Fit the curves of a table in memory."""
    cuts = cut(readings.starts[1:].astype(np.int64))
    jobs = [readings.part(int(a), int(b)) for a, b in pairwise(cuts)]
    found: dict[int, Fitted] = {}
    done = 0
    for number, answer in labour.crew(settings, len(readings), fit_part).results(enumerate(jobs)):
        found[number] = settled(settings, jobs[number], answer)
        done += len(jobs[number])
        labour.tell(done, len(readings))
    parts = [found[number] for number in range(len(jobs))]
    sought = settings.rout is not None
    rows = zip(parts, jobs, strict=True)
    outliers = [one.outliers if one.outliers.size else np.zeros(job.x.size, dtype=bool) for one, job in rows]
    return Fitted(
        joined([one.fits for one in parts]),
        np.concatenate([one.aside for one in parts], axis=1),
        np.concatenate(outliers) if sought else np.zeros(0, dtype=bool),
        {name: np.concatenate([one.more[name] for one in parts]) for name in more_names(settings)},
    )


def settled(settings: Settings, readings: Readings, answer: Answer, read: bool = True) -> Fitted:
    """The fits of a part; where it was lost, every curve of it has failed with the reason. Errors of use are raised."""
    if isinstance(answer, PrusoffError):
        raise answer
    if isinstance(answer, str):
        return lost_part(settings, readings, f"Its part of the table could not be fitted: {answer}.", read)
    return answer
