"""Is a recorded cell good enough: series resistance, leak, seal, holding current, run-down, wash-out, clipping?"""

from __future__ import annotations

from ..core.check import Check, Example, Fact, Facts, Finding, Severity, is_known
from ..core.estimate import figures
from ._verdict import percent, verdict

MOST_ERROR_V = 5e-3
MOST_CHANGE = 0.25
LEAST_SEAL = 500e6
MOST_LEAK = 200e-12
MOST_DRIFT = 100e-12
MOST_LOST = 0.3
LEAST_RECOVERY = 0.8

_HERE = "Limit set here; no value is agreed upon in the field"
_GATED = Fact("gated", "how many sweeps did not pass their gates")


def _aside(facts: Facts) -> str:
    """What became of the sweeps that did not pass, as a sentence with a space before it, '' where none did not."""
    count = facts.get("gated")
    if not is_known(count) or not count:
        return ""
    many = (
        f"{count:.0f} sweeps that do not pass their gates are"
        if count > 1
        else "The sweep that does not pass is"
    )
    return f" {many} set aside."


def _series(facts: Facts) -> Finding:
    error = facts["voltage_error_v"]
    told = f"The series resistance makes an error of at most {figures(error, unit='V')} of the potential"
    return verdict(
        1e3 * error,
        f"{told}.",
        (
            error > MOST_ERROR_V,
            Severity.WARN,
            f"{told} (limit 5 mV): the cell is not at the potential that is written beside its current.{_aside(facts)}"
            " Compensate more, or take smaller cells.",
        ),
    )


SERIES = Check(
    "W-RS",
    "Error of the potential by series resistance",
    (Fact("voltage_error_v", "series resistance and current of the sweeps", "V"),),
    _series,
    "Armstrong CM, Gilly WF, Methods Enzymol 1992;207:100; 5 mV is the limit set here",
    1e3 * MOST_ERROR_V,
    "mV",
    uses=(_GATED,),
    sense="at most",
    examples=(
        Example({"voltage_error_v": 2.1e-3, "gated": 0.0}, Severity.PASS),
        Example({"voltage_error_v": 11e-3, "gated": 3.0}, Severity.WARN),
        Example({"voltage_error_v": 7e-3}, Severity.WARN),
    ),
)


def _change(facts: Facts) -> Finding:
    change = facts["series_change"]
    told = f"The series resistance changed by at most {percent(change)} of that at the start"
    return verdict(
        100 * change,
        f"{told}.",
        (
            change > MOST_CHANGE,
            Severity.WARN,
            f"{told} (limit 25 %): what looks like block may be a worse clamp.{_aside(facts)}",
        ),
    )


SERIES_CHANGE = Check(
    "W-RS-CHANGE",
    "Change of the series resistance",
    (Fact("series_change", "the series resistance of the sweeps"),),
    _change,
    _HERE,
    100 * MOST_CHANGE,
    "%",
    uses=(_GATED,),
    sense="at most",
    examples=(
        Example({"series_change": 0.08}, Severity.PASS),
        Example({"series_change": 0.6, "gated": 4.0}, Severity.WARN),
    ),
)


def _leak(facts: Facts) -> Finding:
    leak = facts["leak_a"]
    told = f"The leak at the holding potential is at most {figures(leak, unit='A')}"
    return verdict(
        1e12 * leak,
        f"{told}.",
        (
            leak > MOST_LEAK,
            Severity.WARN,
            f"{told} (limit 200 pA): its noise and its drift stand in the amplitudes.{_aside(facts)}",
        ),
    )


LEAK = Check(
    "W-LEAK",
    "Leak current",
    (Fact("leak_a", "the leak current of the sweeps", "A"),),
    _leak,
    _HERE,
    1e12 * MOST_LEAK,
    "pA",
    uses=(_GATED,),
    sense="at most",
    examples=(
        Example({"leak_a": 31e-12}, Severity.PASS),
        Example({"leak_a": 450e-12, "gated": 1.0}, Severity.WARN),
    ),
)


def _seal(facts: Facts) -> Finding:
    seal = facts["seal_ohm"]
    told = f"The seal or membrane resistance is at least {figures(seal, unit='ohm')}"
    return verdict(
        1e-6 * seal,
        f"{told}.",
        (
            seal < LEAST_SEAL,
            Severity.WARN,
            f"{told} (500 MΩ is wanted): a leak of this size shifts the potential and drifts.{_aside(facts)}",
        ),
    )


