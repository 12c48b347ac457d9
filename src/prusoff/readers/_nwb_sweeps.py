"""Which series of an NWB file make up one sweep, and which sweeps one recording."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ._nwb_series import Series

_TABLES = "general/intracellular_ephys"


@dataclass(frozen=True)
class Together:
    """The responses of one sweep in the order of their channels, and its stimulus where the file has one."""

    number: int
    responses: tuple[Series, ...]
    stimulus: Series | None

    @property
    def belongs(self) -> tuple[object, ...]:
        """What sweeps of one recording have in common: channels, units, sampling, clamp, protocol."""
        first = self.responses[0]
        channels = tuple((one.electrode, one.unit, one.kind) for one in self.responses)
        return channels, first.rate, first.protocol


def together(file: Any, responses: Sequence[Series], stimuli: Sequence[Series]) -> list[Together]:
    """The sweeps of a file: by their sweep numbers, else by its tables, else one for each series."""
    by_path = {str(series.group.name): series for series in (*responses, *stimuli)}
    pairs, simultaneous = _tables(file)
    keys = {}
    for order, series in enumerate(sorted(responses, key=_by_time)):
        path = str(series.group.name)
        keys[path] = _key(series, simultaneous.get(path), order)
    found: dict[tuple[int, int], list[Series]] = {}
    for series in responses:
        found.setdefault(keys[str(series.group.name)], []).append(series)
    sweeps = []
    for key in sorted(found):
        members = tuple(sorted(found[key], key=_by_channel))
        sent = [by_path[pairs[path]] for path in _paths(members) if pairs.get(path) in by_path]
        sent += [one for one in stimuli if one.number is not None and one.number == members[0].number]
        sweeps.append(Together(key[1], members, next(iter(sent), None)))
    return sweeps


def recordings(sweeps: Iterable[Together]) -> Iterator[list[Together]]:
    """Sweeps that share channels, sampling and protocol, in the order in which the first of each was recorded."""
    found: dict[tuple[object, ...], list[Together]] = {}
    for sweep in sweeps:
        found.setdefault(sweep.belongs, []).append(sweep)
    yield from found.values()


def _key(series: Series, simultaneous: int | None, order: int) -> tuple[int, int]:
    if series.number is not None:
        return 0, series.number
    return (1, simultaneous) if simultaneous is not None else (2, order)


def _by_time(series: Series) -> tuple[object, ...]:
    parts = re.split(r"(\d+)", series.name)
    return series.start_s, tuple(part.zfill(12) if part.isdigit() else part for part in parts)


def _by_channel(series: Series) -> tuple[object, ...]:
    """The current before the potential, in the order of the electrodes."""
    return series.electrode, series.inside, series.name


def _paths(members: Iterable[Series]) -> Iterator[str]:
    for series in members:
        yield str(series.group.name)


def _tables(file: Any) -> tuple[dict[str, str], dict[str, int]]:
    """From the tables of the file: the stimulus of each response, and the sweep that each response is part of."""
    place = f"{_TABLES}/intracellular_recordings"
    if f"{place}/responses/response" not in file:
        return {}, {}
    answers = _named(file, file[f"{place}/responses/response"])
    sent = _named(file, file[f"{place}/stimuli/stimulus"]) if f"{place}/stimuli/stimulus" in file else []
    pairs = {answer: stimulus for answer, stimulus in zip(answers, sent, strict=False) if answer and stimulus}
    rows = f"{_TABLES}/simultaneous_recordings/recordings"
    simultaneous: dict[str, int] = {}
    if rows in file and f"{rows}_index" in file:
        members, first = file[rows][()], 0
        for number, end in enumerate(file[f"{rows}_index"][()]):
            simultaneous |= {answers[row]: number for row in members[first:end] if 0 <= row < len(answers)}
            first = int(end)
    return pairs, simultaneous


def _named(file: Any, column: Any) -> list[str]:
    """The paths of the series that a column of references names, '' where a row has none."""
    places = {
        address: f"/{folder}/{name}"
        for folder in ("acquisition", "stimulus/presentation")
        if folder in file
        for name, address in getattr(file[folder], "_links", {}).items()
    }  # following each reference by itself would search the whole file each time
    found = []
    for row in column[()]:
        address = int.from_bytes(bytes(row["timeseries"]), "little")
        found.append(places.get(address, "") if row["count"] != 0 else "")
    return found
