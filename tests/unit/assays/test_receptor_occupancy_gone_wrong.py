"""Occupancy: each signal gives the EC50 back, a wrong experiment raises its code alone, wrong input is refused."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.assays import catalog
from prusoff.assays._occupancy.bench import ATOMOXETINE, TRUTH
from prusoff.core.check import Severity
from prusoff.core.errors import InputError
from prusoff.core.estimate import Relation
from prusoff.core.experiment import Conditions, Experiment, Radioligand
from prusoff.core.fit import Outcome
from prusoff.core.plate import Role, Treatment, Well

ASSAY = catalog["receptor_occupancy"]
EC50 = 1e-7
PLASMA = (1e-8, 3e-8, 9e-8, 2.7e-7, 8.1e-7)
PLAIN = replace(ATOMOXETINE, ki={}, ic50={}, dosing=None)
PHANTOM = {"thalamus": 1.0, "midbrain": 0.5, "caudate": 0.2}


def scan(name, number, molar, readings, unit, se=math.nan):
    """The wells of one scan: readings by region."""
    what = Treatment(Role.COMPOUND, "atomoxetine", molar) if molar else Treatment(Role.TOTAL)
    return [
        Well(name, f"scan {number}", f"A{place:02d}", replace(what, region=region), value, unit, signal_se=se)
        for place, (region, value) in enumerate(readings.items(), start=1)
    ]


def subject(name, scans, unit, se=math.nan, known=PLAIN):
    """One subject; `scans` are (plasma mol/L, readings by region)."""
    wells = [
        well
        for number, (molar, readings) in enumerate(scans)
        for well in scan(name, number, molar, readings, unit, se)
    ]
    return Experiment(
        name, tuple(wells), Radioligand("", ""), conditions=Conditions("NET"), compounds=(known,)
    )


def percent(rng, n=4, noise=3.0, ec50=EC50, occmax=100.0, plasma=PLASMA, se=math.nan, known=PLAIN):
    """Subjects of which occupancies in % are stated."""
    found = []
    for number in range(n):
        own = ec50 * 10 ** (0.05 * rng.standard_normal())
        scans = [(c, {"": occmax * c / (c + own) + noise * rng.standard_normal()}) for c in plasma]
        found.append(subject(f"m{number}", scans, "%", se, known))
    return tuple(found)


def potentials(rng, n=4, noise=0.03, reference=False, plasma=PLASMA):
    """Subjects of which BPND in three regions, or VT with a cerebellum without sites, is stated."""
    found = []
    for number in range(n):
        own, free = EC50 * 10 ** (0.05 * rng.standard_normal()), 8.0
        scans = []
        for molar in (0.0, *plasma):
            left = own / (molar + own)
            values = {name: bound * left for name, bound in PHANTOM.items()}
            if reference:
                values = {name: free * (1 + bound) for name, bound in values.items()} | {"cerebellum": free}
            size = free if reference else 1.0
            scans.append(
                (
                    molar,
                    {name: value + noise * size * rng.standard_normal() for name, value in values.items()},
                )
            )
        found.append(
            subject(f"m{number}", scans, "VT" if reference else "BPND", noise * (free if reference else 1))
        )
    return tuple(found)


def analyse(experiments, **settings):
    return ASSAY.run(tuple(experiments), replace(ASSAY.example_settings, **settings))


def raised(result):
    return {flag.code for flag in result.flags if flag.severity in (Severity.WARN, Severity.FAIL)}


def ec50(result, name="EC50"):
    return result.pool("atomoxetine", name).estimate


@pytest.mark.parametrize(
    ("make", "settings"),
    [
        (percent, {}),
        (potentials, {}),
        (lambda rng: potentials(rng, noise=0.02, reference=True), {"reference_region": "cerebellum"}),
        (percent, {"hill_slope": "free", "occmax": "free"}),
    ],
)
def test_every_signal_gives_the_ec50_back(make, settings):
    errors, hits, codes = [], [], set()
    for seed in range(30):
        result = analyse(make(np.random.default_rng(seed)), **settings)
        found = ec50(result)
        errors.append(math.log10(found.value / EC50))
        hits.append(found.low < EC50 < found.high)
        codes |= raised(result)
    assert abs(np.mean(errors)) < 0.03
    assert np.mean(hits) >= 0.85
    assert codes <= {"W-OCC-REGION"}  # at 1 in 100 by chance


def test_regions_are_joined_by_what_they_tell():
    """A region that binds little says little: the others decide."""
    exact = [
        (c, {name: bound * EC50 / (c + EC50) for name, bound in PHANTOM.items()}) for c in (0.0, *PLASMA)
    ]
    off = [(c, {**values, "caudate": values["caudate"] * (1.15 if c else 1.0)}) for c, values in exact]
    result = analyse([subject(f"m{n}", off, "BPND", 0.03) for n in range(3)])
    assert ec50(result).value == pytest.approx(EC50, rel=0.02)


def test_occupancies_that_end_below_80_percent_are_told_by_both_laws():
    result = analyse(percent(np.random.default_rng(1), plasma=PLASMA[:4]))
    assert raised(result) == {"W-OCC-MAX"}
    names = {one.estimate.name for one in result.pooled}
    assert {"EC50", "EC50, Occmax free"} <= names


def test_a_plateau_below_100_percent_asks_for_its_own_maximum():
    result = analyse(percent(np.random.default_rng(2), ec50=2e-8, occmax=70.0, noise=2.0))
    assert ec50(result, "Occmax").value == pytest.approx(70, abs=3)
    assert ec50(result).value == pytest.approx(2e-8, rel=0.25)
    held = ec50(analyse(percent(np.random.default_rng(2), ec50=2e-8, occmax=70.0, noise=2.0), occmax="100"))
    assert held.value > 1.5 * ec50(result).value
    assert raised(result) == {"W-OCC-MAX"}


@pytest.mark.parametrize("ec", [3e-5, 1e-2])
def test_what_is_not_reached_is_a_bound_and_never_a_number(ec):
    result = analyse(percent(np.random.default_rng(3), ec50=ec, known=ATOMOXETINE))
    for name in ("EC50", "Ki in vivo", "unbound EC50", "EC50 by mass"):
        assert ec50(result, name).relation is Relation.ABOVE
    assert ec50(result).value == pytest.approx(PLASMA[-1])
    assert all(one.outcome is Outcome.CENSORED for one in result.series)
    (ratio,) = (one for one in result.ratios if one.name == "in vivo over in vitro")
    assert ratio.estimate.relation is Relation.ABOVE
    assert ratio.verdict == "only a bound"
    assert not any("Over 24 h" in note for note in result.notes)  # no course from a bound
    assert raised(result) == {"W-OCC-MAX"}


def test_sites_that_are_full_at_every_scan_give_a_bound_from_above():
    result = analyse(percent(np.random.default_rng(4), ec50=1e-11, noise=1.0, known=ATOMOXETINE))
    assert ec50(result).relation is Relation.BELOW
    assert ec50(result).value <= PLASMA[0] * 1.001
    (ratio,) = (one for one in result.ratios if one.name == "in vivo over in vitro")
    assert ratio.verdict.startswith("at least")


def test_more_binding_with_the_drug_than_at_baseline_is_seen():
    one, *others = percent(np.random.default_rng(5), se=3.0)
    wells = (replace(one.wells[0], signal=-45.0), *one.wells[1:])
    assert raised(analyse((replace(one, wells=wells), *others))) == {"W-OCC-NEG"}


def test_a_region_with_sites_of_another_target_is_seen():
    experiments = potentials(np.random.default_rng(6))
    spoiled = [
        replace(
            one,
            wells=tuple(
                replace(well, signal=0.2)
                if well.treatment.region == "caudate" and well.treatment.role is Role.COMPOUND
                else well
                for well in one.wells
            ),
        )
        for one in experiments
    ]
    assert raised(analyse(spoiled)) == {"W-OCC-REGION"}


def test_one_subject_says_nothing_of_others():
    result = analyse(percent(np.random.default_rng(7), n=1))
    assert raised(result) == {"W-OCC-N"}
    assert "nothing of other subjects" in result.pool("atomoxetine", "EC50").sentence


def test_a_baseline_that_is_hardly_known_is_seen():
    experiments = potentials(np.random.default_rng(8))
    vague = [
        replace(
            one,
            wells=tuple(
                replace(well, signal_se=0.5) if well.treatment.role is Role.TOTAL else well
                for well in one.wells
            ),
        )
        for one in experiments
    ]
    assert raised(analyse(vague)) == {"W-OCC-BASE"}


def test_a_misprinted_clearance_is_rejected():
    poor = replace(ATOMOXETINE.dosing, clearance=0.3 / 3600, half_life_s=21.6 * 3600, bioavailability=0.94)
    result = analyse(percent(np.random.default_rng(9), known=replace(PLAIN, dosing=poor)))
    assert raised(result) == {"W-VOLUME"}
    right = replace(poor, clearance=0.03 / 3600)
    assert not raised(analyse(percent(np.random.default_rng(9), known=replace(PLAIN, dosing=right))))


def test_a_discrepancy_with_the_bench_is_shown_with_its_causes_and_left_standing():
    result = analyse(percent(np.random.default_rng(10), ec50=388e-9, known=ATOMOXETINE))
    wrong = replace(ATOMOXETINE, ki={"NET": ATOMOXETINE.ki["SERT"]})
    result = analyse(
        percent(np.random.default_rng(10), ec50=3.88e-7, plasma=tuple(3 * c for c in PLASMA), known=wrong)
    )
    assert raised(result) == {"W-VIVO"}
    (ratio,) = (one for one in result.ratios if one.name == "in vivo over in vitro")
    assert math.log10(ratio.estimate.value) == pytest.approx(-1.15, abs=0.08)
    for words in ("4-hydroxyatomoxetine", "fraction unbound", "competition", "Kp,uu", "not resolved"):
        assert words in ratio.sentence


def test_without_a_free_fraction_nothing_unbound_is_said_and_without_kp_uu_its_range_counts():
    bare = replace(ATOMOXETINE, fraction_unbound=None)
    result = analyse(percent(np.random.default_rng(11), known=bare))
    assert {one.estimate.name for one in result.pooled} == {"EC50", "EC50 by mass"}
    assert any("is not stated" in note for note in result.notes)
    told = analyse(percent(np.random.default_rng(11), known=ATOMOXETINE))
    unknown = analyse(percent(np.random.default_rng(11), known=replace(ATOMOXETINE, kp_uu=None)))
    narrow, wide = ec50(told, "Ki in vivo"), ec50(unknown, "Ki in vivo")
    assert wide.value == pytest.approx(narrow.value / 0.7)
    assert wide.high / wide.low > narrow.high / narrow.low
    assert any("taken as 1" in note for note in unknown.notes)


def test_a_bench_constant_of_another_target_is_named_and_not_used():
    result = analyse(percent(np.random.default_rng(17), known=ATOMOXETINE))
    assert [note for note in result.notes if "no scan looked at SERT" in note]
    assert sum(one.name == "in vivo over in vitro" for one in result.ratios) == 1


def test_wells_without_a_counterpart_are_set_aside_with_the_reason():
    one, *others = potentials(np.random.default_rng(12))
    wells = tuple(
        replace(well, set_aside="moved")
        if well.treatment.region == "caudate" and well.treatment.role is Role.TOTAL
        else replace(well, treatment=replace(well.treatment, role=Role.WASH))
        if well.plate == "scan 5"
        else well
        for well in one.wells
    )
    result = analyse((replace(one, wells=wells), *others))
    reasons = {well.set_aside for well in result.experiments[0].wells if not well.used}
    assert reasons == {
        "moved",
        "this region has no baseline in this subject",
        "the role 'wash' has no meaning for occupancy",
    }
    assert sum(result.rows[1:]) == result.rows[0]


def test_the_occupancy_stands_beside_every_well():
    result = analyse(potentials(np.random.default_rng(13)))
    extras = [well.extra for well in result.experiments[0].wells if well.treatment.role is Role.COMPOUND]
    assert all({"occupancy (%)", "occupancy of the scan (%)"} <= set(extra) for extra in extras)
    assert 80 < float(extras[-3]["occupancy (%)"]) < 100
    assert extras[-3]["occupancy of the scan (%)"].count("±") == 1


def without_baseline(experiments):
    return [
        replace(one, wells=tuple(well for well in one.wells if well.treatment.role is not Role.TOTAL))
        for one in experiments
    ]


def changed(experiments, **what):
    one, *others = experiments
    first = replace(one.wells[-1], treatment=replace(one.wells[-1].treatment, **what))
    return (replace(one, wells=(*one.wells[:-1], first)), *others)


@pytest.mark.parametrize(
    ("spoil", "settings", "said"),
    [
        (lambda some: [replace(one, wells=tuple(replace(w, unit="cpm") for w in one.wells)) for one in some], {},
         "an occupancy is read from BPND, VT or %"),
        (without_baseline, {}, "there is no baseline scan"),
        (lambda some: changed(some, region="thalamus"), {}, "stands twice in one scan"),
        (lambda some: changed(some, concentration_molar=math.nan), {}, "no concentration in plasma"),
        (lambda some: some, {"reference_region": "cerebellum"}, "Take it out"),
        (lambda some: some, {"level": 0.2}, "no confidence level"),
    ],
)  # fmt: skip
def test_wrong_input_is_refused(spoil, settings, said):
    assert said in analyse_or_error(spoil(potentials(np.random.default_rng(14))), settings)


def analyse_or_error(experiments, settings):
    with pytest.raises(InputError) as failure:
        analyse(experiments, **settings)
    return str(failure.value)


def test_volumes_need_regions_or_a_reference():
    experiments = potentials(np.random.default_rng(15), reference=True)
    two = [
        replace(one, wells=tuple(w for w in one.wells if w.treatment.region in ("thalamus", "caudate")))
        for one in experiments
    ]
    assert "at least 3" in analyse_or_error(two, {})
    assert "Did you mean 'cerebellum'" in analyse_or_error(experiments, {"reference_region": "cerebelum"})


def test_too_few_scans_make_no_curve_and_say_so():
    result = analyse(percent(np.random.default_rng(16), n=2, plasma=PLASMA[:1]))
    assert {one.outcome for one in result.series} == {Outcome.FAILED}
    assert "make no curve" in result.series[0].reason
    assert not result.pooled
    assert "W-OUT" in raised(result)


def test_the_truth_of_the_example_is_that_of_the_seed_document():
    assert TRUTH["EC50 of atomoxetine at NET"] == pytest.approx(121.4e-9, rel=1e-3)
    assert TRUTH["EC50 of atomoxetine at SERT"] == pytest.approx(387.7e-9, rel=1e-3)
