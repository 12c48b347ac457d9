"""Constants over days: what n counts, how bounds enter, the error that all days share, and the settings."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.core.errors import InputError
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome


def only(result):
    (series,) = result.series
    return series


def _width(estimate):
    return math.log10(estimate.high / estimate.low)


def test_n_counts_days_and_wells_do_not_narrow_what_days_scatter(analysed):
    plan = {"days": 3, "day_sd": 0.25, "kd_log10_se": 0.0}
    few, many = (
        [
            analysed(seed=seed, replicates=replicates, doses=_DOSES, **plan).pool("good", "Ki")
            for seed in range(6)
        ]
        for replicates in (2, 8)
    )
    assert {one.n for one in (*few, *many)} == {3}
    narrow, wide = (np.median([_width(one.estimate) for one in found]) for found in (many, few))
    assert narrow > 0.5 * wide, "four times the wells would halve an interval that comes from wells"
    assert "Geometric mean of 3 independent experiments" in few[0].sentence


_DOSES = tuple(10.0 ** (-10 + step) for step in range(6))


def test_one_day_says_that_it_is_one_day(analysed):
    pooled = analysed().pool("good", "Ki")
    assert pooled.n == 1
    assert pooled.sentence == (
        "One experiment: its interval is that of the fit and says nothing about reproducibility."
    )


def test_a_day_without_response_enters_the_mean_as_a_bound(run, simulated):
    days = simulated(days=3, ki={"odd": 1e-6})
    (dead,) = simulated(days=1, ki={"odd": math.inf}, seed=9)
    result = run(
        (
            *days[:2],
            replace(dead, name="day 3", wells=tuple(replace(w, experiment="day 3") for w in dead.wells)),
        )
    )
    assert [one.outcome for one in result.series][-1] is Outcome.NO_RESPONSE
    pooled = result.pool("odd", "Ki")
    assert pooled.n == 3
    assert "bound" in pooled.sentence
    without = run(days[:2]).pool("odd", "Ki").estimate.value
    assert pooled.estimate.value > without


def test_days_that_disagree_about_a_bound_say_so(analysed):
    result = analysed(days=3, ki={"edge": 1.2e-6}, day_sd=0.15, seed=4)
    relations = {one.relation for one in result.pool("edge", "Ki").each}
    assert relations == {Relation.EQUAL, Relation.ABOVE}
    assert "bounds enter as bounds, not as values" in result.pool("edge", "Ki").sentence


# the error of Kd


def test_a_poorly_known_kd_widens_the_pooled_ki(analysed):
    plan = {"days": 3, "day_sd": 0.03}
    good, poor = (analysed(kd_log10_se=se, **plan).pool("good", "Ki") for se in (0.05, 0.10))
    assert good.estimate.value == pytest.approx(poor.estimate.value, rel=1e-9)
    assert poor.estimate.low < good.estimate.low
    assert poor.estimate.high > good.estimate.high
    for pooled in (good, poor):
        assert all(each.low >= 0 for each in pooled.each)
        assert "Without the error of Kd the interval would be" in pooled.sentence


@pytest.mark.parametrize("days", [1, 3])
def test_the_error_of_kd_is_there_once_however_many_days(analysed, days):
    exact, known = (analysed(days=days, kd_log10_se=se).pool("good", "Ki") for se in (0.0, 0.08))
    assert _width(known.estimate) > _width(exact.estimate)


def test_the_shares_of_the_error_sum_to_one_and_follow_kd(analysed):
    small, large = (only(analysed(kd_log10_se=se)).shares for se in (0.02, 0.2))
    for shares in (small, large):
        assert sum(shares.values()) == pytest.approx(1.0)
        assert set(shares) == {"IC50", "[L]", "Kd"}
    assert large["Kd"] > small["Kd"]


def test_the_report_says_what_the_error_of_kd_does(analysed):
    from prusoff.publishing.html import to_html
    from prusoff.reports import catalog

    text = to_html(catalog["assay_run"].build(analysed(days=3), ()), {}).replace("<sub>d</sub>", "d")
    assert "Without the error of Kd the interval would be" in text
    assert "the error of Kd, which all share, is added once" in text


# settings


def test_slope_one_fits_log_ki_directly_and_the_free_slope_stands_beside_it(analysed):
    free, one = (only(analysed(settings={"hill_slope": slope})) for slope in ("free", "one"))
    assert one.fit.names == ("bottom", "top", "log_ki")
    assert one.estimate("Ki").value == pytest.approx(free.estimate("one-site Ki (slope 1)").value, rel=1e-6)
    assert one.estimate("free-slope Ki").value == pytest.approx(free.estimate("Ki").value, rel=1e-6)


def test_the_level_holds_for_every_interval(analysed):
    narrow, wide = (analysed(days=3, day_sd=0.05, settings={"level": level}) for level in (0.80, 0.99))
    for (subject, day, here), (_, _, there) in zip(narrow.estimates, wide.estimates, strict=True):
        if here.has_interval:
            assert (here.level, there.level) == (0.80, 0.99), (subject, day, here.name)
            assert there.low < here.low < here.high < there.high, (subject, day, here.name)
    with pytest.raises(InputError, match=r"a level of 1[.]5 is no confidence level"):
        analysed(settings={"level": 1.5})
