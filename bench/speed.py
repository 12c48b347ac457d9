"""How long things take: whole processes, the fitting of one plate, and single fits beside scipy in the same run."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from . import work
from .pages import machine, table

REPEATS = 5
CURVES = 200
PRUSOFF = (sys.executable, "-c", "from prusoff.cli import main; main()")


@dataclass(frozen=True)
class Row:
    """One line of the table: seconds measured, and the limit in seconds or the times of a peer in the same run."""

    what: str
    seconds: tuple[float, ...]
    limit: float | None = None
    peer: tuple[float, ...] = ()

    @property
    def median(self) -> float:
        """The middle of what was measured."""
        return median(self.seconds)

    def cells(self) -> tuple[str, ...]:
        """As printed; single fits in milliseconds."""
        limit = "" if self.limit is None else f"≤ {self.limit:g} s"
        ratio = "" if self.limit is None else f"{self.median / self.limit:.2f} of the limit"
        if self.peer:
            ratio = f"{median(np.divide(self.seconds, self.peer).tolist()):.1f} × scipy"
        spread = f"{_told(min(self.seconds))} – {_told(max(self.seconds))}"
        return self.what, _told(self.median), spread, limit, ratio


def _told(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.05 else f"{1e3 * seconds:.2f} ms"


def page() -> str:
    """The table as a page of the documentation, with a line about how it was measured."""
    rows = tuple(measured())
    lines = [
        "# How fast it is",
        "",
        "*Written by `make bench`; do not edit. The machine was shared: read the ratios, which come from one run.*",
        "",
        *table(("what", "median", "min – max", "limit", "ratio"), (row.cells() for row in rows)),
        "",
        f"Medians of {REPEATS} repeats after one to warm up, wall clock; single fits: {CURVES} simulated curves (ten "
        "half-log concentrations in triplicate, SD 5 % of the span), each fitted in turn by prusoff and by "
        "`scipy.optimize.curve_fit` with the analytic derivative of the same law, started from the truth. "
        f"{machine()}.",
        "",
    ]
    return "\n".join(lines)


def measured() -> Iterable[Row]:
    """All rows."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        yield from starts()
        yield run_of_a_plate(folder)
        yield fitting_of_a_plate(folder)
        yield fit_of_a_table(folder)
    yield from single_fits()


def starts() -> Iterable[Row]:
    """What a user waits for before anything is done."""
    yield _process("a bare Python start", (sys.executable, "-c", "pass"))
    yield _process("`prusoff --help`", (*PRUSOFF, "--help"), 0.35)
    yield _process("`import prusoff`", (sys.executable, "-c", "import prusoff"), 0.25)


def run_of_a_plate(folder: Path) -> Row:
    """One plate of 96 wells with three compounds, from the counter file to report, figures and workbook."""
    command = (*PRUSOFF, "run", str(work.one_plate(folder)), "--out", str(folder / "out"))
    return _process("`prusoff run`, one 96-well plate, report and all", command, 4.0)


def fit_of_a_table(folder: Path) -> Row:
    """A hundred curves of one CSV file, profile intervals of all parameters."""
    columns = ("--x", "concentration (M)", "--y", "signal", "--by", "curve", "--json")
    command = (*PRUSOFF, "fit", str(work.table(folder, 100)), *columns)
    return _process("`prusoff fit`, 100 curves of 30 points", command, 1.0)


def _process(what: str, command: Sequence[str], limit: float | None = None) -> Row:
    def once() -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{what} ended with {done.returncode}: {done.stderr}")

    return Row(what, _timed(once), limit)


def fitting_of_a_plate(folder: Path) -> Row:
    """The assay alone, on wells that are read already: fits, intervals, checks, mean over days."""
    import prusoff
    from prusoff.workbench import shelves

    run = prusoff.open(work.one_plate(folder))
    result = run.analyse().result
    assay = shelves.shelf("assays")[result.assay]
    again = partial(assay.run, result.experiments, assay.example_settings)
    return Row("of it fits, intervals and checks (three compounds)", _timed(again), 0.5)


def single_fits() -> Iterable[Row]:
    """One four-parameter logistic, by prusoff with and without profile intervals and by scipy, curve by curve."""
    from scipy.optimize import curve_fit

    from prusoff.core.curves import Curve
    from prusoff.equations.concentration_response import four_parameter_logistic as law
    from prusoff.fitting.solve import Options, fit_curve

    def by_scipy(one: work.Simulated) -> None:
        curve_fit(
            lambda x, *p: law.function(x, np.array(p)),
            one.x,
            one.y,
            one.truth,
            jac=lambda x, *p: law.jacobian(x, np.array(p)).T,
        )

    def by_prusoff(intervals: str, one: work.Simulated) -> None:
        fit_curve(law, Curve(one.x, one.y), options=Options(intervals=intervals))

    ways: dict[str, Callable[[work.Simulated], None]] = {
        "scipy curve_fit, one start, no tests": by_scipy,
        "one 4PL fit, several starts, tests, Wald intervals": partial(by_prusoff, "wald"),
        "the same with profile intervals of all parameters": partial(by_prusoff, "profile"),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number, one in enumerate(work.curves(CURVES + 1, seed=1)):
        for name, way in ways.items():
            seconds = _once(partial(way, one))
            if number:  # the first curve warms up
                times[name].append(seconds)
    peer = tuple(next(iter(times.values())))
    for name, found in times.items():
        yield Row(name, tuple(found), peer=peer)


def _timed(function: Callable[[], object]) -> tuple[float, ...]:
    function()
    return tuple(_once(function) for _ in range(REPEATS))


def _once(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
