"""Homologous competition that goes wrong on a simulated bench: too much label, too many sites, no displacement."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.assays import catalog
from prusoff.assays._homologous import bench
from prusoff.core.check import Severity
from prusoff.core.errors import InputError
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.headline import headlines
from prusoff.core.plate import Role

ASSAY = catalog["homologous_competition_binding"]
LIGAND = bench.LIGAND


def day(seed=1, hot=bench.HOT, **truth):
    rng = np.random.default_rng(seed)
    return bench._day(1, {**ASSAY.truth, **truth}, hot, rng)


def analysed(*days, **settings):
    return ASSAY.run(tuple(days), ASSAY.settings(**settings))


def changed(one, change):
    return replace(one, wells=tuple(change(well) for well in one.wells))


def warned(result):
    return {flag.code for flag in result.flags if flag.severity in (Severity.WARN, Severity.FAIL)}


def flag(result, code):
    return next(one for one in result.flags if one.code == code)


def test_one_high_concentration_of_label_is_warned_of_and_nothing_else():
    result = analysed(day(3, hot=(2e-9,)))
    assert warned(result) == {"W-HOM"}
    assert "two concentrations of it" in flag(result, "W-HOM").sentence


def test_one_low_concentration_of_label_is_fine():
    result = analysed(day(3, hot=(0.2e-9,)))
    assert "W-HOM" not in warned(result)
    kd = result.pool(LIGAND, "Kd").estimate
    assert kd.low < ASSAY.truth[f"Kd of {LIGAND}"] < kd.high


def test_two_concentrations_too_near_to_one_another_are_warned_of():
    assert "W-HOM" in warned(analysed(day(3, hot=(1e-9, 2e-9))))


def test_with_far_too_much_label_kd_is_a_bound_or_has_a_wide_interval_never_a_made_up_number():
    for seed in range(4):
        kd = analysed(day(seed, hot=(40e-9,))).series[0].estimate("Kd")
        if kd.relation is Relation.BELOW:
            assert kd.value > 0.8e-9
        else:
            assert kd.low <= 0.8e-9 <= kd.high
            assert math.log10(kd.high / kd.low) > 0.3


def test_depletion_is_warned_of_and_the_kd_that_counts_it_is_the_right_one():
    many = {f"Bmax of {LIGAND}": 5e-9}
    errors, plain = [], []
    for seed in range(6):
        result = analysed(day(seed, **many))
        assert "W-DEP" in warned(result)
        assert "The exact equilibrium, which counts that, was fitted" in flag(result, "W-DEP").sentence
        series = result.series[0]
        errors.append(math.log10(series.estimate("Kd").value / 0.8e-9))
        plain.append(math.log10(series.estimate("Kd without depletion").value / 0.8e-9))
        assert "believe this Kd" in result.pool(LIGAND, "Kd").sentence
    assert abs(np.mean(errors)) < 0.03
    assert np.mean(plain) > 0.1


def test_depletion_raises_its_own_warning_and_no_other():
    assert warned(analysed(day(0, **{f"Bmax of {LIGAND}": 5e-9}))) == {"W-DEP"}


def test_too_short_an_incubation_is_warned_of():
    one = day(3)
    short = replace(one, conditions=replace(one.conditions, incubation_s=300.0))
    assert warned(analysed(short)) == {"W-EQ"}


def test_without_moles_the_label_is_taken_as_free_and_that_is_said():
    one = day(2)
    result = analysed(replace(one, counting=replace(one.counting, efficiency=math.nan)))
    pooled = result.pool(LIGAND, "Kd")
    assert "not known in moles" in pooled.sentence
    assert pooled.estimate.value == pytest.approx(0.8e-9, rel=0.25)
    assert result.series[0].estimate("Bmax").unit == "cpm"


def test_a_second_compound_is_refused():
    def other(well):
        treatment = well.treatment
        if treatment.role is Role.COMPOUND and treatment.concentration_molar > 1e-6:
            return replace(well, treatment=replace(treatment, compound="desipramine"))
        return well

    with pytest.raises(InputError, match="there are 2 unlabelled ligands") as raised:
        analysed(changed(day(), other))
    assert "radioligand_competition" in str(raised.value)


def test_a_label_concentration_that_is_not_given_is_refused():
    def unstated(well):
        return replace(well, treatment=replace(well.treatment, radioligand_molar=math.nan))

    one = changed(day(), unstated)
    with pytest.raises(InputError, match="the radioligand concentration is not given"):
        analysed(replace(one, added=replace(one.added, planned_molar=math.nan)))


def test_swapped_controls_give_no_constant():
    roles = {Role.TOTAL: Role.NSB, Role.NSB: Role.TOTAL}

    def swapped(well):
        role = roles.get(well.treatment.role, well.treatment.role)
        return replace(well, treatment=replace(well.treatment, role=role))

    result = analysed(changed(day(), swapped))
    (series,) = result.series
    assert series.outcome is Outcome.FAILED
    assert "swapped in the plate map" in series.reason
    assert series.estimates == ()
    assert all(line.is_missing for line in headlines(result))


def test_where_one_label_concentration_shows_nothing_the_other_gives_the_kd_and_it_is_said():
    def flat(well):
        low = well.treatment.radioligand_molar == bench.HOT[0]
        return replace(well, signal=180.0 + (sum(map(ord, well.position)) % 7)) if low else well

    result = analysed(changed(day(), flat))
    (series,) = result.series
    assert series.outcome is Outcome.FLAGGED
    assert series.reason.startswith("[L] 0.3 nM:")
    assert series.estimate("Kd").value == pytest.approx(0.8e-9, rel=0.5)


def test_a_level_that_is_none_is_refused():
    with pytest.raises(InputError, match="no confidence level"):
        analysed(day(), level=0.2)
