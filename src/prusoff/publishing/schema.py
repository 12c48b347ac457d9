"""What stands in a results file in JSON, field by field. The types are the schema; mypy holds the writer to them."""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from .fit_schema import Coordinate, FitRecord, Number


class EstimateRecord(TypedDict):
    """One estimate. `open` names the sides of the interval that have no end; null limits without it: no interval."""

    name: str
    value: Number
    low: Number
    high: Number
    open: list[Literal["low", "high"]]
    level: float
    unit: str
    relation: Literal["=", "<", ">", "~"]
    method: str
    se: Number
    log10_se: Number
    text: str


class PointRecord(TypedDict):
    """One measured point of a curve and the well it came from."""

    label: str
    position: str
    x: Coordinate
    y: Number
    used: bool


class BandRecord(TypedDict):
    """A fitted curve with its confidence band, as it is drawn."""

    label: str
    x: list[Number]
    fitted: list[Number]
    low: list[Number]
    high: list[Number]
    level: float


class ComparisonRecord(TypedDict):
    """Two laws compared on the same data."""

    simple: str
    richer: str
    preferred: str
    f: Number
    p: Number
    delta_aicc: Number
    sentence: str
    richer_fit: FitRecord | None


class ProfileRecord(TypedDict):
    """The profile of one parameter."""

    parameter: str
    label: str
    values: list[Number]
    sums_of_squares: list[Number]
    threshold: Number
    best: Number


class SeriesRecord(TypedDict):
    """One curve: one compound in one experiment."""

    subject: str
    experiment: str
    outcome: str
    reason: str
    estimates: list[EstimateRecord]
    shares_of_variance: dict[str, Number]
    x_label: str
    y_label: str
    points: list[PointRecord]
    fit: FitRecord | None
    bands: list[BandRecord]
    profiles: list[ProfileRecord]
    comparisons: list[ComparisonRecord]


class PooledRecord(TypedDict):
    """One quantity of one compound over independent experiments."""

    subject: str
    n: int
    experiments: list[str]
    estimate: EstimateRecord
    p_estimate: EstimateRecord | None
    each: list[EstimateRecord]
    sentence: str


class RatioRecord(TypedDict):
    """One quantity of a subject over that of another; `verdict` is '' where none was asked, `margin` then null."""

    name: str
    subject: str
    reference: str
    estimate: EstimateRecord
    sentence: str
    verdict: str
    margin: Number


class FlagRecord(TypedDict):
    """One check."""

    code: str
    title: str
    severity: Literal["pass", "note", "warn", "fail", "not assessed"]
    subject: str
    number: Number
    limit: Number
    unit: str
    sense: Literal["at least", "at most", "within", ""]
    sentence: str
    source: str


class PlateRecord(TypedDict):
    """The controls of one plate."""

    experiment: str
    plate: str
    unit: str
    total_mean: Number
    total_sd: Number
    total_n: int
    nsb_mean: Number
    nsb_sd: Number
    nsb_n: int
    numbers: dict[str, Number]


class WellRecord(TypedDict):
    """One well; `set_aside` is the reason why it takes no part, or empty. Concentrations in mol/L.

    `further` holds what was stated beyond these: times, phases, substrate, a second compound, protein, cells,
    potentials; `quality` what an amplifier said of the recording.
    """

    plate: str
    position: str
    role: Literal["total", "nsb", "compound", "ice", "wash", "blank", "background"]
    compound: str
    concentration_molar: Number
    radioligand_molar: Number
    signal: Number
    unit: str
    count_time_s: Number
    quench: Number
    set_aside: str
    source: str
    extra: dict[str, str]
    further: NotRequired[dict[str, Number | str]]
    quality: NotRequired[dict[str, Number]]
    signal_se: NotRequired[Number]


class ExperimentRecord(TypedDict):
    """One experiment as analysed; `inputs` are ligand, additions, conditions and counting in inside units."""

    name: str
    date: str | None
    rotated: bool
    inputs: dict[str, Any]
    wells: list[WellRecord]


class StepRecord(TypedDict):
    """One step of the analysis."""

    sentence: str
    formula: str
    citations: list[str]


class RowCount(TypedDict):
    """Wells in = wells used + wells set aside."""

    wells: int
    used: int
    set_aside: int


class InputRecord(TypedDict):
    """One input file."""

    name: str
    sha256: str
    bytes: int


class ProvenanceRecord(TypedDict):
    """Inputs, settings, seed, versions, machine."""

    inputs: list[InputRecord]
    settings: dict[str, Any]
    seed: int | str
    versions: dict[str, str]
    platform: str


class ResultRecord(TypedDict):
    """A whole result; `ratios` is there where constants were set against each other, `counted` where n counts other
    things than experiments (cells, subjects).
    """

    kind: Literal["assay_result"]
    version: Literal[1]
    assay: str
    title: str
    notes: list[str]
    worst: str
    rows: RowCount
    pooled: list[PooledRecord]
    series: list[SeriesRecord]
    flags: list[FlagRecord]
    plates: list[PlateRecord]
    steps: list[StepRecord]
    experiments: list[ExperimentRecord]
    provenance: ProvenanceRecord
    ratios: NotRequired[list[RatioRecord]]
    counted: NotRequired[str]


def result_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a results file; a field that is not listed is refused."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(ResultRecord).json_schema()
    for record in (schema, *schema.get("$defs", {}).values()):
        if "properties" in record:
            record["additionalProperties"] = False
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
