"""Fitting the curves of tables and data frames: what is fitted, what is set aside, what is refused."""

import csv
import io
import json
import math

import numpy as np
import pandas
import polars
import pytest

from prusoff.core.errors import BrokenFile, InputError, ModelError, UnitError, UnknownName
from prusoff.core.fit import Outcome
from prusoff.workbench.curve_fitting import FitRequest, fit, parse_fixed
from prusoff.workbench.fit_table import fit_frame, fit_table
from prusoff.workbench.printed_fits import printed_fits

NANOMOLAR = (0, 0.1, 1, 3, 10, 30, 100, 300, 1000, 10000)
BY = FitRequest(by=("compound",))


def response(nanomolar, ic50, top=100.0, bottom=4.0):
    wobble = 0.7 * math.sin(7.0 * nanomolar + ic50)
    return bottom + (top - bottom) / (1 + nanomolar / ic50) + wobble


def rows_of(name, ic50):
    return [(name, str(conc), f"{response(conc, ic50):.4f}") for conc in NANOMOLAR]


GOOD = [*rows_of("first", 20.0), *rows_of("second", 200.0)]
BAD = [
    *(("flat", str(conc), f"{50 + 0.1 * (-1) ** i:.1f}") for i, conc in enumerate(NANOMOLAR)),
    *(("words", "ten", "n.d.") for _ in range(5)),
    ("single", "10", "50"),
    ("negative", "-10", "50"),
    *(("not a number", str(conc), "nan") for conc in NANOMOLAR),
    *(("same x", "10", str(50 + i)) for i in range(6)),
    *(("huge", str(conc), f"{(-1) ** i}e300") for i, conc in enumerate(NANOMOLAR)),
    ("=cmd()|' /C calc'!A0", "10", "50"),
    ("", "10", "50"),
]


@pytest.fixture
def table(tmp_path):
    def write(rows, headings=("compound", "conc (nM)", "response"), name="curves.csv"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headings, *rows])
        return path

    return write


def by_name(found):
    return {row.keys[0]: row for row in found.rows}


def values(row):
    return [value for value, *_ in row.parameters.values()]


def test_every_curve_of_a_table_is_fitted(table):
    found = fit_table(table(GOOD), BY)
    assert [row.outcome for row in found.rows] == [Outcome.OK] * 2
    for row, ic50 in zip(found.rows, (20e-9, 200e-9), strict=True):
        _, _, low, high = row.parameters["log_ic50"]
        assert low < math.log10(ic50) < high
        assert (row.used, row.set_aside) == (len(NANOMOLAR), 0)
    assert found.tally == "2 ok"
    assert found.any_usable


def test_a_concentration_of_zero_is_a_point_without_compound(table):
    (row, _) = fit_table(table(GOOD), BY).rows
    nanomolar, y = zip(*((float(conc), float(y)) for _, conc, y in GOOD[: len(NANOMOLAR)]), strict=True)
    logs = [math.log10(conc * 1e-9) if conc else -math.inf for conc in nanomolar]
    alone = fit("four_parameter_logistic", logs, y)
    assert row.used == len(NANOMOLAR)
    for name in alone.names:
        assert row.parameters[name][0] == pytest.approx(alone.value(name), rel=1e-9)


def test_one_bad_curve_never_changes_the_numbers_of_the_others(table):
    mixed = [*BAD[:20], *GOOD[:10], *BAD[20:], *GOOD[10:]]
    alone, among = (by_name(fit_table(table(rows), BY)) for rows in (GOOD, mixed))
    for name in ("first", "second"):
        assert repr(alone[name]) == repr(among[name])


def test_every_bad_curve_says_what_is_wrong_and_keeps_its_rows(table):
    found = fit_table(table(BAD), BY)
    rows = by_name(found)
    aside = dict(zip(rows, found.set_aside(), strict=True))
    assert rows["flat"].outcome is Outcome.NO_RESPONSE
    assert rows["words"].outcome is Outcome.UNTESTED
    assert rows["not a number"].outcome is Outcome.UNTESTED
    for name in ("single", "negative", "same x", "=cmd()|' /C calc'!A0", ""):
        assert rows[name].outcome is Outcome.FAILED, name
        assert rows[name].reason
    assert not rows["huge"].outcome.usable or rows["huge"].outcome is Outcome.FLAGGED
    for name, row in rows.items():
        assert row.used + row.set_aside == sum(one[0] == name for one in BAD), name
    assert {name: len(told) for name, told in aside.items()} == {
        name: row.set_aside for name, row in rows.items()
    }
    assert aside["words"][0].endswith("conc (nM) 'ten' is not a number")
    assert aside["negative"][0].endswith("conc (nM) '-10' is negative")
    assert aside["not a number"][0].endswith("response 'nan' is not a number")


