import dataclasses
import json
import math
from datetime import date
from enum import Enum

import numpy as np
import pytest
import rfc8785

from prusoff.core.estimate import Estimate, Relation
from prusoff.core.provenance import Provenance
from prusoff.core.result import AssayResult
from prusoff.publishing.curve_records import estimate
from prusoff.publishing.json import to_json, to_plain
from prusoff.publishing.plain import plain
from prusoff.publishing.schema import result_schema

TYPES = {"string": str, "boolean": bool, "null": type(None), "array": list, "object": dict}


def problems(value, schema, root, where="$"):
    """What of a value breaks a JSON Schema; the few words of the schema language that ours uses."""
    if "$ref" in schema:
        return problems(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, where)
    if "anyOf" in schema:
        tried = [problems(value, one, root, where) for one in schema["anyOf"]]
        return [] if [] in tried else tried[0]
    if "const" in schema or "enum" in schema:
        allowed = schema.get("enum", [schema.get("const")])
        return [] if value in allowed else [f"{where}: {value!r} is none of {allowed}"]
    if "type" not in schema:
        return []
    found = _wrong_type(value, schema["type"], where)
    if not found and schema["type"] == "array":
        found = [
            p for i, one in enumerate(value) for p in problems(one, schema["items"], root, f"{where}[{i}]")
        ]
    if not found and schema["type"] == "object":
        found = _object(value, schema, root, where)
    return found


def _wrong_type(value, name, where):
    if name in ("number", "integer"):
        whole = name == "integer"
        fits = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    else:
        fits = isinstance(value, TYPES[name])
    return [] if fits else [f"{where}: {value!r} is no {name}"]


def _object(value, schema, root, where):
    known, more = schema.get("properties", {}), schema.get("additionalProperties", True)
    found = [f"{where}: '{name}' is missing" for name in schema.get("required", ()) if name not in value]
    for name, one in value.items():
        if name in known:
            found += problems(one, known[name], root, f"{where}.{name}")
        elif more is False:
            found.append(f"{where}: '{name}' is not in the schema")
        elif isinstance(more, dict):
            found += problems(one, more, root, f"{where}.{name}")
    return found


def test_the_file_obeys_its_schema(sample_result):
    schema = result_schema()
    assert problems(json.loads(to_json(sample_result)), schema, schema) == []


def test_the_schema_refuses_what_is_missing_or_unknown(sample_result):
    schema, record = result_schema(), json.loads(to_json(sample_result))
    del record["rows"]
    record["series"][0]["surprise"] = 1
    found = problems(record, schema, schema)
    assert "$: 'rows' is missing" in found
    assert "$.series[0]: 'surprise' is not in the schema" in found


def test_a_result_with_nothing_in_it_obeys_the_schema_too():
    schema = result_schema()
    empty = AssayResult("none", "Nothing", (), (), (), (), (), ())
    assert problems(json.loads(to_json(empty)), schema, schema) == []


def test_the_bytes_are_canonical_and_always_the_same(sample):
    data = to_json(sample.sample_result())
    assert data == to_json(sample.sample_result())
    assert rfc8785.dumps(json.loads(data, parse_int=float)) == data
    assert b"NaN" not in data
    assert b"Infinity" not in data


def test_kind_version_and_every_number_are_there(sample_result):
    record = to_plain(sample_result)
    assert (record["kind"], record["version"]) == ("assay_result", 1)
    assert record["rows"] == {"wells": 288, "used": 286, "set_aside": 2}
    series = record["series"][0]
    fit = series["fit"]
    assert fit["names"] == ["bottom", "top", "log_ic50", "hill_slope"]
    assert fit["covariance"][2][2] == pytest.approx(0.035**2)
    assert fit["intervals"]["log_ic50"]["low"] == pytest.approx(-8.37)
    assert series["shares_of_variance"] == {"IC50": 0.42, "[L]": 0.13, "Kd": 0.45}
    assert len(series["bands"][0]["x"]) == 41
    assert record["pooled"][0]["estimate"]["text"].startswith("Ki 4.4 nM")


def test_every_well_is_there_with_the_reason_of_those_set_aside(sample_result):
    wells = [well for one in to_plain(sample_result)["experiments"] for well in one["wells"]]
    assert len(wells) == 288
    assert [well["set_aside"] for well in wells if well["set_aside"]] == [
        "filter disc torn",
        "the counter printed OVRFLW",
    ]


def test_control_wells_keep_their_place_at_the_ends_of_the_axis(sample_result):
    points = to_plain(sample_result)["series"][0]["points"]
    assert {point["x"] for point in points if isinstance(point["x"], str)} == {"-inf", "inf"}
    assert [point["position"] for point in points if not point["used"]] == ["P1 D02"]


def test_an_open_limit_is_told_apart_from_one_that_was_not_computed():
    opened = estimate(Estimate("Ki", 1e-6, "M", 2e-7, math.inf))
    absent = estimate(Estimate("Ki", 1e-6, "M", relation=Relation.ABOVE))
    assert (opened["high"], opened["open"]) == (None, ["high"])
    assert (absent["high"], absent["open"], absent["relation"]) == (None, [], ">")


class Colour(Enum):
    RED = "red"


@dataclasses.dataclass(frozen=True)
class Settings:
    day: date = date(2026, 3, 2)
    colour: Colour = Colour.RED
    kd: float = math.nan
    seed: int = 2**80
    flags: tuple[bool, ...] = (True, False)
    array: object = dataclasses.field(default_factory=lambda: np.array([1.0, math.inf]))
    scalar: object = np.int64(3)
    names: frozenset[str] = frozenset({"b", "a"})


def test_settings_of_any_kind_become_plain():
    assert plain(Settings()) == {
        "day": "2026-03-02",
        "colour": "red",
        "kd": None,
        "seed": str(2**80),
        "flags": [True, False],
        "array": [1.0, None],
        "scalar": 3,
        "names": ["a", "b"],
    }


def test_a_setting_that_is_a_record_is_written(sample_result):
    traced = sample_result.traced(Provenance(settings={"all": Settings()}, seed=2**80))
    record = json.loads(to_json(traced))["provenance"]
    assert record["settings"]["all"]["colour"] == "red"
    assert record["seed"] == str(2**80)
