"""Does every assay cover the truth of its own simulated bench? Writes a table in Markdown, one line a quantity.

Each run is a whole simulated experiment (counts, pipetting, days) through the whole analysis. The same seeds give the
same table; `--only` renews the lines of some assays and keeps the others.

    python bench/assay_coverage.py --runs 400 --out docs/assay_coverage.md
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import binomtest

from prusoff.assays import catalog
from prusoff.core.errors import PrusoffError

FIRST = 50_000  # seed of the first run; the tests use others
HEADING = "| assay | quantity | runs | truth in the 95 % interval | 95 % interval of that share | mean error, log10 |"


@dataclass(frozen=True)
class Hit:
    """One quantity of one run: whether its interval holds the truth, and log10 of estimate over truth."""

    key: str
    holds: bool
    error: float


def outcome(name: str, seed: int) -> list[Hit]:
    """What one simulated run of an assay gives; a quantity that is not given counts as a miss."""
    assay = catalog[name]
    keys = [(key, *key.split(" of ", 1)) for key in assay.truth if " of " in key]
    result = assay.run(assay.simulate(assay.truth, seed), assay.example_settings)
    found = []
    for key, quantity, subject in keys:
        truth = assay.truth[key]
        try:
            one = result.pool(subject, quantity).estimate
        except PrusoffError:
            found.append(Hit(key, False, math.nan))
            continue
        found.append(Hit(key, one.low <= truth <= one.high, math.log10(one.value / truth)))
    return found


def lines(name: str, runs: int, workers: int) -> Iterator[str]:
    """The lines of one assay."""
    with ProcessPoolExecutor(workers) as pool:
        seeds = range(FIRST, FIRST + runs)
        hits = [one for part in pool.map(outcome, [name] * runs, seeds, chunksize=5) for one in part]
    for key in dict.fromkeys(one.key for one in hits):
        mine = [one for one in hits if one.key == key]
        held = sum(one.holds for one in mine)
        share = binomtest(held, len(mine)).proportion_ci(0.95)
        error = float(np.nanmean([one.error for one in mine]))
        yield (
            f"| {name} | {key} | {len(mine)} | {100 * held / len(mine):.1f} % "
            f"| {100 * share.low:.1f} – {100 * share.high:.1f} % | {error:+.4f} |"
        )


def kept(path: Path | None) -> dict[str, list[str]]:
    """The lines that stand in the table already, by assay."""
    found: dict[str, list[str]] = {}
    if path is not None and path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            name = line.split("|")[1].strip() if line.count("|") > 5 else ""
            if name in catalog:
                found.setdefault(name, []).append(line)
    return found


def table(found: dict[str, list[str]]) -> str:
    """The study as Markdown."""
    return "\n".join(
        [
            "# How often every assay covers the truth",
            "",
            "Whole simulated experiments of each assay's own bench (truth and design: the page of the assay), from raw",
            "signals through checks, fits and pooling. A pooled 95 % interval should hold the truth in 93 to 97 of a",
            "hundred; where three days share one Kd it may reach 97.1 % (tests/unit/affinity/test_shared_error.py",
            "integrates it). The interval of the share tells what so many runs can tell. Made by",
            "",
            "    python bench/assay_coverage.py --runs 400 --out docs/assay_coverage.md",
            "",
            HEADING,
            "|---|---|---|---|---|---|",
            *(line for name in catalog for line in found.get(name, [])),
            "",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the study and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", nargs="*", choices=list(catalog), default=list(catalog))
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(arguments)
    found = kept(given.out)
    for name in given.only:
        found[name] = list(lines(name, given.runs, given.workers))
        print("\n".join(found[name]), flush=True)
        if given.out:
            given.out.write_text(table(found), encoding="utf-8")


if __name__ == "__main__":
    main()
