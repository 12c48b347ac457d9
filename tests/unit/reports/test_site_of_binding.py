"""The report of a site mapping: the site first, what cannot be told as such, and no word of it where none was asked."""

from dataclasses import replace

import pytest

from prusoff.core.estimate import Estimate, Relation
from prusoff.core.report import Answer, TableBlock
from prusoff.core.result import AssayResult, Pooled, Ratio
from prusoff.reports import catalog
from prusoff.reports._site import Site, sites_of_binding

RATE = "relative rate at 100 µM"


def pooled(subject, estimate):
    return Pooled(subject, estimate, None, ("day 1",), (estimate,), "One day.")


def series(sample_result, subject):
    return replace(sample_result.series[0], subject=subject)


def made(sample_result, subject="x at SERT", shift=None, rate=None, ki="="):
    """A result in which one compound has this verdict at a mutant and this interval of the relative rate."""
    found = [pooled(subject, Estimate("Ki", 1e-8, "M", 0.8e-8, 1.2e-8, relation=Relation(ki)))]
    if rate is not None:
        found.append(pooled(subject, Estimate(RATE, sum(rate) / 2, "", *rate)))
    ratios = ()
    if shift is not None:
        estimate = Estimate("fold shift", 5.0, "", 4.0, 6.0)
        ratios = (Ratio("fold shift", f"{subject} S438T", subject, estimate, "Told.", shift, 3.0),)
    return AssayResult(
        "site_mapping",
        "Sites",
        (),
        (series(sample_result, subject),),
        tuple(found),
        (),
        (),
        (),
        ratios=ratios,
    )


@pytest.mark.parametrize(
    ("shift", "rate", "site"),
    [
        ("weaker", (0.9, 1.1), Site.ORTHOSTERIC),
        ("stronger", (0.9, 1.1), Site.ORTHOSTERIC),
        ("unaffected", (0.1, 0.2), Site.ALLOSTERIC),
        ("unaffected", (3.0, 4.0), Site.ALLOSTERIC),
        ("weaker", (0.1, 0.2), Site.BOTH),
        ("unaffected", (0.8, 1.2), Site.NEITHER),
        ("cannot tell", (0.1, 0.2), Site.UNCLEAR),
        ("weaker", (0.3, 1.2), Site.UNCLEAR),
        ("weaker", None, Site.UNCLEAR),
        (None, (0.1, 0.2), Site.UNCLEAR),
    ],
)
def test_the_conclusion_is_that_of_both_observations(sample_result, shift, rate, site):
    (found,) = sites_of_binding(made(sample_result, shift=shift, rate=rate))
    assert found.site is site
    assert ("leave open" in found.why) is (site is Site.UNCLEAR)


def test_a_bound_of_the_constant_says_that_it_is_one(sample_result):
    (found,) = sites_of_binding(made(sample_result, shift="weaker", rate=(0.9, 1.1), ki=">"))
    assert found.inhibits.answer is None
    assert "gives only a bound" in found.why


def test_the_site_stands_before_the_result(sample_result):
    document = catalog["site_of_binding"].build(made(sample_result, shift="weaker", rate=(0.9, 1.1)), ())
    first, second = document.sections[:2]
    assert (first.title, second.title) == ("Site of binding", "Result")
    card, table = first.blocks[:2]
    assert isinstance(card, Answer)
    assert (card.label, card.value) == ("x at SERT binds to", Site.ORTHOSTERIC.value)
    assert isinstance(table, TableBlock)
    assert table.rows == (("x at SERT", "yes", "yes", "no", Site.ORTHOSTERIC.value),)


def test_a_run_without_mutants_and_dissociation_has_the_report_of_any_run(sample_result):
    reports = [catalog[name].build(sample_result, ()) for name in ("site_of_binding", "assay_run")]
    assert reports[0] == reports[1]
