"""Column headings that carry a unit: 'conc (nM)', 'conc_nM', 'signal [cpm]'."""

from __future__ import annotations

import re

from ..core.kinds import kinds_of

_BRACKETED = re.compile(r"^(?P<name>.*?)\s*[\(\[]\s*(?P<unit>[^\)\]]+?)\s*[\)\]]\s*$")


def split_heading(heading: str) -> tuple[str, str]:
    """The name and the unit of a column; the unit is '' where the heading has none that is known.

    >>> split_heading("conc (nM)"), split_heading("conc_nM"), split_heading("count_min")
    (('conc', 'nM'), ('conc', 'nM'), ('count', 'min'))
    """
    bracketed = _BRACKETED.match(heading)
    if bracketed and kinds_of(bracketed["unit"]):
        return bracketed["name"].strip(), bracketed["unit"]
    name, _, unit = heading.rpartition("_")
    if name and kinds_of(unit):
        return name.strip(), unit
    return heading.strip(), ""
