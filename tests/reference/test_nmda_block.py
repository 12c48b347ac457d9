"""Block against an agonist: exact currents of each mechanism are told apart, and the IC50 follows its formula."""

import math

import pytest

from prusoff.assays.nmda_block import Settings, nmda_block
from prusoff.core.experiment import Experiment, Radioligand
from prusoff.core.plate import Role, Treatment, Well

EA, KB = 30e-6, 3e-6
IC50 = {  # at [A] = 10 and 90 uM: KB (1 + A/EA), KB (1 + EA/A), KB
    "competitive": (4e-6, 12e-6),
    "uncompetitive": (12e-6, 4e-6),
    "noncompetitive": (3e-6, 3e-6),
}


def cell(name, mechanism):
    """Currents at three agonist concentrations, alone and with three of the blocker, off by 1 in 10000 to and fro."""
    wells = []
    for agonist in (10e-6, 90e-6, 300e-6):
        for blocker in (0.0, 1e-6, 6e-6, 30e-6):
            ic50 = (
                KB
                * {
                    "competitive": 1.0 + agonist / EA,
                    "uncompetitive": 1.0 + EA / agonist,
                    "noncompetitive": 1.0,
                }[mechanism]
            )
            size = -1e-9 * agonist / (agonist + EA) / (1.0 + blocker / ic50)
            drug = ("drug", blocker) if blocker else ("", math.nan)
            role = Role.COMPOUND if blocker else Role.TOTAL
            what = Treatment(role, *drug, second_compound="NMDA", second_molar=agonist, end_point="plateau")
            size *= 1.0 + 1e-4 * (-1) ** len(wells)
            wells.append(Well(name, "", f"line {len(wells) + 2}", what, size, "A"))
    return Experiment(name, tuple(wells), Radioligand("", ""))


@pytest.mark.parametrize("mechanism", list(IC50))
def test_the_mechanism_and_its_constants_come_back(mechanism):
    result = nmda_block.run((cell("cell 1", mechanism), cell("cell 2", mechanism)), Settings())
    assert any(
        f"{mechanism.capitalize()} block has the lowest AICc" in step.sentence for step in result.steps
    )
    subject = "drug (plateau)"
    assert result.pool(subject, "KB").estimate.value == pytest.approx(KB, rel=1e-3)
    assert result.pool(subject, "EC50 of the agonist").estimate.value == pytest.approx(EA, rel=1e-3)
    for agonist, expected in zip(("10 µM", "90 µM"), IC50[mechanism], strict=True):
        for name in ("IC50", "local IC50"):
            told = result.pool(subject, f"{name} at {agonist} agonist").estimate
            assert told.value == pytest.approx(expected, rel=1e-3), (name, agonist)
