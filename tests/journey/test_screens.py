"""Large tables, Parquet into Parquet: the same bytes whoever fits them, stopped and resumed, damaged and refused."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars
import pytest

from prusoff.core.errors import BrokenFile, FileError, InputError, StoreError, UnknownName
from prusoff.workbench.fit_table import fit_frame, fit_table
from prusoff.workbench.screen.axes import FitRequest
from prusoff.workbench.screen.labour import Labour
from prusoff.workbench.screen.layout import survey
from prusoff.workbench.screen.parquet import Table
from prusoff.workbench.screen.stream import Screen

COMMAND = (sys.executable, "-c", "from prusoff.cli import main; main()", "fit")
DOSES = 10.0 ** np.linspace(-10.0, -4.5, 12)
BY = FitRequest(by=("compound", "target"), intervals="wald")
CURVES = 2_400  # three parts


def screen_of(curves, seed=1, **columns):
    """A simulated screen: strings and integers as keys, every 50th curve flat, every 70th without a usable row."""
    random = np.random.default_rng(seed)
    number, rows = np.arange(curves), curves * DOSES.size
    middle, span = random.uniform(-9.5, -4.0, curves), np.where(number % 50 == 7, 0.0, 100.0)
    fall = 1.0 + DOSES / 10.0 ** middle[:, None]
    y = span[:, None] / fall + random.normal(0.0, 4.0, (curves, DOSES.size))
    y[number % 70 == 3] = np.nan
    return polars.DataFrame(
        {
            "compound": np.repeat([f"C{n // 2:06d}" for n in number], DOSES.size),
            "target": np.repeat(number % 2, DOSES.size),
            "conc (M)": np.tile(DOSES, curves),
            "signal": y.ravel(),
            **{name: polars.Series(value[:rows]) for name, value in columns.items()},
        }
    )


def same_fits(here, there):
    """Whether fits of the same curves in other parts agree."""
    numbers = polars.selectors.float()
    for name in here.select(numbers).columns:
        np.testing.assert_allclose(here[name], there[name], rtol=1e-8, err_msg=name)
    return here.select(~numbers).equals(there.select(~numbers))


@pytest.fixture(scope="module")
def table():
    return screen_of(CURVES)


@pytest.fixture
def screened(tmp_path):
    """screened(frame, ...) -> the bytes of the fits, and what was said of them."""

    def call(frame, request=BY, workers=0, name="fits.parquet", **writing):
        path, out = tmp_path / "curves.parquet", tmp_path / name
        frame.write_parquet(path, **writing)
        found = Screen.of(path, request, out).run(Labour(workers))
        assert not (tmp_path / f"{name}.unfinished").exists()
        return out.read_bytes(), found

    return call


def test_every_curve_comes_out_once_in_the_order_of_its_first_row(table, screened, tmp_path):
    _, found = screened(table)
    fits = polars.read_parquet(tmp_path / "fits.parquet")
    first = table.select("compound", "target").unique(maintain_order=True)
    assert fits.select("compound", "target").equals(first)
    assert fits.schema["target"] == polars.Int64
    assert (found.curves, found.set_aside) == (CURVES, 12 * fits.filter(points=0).height)
    assert fits["points"].sum() + fits["set_aside"].sum() == table.height
    assert set(fits["set_aside_because"].drop_nulls()) == {"12 rows: y is not a number"}
    assert fits["outcome"].value_counts()["count"].sum() == CURVES
    known = fits.filter(polars.col("outcome").is_in(["ok", "flagged"]))
    assert known.height > 0.5 * CURVES
    assert known["log_ic50"].null_count() == 0
    assert set(known["relation"]) == {"="}
    bounds = fits.filter(outcome="censored")
    assert bounds.height > 10
    assert set(bounds["relation"]) <= {"<", ">"}
    assert (bounds["bound"].is_finite()).all()
    assert bounds["log_ic50"].null_count() == bounds.height


LAYOUTS = {
    "small row groups": lambda frame: (frame, {"row_group_size": 1_000}),
    "row groups that cut curves": lambda frame: (frame, {"row_group_size": 1_237}),
    "one row group": lambda frame: (frame, {"row_group_size": 10_000_000}),
    "dose by dose": lambda frame: (
        frame[np.arange(frame.height).reshape(-1, 12).T.ravel()],
        {"row_group_size": 5_000},
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "workers", [0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)]
)
def test_the_same_bytes_however_the_rows_lie_and_whoever_fits(table, screened, layout, workers):
    plain, _ = screened(table)
    frame, writing = LAYOUTS[layout](table)
    other, _ = screened(frame, workers=workers, **writing)
    assert other == plain


@pytest.mark.slow
def test_shuffled_rows_give_the_same_fits_in_the_order_of_their_first_row(table, screened, tmp_path):
    screened(table)
    plain = polars.read_parquet(tmp_path / "fits.parquet").sort("compound", "target")
    mixed = table.sample(fraction=1.0, shuffle=True, seed=4)
    screened(mixed, name="mixed.parquet", workers=1)
    found = polars.read_parquet(tmp_path / "mixed.parquet")
    assert found.select("compound", "target").equals(
        mixed.select("compound", "target").unique(maintain_order=True)
    )
    found = found.sort("compound", "target")
    assert found["outcome"].equals(plain["outcome"])
    for name in ("bottom", "top", "log_ic50", "hill_slope"):  # the points of a curve change places, too
        here, there = (one[name].drop_nulls().to_numpy() for one in (plain, found))
        np.testing.assert_allclose(here, there, rtol=1e-6, atol=1e-6)


def test_curves_in_another_order_have_the_same_fits(table, screened, tmp_path):
    screened(table)
    turned = table[np.arange(table.height).reshape(-1, 12)[::-1].ravel()]
    screened(turned, name="turned.parquet")
    plain, found = (polars.read_parquet(tmp_path / f"{name}.parquet") for name in ("fits", "turned"))
    assert same_fits(found.reverse(), plain)


def test_a_table_in_memory_gives_the_same_bytes(table, screened, tmp_path):
    plain, _ = screened(table)
    fit_table(tmp_path / "curves.parquet", BY).write(tmp_path / "whole.parquet")
    assert (tmp_path / "whole.parquet").read_bytes() == plain
    frame = fit_frame(table, BY)
    assert frame.equals(
        polars.read_parquet(tmp_path / "fits.parquet").with_columns(frame["set_aside_because"])
    )


KEYS = {
    "integers": polars.Series([3, 1, 2], dtype=polars.Int16),
    "numbers": polars.Series([0.5, None, float("nan")]),
    "dates": polars.Series([date(2024, 1, 2), None, date(2023, 1, 1)]),
    "a missing name": polars.Series(["b", None, ""]),
    "categories": polars.Series(["x", "z", "y"], dtype=polars.Categorical),
    "truth": polars.Series([True, None, False]),
    "formulas": polars.Series(["=1+1", "@x", "-3"]),
}


@pytest.mark.parametrize("kind", KEYS)
def test_keys_of_every_type_stay_as_they_are(kind, screened, tmp_path):
    keys = KEYS[kind]
    frame = screen_of(3).with_columns(compound=keys.gather(np.repeat([0, 1, 2], 12)), target=1)
    screened(frame)
    found = polars.read_parquet(tmp_path / "fits.parquet")["compound"]
    assert found.dtype == keys.dtype
    assert found.equals(keys.alias("compound"), null_equal=True)
    screened(frame.sample(fraction=1.0, shuffle=True, seed=1), name="mixed.parquet")
    mixed = polars.read_parquet(tmp_path / "mixed.parquet")["compound"]
    assert set(map(str, mixed)) == set(map(str, keys))


NUMBERS = {
    "whole numbers": polars.Int32,
    "unsigned": polars.UInt16,
    "single precision": polars.Float32,
    "decimals": polars.Decimal(12, 3),
    "text": polars.String,
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_numbers_of_every_type_are_read(kind, screened, tmp_path):
    nanomolar = np.tile([0, 1, 3, 10, 30, 100, 300, 1000], 3)
    y = np.round(100 / (1 + nanomolar / np.repeat([20, 50, 200], 8)) + np.tile([1, 0, 2, 0, 1, 2, 0, 1], 3))
    frame = polars.DataFrame({"k": np.repeat([1, 2, 3], 8), "conc (nM)": nanomolar, "signal": y})
    wanted, _ = screened(frame, FitRequest(by=("k",), intervals="wald"))
    typed = frame.with_columns(polars.col("conc (nM)", "signal").cast(polars.Int64).cast(NUMBERS[kind]))
    assert screened(typed, FitRequest(by=("k",), intervals="wald"))[0] == wanted


def test_decimals_and_units_stand_as_in_a_text_table(screened, tmp_path):
    nanomolar = [Decimal("0.1"), Decimal("1.0"), Decimal("10.0"), Decimal("100.0"), Decimal("1000.0")]
    y = [99.0, 97.5, 70.25, 20.5, 1.125]
    frame = polars.DataFrame({"conc": nanomolar, "signal": y})
    request = FitRequest(x_unit="nM", intervals="wald")
    screened(frame, request)
    text = tmp_path / "curves.csv"
    text.write_text("conc,signal\n" + "".join(f"{a},{b}\n" for a, b in zip(nanomolar, y, strict=True)))
    fit_table(text, request).write(tmp_path / "text.parquet")
    assert (tmp_path / "text.parquet").read_bytes() == (tmp_path / "fits.parquet").read_bytes()


def test_cells_that_are_no_numbers_are_set_aside_and_counted_by_reason(screened, tmp_path):
    x = [None, float("nan"), float("inf"), -1.0, *DOSES]
    frame = polars.DataFrame(
        {
            "k": ["a"] * 32,
            "conc (M)": x * 2,
            "signal": [1.0, 2.0, 3.0, float("inf"), *(100 / (1 + DOSES / 1e-7))] * 2,
        }
    )
    screened(frame, FitRequest(by=("k",), intervals="wald"))
    (row,) = polars.read_parquet(tmp_path / "fits.parquet").to_dicts()
    assert (row["points"], row["set_aside"]) == (24, 8)
    assert row["set_aside_because"] == "6 rows: x is not a number; 2 rows: y is not a number"
    screened(frame.with_columns(signal=polars.lit("n.d.")), FitRequest(by=("k",)))
    (row,) = polars.read_parquet(tmp_path / "fits.parquet").to_dicts()
    assert (row["outcome"], row["points"], row["set_aside"]) == ("untested", 0, 32)


def test_an_empty_table_and_one_of_single_points(screened, tmp_path):
    _, found = screened(screen_of(3).clear())
    assert found.curves == 0
    assert not found.any_usable
    assert "log_ic50" in polars.read_parquet(tmp_path / "fits.parquet").columns
    points = polars.DataFrame({"k": np.arange(20_000), "conc (M)": 1e-8, "signal": 50.0})
    _, found = screened(points, FitRequest(by=("k",)))
    assert {one.code: count for one, count in found.tally.items()} == {"failed": 20_000}


@pytest.mark.slow
def test_one_curve_of_very_many_points(screened, tmp_path):
    x = np.repeat(DOSES, 17_000)
    y = 100 / (1 + x / 1e-7) + np.random.default_rng(1).normal(0.0, 5.0, x.size)
    screened(polars.DataFrame({"conc (M)": x, "signal": y}), FitRequest(intervals="wald"))
    (row,) = polars.read_parquet(tmp_path / "fits.parquet").to_dicts()
    assert row["points"] == x.size
    assert row["log_ic50"] == pytest.approx(-7.0, abs=0.01)


def test_what_is_wrong_with_a_file_is_said_before_anything_is_begun(table, tmp_path):
    path, out = tmp_path / "curves.parquet", tmp_path / "fits.parquet"
    with pytest.raises(BrokenFile, match="there is no such file"):
        Screen.of(path, BY, out)
    path.write_bytes(b"compound,conc\n")
    with pytest.raises(BrokenFile, match=r"curves.parquet: it is not a Parquet file that can be read"):
        Screen.of(path, BY, out)
    table.write_parquet(path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(BrokenFile, match=r"curves.parquet: it is not a Parquet file that can be read"):
        Screen.of(path, BY, out)
    table.write_parquet(path)
    with pytest.raises(InputError, match=r"there is no column 'compond'. Did you mean 'compound'\?"):
        Screen.of(path, FitRequest(by=("compond",)), out)
    with pytest.raises(UnknownName, match="hill_slope"):
        Screen.of(path, FitRequest(fixed={"hill_slop": 1.0}), out)
    with pytest.raises(UnknownName, match=r"no kind of interval 'walt'. Did you mean 'wald'"):
        Screen.of(path, FitRequest(intervals="walt"), out)
    table.rename({"target": "outcome"}).write_parquet(path)
    with pytest.raises(InputError, match="the column 'outcome' has the name of a column of the fits"):
        Screen.of(path, FitRequest(by=("compound", "outcome")), out)
    assert list(tmp_path.iterdir()) == [path]


# stopped and resumed


def begun(folder, curves, *options, **running):
    return subprocess.Popen(
        [*COMMAND, str(curves), "--by", "compound", "--by", "target", "--intervals", "wald", *map(str, options)],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **running,
    )  # fmt: skip


def parts_of(folder):
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("part-*.arrow")}


def children_of(pid):
    """The worker processes of a process."""
    folder = Path(f"/proc/{pid}/task")
    if not folder.is_dir():
        pytest.skip("the processes of a process are found through /proc, which is not there")
    return [int(child) for task in folder.iterdir() for child in (task / "children").read_text().split()]


def alive(pid):
    try:
        return "\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").partition("State:")[2][:3]
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone(pids, seconds=10.0):
    """Whether these processes end by themselves."""
    end = time.monotonic() + seconds
    while any(map(alive, pids)):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def wait_for_parts(process, folder, count):
    end = time.monotonic() + 120
    while len(parts_of(folder)) < count:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """A screen, the bytes of its fits when nothing happened, and a folder to do it again in."""
    folder = tmp_path_factory.mktemp("stopped")
    screen_of(16_000).write_parquet(folder / "curves.parquet")
    process = begun(folder, "curves.parquet", "--out", "whole.parquet")
    out, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (0, "")
    assert out.startswith("16000 curves fitted: ")
    return folder, (folder / "whole.parquet").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_goes_on_where_it_was(stopped, how, tmp_path):
    folder, whole = stopped
    out = tmp_path / "fits.parquet"
    options = ("--out", out, "--workers", 2)
    process = begun(folder, "curves.parquet", *options)
    state = tmp_path / "fits.parquet.unfinished"
    wait_for_parts(process, state, 4)
    workers = children_of(process.pid)
    assert len(workers) == 2
    process.send_signal(how)
    _, err = process.communicate(timeout=60)
    assert process.returncode == {signal.SIGINT: 130}.get(how, -how)
    assert "Traceback" not in err
    assert ("Stopped; the same command with --resume goes on from here." in err) == (how is signal.SIGINT)
    assert gone(workers)
    assert not out.exists()
    done = parts_of(state)
    refused = begun(folder, "curves.parquet", *options)
    assert "an earlier run was not finished" in refused.communicate(timeout=60)[1]
    assert refused.returncode == 2
    again = begun(folder, "curves.parquet", *options, "--resume")
    said, err = again.communicate(timeout=300)
    assert (again.returncode, err) == (0, "")
    assert f"{1000 * len(done)} of them before" in said
    assert out.read_bytes() == whole
    assert not state.exists()


@pytest.mark.slow
def test_a_run_is_begun_anew_or_refused_when_something_differs(stopped, tmp_path):
    folder, whole = stopped
    source, out = tmp_path / "curves.parquet", tmp_path / "fits.parquet"
    source.write_bytes((folder / "curves.parquet").read_bytes())
    screen = Screen.of(source, BY, out)

    class Enough(Exception):
        pass

    def stop(done, curves):
        if done >= 3_000:
            raise Enough

    with pytest.raises(Enough):
        screen.run(Labour(progress=stop))
    state = tmp_path / "fits.parquet.unfinished"
    kept = parts_of(state)
    assert len(kept) == 3
    with pytest.raises(StoreError, match=r"3 parts of it are done. Go on with --resume, or begin anew"):
        screen.run(Labour())
    other = Screen.of(source, FitRequest(by=BY.by, intervals="wald", weighting="observed"), out)
    with pytest.raises(StoreError, match="differs: weighting was none and is observed"):
        other.run(Labour(), "resume")
    held = Screen.of(source, FitRequest(by=BY.by, intervals="wald", fixed={"hill_slope": 1.0}), out)
    with pytest.raises(StoreError, match=r"differs: hill_slope was nothing and is 1.0"):
        held.run(Labour(), "resume")
    whole_source = source.read_bytes()
    screen_of(16_000, seed=2).write_parquet(source)
    with pytest.raises(StoreError, match=r"differs: .*sha256 was .* and is "):
        Screen.of(source, BY, out).run(Labour(), "resume")
    assert parts_of(state) == kept
    source.write_bytes(whole_source)
    broken = next(iter(kept))
    (state / broken).write_bytes((state / broken).read_bytes()[:-100])
    found = Screen.of(source, BY, out).run(Labour(), "resume")
    assert found.resumed == 2_000
    assert out.read_bytes() == whole
    with pytest.raises(Enough):
        screen.run(Labour(progress=stop))
    assert Screen.of(source, BY, out).run(Labour(), "overwrite").resumed == 0
    assert out.read_bytes() == whole


def test_a_table_whose_curves_lie_scattered_goes_on_where_it_was(table, screened, tmp_path):
    mixed = table.sample(fraction=1.0, shuffle=True, seed=9)
    whole, _ = screened(mixed)
    screen = Screen.of(tmp_path / "curves.parquet", BY, tmp_path / "again.parquet")

    def stop(done, curves):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        screen.run(Labour(progress=stop))
    state = tmp_path / "again.parquet.unfinished"
    brought = {path.name: path.stat().st_mtime_ns for path in (state / "spill").iterdir()}
    assert len(parts_of(state)) == 1
    told = []

    def look(done, curves):
        told.append(done)
        assert {path.name: path.stat().st_mtime_ns for path in (state / "spill").iterdir()} == brought

    assert screen.run(Labour(progress=look), "resume").resumed == 1_000
    assert told == [1_000, 2_000, 2_400]
    assert (tmp_path / "again.parquet").read_bytes() == whole


@pytest.mark.slow
def test_two_processes_never_work_on_one_run(stopped, tmp_path):
    folder, _ = stopped
    out = tmp_path / "fits.parquet"
    screen = Screen.of(folder / "curves.parquet", BY, out)

    def meddle(done, curves):
        if done:
            with pytest.raises(StoreError, match="another process is working on this run"):
                screen.run(Labour(), "resume")

    assert screen.run(Labour(progress=meddle)).curves == 16_000


# damage


@pytest.mark.slow
def test_a_worker_that_is_killed_changes_nothing(stopped, tmp_path):
    folder, whole = stopped
    out = tmp_path / "fits.parquet"
    process = begun(folder, "curves.parquet", "--out", out, "--workers", 2)
    wait_for_parts(process, tmp_path / "fits.parquet.unfinished", 3)
    first, *_ = children_of(process.pid)
    os.kill(first, signal.SIGKILL)
    said, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (0, "")
    assert out.read_bytes() == whole
    assert "could not be fitted" not in said


@pytest.mark.slow
def test_a_damaged_piece_of_the_file_is_named_and_the_others_are_fitted(stopped, tmp_path):
    folder, _ = stopped
    path, out = tmp_path / "curves.parquet", tmp_path / "fits.parquet"
    frame = polars.read_parquet(folder / "curves.parquet")
    frame.write_parquet(path, row_group_size=12_000, compression="lz4", use_pyarrow=False)
    damaged = bytearray(path.read_bytes())
    signal_bytes = frame["signal"][60_000:60_050].to_numpy().tobytes()
    at = bytes(damaged).find(signal_bytes[:64])
    assert at > 0, "the signal is stored as it is, so that it can be found"
    damaged[at - 40 : at + 4_000] = b"\xff" * 4_040
    path.write_bytes(damaged)
    process = begun(tmp_path, path, "--out", out)
    said, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (1, "")
    assert "curves 5,001–6,000 (rows 60,001–72,000) could not be fitted: it is not a Parquet file" in said
    found, plain = polars.read_parquet(out), polars.read_parquet(folder / "whole.parquet")
    assert found.select("compound", "target").equals(plain.select("compound", "target"))
    lost = found[5_000:6_000]
    assert set(lost["outcome"]) == {"failed"}
    assert all("could not be fitted" in one for one in lost["reason"])
    assert (lost["points"] + lost["set_aside"]).to_list() == [12] * 1_000
    assert found[:5_000].equals(plain[:5_000])
    assert found[6_000:].equals(plain[6_000:])
    state = tmp_path / "fits.parquet.unfinished"
    assert [one.name for one in state.glob("lost-*")] == ["lost-000005.arrow"]


@pytest.mark.slow
def test_rows_whose_keys_cannot_be_read_are_named_and_the_other_curves_are_fitted(tmp_path):
    path, whole, out = (tmp_path / f"{name}.parquet" for name in ("curves", "whole", "fits"))
    frame = screen_of(6_000).with_columns(compound=polars.int_range(6_000).repeat_by(12).explode())
    frame.write_parquet(path, row_group_size=12_000, compression="uncompressed")
    request = FitRequest(by=("compound",), intervals="wald")
    Screen.of(path, request, whole).run(Labour())
    damaged = bytearray(path.read_bytes())
    at = bytes(damaged).find(np.arange(2_000, 2_008).tobytes())
    assert at > 0, "the keys of the third row group are stored as they are, so that they can be found"
    damaged[at - 40 : at] = b"\xff" * 40
    path.write_bytes(damaged)
    found = Screen.of(path, request, out).run(Labour())
    fits, plain = polars.read_parquet(out), polars.read_parquet(whole)
    lost = fits.filter(polars.col("reason").str.contains("Its part of the table could not be fitted"))
    assert lost["compound"].to_list() == [1_999, None, 3_000]
    assert lost["set_aside"].to_list() == [12, 12_000, 12]
    assert lost["set_aside_because"][1] == "12000 rows: the file is damaged"
    assert [one.rows for one in found.lost] == [(23_989, 24_000), (24_001, 36_000), (36_001, 36_012)]
    assert same_fits(fits.filter(polars.col("compound") < 1_999), plain[:1_999])
    assert same_fits(fits.filter(polars.col("compound") > 3_000), plain[3_001:])
    mixed = frame.with_columns(compound=polars.col("compound") % 3_000)
    mixed.write_parquet(path, row_group_size=12_000, compression="uncompressed")
    damaged = bytearray(path.read_bytes())
    at = bytes(damaged).find(np.arange(2_000, 2_008).tobytes())
    damaged[at - 40 : at] = b"\xff" * 40
    path.write_bytes(damaged)
    with pytest.raises(
        BrokenFile, match=r"rows 24001 and following: the keys of these rows cannot be read, and every"
    ):
        Screen.of(path, request, tmp_path / "mixed.parquet").run(Labour())
    assert not (tmp_path / "mixed.parquet.unfinished").exists()


def test_a_place_that_cannot_be_written_is_said(table, tmp_path):
    path = tmp_path / "curves.parquet"
    table.write_parquet(path)
    with pytest.raises(FileError, match=r"the fits cannot be written \(Not a directory\)"):
        Screen.of(path, BY, path / "fits.parquet").run(Labour())


def test_a_file_that_changes_while_it_is_read_is_refused(table, tmp_path):
    path, out = tmp_path / "curves.parquet", tmp_path / "fits.parquet"
    table.write_parquet(path)

    def meddle(done, curves):
        if done == curves:
            table.reverse().write_parquet(path)

    with pytest.raises(BrokenFile, match="the file was changed while it was read"):
        Screen.of(path, BY, out).run(Labour(progress=meddle))
    assert not out.exists()


@pytest.mark.slow
@pytest.mark.parametrize("room", [100_000, 1_000_000])  # for no part; for every part, and not for the whole
def test_a_full_disk_is_said_and_the_run_goes_on_when_there_is_room(stopped, tmp_path, room):
    resource = pytest.importorskip("resource", reason="the size of files cannot be limited here")
    folder, whole = stopped
    out = tmp_path / "fits.parquet"
    limited = begun(
        folder, "curves.parquet", "--out", out,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )  # fmt: skip
    _, err = limited.communicate(timeout=120)
    assert limited.returncode == 2
    assert "cannot be written" in err
    assert "File too large" in err
    assert "Traceback" not in err
    state = tmp_path / "fits.parquet.unfinished"
    assert not out.exists()
    assert len(parts_of(state)) == (0 if room == 100_000 else 16)
    again = begun(folder, "curves.parquet", "--out", out, "--resume")
    assert again.communicate(timeout=120)[1] == ""
    assert out.read_bytes() == whole
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fits.parquet"]


# how it is said


@pytest.mark.slow
def test_nothing_is_written_beside_the_report(stopped, tmp_path):
    folder, _ = stopped
    process = begun(folder, "curves.parquet", "--out", tmp_path / "fits.csv")
    out, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (0, "")
    assert out.splitlines()[0].startswith("16000 curves fitted: ")
    refused = begun(folder, "curves.parquet", "--out", tmp_path / "fits.csv", "--resume")
    assert "only a run from Parquet into Parquet can be resumed" in refused.communicate(timeout=60)[1]
    assert refused.returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["fits.csv"]
    itself = begun(folder, "curves.parquet", "--out", folder / "curves.parquet")
    assert "the fits would be written over the curves" in itself.communicate(timeout=60)[1]
    assert itself.returncode == 2


@pytest.mark.slow
def test_a_terminal_sees_how_far_the_work_is(stopped, tmp_path):
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    folder, whole = stopped
    ours, theirs = pty.openpty()
    command = [*COMMAND, "curves.parquet", "--by", "compound", "--by", "target", "--intervals", "wald"]
    process = subprocess.Popen(
        [*command, "--out", str(tmp_path / "fits.parquet")], cwd=folder, stdout=subprocess.PIPE, stderr=theirs
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            block = os.read(ours, 4096)
        except OSError:  # the other side was closed
            break
        if not block:
            break
        seen += block
    os.close(ours)
    assert process.wait(timeout=60) == 0
    process.stdout.close()
    assert b"16000/16000" in seen
    assert (tmp_path / "fits.parquet").read_bytes() == whole


@pytest.mark.slow
def test_the_settings_stand_in_the_file(stopped, tmp_path):
    folder, _ = stopped
    said = json.loads(polars.read_parquet_metadata(folder / "whole.parquet")["prusoff"])
    assert (said["kind"], said["equation"], said["intervals"]) == (
        "fit_table", "four_parameter_logistic", "wald",
    )  # fmt: skip


def test_the_layout_depends_on_the_curves_alone(table, tmp_path):
    path = tmp_path / "curves.parquet"
    table.write_parquet(path, row_group_size=777)
    together = survey(Table.open(path), BY.by, tmp_path)
    table.sample(fraction=1.0, shuffle=True, seed=1).write_parquet(path)
    apart = survey(Table.open(path), BY.by, tmp_path)
    assert (together.scattered, apart.scattered) == (False, True)
    assert together.curves.tolist() == apart.curves.tolist() == [0, 1_000, 2_000, 2_400]
    assert together.rows.tolist() == apart.rows.tolist() == [0, 12_000, 24_000, 28_800]


@pytest.mark.slow
def test_a_killed_run_of_200000_curves_repeats_at_most_a_hundredth(tmp_path):
    path, out = tmp_path / "curves.parquet", tmp_path / "fits.parquet"
    screen_of(200_000).write_parquet(path)
    whole = begun(tmp_path, path, "--out", "whole.parquet", "--workers", 2)
    assert whole.communicate(timeout=600)[1] == ""
    for many in (60, 130):  # of 200 parts
        process = begun(tmp_path, path, "--out", out, "--workers", 2, *(["--resume"] if many > 60 else []))
        wait_for_parts(process, tmp_path / "fits.parquet.unfinished", many)
        workers = children_of(process.pid)
        process.kill()
        process.communicate(timeout=60)
        assert gone(workers)
    done = parts_of(tmp_path / "fits.parquet.unfinished")
    last = begun(tmp_path, path, "--out", out, "--workers", 2, "--resume")
    said, err = last.communicate(timeout=600)
    assert (last.returncode, err) == (0, "")
    assert f"{1000 * len(done)} of them before" in said
    assert out.read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    fits = polars.read_parquet(out)
    assert fits.select("compound", "target").is_unique().all()
    assert fits.height == 200_000
    # at a kill two workers have one part of 1000 curves each in hand, 1 % of all; nothing that was finished is repeated
    assert len(done) >= 130


COUNTED = """
import os
from prusoff.workbench.screen import labour, processes

