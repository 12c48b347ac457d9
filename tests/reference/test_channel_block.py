"""Block of currents against published numbers: S24, clinical drugs at seven currents (CiPA), onset at hERG (Milnes)."""

import csv
import json
import math
from collections import defaultdict

import numpy as np
import pytest

from prusoff.assays._channel_block.cells import FULL
from prusoff.assays.channel_block import Settings, channel_block
from prusoff.core.check import Severity
from prusoff.core.curves import Curve
from prusoff.core.experiment import Conditions, Experiment, Radioligand
from prusoff.core.plate import Role, Treatment, Well
from prusoff.fitting.problem import Between
from prusoff.fitting.solve import Options, fit_curve

# how another file of the same measurements calls the currents, and writes the drugs
SAME_CURRENT = {"Calcium": "ICaL", "Kv4.3": "Ito", "Peak sodium": "INa", "Late sodium": "INaL"}
DECADES = 3.0  # IC50 are sought so far outside the tested range: a published optimum beyond is not looked for
STEEPEST = 5.0


def run(experiments, **settings):
    return channel_block.run(tuple(experiments), Settings(**settings))


def current_of(name, rows, columns):
    """One current with its rows: percent of block, nobody says of which cell."""
    drug, molar = columns
    wells = tuple(
        Well(
            name,
            "",
            f"row {number}",
            Treatment(Role.COMPOUND, row[drug].lower(), float(row[molar]) * 1e-9, end_point="peak"),
            math.nan if row["block"] == "NA" else float(row["block"]),
            "%",
        )
        for number, row in rows
    )
    return Experiment(name, wells, Radioligand("", ""), conditions=Conditions(name), member=name)


def currents(path, columns):
    found = defaultdict(list)
    with path.open(encoding="utf-8") as text:
        for number, row in enumerate(csv.DictReader(text), start=2):
            found[SAME_CURRENT.get(row["channel"], row["channel"])].append((number, row))
    return [current_of(name, rows, columns) for name, rows in found.items()]


@pytest.fixture(scope="module")
def published(shared):
    return json.loads((shared / "data" / "patch_cipa" / "expected.json").read_text(encoding="utf-8"))["drugs"]


@pytest.fixture(scope="module")
def analysed(shared):
    return run(currents(shared / "data" / "patch_cipa" / "drug_block.csv", ("drug", "conc")), signal="block")


def fit_of(result, drug, current):
    return next(one for one in result.series if one.subject == f"{drug} (peak) at {current}").fit


def range_of(fit):
    x = np.concatenate([curve.data.x for curve in fit.curves])
    return float(x.min()), float(x.max())


def pairs(published, has=None):
    return [
        (drug, current, found)
        for drug, those in published.items()
        for current, found in those.items()
        if has is None or found.get(has)
    ]


def within_reach(found, fit):
    """Whether an optimum lies where this law looks for it."""
    log, slope = math.log10(found["IC50_nM"]) - 9.0, found["hill"]
    low, high = range_of(fit)
    return low - DECADES < log < high + DECADES and slope < STEEPEST and found["IC50_nM"] < 1e9


def test_every_row_is_kept(analysed):
    assert analysed.rows == (1331, 1328, 3)  # three readings of ranolazine at Ito are not there
    assert {well.set_aside for cell in analysed.experiments for well in cell.wells} == {
        "",
        "there is no reading",
    }
    assert "every row is taken as one cell" in analysed.notes[0]


def test_the_published_optimum_of_the_same_model(analysed, published):
    """log10 IC50 within 0.02 of the optimum of the FDA, all 35.

    Where it lies more than three decades beyond the test the assay gives a bound, and the optimum is met once the
    limits of the search are moved there.
    """
    off, beyond = {}, []
    for drug, current, found in pairs(published, "fda_optimal"):
        fit = fit_of(analysed, drug, current)
        if not within_reach(found["fda_optimal"], fit):
            beyond.append((drug, current))
            continue
        off[drug, current] = fit.value("log_ic50") - math.log10(found["fda_optimal"]["IC50_nM"]) + 9.0
    assert len(off) == 30
    assert max(map(abs, off.values())) < 1e-3  # of numbers printed in four figures
    # optima that stand where nothing was measured: a thousand times and more the highest concentration
    assert beyond == [
        ("chlorpromazine", "Ito"), ("dofetilide", "INaL"), ("quinidine", "IK1"), ("ranolazine", "IKs"),
        ("sotalol", "INa"),
    ]  # fmt: skip
    for drug, current in beyond:
        assert analysed.pool(f"{drug} (peak) at {current}", "IC50").estimate.relation.value == ">"
        optimum = published[drug][current]["fda_optimal"]
        found = searched_everywhere(fit_of(analysed, drug, current))
        assert found.value("log_ic50") == pytest.approx(math.log10(optimum["IC50_nM"]) - 9.0, abs=1e-3)
        assert found.value("hill_slope") == pytest.approx(optimum["hill"], abs=1e-3)