def test_rows_of_one_label_are_one_curve_wherever_they_stand(table):
    rng = np.random.default_rng(3)
    shuffled = [GOOD[index] for index in rng.permutation(len(GOOD))]
    here, there = (by_name(fit_table(table(rows), BY)) for rows in (GOOD, shuffled))
    assert here.keys() == there.keys()
    for name, row in here.items():
        np.testing.assert_allclose(values(row), values(there[name]), rtol=1e-9)


def test_replicates_of_a_curve_are_its_points(table):
    (row,) = fit_table(table([*rows_of("first", 20.0)] * 3), BY).rows
    assert row.used == 3 * len(NANOMOLAR)


def test_two_columns_tell_curves_apart(table):
    rows = [(day, *row) for day in ("day 1", "day 2") for row in GOOD]
    path = table(rows, ("day", "compound", "conc (nM)", "response"))
    found = fit_table(path, FitRequest(by=("day", "compound")))
    assert [row.keys for row in found.rows] == [
        ("day 1", "first"), ("day 1", "second"), ("day 2", "first"), ("day 2", "second"),
    ]  # fmt: skip


def test_without_by_all_rows_are_one_curve(table):
    (row,) = fit_table(table(GOOD), FitRequest()).rows
    assert row.used == 2 * len(NANOMOLAR)


def test_a_held_parameter_stays_and_has_no_error(table):
    (row, _) = fit_table(table(GOOD), FitRequest(by=("compound",), fixed={"hill_slope": 1.0})).rows
    assert row.parameters["hill_slope"][:2] == (1.0, 0.0)


@pytest.mark.parametrize(("text", "held"), [("hill_slope=1", 1.0), (" bottom = -2.5e1", -25.0)])
def test_what_is_held_is_read(text, held):
    assert list(parse_fixed([text]).values()) == [held]


@pytest.mark.parametrize(
    "text", ["hill_slope", "hill_slope=", "hill_slope=one", "hill_slope=nan", "=inf", "hill_slope=inf"]
)
def test_what_cannot_be_held_is_refused(text):
    with pytest.raises(InputError, match=r"does not hold a parameter. Write it as hill_slope=1"):
        parse_fixed([text])


def test_the_unit_stands_in_the_heading_or_in_the_option(table):
    heading = fit_table(table(GOOD), BY)
    option = fit_table(
        table(GOOD, ("compound", "conc", "response")), FitRequest(by=("compound",), x_unit="nM")
    )
    micro = fit_table(
        table([(a, f"{float(b) / 1000:.10g}", c) for a, b, c in GOOD], ("compound", "conc_uM", "response")),
        BY,
    )
    for one, two, three in zip(heading.rows, option.rows, micro.rows, strict=True):
        assert values(one) == values(two)
        np.testing.assert_allclose(values(one), values(three), rtol=1e-6)


def test_a_unit_that_is_missing_wrong_or_contradicted_is_refused(table):
    plain = table(GOOD, ("compound", "conc", "response"), "plain.csv")
    with pytest.raises(
        UnitError, match=r"column 'conc' has no unit. Write .* 'conc \(nM\)', or give --x-unit nM"
    ):
        fit_table(plain, BY)
    with pytest.raises(UnitError, match="'foo' is not a unit of molar concentration"):
        fit_table(plain, FitRequest(by=("compound",), x_unit="foo"))
    with pytest.raises(UnitError, match="the units are mixed: the heading says nM, --x-unit says uM"):
        fit_table(table(GOOD), FitRequest(by=("compound",), x_unit="uM"))