labour.FEWEST = 1  # the parts of a small table are the hundredths that those of a large one are

def step(settings, readings):
    file = os.open(os.environ["BEGUN"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, b".")
    os.close(file)
    return labour.attempt(settings, readings)

processes.Processes.__init__.__defaults__ = (step,)
"""


@pytest.mark.slow
def test_a_run_killed_again_and_again_repeats_a_hundredth_at_most_each_time(tmp_path):
    """Counted by the workers themselves: every part that is begun leaves a mark, whatever becomes of it."""
    (tmp_path / "counted.py").write_text(COUNTED, encoding="utf-8")
    path, out, begun_parts = tmp_path / "curves.parquet", tmp_path / "fits.parquet", tmp_path / "begun"
    screen_of(16_000).write_parquet(path)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "BEGUN": str(begun_parts)}
    command = [
        sys.executable, "-c", "import counted; from prusoff.cli import main; main()", "fit", str(path),
        *("--by", "compound", "--by", "target", "--intervals", "wald", "--out", str(out), "--workers", "2"),
    ]  # fmt: skip
    kills = (60, 120, 180, 240)  # of 320 parts of 50 curves
    for many in kills:
        process = subprocess.Popen(
            [*command, *(["--resume"] if many > kills[0] else [])],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        wait_for_parts(process, tmp_path / "fits.parquet.unfinished", many)
        workers = children_of(process.pid)
        process.kill()
        process.communicate(timeout=60)
        assert gone(workers)
    subprocess.run([*command, "--resume"], env=environment, check=True, capture_output=True, timeout=300)
    repeated = begun_parts.stat().st_size - 320
    assert 0 <= repeated <= len(kills) * 3  # of 320: less than a hundredth a kill
    assert polars.read_parquet(out).height == 16_000
