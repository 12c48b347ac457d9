"""From recorded families of steps to half potentials: activation by the test step, availability by the prepulse."""

from pathlib import Path

import numpy as np
import pytest

from prusoff.assays import catalog
from prusoff.core.reader import RawData
from prusoff.simulation.voltage_clamp import Gated, Patch, Rig, recorded, steps
from prusoff.workbench.experiments import experiments_of
from prusoff.workbench.runfile import parse_runfile

HALF, SLOPE, REVERSAL = {"activation": -0.030, "availability": -0.075}, 0.006, 0.055
CELLS = 4
RUN = """
[run]
title = "Gating of a sodium current, simulated recordings"
assay = "gating"
simulated = true
[measure.default]
end_point = "peak"
called = "activation"
sign = "inward"
epoch = 3
leak = "holding"
voltage = "test"
[measure.default.gates]
voltage_error = "20 mV"
[measure.availability]
end_point = "peak"
called = "availability"
sign = "inward"
epoch = 3
leak = "holding"
voltage = "prepulse"
[measure.availability.gates]
voltage_error = "20 mV"
"""
CELL = """
[[experiment]]
file = "cell{0}_activation.nwb"
name = "cell {0}"
[[experiment.applied]]
role = "control"
[[experiment.applied]]
file = "cell{0}_availability.nwb"
measure = "availability"
role = "control"
"""


def family(number, kind):
    """Sweeps of one cell to different test steps, or from different prepulses to one test step."""
    rng = np.random.default_rng([number, len(kind)])
    half, size = HALF[kind] + rng.normal(0.0, 0.001), rng.uniform(15e-9, 25e-9)
    commands, peaks = [], []
    levels = np.arange(-0.080, 0.021, 0.005) if kind == "activation" else np.arange(-0.130, -0.029, 0.005)
    for level in levels:
        before, test = (-0.12, level) if kind == "activation" else (level, -0.01)
        rising = 1.0 if kind == "activation" else -1.0
        open_part = 1.0 / (1.0 + np.exp(rising * (half - level) / SLOPE))
        commands.append(steps((0.01, -0.12), (0.05, before), (0.02, test), (0.005, -0.12)))
        peaks.append({3: size * open_part * (test - REVERSAL)})
    patch = Patch(3e6, 5e9, 10e-12, noise_a=3e-12, cancelled=1.0)
    return recorded(
        f"cell{number}_{kind}", commands, peaks, Rig(patch, Gated(0.2e-3, 1.5e-3), 20e3, 5.0), seed=number
    )


@pytest.fixture(scope="module")
def result():
    files = {
        f"cell{number}_{kind}.nwb": family(number, kind) for number in range(1, CELLS + 1) for kind in HALF
    }

    def read(path: Path, reader: str | None) -> RawData:
        return RawData("nwb", path.name, path.name, recordings=(files[path.name],))

    text = RUN + "".join(CELL.format(number) for number in range(1, CELLS + 1))
    assay = catalog["gating"]
    return assay.run(experiments_of(parse_runfile(text), Path(), read, assay.needs), assay.settings())


@pytest.mark.parametrize("kind", sorted(HALF))
def test_half_potential_and_slope_come_back(result, kind):
    subject = f"control ({kind})"
    half, slope = (result.pool(subject, name) for name in ("V1/2", "k"))
    assert half.n == CELLS
    assert half.estimate.value == pytest.approx(HALF[kind], abs=1.5e-3)
    assert half.estimate.low < half.estimate.value < half.estimate.high
    assert slope.estimate.value == pytest.approx(SLOPE, abs=3e-4)


def test_every_sweep_is_a_well(result):
    wells = [well for cell in result.experiments for well in cell.wells]
    assert len(wells) == CELLS * 42
    assert all(well.used for well in wells)
