"""Real titrations with published answers: FRET of a DNA with protein, and receptor added to a fluorescent ligand."""

import csv
import json
import math

import numpy as np
import pytest

from prusoff.assays import catalog as assays
from prusoff.core.curves import Curve
from prusoff.core.experiment import Conditions, Experiment, Radioligand
from prusoff.core.plate import Role, Treatment, Well, well_name
from prusoff.equations import catalog
from prusoff.fitting.problem import Fixed, Individual, Problem, Shared
from prusoff.fitting.solve import Options, fit

PROBE = 5e-9  # the concentration of the donor in the published analysis


@pytest.fixture(scope="module")
def fret(shared):
    """Concentration (M) and corrected FRET of the titration, and the published answers.

    Correction as published: the FRET channel less what the donor bleeds into it and less what excites the acceptor
    directly, both as ratios in the wells without acceptor and without donor, duplicates averaged; then the baseline.
    """
    folder = shared / "data" / "fret_binding"
    wells = {}
    with (folder / "fret_binding_data.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            kind, molar = row["Content"].partition(".")[0], 1e-9 * float(row["concentration"])
            channels = [float(row[f"{name}_channel"]) for name in ("fret", "donor", "acceptor")]
            wells.setdefault((kind, molar), []).append(channels)
    x = np.array(sorted({molar for _, molar in wells}))
    kinds = ("titration", "donor_only", "acceptor_only")
    both, donor, acceptor = (
        np.array([np.mean(wells[kind, molar], axis=0) for molar in x]).T for kind in kinds
    )
    signal = both[0] - both[1] * donor[0] / donor[1] - both[2] * acceptor[0] / acceptor[2]
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return x, signal - signal.min(), expected


def titrated(x, signal, partner):
    wells = tuple(
        Well(
            "fret", "plate", well_name(i // 12, i % 12), Treatment(Role.COMPOUND, "acceptor", molar), y, "RFU"
        )
        for i, (molar, y) in enumerate(zip(x.tolist(), signal.tolist(), strict=True))
    )
    experiment = Experiment(
        "fret", wells, Radioligand("", ""), conditions=Conditions("DNA", receptor_molar=partner)
    )
    assay = assays["titration"]
    return assay.run((experiment,), assay.settings())


def test_fret_the_quadratic_law_gives_the_published_kd_plateaus_and_sum_of_squares(fret):
    x, signal, expected = fret
    published = expected["documented_quadratic"]
    series = titrated(x, signal, PROBE).series[0]
    assert 1e9 * series.estimate("Kd").value == pytest.approx(published["kd"], abs=5e-4)
    free, span = series.estimate("free").value, series.estimate("span").value
    assert free == pytest.approx(published["signal_min"], abs=1e-3)
    assert free + span == pytest.approx(published["signal_max"], abs=5e-3)
    assert series.fit.sum_of_squares == pytest.approx(published["rss"], rel=1e-6)


def test_fret_the_hyperbola_gives_the_published_kd_two_and_a_half_times_as_high(fret):
    x, signal, expected = fret
    published = expected["documented"]
    result = titrated(x, signal, PROBE)
    plain = result.series[0].estimate("Kd by the hyperbola")
    assert 1e9 * plain.value == pytest.approx(published["kd"], abs=0.05)
    assert 1e9 * plain.se == pytest.approx(published["kd_error"], abs=0.05)
    sentence = result.pool("acceptor", "Kd").sentence
    assert "The partner is 3 times this Kd, so believe this one, of the quadratic law" in sentence
    assert "gives 4.28 nM, 2.6 times as much" in sentence


def test_fret_without_the_probe_concentration_there_is_the_hyperbola_and_a_word_of_warning(fret):
    x, signal, _ = fret
    result = titrated(x, signal, math.nan)
    assert 1e9 * result.series[0].estimate("Kd").value == pytest.approx(4.28, abs=0.01)
    assert "reads Kd high by about half of the partner" in result.pool("acceptor", "Kd").sentence


@pytest.fixture(scope="module")
def anisotropy(shared):
    """Volume of receptor preparation (uL) and anisotropy: total and nonspecific at 2 and 20 nM ligand, duplicates."""
    path = shared / "data" / "gpcr_fa_saturation" / "decoded.csv"
    with path.open(encoding="utf-8") as file:
        heads, *rows = list(csv.reader(file))
    values = np.array(rows, dtype=float)
    volume, curves = np.repeat(values[:, 0], 2), {}
    for place in range(1, len(heads), 2):
        curves[heads[place].rpartition(" ")[0]] = values[:, place : place + 2].ravel()
    return volume, curves


def together(anisotropy, receptor_per_ul, ligands=(2, 20)):
    """Total and nonspecific curves with one Kd and one span; each has its own free anisotropy, all one slope."""
    volume, found = anisotropy
    total = {2: "2 nM T", 20: "20 nM Tot"}
    curves = [
        Curve(volume * receptor_per_ul, found[name], label=name)
        for name in (*(total[nm] for nm in ligands), *(f"{nm} nM NS" for nm in ligands))
    ]
    own, none = (Shared(),) * len(ligands), (Fixed(0.0),) * len(ligands)
    sharing = {
        "log_partner": [Fixed(math.log10(nm * 1e-9)) for nm in ligands * 2],
        "log_kd": (*own, *none),
        "span": (*own, *none),
        "free": Individual(),
        "ns": Shared(),
    }
    law = catalog["quadratic_titration"]
    return fit(Problem(law, curves, sharing), options=Options(intervals="", response_level=1.0))


PER_UL = np.geomspace(1e-12, 1e-8, 33)  # receptor in the well (M) for each microlitre, which nobody states


@pytest.fixture(scope="module")
def profile(anisotropy):
    """The sum of squares and Kd of the fit of all four curves over the receptor concentration that is assumed."""
    fits = [together(anisotropy, one) for one in PER_UL]
    sums = np.array([one.sum_of_squares for one in fits])
    allowed = sums <= sums.min() * (1 + 3.96 / (fits[0].df - 1))  # F(1, 56; 0.95) / df
    return sums, np.array([10.0 ** one.value("log_kd") for one in fits]), allowed


def test_anisotropy_needs_depletion_to_be_counted(profile):
    """Total and nonspecific, two ligand concentrations, one Kd: without depletion half as much again is left over.

    No answer is published for these curves; the minimum over the unknown receptor concentration is ours.
    """
    sums, kds, _ = profile
    best = int(np.argmin(sums))
    assert sums[0] > 1.5 * sums[best]  # so little receptor that nothing is used up: the hyperbola
    assert sums[-1] > 1.2 * sums[best]
    assert 2e-10 < PER_UL[best] < 5e-10
    assert 3e-9 < kds[best] < 1e-8


def test_anisotropy_tells_kd_within_limits_only_for_it_hangs_on_the_receptor_in_a_microlitre(profile):
    """Microlitres are no concentration. Two ligand concentrations bound it threefold, and with it Kd, no better."""
    _, kds, allowed = profile
    assert allowed.any()
    assert 2 < PER_UL[allowed].max() / PER_UL[allowed].min() < 6
    assert 2e-9 < kds[allowed].min() < 5e-9 < kds[allowed].max() < 15e-9


def test_anisotropy_at_one_ligand_concentration_tells_no_kd_at_all(anisotropy):
    """At 2 nM alone every receptor concentration from there up describes the curve as well: Kd is not identified."""
    fits = [together(anisotropy, one, (2,)) for one in PER_UL[PER_UL > 2e-10]]
    sums = np.array([one.sum_of_squares for one in fits])
    assert sums.max() <= sums.min() * (1 + 4.2 / (fits[0].df - 1))
    kds = [one.value("log_kd") for one in fits]
    assert max(kds) - min(kds) > 1.3
