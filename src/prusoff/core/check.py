"""What a check of validity is: a number, a limit, a verdict and a plain sentence."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from .estimate import figures

Facts: TypeAlias = Mapping[str, Any]


class Severity(StrEnum):
    """How a check ended."""

    PASS = "pass"
    NOTE = "note"
    WARN = "warn"
    FAIL = "fail"
    NOT_ASSESSED = "not assessed"


@dataclass(frozen=True)
class Flag:
    """One check applied to one thing: its code, how it ended, the number, the limit, and a sentence for the bench.

    `subject` says what was looked at: a compound on a day, a plate, the whole run.
    """

    code: str
    severity: Severity
    sentence: str
    subject: str = ""
    number: float | None = None
    limit: float | None = None
    unit: str = ""
    source: str = ""
    title: str = ""
    sense: str = ""

    @property
    def number_text(self) -> str:
        """The number with its unit, or nothing; a tiny probability is told as such."""
        if self.number is None:
            return ""
        tiny = self.sense == "at least" and not self.unit and 0 <= self.number < 0.001
        return "< 0.001" if tiny else figures(self.number, unit=self.unit)

    @property
    def limit_text(self) -> str:
        """The limit with its direction and unit, or nothing: '≥ 0.4', '≤ 20 %'."""
        return bounded(self.limit, self.unit, self.sense)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "code": self.code,
            "title": self.title,
            "severity": self.severity.value,
            "subject": self.subject,
            "number": self.number,
            "limit": self.limit,
            "unit": self.unit,
            "sense": self.sense,
            "sentence": self.sentence,
            "source": self.source,
        }


@dataclass(frozen=True)
class Fact:
    """A number that a check looks at, in words and with its unit."""

    name: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class Finding:
    """What a check found: how it ended, the number it looked at, and the sentence."""

    severity: Severity
    sentence: str
    number: float | None = None


@dataclass(frozen=True)
class Example:
    """Facts, and how the check ends on them."""

    facts: Facts
    severity: Severity


@dataclass(frozen=True)
class Check:
    """One rule.

    `judge(facts)` looks at the numbers named in `needs` and returns a Finding. A fact that is absent, None or nan makes
    the check 'not assessed', with the missing facts named: a check never guesses. Facts named in `uses` are looked at
    where they are known. `examples` are facts on which it passes and facts on which it does not. `sense` says on which
    side of `limit` the number of a passed check lies: 'at least', 'at most', 'within' (on either side of zero), or ''
    where no one number decides.
    """

    name: str
    title: str
    needs: tuple[Fact, ...]
    judge: Callable[[Facts], Finding]
    source: str
    limit: float | None = None
    unit: str = ""
    uses: tuple[Fact, ...] = ()
    examples: tuple[Example, ...] = ()
    sense: str = ""

    @property
    def limit_text(self) -> str:
        """The limit with its direction and unit, or nothing."""
        return bounded(self.limit, self.unit, self.sense)

    def apply(self, facts: Facts, subject: str = "") -> Flag:
        """Judge these facts about this subject."""
        missing = [fact for fact in self.needs if not is_known(facts.get(fact.name))]
        if missing:
            wanted = "; ".join(fact.meaning for fact in missing)
            finding = Finding(Severity.NOT_ASSESSED, f"Not assessed: it needs {wanted}.")
        else:
            finding = self.judge(facts)
        return Flag(
            self.name,
            finding.severity,
            finding.sentence,
            subject,
            finding.number,
            self.limit,
            self.unit,
            self.source,
            self.title,
            self.sense,
        )


SIGNS: Mapping[str, str] = {"at least": "≥ ", "at most": "≤ ", "within": "± ", "": ""}


def bounded(limit: float | None, unit: str, sense: str) -> str:
    """A limit with its direction and unit; nothing where there is none."""
    return "" if limit is None else f"{SIGNS[sense]}{figures(limit, unit=unit)}"


def is_known(value: Any) -> bool:
    """Whether a fact was stated: neither None nor nan nor an empty text."""
    return value is not None and value != "" and value == value  # nan differs from itself


_GRAVEST = (Severity.FAIL, Severity.WARN, Severity.NOTE, Severity.PASS, Severity.NOT_ASSESSED)


def gravest_first(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """Failed checks, then warnings, notes, passed ones, and last those that could not be assessed."""
    return tuple(sorted(flags, key=lambda flag: _GRAVEST.index(flag.severity)))


@dataclass(frozen=True)
class Cases:
    """All flags of one code that ended alike, the one whose number says most first."""

    flags: tuple[Flag, ...]

    @property
    def worst(self) -> Flag:
        """The flag that stands for them."""
        return self.flags[0]

    @property
    def subject(self) -> str:
        """What was looked at: 'imipramine, day 1', 'imipramine, day 1 and 5 more'."""
        more = len(self.flags) - 1
        return f"{self.worst.subject or 'the run'}{f' and {more} more' if more else ''}"


def cases(flags: Iterable[Flag]) -> tuple[Cases, ...]:
    """Flags by code and verdict, the gravest first; of each code the one farthest on the wrong side of its limit."""
    found: dict[tuple[Severity, str], list[Flag]] = {}
    for flag in gravest_first(flags):
        found.setdefault((flag.severity, flag.code), []).append(flag)
    return tuple(Cases(tuple(sorted(alike, key=_distance))) for alike in found.values())


def _distance(flag: Flag) -> float:
    """Smaller the farther the number lies on the wrong side; flags without a number or a side keep their order."""
    if flag.number is None:
        return math.inf
    away = {"at least": flag.number, "at most": -flag.number, "within": -abs(flag.number)}
    return away.get(flag.sense, 0.0)