def test_a_time_is_scaled_to_the_unit_of_the_law(table):
    minutes = range(0, 60, 5)
    points = [(f"{t}", f"{10 + 90 * math.exp(-0.1 * t) + 0.3 * math.sin(t):.5f}") for t in minutes]
    path = table(points, ("time (min)", "response"))
    (row,) = fit_table(path, FitRequest(equation="one_phase_decay")).rows
    assert 10 ** row.parameters["log_rate"][0] == pytest.approx(0.1 / 60, rel=0.05)
    with pytest.raises(UnitError, match=r"column 'time' has no unit. Write .* 'time \(min\)'"):
        fit_table(table(points, ("time", "response")), FitRequest(equation="one_phase_decay"))


def test_names_that_are_not_there_are_refused_with_the_nearest(table):
    path = table(GOOD)
    with pytest.raises(InputError, match=r"there is no column 'compond'. Did you mean 'compound'\?"):
        fit_table(path, FitRequest(by=("compond",)))
    with pytest.raises(
        InputError, match=r"there is no column 'conc'. Did you mean 'conc \(nM\)'\? Name it with --x"
    ):
        fit_table(path, FitRequest(x="conc"))
    with pytest.raises(UnknownName, match="four_parameter_logistic"):
        fit_table(path, FitRequest(equation="four_parameter_logstic"))
    with pytest.raises(UnknownName, match="hill_slope"):
        fit_table(path, FitRequest(fixed={"hill_slop": 1.0}))
    with pytest.raises(UnknownName, match="relative"):
        fit_table(path, FitRequest(weighting="relativ"))


def test_a_table_without_usual_columns_says_how_to_name_them(table):
    with pytest.raises(InputError) as caught:
        fit_table(table([("1", "2")], ("a", "b")), FitRequest())
    assert [problem.what for problem in caught.value.problems] == [
        "no column is named for x", "no column is named for y",
    ]  # fmt: skip


def test_the_csv_of_the_fits_holds_every_curve_and_no_formula(table, tmp_path):
    out = tmp_path / "new folder" / "fits.csv"
    fit_table(table([*GOOD, *BAD]), BY).write(out)
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert len(rows) == 2 + len({row[0] for row in BAD})
    names = {row["compound"] for row in rows}
    assert "'=cmd()|' /C calc'!A0" in names
    assert {row.pop("relation") for row in rows} <= {"", "=", "<", ">"}  # fixed words
    assert not any(cell.startswith(("=", "@")) for row in rows for cell in row.values())
    first = next(row for row in rows if row["compound"] == "first")
    assert float(first["log_ic50_low"]) < float(first["log_ic50"]) < float(first["log_ic50_high"])
    assert next(row for row in rows if row["compound"] == "words")["log_ic50"] == ""


def test_numbers_in_the_csv_are_the_numbers_of_the_fit(table, tmp_path):
    found = fit_table(table(GOOD), BY)
    found.write(tmp_path / "fits.csv")
    (row, _) = csv.DictReader(io.StringIO((tmp_path / "fits.csv").read_text(encoding="utf-8")))
    assert float(row["log_ic50"]) == found.rows[0].parameters["log_ic50"][0]


def test_parquet_in_and_out(table, tmp_path):
    path, out = tmp_path / "curves.parquet", tmp_path / "fits.parquet"
    polars.DataFrame(
        {
            "compound": [row[0] for row in GOOD],
            "conc (nM)": [float(row[1]) for row in GOOD],
            "response": [float(row[2]) for row in GOOD],
        }
    ).write_parquet(path)
    found = fit_table(path, BY)
    plain = fit_table(table(GOOD), BY)
    for one, two in zip(found.rows, plain.rows, strict=True):
        np.testing.assert_allclose(values(one), values(two), rtol=1e-9)
    found.write(out)
    assert polars.read_parquet(out)["compound"].to_list() == ["first", "second"]


def test_a_broken_parquet_file_and_an_unknown_format_are_refused(table, tmp_path):
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(BrokenFile, match=r"broken.parquet: it is not a Parquet file that can be read"):
        fit_table(broken, BY)
    with pytest.raises(BrokenFile, match="there is no such file"):
        fit_table(tmp_path / "none.parquet", BY)
    with pytest.raises(InputError, match=r"'.txt' is not a format that fits are written in"):
        fit_table(table(GOOD), BY).write(tmp_path / "fits.txt")


FRAMES = {"pandas": pandas.DataFrame, "polars": polars.DataFrame}


