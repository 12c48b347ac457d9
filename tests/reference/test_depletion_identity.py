"""The Ki under depletion and nonspecific uptake is that of the exact equilibrium, whatever is bound."""

import pytest

from prusoff.affinity.conversion import ki_under_depletion, sites_under_depletion
from prusoff.simulation.equilibrium import competitive_binding


def ic50_total(receptor, ligand, kd, ki, nonspecific):
    """Total competitor that halves the specific part of what is bound, by bisection on the mass balance."""

    def bound(inhibitor):
        return competitive_binding(receptor, ligand, kd, inhibitor, ki, nonspecific).total_bound

    full = competitive_binding(0.0, ligand, kd, 0.0, ki, nonspecific).total_bound
    half = (bound(0.0) + full) / 2
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if bound(middle) > half else (low, middle)
    return (low + high) / 2


@pytest.mark.parametrize("receptor", [0.01, 0.1, 0.5, 3.0])
@pytest.mark.parametrize("nonspecific", [0.0, 0.004, 0.02, 0.1])
@pytest.mark.parametrize("ki", [0.5, 10.0])
def test_the_true_ki_comes_back(receptor, nonspecific, ki):
    ligand, kd = 1.0, 0.8
    total = competitive_binding(receptor, ligand, kd, 0.0, ki, nonspecific).total_bound / ligand
    wells = competitive_binding(0.0, ligand, kd, 0.0, ki, nonspecific).total_bound / ligand
    ic50 = ic50_total(receptor, ligand, kd, ki, nonspecific)
    assert ki_under_depletion(ic50, ligand, kd, total, wells) == pytest.approx(ki, rel=1e-7)
    assert sites_under_depletion(ligand, kd, total, wells) == pytest.approx(receptor, rel=1e-7)
