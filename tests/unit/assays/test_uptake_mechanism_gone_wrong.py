"""Grids of substrate and inhibitor of every mechanism, and grids that cannot tell: what is chosen, and what is said."""

import math
from dataclasses import replace

import pytest

from prusoff.assays import catalog
from prusoff.assays._uptake_mechanism.bench import SUBSTRATES, TRUTH, grids
from prusoff.core.check import Severity
from prusoff.core.errors import InputError, LayoutError
from prusoff.core.estimate import Relation
from prusoff.core.fit import Outcome
from prusoff.core.plate import Role
from prusoff.simulation.carrier import Carrier

ASSAY = catalog["uptake_mechanism"]
INHIBITORS = (1e-8, 4e-8, 1.6e-7)
NONE = {}
AT_FREE, AT_LOADED = {"x": 1e-8}, {"x": 4e-8}


def days(kic=AT_FREE, kiu=NONE, number=2, substrates=SUBSTRATES, inhibitors=INHIBITORS, km=TRUTH["Km"]):
    carrier = Carrier(TRUTH["Vmax"] * km / TRUTH["Km"], km, TRUTH["nonsaturable"], kic, kiu)
    return grids(carrier, 11, number, substrates, {"x": inhibitors})


def analysed(*args, **kwargs):
    return ASSAY.run(days(*args, **kwargs), ASSAY.example_settings)


def warned(result):
    return {one.code for one in result.flags if one.severity in (Severity.WARN, Severity.FAIL)}


def told(result):
    """The sentence about the mechanism, and how each of the four stands."""
    sentence, *four = [note.removeprefix("x: ") for note in result.notes if note.startswith("x: ")]
    return sentence, four


@pytest.mark.parametrize(
    ("kic", "kiu", "mechanism"),
    [
        (AT_FREE, NONE, "Competitive"),
        (NONE, AT_LOADED, "Uncompetitive"),
        (AT_LOADED, AT_LOADED, "Noncompetitive"),
        (AT_FREE, AT_LOADED, "Mixed"),
    ],
)
def test_every_mechanism_is_found_with_its_constants(kic, kiu, mechanism):
    result = analysed(kic, kiu)
    sentence, four = told(result)
    assert sentence.startswith(f"{mechanism} inhibition")
    assert len(four) == 4
    assert warned(result) == set()
    names = {one.estimate.name for one in result.pooled}
    assert (
        names
        == {
            "Competitive": {"Ki"},
            "Uncompetitive": {"Kiu"},
            "Noncompetitive": {"Ki"},
            "Mixed": {"Ki", "Kiu"},
        }[mechanism]
    )
    for name, truth in (("Ki", kic), ("Kiu", kiu)):
        if name in names:
            assert result.pool("x", name).estimate.value == pytest.approx(truth["x"], rel=0.15)


def test_a_constant_that_runs_away_is_not_identified_and_never_a_number():
    _, four = told(analysed())
    (mixed,) = [one for one in four if one.startswith("Mixed")]
    assert mixed.endswith("Kiu not identified.")


def test_a_bound_is_given_where_mixed_inhibition_has_one_open_constant():
    """The grid holds Kiu only from below: the estimate is a bound at the end of its interval."""
    from prusoff.assays._ligand import ligand_of
    from prusoff.assays._signal import signals
    from prusoff.assays._uptake_kinetics.wells import carrier_wells
    from prusoff.assays._uptake_mechanism.estimates import constant
    from prusoff.assays._uptake_mechanism.mechanisms import MIXED, fit_again, fit_all

    (one,) = days(number=1)
    data = carrier_wells(one, signals(one), ligand_of(one), "protein", "x")
    found = fit_again(data, MIXED, fit_all(data)[MIXED.name], 0.95)
    ki, kiu = (constant(name, found, parameter, data) for name, parameter in MIXED.constants.items())
    assert ki.relation is Relation.EQUAL
    assert kiu.relation is Relation.ABOVE
    assert kiu.value == max(INHIBITORS)  # the interval ends further out, beyond what was tested


def test_substrate_far_below_km_cannot_tell_competitive_from_noncompetitive():
    low = tuple(1e-9 * one for one in (22, 25, 30, 35, 40, 50))
    result = analysed(substrates=low, km=2e-5)
    sentence, _ = told(result)
    assert "The grid cannot tell" in sentence
    assert "W-MECH" in warned(result)
    assert all(series.outcome is not Outcome.OK for series in result.series)
    assert "cannot tell" in result.series[0].reason
    assert result.pool("x", "Ki").estimate.relation is Relation.ABOUT