def frame_of(kind):
    return FRAMES[kind](
        {
            "compound": [row[0] for row in GOOD],
            "conc (nM)": [float(row[1]) for row in GOOD],
            "response": [float(row[2]) for row in GOOD],
        }
    )


@pytest.mark.parametrize("kind", FRAMES)
def test_a_data_frame_comes_back_as_one_of_its_kind(kind, table):
    frame = frame_of(kind)
    found = fit_frame(frame, BY)
    assert type(found) is type(frame)
    assert list(found["compound"]) == ["first", "second"]
    wanted = [row.parameters["log_ic50"][0] for row in fit_table(table(GOOD), BY).rows]
    np.testing.assert_allclose(list(found["log_ic50"]), wanted, rtol=1e-9)


@pytest.mark.parametrize("kind", FRAMES)
def test_keys_of_a_data_frame_keep_their_type(kind):
    frame = frame_of(kind)
    numbers = FRAMES[kind]({"plate": [7] * 10 + [3] * 10})["plate"]
    frame = frame.assign(plate=numbers) if kind == "pandas" else frame.with_columns(numbers)
    found = fit_frame(frame, FitRequest(by=("plate", "compound")))
    assert list(found["plate"]) == [7, 3]
    assert found["plate"].dtype == numbers.dtype
    alone = fit_frame(frame, FitRequest())
    assert (len(alone), list(alone["points"])) == (1, [20])


def test_a_missing_value_of_a_data_frame_is_set_aside():
    frame = frame_of("pandas")
    frame.loc[3, "response"] = math.nan
    found = fit_frame(frame, BY)
    assert list(found["set_aside"]) == [1, 0]
    assert list(found["points"]) == [9, 10]


def test_json_has_null_for_what_is_not_known(table):
    text = json.dumps(fit_table(table([*GOOD, *BAD]), BY).as_dict(), allow_nan=False)
    curves = {curve["by"]["compound"]: curve for curve in json.loads(text)["curves"]}
    assert curves["words"]["outcome"] == "untested"
    assert curves["flat"]["parameters"]["log_ic50"]["value"] is None
    assert curves["first"]["parameters"]["log_ic50"]["value"] < -7


def test_a_law_with_two_axes_is_refused_for_a_table(monkeypatch, table):
    from dataclasses import replace

    from prusoff.workbench.screen import axes

    law = axes.law_named("four_parameter_logistic")
    two = replace(law, axes=(*law.axes, law.axes[0]))
    monkeypatch.setattr(axes, "law_named", lambda name: two)
    with pytest.raises(ModelError, match="has 2 axes and cannot be fitted to a plain table"):
        fit_table(table(GOOD), BY)


DECAY = FitRequest(equation="one_phase_decay")


@pytest.fixture
def decay(table):
    def write(heading, per_unit=1.0):
        wobble = [0.3 * math.sin(t) for t in range(0, 60, 5)]
        points = [(per_unit * t, 10 + 90 * math.exp(-0.1 * t) + w)
                  for t, w in zip(range(0, 60, 5), wobble, strict=True)]  # fmt: skip
        return table(points, (heading, "signal (cpm)"))

    return write


def test_a_rate_is_printed_in_the_unit_of_the_time(decay):
    for heading, per_unit, unit, rate in (
        ("time (min)", 1.0, "1/min", 0.1),
        ("time (s)", 60.0, "1/s", 0.1 / 60),
    ):
        found = fit_table(decay(heading, per_unit), DECAY)
        printed = printed_fits(found)
        assert printed.parameters == ("Y0 (cpm)", "Plateau (cpm)", f"k ({unit})")
        assert float(printed.curves[0].values[2]) == pytest.approx(rate, rel=0.05)
    by_option = fit_table(decay("time"), FitRequest("one_phase_decay", x_unit="h"))
    assert printed_fits(by_option).parameters[2] == "k (1/h)"


