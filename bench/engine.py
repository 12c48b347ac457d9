"""How fast and how right the batch is, beside other programs in the same run: `python -m bench.engine [--quick]`.

Prints the page and writes it to docs/engine.md with its picture (`--out` for another folder). One process on one core:
the program starts itself anew with the threads of linear algebra held at one.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from . import accuracy, peers, work
from .pages import machine, table
from .picture import drawn

DOCS = Path(__file__).resolve().parents[1] / "docs"
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


@dataclass(frozen=True)
class Size:
    """How much is done: rounds, curves of the screens and of the large one, seconds a round, and curves judged."""

    rounds: int
    curves: int
    large: int
    seconds: float
    judged: int
    pilot: int


FULL, QUICK = Size(3, 2000, 20_000, 1.5, 300, 300), Size(1, 200, 400, 0.1, 30, 30)
PILOT = (
    10  # curves that tell how many a program fits in the time it is given; a batch is told by more (`pilot`)
)


@dataclass(frozen=True)
class Timing:
    """Curves per second of one contender on one screen, round by round, and its ratios to scipy in the same rounds."""

    screen: str
    contender: str
    curves: int
    rates: tuple[float, ...]
    ratios: tuple[float, ...]

    @property
    def rate(self) -> float:
        """The middle of the rounds."""
        return median(self.rates)

    @property
    def ratio(self) -> float:
        """The middle of the ratios."""
        return median(self.ratios)


@dataclass(frozen=True)
class Bar:
    """What we hold ourselves to: a ratio to scipy on a screen, the least and the goal."""

    what: str
    screen: str
    contender: str
    least: float
    goal: float


BARS = (
    Bar("20,000 curves, fit, Wald intervals and outcome", "W1x", peers.WALD, 50.0, 100.0),
    Bar("20,000 curves with profile intervals of IC50 and Hill", "W1x", peers.PROFILE, 12.0, 40.0),
    Bar("few points, global minimum, Wald intervals", "W2", peers.WALD, 40.0, 100.0),
    Bar("outliers, robust fit, beside scipy's plain one", "W1b", peers.ROUT, 3.0, 15.0),
    *(Bar(f"another law: {name}", name, peers.WALD, 5.0, 20.0) for name in work.OTHER_TRUTHS),
)
ABOUT: Mapping[str, str] = {
    "W1": "ten half-log concentrations in triplicate, SD 5 % of the span",
    "W1x": "20,000 curves of W1",
    "W1b": "W1 with two points of a hundred 8 to 16 SD off",
    "W2": "eight single points, SD 8 %; a fifth flat, a fifth with the IC50 above the top dose",
    "hard": f"ten kinds in turn: {', '.join(work.KINDS)}",
}


def screens(size: Size) -> Iterator[tuple[work.Screen, bool]]:
    """The screens, and whether all programs are timed on them (else prusoff and scipy alone)."""
    yield work.triplicates(size.curves, seed=11), True
    yield work.triplicates(size.curves, seed=12, outliers=0.02), True
    yield work.few_points(size.curves, seed=13), True
    yield work.hard(size.curves, seed=14), True
    yield work.renamed(work.triplicates(size.large, seed=15), "W1x"), False
    for seed, name in enumerate(work.OTHER_TRUTHS, start=16):
        yield work.other_law(name, size.curves, seed), False


def contenders(screen: work.Screen, everyone: bool) -> tuple[peers.Contender, ...]:
    """scipy first; ROUT where there are outliers, profiles of the four-parameter logistic alone."""
    others = tuple(peers.others())
    asked = {peers.WALD, *((peers.PROFILE, peers.ALL) if screen.law is work.FOUR else ())}
    asked |= {peers.ROUT} if screen.name == "W1b" else set()
    return (others[0], *(one for one in peers.own() if one.name in asked), *(others[1:] if everyone else ()))


def timed(screen: work.Screen, everyone: bool, size: Size) -> Iterator[Timing]:
    """All contenders in turn, round after round, so that a busy moment meets all of them.

    Each is given as many curves as it fits in the seconds of a round, the whole screen at most.
    """
    parts = {}
    for one in contenders(screen, everyone):
        one.fit(screen.part(2))  # warms up
        count = min(size.pilot if one.own else PILOT, len(screen.table))
        while count < len(screen.table) and count < (
            able := _rate(one.fit, screen.part(count)) * size.seconds
        ):
            count = int(min(10 * count, able, len(screen.table)))
        parts[one] = screen.part(count)
    rounds = [{one: _rate(one.fit, part) for one, part in parts.items()} for _ in range(size.rounds)]
    first = next(iter(parts))
    for one, part in parts.items():
        rates = tuple(each[one] for each in rounds)
        ratios = tuple(each[one] / each[first] for each in rounds)
        yield Timing(screen.name, one.name, len(part.table), rates, ratios)


def _rate(fit: Callable[[work.Screen], object], part: work.Screen) -> float:
    start = time.perf_counter()
    fit(part)
    return len(part.table) / (time.perf_counter() - start)


def judged(screen: work.Screen, size: Size) -> Iterator[tuple[str, accuracy.Score]]:
    """What came of the answers of all contenders to the same curves."""
    part = screen.part(size.judged)
    answers = {one.name: (one.judge or one.fit)(part) for one in contenders(screen, everyone=True)}
    best = accuracy.lowest(part, tuple(answers.values()))
    for name, answer in answers.items():
        yield name, accuracy.score(part, answer, best)


def speed_table(timings: list[Timing]) -> list[str]:
    """Curves per second, and how many times scipy."""
    cells = (
        (
            one.screen,
            one.contender,
            f"{one.curves:,}",
            f"{one.rate:,.0f}",
            f"{min(one.rates):,.0f} – {max(one.rates):,.0f}",
            f"{one.ratio:.2g}" if one.ratio < 10 else f"{one.ratio:.0f}",
        )
        for one in timings
    )
    return table(("work", "program", "curves", "curves per second", "min – max", "× scipy"), cells)


def bar_table(timings: list[Timing]) -> list[str]:
    """The ratios beside what we hold ourselves to."""
    found = {(one.screen, one.contender): one.ratio for one in timings}
    cells = []
    for bar in BARS:
        ratio = found.get((bar.screen, bar.contender))
        told = "not there yet" if ratio is None else f"{ratio:.1f} ×"
        met = (
            "" if ratio is None else ("goal" if ratio >= bar.goal else "yes" if ratio >= bar.least else "no")
        )
        cells.append((bar.what, told, f"≥ {bar.least:g} ×", f"{bar.goal:g} ×", met))
    return table(("work", "× scipy", "bar", "goal", "met"), cells)


def accuracy_table(scores: Mapping[str, list[tuple[str, accuracy.Score]]]) -> list[str]:
    """Who finds the least sum of squares, fails, invents a potency, and covers the truth."""
    cells = (
        (
            screen,
            name,
            f"{100 * one.least:.1f} %",
            str(one.failed),
            f"{one.flat_given} of {one.flat}" if one.flat else "",
            f"{100 * one.covered:.1f} % of {one.intervals}" if one.intervals else "",
        )
        for screen, found in scores.items()
        for name, one in found
    )
    heads = (
        "work",
        "program",
        "at the least sum of squares",
        "failed",
        "flat with an IC50",
        "intervals that cover",
    )
    return table(heads, cells)


def page(timings: list[Timing], scores: Mapping[str, list[tuple[str, accuracy.Score]]], size: Size) -> str:
    """The page of the documentation."""
    notes = [f"{one.name}: {one.note}" for one in (*peers.own(), *peers.others()) if one.note]
    skipped = [f"{name} {why}" for name, why in peers.missing()]
    lines = [
        "# How fast and how right the engine is",
        "",
        "*Written by `python -m bench.engine`; do not edit. The machine was shared: read the ratios, which come from",
        "the same rounds.*",
        "",
        "![Curves per second of prusoff and of other programs](figures/engine.svg)",
        "",
        "## Against what we hold ourselves to",
        "",
        *bar_table(timings),
        "",
        "## Curves per second",
        "",
        *speed_table(timings),
        "",
        *(f"- {name}: {what}." for name, what in ABOUT.items()),
        "",
        f"One process on one core, the median of {size.rounds} rounds in which the programs take turns; the curves are",
        "simulated from fixed seeds. All start from the same guess, which the law reads off the data.",
        f"{'; '.join(notes)}.",
        f"The steps of prusoff ran as {peers.steps()}.",
        *([f"Not timed: {'; '.join(skipped)}."] if skipped else []),
        "",
        "## Accuracy",
        "",
        *accuracy_table(scores),
        "",
        f"The first {size.judged} curves of each screen. A curve is at the least sum of squares when its own exceeds",
        "the lowest that is known by a millionth at most: the lowest of all programs inside the limits of the law, and",
        f"of a search on a grid of {accuracy.FINE} × {accuracy.SLOPES} places of log IC50 and slope, the best basins",
        "polished by scipy; of curves with a response, whether or not prusoff says that it sees it. A flat curve has",
        "an IC50 when a program gives one in the tested range. Intervals are 95 % intervals of log IC50, of curves",
        "with a response, where a program gives one. In the hard screen steep and hooked curves break the law or its",
        "limits, so that no interval covers as it says.",
        "",
        f"{machine()}.",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a hundredth of the work, to see that it runs")
    parser.add_argument(
        "--out", type=Path, default=DOCS, help="the folder of engine.md and figures/engine.svg"
    )
    chosen = parser.parse_args()
    if any(os.environ.get(name) != "1" for name in ONE_THREAD):
        os.execve(
            sys.executable, [sys.executable, "-m", "bench.engine", *sys.argv[1:]], os.environ | ONE_THREAD
        )
    size = QUICK if chosen.quick else FULL
    print(f"Steps run as {peers.steps()}.")
    timings: list[Timing] = []
    scores = {}
    for screen, everyone in screens(size):
        timings += timed(screen, everyone, size)
        if everyone:
            scores[screen.name] = list(judged(screen, size))
    text = page(timings, scores, size)
    print(text)
    (chosen.out / "figures").mkdir(parents=True, exist_ok=True)
    (chosen.out / "engine.md").write_text(text, encoding="utf-8")
    (chosen.out / "figures" / "engine.svg").write_bytes(drawn(timings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
