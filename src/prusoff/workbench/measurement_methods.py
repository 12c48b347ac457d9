"""How the sweeps of a run were measured, as sentences of the methods paragraph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..core.estimate import figures
from ..core.result import Step
from ..electrophysiology.end_points import PEAK_SAMPLES
from ..electrophysiology.gates import Limits
from ..electrophysiology.plan import Plan
from .bench import inside
from .recorded_wells import limits_of

if TYPE_CHECKING:
    from .run_recordings import MeasurePart
    from .runfile import RunFile

P_OVER_N = "Armstrong CM, Bezanilla F. J Gen Physiol 1974;63:533"
SERIES = "Armstrong CM, Gilly WF. Methods Enzymol 1992;207:100"


def measurement_steps(runfile: RunFile) -> tuple[Step, ...]:
    """What the methods paragraph says of the recordings of a run; nothing where there are none."""
    named = dict.fromkeys(
        entry.measure or one.measure or "default" for one in runfile.experiment for entry in one.applied
    )
    used = [(name, runfile.measure[name]) for name in named if name in runfile.measure]
    return tuple(step for name, measure in used for step in _steps(measure, name if len(used) > 1 else ""))


def _steps(measure: MeasurePart, name: str) -> Iterator[Step]:
    read = [_end_point(one, measure) for one in measure.end_point]
    blank = inside(measure.blank, Plan().blank_s)
    first = f" after its first {figures(blank, unit='s')}" if blank else ""
    of = f" of '{name}'" if name else ""
    yield Step(f"The current{of} was read in {_where(measure)}{first} as {' and as '.join(read)}")
    yield _leak(measure)
    if measure.membrane_test is not None:
        yield Step(
            "Series resistance, membrane resistance and capacitance were read in every sweep from the charge, the time "
            f"constant and the steady current of part {measure.membrane_test} of the command",
            "Ra = ΔV / (Q/τ + ΔI);  Rm = ΔV/ΔI − Ra;  Cm = Q/ΔV · ((Ra + Rm)/Rm)²",
        )
    yield _gates(limits_of(measure.gates))


def _end_point(one: str, measure: MeasurePart) -> str:
    if one == "peak":
        extreme = "extreme of either sign" if measure.sign == "either" else f"{measure.sign} extreme"
        return f"its peak (the {extreme}, mean of {PEAK_SAMPLES} samples)"
    return "its plateau (mean of the last 10 %)"


def _where(measure: MeasurePart) -> str:
    if measure.epoch:
        return f"{_parts(measure.epoch)} of the command"
    if measure.start is None:
        return "each application"
    start, end = (figures(inside(one), unit="s") for one in (measure.start, measure.end))
    return f"a window from {start} to {end} of the sweep"


def _parts(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"part {numbers[0]}"
    return f"parts {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _leak(measure: MeasurePart) -> Step:
    shown = _parts(measure.leak_epoch) if measure.leak_epoch else ""
    told = {
        "none": "No leak was taken off",
        "holding": "The current just before the window was taken off",
        "ohmic": f"An ohmic leak, through the current before the window and that of {shown}, was taken off",
        "P/N": f"Leak and capacitive current were taken off by the scaled mean of {shown} (P/N)",
    }
    return Step(told[measure.leak], citations=(P_OVER_N,) if measure.leak == "P/N" else ())


def _gates(limits: Limits) -> Step:
    most = [
        f"an error of the potential above {figures(limits.voltage_error_v, unit='V')}",
        f"a series resistance above {figures(limits.series_resistance_ohm, unit='ohm')} or changed by more than "
        f"{figures(100 * limits.series_change, unit='%')}",
        f"a seal or membrane resistance below {figures(limits.seal_ohm, unit='ohm')}",
        f"a leak above {figures(limits.leak_a, unit='A')}",
        f"or a holding current that drifted by more than {figures(limits.drift_a, unit='A')}",
    ]
    return Step(
        f"Sweeps were set aside with {', '.join(most)}, as far as these were measured",
        "V(error) = I · Rs · (1 − compensation)",
        (SERIES,),
    )
