"""A grid of agonist and co-agonist: exact currents of the law give its constants back."""

import pytest

from prusoff.assays.coagonist_response import coagonist_response
from prusoff.core.experiment import Experiment, Radioligand
from prusoff.core.plate import Role, Treatment, Well

EA, NA, EG, NG = 30e-6, 1.5, 0.5e-6, 1.1
SUBJECT = "glutamate with glycine (peak)"


def cell(name, emax):
    """Inward currents at five agonist and five co-agonist concentrations, and with no co-agonist."""
    wells = []
    for agonist in (3e-6, 10e-6, 30e-6, 100e-6, 300e-6):
        for coagonist in (0.0, 0.1e-6, 0.3e-6, 1e-6, 3e-6, 10e-6):
            left = agonist**NA / (EA**NA + agonist**NA)
            right = coagonist**NG / (EG**NG + coagonist**NG)
            what = Treatment(
                Role.COMPOUND,
                "glutamate",
                agonist,
                second_compound="glycine",
                second_molar=coagonist,
                end_point="peak",
            )
            wells.append(Well(name, "", f"line {len(wells) + 2}", what, -emax * left * right, "A"))
    return Experiment(name, tuple(wells), Radioligand("", ""))


def test_the_constants_come_back():
    result = coagonist_response.run(
        (cell("cell 1", 1e-9), cell("cell 2", 2e-9)), coagonist_response.example_settings
    )
    expected = {
        "EC50 (agonist)": EA,
        "slope (agonist)": NA,
        "EC50 (co-agonist)": EG,
        "slope (co-agonist)": NG,
        "Emax": 2**0.5 * 1e-9,
    }
    for name, value in expected.items():
        pooled = result.pool(SUBJECT, name)
        assert pooled.estimate.value == pytest.approx(value, rel=1e-6), name
        assert pooled.n == 2
