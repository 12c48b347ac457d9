"""What must hold for competition whatever the constants, on a bench without noise and on one with it."""

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prusoff.assays import catalog
from prusoff.core.experiment import Added, Conditions, Constant, Counting, Experiment, Radioligand
from prusoff.core.fit import Outcome
from prusoff.core.plate import FORMATS, Role, Treatment, Well
from prusoff.simulation.bench import Bench, Pharmacology, count_wells

ASSAY = catalog["radioligand_competition"]
ACTIVITY = 82.0 * 2.22e15
QUICK = settings(max_examples=12, deadline=None, derandomize=True)
LOG_KI = st.floats(-9.3, -6.8)


def day(log_ki, seed, kd=0.8e-9, ligand=1e-9, receptor=0.05e-9, long=120.0):
    """One plate of one compound; `long` is the counting time in s: the longer, the less noise."""
    rng = np.random.default_rng(seed)
    bench = Bench(ACTIVITY, pipetting_cv=0.01, count_time_s=long)
    doses = [10.0 ** (-10.5 + 0.5 * step) for step in range(11)]
    plan = [Treatment(Role.COMPOUND, "x", dose, ligand) for dose in doses for _ in range(3)]
    plan += [Treatment(role, radioligand_molar=ligand) for role in (Role.TOTAL, Role.NSB) for _ in range(4)]
    truth = Pharmacology(kd, receptor, 0.004, {"x": 10.0**log_ki})
    counts = count_wells(plan, truth, bench, rng)
    wells = tuple(
        Well("day", "plate", place, what, float(count), "counts", long)
        for place, what, count in zip(FORMATS[96].positions(), plan, counts, strict=False)
    )
    date = dt.date(2026, 3, 2)
    return Experiment(
        "day",
        wells,
        Radioligand("[3H]x", "3H", ACTIVITY, date, 3, kd=Constant(kd, 0.05 * kd, "M", "simulated")),
        Added(ligand, 0.02 * ligand),
        Conditions(volume_l=bench.volume_l),
        Counting(
            bench.efficiency, time_s=long, background_cpm=22.0, background_time_s=600.0, pipetting_cv=0.01
        ),
        date,
    )


def ki(experiment, **changes):
    (series,) = ASSAY.run((experiment,), ASSAY.settings(**changes)).series
    assert series.outcome in (Outcome.OK, Outcome.FLAGGED)
    return series.estimate("Ki")


@QUICK
@given(LOG_KI, st.integers(0, 10**6))
def test_the_ki_is_near_the_truth_and_inside_its_interval(log_ki, seed):
    found = ki(day(log_ki, seed))
    assert abs(math.log10(found.value) - log_ki) < 0.2
    assert found.low < found.value < found.high


@QUICK
@given(LOG_KI, st.integers(0, 10**6), st.floats(0.1, 10.0))
def test_all_concentrations_in_another_size_move_ic50_and_leave_the_slope(log_ki, seed, factor):
    here = day(log_ki, seed)
    there = replace(
        here,
        wells=tuple(
            replace(
                well,
                treatment=replace(
                    well.treatment, concentration_molar=factor * well.treatment.concentration_molar
                ),
            )
            for well in here.wells
        ),
    )
    (a,), (b,) = (ASSAY.run((one,), ASSAY.settings()).series for one in (here, there))
    # the exact Ki has a term for the competitor that the sites take up, which does not scale; the plain one does
    plain = "Cheng–Prusoff Ki"
    assert b.estimate(plain).value == pytest.approx(factor * a.estimate(plain).value, rel=1e-5)
    assert b.estimate("nH").value == pytest.approx(a.estimate("nH").value, rel=1e-4)


@QUICK
@given(LOG_KI, st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_the_wells_does_not_matter(log_ki, seed, shuffle):
    here = day(log_ki, seed)
    wells = list(here.wells)
    shuffle.shuffle(wells)
    a, b = ki(here), ki(replace(here, wells=tuple(wells)))
    for name in ("value", "low", "high"):
        assert getattr(b, name) == pytest.approx(getattr(a, name), rel=1e-9)


@QUICK
@given(LOG_KI, st.integers(0, 10**6), st.integers(0, 40), st.floats(0.0, 1e9))
def test_a_well_that_is_set_aside_has_no_say(log_ki, seed, index, signal):
    here = day(log_ki, seed)
    aside, other = (
        replace(
            here,
            wells=tuple(
                replace(well, signal=value, set_aside="torn") if place == index else well
                for place, well in enumerate(here.wells)
            ),
        )
        for value in (here.wells[index].signal, signal)
    )
    a, b = ki(aside), ki(other)
    assert (a.value, a.low, a.high) == (b.value, b.low, b.high)


@QUICK
@given(LOG_KI, st.integers(0, 10**6), st.floats(0.02, 0.4))
def test_a_larger_error_of_kd_never_narrows_the_interval(log_ki, seed, relative):
    here = day(log_ki, seed)
    kd = here.radioligand.kd
    worse = replace(
        here, radioligand=replace(here.radioligand, kd=replace(kd, se=kd.se + relative * kd.value))
    )
    a, b = ki(here), ki(worse)
    assert b.value == a.value
    assert b.low <= a.low < a.high <= b.high


@QUICK
@given(LOG_KI, st.integers(0, 10**6))
def test_more_radioligand_weakens_the_ic50_and_not_the_ki(log_ki, seed):
    little, much = (
        day(log_ki, seed, ligand=amount, receptor=0.02e-9, long=600.0) for amount in (0.4e-9, 3e-9)
    )
    (a,), (b,) = (ASSAY.run((one,), ASSAY.settings()).series for one in (little, much))
    assert b.estimate("IC50 (relative)").value > a.estimate("IC50 (relative)").value
    assert abs(math.log10(b.estimate("Ki").value / a.estimate("Ki").value)) < 0.2


@QUICK
@given(st.floats(-14.0, -2.0), st.integers(0, 10**6))
def test_whatever_the_compound_nothing_outside_the_tested_range_is_called_a_value(log_ki, seed):
    (series,) = ASSAY.run((day(log_ki, seed),), ASSAY.settings()).series
    for estimate in series.estimates:
        if estimate.name.startswith("IC50 (rel") and not estimate.is_bound:
            assert 10**-10.5 <= estimate.value <= 10**-5.5
        assert not math.isnan(estimate.value)
    if series.outcome is Outcome.CENSORED:
        assert series.estimate("IC50 (relative)").is_bound
        assert series.estimate("Ki").relation is series.estimate("IC50 (relative)").relation
        assert series.estimate("pKi").relation is series.estimate("Ki").relation.flipped
