"""A result as canonical JSON (RFC 8785): every number, every well, the same bytes for the same result."""

from __future__ import annotations

from ..core.check import Flag
from ..core.experiment import Experiment
from ..core.plate import Well
from ..core.provenance import Provenance
from ..core.result import AssayResult, PlateSummary, Pooled, Ratio
from . import schema
from .curve_records import estimate, series
from .plain import number, plain


def to_json(result: AssayResult) -> bytes:
    """The whole result as UTF-8 bytes; a number that does not exist or has no end is null.

    The fields are those of `publishing.schema.ResultRecord`. Concentrations are in mol/L and log10 mol/L.
    """
    import rfc8785

    return rfc8785.dumps(to_plain(result))  # type: ignore[arg-type]


def to_plain(result: AssayResult) -> schema.ResultRecord:
    """The result as plain lists, dictionaries, texts and numbers."""
    wells, used, set_aside = result.rows
    record: schema.ResultRecord = {
        "kind": "assay_result",
        "version": 1,
        "assay": result.assay,
        "title": result.title,
        "notes": list(result.notes),
        "worst": result.worst.value,
        "rows": {"wells": wells, "used": used, "set_aside": set_aside},
        "pooled": [_pooled(one) for one in result.pooled],
        "series": [series(one) for one in result.series],
        "flags": [_flag(one) for one in result.flags],
        "plates": [_plate(one) for one in result.plates],
        "steps": [
            {"sentence": one.sentence, "formula": one.formula, "citations": list(one.citations)}
            for one in result.steps
        ],
        "experiments": [_experiment(one) for one in result.experiments],
        "provenance": _provenance(result.provenance),
    }
    if result.ratios:
        record["ratios"] = [_ratio(one) for one in result.ratios]
    if result.counted != "experiment":
        record["counted"] = result.counted
    return record


def _pooled(one: Pooled) -> schema.PooledRecord:
    return {
        "subject": one.subject,
        "n": one.n,
        "experiments": list(one.experiments),
        "estimate": estimate(one.estimate),
        "p_estimate": None if one.p_estimate is None else estimate(one.p_estimate),
        "each": [estimate(value) for value in one.each],
        "sentence": one.sentence,
    }


def _ratio(one: Ratio) -> schema.RatioRecord:
    return {
        "name": one.name,
        "subject": one.subject,
        "reference": one.reference,
        "estimate": estimate(one.estimate),
        "sentence": one.sentence,
        "verdict": one.verdict,
        "margin": number(one.margin),
    }


def _flag(one: Flag) -> schema.FlagRecord:
    record: schema.FlagRecord = plain(one.to_dict())
    return record


def _plate(one: PlateSummary) -> schema.PlateRecord:
    record: schema.PlateRecord = plain(one)
    return record


def _well(one: Well) -> schema.WellRecord:
    record: schema.WellRecord = {
        "plate": one.plate,
        "position": one.position,
        "role": one.treatment.role.value,
        "compound": one.treatment.compound,
        "concentration_molar": number(one.treatment.concentration_molar),
        "radioligand_molar": number(one.treatment.radioligand_molar),
        "signal": number(one.signal),
        "unit": one.unit,
        "count_time_s": number(one.count_time_s),
        "quench": number(one.quench),
        "set_aside": one.set_aside,
        "source": one.source,
        "extra": dict(one.extra),
    }
    if one.treatment.further:
        record["further"] = plain(one.treatment.further)
    if one.quality:
        record["quality"] = plain(one.quality)
    if one.signal_se == one.signal_se:
        record["signal_se"] = one.signal_se
    return record


def _experiment(one: Experiment) -> schema.ExperimentRecord:
    inputs = {name: plain(getattr(one, name)) for name in ("radioligand", "added", "conditions", "counting")}
    if one.compounds:
        inputs["compounds"] = [plain(each) for each in one.compounds]
    return {
        "name": one.name,
        "date": None if one.date is None else one.date.isoformat(),
        "rotated": one.rotated,
        "inputs": inputs,
        "wells": [_well(well) for well in one.wells],
    }


def _provenance(one: Provenance) -> schema.ProvenanceRecord:
    record: schema.ProvenanceRecord = plain(one.to_dict())
    return record
