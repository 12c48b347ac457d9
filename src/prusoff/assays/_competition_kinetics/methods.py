"""The methods paragraph of competition kinetics, from what was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...core.estimate import figures
from ...core.result import Step
from .._methods import counting_steps, fitting_step, ligand_step
from .._signal import Signals
from .day import Analysed, Settings


def steps(analysed: Sequence[Analysed], read: Mapping[str, Signals], settings: Settings) -> tuple[Step, ...]:
    """What was done, in order."""
    return tuple(_steps(analysed, read, settings))


def _steps(analysed: Sequence[Analysed], read: Mapping[str, Signals], settings: Settings) -> Iterator[Step]:
    first = next(iter(read.values()))
    yield from counting_steps(first)
    if not analysed:
        return
    yield ligand_step([one.ligand for one in analysed])
    yield Step(
        "Raw signals of all times were fitted, for each compound and experiment the wells with it at all of its "
        "concentrations together with the wells without competitor, the chased and the nonspecific ones: binding of "
        "the label while both ligands come and go, with one set of rate constants.",
        "Y = Bmax k1 [L] / (KF − KS) (k4 (KF − KS) / (KF KS) + (k4 − KF) / KF exp(−KF t) − (k4 − KS) / KS exp(−KS t))"
        " + NS [L]",
        ("motulsky_mahan_1984",),
    )
    yield _label(analysed[0], settings)
    if any((one.traces.x[2] != 0).any() for one in analysed):
        yield Step(
            "Wells in which one ligand came before the other were fitted from the sites that it had taken by then, by "
            "the solution of the same rate equations."
        )
    yield fitting_step(first, settings.level)
    yield Step(
        "Ki and koff, and kon in a second fit of the same wells, are parameters with intervals of their own; an "
        "interval with an open side is reported as a bound. The residence time is the reciprocal of koff.",
        "Ki = k4 / k3; residence time = 1 / k4",
        ("motulsky_mahan_1984", "copeland_2006"),
    )
    moved = [one for one in analysed if one.found.moved]
    if moved:
        yield Step(
            f"Where more than 2 % of the label was bound ({len(moved)} of {len(analysed)} curves), the constants were "
            "moved to those whose wells, integrated with the depletion of label and competitor and fitted in the same "
            "way, give the values found.",
            citations=("gourieroux_1993",),
        )
    yield Step(
        "n counts independent experiments; replicate wells do not increase it. Means are geometric.",
        citations=("neubig_2003",),
    )


def _label(one: Analysed, settings: Settings) -> Step:
    """Where the rate constants of the label came from."""
    radioligand, held = one.experiment.radioligand, one.fits.held
    kd = radioligand.kd
    if held.log_kd is None or kd is None:
        return Step(
            "kon and koff of the label were fitted together with those of the competitor, from the wells without "
            "competitor: their errors are part of the intervals."
        )
    stated = f"Kd {figures(kd.value, unit='M')} ({kd.source})"
    if held.log_koff is None:
        return Step(
            f"koff of the label was fitted together with the constants of the competitor; {stated} was held, and its "
            "error and that of [L] were added to the intervals, once to a mean over experiments.",
            "k1 = k2 / Kd",
        )
    error = f", standard error {figures(settings.koff_se_percent, 2)} %" if settings.koff_se_percent else ""
    return Step(
        f"The constants of the label were held as stated: {stated} and koff "
        f"{figures(radioligand.koff_per_s, unit='1/s')}{error}. Their errors and that of [L] were added to the "
        "intervals, once to a mean over experiments.",
        "k1 = k2 / Kd",
    )
