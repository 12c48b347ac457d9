import json
import math
import os
from pathlib import Path

import pytest

from prusoff.core.errors import BrokenFile, FileError, InputError, UnitError
from prusoff.workbench.runfile import constant_of, load_runfile, parse_runfile, schema

SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "run_file.schema.json"
HEAD = """
[run]
title = "NET binding"
assay = "radioligand_competition"
[radioligand]
name = "[3H]nisoxetine"
nuclide = "3H"
"""
DAY = '[[experiment]]\nfile = "day1.csv"\n'


def test_quantities_are_read_in_inside_units():
    ligand = 'specific_activity = "82.0 Ci/mmol"\ncalibration_date = 2026-03-02\nkoff = "0.016 /min"\n'
    run = parse_runfile(HEAD + ligand + '[conditions]\ntemperature = "4 C"\nvolume = "200 uL"\n' + DAY)
    assert run.radioligand.specific_activity.value == pytest.approx(82.0 * 2.22e15)
    assert run.radioligand.koff.value == pytest.approx(0.016 / 60)
    assert run.conditions.volume.value == 2e-4
    assert run.conditions.temperature.value == 4.0
    assert run.radioligand.calibration_date.isoformat() == "2026-03-02"


def test_what_is_not_stated_is_none_or_the_default():
    run = parse_runfile(HEAD + DAY)
    assert (run.run.seed, run.run.simulated, run.settings) == (1, False, {})
    assert run.conditions.volume is None
    assert run.experiment[0].layout is None
    assert constant_of(run.radioligand.kd) is None
    assert run.files == ("day1.csv",)


def test_the_kd_has_a_value_an_error_and_a_source():
    kd = '[radioligand.kd]\nvalue = "0.80 nM"\nse = "0.06 nM"\nsource = "saturation, n = 3"\ntemperature = "4 C"\n'
    constant = constant_of(parse_runfile(HEAD + kd + DAY).radioligand.kd)
    assert (constant.value, constant.se, constant.unit) == (8e-10, 6e-11, "M")
    assert (constant.temperature_c, constant.source) == (4.0, "saturation, n = 3")
    assert math.isnan(constant.log10_se)


def test_an_error_on_the_log_scale_gives_the_error_of_the_value():
    kd = '[radioligand.kd]\nvalue = "1 nM"\nlog10_se = 0.05\nsource = "saturation"\n'
    constant = constant_of(parse_runfile(HEAD + kd + DAY).radioligand.kd)
    assert constant.log10_se == 0.05
    assert constant.se == pytest.approx(1e-9 * math.log(10) * 0.05)


def test_a_kd_from_another_run_is_left_to_the_workbench():
    run = parse_runfile(HEAD + '[radioligand.kd]\nfrom = "saturation.toml"\n' + DAY)
    assert run.radioligand.kd.from_ == "saturation.toml"
    assert constant_of(run.radioligand.kd) is None


def test_layouts_and_experiments():
    layout = '[layout.default]\nwells = [{wells = "A01:A03", role = "total"}]\n'
    day = 'plate = "Plate 1"\nset_aside = [{wells = ["A01", "A02"], reason = "spilled"}]\n'
    run = parse_runfile(HEAD + layout + DAY + day)
    assert run.layout["default"].format == 96
    assert run.layout["default"].wells[0].wells == ("A01:A03",)
    assert run.experiment[0].plate == ("Plate 1",)
    assert run.experiment[0].set_aside[0].wells == ("A01", "A02")


def test_nothing_changes_after_reading():
    run = parse_runfile(HEAD + DAY)
    with pytest.raises(ValueError, match="frozen"):
        run.run.title = "another"


