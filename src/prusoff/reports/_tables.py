"""The tables of a run report behind the answer: every curve, laws compared, shares of error, controls, wells."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from ..core.estimate import figures
from ..core.fit import Outcome
from ..core.plate import Well
from ..core.report import Paragraph, Section, TableBlock
from ..core.result import AssayResult, Comparison, PlateSummary, Series

_MAIN = re.compile(r"p?(IC50|EC50|ED50|Ki|KB|Kd|Bmax|Km|Vmax|nH|Hill slope)\b")
_TONES = {
    Outcome.OK: "",
    Outcome.FLAGGED: "warn",
    Outcome.CENSORED: "note",
    Outcome.NO_RESPONSE: "note",
    Outcome.FAILED: "fail",
    Outcome.UNTESTED: "note",
}
_WIDEST = 6  # further numbers side by side


def experiment_section(result: AssayResult) -> Section | None:
    """Every curve of every experiment with all that was estimated from it, compound by compound."""
    series = [one for one in _by_compound(result) if one.estimates or not one.outcome.usable]
    if not series:
        return None
    names = tuple(dict.fromkeys(value.name for one in series for value in one.estimates))
    main = tuple(name for name in names if _MAIN.match(name))
    rows = tuple(
        (one.subject, one.experiment, *(_amount(one, name) for name in main), _outcome(one)) for one in series
    )
    table = TableBlock(
        "Every curve on its own, with the interval of each number in brackets. A bound is printed as a bound.",
        ("Compound", "Experiment", *main, "Outcome"),
        rows,
        tuple(_TONES[one.outcome] for one in series),
        numeric=tuple(range(2, 2 + len(main))),
    )
    return Section(
        "Each experiment", (table, *_more(series, tuple(name for name in names if name not in main)))
    )


def _more(series: list[Series], names: tuple[str, ...]) -> tuple[TableBlock, ...]:
    """Plateaus, and the same constant by other ways: for comparison, beside the numbers above."""
    count = -(-len(names) // _WIDEST)
    width = -(-len(names) // count) if count else 1
    parts = [names[first : first + width] for first in range(0, len(names), width)]
    return tuple(_further(series, part, number, count) for number, part in enumerate(parts, start=1))


def _further(series: list[Series], names: tuple[str, ...], number: int, count: int) -> TableBlock:
    """Some of the further numbers, of the curves that have them."""
    told = [one for one in series if any(_amount(one, name) for name in names)]
    rows = tuple((one.subject, one.experiment, *(_amount(one, name) for name in names)) for one in told)
    part = f" (part {number} of {count})" if count > 1 else ""
    columns = ("Compound", "Experiment", *names)
    caption = f"Further numbers of the same curves, for comparison{part}."
    return TableBlock(caption, columns, rows, numeric=tuple(range(2, len(columns))))


def comparison_section(result: AssayResult) -> Section | None:
    """Whether a richer law (two sites, say) describes the points better, curve by curve."""
    compared = [(one, value) for one in _by_compound(result) for value in one.comparisons]
    if not compared:
        return None
    pairs = dict.fromkeys((value.simple, value.richer) for _, value in compared)
    meaning = Paragraph(
        "Comparing laws within an experiment never changes its constants: it says which law its points ask for. "
        "ΔAICc is that of the richer law less that of the simpler one: above zero it speaks for the simpler law."
    )
    return Section("Laws compared", (meaning, *(_compared(pair, compared) for pair in pairs)))


def _compared(pair: tuple[str, str], compared: list[tuple[Series, Comparison]]) -> TableBlock:
    rows = tuple(
        (one.subject, one.experiment, value.preferred, _fixed(value.f), _probability(value.p),
         figures(value.delta_aicc, 2), _against_the_numbers(value))
        for one, value in compared
        if (value.simple, value.richer) == pair
    )  # fmt: skip
    columns = ("Compound", "Experiment", "The points ask for", "F", "P", "ΔAICc", "Why against F and AICc")
    told = 7 if any(row[-1] for row in rows) else 6
    cut = tuple(row[:told] for row in rows)
    return TableBlock(f"{pair[0]} or {pair[1]}, on the same points.", columns[:told], cut, numeric=(3, 4, 5))


def _against_the_numbers(value: Comparison) -> str:
    """The sentence where the simpler law is kept although F test and AICc ask for the richer one; else they say it."""
    kept_anyway = value.preferred == value.simple and value.p < 0.05 and value.delta_aicc < 0
    return value.sentence if kept_anyway else ""


def _fixed(value: float, decimals: int = 2) -> str:
    return f"{value:.{decimals}f}" if math.isfinite(value) else ""


def _probability(value: float) -> str:
    return "< 0.001" if value < 0.001 else _fixed(value, 3)


def share_section(result: AssayResult) -> Section | None:
    """How much of the variance of the constant each source of error has, and what a better Kd or Km would bring."""
    series = [one for one in _by_compound(result) if one.shares]
    if not series:
        return None
    names = tuple(dict.fromkeys(name for one in series for name in one.shares))
    constant = "Km" if "Km" in names else "Kd"
    rows = tuple(
        (
            one.subject,
            one.experiment,
            *(_percent(one.shares.get(name, math.nan)) for name in names),
            _gain(one, constant),
        )
        for one in series
    )
    table = TableBlock(
        "Shares of the variance of the constant (on the log scale) by the source of the error.",
        ("Compound", "Experiment", *names, f"Without the error of {constant}"),
        rows,
        numeric=tuple(range(2, 3 + len(names))),
    )
    return Section("Where the error comes from", (Paragraph(_gain_sentence(series, constant)), table))


def narrower_without(source: str, shares: Mapping[str, float]) -> float:
    """By which fraction an interval shrinks when one source of error, and what it shares with others, is taken away.

    >>> round(narrower_without("Kd", {"IC50": 0.25, "Kd": 0.75}), 3)
    0.5
    """
    left = sum(share for name, share in shares.items() if source not in name)
    return 1.0 - math.sqrt(max(left, 0.0))


def _gain(series: Series, constant: str) -> str:
    if constant not in series.shares:
        return ""
    gain = 100 * narrower_without(constant, series.shares)
    return f"{gain:.0f} % narrower" if gain > 0 else "not narrower"


def _gain_sentence(series: list[Series], constant: str) -> str:
    gains = [narrower_without(constant, one.shares) for one in series if one.shares.get(constant)]
    if not gains:
        return f"The error of {constant} has no share in these intervals."
    low, high = (f"{100 * max(value, 0.0):.0f}" for value in (min(gains), max(gains)))
    span = f"{high} %" if low == high else f"{low} to {high} %"
    return f"Without the error of {constant} the interval of the constant of one experiment would be {span} narrower."


def plate_section(result: AssayResult) -> Section | None:
    """The control wells of every plate: mean, scatter, Z', signal to background."""
    if not result.plates:
        return None
    names = tuple(dict.fromkeys(name for one in result.plates for name in one.numbers))
    controls = ("Uptake", "Background") if result.is_uptake else ("Total binding", "Nonspecific binding")
    table = TableBlock(
        "Control wells: mean ± standard deviation, and the number of wells.",
        ("Experiment", "Plate", *controls, *names),
        tuple(_plate_row(one, names) for one in result.plates),
        numeric=tuple(range(2, 4 + len(names))),
    )
    return Section("Control wells", (table,))


