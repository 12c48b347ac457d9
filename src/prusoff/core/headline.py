"""What a run answers, one line for each compound: the constant with its interval, or why there is none."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from .check import Severity, gravest_first
from .estimate import Estimate
from .fit import Outcome
from .result import AssayResult, Pooled, Series

_CONSTANT = re.compile(
    r"^(Ki|Kr|KB|A2|Kd|KD|Bmax|Km|Vmax|kon|koff|EC50|ED50|relative Emax|electrical distance|alpha)\b"
)


@dataclass(frozen=True)
class Headline:
    """One answer: the constant of one compound over `n` independent experiments, or the outcome in words.

    `estimate` is None where there is nothing to print but `outcome` and `sentence`. `left_out` says which experiments
    are not part of the value and why; `worst` is the most serious verdict among the checks of this compound.
    """

    subject: str
    estimate: Estimate | None
    p_estimate: Estimate | None
    n: int
    outcome: Outcome
    sentence: str
    left_out: tuple[str, ...] = ()
    worst: Severity = Severity.PASS

    @property
    def is_missing(self) -> bool:
        """Whether the experiments should have given a constant and did not."""
        return self.outcome is Outcome.FAILED and (
            self.estimate is None or not math.isfinite(self.estimate.value)
        )

    @property
    def text(self) -> str:
        """What stands in large letters: '5.8 nM (4.5–7.7)', '> 5.8 µM', 'no response'."""
        if self.estimate is not None:
            return self.estimate.amount
        return _IN_WORDS[self.outcome]


_IN_WORDS = {
    Outcome.OK: "no constant",
    Outcome.FLAGGED: "no constant",
    Outcome.CENSORED: "only a bound",
    Outcome.NO_RESPONSE: "no response",
    Outcome.FAILED: "not determined",
    Outcome.UNTESTED: "not tested",
}


def headlines(result: AssayResult) -> tuple[Headline, ...]:
    """The answers of a result, in the order of its compounds; no compound is left out."""
    subjects = dict.fromkeys((*result.subjects, *(one.subject for one in result.pooled)))
    return tuple(line for subject in subjects for line in _of_subject(result, subject))


def nothing_determined(lines: Iterable[Headline]) -> str:
    """A sentence where there are compounds and none of them has an answer, else ''."""
    every = tuple(lines)
    if not every or not all(line.is_missing for line in every):
        return ""
    return "No constant was determined for any compound: the reasons stand beside them."


def constants(names: Iterable[str]) -> tuple[str, ...]:
    """Which of these quantities are the answer: the equilibrium constants, or else all but the p-values."""
    every = tuple(dict.fromkeys(names))
    plain = tuple(name for name in every if not (name[:1] == "p" and name[1:] in every))
    return tuple(name for name in plain if _CONSTANT.match(name)) or plain


def _of_subject(result: AssayResult, subject: str) -> list[Headline]:
    series = [one for one in result.series if one.subject == subject]
    worst = _worst(result, subject, series)
    pooled = [one for one in result.pooled if one.subject == subject]
    if pooled:
        wanted = constants(one.estimate.name for one in pooled)
        return [
            _of_pooled(one, _asked_for(one, pooled, series), worst)
            for one in pooled
            if one.estimate.name in wanted
        ]
    found = [line for one in series for line in _of_series(one, worst)]
    return found or [_in_words(subject, series, worst)]


def _asked_for(one: Pooled, pooled: list[Pooled], series: list[Series]) -> list[Series]:
    """The curves that could have given this quantity: not those of experiments that were made for another one."""
    own = set(one.experiments)
    others = {day for other in pooled if own.isdisjoint(other.experiments) for day in other.experiments}
    return [each for each in series if each.experiment not in others]


def _of_pooled(pooled: Pooled, series: list[Series], worst: Severity) -> Headline:
    outside = tuple(
        dict.fromkeys(
            f"{one.experiment}: {one.reason or one.outcome.value}"
            for one in series
            if one.experiment not in pooled.experiments
        )
    )
    outcome = Outcome.CENSORED if pooled.estimate.is_bound else Outcome.OK
    return Headline(
        pooled.subject, pooled.estimate, pooled.p_estimate, pooled.n, outcome, pooled.sentence, outside, worst
    )


def _of_series(series: Series, worst: Severity) -> list[Headline]:
    by_name = {one.name: one for one in series.estimates}
    remark = series.reason or series.outcome.value
    return [
        Headline(
            series.subject,
            by_name[name],
            _p_value(by_name, name),
            1,
            series.outcome,
            f"{series.experiment}: {remark}" if series.experiment else remark,
            worst=worst,
        )
        for name in constants(by_name)
    ]


def _p_value(by_name: dict[str, Estimate], name: str) -> Estimate | None:
    if by_name[name].unit != "M":
        return None
    return by_name.get(f"p{name}") or by_name[name].negative_log10(f"p{name}")


def _in_words(subject: str, series: list[Series], worst: Severity) -> Headline:
    reasons = dict.fromkeys(one.reason or one.outcome.value for one in series)
    measured = [one.outcome for one in series if one.outcome is not Outcome.UNTESTED]
    none = Outcome.UNTESTED if series else Outcome.FAILED
    outcome = max(measured, key=list(Outcome).index, default=none)
    return Headline(subject, None, None, len(series), outcome, " ".join(reasons), worst=worst)


def _worst(result: AssayResult, subject: str, series: list[Series]) -> Severity:
    mine = {subject, *(one.label for one in series)}
    found = gravest_first(flag for flag in result.flags if flag.subject in mine)
    judged = [flag.severity for flag in found if flag.severity is not Severity.NOT_ASSESSED]
    return judged[0] if judged else Severity.PASS
