"""Modulators of binding measured wrong, or that are none: the right check speaks, and no number comes from nowhere."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.assays._allosteric_binding.bench import at_concentrations
from prusoff.assays.allosteric_binding import Settings, allosteric_binding
from prusoff.core.check import Severity
from prusoff.core.errors import InputError, PrusoffError
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.headline import headlines
from prusoff.core.plate import Role

TRUTH = allosteric_binding.truth


def simulated(seed=3, **truth):
    return allosteric_binding.simulate({**TRUTH, **truth}, seed)


def analysed(experiments):
    return allosteric_binding.run(tuple(experiments), Settings())


def changed(experiments, treat):
    """The same wells, with `treat(treatment)` in place of what was put in them; None takes a well away."""
    found = []
    for one in experiments:
        wells = [(well, treat(well.treatment)) for well in one.wells]
        kept = tuple(replace(well, treatment=what) for well, what in wells if what is not None)
        found.append(replace(one, wells=kept))
    return found


def warnings(result):
    return {flag.code for flag in result.flags if flag.severity in (Severity.WARN, Severity.FAIL)}


def warned(result):
    return {flag.subject.split(",")[0] for flag in result.flags if flag.severity is Severity.WARN}


def of(result, subject):
    return [one for one in result.series if one.subject == subject]


def test_a_good_experiment_warns_of_nothing_and_tells_the_modulators_from_competitors():
    result = analysed(simulated())
    assert warnings(result) == set()
    assert "The effect has a limit" in result.pool("reducer", "alpha").sentence
    assert "raises binding" in result.pool("enhancer", "alpha").sentence
    for one in of(result, "reducer"):
        assert one.comparisons[0].preferred.startswith("second site")
    assert all(not one.comparisons for one in of(result, "enhancer"))  # no competitor raises binding
    assert [line.estimate.name for line in headlines(result)] == ["KB", "alpha"] * 2


def test_a_competitor_is_said_to_be_one_for_all_one_can_tell():
    result = analysed(simulated(**{"alpha of reducer": 0.0}))
    assert warnings(result) == {"W-ALLO-LIMIT"}
    assert warned(result) == {"reducer"}
    alpha = result.pool("reducer", "alpha").estimate
    assert alpha.relation is Relation.BELOW
    assert 0 < alpha.value < 0.02
    kb = result.pool("reducer", "KB").estimate  # the Ki of a competitor
    assert kb.low < 1e-6 < kb.high
    for one in of(result, "reducer"):
        assert one.outcome is Outcome.FLAGGED
        assert "cannot be told from a competitor" in one.reason
    assert "higher radioligand concentration" in result.pool("reducer", "alpha").sentence
    chosen = [one.comparisons[0].preferred for one in of(result, "reducer")]
    assert sum(one.startswith("competition") for one in chosen) >= 2


def test_a_higher_radioligand_tells_a_weak_limit_that_a_lower_one_hides():
    truth = {**TRUTH, "alpha of reducer": 0.004}
    low, high = (analysed(at_concentrations(truth, 5, (hot,))) for hot in (0.5e-9, 20e-9))
    assert low.pool("reducer", "alpha").estimate.relation is Relation.BELOW
    told = high.pool("reducer", "alpha").estimate
    assert told.relation is Relation.EQUAL
    assert told.low < 0.004 < told.high


def test_a_neutral_modulator_has_no_effect_and_no_constant():
    result = analysed(simulated(**{"alpha of enhancer": 1.0}))
    assert warnings(result) == set()
    for one in of(result, "enhancer"):
        assert one.outcome is Outcome.NO_RESPONSE
        assert one.estimates == ()
        assert "alpha is 1" in one.reason
    assert not [one for one in result.pooled if one.subject == "enhancer"]
    assert result.pool("reducer", "alpha").estimate.relation is Relation.EQUAL


def test_a_kb_beyond_the_range_is_a_bound():
    result = analysed(simulated(**{"KB of reducer": 1e-3}))
    kb = result.pool("reducer", "KB").estimate
    assert kb.relation is Relation.ABOVE
    assert kb.value < 1e-3
    assert "alpha" not in {one.estimate.name for one in result.pooled if one.subject == "reducer"} or (
        result.pool("reducer", "alpha").estimate.is_bound
    )


def test_an_effect_that_is_not_at_its_limit_warns():
    result = analysed(simulated(**{"KB of reducer": 1e-4}))
    assert warnings(result) == {"W-ALLO-LIMIT"}
    assert warned(result) == {"reducer"}
    sentences = [flag.sentence for flag in result.flags if flag.severity is Severity.WARN]
    assert all("Test higher concentrations" in one for one in sentences)


def test_two_radioligand_concentrations_share_kb_and_alpha():
    result = analysed(at_concentrations(TRUTH, 4, (1e-9, 6e-9)))
    assert warnings(result) == set()
    first = result.series[0]
    assert {points.label for points in first.points} == {"[L] 1 nM", "[L] 6 nM"}
    assert [name for name in first.fit.names if name.startswith("bottom")] == [
        "bottom[[L] 1 nM]", "bottom[[L] 6 nM]",
    ]  # fmt: skip
    for key in ("KB of enhancer", "alpha of enhancer", "KB of reducer", "alpha of reducer"):
        quantity, subject = key.split(" of ")
        estimate = result.pool(subject, quantity).estimate
        assert estimate.low < TRUTH[key] < estimate.high, key


def test_radioligand_that_is_used_up_warns_and_the_constants_stay():
    result = analysed(simulated(receptor_molar=1.2e-9))
    assert warnings(result) == {"W-DEP"}
    for key in ("KB of enhancer", "alpha of enhancer", "KB of reducer", "alpha of reducer"):
        quantity, subject = key.split(" of ")
        estimate = result.pool(subject, quantity).estimate
        assert abs(math.log10(estimate.value / TRUTH[key])) < 0.08, key


def test_label_used_up_only_with_the_modulator_warns_too():
    result = analysed(simulated(receptor_molar=0.22e-9))
    (flag,) = [one for one in result.flags if one.code == "W-DEP" and one.subject == "day 1"]
    assert flag.severity is Severity.WARN
    assert flag.number > 10.0
    without = analysed(
        changed(simulated(receptor_molar=0.22e-9), lambda what: None if what.compound == "enhancer" else what)
    )
    assert warnings(without) == set()


def test_an_incubation_that_is_too_short_warns():
    hasty = [replace(one, conditions=replace(one.conditions, incubation_s=600.0)) for one in simulated()]
    assert warnings(analysed(hasty)) == {"W-EQ"}


def test_a_kd_that_is_hardly_known_warns_and_widens_the_intervals():
    def vague(one):
        kd = replace(one.radioligand.kd, se=0.6 * one.radioligand.kd.value, log10_se=0.2)
        return replace(one, radioligand=replace(one.radioligand, kd=kd))

    good, poor = analysed(simulated()), analysed(map(vague, simulated()))
    assert warnings(poor) == {"W-KD-SE"}
    for subject in ("enhancer", "reducer"):
        for name in ("KB", "alpha"):
            narrow, wide = (one.pool(subject, name).estimate for one in (good, poor))
            assert wide.value == pytest.approx(narrow.value)
            assert math.log(wide.high / wide.low) > 1.3 * math.log(narrow.high / narrow.low)


def test_one_day_keeps_the_interval_of_its_fit_with_the_error_of_kd():
    first = simulated()[:1]
    pooled = analysed(first).pool("reducer", "alpha")
    assert pooled.n == 1
    exact = [
        replace(
            one,
            radioligand=replace(one.radioligand, kd=replace(one.radioligand.kd, se=0.0, log10_se=0.0)),
        )
        for one in first
    ]
    narrow = analysed(exact).pool("reducer", "alpha").estimate
    assert pooled.estimate.low < narrow.low < narrow.high < pooled.estimate.high


def test_without_kd_or_radioligand_concentration_it_is_refused():
    for part, named in (("radioligand", "Kd"), ("added", "concentration")):
        wrong = []
        for one in simulated():
            if part == "radioligand":
                wrong.append(replace(one, radioligand=replace(one.radioligand, kd=None)))
            else:
                added = replace(one.added, planned_molar=math.nan, aliquot_rates_cpm=())
                wrong.append(replace(one, added=added))
        if part == "added":
            wrong = changed(wrong, lambda what: replace(what, radioligand_molar=math.nan))
        with pytest.raises(InputError, match=named):
            analysed(wrong)


def test_without_controls_it_is_refused():
    for role in (Role.TOTAL, Role.NSB):
        missing = changed(simulated(), lambda what, role=role: None if what.role is role else what)
        with pytest.raises(PrusoffError, match="there are no"):
            analysed(missing)


def test_few_concentrations_give_nothing_and_say_so():
    few = changed(simulated(), lambda what: None if 0 < what.concentration_molar < 2e-5 else what)
    result = analysed(few)
    for one in result.series:
        assert one.outcome is Outcome.FAILED
        assert "3 concentrations of" in one.reason
    assert result.pooled == ()
    assert "W-OUT" in warnings(result)


def test_swapped_controls_and_a_dead_counter_are_said():
    other = {Role.TOTAL: Role.NSB, Role.NSB: Role.TOTAL}
    swapped = changed(simulated(), lambda what: replace(what, role=other.get(what.role, what.role)))
    assert all("swapped" in one.reason for one in analysed(swapped).series)
    dead = [
        replace(one, wells=tuple(replace(well, signal=5000.0) for well in one.wells)) for one in simulated()
    ]
    assert all("read the same" in one.reason for one in analysed(dead).series)


def test_more_bound_than_added_is_said():
    def faint(one):
        added = replace(one.added, aliquot_rates_cpm=(), planned_molar=1e-12)
        return replace(one, added=added)

    weak = changed(map(faint, simulated()), lambda what: replace(what, radioligand_molar=1e-12))
    assert all("more radioligand was bound than was added" in one.reason for one in analysed(weak).series)


def test_targets_of_a_panel_are_analysed_one_by_one():
    wild, *others = simulated()
    variant = [replace(one, conditions=replace(one.conditions, variant="S438T")) for one in others]
    result = analysed([wild, *variant])
    assert {one.subject for one in result.series} == {
        f"{name} at {site}" for name in ("enhancer", "reducer") for site in ("SERT", "SERT S438T")
    }
    assert result.pool("reducer at SERT S438T", "alpha").n == 2


def test_a_wrong_level_is_refused():
    with pytest.raises(InputError, match="no confidence level"):
        allosteric_binding.run(simulated(), Settings(level=95))


def test_free_radioligand_is_less_where_a_modulator_makes_more_of_it_bound():
    result = analysed(simulated(receptor_molar=0.4e-9))
    x = result.series[0].fit.curves[0].data.x
    free = {float(log): float(np.mean(x[1][x[0] == log])) for log in np.unique(x[0])}
    tested = [log for log in free if math.isfinite(log)]
    assert free[max(tested)] < free[min(tested)] < 1.2e-9
    assert free[math.inf] == 0.0  # nonspecific wells: no label for the sites
