"""From recorded families of steps to half potentials: a simulated bench as NWB files, through the command line."""

import json

import pytest

CELLS = 3
SWEEPS = 3 * (31 + 23)  # without drug, with it and after wash-out; activation and availability


@pytest.fixture(scope="module")
def finished(tmp_path_factory, process):
    folder = tmp_path_factory.mktemp("families")
    told = ("--recordings", "--set", f"cells = {CELLS}", "--seed", 2)
    made = process("simulate", "gating", *told, "--out", folder)
    assert made.returncode == 0, made.stderr
    done = process("run", folder / "gating.toml", "--out", folder / "out")
    assert done.returncode == 0, done.stderr
    (path,) = (folder / "out").rglob("results.json")
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["truth"]
    return folder, truth, json.loads(path.read_text(encoding="utf-8"))


def pooled(found, subject, quantity):
    (one,) = [
        one for one in found["pooled"] if (one["subject"], one["estimate"]["name"]) == (subject, quantity)
    ]
    assert len(one["experiments"]) == CELLS
    return one["estimate"]


@pytest.mark.parametrize("kind", ["activation", "availability"])
def test_half_potential_and_slope_come_back(finished, kind):
    _, truth, found = finished
    slope, half = (pooled(found, f"control ({kind})", name) for name in ("k", "V1/2"))
    assert slope["value"] == pytest.approx(truth[f"k of control ({kind})"], rel=0.05)
    assert half["low"] < truth[f"v_half {kind}"] < half["high"]


def test_shift_reversal_and_density_are_told(finished):
    _, truth, found = finished
    shift = pooled(found, "lidocaine 100 µM (availability)", "shift")
    assert shift["low"] < truth["shift availability"] < shift["high"]
    for name in ("Erev", "Erev as read"):
        assert pooled(found, "control (activation)", name)["value"] == pytest.approx(
            truth["reversal"], abs=1e-3
        )
    assert -400 < pooled(found, "control (activation)", "peak current density")["value"] < -60


def test_every_sweep_is_a_well_with_what_the_small_step_tells(finished):
    folder, _, found = finished
    assert found["rows"]["used"] == CELLS * SWEEPS
    assert len(list(folder.glob("*.nwb"))) == CELLS
    ends = {one["code"]: one["severity"] for one in found["flags"]}
    assert {ends[code] for code in ("W-RS", "W-SEAL", "W-LEAK", "W-HOLD", "W-CLIP")} == {"pass"}
    drawn = {path.name for path in (folder / "out").rglob("*.svg")}
    assert drawn >= {"trace_overlay.svg", "current_voltage.svg", "boltzmann.svg"}