def test_unit_and_scale_stand_with_every_parameter(table, decay, tmp_path):
    found = fit_table(table(GOOD), BY)
    printed = printed_fits(found)
    assert printed.parameters == ("Bottom (response)", "Top (response)", "IC50", "nH")
    assert printed.curves[0].estimates[2].split(" ")[1] == "nM"
    curves = found.as_dict()["curves"]
    said = {name: (one["unit"], one["scale"]) for name, one in curves[0]["parameters"].items()}
    assert said == {
        "bottom": ("signal", "linear"), "top": ("signal", "linear"), "log_ic50": ("M", "log10"),
        "hill_slope": ("", "linear"),
    }  # fmt: skip
    found.write(tmp_path / "fits.csv")
    (row, _) = csv.DictReader(io.StringIO((tmp_path / "fits.csv").read_text(encoding="utf-8")))
    assert (row["log_ic50_unit"], row["log_ic50_scale"], row["top_unit"]) == ("M", "log10", "signal")
    (rate,) = fit_table(decay("time (min)"), DECAY).as_dict()["curves"]
    assert (rate["parameters"]["log_rate"]["unit"], rate["parameters"]["plateau"]["unit"]) == (
        "1/s", "cpm",
    )  # fmt: skip


def test_a_limit_that_no_number_can_hold_is_printed(table):
    from dataclasses import replace

    found = fit_table(table(GOOD), BY)
    fits = found.fitted.fits
    place = fits.index("log_ic50")
    low, high = fits.low.copy(), fits.high.copy()
    low[place], high[place] = -400.0, 400.0
    changed = replace(found, fitted=replace(found.fitted, fits=replace(fits, low=low, high=high)))
    assert printed_fits(changed).curves[0].estimates[2].endswith(" (no limits)")


HINT = (0.9, 0.7, 1.0, 0.5, 0.8, 0.3, 0.7, 0.0, 0.4, 0.1, -0.2, 0.2)


def test_the_level_of_a_response_can_be_chosen_and_is_recorded(table):
    path = table([(10 ** (k / 3), y) for k, y in enumerate(HINT)], ("conc (nM)", "response"))
    usual, loose = (fit_table(path, FitRequest(response_level=level)) for level in (None, 0.05))
    assert usual.rows[0].outcome is Outcome.NO_RESPONSE
    assert "A response is not certain" in usual.rows[0].reason
    assert loose.rows[0].outcome.usable
    assert (usual.as_dict()["response_level"], loose.as_dict()["response_level"]) == (None, 0.05)
    x = np.linspace(-9.0, -5.0, len(HINT))
    assert fit("four_parameter_logistic", x, HINT).outcome is Outcome.NO_RESPONSE
    assert fit("four_parameter_logistic", x, HINT, response_level=0.05).outcome.usable


@pytest.mark.parametrize("level", [0.0, -0.1, 1.5, math.nan])
def test_a_level_that_is_no_probability_is_refused(table, level):
    with pytest.raises(
        InputError, match=r"response level of .* is no probability. Give one above 0 and up to 1"
    ):
        fit_table(table(GOOD), FitRequest(by=("compound",), response_level=level))
    with pytest.raises(InputError, match="is no probability"):
        fit("four_parameter_logistic", np.arange(-9.0, -4.0), np.arange(5.0), response_level=level)


@pytest.mark.parametrize(
    ("headings", "x_unit"),
    [(("compound", "conc", "response"), "mg/L"), (("compound", "conc (ng/mL)", "response"), "")],
)
def test_a_mass_concentration_is_told_how_to_become_molar(table, headings, x_unit):
    with pytest.raises(UnitError) as caught:
        fit_table(table(GOOD, headings), FitRequest(by=("compound",), x_unit=x_unit))
    (problem,) = caught.value.problems
    assert "this axis takes a molar concentration" in problem.what
    assert "prusoff convert" in problem.fix
    assert "--mw" in problem.fix
    assert "log10 of any unit" in problem.fix


def test_a_time_on_an_axis_of_concentrations_is_refused(table):
    with pytest.raises(UnitError, match="'min' is a unit of time, and this axis takes a molar concentration"):
        fit_table(table(GOOD, ("compound", "conc (min)", "response")), BY)


def test_logarithms_are_recognised(table):
    logs = [(name, math.log10(float(conc) * 1e-9), y) for name, conc, y in GOOD if float(conc) > 0]
    for law in ("four_parameter_logistic", "one_site_total_binding"):
        (row, _) = fit_table(
            table(logs, ("compound", "conc (M)", "y")), FitRequest(law, by=("compound",))
        ).rows
        assert row.outcome is Outcome.FAILED
        assert row.reason == (
            "All 9 x are negative and look like logarithms: give the concentrations themselves, 10 nM and not -8."
        )
        assert row.set_aside == 9


