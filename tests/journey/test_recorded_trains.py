"""From recorded trains of pulses to the rates of a use-dependent blocker: every sweep is a train."""

from pathlib import Path

import pytest

from prusoff.assays import catalog
from prusoff.core.plate import Role
from prusoff.core.reader import RawData
from prusoff.simulation.voltage_clamp import Gated, Patch, Rig, recorded, steps
from prusoff.workbench.experiments import experiments_of
from prusoff.workbench.runfile import parse_runfile

ASSAY = catalog["use_dependent_block"]
HEAD = """
[run]
title = "Use-dependent block, simulated recordings"
assay = "use_dependent_block"
simulated = true
[measure.default]
end_point = "peak"
sign = "inward"
epoch = {epochs}
leak = "holding"
[measure.default.gates]
voltage_error = "50 mV"
"""
CELL = '\n[[experiment]]\nfile = "{0}.nwb"\nname = "{0}"\n'


def trains_of(cell):
    """The trains of a simulated cell: role, compound, concentration, and the amplitudes pulse by pulse."""
    found = {}
    for well in cell.wells:
        found.setdefault(well.plate, []).append(well)
    return [sorted(wells, key=lambda one: one.treatment.pulse) for wells in found.values()]


def as_recorded(cell, pulse_s):
    """One sweep for each train: a rest, then pulses with the rest of the period behind each."""
    commands, peaks, applied = [], [], []
    for number, wells in enumerate(trains_of(cell)):
        times = [well.treatment.time_s for well in wells]
        period = times[1] - times[0]
        parts = [(0.02, -0.1)] + [(pulse_s, -0.02), (period - pulse_s, -0.1)] * len(wells)
        commands.append(steps(*parts))
        peaks.append({2 * at + 2: well.signal for at, well in enumerate(wells)})
        what = wells[0].treatment
        said = 'role = "control"'
        if what.role is Role.COMPOUND:
            said = f'compound = "{what.compound}"\nconcentration = "{1e6 * what.concentration_molar:.9g} uM"'
        applied.append(f"\n[[experiment.applied]]\nsweeps = {number}\n{said}\n")
    rig = Rig(Patch(3e6, 5e9, 10e-12, noise_a=2e-12, cancelled=1.0), Gated(0.1e-3, 1e-3), 20e3, 60.0)
    return recorded(cell.name, commands, peaks, rig, seed=1), "".join(applied)


@pytest.fixture(scope="module")
def analysed():
    pulse_s = ASSAY.example_settings.pulse_s
    cells = ASSAY.simulate(ASSAY.truth, 4)
    made = {f"{cell.name}.nwb": as_recorded(cell, pulse_s) for cell in cells}
    count = len(trains_of(cells[0])[0])

    def read(path: Path, reader: str | None) -> RawData:
        return RawData("nwb", path.name, path.name, recordings=(made[path.name][0],))

    text = HEAD.format(epochs=[2 * at + 2 for at in range(count)])
    text += "".join(CELL.format(cell.name) + made[f"{cell.name}.nwb"][1] for cell in cells)
    found = experiments_of(parse_runfile(text), Path(), read, ASSAY.needs)
    return cells, found, ASSAY.run(found, ASSAY.example_settings)


def test_every_pulse_is_a_well_of_its_train(analysed):
    cells, found, _ = analysed
    for cell, read in zip(cells, found, strict=True):
        assert len(read.wells) == len(cell.wells)
        assert len({well.plate for well in read.wells}) == len(trains_of(cell))
        assert {well.treatment.pulse for well in read.wells} == {well.treatment.pulse for well in cell.wells}
        assert (read.wells[0].plate, read.wells[0].position) == ("sweep 0", "pulse 1")


def test_the_rates_come_back(analysed):
    _, _, result = analysed
    asked = [key.split(" of ", 1) for key in ASSAY.truth if " of " in key]
    assert asked
    for quantity, subject in asked:
        estimate = result.pool(subject, quantity).estimate
        assert estimate.low < ASSAY.truth[f"{quantity} of {subject}"] < estimate.high, quantity
