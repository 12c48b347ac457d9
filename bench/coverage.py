"""Do the intervals cover the truth, and does a flat curve stay without an IC50? Writes a table in Markdown.

Simulated inhibition curves: ten half-log concentrations in triplicate beside three total and three nonspecific wells,
every signal with an error of 5 %, Ki from the IC50 by Cheng and Prusoff. The same seed gives the same table.

    python bench/coverage.py --curves 2000 --seed 20 --out docs/coverage.md
"""

import argparse
import math
from pathlib import Path

import numpy as np

from prusoff.core.curves import Curve
from prusoff.core.fit import Outcome
from prusoff.equations import catalog
from prusoff.fitting.account import FLAT_LEVELS
from prusoff.fitting.compare import compare_nested, compare_sites
from prusoff.fitting.intervals import wald_interval
from prusoff.fitting.response import response_test
from prusoff.fitting.solve import Options, fit_curve
from prusoff.fitting.weights import GivenWeights, Weighting

FOUR, THREE = catalog["four_parameter_logistic"], catalog["three_parameter_logistic"]
TWO = catalog["two_site_competition"]
CONCENTRATIONS = np.repeat(np.arange(-10.0, -5.4, 0.5), 3)
CONTROLS = np.repeat([-np.inf, np.inf], 3)
CV, TOP, BOTTOM, LIGAND_OVER_KD = 0.05, 2500.0, 250.0, 0.8
SHIFT = math.log10(1.0 + LIGAND_OVER_KD)  # log IC50 - log Ki
RELATIVE = Weighting.FITTED
PLAIN = Options(intervals="")
EFFECTS = (5, 8, 10, 12, 15, 20)  # percent of the signal that a weak inhibitor takes away at most
LEVELS = (0.05, 1e-4, next(p for points, p in FLAT_LEVELS if points <= CONCENTRATIONS.size))


def simulated(rng, log_ki, x):
    """Simulated signals of a competitor with this Ki."""
    mean = FOUR.function(x, np.array([BOTTOM, TOP, log_ki + SHIFT, 1.0]))
    return Curve(x, mean * (1.0 + CV * rng.standard_normal(x.size)))


def flat(rng, x):
    """Simulated signals of a compound that does nothing (controls, where there are any, work)."""
    mean = np.where(np.isposinf(x), BOTTOM, TOP)
    return Curve(x, mean * (1.0 + CV * rng.standard_normal(x.size)))


def coverage(seed, count):
    """Shares of curves whose 95 % intervals of log IC50 hold the truth, and the error of pKi."""
    rng = np.random.default_rng(seed)
    profile = wald = usable = 0
    errors = []
    for _ in range(count):
        log_ki = rng.uniform(-9.0, -6.5)
        found = fit_curve(FOUR, simulated(rng, log_ki, np.concatenate([CONCENTRATIONS, CONTROLS])), RELATIVE)
        truth = log_ki + SHIFT
        intervals = found.intervals["log_ic50"], wald_interval(found, "log_ic50")
        profile += intervals[0].low <= truth <= intervals[0].high
        wald += intervals[1].low <= truth <= intervals[1].high
        usable += found.outcome.usable
        errors.append(log_ki - (found.value("log_ic50") - SHIFT))
    return {
        "profile": profile / count,
        "wald": wald / count,
        "usable": usable / count,
        "bias": float(np.mean(errors)),
        "sd": float(np.std(errors)),
    }


def flat_curves(seed, count):
    """How many flat curves get an IC50, and what they get instead, without and with controls."""
    rng = np.random.default_rng(seed)
    found = {}
    for name, x in (("alone", CONCENTRATIONS), ("controls", np.concatenate([CONCENTRATIONS, CONTROLS]))):
        outcomes = [
            fit_curve(FOUR, flat(rng, x), RELATIVE if name == "controls" else Weighting.NONE)
            for _ in range(count)
        ]
        found[name] = {kind: sum(fit.outcome is kind for fit in outcomes) for kind in Outcome}
    return found


def false_positives(seed, count):
    """Shares of one-site curves with a Hill slope of 1 for which a slope of its own, or a second site, is kept."""
    rng = np.random.default_rng(seed)
    slope = site = 0
    for _ in range(count):
        curve = simulated(rng, rng.uniform(-8.5, -7.0), np.concatenate([CONCENTRATIONS, CONTROLS]))
        two = fit_curve(TWO, curve, RELATIVE, options=PLAIN)
        weights = GivenWeights.of(two)
        one, four = (fit_curve(law, curve, weights, options=PLAIN) for law in (THREE, FOUR))
        slope += compare_nested(one, four).p < 0.05
        site += compare_sites(one, two).fit is two
    return {"slope": slope / count, "site": site / count}


