"""Do the traces tell the rates of the competitor: concentrations, times, overshoot, and the label?"""

from __future__ import annotations

import math

from ..core.check import Check, Example, Fact, Facts, Finding, Severity, is_known
from ..core.estimate import figures
from ._verdict import fold, molar, verdict

MOTULSKY_MAHAN = "Motulsky HJ, Mahan LC, Mol Pharmacol 1984;25:1"
FEWEST, ADVISED = 2, 3
LOW, HIGH = 0.3, 10.0
WIDE = 10.0
APART = 3.0
SPOKEN = {"koff": "koff", "kd": "Kd"}


def _concentrations(facts: Facts) -> Finding:
    count = facts["concentrations"]
    return verdict(
        float(count),
        f"{count} concentrations of the competitor stand against one pair of rate constants.",
        (
            count < FEWEST,
            Severity.WARN,
            f"{count} concentration of the competitor: kon and koff cannot be told apart by it. Use {ADVISED} between "
            "0.3 and 10 times the Ki.",
        ),
        (
            count < ADVISED,
            Severity.NOTE,
            f"{count} concentrations of the competitor: enough for kon and koff, not to see whether the law holds; "
            f"{ADVISED} are advised.",
        ),
    )


CONCENTRATIONS = Check(
    "W-CK-N",
    "Concentrations of the competitor",
    (Fact("concentrations", "how many concentrations of the competitor take part"),),
    _concentrations,
    MOTULSKY_MAHAN,
    float(FEWEST),
    sense="at least",
    examples=(
        Example({"concentrations": 3}, Severity.PASS),
        Example({"concentrations": 2}, Severity.NOTE),
        Example({"concentrations": 1}, Severity.WARN),
    ),
)


def _range(facts: Facts) -> Finding:
    lowest, highest = (facts[name] / facts["ki_molar"] for name in ("lowest_molar", "highest_molar"))
    told = (
        f"The competitor was tested from {fold(lowest)} to {fold(highest)} times its Ki "
        f"({molar(facts['ki_molar'])})"
    )
    return verdict(
        highest,
        f"{told}.",
        (
            highest < 1.0,
            Severity.WARN,
            f"{told}: it hardly competes, so its rate constants rest on small differences. Test up to 10 times the Ki.",
        ),
        (
            lowest > HIGH,
            Severity.WARN,
            f"{told}: it takes nearly all sites at once, so its association is hardly seen. Start at 0.3 Ki.",
        ),
        (
            lowest < LOW or highest > HIGH,
            Severity.NOTE,
            f"{told}; what lies outside 0.3 to 10 times the Ki tells little.",
        ),
    )


RANGE = Check(
    "W-CK-RANGE",
    "Concentrations against the Ki",
    (
        Fact("lowest_molar", "the lowest concentration of the competitor", "M"),
        Fact("highest_molar", "the highest concentration of the competitor", "M"),
        Fact("ki_molar", "Ki as a value, not a bound", "M"),
    ),
    _range,
    "Limits set here",
    1.0,
    sense="at least",
    examples=(
        Example({"lowest_molar": 1e-9, "highest_molar": 9e-9, "ki_molar": 2e-9}, Severity.PASS),
        Example({"lowest_molar": 1e-10, "highest_molar": 9e-9, "ki_molar": 2e-9}, Severity.NOTE),
        Example({"lowest_molar": 1e-10, "highest_molar": 1e-9, "ki_molar": 2e-9}, Severity.WARN),
        Example({"lowest_molar": 3e-8, "highest_molar": 9e-7, "ki_molar": 2e-9}, Severity.WARN),
    ),
)


def _time(facts: Facts) -> Finding:
    low, high, longest = facts["koff_low"], facts["koff_high"], facts["longest_s"]
    no_low, no_high = not low > 0, not math.isfinite(high)
    last = f"{figures(longest / 60)} min"
    wide = high / low if not (no_low or no_high) else math.inf
    return verdict(
        wide,
        f"The koff of the competitor is known within {fold(wide)}-fold from wells up to {last}.",
        (
            no_low and no_high,
            Severity.WARN,
            f"The koff of the competitor is not identified: nothing in the wells up to {last} tells it. Take more "
            "times, short and long, and concentrations from 0.3 to 10 times the Ki.",
        ),
        (
            no_low,
            Severity.WARN,
            f"The wells end at {last}, too early to see the competitor leave: koff may be as small as one likes, at "
            f"most {figures(high, unit='1/s')} (residence time at least {figures(1 / high / 60)} min). Ki is a bound "
            "too. Incubate longer.",
        ),
        (
            no_high,
            Severity.WARN,
            "The competitor comes and goes faster than the first wells show: koff is at least "
            f"{figures(low, unit='1/s')}. Ki holds; for the rate constants take earlier times.",
        ),
        (
            wide > WIDE,
            Severity.WARN,
            f"The koff of the competitor is known only within {fold(wide)}-fold from wells up to {last}. Incubate "
            "longer, or take more wells.",
        ),
    )