def _plate_row(one: PlateSummary, names: tuple[str, ...]) -> tuple[str, ...]:
    numbers = (figures(one.numbers.get(name, math.nan)) or "–" for name in names)
    total = _mean(one.total_mean, one.total_sd, one.total_n, one.unit)
    return one.experiment, one.plate, total, _mean(one.nsb_mean, one.nsb_sd, one.nsb_n, one.unit), *numbers


def _mean(mean: float, sd: float, n: int, unit: str) -> str:
    scatter = f" ± {figures(sd, 2)}" if math.isfinite(sd) else ""
    return f"{figures(mean, 4)}{scatter} {unit}, n = {n}" if n else "none"


def well_section(result: AssayResult) -> Section:
    """Wells in = wells used + wells set aside, and every well set aside with its reason."""
    wells, used, aside = result.rows
    count = Paragraph(f"{wells} wells came in: {used} were used, {aside} were set aside.")
    removed = [well for one in result.experiments for well in one.wells if not well.used]
    if not removed:
        return Section("Wells", (count,))
    table = TableBlock(
        "Wells set aside. They keep their counts and are drawn hollow.",
        ("Experiment", "Plate", "Well", "Content", "Concentration", "Signal", "Why it was set aside"),
        tuple(_well_row(well) for well in removed),
        numeric=(4, 5),
    )
    return Section("Wells", (count, table))


def _well_row(well: Well) -> tuple[str, ...]:
    treatment = well.treatment
    return (
        well.experiment,
        well.plate,
        well.position,
        treatment.compound or treatment.role.value,
        figures(treatment.concentration_molar, unit="M"),
        figures(well.signal, unit=well.unit),
        well.set_aside,
    )


def _by_compound(result: AssayResult) -> list[Series]:
    order = {subject: place for place, subject in enumerate(result.subjects)}
    return sorted(result.series, key=lambda one: order[one.subject])


def _amount(series: Series, name: str) -> str:
    return next((one.amount for one in series.estimates if one.name == name), "")


def _outcome(series: Series) -> str:
    return f"{series.outcome.value} {series.reason}".strip()


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if math.isfinite(share) else ""
