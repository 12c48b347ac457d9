"""Site mapping: three compounds of known site, and what the data cannot tell."""

from dataclasses import replace

import pytest

from prusoff.assays.site_mapping import Settings, site_mapping
from prusoff.core.check import Severity
from prusoff.core.errors import PrusoffError
from prusoff.core.panel import site_of
from prusoff.reports._site import Site, sites_of_binding

TRUTH = site_mapping.truth
INHIBITOR, MODULATOR = "inhibitor at SERT", "modulator at SERT"


@pytest.fixture(scope="module")
def experiments():
    return site_mapping.simulate(TRUTH, 1)


@pytest.fixture(scope="module")
def result(experiments):
    return analysed(experiments)


def analysed(experiments, **settings):
    return site_mapping.run(tuple(experiments), Settings(**settings))


def concluded(result):
    return {one.subject: one for one in sites_of_binding(result)}


def test_an_inhibitor_of_the_site_of_the_label_and_an_allosteric_modulator_are_told_apart(result):
    found = concluded(result)
    assert found[INHIBITOR].site is Site.ORTHOSTERIC
    assert found[MODULATOR].site is Site.ALLOSTERIC
    assert "Mutants shift it" in found[INHIBITOR].why
    assert "It slows dissociation" in found[MODULATOR].why
    assert {flag.code for flag in result.flags if flag.severity in (Severity.WARN, Severity.FAIL)} == set()


def test_a_compound_that_is_shifted_and_slows_dissociation_binds_to_both_sites():
    truth = {**TRUTH, "Ki of modulator at SERT S438T": 4e-5}
    assert concluded(analysed(site_mapping.simulate(truth, 2)))[MODULATOR].site is Site.BOTH


def test_a_compound_that_neither_mutant_nor_dissociation_sees_binds_elsewhere():
    truth = {**TRUTH, "Ki of inhibitor at SERT S438T": 5e-9}
    found = concluded(analysed(site_mapping.simulate(truth, 3)))[INHIBITOR]
    assert found.site is Site.NEITHER


def test_a_shift_at_the_margin_cannot_be_told():
    truth = {**TRUTH, "Ki of inhibitor at SERT S438T": 15e-9}
    result = analysed(site_mapping.simulate(truth, 4))
    found = concluded(result)[INHIBITOR]
    assert found.site is Site.UNCLEAR
    assert "The data leave open whether mutants of the site of the label shift it" in found.why
    assert next(one for one in result.ratios if one.reference == INHIBITOR).verdict == "cannot tell"


def test_without_dissociation_or_without_mutants_the_site_is_open(experiments):
    mutants = [one for one in experiments if "dissociation" not in one.name]
    found = concluded(analysed(mutants))
    assert {one.site for one in found.values()} == {Site.UNCLEAR}
    assert all("Dissociation of the label was not measured" in one.why for one in found.values())
    wild = [one for one in experiments if not one.conditions.variant]
    found = concluded(analysed(wild))
    assert {one.site for one in found.values()} == {Site.UNCLEAR}
    assert all("No mutant was measured" in one.why for one in found.values())


def test_a_mutant_with_the_kd_of_the_wild_type_warns_and_is_noted(experiments):
    wild = next(one for one in experiments if not one.conditions.variant).radioligand
    borrowed = [replace(one, radioligand=wild) for one in experiments]
    result = analysed(borrowed)
    warned = {flag.code for flag in result.flags if flag.severity is Severity.WARN}
    assert warned == {"W-KD-VAR"}
    assert any("A fold shift needs the Kd of the label at the variant" in note for note in result.notes)


def test_the_margin_decides(result, experiments):
    wide = analysed(experiments, margin=20.0)
    assert next(one for one in wide.ratios if one.reference == INHIBITOR).verdict == "unaffected"
    assert concluded(wide)[INHIBITOR].site is Site.NEITHER
    with pytest.raises(PrusoffError, match="leaves no room"):
        analysed(experiments, margin=0.5)


def at_double_mutant(experiments):
    """The mutant again under three names: two single mutants and their double mutant."""
    found = []
    for one in experiments:
        if one.conditions.variant:
            for variant in ("S438T", "Y95V", "S438T/Y95V"):
                conditions = replace(one.conditions, variant=variant)
                wells = tuple(replace(well, experiment=f"{one.name} {variant}") for well in one.wells)
                found.append(replace(one, name=f"{one.name} {variant}", conditions=conditions, wells=wells))
        elif "dissociation" not in one.name:
            found.append(one)
    return found


def test_a_double_mutant_that_shifts_no_more_than_each_alone_is_coupled(experiments):
    result = analysed(at_double_mutant(experiments))
    (coupling,) = [
        one for one in result.ratios if one.name == "coupling" and one.subject.startswith("inhibitor")
    ]
    fold = TRUTH["Ki of inhibitor at SERT S438T"] / TRUTH["Ki of inhibitor at SERT"]
    assert coupling.estimate.low < fold < coupling.estimate.high
    assert coupling.verdict == "coupled"
    assert "z = " in coupling.sentence
    assert any("double mutant" in step.sentence.lower() for step in result.steps)


def test_a_swap_of_residues_tells_which_part_it_transfers(experiments):
    """The mutant taken for another transporter: a variant with its affinity has all of it transferred."""
    donor = []
    for one in experiments:
        if one.conditions.variant:
            conditions = replace(one.conditions, target="NET", variant="")
            wells = tuple(replace(well, experiment=f"NET {one.name}") for well in one.wells)
            donor.append(replace(one, name=f"NET {one.name}", conditions=conditions, wells=wells))
    result = analysed([*experiments, *donor], donor="NET")
    parts = {one.subject: one for one in result.ratios if one.name == "transferred fraction"}
    assert parts["inhibitor at SERT S438T"].estimate.value == pytest.approx(1.0, abs=1e-9)
    assert "do not differ" in parts["modulator at SERT S438T"].estimate.method
    assert {one.name for one in result.ratios} >= {"selectivity", "fold shift"}


def test_a_run_that_maps_nothing_says_so(experiments):
    wild = [one for one in experiments if site_of(one) == "SERT" and "dissociation" not in one.name]
    result = analysed(wild)
    assert any("the site cannot be told" in note for note in result.notes)
    found = concluded(result)
    assert set(found) == {INHIBITOR, MODULATOR}
    assert {one.site for one in found.values()} == {Site.UNCLEAR}
    with pytest.raises(PrusoffError, match="no experiment is a competition"):
        analysed([one for one in experiments if "dissociation" in one.name])
