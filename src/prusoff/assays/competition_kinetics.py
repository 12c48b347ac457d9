"""Competition kinetics: from wells stopped over time to kon, koff and Ki of unlabelled competitors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ..checks import catalog as checks
from ..core.assay import Assay, Needs
from ..core.equation import Array
from ..core.errors import InputError, Problems
from ..core.experiment import Experiment
from ..core.fit import Fit
from ..core.result import AssayResult, CurveBand, Points, Series
from ..equations.order_of_addition import order_of_addition, order_of_addition_ki
from ..figures.incubation_bias import incubation_bias
from ..figures.kinetic_trace import kinetic_trace
from ..figures.plate_map import plate_map
from ..figures.residuals import residuals
from ..fitting.band import confidence_band
from ._competition_kinetics.analysis import analysed_compounds
from ._competition_kinetics.bench import TRUTH, simulate
from ._competition_kinetics.checks import CODES, flags
from ._competition_kinetics.day import Analysed, Settings
from ._competition_kinetics.early import bias_over_time
from ._competition_kinetics.estimates import KI, KOFF, KON
from ._competition_kinetics.means import pooled
from ._competition_kinetics.methods import steps
from ._competition_kinetics.traces import require_times
from ._panel import by_site
from ._plates import require_compounds, require_controls
from ._signal import Signals, annotated, signals, unread_set_aside

DRAWN = 61


def run(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    """From the wells of one or several days to kon, koff and Ki of every competitor.

    Every competitor is fitted on every day, all of its concentrations and times together with the wells without
    competitor, so that the error of the label's own rate constants is in the result; means over days are geometric and
    n counts days. Wells with the phase 'dissociation' had the label first: without competitor they were chased, with
    one it came after the label. Refuses a competitor at one concentration. Targets of a panel are analysed one by one.
    """
    _check(settings)
    experiments = tuple(map(unread_set_aside, experiments))
    require_compounds(experiments)
    require_controls(experiments)
    require_times(experiments)
    return by_site(experiments, lambda those: _at_one_site(those, settings))


def _check(settings: Settings) -> None:
    problems = Problems()
    if not 0.5 <= settings.level < 1:
        problems.add(
            f"a level of {settings.level:g} is no confidence level", "settings > level", "Write 0.95"
        )
    if not settings.competitor_ahead_min >= 0:
        problems.add(
            f"the competitor cannot be {settings.competitor_ahead_min:g} min ahead of the label",
            "settings > competitor_ahead_min",
            "Give 0 or more; wells in which the label came first have the phase 'dissociation'",
        )
    if not 0 <= settings.koff_se_percent < 100:
        problems.add(
            f"a standard error of {settings.koff_se_percent:g} % is no error of koff",
            "settings > koff_se_percent",
            "Give the standard error in percent of koff, such as 10",
        )
    problems.raise_if_any(InputError)


def _at_one_site(experiments: tuple[Experiment, ...], settings: Settings) -> AssayResult:
    read = {experiment.name: signals(experiment) for experiment in experiments}
    analysed = tuple(
        one
        for experiment in experiments
        for one in analysed_compounds(experiment, read[experiment.name], settings)
    )
    return AssayResult(
        "competition_kinetics",
        "Competition kinetics",
        tuple(annotated(experiment, read[experiment.name]) for experiment in experiments),
        tuple(_series(one, settings) for one in analysed),
        tuple(pooled(analysed)),
        flags(analysed, read),
        (),
        steps(analysed, read, settings),
        _notes(analysed, read, settings),
    )


def _series(one: Analysed, settings: Settings) -> Series:
    fit = one.fits.by_ki
    drawn = list(one.traces.points())
    fitted = fit is not None and one.fits.outcome.usable
    return Series(
        one.traces.compound,
        one.experiment.name,
        one.fits.outcome,
        one.fits.reason,
        tuple(points for points, _, _ in drawn),
        one.found.estimates,
        fit if fitted else None,
        bands=tuple(_bands(one, fit, drawn, settings.level)) if fitted and fit is not None else (),
        shares=one.found.shares,
        x_label="time (s)",
        y_label=f"{one.experiment.radioligand.name} bound ({one.traces.unit})",
    )


def _bands(
    one: Analysed, fit: Fit, drawn: Sequence[tuple[Points, int, Array]], level: float
) -> Iterator[CurveBand]:
    """The fitted curve of every set of wells with its band, from time 0 to the last of them; then the early IC50."""
    for points, curve, x in drawn:
        time = np.linspace(0.0, float(x[0].max()), DRAWN)
        at = np.stack([time, np.full(DRAWN, x[1][0]), np.full(DRAWN, x[2][0])])
        found = confidence_band(fit, at, curve, level)
        yield CurveBand(time, found.fitted, found.low, found.high, points.label, level)
    early = bias_over_time(one.traces, fit)
    if early is not None:
        yield early


def _notes(
    analysed: tuple[Analysed, ...], read: Mapping[str, Signals], settings: Settings
) -> tuple[str, ...]:
    notes = [f"{name}: {note}" for name, one in read.items() for note in one.notes]
    idle = [name for name in read if name not in {one.experiment.name for one in analysed}]
    notes += [f"{name}: no well holds a compound." for name in idle]
    notes += [f"{one.experiment.name}: {note}" for one in analysed for note in one.ligand.notes]
    if settings.label == "stated" and settings.koff_se_percent == 0:
        notes.append("The error of the stated koff of the label is not given; it counts as zero.")
    for one in analysed:
        missing = [name for name in (KI, KON, KOFF) if one.fits.outcome.usable and name not in one.found.bare]
        if missing:
            what = f"{one.traces.compound}, {one.experiment.name}"
            notes.append(f"{what}: not identified, no limit on either side: {', '.join(missing)}.")
    return tuple(dict.fromkeys(notes))


competition_kinetics = Assay(
    name="competition_kinetics",
    title="Competition kinetics: kon, koff and Ki of competitors",
    settings=Settings,
    run=run,
    simulate=simulate,
    truth=TRUTH,
    example_settings=Settings(),
    equations=(order_of_addition_ki, order_of_addition),
    checks=tuple(checks[code] for code in CODES),
    figures=(kinetic_trace, incubation_bias, residuals, plate_map),
    reference="Motulsky HJ, Mahan LC. Mol Pharmacol 1984;25:1-9",
    needs=Needs(columns=("time", "phase", "second_compound")),
)
