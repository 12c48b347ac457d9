"""Several targets in one run: each has its own label and Kd, and nothing is pooled over them."""

from dataclasses import replace

import pytest

from prusoff.assays import catalog

ASSAY = catalog["radioligand_competition"]


def at(target, seed, kd_factor=1.0):
    """The simulated days at a target, whose Kd is this many times that of the simulation."""
    found = []
    for one in ASSAY.simulate(ASSAY.truth, seed):
        kd = replace(one.radioligand.kd, value=one.radioligand.kd.value * kd_factor)
        found.append(
            replace(
                one,
                name=f"{target} {one.name}",
                member=target,
                radioligand=replace(one.radioligand, kd=kd),
                conditions=replace(one.conditions, target=target),
            )
        )
    return tuple(found)


def test_each_target_of_a_panel_gives_what_it_gives_alone():
    net, sert = at("NET", 1), at("SERT", 2, 4.0)
    alone = [ASSAY.run(those, ASSAY.example_settings) for those in (net, sert)]
    both = ASSAY.run((*net, *sert), ASSAY.example_settings)
    assert both.rows[0] == sum(one.rows[0] for one in alone)
    for site, result in zip(("NET", "SERT"), alone, strict=True):
        for one in result.pooled:
            found = both.pool(f"{one.subject} at {site}", one.estimate.name)
            assert found.estimate.value == pytest.approx(one.estimate.value, rel=1e-12)
            assert (found.n, found.experiments) == (one.n, one.experiments)
    assert len(both.pooled) == sum(len(one.pooled) for one in alone)


def test_flags_are_those_of_the_curve_under_its_new_name():
    both = ASSAY.run((*at("NET", 1), *at("SERT", 2)), ASSAY.example_settings)
    labels = {one.label for one in both.series}
    days = {one.name for one in both.experiments}
    assert all(any(day in flag.subject for day in days) for flag in both.flags)
    assert {flag.subject for flag in both.flags if flag.code == "W-HILL"} <= labels
    assert all(" at NET, " in label or " at SERT, " in label for label in labels)


def test_a_step_that_differs_between_targets_says_where_it_was_taken():
    both = ASSAY.run((*at("NET", 1), *at("SERT", 2, 4.0)), ASSAY.example_settings)
    sentences = [step.sentence for step in both.steps]
    assert len(set(sentences)) == len(sentences)
    kd = [one for one in sentences if "Ki was computed from" in one]
    assert [one.split(":")[0] for one in kd] == ["At NET", "At SERT"]
    assert sum(one.startswith("n counts independent") for one in sentences) == 1
