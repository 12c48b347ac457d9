"""The methods paragraph of a dissociation-rate run."""

from __future__ import annotations

from collections.abc import Iterator

from ...checks.allosteric import DILUTION
from ...core.result import Step
from .._methods import counting_steps, fitting_step
from .._signal import Signals


def steps(read: Signals, level: float, chases: tuple[str, ...]) -> Iterator[Step]:
    """What was done, in order."""
    yield from counting_steps(read)
    how = ", ".join("dilution" if one == DILUTION else f"an excess of {one}" for one in chases)
    yield Step(
        f"Label was bound, and its dissociation started by {how}, without and with modulator. All wells of a modulator "
        "on a day were fitted together, nonspecific wells included: the modulator is taken to reach its site at once, "
        "and to change the rate constant from koff to that at full effect.",
        "Y = NS + span exp(−kobs t);  kobs = koff (1 + r [B]/EC50) / (1 + [B]/EC50)",
        ("lazareno_birdsall_1995", "christopoulos_kenakin_2002"),
    )
    yield fitting_step(read, level)
    yield Step(
        "EC50 is KB/α, the potency of the modulator at the site whose other site holds the label; it says nothing of "
        "the affinity for the empty transporter. A modulator without effect on the rate (F test against one rate "
        "for all wells, P ≥ 0.01) is given a bound.",
        "EC50 = KB / α",
        ("kostenis_mohr_1996", "chen_2005"),
    )
    yield Step(
        "n counts independent experiments; replicate wells do not increase it. Means are geometric.",
        citations=("neubig_2003",),
    )
