"""Compounds of a competition run that are stated to be enantiomers."""

import math
from dataclasses import replace

import pytest

from prusoff.assays.radioligand_competition import radioligand_competition
from prusoff.core.errors import PrusoffError

ASSAY = radioligand_competition


def ratios(sets, seed=1, **ki):
    truth = {**ASSAY.truth, **{f"Ki of {name}": value for name, value in ki.items()}}
    result = ASSAY.run(ASSAY.simulate(truth, seed), ASSAY.settings(enantiomers=sets))
    return {one.name: one for one in result.ratios}


def test_the_eudismic_ratio_is_told_with_the_eutomer_and_what_a_trace_of_it_can_feign():
    found = ratios((("first", "second"),), first=3e-9, second=3e-7)["eudismic ratio"]
    assert (found.subject, found.reference, found.verdict) == ("second", "first", "eutomer first")
    assert found.estimate.low < 100 < found.estimate.high
    assert f"eudismic index {math.log10(found.estimate.value):.2f}." in found.sentence
    assert "enantiomeric excess is above" in found.sentence


def test_the_order_in_which_they_are_stated_does_not_matter():
    one, other = (
        ratios((pair,), first=3e-9, second=3e-7)["eudismic ratio"]
        for pair in (("first", "second"), ("second", "first"))
    )
    assert one == other


@pytest.mark.parametrize(
    ("racemate", "verdict"), [(5.94e-9, "agrees"), (20e-9, "conflict"), (1e-9, "impossible")]
)
def test_a_racemate_is_set_against_its_enantiomers(racemate, verdict):
    found = ratios((("first", "second", "third"),), first=3e-9, second=3e-7, third=racemate)
    assert found["racemate over prediction"].verdict == verdict


def test_the_error_of_kd_cancels_between_compounds_of_one_plate():
    settings = ASSAY.settings(enantiomers=(("first", "second"),))
    known, unknown = [], []
    for one in ASSAY.simulate(ASSAY.truth, 1):
        known.append(one)
        kd = replace(one.radioligand.kd, log10_se=0.3, se=one.radioligand.kd.value)
        unknown.append(replace(one, radioligand=replace(one.radioligand, kd=kd)))
    sharp, vague = (ASSAY.run(tuple(those), settings) for those in (known, unknown))
    wide, narrow = (one.pool("first", "Ki").estimate for one in (vague, sharp))
    assert wide.high / wide.low > 3 * narrow.high / narrow.low
    (one,), (other,) = sharp.ratios, vague.ratios
    assert (other.estimate.low, other.estimate.high) == pytest.approx((one.estimate.low, one.estimate.high))


def test_an_inactive_distomer_gives_a_bound():
    found = ratios((("first", "second"),), first=3e-9, second=1e-3)["eudismic ratio"]
    assert found.estimate.relation.value == ">"
    assert found.reference == "first"


@pytest.mark.parametrize("sets", [(("first", "fourth"),), (("first",),), (("first", "first"),)])
def test_what_are_no_enantiomers_of_this_run_is_refused(sets):
    with pytest.raises(PrusoffError) as refused:
        ratios(sets)
    assert "settings > enantiomers" in str(refused.value)
