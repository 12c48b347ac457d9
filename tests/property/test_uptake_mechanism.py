"""Grids of every mechanism, simulated many times: how often the true one is chosen, and how often doubt is told."""

import pytest

from prusoff.assays import catalog
from prusoff.assays._uptake_mechanism.bench import SUBSTRATES, TRUTH, grids
from prusoff.simulation.carrier import Carrier

pytestmark = pytest.mark.slow  # dozens of whole analyses

ASSAY = catalog["uptake_mechanism"]
INHIBITORS = (1e-8, 4e-8, 1.6e-7)
TRUE = {
    "Competitive": ({"x": 1e-8}, {}),
    "Uncompetitive": ({}, {"x": 2e-8}),
    "Noncompetitive": ({"x": 2e-8}, {"x": 2e-8}),
    "Mixed": ({"x": 1e-8}, {"x": 5e-8}),
}
SEEDS = range(300, 312)
FAR_BELOW_KM = (2.2e-8, 2.5e-8, 3e-8, 4e-8, 5e-8)


def chosen(mechanism, seed, substrates=SUBSTRATES):
    """The mechanism that is named, and whether doubt about it is told."""
    carrier = Carrier(TRUTH["Vmax"], TRUTH["Km"], TRUTH["nonsaturable"], *TRUE[mechanism])
    result = ASSAY.run(grids(carrier, seed, 2, substrates, {"x": INHIBITORS}), ASSAY.example_settings)
    sentence = next(note for note in result.notes if note.startswith("x: "))
    return sentence.removeprefix("x: ").partition(" inhibition")[0], "cannot tell" in sentence


@pytest.mark.parametrize("mechanism", list(TRUE))
def test_a_good_grid_finds_the_true_mechanism(mechanism):
    found = [chosen(mechanism, seed) for seed in SEEDS]
    right = sum(name == mechanism for name, _ in found)
    wrong_and_sure = sum(name != mechanism and not doubt for name, doubt in found)
    # the F test at P < 0.05 takes one special case in twenty for mixed inhibition
    assert right >= 10, found
    assert wrong_and_sure <= 2, found


def test_a_grid_far_below_km_tells_its_doubt_about_a_competitive_inhibitor():
    found = [chosen("Competitive", seed, FAR_BELOW_KM) for seed in SEEDS]
    assert sum(doubt for _, doubt in found) >= 10, found
