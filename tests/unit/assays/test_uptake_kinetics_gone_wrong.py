"""Uptake over substrate that goes wrong on a simulated bench: which check speaks, and in which words it ends."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.assays import catalog
from prusoff.assays._uptake_kinetics.bench import BENCH, SUBSTRATE, TRUTH, experiment_of
from prusoff.core.check import Severity
from prusoff.core.errors import InputError, LayoutError
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.plate import Role, Treatment, Well, well_name
from prusoff.simulation.carrier import Carrier, count_uptake

ASSAY = catalog["uptake_kinetics"]
GOOD = tuple(1e-9 * one for one in (30, 75, 150, 300, 600, 1200, 2500, 5000))
CARRIER = Carrier(TRUTH[f"Vmax of {SUBSTRATE}"], TRUTH[f"Km of {SUBSTRATE}"], TRUTH["nonsaturable"])


def day(
    substrates=GOOD,
    carrier=CARRIER,
    label=lambda substrate: 2e-8,
    protein=30e-6,
    seconds=180.0,
    background=Role.NSB,
    seed=3,
):
    """One day: three wells with and three without carrier at every concentration of substrate."""
    rng = np.random.default_rng(seed)
    treatments = [
        Treatment(role, radioligand_molar=label(substrate), substrate_molar=substrate)
        for substrate in substrates
        for role in (Role.TOTAL, background)
        for _ in range(3)
    ]
    counts = count_uptake(treatments, carrier, BENCH, (protein, seconds), rng)
    wells = tuple(
        Well("day 1", "plate 1", well_name(index % 8, index // 8), one, float(count), "counts", 300.0)
        for index, (one, count) in enumerate(zip(treatments, counts, strict=True))
    )
    made = experiment_of(1, wells, rng)
    conditions = replace(made.conditions, protein_g=protein, incubation_s=seconds)
    return replace(made, conditions=conditions)


def analysed(*experiments):
    return ASSAY.run(experiments or (day(),), ASSAY.example_settings)


def warned(result):
    return {one.code for one in result.flags if one.severity in (Severity.WARN, Severity.FAIL)}


def changed(experiment, change):
    return replace(experiment, wells=tuple(map(change, experiment.wells)))


def with_law(experiment, law, cv=0.02, seed=5):
    """The same day whose total wells read what this law of the substrate says (as a velocity) above the others."""
    rng = np.random.default_rng(seed)
    blocked = [well.signal for well in experiment.wells if well.treatment.role is Role.NSB]

    def change(well):
        what = well.treatment
        if what.role is not Role.TOTAL:
            return well
        level = float(np.mean(blocked)) + 3e5 * 2e-8 / what.substrate_molar * law(what.substrate_molar)
        return replace(well, signal=float(rng.poisson(level * (1 + cv * rng.standard_normal()))))

    return changed(experiment, change)


def test_nothing_is_wrong_to_begin_with():
    result = analysed()
    assert warned(result) == set()
    assert result.series[0].outcome is Outcome.OK
    for name in ("Km", "Vmax"):
        estimate = result.pool(SUBSTRATE, name).estimate
        assert estimate.value == pytest.approx(TRUTH[f"{name} of {SUBSTRATE}"], rel=0.08)


def test_substrate_that_is_all_label_gives_the_same_km_and_its_own_background():
    """Where the label grows the background can be told from uptake that does not saturate."""
    diluted, pure = analysed(), analysed(day(label=lambda substrate: substrate))
    assert "background" in {one.name for one in pure.series[0].estimates}
    assert "background" not in {one.name for one in diluted.series[0].estimates}
    assert pure.pool(SUBSTRATE, "Km").estimate.value == pytest.approx(4.57e-7, rel=0.1)
    assert pure.pool(SUBSTRATE, "Vmax").estimate.value == pytest.approx(3e-10, rel=0.1)


def test_substrate_far_below_km_gives_a_bound_of_km_and_of_vmax():
    result = analysed(day(tuple(1e-9 * one for one in (22, 25, 30, 40, 50, 60))))
    assert warned(result) <= {"W-MM-TOP", "W-OUT"}
    assert "W-MM-TOP" in warned(result)
    km, vmax = (result.pool(SUBSTRATE, name).estimate for name in ("Km", "Vmax"))
    assert result.series[0].outcome is Outcome.CENSORED
    assert (km.relation, vmax.relation) == (Relation.ABOVE, Relation.ABOVE)
    assert km.value < 4.57e-7
    assert vmax.value < 3e-10


def test_substrate_far_above_km_hides_the_rise():
    high = tuple(1e-6 * one for one in (2, 3, 4, 6, 8, 10))
    result = analysed(day(high, label=lambda substrate: 2e-7))
    assert "W-MM-LOW" in warned(result)
    assert "W-MM-TOP" not in warned(result)


def test_few_concentrations_are_said():
    assert warned(analysed(day(tuple(1e-9 * one for one in (50, 300, 1200, 5000))))) == {"W-MM-N"}
    result = analysed(day((1e-7, 1e-6)))
    assert result.series[0].outcome is Outcome.FAILED
    assert "at least 3" in result.series[0].reason
    assert result.series[0].estimates == ()


def test_used_up_substrate_is_seen_and_raises_km():
    result = analysed(day(protein=250e-6, seed=1))
    assert warned(result) == {"W-SUBDEP"}
    assert result.pool(SUBSTRATE, "Km").estimate.low > 4.57e-7


def test_substrate_inhibition_is_seen():
    def law(substrate):
        return substrate / (4e-7 + substrate + substrate**2 / 3e-6)

    result = analysed(with_law(day(), law))
    flag = next(one for one in result.flags if one.code == "W-MM-SHAPE")
    assert flag.severity is Severity.WARN
    assert "substrate inhibition" in flag.sentence


def test_a_sigmoid_is_seen():
    result = analysed(with_law(day(), lambda s: s**2 / (2e-7**2 + s**2)))
    flag = next(one for one in result.flags if one.code == "W-MM-SHAPE")
    assert flag.severity is Severity.WARN
    assert "Hill slope of" in flag.sentence


def test_no_carrier_gives_neither_km_nor_vmax():
    none = analysed(day(carrier=replace(CARRIER, vmax_mol_per_g_s=0.0)))
    swap = {Role.TOTAL: Role.NSB, Role.NSB: Role.TOTAL}
    swapped = analysed(
        changed(
            day(),
            lambda well: replace(well, treatment=replace(well.treatment, role=swap[well.treatment.role])),
        )
    )
    for result in (none, swapped):
        (series,) = result.series
        assert series.outcome is Outcome.FAILED
        assert "No carrier-mediated uptake is seen" in series.reason
        assert series.estimates == ()
        assert result.pooled == ()
        assert "W-OUT" in warned(result)


def test_a_dead_counter_gives_nothing():
    result = analysed(changed(day(), lambda well: replace(well, signal=500.0)))
    assert result.series[0].outcome is Outcome.FAILED
    assert "All wells read the same" in result.series[0].reason


def test_wells_at_4_degrees_are_the_background_where_no_blocker_is():
    result = analysed(day(background=Role.ICE))
    assert result.pool(SUBSTRATE, "Km").estimate.value == pytest.approx(4.57e-7, rel=0.08)
    assert any("4 °C" in step.sentence for step in result.steps)


def test_two_backgrounds_that_disagree_are_said_and_only_the_blocker_is_fitted():
    one = day()

    def cold(well):
        if well.treatment.role is Role.NSB and int(well.position[1:]) % 2:
            what = replace(well.treatment, role=Role.ICE)
            return replace(well, treatment=what, signal=well.signal + 5000.0)
        return well

    result = analysed(changed(one, cold))
    assert "W-BG" in warned(result)
    assert result.pool(SUBSTRATE, "Km").estimate.value == pytest.approx(4.57e-7, rel=0.1)
    assert any("take no part in the fit" in note for note in result.notes)


def test_wells_with_more_protein_take_up_more_and_are_put_right():
    plain = day()

    def twice(well):
        thick = int(well.position[1:]) % 2 == 0
        what = replace(well.treatment, protein_g=60e-6 if thick else 30e-6)
        return replace(well, treatment=what, signal=well.signal * 2 - 100.0 if thick else well.signal)

    km = analysed(plain).pool(SUBSTRATE, "Km").estimate.value
    result = analysed(changed(plain, twice))
    assert result.pool(SUBSTRATE, "Km").estimate.value == pytest.approx(km, rel=0.03)
    assert result.pool(SUBSTRATE, "Vmax").estimate.value == pytest.approx(3e-10, rel=0.08)


def test_without_protein_and_cells_vmax_is_per_well_and_without_efficiency_in_counts():
    one = day()
    bare = replace(one, conditions=replace(one.conditions, protein_g=math.nan, cells=math.nan))
    assert analysed(bare).pool(SUBSTRATE, "Vmax").estimate.unit == "mol/s"
    blind = replace(one, counting=replace(one.counting, efficiency=math.nan))
    result = analysed(blind)
    assert result.pool(SUBSTRATE, "Vmax").estimate.unit == "cpm"
    assert any("a velocity needs the counting efficiency" in note for note in result.notes)
    assert result.pool(SUBSTRATE, "Km").estimate.value == pytest.approx(4.57e-7, rel=0.1)


def test_turnover_needs_the_sites_of_a_well():
    one = day()
    sites = replace(one, conditions=replace(one.conditions, receptor_molar=1e-9))
    turnover = analysed(sites).pool(SUBSTRATE, "turnover").estimate
    # 3e-10 mol/(g s) x 30e-6 g over 1e-9 mol/L x 200e-6 L
    assert turnover.value == pytest.approx(3e-10 * 30e-6 / (1e-9 * 200e-6), rel=0.08)
    assert turnover.unit == "1/s"
    assert "turnover" not in {one.name for one in analysed().series[0].estimates}


def test_wells_that_hold_a_compound_are_set_aside_with_a_reason():
    def inhibited(well):
        what = replace(well.treatment, role=Role.COMPOUND, compound="x", concentration_molar=1e-6)
        return replace(well, treatment=what) if well.position == "A01" else well

    result = analysed(changed(day(), inhibited))
    assert result.rows == (48, 47, 1)
    assert "which Km and Vmax do not look at" in result.experiments[0].wells[0].set_aside


def test_the_fold_between_two_variants_is_told():
    one, two = day(seed=1), day(seed=2, carrier=replace(CARRIER, vmax_mol_per_g_s=1.5e-10))
    mutant = replace(two, name="day 2", conditions=replace(two.conditions, variant="S438T"))
    result = analysed(one, mutant)
    folds = {ratio.name: ratio for ratio in result.ratios}
    vmax = folds["fold Vmax"]
    assert (vmax.subject, vmax.reference) == (f"{SUBSTRATE} at NET S438T", f"{SUBSTRATE} at NET")
    assert vmax.estimate.low < 0.5 < vmax.estimate.high
    assert folds["fold shift"].estimate.low < 1.0 < folds["fold shift"].estimate.high


@pytest.mark.parametrize(
    ("spoil", "error", "words"),
    [
        ({"substrate_molar": 1e-9}, InputError, "the whole substrate is less than its labelled part"),
        ({"radioligand_molar": 0.0}, InputError, "the labelled substrate of the well is not stated"),
        ({"role": Role.TOTAL}, LayoutError, "there are no wells without carrier-mediated uptake"),
        ({"role": Role.NSB}, LayoutError, "there are no total wells"),
    ],
)
def test_wrong_input_is_refused_with_what_to_do(spoil, error, words):
    with pytest.raises(error) as caught:
        analysed(changed(day(), lambda well: replace(well, treatment=replace(well.treatment, **spoil))))
    assert words in str(caught.value)
    assert all(problem.fix for problem in caught.value.problems)
    assert "day 1" in str(caught.value)


def test_an_uptake_beyond_its_linear_phase_is_said():
    assert warned(ASSAY.run((day(),), replace(ASSAY.example_settings, usable_minutes=2.0))) == {"W-LIN"}
    assert warned(ASSAY.run((day(),), replace(ASSAY.example_settings, usable_minutes=4.0))) == set()


def test_velocities_are_told_by_what_is_asked_for():
    result = ASSAY.run((day(),), replace(ASSAY.example_settings, per="cells"))
    vmax = result.pool(SUBSTRATE, "Vmax").estimate
    assert vmax.unit == "mol/cell/s"
    assert vmax.value == pytest.approx(3e-10 * 30e-6 / 1e5, rel=0.08)
