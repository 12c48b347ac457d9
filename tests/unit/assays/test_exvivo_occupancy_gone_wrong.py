"""Ex vivo occupancy: milligrams in a column of grams, parts that are missing, vehicle that scatters, too few doses."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.assays import catalog
from prusoff.assays._exvivo.bench import TRUTH, simulate
from prusoff.core.check import Severity
from prusoff.core.errors import InputError, LayoutError
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.plate import Role

ASSAY = catalog["exvivo_occupancy"]


def study(seed=1, **truth):
    return simulate({**TRUTH, **truth}, seed)


def analyse(experiments, **settings):
    return ASSAY.run(tuple(experiments), replace(ASSAY.example_settings, **settings))


def raised(result):
    return {flag.code for flag in result.flags if flag.severity in (Severity.WARN, Severity.FAIL)}


def treated(experiment, **what):
    return replace(
        experiment,
        wells=tuple(replace(well, treatment=replace(well.treatment, **what)) for well in experiment.wells),
    )


def dose_of(experiment):
    return experiment.wells[0].treatment.dose_g_per_kg


def test_the_interval_covers_and_every_animal_counts_once():
    found = [analyse(study(seed)).pool("blocker", "ED50") for seed in range(60)]
    assert {one.n for one in found} == {20}
    errors = [math.log10(one.estimate.value / TRUTH["ED50 of blocker"]) for one in found]
    assert abs(np.mean(errors)) < 0.02
    assert np.mean([one.estimate.low < TRUTH["ED50 of blocker"] < one.estimate.high for one in found]) > 0.87
    assert found[0].estimate.unit == "g/kg"
    assert found[0].p_estimate is None


def test_a_column_of_grams_that_holds_milligrams_fails():
    grams = [
        replace(
            one,
            wells=tuple(
                replace(well, treatment=replace(well.treatment, tissue_g=1e3 * well.treatment.tissue_g))
                for well in one.wells
            ),
        )
        for one in study()
    ]
    result = analyse(grams)
    assert raised(result) == {"W-TISSUE"}
    (flag,) = (one for one in result.flags if one.code == "W-TISSUE")
    assert flag.severity is Severity.FAIL
    assert "milligrams" in flag.sentence
    right = analyse(study()).pool("blocker", "ED50").estimate.value
    assert result.pool("blocker", "ED50").estimate.value == pytest.approx(
        right
    )  # a ratio does not know the unit


def test_a_piece_without_mass_is_set_aside_and_so_are_pieces_without_their_reference():
    one, two, *others = study()
    bare = replace(one.wells[0], treatment=replace(one.wells[0].treatment, tissue_g=math.nan))
    no_reference = tuple(
        replace(well, set_aside="tube broken") if well.treatment.region == "cerebellum" else well
        for well in two.wells
    )
    result = analyse((replace(one, wells=(bare, *one.wells[1:])), replace(two, wells=no_reference), *others))
    reasons = [
        well.set_aside for experiment in result.experiments[:2] for well in experiment.wells if not well.used
    ]
    assert reasons == [
        "the mass of the piece is not stated",
        *["the reference region 'cerebellum' of this animal was not read"] * 2,
        "tube broken",
    ]
    assert sum(result.rows[1:]) == result.rows[0]


def with_more(experiment):
    """The same animal with 1.6 times as much in its cortex."""
    wells = (
        well if well.treatment.region == "cerebellum" else replace(well, signal=1.6 * well.signal)
        for well in experiment.wells
    )
    return replace(experiment, wells=tuple(wells))


def test_vehicle_animals_that_scatter_are_seen():
    experiments = study()
    odd = [with_more(one) if number < 2 else one for number, one in enumerate(experiments)]
    assert raised(analyse(odd)) == {"W-OCC-VEH"}


def test_doses_that_end_early_give_a_bound():
    low = [one for one in study(3) if not dose_of(one) > 5e-4]
    few = analyse(low)
    assert few.series[0].outcome is Outcome.FLAGGED
    assert "Occupancies without a curve" in few.series[0].reason
    assert {one.estimate.name for one in few.pooled} == {"occupancy, 0.1 mg/kg", "occupancy, 0.4 mg/kg"}
    weak = analyse(study(4, **{"ED50 of blocker": 0.04}))
    assert weak.pool("blocker", "ED50").estimate.value == pytest.approx(15e-3)
    assert weak.pool("blocker", "ED50").estimate.relation is Relation.ABOVE
    assert raised(weak) == {"W-OCC-MAX"}
    none = analyse(study(4, **{"ED50 of blocker": 0.5}))
    assert none.series[0].outcome is Outcome.NO_RESPONSE
    assert all(one.estimate.low < 10 for one in none.pooled)  # occupancies of the groups, and no ED50


def test_a_plateau_asks_for_its_own_maximum():
    result = analyse(study(5, occmax=0.6, animal_sd=0.05))
    assert result.pool("blocker", "ED50").estimate.value == pytest.approx(TRUTH["ED50 of blocker"], rel=0.3)
    held = analyse(study(5, occmax=0.6, animal_sd=0.05), occmax="100")
    assert held.pool("blocker", "ED50").estimate.value > 2 * TRUTH["ED50 of blocker"]


def test_against_plasma_the_constant_is_an_ec50_in_moles():
    by_plasma = [
        treated(one, dose_g_per_kg=math.nan, concentration_molar=1e-4 * dose_of(one))
        if dose_of(one) > 0
        else one
        for one in study()
    ]
    found = analyse(by_plasma).pool("blocker", "EC50")
    assert found.estimate.unit == "M"
    assert found.p_estimate is not None
    same = analyse(study()).pool("blocker", "ED50").estimate
    assert found.estimate.value == pytest.approx(1e-4 * same.value, rel=1e-6)


@pytest.mark.parametrize(
    ("spoil", "settings", "said"),
    [
        (lambda some: some, {"reference_region": ""}, "no reference region is named"),
        (
            lambda some: some,
            {"reference_region": "pons"},
            "no piece of tissue is of the reference region 'pons'",
        ),
        (lambda some: [one for one in some if dose_of(one) > 0], {}, "no animal had vehicle"),
        (lambda some: [*some[:-1], half_dosed(some[-1])], {}, "different things of what it was given"),
        (lambda some: some, {"level": 1.5}, "no confidence level"),
    ],
)
def test_wrong_input_is_refused(spoil, settings, said):
    with pytest.raises((InputError, LayoutError)) as failure:
        analyse(spoil(list(study())), **settings)
    assert said in str(failure.value)


def half_dosed(experiment):
    first, *others = experiment.wells
    return replace(
        experiment, wells=(replace(first, treatment=replace(first.treatment, dose_g_per_kg=1e-6)), *others)
    )


def test_a_reference_without_counts_is_refused_with_the_name_of_the_animal():
    one, *others = study()
    empty = tuple(
        replace(well, signal=100.0) if well.treatment.region == "cerebellum" else well for well in one.wells
    )
    with pytest.raises(InputError, match="rat 01"):
        analyse((replace(one, wells=empty), *others))


def test_roles_of_a_binding_plate_have_no_meaning_here():
    one, *others = study()
    wells = (replace(one.wells[0], treatment=replace(one.wells[0].treatment, role=Role.NSB)), *one.wells[1:])
    result = analyse((replace(one, wells=wells), *others))
    assert result.experiments[0].wells[0].set_aside == "the role 'nsb' has no meaning for tissue"
