"""What an assay found out: curves, estimates, comparisons, means over experiments, checks, and how it was done."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .check import Flag, Severity
from .equation import Array
from .errors import UnknownName
from .estimate import Estimate
from .experiment import Experiment
from .fit import Fit, Outcome
from .provenance import Provenance


@dataclass(frozen=True)
class Points:
    """The points of one curve as they are drawn: x in the unit of the law's axis, y as fitted, one entry a well.

    `positions` are 'plate well'; `used` is False for a well that was set aside (drawn hollow). Control wells stand at
    x = -inf (total) and x = +inf (nonspecific). `label` tells the kinds of points of one curve apart: '' for a
    competition curve; 'total', 'nonspecific' and 'specific' for an isotherm.
    """

    x: Array
    y: Array
    positions: tuple[str, ...]
    used: tuple[bool, ...]
    label: str = ""


@dataclass(frozen=True)
class CurveBand:
    """One fitted curve with its confidence band, ready to be drawn: x in the unit of the law's axis, finite, rising.

    `fitted`, `low` and `high` are in the unit of the points and stand at `x`; where no band was computed `low` and
    `high` are nan. `label` is that of the points it runs through. The x span that of the data: a curve is not drawn
    where nothing was measured.
    """

    x: Array
    fitted: Array
    low: Array
    high: Array
    label: str = ""
    level: float = 0.95


@dataclass(frozen=True)
class Comparison:
    """Two laws set against each other on the same data, and which one is kept, in a sentence."""

    simple: str
    richer: str
    preferred: str
    f: float
    p: float
    delta_aicc: float
    sentence: str
    fit: Fit | None = None


@dataclass(frozen=True)
class Series:
    """One curve of an assay: one compound (or the saturation isotherm) in one experiment.

    `bands` are the curves to draw through the points, `estimates` what came out of it, `shares` the part of the
    variance of the last constant that each source of error has. `outcome` and `reason` hold for the curve even where
    no fit was possible.
    """

    subject: str
    experiment: str
    outcome: Outcome
    reason: str
    points: tuple[Points, ...]
    estimates: tuple[Estimate, ...] = ()
    fit: Fit | None = None
    profiles: tuple[Profile, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    bands: tuple[CurveBand, ...] = ()
    shares: Mapping[str, float] = field(default_factory=dict)
    x_label: str = ""
    y_label: str = ""

    @property
    def label(self) -> str:
        """Subject and experiment."""
        return f"{self.subject}, {self.experiment}" if self.experiment else self.subject

    def estimate(self, name: str) -> Estimate:
        """The estimate of this name."""
        return _named(self.estimates, name)


@dataclass(frozen=True)
class Profile:
    """How the sum of squares grows as one parameter is moved away from its best value and all others follow."""

    parameter: str
    label: str
    values: Array
    sums_of_squares: Array
    threshold: float
    best: float


@dataclass(frozen=True)
class Pooled:
    """One quantity of one subject over independent experiments: the geometric mean and n.

    `p_estimate` is its negative log10 where the quantity is a concentration, else None: a pKi is one, a pBmax is not.
    """

    subject: str
    estimate: Estimate
    p_estimate: Estimate | None
    experiments: tuple[str, ...]
    each: tuple[Estimate, ...]
    sentence: str

    @property
    def n(self) -> int:
        """Number of independent experiments."""
        return len(self.experiments)


@dataclass(frozen=True)
class Ratio:
    """One quantity of a subject over that of another: a selectivity, a fold potency, a fold shift, a eudismic ratio.

    `name` says which ('selectivity', 'fold shift'); `estimate` is the ratio `subject` over `reference`, a pure number
    with its interval; `sentence` says what was divided and what the number means. `verdict` is that in a word
    ('unaffected', 'weaker', the preferred target), '' where none was asked; `margin` what it was judged against.
    """

    name: str
    subject: str
    reference: str
    estimate: Estimate
    sentence: str
    verdict: str = ""
    margin: float = math.nan


@dataclass(frozen=True)
class PlateSummary:
    """The controls of one plate and what they say about it."""

    experiment: str
    plate: str
    total_mean: float
    total_sd: float
    total_n: int
    nsb_mean: float
    nsb_sd: float
    nsb_n: int
    unit: str
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One step of the analysis as a sentence for the methods paragraph, with its formula and its citations (keys)."""

    sentence: str
    formula: str = ""
    citations: tuple[str, ...] = ()


@dataclass(frozen=True)
class AssayResult:
    """Everything an assay found out.

    `experiments` are the inputs as analysed, every well included; `core.headline` says what to print first. `counted`
    is what n counts: the experiments are days, or each is a cell, a subject, an animal.
    """

    assay: str
    title: str
    experiments: tuple[Experiment, ...]
    series: tuple[Series, ...]
    pooled: tuple[Pooled, ...]
    flags: tuple[Flag, ...]
    plates: tuple[PlateSummary, ...]
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()
    provenance: Provenance = field(default_factory=Provenance)
    ratios: tuple[Ratio, ...] = ()
    counted: str = "experiment"

    kind = "assay_result"
    version = 1

    @property
    def rows(self) -> tuple[int, int, int]:
        """Wells in, wells used, wells set aside; the first is always the sum of the others."""
        wells = [well for experiment in self.experiments for well in experiment.wells]
        used = sum(well.used for well in wells)
        return len(wells), used, len(wells) - used

    @property
    def estimates(self) -> tuple[tuple[str, str, Estimate], ...]:
        """All estimates as (subject, experiment, estimate); pooled ones have the experiment ''."""
        each = [(one.subject, one.experiment, value) for one in self.series for value in one.estimates]
        return (*each, *((one.subject, "", one.estimate) for one in self.pooled))

    @property
    def subjects(self) -> tuple[str, ...]:
        """Compounds in the order in which they appear."""
        return tuple(dict.fromkeys(one.subject for one in self.series))

    @property
    def worst(self) -> Severity:
        """The most serious verdict among the checks."""
        order = list(Severity)
        found = [flag.severity for flag in self.flags if flag.severity is not Severity.NOT_ASSESSED]
        return max(found, key=order.index, default=Severity.PASS)

    @property
    def is_uptake(self) -> bool:
        """Whether the signal is something taken up, rather than bound, as the axes of the curves say."""
        return any("uptake" in one.y_label for one in self.series)

    def pool(self, subject: str, name: str) -> Pooled:
        """The pooled value of one quantity of one subject."""
        for one in self.pooled:
            if one.subject == subject and one.estimate.name == name:
                return one
        raise UnknownName.among(
            f"{name} of {subject}",
            (f"{one.estimate.name} of {one.subject}" for one in self.pooled),
            "pooled value",
        )

    def traced(self, provenance: Provenance) -> AssayResult:
        """The same result with its provenance."""
        return replace(self, provenance=provenance)


def _named(estimates: tuple[Estimate, ...], name: str) -> Estimate:
    for estimate in estimates:
        if estimate.name == name:
            return estimate
    raise UnknownName.among(name, (estimate.name for estimate in estimates), "estimate")
