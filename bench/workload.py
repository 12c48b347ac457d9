"""What a process and all that it starts cost: wall time, CPU time and memory."""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
LOOK_S = 0.05  # between two looks at the memory


@dataclass(frozen=True)
class Cost:
    """Seconds from start to end, seconds of CPU of all processes, and the most memory that they held at one time.

    Memory is proportional: what several processes share counts once. nan where the system does not tell.
    """

    wall_s: float
    cpu_s: float
    memory_mb: float


def measured(command: Sequence[str]) -> Cost:
    """Run a command to its end; raises where it fails."""
    before, begin, most = _cpu_s(), time.perf_counter(), float("nan")
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            held = sum(map(_memory_mb, _with_children(process.pid)))
            most = held if not most >= held else most
            with suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_S)
        wall = time.perf_counter() - begin
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(wall, _cpu_s() - before, most)


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _with_children(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue  # it has ended
        for child in children:
            yield from _with_children(int(child))


def _memory_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(float(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024.0
