"""Laws beside simple competition: a modulator of affinity or efficacy, and an antagonist that takes receptors away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from ...core.equation import Equation
from ...core.errors import ModelError
from ...core.fit import Fit, Outcome
from ...core.result import Comparison
from ...equations.gaddum_schild import allosteric_ec50_shift
from ...equations.operational_allosterism import operational_allosterism
from ...fitting.compare import aicc, compare_nested
from ...fitting.problem import Fixed, Rule
from ...fitting.solve import Options, fit_curve
from .family import Family
from .fits import FamilyFits

SILENT = Fixed(-8.0)  # log tau of a modulator that does nothing by itself
NOTHING = Fixed(-6.0)  # log beta of a receptor that no longer signals
COMPETITIVE, FREE = "competition with Schild slope 1", "competition with a free Schild slope"
NONCOMPETITIVE, SHIFT = "noncompetitive antagonism", "allosteric modulation of affinity"
ALLOSTERIC = "allosteric modulation of affinity and efficacy"


@dataclass(frozen=True)
class Law:
    """One law beside competition: its equation and what of it is held."""

    equation: Equation
    held: Mapping[str, Rule | float] = field(default_factory=dict)


LAWS: Mapping[str, Law] = {
    SHIFT: Law(allosteric_ec50_shift),
    NONCOMPETITIVE: Law(
        operational_allosterism,
        {"log_alpha": Fixed(0.0), "log_beta": NOTHING, "log_tau_modulator": SILENT},
    ),
    ALLOSTERIC: Law(operational_allosterism, {"log_tau_modulator": SILENT}),
}


@dataclass(frozen=True)
class Compared:
    """The laws fitted to the families of one antagonist, by name, one fit a day; `preferred` has the lowest AICc.

    `support` is AICc summed over the days above that of the preferred law.
    """

    fits: Mapping[str, tuple[Fit, ...]]
    support: Mapping[str, float]
    preferred: str

    def nested(self, day: int) -> Iterator[Comparison]:
        """The F test of a modulator of efficacy too against a plain loss of receptors, which it contains."""
        if NONCOMPETITIVE in self.fits and ALLOSTERIC in self.fits:
            with suppress(ModelError):
                yield compare_nested(self.fits[NONCOMPETITIVE][day], self.fits[ALLOSTERIC][day])

    @property
    def sentence(self) -> str:
        """Which law is preferred, and by how much."""
        second = sorted(self.support.values())[1]
        listed = "; ".join(f"{name} {more:.1f}" for name, more in self.support.items() if more > 0)
        return (
            f"Of {len(self.support)} laws, {self.preferred} has the lowest AICc over all experiments, by {second:.1f} "
            f"(above it: {listed})."
        )


def compare_laws(family_fits: Sequence[tuple[Family, FamilyFits]], level: float) -> Compared | None:
    """Fit the other laws to all days of an antagonist on the weights that stand; None where no two can be compared."""
    found: dict[str, list[Fit]] = {}
    for family, fits in family_fits:
        own = {COMPETITIVE: fits.one, FREE: fits.free}
        for name, law in LAWS.items():
            options = Options(intervals_of=("log_kb",), response_level=1.0)
            own[name] = fit_curve(law.equation, family.whole, fits.weights, level, law.held, options)
        for name, fit in own.items():
            if fit is not None and fit.outcome is not Outcome.FAILED:
                found.setdefault(name, []).append(fit)
    whole = {name: tuple(some) for name, some in found.items() if len(some) == len(family_fits)}
    if len(whole) < 2:
        return None
    total = {name: sum(map(aicc, some)) for name, some in whole.items()}
    least = min(total.values())
    return Compared(
        whole, {name: one - least for name, one in total.items()}, min(total, key=lambda n: total[n])
    )
