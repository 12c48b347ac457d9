"""State-dependent block that goes wrong: one potential, no resting channels, slow drugs, short steps, lost controls."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.affinity.modulated_receptor import ki_from_shift, kr_from_left, state_named
from prusoff.assays import catalog
from prusoff.core.check import Severity
from prusoff.core.errors import InputError, LayoutError
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.headline import headlines
from prusoff.core.plate import Role
from prusoff.drawing import draw_svg

ASSAY = catalog["state_dependent_block"]
DRUG = "atomoxetine"
KR, KI = (ASSAY.truth[f"{name} of {DRUG} at Nav1.2"] for name in ("Kr", "Ki"))


def cells(target="Nav1.2", seed=1, **truth):
    """The cells of one channel."""
    made = ASSAY.simulate({**ASSAY.truth, **truth}, seed)
    return [one for one in made if one.conditions.target == target]


def analysed(experiments, **settings):
    return ASSAY.run(tuple(experiments), ASSAY.settings(**settings))


def kept(experiments, keep):
    return [replace(one, wells=tuple(filter(keep, one.wells))) for one in experiments]


def changed(experiments, change):
    return [replace(one, wells=tuple(map(change, one.wells))) for one in experiments]


def is_availability(well):
    return well.treatment.end_point == "availability"


def is_drug(well):
    return well.treatment.role is Role.COMPOUND


def held_at(*millivolts):
    """Everything but the drug, and the drug at these holding potentials only (no availability with it)."""
    wanted = {round(one * 1e-3, 6) for one in millivolts}
    return lambda well: (
        not is_drug(well) or (not is_availability(well) and round(well.treatment.voltage_v, 6) in wanted)
    )


def warned(result):
    return {flag.code for flag in result.flags if flag.severity in (Severity.WARN, Severity.FAIL)}


def slower(experiments, choose, factor):
    """The same cells in which a drug works as if there were less of it in the wells that are chosen."""
    made = []
    for one in experiments:
        free = {
            (well.treatment.end_point, round(well.treatment.voltage_v, 6)): well.signal
            for well in one.wells
            if well.treatment.role is Role.TOTAL
        }

        def weaker(well, free=free):
            if not (is_drug(well) and choose(well)):
                return well
            control = free[well.treatment.end_point, round(well.treatment.voltage_v, 6)]
            ratio = control / well.signal - 1.0  # [D]/IC50
            return replace(well, signal=control / (1.0 + ratio * factor(well)))

        made.append(replace(one, wells=tuple(map(weaker, one.wells))))
    return made


@pytest.mark.parametrize("target", ["Nav1.2", "Nav1.5"])
def test_good_cells_raise_nothing(target):
    assert [warned(analysed(cells(target, seed))) for seed in range(5)] == [set()] * 5


def test_the_state_ratios_of_the_seed_experiment_come_back():
    result = ASSAY.run(ASSAY.simulate(ASSAY.truth, 1), ASSAY.example_settings)
    ratios = {one.subject: one for one in result.ratios if one.name == "state ratio"}
    small, large = (ratios[f"{DRUG} (resting) at {channel}"] for channel in ("Nav1.2", "Nav1.5"))
    assert small.estimate.value == pytest.approx(4.5, rel=0.1)
    assert 40 < large.estimate.low < large.estimate.value < large.estimate.high < 60
    assert small.verdict == large.verdict == "prefers inactivated channels"
    (between,) = (one for one in result.ratios if one.name == "selectivity")
    assert between.estimate.name == "Ki ratio"
    assert between.verdict == "prefers Nav1.5"


def test_only_resting_channels_are_called_so_and_h_stands_at_every_potential():
    result = analysed(cells())
    told = {one.estimate.name: one for one in result.pooled if one.subject == DRUG}
    assert told["h at −60 mV"].estimate.value == pytest.approx(0.42, abs=0.12)
    assert "neither state" in told["IC50 at −60 mV"].sentence
    assert "resting" in told["IC50 at −120 mV"].sentence
    assert KI < told["IC50 at −60 mV"].estimate.value < told["IC50 at −120 mV"].estimate.value
    assert any("upper limit of Ki" in note for note in result.notes)


@pytest.mark.parametrize("millivolts", [-60, -70, -120])
def test_one_holding_potential_gives_bounds_and_its_h(millivolts):
    for seed in range(4):
        result = analysed(kept(cells(seed=seed), held_at(millivolts)))
        assert warned(result) == {"W-POTENTIALS"}
        kr, ki = (result.pool(DRUG, name).estimate for name in ("Kr", "Ki"))
        assert (kr.relation, ki.relation) == (Relation.ABOVE, Relation.BELOW)
        assert kr.value < 1.15 * KR
        assert ki.value > KI
        assert f"{millivolts} mV".replace("-", "−") in ki.method
        assert "h is" in ki.method
        assert not any(one.name == "state ratio" for one in result.ratios)
        drug = [one for one in result.series if one.subject == DRUG]
        assert {one.outcome for one in drug} == {Outcome.CENSORED}
        assert all("cannot tell Kr and Ki apart" in one.reason for one in drug)
        lines = {line.estimate.name: line for line in headlines(result) if line.subject == DRUG}
        assert lines["Ki"].outcome is Outcome.CENSORED


def test_without_resting_channels_kr_is_warned_of():
    result = analysed(kept(cells(), held_at(-70, -60)))
    assert warned(result) == {"W-RESTING"}


def test_without_inactivated_channels_there_is_no_ki():
    result = analysed(kept(cells(), held_at(-120, -100, -90)))
    assert warned(result) == {"W-INACTIVATED"}
    ki = result.pool(DRUG, "Ki").estimate
    assert ki.is_bound or ki.high / ki.low > 3


def test_a_drug_that_is_not_at_equilibrium_at_depolarised_potentials_is_off_the_law():
    slow = slower(
        kept(cells("Nav1.5"), held_at(-120, -90, -70, -60)),
        lambda well: True,
        lambda well: 0.12 if well.treatment.voltage_v > -0.08 else 1.0,
    )
    assert "W-STATELAW" in warned(analysed(slow))


def test_a_flat_block_is_warned_of():
    flat = slower(
        kept(cells(), held_at(-120, -90, -70, -60)),
        lambda well: True,
        lambda well: (well.treatment.concentration_molar / 30e-6) ** -0.4,
    )
    assert warned(analysed(flat)) == {"W-BLOCKSLOPE"}


def test_steps_too_short_for_the_drug_make_both_ways_disagree():
    short = slower(
        cells("Nav1.5"), is_availability, lambda well: 0.2 if well.treatment.voltage_v > -0.115 else 1.0
    )
    result = analysed(short)
    assert "W-TWOWAYS" in warned(result)
    assert (
        result.pool(DRUG, "Ki").estimate.value < 0.6 * result.pool(DRUG, "Ki (from the shift)").estimate.value
    )


def test_run_down_is_warned_of():
    assert warned(analysed(cells(rundown=0.45))) == {"W-RUNDOWN"}


def test_a_wrong_potential_lies_beyond_published_midpoints():
    shifted = changed(
        cells("Nav1.5"),
        lambda well: replace(
            well, treatment=replace(well.treatment, voltage_v=well.treatment.voltage_v + 0.04)
        ),
    )
    assert warned(analysed(shifted)) == {"W-MIDPOINT"}


def test_availability_curves_alone_give_both_constants():
    result = analysed(kept(cells(), is_availability))
    names = {one.estimate.name for one in result.pooled if one.subject == DRUG}
    assert names == {"Ki (from the shift)", "Kr (from the shift)"}
    found = result.pool(DRUG, "Ki (from the shift)").estimate
    assert found.low < KI < found.high


def test_without_labels_the_controls_at_all_potentials_are_the_availability():
    bare = changed(
        kept(cells(), lambda well: well.treatment.role is not Role.WASH),
        lambda well: replace(well, treatment=replace(well.treatment, end_point="")),
    )
    result = analysed(bare)
    kr, ki = (result.pool(DRUG, name).estimate for name in ("Kr", "Ki"))
    assert kr.low < KR < kr.high
    assert ki.low < KI < ki.high
    assert result.pool(DRUG, "Ki (from the shift)").n == 5


def test_a_cell_without_availability_is_left_out_and_named():
    first, *others = cells()
    bare = replace(
        first, wells=tuple(well for well in first.wells if not is_availability(well) and is_drug(well))
    )
    result = analysed((bare, *others))
    assert result.pool(DRUG, "Ki").n == 4
    assert any(first.name in note and "left out" in note for note in result.notes)
    (own,) = (one for one in result.series if one.subject == DRUG and one.experiment == first.name)
    assert own.outcome is Outcome.FAILED


def test_one_cell_held_at_each_potential_still_gives_both_constants():
    """Each cell lives for one potential; the constants come from all of them, and their intervals hold the truth."""
    potentials = (-120, -60, -120, -70, -90, -60, -120, -70)
    held = []
    for seed in range(10, 22):
        each = zip(cells(seed=seed, cells=8.0), potentials, strict=True)
        result = analysed([kept([one], held_at(millivolts))[0] for one, millivolts in each])
        kr, ki = (result.pool(DRUG, name) for name in ("Kr", "Ki"))
        assert kr.n == ki.n == 8
        held += [kr.estimate.low < KR < kr.estimate.high, ki.estimate.low < KI < ki.estimate.high]
    assert sum(held) >= 20  # fewer of 24 happen 6 times in 1000 where an interval holds 95 %


def test_a_single_cell_says_that_it_is_one():
    result = analysed(cells()[:1])
    assert "One cell" in result.pool(DRUG, "Ki").sentence
    assert "at random" not in result.pool(DRUG, "Ki").estimate.method


def test_a_drug_that_does_nothing_has_no_constant():
    result = analysed(slower(cells(), lambda well: True, lambda well: 1e-4))
    values = [one.estimate for one in result.pooled if one.subject == DRUG and one.estimate.unit == "M"]
    assert all(one.relation is Relation.ABOVE for one in values)
    assert not any(one.name == "state ratio" for one in result.ratios)


@pytest.mark.parametrize(
    "experiments",
    [
        pytest.param(slower(cells(), lambda well: True, lambda well: 1e-4), id="no block"),
        pytest.param(slower(cells(), lambda well: True, lambda well: 1e4), id="all blocked"),
        pytest.param(kept(cells(), held_at(-60)), id="one potential"),
        pytest.param(kept(cells(), is_availability), id="no holding potential"),
        pytest.param(
            kept(cells(), lambda well: is_drug(well) or well.treatment.voltage_v > -0.07), id="no controls"
        ),
        pytest.param(cells(series_resistance=80e6), id="all set aside"),
    ],
)
def test_every_figure_is_built_or_absent_whatever_happens(experiments):
    result = analysed(experiments)
    for figure in ASSAY.figures:
        for spec in figure.build(result):
            json.dumps(spec.to_dict(), allow_nan=False)
            assert draw_svg(spec).startswith(b"<")
    assert all(one.reason for one in result.series if one.outcome is not Outcome.OK)


def test_wrong_input_is_refused():
    with pytest.raises(LayoutError, match="no well holds a compound"):
        analysed(kept(cells(), lambda well: not is_drug(well)))
    with pytest.raises(InputError, match="no confidence level"):
        analysed(cells(), level=2.0)
    nowhere = changed(
        cells(), lambda well: replace(well, treatment=replace(well.treatment, voltage_v=math.nan))
    )
    with pytest.raises(InputError, match="no current has a potential"):
        analysed(nowhere)


def test_constants_of_the_shift_keep_to_what_can_be():
    assert ki_from_shift(1e-3, 6.5e-3, 1e-5, 0.99) == math.inf
    assert kr_from_left(1e-5, 1.02) == math.inf
    with pytest.raises(InputError, match="slope factor"):
        ki_from_shift(-5e-3, -6e-3, 1e-5, 0.5)
    assert [state_named(h) for h in (0.96, 0.95, 0.04)] == ["resting", "neither state", "mostly inactivated"]


def test_the_same_cells_in_another_order_give_the_same_numbers():
    one, other = analysed(cells()), analysed(cells()[::-1])
    for name in ("Kr", "Ki", "IC50 at −60 mV", "h at −60 mV"):
        here, there = (result.pool(DRUG, name).estimate for result in (one, other))
        np.testing.assert_allclose(
            (there.value, there.low, there.high), (here.value, here.low, here.high), rtol=1e-9
        )
