"""The first page of a run report: what was measured, the answers, and whether the assay was valid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ..core.check import Flag, Severity, gravest_first
from ..core.estimate import Estimate, figures
from ..core.experiment import Constant, Experiment
from ..core.headline import Headline, headlines, nothing_determined
from ..core.report import Answer, Block, Paragraph, Section, TableBlock
from ..core.result import AssayResult
from ..core.units import readable_unit

MOST_CARDS = 12
_TONES: Mapping[Severity, str] = {
    Severity.PASS: "",
    Severity.NOTE: "",
    Severity.WARN: "warn",
    Severity.FAIL: "fail",
    Severity.NOT_ASSESSED: "",
}
VERDICTS: Mapping[Severity, str] = {
    Severity.PASS: "passed",
    Severity.NOTE: "note",
    Severity.WARN: "warning",
    Severity.FAIL: "failed",
    Severity.NOT_ASSESSED: "not assessed",
}
_ROW_TONES = {**_TONES, Severity.PASS: "pass", Severity.NOTE: "note"}


def subtitle(result: AssayResult) -> str:
    """What was measured, in one line: radioligand, target, species, system, n."""
    radioligands = _joined(one.radioligand.name for one in result.experiments)
    targets = _joined(
        " ".join(part for part in (one.conditions.species, one.conditions.target) if part)
        for one in result.experiments
    )
    systems = _joined(one.conditions.system for one in result.experiments)
    parts = [" at ".join(filter(None, (radioligands, targets))), systems, _count(result)]
    return ", ".join(part for part in parts if part)


def facts(result: AssayResult) -> dict[str, str]:
    """The short facts of the head; what is not stated is left out."""
    conditions = [one.conditions for one in result.experiments]
    wells, used, aside = result.rows
    label, background = "Radioligand", "Nonspecific binding"
    if result.is_uptake:
        label, background = "Labelled substrate", "Background"
    stated = {
        "Data": "SIMULATED, not measured" if is_simulated(result) else "",
        "Target": _joined(one.target for one in conditions),
        "Species": _joined(one.species for one in conditions),
        "System": _joined(one.system for one in conditions),
        label: _joined(one.radioligand.name for one in result.experiments),
        "Kd of the radioligand": _joined(_constant("Kd", one.radioligand.kd) for one in result.experiments),
        "Km of the substrate": _joined(_constant("Km", one.radioligand.km) for one in result.experiments),
        background: _joined(one.nsb_definer for one in conditions),
        "Temperature": _joined(figures(one.temperature_c, unit="°C") for one in conditions),
        "Incubation": _joined(figures(one.incubation_s / 60, unit="min") for one in conditions),
        "Assay volume": _joined(figures(one.volume_l * 1e6, unit="µL") for one in conditions),
        "Protein per well": _joined(figures(one.protein_g * 1e6, unit="µg") for one in conditions),
        "Buffer": _joined(one.buffer for one in conditions),
        f"{result.counted.capitalize()}s": _joined(_dated(one) for one in result.experiments),
        "Wells": f"{wells} = {used} used + {aside} set aside",
    }
    return {name: value for name, value in stated.items() if value}


def is_simulated(result: AssayResult) -> bool:
    """Whether the notes say that the data are simulated."""
    return any("simulated" in note.lower() for note in result.notes)


def answer_section(result: AssayResult) -> Section:
    """The answers: large for a few compounds, a table for many; the notes of the run below them."""
    lines = headlines(result)
    notes = [Paragraph(note, _note_tone(note)) for note in result.notes]
    shown: list[Block] = (
        [_card(line, result.counted) for line in lines] if len(lines) <= MOST_CARDS else [_table(lines)]
    )
    simulated = [one for one in notes if one.tone]
    nothing = nothing_determined(lines)
    told = (Paragraph(nothing, "fail"),) if nothing else ()
    return Section("Result", (*simulated, *told, *shown, *(one for one in notes if not one.tone)))


def _card(line: Headline, counted: str) -> Answer:
    quantity = f"{line.estimate.name} of " if line.estimate is not None else ""
    badge = f"Check: {VERDICTS[line.worst]}" if _TONES[line.worst] else ""
    return Answer(f"{quantity}{line.subject}", line.text, _detail(line, counted), _tone(line), badge)


def _table(lines: Iterable[Headline]) -> TableBlock:
    lines = tuple(lines)
    rows = tuple(
        (
            line.subject,
            line.estimate.name if line.estimate else "",
            line.text,
            line.p_estimate.amount if line.p_estimate else "",
            str(line.n),
            " ".join((line.sentence, *_remarks(line))),
        )
        for line in lines
    )
    columns = ("Compound", "Quantity", "Value (interval)", "p-value (interval)", "n", "How it was got")
    return TableBlock("The answers.", columns, rows, tuple(_tone(line) for line in lines), numeric=(4,))


def _detail(line: Headline, counted: str) -> str:
    p_value = f"{line.p_estimate}. " if line.p_estimate is not None else ""
    n = f"n = {_plural(line.n, counted)}. "
    return p_value + n + " ".join((line.sentence, *_remarks(line)))


def _remarks(line: Headline) -> tuple[str, ...]:
    left_out = tuple(f"Not in this value: {why}" for why in line.left_out)
    checks = {
        Severity.FAIL: ("A check of validity failed; see Checks.",),
        Severity.WARN: ("A check of validity warns; see Checks.",),
    }
    return (*left_out, *checks.get(line.worst, ()))


def _tone(line: Headline) -> str:
    if line.is_missing:
        return "fail"
    return _TONES[line.worst] or ("note" if line.estimate is None else "")


def _note_tone(note: str) -> str:
    return "warn" if "simulated" in note.lower() else ""


def check_section(result: AssayResult) -> Section | None:
    """All checks: failures, warnings and notes one by one; passed and unassessed ones grouped."""
    if not result.flags:
        return None
    flags = gravest_first(result.flags)
    open_flags = [one for one in flags if one.severity not in (Severity.PASS, Severity.NOT_ASSESSED)]
    rows = [(_row(one), one.severity) for one in open_flags]
    for severity in (Severity.PASS, Severity.NOT_ASSESSED):
        for group in _grouped(one for one in flags if one.severity is severity):
            rows.append((_group_row(group), severity))
    table = TableBlock(
        "Checks of validity. A check is passed where the number keeps the limit; beyond it, it warns or fails.",
        ("Verdict", "Code", "Check", "Of", "Number", "Limit", "What it says"),
        tuple(row for row, _ in rows),
        tuple(_ROW_TONES[severity] for _, severity in rows),
        numeric=(4, 5),
        badge=0,
    )
    return Section("Checks", (Paragraph(_tally(result.flags), _TONES[result.worst]), table))


def _row(flag: Flag) -> tuple[str, ...]:
    number, limit = flag.number_text, flag.limit_text
    title = flag.title or flag.code
    return VERDICTS[flag.severity], flag.code, title, flag.subject or "the run", number, limit, flag.sentence


def _grouped(flags: Iterable[Flag]) -> list[list[Flag]]:
    groups: dict[tuple[str, str], list[Flag]] = {}
    for flag in flags:
        said = flag.sentence if flag.severity is Severity.NOT_ASSESSED else ""
        groups.setdefault((flag.code, said), []).append(flag)
    return list(groups.values())


def _group_row(group: list[Flag]) -> tuple[str, ...]:
    first = group[0]
    if len(group) == 1:
        return _row(first)
    numbers = [flag.number for flag in group if flag.number is not None]
    span = ""
    if numbers:
        low, high = figures(min(numbers)), figures(max(numbers), unit=first.unit)
        span = high if min(numbers) == max(numbers) else f"{low} to {high}"
    said = first.sentence if first.severity is Severity.NOT_ASSESSED else "Passed in all of them."
    title = first.title or first.code
    return VERDICTS[first.severity], first.code, title, f"all {len(group)}", span, first.limit_text, said


def _tally(flags: Iterable[Flag]) -> str:
    counts = Counter(flag.severity for flag in flags)
    order = (Severity.FAIL, Severity.WARN, Severity.NOTE, Severity.PASS, Severity.NOT_ASSESSED)
    names = {Severity.WARN: "with a warning", Severity.NOTE: "with a note"}
    told = [f"{counts[one]} {names.get(one, VERDICTS[one])}" for one in order if counts[one]]
    return f"{sum(counts.values())} checks: {', '.join(told)}."


def _count(result: AssayResult) -> str:
    independent = "independent " if result.counted == "experiment" else ""
    return _plural(len(result.experiments), f"{independent}{result.counted}")


def _plural(n: int, counted: str) -> str:
    return f"{n} {counted}{'' if n == 1 else 's'}"


def _dated(experiment: Experiment) -> str:
    return (
        experiment.name if experiment.date is None else f"{experiment.name} ({experiment.date.isoformat()})"
    )


def _constant(name: str, known: Constant | None) -> str:
    if known is None:
        return ""
    value = Estimate(name, known.value, known.unit).amount
    size, unit = readable_unit(known.value, known.unit)  # value and error in one unit
    error = f", SE {figures(known.se / size, 2)} {unit}" if known.se > 0 else ""
    return f"{value}{error} ({known.source})" if known.source else f"{value}{error}"


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))
