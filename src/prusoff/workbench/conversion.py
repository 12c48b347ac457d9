"""The radioligand calculator: a value in one unit as another, through molar mass, specific activity or efficiency."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from ..core import units
from ..core.errors import Problem, Problems, UnitError, UnknownName, did_you_mean
from ..core.kinds import KINDS, kinds_of

_KIND_OF = {
    "molar mass": "molar mass",
    "specific activity": "specific activity",
    "efficiency": "fraction",
    "volume": "volume",
}
_WAYS = (  # from, to, multiplied by
    ("amount", "mass", "molar mass"),
    ("molar concentration", "mass concentration", "molar mass"),
    ("amount", "activity", "specific activity"),
    ("activity", "count rate", "efficiency"),
    ("molar concentration", "amount", "volume"),
    ("mass concentration", "mass", "volume"),
)


@dataclass(frozen=True)
class Bridge:
    """A way from one kind of quantity to another: multiply by `factor`, which stands for what `by` says."""

    source: str
    target: str
    factor: float
    by: str


def convert(value: float, unit: str, to: str, given: Mapping[str, str] | None = None) -> float:
    """Give `value` in `unit` as a number in the unit `to`.

    Kinds of quantity are bridged by what is `given`: 'molar mass' ("255.36 g/mol") between moles and mass, 'specific
    activity' ("82.0 Ci/mmol") between activity and moles, 'efficiency' ("42 %") between count rate and activity,
    'volume' ("200 uL") between amount and concentration. Raises UnitError when a unit is unknown or a bridge missing.

    >>> round(convert(10, "ng/mL", "nM", {"molar mass": "300 g/mol"}), 2)
    33.33
    """
    known = _bridges(given or {})
    starts, ends = _kinds(unit, "the unit of the value"), _kinds(to, "the unit asked for")
    for start in starts:
        inside = units.quantity(value, unit, start).value
        for end in ends:
            way = _way(start, end, known)
            if way is not None:
                return units.to_unit(inside * math.prod(bridge.factor for bridge in way), end, to)
    raise UnitError(
        Problem(
            f"{' or '.join(starts)} ('{unit}') cannot become {' or '.join(ends)} ('{to}') with what is given",
            fix=_advice(starts, ends),
        )
    )


def _kinds(unit: str, where: str) -> tuple[str, ...]:
    kinds = kinds_of(unit)
    if not kinds:
        spellings = {spelling for kind in KINDS.values() for spelling in kind.spellings}
        raise UnitError(
            Problem(f"'{unit}' is not a unit that is known", where, did_you_mean(unit, spellings))
        )
    return kinds


def _bridges(given: Mapping[str, str]) -> tuple[Bridge, ...]:
    problems = Problems()
    found: dict[str, float] = {}
    for name, text in given.items():
        if name not in _KIND_OF:
            raise UnknownName.among(name, _KIND_OF, "constant of the calculator")
        try:
            found[name] = units.parse(text, _KIND_OF[name]).value
        except UnitError as error:
            problems.take(error, name)
            continue
        if found[name] <= 0:
            problems.add(f"'{text}' is not above zero", name, "Give the positive value", "E-ZERO")
    problems.raise_if_any(UnitError)
    return _both_ways(found)


def _both_ways(found: Mapping[str, float]) -> tuple[Bridge, ...]:
    bridges: list[Bridge] = []
    for source, target, by in _WAYS:
        if by in found:
            bridges.append(Bridge(source, target, found[by], by))
            bridges.append(Bridge(target, source, 1.0 / found[by], by))
    return tuple(bridges)


def _way(start: str, end: str, bridges: tuple[Bridge, ...]) -> tuple[Bridge, ...] | None:
    """The bridges on the shortest way from one kind to another, or None where there is none."""
    waiting: deque[tuple[str, tuple[Bridge, ...]]] = deque([(start, ())])
    seen = {start}
    while waiting:
        kind, taken = waiting.popleft()
        if kind == end:
            return taken
        for bridge in bridges:
            if bridge.source == kind and bridge.target not in seen:
                seen.add(bridge.target)
                waiting.append((bridge.target, (*taken, bridge)))
    return None


def _advice(starts: tuple[str, ...], ends: tuple[str, ...]) -> str:
    everything = _both_ways(dict.fromkeys(_KIND_OF, 1.0))
    for start in starts:
        for end in ends:
            way = _way(start, end, everything)
            if way is not None:
                return "Give " + " and ".join(dict.fromkeys(f"the {bridge.by}" for bridge in way))
    return "These are different kinds of quantity"
