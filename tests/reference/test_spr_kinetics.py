"""Simulated surface plasmon resonance curves of a known kon and koff: several concentrations, and single curves.

The curves carry uniform noise of 0.2 units. In the table of several concentrations binding starts at 52 s and the
analyte is taken away at 153 s, in that of single curves (50 nM) at 203 s. There is no bulk shift, so nothing binds
elsewhere.
"""

import csv
import json

import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.equations import catalog
from prusoff.fitting.problem import Problem, Shared
from prusoff.fitting.solve import fit, fit_curve
from prusoff.fitting.weights import Weighting

LAW = catalog["association_dissociation"]
STARTS, NOISE = 52.0, 0.2 / np.sqrt(3.0)
SINGLE_MOLAR = 50e-9


@pytest.fixture(scope="module")
def folder(shared):
    return shared / "data" / "spr_simulated_kinetics"


@pytest.fixture(scope="module")
def truth(folder):
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return expected["truth"]["MCK_dataset"]


def table(path):
    with path.open(newline="", encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    return np.array(rows, dtype=float).T


def curve(time, signal, molar, ends):
    """One sensorgram: association until `ends`, dissociation after it."""
    use = time >= STARTS
    before, after = np.clip(time[use], STARTS, ends) - STARTS, np.maximum(time[use] - ends, 0.0)
    return Curve(
        np.array([before, after, np.full(before.size, molar)]), signal[use], label=f"{molar * 1e9:g} nM"
    )


def global_fit(curves):
    """kon, koff and Bmax shared by all curves; nothing binds again, nothing binds elsewhere."""
    shared = {name: Shared() for name in LAW.names}
    return fit(
        Problem(LAW, curves, shared | {"log_shift": 0.0, "left": 0.0, "kept": 1.0, "ns": 0.0, "drift": 0.0})
    )


def several(folder, truth):
    time, *signals = table(folder / "MCK_dataset.csv")
    molar = [nanomolar * 1e-9 for nanomolar in truth["analyte_nM"]]
    return [curve(time, *one, 153.0) for one in zip(signals, molar, strict=True)]


def test_five_concentrations_give_the_constants_they_were_made_with(folder, truth):
    found = global_fit(several(folder, truth))
    kon, koff = 10 ** found.value("log_kon"), 10 ** found.value("log_koff")
    assert kon == pytest.approx(truth["kass_per_M_s"], rel=0.01)
    assert koff == pytest.approx(truth["kdiss_per_s"], rel=0.01)
    assert koff / kon * 1e9 == pytest.approx(truth["KD_nM"], rel=0.01)
    assert found.residual_sd == pytest.approx(NOISE, rel=0.02)  # the law leaves nothing but the noise


def test_the_line_of_observed_rates_gives_them_too(folder, truth):
    rates = []
    for one in several(folder, truth):
        rising = one.x[1] == 0.0
        alone = Curve(one.x[0][rising], one.y[rising], label=one.label)
        found = fit(Problem(catalog["one_phase_association"], [alone], {"ns": 0.0, "drift": 0.0}))
        kobs = 10 ** found.value("log_kobs")
        rates.append((one.x[2][0], kobs, kobs * np.log(10) * found.standard_error("log_kobs")))
    molar, kobs, se = np.array(rates).T
    line = fit_curve(catalog["observed_rate_line"], Curve(molar, kobs, se), weighting=Weighting.KNOWN_SD)
    assert line.value("kon") == pytest.approx(truth["kass_per_M_s"], rel=0.03)
    assert line.value("koff") == pytest.approx(truth["kdiss_per_s"], abs=3 * line.standard_error("koff"))


@pytest.mark.parametrize(
    ("column", "kon", "koff", "rel"),
    [
        pytest.param(0, 1e6, 1e-2, (0.02, 0.02), id="A"),
        pytest.param(1, 1e6, 5e-2, (0.10, 0.03), id="B"),
        pytest.param(2, 1e6, 1e-3, (0.02, 0.02), id="C"),
    ],
)
def test_one_curve_of_both_phases_gives_kon_and_koff(folder, column, kon, koff, rel):
    """The description of sample A says kon = 1e7, a slip: its plateau is 5/6 of Bmax at 50 nM, so that Kd is 10 nM."""
    time, *signals = table(folder / "SCA_dataset.csv")
    found = global_fit([curve(time, signals[column], SINGLE_MOLAR, 203.0)])
    assert 10 ** found.value("log_kon") == pytest.approx(kon, rel=rel[0])
    assert 10 ** found.value("log_koff") == pytest.approx(koff, rel=rel[1])
    assert found.value("bmax") == pytest.approx(10.0, rel=rel[0])


def test_sample_a_cannot_have_the_kon_of_its_description(folder):
    time, *signals = table(folder / "SCA_dataset.csv")
    one = curve(time, signals[0], SINGLE_MOLAR, 203.0)
    described = fit(
        Problem(
            LAW,
            [one],
            {"log_kon": 7.0, "log_koff": -2.0, "log_shift": 0.0, "left": 0.0, "kept": 1.0, "ns": 0.0, "drift": 0.0},
        )
    )  # fmt: skip
    assert described.residual_sd > 6 * NOISE
    assert global_fit([one]).residual_sd < 1.02 * NOISE