def test_a_file_with_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "exp.toml"
    path.write_text(HEAD + DAY, encoding="utf-8-sig")
    assert load_runfile(path).file == "exp.toml"


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        (b"[run", BrokenFile, "exp.toml: this is not TOML: Expected ']' at the end of a table declaration"),
        (
            b"\xff\xfe[",
            BrokenFile,
            "exp.toml: the run file is not UTF-8 text (byte 0). Save it as UTF-8. [E-TEXT]",
        ),
        (b"a = " + b"[" * 5000, BrokenFile, "exp.toml: the brackets are nested too deeply"),
    ],
)
def test_a_file_that_is_no_toml(tmp_path, data, kind, message):
    path = tmp_path / "exp.toml"
    path.write_bytes(data)
    with pytest.raises(kind) as caught:
        load_runfile(path)
    assert message in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_no_run_file(tmp_path):
    os.mkfifo(tmp_path / "exp.toml")
    with pytest.raises(FileError, match="a device or a pipe"):
        load_runfile(tmp_path / "exp.toml")


def test_a_decimal_comma_is_told_how_to_write():
    with pytest.raises(UnitError, match="Write a decimal point, not a comma"):
        parse_runfile(HEAD + '[conditions]\nreceptor = "1,0 nM"\n' + DAY)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileError, match=r"none\.toml: the run file cannot be read"):
        load_runfile(tmp_path / "none.toml")


def test_everything_wrong_is_said_at_once_and_in_our_words():
    text = """
[run]
title = ""
sede = 3
seed = -1
simulated = "yes"
[radioligand]
name = 5
nuclide = "3H"
decay = "dilutio"
[counting]
quench_curve = [[150, 18.2]]
[layout.default]
format = 95
[[experiment]]
file = "../day1.csv"
conditions = 3
"""
    with pytest.raises(InputError) as caught:
        parse_runfile(text, "exp.toml")
    places = {problem.where: problem for problem in caught.value.problems}
    assert places["exp.toml > run > title"].what == "the text is empty"
    assert places["exp.toml > run > seed"].fix == "It must be at least 0"
    assert places["exp.toml > run > simulated"].fix == "It should be true or false"
    assert places["exp.toml > radioligand > name"].what == "5 is not text"
    assert places["exp.toml > radioligand > decay"].fix.startswith("Write one of 'dilution'")
    assert "not a fraction" in places["exp.toml > counting > quench_curve"].what
    assert places["exp.toml > layout > default > format"].fix == "Write one of 24, 96, 384 or 1536"
    assert places["exp.toml > experiment 1 > file"].code == "E-PATH"
    assert places["exp.toml > experiment 1 > conditions"].fix == "It should be a table of its own"
    whats = [problem.what for problem in caught.value.problems]
    assert "'assay' is missing" in whats
    assert "there is no key 'sede' here" in whats
    assert not any(
        "pydantic" in str(problem) or "Input should" in str(problem) for problem in caught.value.problems
    )


def test_a_run_file_with_wrong_units_only_is_a_unit_error():
    with pytest.raises(UnitError):
        parse_runfile(HEAD + '[conditions]\nvolume = "200 nM"\n' + DAY)


def test_layout_names_and_experiment_names_are_checked():
    layout = '[layout.plate_a]\ngrid = "total | nsb"\n'
    days = '[[experiment]]\nname = "1"\nfile = "a.csv"\nlayout = "plat_a"\n[[experiment]]\nname = "1"\nfile = "b.csv"\n'
    with pytest.raises(InputError) as caught:
        parse_runfile(HEAD + layout + days, "exp.toml")
    assert [str(problem) for problem in caught.value.problems] == [
        "exp.toml > experiment 1 > layout: there is no layout 'plat_a'. Did you mean 'plate_a'? [E-NAME]",
        "exp.toml > experiment 2 > name: experiment 1 is called '1' too. "
        "Give every independent experiment its own name. [E-NAME]",
    ]


def test_every_key_is_described():
    described = schema()
    parts = {"RunFile": described, **described["$defs"]}
    for name, part in parts.items():
        assert part["additionalProperties"] is False, name
        for key, value in part["properties"].items():
            # a key that says the same as its table points there
            assert value.get("description") or parts[value["$ref"].rpartition("/")[2]]["description"], (
                name,
                key,
            )
    assert '"null"' not in json.dumps(described)


def test_the_schema_beside_the_docs_is_up_to_date(request):
    written = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    if request.config.getoption("--rewrite-golden"):
        SCHEMA.write_text(written, encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == written