TIME = Check(
    "W-CK-TIME",
    "Times long and short enough for koff",
    (
        Fact("longest_s", "the longest time at which a well with competitor was stopped", "s"),
        Fact("koff_low", "the lower limit of koff of the competitor, 0 where it has none", "1/s"),
        Fact("koff_high", "the upper limit of koff of the competitor, infinite where it has none", "1/s"),
        Fact("label_holds", "constants of the label that the wells without competitor do not contradict"),
    ),
    _time,
    "Limit set here: upper over lower limit of the interval of koff",
    WIDE,
    "fold",
    sense="at most",
    examples=(
        Example(
            {"label_holds": True, "longest_s": 1e4, "koff_low": 7e-5, "koff_high": 1.5e-4}, Severity.PASS
        ),
        Example({"label_holds": True, "longest_s": 1e4, "koff_low": 1e-5, "koff_high": 3e-4}, Severity.WARN),
        Example({"label_holds": True, "longest_s": 600.0, "koff_low": 0.0, "koff_high": 3e-4}, Severity.WARN),
        Example(
            {"label_holds": True, "longest_s": 1e4, "koff_low": 5e-3, "koff_high": math.inf}, Severity.WARN
        ),
        Example(
            {"label_holds": True, "longest_s": 600.0, "koff_low": 0.0, "koff_high": math.inf}, Severity.WARN
        ),
    ),
)


def _overshoot(facts: Facts) -> Finding:
    ratio = facts["koff_competitor"] / facts["koff_label"]
    if ratio < 1:
        return Finding(
            Severity.NOTE,
            f"The label overshoots: the competitor leaves {fold(1 / ratio)} times more slowly than the label, which "
            "binds first and is then displaced. An IC50 read before that is over is too high.",
            ratio,
        )
    return Finding(
        Severity.PASS,
        f"No overshoot: the competitor leaves {fold(ratio)} times as fast as the label.",
        ratio,
    )


OVERSHOOT = Check(
    "W-CK-OVER",
    "Overshoot of the label",
    (
        Fact("koff_competitor", "koff of the competitor", "1/s"),
        Fact("koff_label", "koff of the label", "1/s"),
    ),
    _overshoot,
    MOTULSKY_MAHAN,
    1.0,
    sense="at least",
    examples=(
        Example({"koff_competitor": 1e-3, "koff_label": 5e-4}, Severity.PASS),
        Example({"koff_competitor": 1e-4, "koff_label": 5e-4}, Severity.NOTE),
    ),
)


def apart(facts: Facts) -> dict[str, float]:
    """How many fold koff and Kd of the label as seen and as stated lie apart, those of the two that are known twice."""
    known = [
        name
        for name in SPOKEN
        if is_known(facts.get(f"{name}_seen")) and is_known(facts.get(f"{name}_stated"))
    ]
    ratios = {name: facts[f"{name}_seen"] / facts[f"{name}_stated"] for name in known}
    return {name: max(ratio, 1.0 / ratio) for name, ratio in ratios.items()}


def _label(facts: Facts) -> Finding:
    folds, units = apart(facts), {"koff": "1/s", "kd": "M"}
    worst = max(folds, key=lambda name: folds[name])
    told = "; ".join(
        f"{SPOKEN[name]} {figures(facts[f'{name}_seen'], unit=units[name])} in these wells, "
        f"{figures(facts[f'{name}_stated'], unit=units[name])} as stated"
        for name in folds
    )
    return verdict(
        folds[worst],
        f"The wells without competitor agree with the label as stated: {told}.",
        (
            folds[worst] > APART,
            Severity.WARN,
            f"The wells without competitor contradict the label as stated, {fold(folds[worst])}-fold in "
            f"{SPOKEN[worst]}: "
            f"{told}. Check units, temperature and buffer of the stated constants; Ki, kon and koff of the competitor "
            "hang on them where they are held.",
        ),
    )


LABEL = Check(
    "W-CK-LABEL",
    "Label as stated and as seen",
    (
        Fact("koff_seen", "koff of the label as the wells without competitor tell it", "1/s"),
        Fact("koff_stated", "koff of the label as stated (radioligand.koff)", "1/s"),
    ),
    _label,
    "Limit set here, that of a kinetic and an equilibrium Kd",
    APART,
    "fold",
    uses=(
        Fact("kd_seen", "Kd of the label as the wells without competitor tell it", "M"),
        Fact("kd_stated", "Kd of the label as stated", "M"),
    ),
    sense="at most",
    examples=(
        Example({"koff_seen": 5e-4, "koff_stated": 6e-4}, Severity.PASS),
        Example({"koff_seen": 5e-4, "koff_stated": 6e-4, "kd_seen": 1e-9, "kd_stated": 5e-9}, Severity.WARN),
        Example({"koff_seen": 5e-4, "koff_stated": 5e-3}, Severity.WARN),
    ),
)