def false_responses(seed, count):
    """Shares of curves without a response that the response test takes for one at P < 0.05 and P < 0.001."""
    rng = np.random.default_rng(seed)
    curves = (Curve(CONCENTRATIONS, rng.standard_normal(CONCENTRATIONS.size)) for _ in range(10 * count))
    p = np.array([response_test(curve).p for curve in curves])
    return float(np.mean(p < 0.05)), float(np.mean(p < 0.001))


def weak_inhibitors(seed, count):
    """By largest effect in percent of the signal: the shares told from nothing at each of LEVELS, without controls."""
    rng = np.random.default_rng(seed)
    found = {}
    for effect in EFFECTS:
        p = np.empty(count)
        for k in range(count):
            parameters = np.array([TOP * (1.0 - effect / 100.0), TOP, rng.uniform(-9.0, -6.5) + SHIFT, 1.0])
            mean = FOUR.function(CONCENTRATIONS, parameters)
            curve = Curve(CONCENTRATIONS, mean * (1.0 + CV * rng.standard_normal(mean.size)))
            p[k] = response_test(curve).p
        found[effect] = tuple(float(np.mean(p <= level)) for level in LEVELS)
    return found


def weak_table(count, seed):
    """What weak inhibitors are told from nothing, as Markdown."""
    return (
        "## What a strict limit costs",
        "",
        f"Weak inhibitors, {count} a line: the same thirty points without controls, an error of 5 % of every signal;",
        "the share that is told from nothing where P has to be at most so much. The last column is the limit in use,",
        "the one before it that of earlier versions.",
        "",
        "| largest effect, % of the signal |" + "".join(f" P ≤ {level:g} |" for level in LEVELS),
        "|---|" + "---|" * len(LEVELS),
        *(
            f"| {effect} |" + "".join(f" {100 * share:.1f} % |" for share in shares)
            for effect, shares in weak_inhibitors(seed, count).items()
        ),
        "",
    )


def table(count, seed):
    """The study as Markdown."""
    covers, still, wrong = (
        coverage(seed, count),
        flat_curves(seed + 1, count),
        false_positives(seed + 2, count),
    )
    five, thousandth = false_responses(seed + 3, count)
    alone, beside = still["alone"], still["controls"]
    rows = (
        ("95 % profile interval of log IC50 holds the truth", f"{100 * covers['profile']:.1f} %", "93–97 %"),
        ("95 % Wald interval of log IC50 holds the truth", f"{100 * covers['wald']:.1f} %", ""),
        ("mean error of the recovered pKi", f"{covers['bias']:+.4f}", "< 0.02"),
        ("standard deviation of the recovered pKi", f"{covers['sd']:.4f}", ""),
        ("curves with a usable fit", f"{100 * covers['usable']:.1f} %", ""),
        ("flat curves given an IC50, without controls", f"{_usable(alone)} of {count}", "0"),
        ("flat curves given an IC50, with controls", f"{_usable(beside)} of {count}", "0"),
        ("flat curves called 'no response' / 'censored', without controls", _silent(alone), ""),
        ("flat curves called 'no response' / 'censored', with controls", _silent(beside), ""),
        ("response test says yes to a flat curve, at P < 0.05", f"{100 * five:.1f} %", "4.5–5.5 %"),
        ("response test says yes to a flat curve, at P < 0.001", f"{100 * thousandth:.2f} %", "0.1 %"),
        (
            "Hill slope of its own kept although it is 1 (F test at 5 %)",
            f"{100 * wrong['slope']:.1f} %",
            "3–7 %",
        ),
        ("second site kept although there is one", f"{100 * wrong['site']:.1f} %", "≤ 5 %"),
    )
    lines = [
        "# What the intervals are worth",
        "",
        f"{count} simulated curves a line: ten half-log concentrations (1e-10 to 10^-5.5 M) in triplicate beside",
        "three total and three nonspecific wells, an error of 5 % of every signal, log Ki uniform in -9 to -6.5,",
        "weights 1/Y² of the fit. Made by",
        "",
        f"    python bench/coverage.py --curves {count} --seed {seed} --out docs/coverage.md",
        "",
        "| question | found | aim |",
        "|---|---|---|",
        *(f"| {question} | {found} | {aim} |" for question, found, aim in rows),
        "",
        *weak_table(count, seed + 4),
    ]
    return "\n".join(lines)


def _usable(outcomes):
    return sum(count for kind, count in outcomes.items() if kind.usable)


def _silent(outcomes):
    return f"{outcomes[Outcome.NO_RESPONSE]} / {outcomes[Outcome.CENSORED]}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--curves", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    text = table(given.curves, given.seed)
    if given.out:
        given.out.write_text(text, encoding="utf-8")
    print(text)
