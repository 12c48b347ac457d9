"""Everything that can be wrong with an input, said so that a person at the bench can mend it.

PrusoffError
  InputError (ValueError)     data or arguments are wrong; .problems holds all of them
    UnitError                 a unit is missing, unknown, mixed or implausible
    LayoutError               the plate map and the plate do not fit together
  FileError
    UnknownFormat             no reader claims this file
    BrokenFile                a reader claims it and cannot
  ModelError                  this law cannot be fitted to these data
  UnknownName (KeyError)      with the nearest names
  StoreError                  not found, in conflict, written by a newer version
  MissingExtra (ImportError)  names the extra to install
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

MOST_PRINTED = 20


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: what was found, where, what to do about it, and a code that stays the same."""

    what: str
    where: str = ""
    fix: str = ""
    code: str = "E-INPUT"

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        fix = f" {_sentence(self.fix)}" if self.fix else ""
        return f"{place}{_sentence(self.what)}{fix} [{self.code}]"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else text + "."


class PrusoffError(Exception):
    """The root of all errors that prusoff raises on purpose."""

    code = "E-PRUSOFF"

    def __init__(self, problems: Problem | str | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems, code=self.code)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:MOST_PRINTED]]
        hidden = len(self.problems) - len(lines)
        if hidden > 0:
            lines.append(f"... and {hidden} more problems of this kind.")
        return "\n".join(lines)

    def __reduce__(self) -> tuple[type[PrusoffError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)

    def to_dict(self) -> dict[str, Any]:
        """The one error shape of the JSON output and of the web API."""
        return {"error": type(self).__name__, "problems": [asdict(problem) for problem in self.problems]}


class InputError(PrusoffError, ValueError):
    """Data or arguments are wrong; `.problems` holds all of them."""

    code = "E-INPUT"


class UnitError(InputError):
    """A unit is missing, unknown, mixed, or gives an implausible value."""

    code = "E-UNIT"


class LayoutError(InputError):
    """The plate map and the plate do not fit together."""

    code = "E-LAYOUT"


class FileError(PrusoffError):
    """A file cannot be used."""

    code = "E-FILE"


class UnknownFormat(FileError):
    """No reader claims this file."""

    code = "E-FORMAT"


class BrokenFile(FileError):
    """A reader claims this file and cannot read it."""

    code = "E-BROKEN"


class ModelError(PrusoffError):
    """This law cannot be fitted to these data."""

    code = "E-MODEL"


class StoreError(PrusoffError):
    """A record is not found, in conflict, or was written by a newer version."""

    code = "E-STORE"


class UnknownName(PrusoffError, KeyError):
    """A name that is not known, with the nearest ones that are."""

    code = "E-NAME"

    @classmethod
    def among(cls, name: str, known: Iterable[str], kind: str, where: str = "") -> UnknownName:
        """The error for `name`, which is none of the `known` names of this `kind`."""
        return cls(Problem(f"there is no {kind} '{name}'", where, did_you_mean(name, known), cls.code))


class MissingExtra(PrusoffError, ImportError):
    """An optional part is not installed; the message names the extra."""

    code = "E-EXTRA"

    @classmethod
    def named(cls, extra: str, purpose: str) -> MissingExtra:
        """The error for an `extra` that is needed for this `purpose`."""
        return cls(
            Problem(
                f"{purpose} needs the extra '{extra}'",
                fix=f"Install it with: pip install 'prusoff[{extra}]'.",
                code=cls.code,
            )
        )


class PrusoffWarning(UserWarning):
    """Something the user should know that does not stop the work."""


@dataclass
class Problems:
    """Collects everything that is wrong with one input, so that it is raised once.

    >>> found = Problems()
    >>> found.add("concentration '10' has no unit", "plate.csv > row 3", "Write '10 nM'", "E-UNIT")
    >>> len(found.items)
    1
    """

    items: list[Problem] = field(default_factory=list)

    def add(self, what: str, where: str = "", fix: str = "", code: str = "E-INPUT") -> None:
        """Note one problem and go on."""
        self.items.append(Problem(what, where, fix, code))

    def take(self, error: PrusoffError, where: str = "") -> None:
        """Note the problems of an error that was caught, placed at `where` if they have no place of their own."""
        for problem in error.problems:
            self.items.append(Problem(problem.what, problem.where or where, problem.fix, problem.code))

    def raise_if_any(self, kind: type[PrusoffError] = InputError) -> None:
        """Raise all problems at once as one error of this kind; do nothing when there are none."""
        if self.items:
            raise kind(self.items)


def did_you_mean(name: str, known: Iterable[str], most: int = 3) -> str:
    """A sentence with the names nearest to `name`, or with all of them when none is near."""
    names: Sequence[str] = sorted(set(known))
    by_lower = {candidate.lower(): candidate for candidate in names}
    near = difflib.get_close_matches(name.lower(), by_lower, n=most, cutoff=0.6)
    if near:
        return "Did you mean " + " or ".join(f"'{by_lower[candidate]}'" for candidate in near) + "?"
    return "Known: " + ", ".join(names) + "." if names else "There are none."