def searched_everywhere(fit):
    """The same points with the limits of the search moved far away, as the published search had them."""
    points = [np.concatenate([getattr(curve.data, axis) for curve in fit.curves]) for axis in "xy"]
    limits = {"log_ic50": Between(-15.0, 1.0), "hill_slope": Between(1e-4, 10.0)}
    return fit_curve(
        fit.equation,
        Curve(*points),
        sharing={**limits, **fit.fixed},
        options=Options(intervals="", response_level=1.0),
    )


def test_the_interval_overlaps_the_published_one(analysed, published):
    """Beside the 95 % interval of the FDA (MCMC); a bound must leave room for it."""
    for drug, current, found in pairs(published, "fda_mcmc_2000"):
        low, high = (found["fda_mcmc_2000"]["IC50_nM"][side] * 1e-9 for side in ("q2_5", "q97_5"))
        estimate = analysed.pool(f"{drug} (peak) at {current}", "IC50").estimate
        if estimate.relation.value == ">":
            assert high > estimate.value, (drug, current)
        else:
            assert estimate.relation.value == "="
            assert estimate.low < high, (drug, current)
            assert estimate.high > low, (drug, current)
            assert 0.5 < math.log(estimate.high / estimate.low) / math.log(high / low) < 2.0, (drug, current)


def test_least_squares_of_every_pair(analysed, published):
    """All drugs and currents, those without a published answer too, beside bounded least squares of scipy."""
    compared = 0
    for drug, current, found in pairs(published):
        one, fit = found["least_squares"], fit_of(analysed, drug, current)
        if within_reach(one, fit) and not fit.at_bounds:
            assert fit.value("log_ic50") == pytest.approx(math.log10(one["IC50_nM"]) - 9.0, abs=2e-4), (
                drug,
                current,
            )
            assert fit.value("hill_slope") == pytest.approx(one["hill"], abs=2e-3), (drug, current)
            compared += 1
        estimate = analysed.pool(f"{drug} (peak) at {current}", "IC50").estimate
        # what the fitted curve does not pass in the range tested is a bound, and nothing else is
        assert (estimate.relation.value == ">") == one["extrapolated"], (drug, current)
    assert compared == 78  # the others stand outside the limits of the law, of IC50 or of slope


def test_other_names_of_the_same_currents(shared, analysed):
    """The merged file writes Calcium, Kv4.3, Peak sodium, Late sodium: the same rows, the same answers."""
    merged = run(
        currents(shared / "data" / "patch_cipa" / "mergedpatchclampdata.csv", ("Drug", "Conc")),
        signal="block",
    )
    ours = {one.subject: one.estimate for one in analysed.pooled if one.estimate.name == "IC50"}
    theirs = {one.subject: one.estimate for one in merged.pooled if one.estimate.name == "IC50"}
    shared_names = [name for name in ours if not name.endswith("hERG")]  # hERG was measured anew
    assert len(shared_names) == 96
    for name in shared_names:
        assert theirs[name].value == pytest.approx(ours[name].value, rel=1e-9)


MILNES = {"dofetilide": (1, 3, 10, 30), "verapamil": (30, 100, 300, 1000)}
PULSES, EVERY_S = 10, 9.9
LAST = 50  # samples of 10 ms: the last 500 ms of a pulse


