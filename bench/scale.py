"""`python -m bench.scale [--quick] [--large]`: what a screen costs, written to docs/scale.md."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from prusoff.workbench.screen.labour import FEWEST, MOST, PARTS

from .pages import machine, table
from .screens import screen
from .workload import ONE_THREAD, Cost, measured

PAGE = Path(__file__).resolve().parents[1] / "docs" / "scale.md"
PRUSOFF = (sys.executable, "-c", "from prusoff.cli import main; main()")
BY = ("--by", "compound", "--by", "target", "--intervals", "wald")
SEED = 7


@dataclass(frozen=True)
class Size:
    """How much is measured: curves of the screens, of the killed run, and of those on a cluster; repeats."""

    screens: tuple[int, ...]
    killed: int
    cluster: int
    repeats: int


FULL = Size((100_000, 1_000_000), 200_000, 1_000_000, 3)
LARGE = Size((100_000, 1_000_000, 10_000_000), 200_000, 1_000_000, 3)
QUICK = Size((5_000, 20_000), 40_000, 20_000, 1)


def fitting(source: Path, out: Path, *more: str) -> list[str]:
    """The command that fits a screen."""
    return [*PRUSOFF, "fit", str(source), *BY, "--out", str(out), *more]


def screens(size: Size, folder: Path) -> Iterator[tuple[str, ...]]:
    """Parquet to Parquet with Wald intervals by as many workers as there are cores."""
    for count in size.screens:
        source, out = screen(folder / "screen.parquet", count, SEED), folder / "fits.parquet"
        cost = measured(fitting(source, out))
        yield (
            f"{count:,}", f"{cost.wall_s:.1f} s", f"{cost.cpu_s:.1f} s",
            f"{1e6 * cost.cpu_s / count:.0f} µs", f"{cost.memory_mb:.0f} MB",
            f"{source.stat().st_size / 1e6:.0f} MB", f"{out.stat().st_size / 1e6:.0f} MB",
        )  # fmt: skip
        source.unlink()
        out.unlink()


def killed(size: Size, folder: Path) -> str:
    """How much of a run is done again after its process was killed with signal 9 when half of it was done."""
    source, out = screen(folder / "killed.parquet", size.killed, SEED), folder / "killed.fits.parquet"
    whole, parts = folder / "whole.parquet", out.with_name(f"{out.name}.unfinished")
    subprocess.run(fitting(source, whole, "--workers", "2"), check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen(fitting(source, out, "--workers", "2"), stdout=subprocess.DEVNULL)
    size_of_part = max(FEWEST, min(-(-size.killed // PARTS), MOST))
    while len(list(parts.glob("part-*.arrow"))) * size_of_part < size.killed // 2 and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    process.wait()
    kept = len(list(parts.glob("part-*.arrow")))
    said = subprocess.run(
        fitting(source, out, "--workers", "2", "--resume"), check=True, capture_output=True, text=True
    ).stdout
    same = "the same bytes as" if out.read_bytes() == whole.read_bytes() else "OTHER BYTES THAN"
    before = said.partition("; ")[2].partition(" ")[0]
    lost = 2 * size_of_part
    return (
        f"Of {size.killed:,} curves, killed with signal 9 when {kept * size_of_part:,} were written: the run that went "
        f"on took {before} as done and fitted the others. Two workers had a part of {size_of_part:,} curves each in "
        f"hand at the most, {100 * lost / size.killed:.1f} % of all, which is all that was done again. "
        f"What was written has {same} a run that was not stopped."
    )


@contextmanager
def cluster(workers: int, folder: Path) -> Iterator[str]:
    """A dask scheduler with so many workers of one thread each; gives its address."""
    file, local = folder / f"scheduler-{time.monotonic_ns()}.json", ("--host", "127.0.0.1")
    with ExitStack() as running:
        first = (*local, "--port", "0", "--no-dashboard", "--no-jupyter", "--scheduler-file", str(file))
        running.enter_context(_started("scheduler", *first))
        while not file.is_file() or not file.read_text(encoding="utf-8").strip():
            time.sleep(0.1)
        more = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(folder))
        for _ in range(workers):
            running.enter_context(_started("worker", "--scheduler-file", str(file), *local, *more))
        import json

        address = str(json.loads(file.read_text(encoding="utf-8"))["address"])
        _wait_for(workers, address)
        yield address


def _wait_for(workers: int, address: str) -> None:
    from distributed import Client

    with Client(address, timeout="30s", set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=60)


@contextmanager
def _started(program: str, *arguments: str) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{program}", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | ONE_THREAD,
    )
    try:
        yield
    finally:
        process.kill()
        process.wait(timeout=30)


def on_clusters(size: Size, folder: Path) -> tuple[list[float], list[float]]:
    """Seconds with one worker of a dask cluster and with two, in turn."""
    source = screen(folder / "cluster.parquet", size.cluster, SEED)
    small = screen(folder / "warm.parquet", 5_000, SEED)
    found: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(size.repeats):
        for workers, seconds in found.items():
            with cluster(workers, folder) as address:
                out, there = folder / "on-cluster.parquet", ("--cluster", address)
                measured(fitting(small, out, *there))  # the workers have started when the work begins
                seconds.append(measured(fitting(source, out, *there)).wall_s)
    return found[1], found[2]


def starts(size: Size, folder: Path) -> Iterator[tuple[str, ...]]:
    """Whole processes: the help, and 100 curves of 12 points as CSV with profile and with Wald intervals."""
    import polars

    source = folder / "hundred.csv"
    polars.read_parquet(screen(folder / "hundred.parquet", 100, SEED)).write_csv(source)
    by = ("--by", "compound", "--by", "target")
    commands: dict[str, list[str]] = {
        "`prusoff --help`": [*PRUSOFF, "--help"],
        "`prusoff fit`, 100 curves, profile intervals": [*PRUSOFF, "fit", str(source), *by],
        "`prusoff fit`, 100 curves, Wald intervals": [*PRUSOFF, "fit", str(source), *BY],
    }
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(3 * size.repeats):
        for name, command in commands.items():
            costs[name].append(measured(command))
    for name, several in costs.items():
        wall, cpu = (median(one) for one in zip(*((c.wall_s, c.cpu_s) for c in several), strict=True))
        yield name, f"{wall:.2f} s", f"{cpu:.2f} s", f"{min(c.wall_s for c in several):.2f} s"


def page(size: Size, folder: Path) -> str:
    """All measurements as a page of the documentation."""
    load = os.getloadavg()[0]
    started = list(starts(size, folder))
    large = list(screens(size, folder))
    again = killed(size, folder)
    one, two = on_clusters(size, folder)
    lines = [
        "# How it scales",
        "",
        "*Written by `python -m bench.scale`; do not edit.*",
        "",
        "Measured on a machine that others used at the same time (load at the start: "
        f"{load:.1f}): wall times are upper limits, CPU times are what the work costs. {machine()}.",
        "",
        "## A screen",
        "",
        "12 points a curve, four-parameter logistic, Wald intervals, Parquet to Parquet, a worker process a core.",
        "CPU is that of all processes; memory is the most that all held at one time, what they share counted once.",
        "",
        *table(("curves", "wall", "CPU", "CPU a curve", "memory", "table", "fits"), large),
        "",
        "## A run that is killed",
        "",
        again,
        "",
        "## A dask cluster",
        "",
        f"{size.cluster:,} curves on a local cluster with workers of one thread each, which had fitted 5,000 before: "
        f"one worker {median(one):.1f} s, two workers {median(two):.1f} s (medians of {len(one)}, in turn): "
        f"{median(one) / median(two):.2f} times as fast.",
        "",
        "## A start",
        "",
        *table(("process", "wall, median", "CPU, median", "wall, fastest"), started),
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument("--quick", action="store_true", help="little work, to see that it runs")
    sizes.add_argument("--large", action="store_true", help="ten million curves too: 1 GB in, 2 GB out")
    parser.add_argument("--out", type=Path, default=PAGE, help="the page")
    chosen = parser.parse_args()
    size = QUICK if chosen.quick else LARGE if chosen.large else FULL
    with tempfile.TemporaryDirectory() as folder:
        text = page(size, Path(folder))
    print(text)
    chosen.out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
