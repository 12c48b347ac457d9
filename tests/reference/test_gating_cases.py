"""Published and worked numbers of gating: S22, KCNQ2 conductances beside ZTZ240, midpoints of Nav1.5."""

import csv
import json
import math

import numpy as np
import pytest

from prusoff.affinity.modulated_receptor import ki_from_shift, kr_from_left, state_named
from prusoff.assays import catalog
from prusoff.checks.gating import PUBLISHED
from prusoff.core.experiment import Conditions, Experiment, Radioligand
from prusoff.core.plate import Role, Treatment, Well
from prusoff.equations.availability_shift import availability_shift
from prusoff.equations.gating import availability
from prusoff.equations.modulated_receptor import modulated_ic50, modulated_receptor, modulated_receptor_ratio


@pytest.fixture
def s22(science_cases):
    case = science_cases["S22"]
    given = case["inputs"]
    gates = np.array(
        [
            given["V_half_mV"] * 1e-3,
            given["slope_mV"] * 1e-3,
            *(math.log10(given[one] * 1e-6) for one in ("Kr_uM", "Ki_uM")),
        ]
    )
    return given, case["expected"], case["rtol"], gates


def test_availability_and_ic50_at_the_holding_potentials_of_s22(s22):
    given, expected, rtol, gates = s22
    volts = np.array(given["holding_mV"]) * 1e-3
    h = availability.function(volts, np.array([0.0, 1.0, *gates[:2]]))
    np.testing.assert_allclose(h, expected["h_at_holds"], rtol=rtol)
    ic50 = 10.0 ** modulated_ic50.function(volts, gates)
    np.testing.assert_allclose(ic50 * 1e6, expected["apparent_IC50_uM"], rtol=rtol)


def test_shift_ki_and_block_at_full_availability_of_s22(s22):
    given, expected, rtol, gates = s22
    drug = given["drug_uM"] * 1e-6
    shift = float(availability_shift.function(np.array([math.log10(drug)]), gates[1:])[0])
    assert shift * 1e3 == pytest.approx(expected["delta_V_mV"], rel=rtol)
    assert given["V_half_mV"] + shift * 1e3 == pytest.approx(expected["V_half_drug_mV"], rel=rtol)
    left = 1.0 - expected["peak_reduction_at_full_availability"]
    assert kr_from_left(drug, left) * 1e6 == pytest.approx(given["Kr_uM"], rel=rtol)
    assert ki_from_shift(shift, gates[1], drug, left) * 1e6 == pytest.approx(
        expected["Ki_recovered_uM"], rel=rtol
    )
    far = np.array([[-0.5], [math.log10(drug)]])
    rest = float(modulated_receptor.function(far, np.array([1.0, *gates, 1.0]))[0])
    assert 1.0 - rest == pytest.approx(expected["peak_reduction_at_full_availability"], rel=rtol)


def test_the_holding_potential_of_seed_003_isolates_neither_state(s22):
    _, expected, _, _ = s22
    assert expected["h_at_holds"][-1] == pytest.approx(0.42, abs=0.005)
    assert [state_named(h) for h in expected["h_at_holds"]] == [
        "resting",
        "resting",
        "neither state",
        "neither state",
    ]


def test_with_all_channels_available_the_ic50_is_kr(s22):
    _, _, _, gates = s22
    assert 10.0 ** modulated_ic50.function(np.array([-2.0]), gates)[0] == pytest.approx(
        10.0 ** gates[2], rel=1e-12
    )


def test_the_law_makes_the_availability_in_drug_a_shifted_boltzmann_of_the_same_slope(s22):
    given, _, _, gates = s22
    drug, volts = math.log10(given["drug_uM"] * 1e-6), np.linspace(-0.14, -0.02, 40)
    with_drug = modulated_receptor.function(
        np.stack([volts, np.full(40, drug)]), np.array([1.0, *gates, 1.0])
    )
    shift = float(availability_shift.function(np.array([drug]), gates[1:])[0])
    left = 1.0 / (1.0 + 10.0 ** (drug - gates[2]))
    moved = availability.function(volts, np.array([0.0, left, gates[0] + shift, gates[1]]))
    np.testing.assert_allclose(with_drug, moved, rtol=1e-11)