SEAL = Check(
    "W-SEAL",
    "Seal resistance",
    (Fact("seal_ohm", "the seal or membrane resistance of the sweeps", "ohm"),),
    _seal,
    _HERE,
    1e-6 * LEAST_SEAL,
    "MΩ",
    uses=(_GATED,),
    sense="at least",
    examples=(
        Example({"seal_ohm": 1.4e9}, Severity.PASS),
        Example({"seal_ohm": 120e6, "gated": 12.0}, Severity.WARN),
    ),
)


def _drift(facts: Facts) -> Finding:
    drift = facts["drift_a"]
    told = f"The current at the holding potential drifted by at most {figures(drift, unit='A')}"
    return verdict(
        1e12 * drift,
        f"{told}.",
        (
            drift > MOST_DRIFT,
            Severity.WARN,
            f"{told} (limit 100 pA): the seal or the cell was failing.{_aside(facts)}",
        ),
    )


HOLDING = Check(
    "W-HOLD",
    "Drift of the holding current",
    (Fact("drift_a", "the current at the holding potential in each sweep", "A"),),
    _drift,
    _HERE,
    1e12 * MOST_DRIFT,
    "pA",
    uses=(_GATED,),
    sense="at most",
    examples=(
        Example({"drift_a": 12e-12}, Severity.PASS),
        Example({"drift_a": 260e-12, "gated": 7.0}, Severity.WARN),
    ),
)


def _rundown(facts: Facts) -> Finding:
    lost = facts["rundown_lost"]
    which = "lost" if lost >= 0 else "gained"
    told = f"The control current {which} {percent(abs(lost))} between the first control and the wash"
    return verdict(
        100 * abs(lost),
        f"{told}.",
        (
            abs(lost) > MOST_LOST,
            Severity.WARN,
            f"{told} (limit 30 %): the block hangs on the shape that is taken for it. Look at the current over time.",
        ),
    )


RUNDOWN = Check(
    "W-RUNDOWN",
    "Run-down of the current",
    (Fact("rundown_lost", "controls before the drug and after its wash-out"),),
    _rundown,
    _HERE,
    100 * MOST_LOST,
    "%",
    sense="at most",
    examples=(
        Example({"rundown_lost": 0.12}, Severity.PASS),
        Example({"rundown_lost": -0.05}, Severity.PASS),
        Example({"rundown_lost": 0.45}, Severity.WARN),
    ),
)


def _wash(facts: Facts) -> Finding:
    recovery = facts["wash_recovery"]
    told = f"The wash brought the current back to {percent(recovery)} of the control interpolated at the drug"
    return verdict(
        100 * recovery,
        f"{told}.",
        (
            recovery < LEAST_RECOVERY,
            Severity.WARN,
            f"{told} (80 % is the least): run-down and a drug that stays cannot be told apart. The block is a range "
            "from no correction to the full one.",
        ),
    )


WASH = Check(
    "W-WASH",
    "Recovery after wash-out",
    (Fact("wash_recovery", "a control after the drug was washed out, and times"),),
    _wash,
    "Criterion set here: recovery of at least 80 % of the control interpolated at the time of the drug",
    100 * LEAST_RECOVERY,
    "%",
    sense="at least",
    examples=(
        Example({"wash_recovery": 0.94}, Severity.PASS),
        Example({"wash_recovery": 0.41}, Severity.WARN),
    ),
)


def _clip(facts: Facts) -> Finding:
    clipped = facts["clipped"]
    return verdict(
        clipped,
        "No sweep is clipped at the end of the range of the amplifier.",
        (
            clipped > 0,
            Severity.WARN,
            f"Sweeps that are clipped at the end of the range, and set aside: {clipped:.0f}. Lower the gain.",
        ),
    )


CLIP = Check(
    "W-CLIP",
    "Clipped sweeps",
    (Fact("clipped", "how many sweeps are clipped"),),
    _clip,
    "Samples at the end of the range of the digitiser hold no amplitude",
    0.0,
    sense="at most",
    examples=(
        Example({"clipped": 0.0}, Severity.PASS),
        Example({"clipped": 2.0}, Severity.WARN),
    ),
)

# those that judge sweeps (facts of `electrophysiology.gates.gate_facts`), and those that judge controls over time
OF_SWEEPS = (SERIES, SERIES_CHANGE, LEAK, SEAL, HOLDING, CLIP)
OF_CONTROLS = (RUNDOWN, WASH)