def pulses(shared, drug):
    """The mean of the cells as one cell: percent of the control left at the end of each of ten depolarisations."""
    wells = []
    for nanomolar in MILNES[drug]:
        path = shared / "data" / "patch_herg_milnes" / f"drug-{drug}-conc-{nanomolar}-Milnes.csv"
        trace = np.loadtxt(path, delimiter=",", skiprows=1)[:, 1]
        for pulse, part in enumerate(np.split(trace, PULSES), start=1):
            what = Treatment(
                Role.COMPOUND, drug, nanomolar * 1e-9, time_s=EVERY_S * pulse, end_point="plateau"
            )
            wells.append(Well("mean", "", f"{nanomolar} nM {pulse}", what, FULL * part[-LAST:].mean(), "%"))
    return Experiment("mean of the cells", tuple(wells), Radioligand("", ""), conditions=Conditions("hERG"))


@pytest.mark.parametrize("drug", MILNES)
def test_the_steady_fraction_of_the_milnes_protocol(shared, drug):
    """The fraction left in the last 500 ms of the last pulse, from the traces to the reading of the assay."""
    expected = json.loads(
        (shared / "data" / "patch_herg_milnes" / "expected.json").read_text(encoding="utf-8")
    )
    result = run([pulses(shared, drug)], signal="left", last_sweeps=1)
    (series,) = result.series
    found = dict(zip(np.round(10 ** (series.points[0].x + 9)).astype(int), series.points[0].y, strict=True))
    for nanomolar, left in expected["drugs"][drug]["mean_fraction_last_500ms"].items():
        assert 1.0 - found[int(nanomolar)] / FULL == pytest.approx(left, rel=1e-9)


def test_a_trapped_drug_is_not_read_too_early(shared):
    """Dofetilide blocks hERG slowly: ten pulses of 1 and 3 nM do not reach the steady block, and it is said."""
    result = run([pulses(shared, "dofetilide")], signal="left", last_sweeps=1)
    late = next(flag for flag in result.flags if flag.code == "W-BLK-LATE")
    assert late.severity is Severity.WARN
    ic50 = result.pool("dofetilide (plateau)", "IC50").estimate
    assert 5.332e-9 * 0.8 < ic50.value < 7.208e-9  # CiPA: 6.1 nM (5.3 to 7.2)
    quick = run([pulses(shared, "verapamil")], signal="left", last_sweeps=1)
    (verapamil,) = (flag for flag in quick.flags if flag.code == "W-BLK-LATE")
    assert verapamil.number > late.number


def test_onset_is_faster_at_higher_concentrations(shared):
    from prusoff.assays._channel_block.cells import Reading, blocked_cells
    from prusoff.assays._channel_block.onset import onsets

    cells, _ = blocked_cells(pulses(shared, "dofetilide"), Reading("left", 1), several=False)
    constants = [one.time_constant for one in onsets(cells)]
    assert len(constants) == 4
    assert constants == sorted(constants, reverse=True)
    assert 8.0 < constants[-1] < 20.0  # s at 30 nM: about one pulse


def test_s24(science_cases):
    """Inhibition of one cell corrected for leak and run-down, and the IC50 that slope 1 makes of it."""
    case = science_cases["S24"]
    given, expected = case["inputs"], case["expected"]

    def sweep(role, current, time, molar=math.nan):
        what = Treatment(role, "x" if role is Role.COMPOUND else "", molar, time_s=time, end_point="peak")
        return Well(
            "cell", "", str(time), what, current * 1e-12, "A", quality={"leak": given["leak_pA"] * 1e-12}
        )

    cell = Experiment(
        "cell",
        (
            sweep(Role.TOTAL, given["I_control_pre_pA"], given["t_pre_s"]),
            sweep(Role.COMPOUND, given["I_drug_pA"], given["t_drug_s"], given["drug_uM"] * 1e-6),
            sweep(Role.WASH, given["I_control_post_pA"], given["t_post_s"]),
        ),
        Radioligand("", ""),
    )
    for shape in ("linear", "exponential"):
        result = run([cell], rundown=shape, subtract_leak=True)
        (series,) = result.series
        assert series.points[0].y[0] == pytest.approx(
            expected[f"inhibition_percent_{shape}"], rel=case["rtol"]
        )
        if shape == "linear":
            about = series.estimate("IC50 if nH = 1").value
            assert about * 1e6 == pytest.approx(expected["IC50_single_point_nH1_uM"], rel=case["rtol"])
        assert str(result.pool("x (peak)", "IC50").estimate) == "IC50 < 10.0 µM"
