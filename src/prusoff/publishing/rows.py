"""The estimates of a result as rows, one estimate a row: what the CSV file and the sheet 'Results' both print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..core.estimate import Estimate
from ..core.result import AssayResult


@dataclass(frozen=True)
class EstimateRow:
    """One estimate of one curve, or of one compound over `n` experiments (then `experiment` is empty), or a ratio.

    A ratio has no n of its own (None) and names its reference in its quantity: 'selectivity over imipramine at NET'.

    A curve without any estimate keeps its row with `estimate` None, so that no curve is missing from a table.
    """

    subject: str
    experiment: str
    estimate: Estimate | None
    n: int | None
    outcome: str
    reason: str


def estimate_rows(result: AssayResult) -> tuple[EstimateRow, ...]:
    """Pooled estimates first, then ratios, then those of every curve in the order of the experiments."""
    return (*_pooled(result), *_ratios(result), *_each(result))


def _pooled(result: AssayResult) -> Iterator[EstimateRow]:
    for one in result.pooled:
        outcome = "censored" if one.estimate.is_bound else "ok"
        yield EstimateRow(one.subject, "", one.estimate, one.n, outcome, one.sentence)
        if one.p_estimate is not None:
            yield EstimateRow(one.subject, "", one.p_estimate, one.n, outcome, one.sentence)


def _ratios(result: AssayResult) -> Iterator[EstimateRow]:
    for one in result.ratios:
        outcome = "censored" if one.estimate.is_bound else "ok" if one.estimate.value > 0 else "failed"
        called = replace(one.estimate, name=f"{one.name} over {one.reference}")
        yield EstimateRow(one.subject, "", called, None, outcome, one.sentence)


def _each(result: AssayResult) -> Iterator[EstimateRow]:
    for one in result.series:
        for estimate in one.estimates or (None,):
            yield EstimateRow(one.subject, one.experiment, estimate, 1, one.outcome.code, one.reason)