def test_both_ways_to_write_the_law_agree(s22):
    _, _, _, gates = s22
    x = np.stack([np.linspace(-0.12, -0.04, 9), np.linspace(-6.0, -4.0, 9)])
    by_ratio = np.array([-3.0, *gates[:3], gates[2] - gates[3], 1.2])
    np.testing.assert_allclose(
        modulated_receptor_ratio.function(x, by_ratio),
        modulated_receptor.function(x, np.array([-3.0, *gates, 1.2])),
        rtol=1e-12,
    )


def kcnq2(shared):
    """The conductances of every cell without and with ZTZ240 as experiments, one a cell, and the published fits."""
    folder = shared / "data" / "patch_gv_ztz240"
    rows = list(csv.DictReader((folder / "gv_ZTZ240.csv").read_text(encoding="utf-8").splitlines()))
    cells = {}
    for row in rows:
        drug = row["condition"] == "drug"
        what = Treatment(
            Role.COMPOUND if drug else Role.TOTAL,
            "ZTZ240" if drug else "",
            float(row["conc_uM"]) * 1e-6 if drug else math.nan,
            voltage_v=float(row["voltage_mV"]) * 1e-3,
        )
        name = f"{row['conc_uM']} uM, cell {row['cell']}"
        wells = cells.setdefault(name, [])
        wells.append(Well(name, name, f"row {len(wells)}", what, float(row["g_over_gmax"]), "G/Gmax"))
    made = tuple(
        Experiment(name, tuple(wells), Radioligand("", ""), conditions=Conditions("KCNQ2", "human", "cells"))
        for name, wells in cells.items()
    )
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["by_concentration_uM"]
    return made, expected, len(rows)


def test_kcnq2_half_potentials_and_shifts_are_those_published_within_1_mv(shared):
    cells, expected, rows = kcnq2(shared)
    assay = catalog["gating"]
    for conc, published in expected.items():
        these = tuple(one for one in cells if one.name.startswith(f"{conc} uM"))
        result = assay.run(these, assay.settings())
        drug = next(one for one in result.subjects if one.startswith("ZTZ240"))
        halves = [result.pool(one, "V1/2") for one in ("control (activation)", drug)]
        fits = [published[one] for one in ("control", "drug")]
        for half, fit in zip(halves, fits, strict=True):
            assert half.n == fit["n_cells"]
            assert half.estimate.value * 1e3 == pytest.approx(fit["boltzmann"]["v_half_mV"], abs=1.0)
            assert half.estimate.low * 1e3 < fit["boltzmann"]["v_half_mV"] < half.estimate.high * 1e3
        shift = result.pool(drug, "shift").estimate
        difference = fits[1]["boltzmann"]["v_half_mV"] - fits[0]["boltzmann"]["v_half_mV"]
        assert shift.value * 1e3 == pytest.approx(difference, abs=1.0)
        assert shift.low * 1e3 < difference < shift.high * 1e3
    assert sum(len(one.wells) for one in cells) == rows == 832


def test_kcnq2_re_analysis_of_the_curves_with_drug_agrees_within_1_mv(shared):
    cells, expected, _ = kcnq2(shared)
    assay = catalog["gating"]
    compared = 0
    for conc, published in expected.items():
        again = published.get("published_reanalysis_drug")
        if again is None:
            continue
        these = tuple(one for one in cells if one.name.startswith(f"{conc} uM"))
        result = assay.run(these, assay.settings())
        drug = next(one for one in result.subjects if one.startswith("ZTZ240"))
        assert result.pool(drug, "V1/2").estimate.value * 1e3 == pytest.approx(again["v_half_mV"], abs=1.0)
        compared += 1
    assert compared == 5


def test_published_midpoints_of_nav15_are_read_with_zeros_as_missing(shared):
    folder = shared / "data" / "nav15_midpoints"
    rows = list(csv.DictReader((folder / "midpoints_wt.csv").read_text(encoding="utf-8").splitlines()))
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert len(rows) == expected["rows"]
    for column, kind in (("va", "activation"), ("vi", "availability")):
        told = [float(row[column]) for row in rows if row[column] and float(row[column]) != 0.0]
        want = expected[f"{column}_mV"]
        assert (len(told), min(told), max(told)) == (want["n"], want["min"], want["max"])
        assert np.mean(told) == pytest.approx(want["mean"], rel=1e-12)
        low, high, count = PUBLISHED["nav1.5", kind]
        assert (low * 1e3, high * 1e3, count) == pytest.approx((want["min"], want["max"], want["n"]))
