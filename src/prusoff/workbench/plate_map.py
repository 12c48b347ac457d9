"""A plate map as it grows: each well once, problems on the side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..core.errors import InputError, Problems
from ..core.plate import PlateFormat, Treatment


@dataclass
class PlateMap:
    """What stands in the wells of a plate so far, and how each well was written."""

    format: PlateFormat
    problems: Problems
    treatments: dict[str, Treatment] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)

    def put(self, well: str, make: Callable[[], Treatment | None], where: str) -> None:
        """Note what stands in a well; a well given twice or a text that cannot be read is a problem."""
        try:
            position = self.format.position(well)
            made = make()
        except InputError as error:
            self.problems.take(error, where)
            return
        if made is None:
            return
        if position in self.written:
            other = self.written[position]
            spelled = f" ('{other}' and '{well}')" if other != well else ""
            self.problems.add(f"well {position} is given twice{spelled}", where, "Keep one of them", "E-WELL")
            return
        self.treatments[position], self.written[position] = made, well
