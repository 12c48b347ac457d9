"""Competition kinetics and the label: fitted, held as stated, stated wrongly, and ligands one after the other."""

import math
import runpy
from pathlib import Path

import pytest

from prusoff.assays._competition_kinetics.estimates import gains
from prusoff.assays._competition_kinetics.fits import Held, fit_traces
from prusoff.assays._competition_kinetics.traces import traces_of
from prusoff.assays._ligand import ligand_of
from prusoff.assays._signal import signals
from prusoff.core.errors import InputError
from prusoff.simulation.bench import Bench

BENCH = runpy.run_path(str(Path(__file__).parents[2] / "competing_bench.py"))
ACTIVITY, KOFF, KON, analysed, day, estimates, planned, stated, warned = (
    BENCH[name]
    for name in ("ACTIVITY", "KOFF", "KON", "analysed", "day", "estimates", "planned", "stated", "warned")
)


@pytest.mark.parametrize(("kd", "koff"), [(3.5e-9, KOFF), (1e-9, 1.8e-3)])
def test_wrong_constants_of_the_label_are_seen_where_they_are_held(kd, koff):
    result = analysed(stated(day(planned()), kd=kd, koff=koff), label="stated")
    assert warned(result) == {"W-CK-LABEL"}
    (flag,) = [one for one in result.flags if one.code == "W-CK-LABEL"]
    assert "contradict the label as stated" in flag.sentence


def test_wrong_constants_of_the_label_do_no_harm_where_they_are_fitted():
    result = analysed(stated(day(planned()), koff=5e-3))
    assert warned(result) == {"W-CK-LABEL"}
    assert estimates(result)["Ki"].low < 5e-10 < estimates(result)["Ki"].high


def test_the_error_of_stated_constants_is_carried():
    here = day(planned())
    exact, unsure = (
        estimates(analysed(stated(here, log10_se=se), label="stated", koff_se_percent=100 * se))
        for se in (0.0, 0.1)
    )
    for name in ("Ki", "koff", "kon"):
        assert exact[name].value == unsure[name].value
        widths = [math.log10(one[name].high / one[name].low) for one in (exact, unsure)]
        assert widths[1] > widths[0], name
    (series,) = analysed(stated(here, log10_se=0.1), label="stated").series
    assert series.shares["Kd"] > 0.1


def test_what_the_held_constants_move_is_what_another_fit_finds():
    endless = Bench(ACTIVITY, count_time_s=1e7, pipetting_cv=0.0)
    here, step = day(planned(), bench=endless), 1e-3
    traces = traces_of(signals(here), "x", here, ligand_of(here), 0.0)
    kd, koff = math.log10(KOFF / KON), math.log10(KOFF)
    told = gains(fit_traces(traces, Held(kd, koff), 0.95))
    low, high = (fit_traces(traces, Held(kd + by, koff), 0.95).by_ki for by in (-step, step))
    for name, parameter in (("Ki", "log_ki"), ("koff", "log_koff_competitor")):
        moved = (high.value(parameter) - low.value(parameter)) / (2 * step)
        assert told[name]["Kd"] == pytest.approx(moved, abs=0.01), name


def test_without_a_kd_a_chase_or_a_second_concentration_the_label_is_refused():
    with pytest.raises(InputError, match="do not tell both rate constants of the label"):
        analysed(day(planned(chased=False)))
    assert estimates(analysed(stated(day(planned(chased=False)))))["Ki"].low < 5e-10


def test_two_concentrations_of_the_label_tell_its_rates_without_a_chase():
    plan = planned(chased=False) + planned(chased=False, molar=(), ligand=0.4e-9)
    found = estimates(analysed(day(plan)))
    assert found["Ki"].low < 5e-10 < found["Ki"].high
    assert found["label Kd"].low < 1e-9 < found["label Kd"].high


def test_stated_constants_must_be_there():
    with pytest.raises(InputError, match="its koff or its Kd is not stated"):
        analysed(day(planned()), label="stated")


def test_label_first_then_competitor():
    plan = planned(molar=(), first=(0.25e-9, 1e-9, 4e-9))
    found = estimates(analysed(day(plan)))
    for name, truth in (("Ki", 5e-10), ("kon", 2e5), ("koff", 1e-4)):
        assert found[name].low < truth < found[name].high, name


def test_competitor_first_needs_to_be_told():
    here = day(planned(), ahead_s=3600.0)
    told = estimates(analysed(here, competitor_ahead_min=60.0))
    assert told["kon"].low < 2e5 < told["kon"].high
    untold = estimates(analysed(here))
    assert not untold["kon"].low < 2e5 < untold["kon"].high