def test_substrate_below_km_cannot_tell_competitive_from_mixed():
    """At a fifth of Km and less, a second constant of ten times the first would not be seen."""
    result = analysed(substrates=tuple(1e-9 * one for one in (25, 40, 60, 90)))
    sentence, _ = told(result)
    assert sentence.startswith("Competitive inhibition")
    assert "cannot tell competitive from mixed inhibition: a second constant 10 times the first" in sentence
    assert warned(result) == {"W-MECH", "W-MM-TOP"}


def test_one_concentration_of_inhibitor_is_said_and_nothing_else():
    assert warned(analysed(inhibitors=(4e-8,))) == {"W-GRID-I"}


def test_few_concentrations_of_substrate_are_said():
    result = analysed(substrates=(1e-7, 6e-7, 5e-6))
    assert "W-GRID-S" in warned(result)
    assert "W-GRID-I" not in warned(result)


def test_too_little_inhibitor_gives_a_lower_bound():
    result = analysed(inhibitors=(5e-10, 1e-9, 3e-9))
    assert "W-GRID-KI" in warned(result)
    assert [one.estimate.value for one in result.pooled] == [pytest.approx(3e-9)]
    for one in result.pooled:
        assert one.estimate.relation is Relation.ABOVE
    assert {series.outcome for series in result.series} == {Outcome.CENSORED}


def test_an_inhibitor_that_does_nothing_has_no_ki():
    result = analysed(NONE, NONE)
    assert "W-GRID-KI" in warned(result)
    for one in result.pooled:
        assert one.estimate.relation is Relation.ABOVE
        assert one.estimate.value == pytest.approx(max(INHIBITORS))
    sentence, four = told(result)
    assert "cannot tell competitive from noncompetitive or uncompetitive" in sentence
    assert all("not identified" in one for one in four)


def test_no_carrier_gives_no_mechanism():
    carrier = Carrier(0.0, TRUTH["Km"], TRUTH["nonsaturable"], AT_FREE)
    result = ASSAY.run(grids(carrier, 4, 1, SUBSTRATES, {"x": INHIBITORS}), ASSAY.example_settings)
    assert result.series[0].outcome is Outcome.FAILED
    assert "No carrier-mediated uptake is seen" in result.series[0].reason
    assert result.pooled == ()


def test_a_dead_counter_gives_nothing():
    (one,) = days(number=1)
    dead = replace(one, wells=tuple(replace(well, signal=500.0) for well in one.wells))
    result = ASSAY.run((dead,), ASSAY.example_settings)
    assert result.series[0].outcome is Outcome.FAILED
    assert "All wells read the same" in result.series[0].reason


def test_a_day_without_carrier_does_not_decide_for_the_others():
    good, bad = days()
    blocked = [well.signal for well in bad.wells if well.treatment.role is Role.NSB]
    flat = replace(
        bad,
        wells=tuple(
            replace(well, signal=blocked[index % len(blocked)]) for index, well in enumerate(bad.wells)
        ),
    )
    result = ASSAY.run((good, flat), ASSAY.example_settings)
    assert [series.outcome is Outcome.FAILED for series in result.series] == [False, True]
    assert result.pool("x", "Ki").n == 1


def test_used_up_substrate_is_seen():
    (one,) = days(number=1)
    thick = tuple(
        replace(well, signal=well.signal * (9.0 if well.treatment.role is not Role.NSB else 1.0))
        for well in one.wells
    )
    result = ASSAY.run((replace(one, wells=thick),), ASSAY.example_settings)
    assert "W-SUBDEP" in warned(result)


def test_a_compound_whose_wells_were_all_set_aside_has_a_reason():
    (one,) = days(number=1)
    wells = tuple(
        replace(well, set_aside="torn") if well.treatment.role is Role.COMPOUND else well
        for well in one.wells
    )
    result = ASSAY.run((replace(one, wells=wells),), ASSAY.example_settings)
    assert result.series[0].outcome is Outcome.FAILED
    assert "No well with the inhibitor takes part" in result.series[0].reason


def test_wrong_input_is_refused_with_what_to_do():
    (one,) = days(number=1)

    def refused(error, **spoil):
        wells = tuple(replace(well, treatment=replace(well.treatment, **spoil)) for well in one.wells)
        with pytest.raises(error) as caught:
            ASSAY.run((replace(one, wells=wells),), ASSAY.example_settings)
        assert all(problem.fix for problem in caught.value.problems)
        return str(caught.value)

    assert "has no concentration" in refused(InputError, concentration_molar=math.nan)
    assert "no well holds a compound" in refused(LayoutError, role=Role.TOTAL, compound="")
    assert "the whole substrate is less than its labelled part" in refused(InputError, substrate_molar=1e-9)