def test_a_curve_without_a_usable_row_says_so(table):
    rows = by_name(fit_table(table([*GOOD, *[("words", "ten", "n.d.")] * 5]), BY))
    assert rows["words"].reason == "None of the 5 rows can be used: in 5 x is not a number."
    assert rows["words"].outcome is Outcome.UNTESTED
    assert not rows["words"].outcome.usable


def test_a_curve_whose_concentrations_alone_are_missing_failed_and_was_not_untested(table):
    rows = by_name(fit_table(table([*GOOD, *[("lost", "ten", 5.0)] * 5]), BY))
    assert rows["lost"].outcome is Outcome.FAILED


def test_the_function_for_arrays_takes_names_errors_and_held_values():
    x = np.linspace(-10, -5, 11)
    y = 100 / (1 + 10 ** (x + 7.5)) + 0.5 * np.sin(9 * x)
    held = fit("four_parameter_logistic", x, y, fixed={"bottom": 0.0})
    assert held.fixed == {"bottom": 0.0}
    known = fit("four_parameter_logistic", x, y, sd=np.full(11, 0.5), weighting="known_sd")
    assert known.scale_known
    assert abs(known.value("log_ic50") + 7.5) < 0.05
    with pytest.raises(UnknownName):
        fit("no_such_law", x, y)
    with pytest.raises(InputError, match="Give one x for every y"):
        fit("four_parameter_logistic", x[:-1], y)


def test_weights_that_one_curve_does_not_carry_are_its_own_failure(table):
    rows = [*[row for row in GOOD[:10] for _ in range(4)], *GOOD[10:]]
    rows = [(name, conc, f"{float(y) + 0.1 * k % 0.7:.4f}") for k, (name, conc, y) in enumerate(rows)]
    good, bad = fit_table(table(rows), FitRequest(by=("compound",), weighting="replicate_sd")).rows
    assert good.outcome.usable
    assert bad.outcome is Outcome.FAILED
    assert bad.reason.startswith("Weights 1/SD^2 need at least 4 unequal replicates")


def test_a_column_of_the_table_that_is_also_one_of_the_fits_is_refused(table):
    path = table(GOOD, ("points", "conc (nM)", "response"))
    with pytest.raises(
        InputError, match=r"the column 'points' has the name of a column of the fits. Give it another"
    ):
        fit_table(path, FitRequest(by=("points",)))


def test_a_bound_of_the_location_stands_in_the_file(table, tmp_path):
    rows = [("weak", conc, f"{response(float(conc), 3e5):.4f}") for conc in map(str, NANOMOLAR)]
    steep = [("half", str(c), f"{100 / (1 + c / 2e4) + 0.2 * math.sin(c):.4f}") for c in NANOMOLAR]
    found = fit_table(table([*GOOD, *steep, *rows]), BY)
    found.write(tmp_path / "fits.csv")
    text = (tmp_path / "fits.csv").read_text(encoding="utf-8")
    cells = {row["compound"]: row for row in csv.DictReader(io.StringIO(text))}
    assert (cells["first"]["relation"], cells["first"]["bound"]) == ("=", "")
    assert cells["half"]["outcome"] == "censored"
    assert (cells["half"]["relation"], float(cells["half"]["bound"])) == (">", pytest.approx(-5.0))
    assert cells["half"]["log_ic50"] == ""
    assert float(cells["first"]["p_response"]) < 1e-3
    assert float(cells["first"]["sum_of_squares"]) > 0.0
    assert cells["first"]["df"] == "6"


def test_intervals_by_the_standard_error_or_none(table):
    profile, wald, none = (
        fit_table(table(GOOD), FitRequest(by=("compound",), intervals=kind)).rows[0].parameters["log_ic50"]
        for kind in ("profile", "wald", "none")
    )
    assert profile[:2] == wald[:2] == none[:2]
    assert wald[3] - wald[0] == pytest.approx(wald[0] - wald[2])
    assert profile[2:] != wald[2:]
    assert all(map(math.isnan, none[2:]))
    with pytest.raises(UnknownName, match="no kind of interval 'bayes'"):
        fit_table(table(GOOD), FitRequest(intervals="bayes"))
