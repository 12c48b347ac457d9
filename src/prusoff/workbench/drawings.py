"""Draws all figures of a run; where there are many, worker processes draw their share beside this one."""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..core.figure import FigureSpec
    from ..drawing.canvas import Drawing

PANELS_ALONE = 40  # so many panels are drawn in the time in which another process starts
AHEAD = PANELS_ALONE // 2  # by so many panels this process is ahead of one that has still to start
MOST_WORKERS = 8


def draw_all(specs: Sequence[FigureSpec]) -> dict[str, Drawing]:
    """Every figure by its name, drawn; the bytes do not hang on how many processes share the work.

    What a worker process does not bring back, whatever the reason, is drawn here.
    """
    shares = _shares(specs)
    workers = [(share, _started(share)) for share in shares[1:]]
    gc.freeze()  # a large result stays while it is drawn: nobody need look through it again and again
    try:
        drawn = _drawn(shares[0])
        for share, worker in workers:
            drawn |= _fetched(worker) or _drawn(share)
    finally:
        gc.unfreeze()
    return {spec.name: drawn[spec.name] for spec in specs}


def _shares(specs: Sequence[FigureSpec]) -> list[list[FigureSpec]]:
    """The figures shared out so that every process has about as many panels; the first share is that of this one."""
    panels = sum(len(spec.panels) for spec in specs)
    number = max(1, min(_processors(), MOST_WORKERS, panels // PANELS_ALONE))
    shares: list[list[FigureSpec]] = [[] for _ in range(number)]
    sizes = [-AHEAD, *[0] * (number - 1)]
    for spec in sorted(specs, key=lambda one: -len(one.panels)):
        least = sizes.index(min(sizes))
        shares[least].append(spec)
        sizes[least] += len(spec.panels)
    return shares


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _drawn(specs: Sequence[FigureSpec]) -> dict[str, Drawing]:
    from ..drawing.canvas import draw

    return {spec.name: draw(spec) for spec in specs}


def _started(specs: Sequence[FigureSpec]) -> subprocess.Popen[bytes] | None:
    """A process that draws these figures; None where it cannot be started."""
    try:
        worker = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
    except OSError:
        return None
    if worker.stdin is not None:
        with suppress(OSError):  # a worker that has died brings nothing back: its share is drawn here
            worker.stdin.write(pickle.dumps(list(specs), protocol=5))
        with suppress(OSError):
            worker.stdin.close()
    return worker


def _fetched(worker: subprocess.Popen[bytes] | None) -> dict[str, Drawing] | None:
    """What a worker has drawn; None where it ended without a whole answer."""
    if worker is None or worker.stdout is None:
        return None
    with worker.stdout:
        answer = worker.stdout.read()
    if worker.wait() != 0 or not answer:
        return None
    found: dict[str, Drawing] = pickle.loads(answer)
    return found


def main() -> None:
    """Draw what comes in and give it back; whatever a library prints goes to the error stream."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    specs = pickle.load(sys.stdin.buffer)
    gc.freeze()
    with answers:
        pickle.dump(_drawn(specs), answers, protocol=5)


if __name__ == "__main__":
    main()
