"""What a reader needs to make Bmax and Ki again from the counts: counter, specific activity, [L] in the wells."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from ..core.errors import InputError, UnknownName
from ..core.estimate import figures
from ..core.experiment import Experiment
from ..core.measured import Measured
from ..core.report import Section, TableBlock
from ..core.result import AssayResult
from ..core.units import to_unit
from ..counting.amount import counted_ligand
from ..counting.decay import Decayed, decay_of
from ..counting.rate import rate_with_error

TITLE = "Radioligand and counter"
_RADIOLIGAND = (
    "The radioligand: the specific activity as stated and on the day of the experiment, and its concentration "
    "in a well (the highest of an isotherm). As counted: from aliquots of the working solution. Free: what "
    "binding left of it. Bound: the share of the radioligand added that was bound in total wells."
)
_SUBSTRATE = (
    "The labelled substrate, [L]: the specific activity as stated and on the day of the experiment, and its "
    "concentration in a well. As counted: from aliquots of the working solution. [S] is the whole substrate as "
    "planned, labelled and unlabelled."
)
MANY = 6  # experiments above which equal rows are said once
_Cell = Callable[[Experiment, AssayResult], str]


def ligand_section(result: AssayResult) -> Section | None:
    """One row an experiment: how it was counted, and how much radioligand of which specific activity was there.

    None for an assay without a label.
    """
    if not any(one.radioligand.name for one in result.experiments):
        return None
    tables = (
        _table(
            "The counter. Net rate = counts / time − background; dpm = net rate / efficiency.",
            "Counter",
            result,
            _COUNTER,
        ),
        _table(
            _SUBSTRATE if result.is_uptake else _RADIOLIGAND,
            "Substrate" if result.is_uptake else "Radioligand",
            result,
            _LIGAND,
        ),
    )
    told = tuple(table for table in tables if table is not None)
    title = "Labelled substrate and counter" if result.is_uptake else TITLE
    return Section(title, told) if told else None


def _table(caption: str, sheet: str, result: AssayResult, columns: Mapping[str, _Cell]) -> TableBlock | None:
    """The table without the columns of which no experiment says anything."""
    told = {
        heading: cells
        for heading, cell in columns.items()
        if any(cells := tuple(cell(one, result) for one in result.experiments))
    }
    if not told:
        return None
    rows = tuple(zip(*told.values(), strict=True))
    names = tuple(one.name for one in result.experiments)
    if len(rows) > MANY and len(set(rows)) == 1:
        names, rows = (f"all {len(rows)}",), rows[:1]
    return TableBlock(
        caption,
        ("Experiment", *told),
        tuple((name, *row) for name, row in zip(names, rows, strict=True)),
        numeric=tuple(range(1, len(told) + 1)),
        sheet=sheet,
    )


def _efficiency(one: Experiment, _: AssayResult) -> str:
    if one.counting.quench_curve:
        return f"from {len(one.counting.quench_curve)} quench standards"
    return figures(100 * one.counting.efficiency, 4)


def _efficiency_error(one: Experiment, _: AssayResult) -> str:
    return figures(100 * one.counting.efficiency_se, 2) if one.counting.efficiency_se > 0 else ""


def _times(one: Experiment, _: AssayResult) -> str:
    """The counting time as the wells have it, else as the run file states it."""
    seconds = {well.count_time_s for well in one.used if well.count_time_s > 0} or {one.counting.time_s}
    low, high = (figures(end / 60) for end in (min(seconds), max(seconds)))
    return low if low == high else f"{low} to {high}"


def _day(one: Experiment) -> Decayed | None:
    """The radioligand on the day of the experiment, None where no specific activity, or no possible one, is stated."""
    try:
        return decay_of(one.radioligand, one.date)
    except (InputError, UnknownName):
        return None


def _stated_activity(one: Experiment, _: AssayResult) -> str:
    return _per_mmol(one.radioligand.specific_activity_dpm_per_mol)


def _activity_of_the_day(one: Experiment, _: AssayResult) -> str:
    day = _day(one)
    return "" if day is None else _per_mmol(day.specific_activity_dpm_per_mol)


def _per_mmol(dpm_per_mol: float) -> str:
    return "" if math.isnan(dpm_per_mol) else figures(to_unit(dpm_per_mol, "specific activity", "Ci/mmol"), 4)


def _calibrated(one: Experiment, _: AssayResult) -> str:
    date = one.radioligand.calibration_date
    return "" if date is None else date.isoformat()


def _counted(one: Experiment, _: AssayResult) -> str:
    day, counting = _day(one), one.counting
    if day is None or math.isnan(counting.efficiency):
        return ""
    background = rate_with_error(counting.background_cpm, counting.background_time_s)
    efficiency = Measured(counting.efficiency, counting.efficiency_se)
    try:
        found = counted_ligand(
            one.added, background, efficiency, day.specific_activity_dpm_per_mol, one.conditions.volume_l
        )
    except InputError:  # no aliquots, or a volume is not stated: there is no counted value
        return ""
    return _nanomolar(found.molar.value)


def _free(one: Experiment, result: AssayResult) -> str:
    """[L] in units of Kd, as the check found it, times Kd."""
    kd = one.radioligand.kd
    return "" if kd is None else _nanomolar(_checked(result, "W-LKD", one) * kd.value)


def _bound(one: Experiment, result: AssayResult) -> str:
    return figures(_checked(result, "W-DEP", one))


def _checked(result: AssayResult, code: str, one: Experiment) -> float:
    """The number that this check found for the experiment, or for its isotherm; nan where it has none."""
    mine = {one.name} | {series.label for series in result.series if series.experiment == one.name}
    numbers = (flag.number for flag in result.flags if flag.code == code and flag.subject in mine)
    return next((number for number in numbers if number is not None), math.nan)


def _nanomolar(molar: float) -> str:
    return "" if math.isnan(molar) else figures(to_unit(molar, "molar concentration", "nM"), 4)


_COUNTER: Mapping[str, _Cell] = {
    "Efficiency, %": _efficiency,
    "SE of the efficiency, %": _efficiency_error,
    "Counting time, min": _times,
    "Background, cpm": lambda one, _: figures(one.counting.background_cpm),
    "Background counted, min": lambda one, _: figures(one.counting.background_time_s / 60),
    "CV of pipetting, %": lambda one, _: figures(100 * one.counting.pipetting_cv),
}
_LIGAND: Mapping[str, _Cell] = {
    "Specific activity, Ci/mmol": _stated_activity,
    "Calibrated on": _calibrated,
    "Date of the experiment": lambda one, _: "" if one.date is None else one.date.isoformat(),
    "On that day, Ci/mmol": _activity_of_the_day,
    "[L] planned, nM": lambda one, _: _nanomolar(one.added.planned_molar),
    "[L] as counted, nM": _counted,
    "[S] planned, nM": lambda one, _: _nanomolar(one.added.substrate_molar),
    "[L] free, nM": _free,
    "Bound, %": _bound,
}
