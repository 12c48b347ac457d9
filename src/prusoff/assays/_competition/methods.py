"""The methods paragraph of a competition run, from what was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...core.estimate import figures
from ...core.measured import Measured
from ...core.result import Step
from .._methods import counting_steps, fitting_step, ligand_step
from .._signal import Signals
from .day import Analysed, Settings


def steps(analysed: Sequence[Analysed], read: Mapping[str, Signals], settings: Settings) -> tuple[Step, ...]:
    """What was done, in order."""
    return tuple(_steps(analysed, read, settings))


def _steps(analysed: Sequence[Analysed], read: Mapping[str, Signals], settings: Settings) -> Iterator[Step]:
    first = next(iter(read.values()))
    yield from counting_steps(first)
    if not analysed:
        return
    yield ligand_step([one.ligand for one in analysed])
    yield Step(
        "Raw signals were fitted, one curve for each compound and experiment, with the total wells as points without "
        "compound and the nonspecific wells as points of full displacement.",
        "Y = bottom + (top − bottom) / (1 + 10^((X − log IC50) nH))",
        ("delean_1978",),
    )
    yield fitting_step(first, settings.level)
    yield Step(
        "The relative IC50 is the midpoint between the fitted plateaus; the absolute IC50 is where the curve crosses "
        "half way between the control wells.",
        citations=("sebaugh_2011",),
    )
    yield from _ki_steps(analysed, settings.hill_slope)
    yield Step(
        "A richer law (free slope, two sites) was preferred only where the extra-sum-of-squares F test asked for it; "
        "two sites also only where AICc agrees, the affinities differ and both fractions exceed 0.1. Two-site IC50 "
        "convert with one [L]/Kd, which assumes that the radioligand does not tell the sites apart.",
        citations=("motulsky_christopoulos_2004", "burnham_anderson_2002"),
    )
    yield Step(
        "An IC50 outside the tested range, or a curve that covers less than half of the control span at the highest "
        "concentration, is reported as a bound, and its Ki carries the same sign.",
        citations=("agm_radioligand",),
    )
    yield Step(
        "n counts independent experiments; replicate wells do not increase it. Means are geometric.",
        citations=("neubig_2003",),
    )


def _ki_steps(analysed: Sequence[Analysed], hill_slope: str) -> Iterator[Step]:
    kd = analysed[0].experiment.radioligand.kd
    if kd is None:
        return
    slope = "a free slope" if hill_slope == "free" else "slope 1, log Ki fitted directly"
    error = figures(Measured(kd.value, kd.se).relative * 100, 2)
    yield Step(
        f"Ki was computed from the relative IC50 of the curve with {slope}, with Kd {figures(kd.value, unit='M')} "
        f"(standard error {error} %; {kd.source}). The errors of [L] and Kd are combined with the interval of the IC50 "
        "side by side on the log scale; over several experiments the error of Kd, which all share, is added once.",
        "Ki = IC50 / (1 + [L] / Kd)",
        ("cheng_prusoff_1973",),
    )
    if any(0 < one.ligand.depletion < 1 for one in analysed):
        yield Step(
            "Bound radioligand is missing from the solution: Ki was moved to the exact value of Munson and Rodbard. "
            "There y0 is specifically bound over free radioligand without competitor, and nonspecific uptake raises "
            "Kd to n Kd. The plain Ki stands beside it.",
            "Ki = IC50 / (1 + LT (y0 + 2) / (2 n Kd (y0 + 1)) + y0) − n Kd y0 / (y0 + 2)",
            ("munson_rodbard_1988",),
        )
    if any(one.exact is not None for one in analysed):
        yield Step(
            "Where more than 10 % of the radioligand was bound, or the sites exceed a tenth of Ki, the exact "
            "equilibrium was fitted to what is bound (mol/L) in place of the logistic curve: sites RT, nonspecific "
            "uptake NS and Ki are fitted together, so that the total wells tell the sites; radioligand LT and Kd are "
            "held, and their errors are added; the pipetting error of the competitor counts where the curve is steep. "
            "Its Ki is the one that is pooled; the plain one stands beside it.",
            "R + R LT / (n Kd + R) + R IT / (Ki + R) = RT,  n = 1 + NS;  Y = LT (R + NS Kd) / (n Kd + R)",
            (
                "Wang Z-X. FEBS Lett 1995;360:111-114",
                "Sigurskjold BW. Anal Biochem 2000;277:260-266",
                "Swillens S. Mol Pharmacol 1995;47:1197-1203",
            ),
        )
