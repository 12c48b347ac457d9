"""Who fits the parts of a screen: where a table is cut, and what becomes of a part whose worker dies."""

import os
import sys

import numpy as np
import pytest

from prusoff.core.errors import ModelError
from prusoff.core.fit import Outcome
from prusoff.workbench.screen import labour
from prusoff.workbench.screen.labour import Alone, Labour, attempt, cut, fit_readings, settled
from prusoff.workbench.screen.part import Readings, Settings, fit_part, lost_part
from prusoff.workbench.screen.processes import Processes

DOSES = 10.0 ** np.linspace(-10.0, -4.5, 12)
SETTINGS = Settings("four_parameter_logistic", intervals="wald")
STEPS = """
import os, signal, time
from prusoff.workbench.screen.labour import attempt

def falls(settings, readings):
    if readings.y[0] == 13.0:
        os.kill(os.getpid(), signal.SIGKILL)
    return attempt(settings, readings)

def falls_once(settings, readings):
    seen = os.environ["SEEN"]
    if readings.y[0] == 13.0 and not os.path.exists(seen):
        open(seen, "w").close()
        os._exit(3)
    print("this must not come between the answers")
    return attempt(settings, readings)

def breaks(settings, readings):
    return f"MemoryError: {os.environ['OMP_NUM_THREADS']} thread"
"""


def part(number):
    random = np.random.default_rng(number)
    y = 100.0 / (1.0 + DOSES / 1e-7) + random.normal(0.0, 4.0, (20, 12))
    y[0, 0] = 13.0 if number == 3 else y[0, 0]
    return Readings(np.tile(DOSES, 20), y.ravel(), np.arange(0, 241, 12))


PARTS = [part(number) for number in range(8)]
OUT = 3  # parts that two workers have in hand or have given back unwritten, at the most


@pytest.fixture
def step(tmp_path, monkeypatch):
    """Steps in a module that the workers can import."""
    (tmp_path / "steps_of_a_test.py").write_text(STEPS, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("SEEN", str(tmp_path / "seen"))
    monkeypatch.syspath_prepend(tmp_path)
    import steps_of_a_test

    yield lambda name: getattr(steps_of_a_test, name)
    del sys.modules["steps_of_a_test"]


def same(here, there):
    return here.fits.values.tobytes() == there.fits.values.tobytes()


def test_a_part_whose_worker_dies_twice_is_lost_and_the_others_are_not(step):
    crew = Processes(SETTINGS, 2, step("falls"))
    found = dict(crew.results(enumerate(PARTS)))
    assert sorted(found) == list(range(8))
    assert found.pop(3) == "its worker process ended 2 times (killed by SIGKILL)"
    assert all(same(answer, fit_part(SETTINGS, PARTS[number])) for number, answer in found.items())
    assert not crew.running


def test_a_part_whose_worker_dies_once_is_tried_again(step):
    found = dict(Processes(SETTINGS, 2, step("falls_once")).results(enumerate(PARTS)))
    assert all(same(found[number], fit_part(SETTINGS, PARTS[number])) for number in range(8))


def test_workers_have_one_thread_each_and_say_what_failed(step):
    found = dict(Processes(SETTINGS, 1, step("breaks")).results(enumerate(PARTS[:2])))
    assert set(found.values()) == {"MemoryError: 1 thread"}


def test_workers_are_sent_home_when_nobody_waits_for_the_rest(step):
    crew = Processes(SETTINGS, 2)
    results = crew.results(enumerate(PARTS))
    next(results)
    workers = tuple(crew.running)
    assert workers
    results.close()
    assert all(worker.poll() is not None for worker in workers)


def test_what_stops_the_one_who_hands_out_parts_stops_the_workers(step):
    def jobs():
        yield 0, PARTS[0]
        raise OSError("the disk is gone")

    crew = Processes(SETTINGS, 1)
    with pytest.raises(OSError, match="the disk is gone"):
        list(crew.results(jobs()))
    assert not crew.running


def test_a_lost_part_keeps_every_curve_and_every_row():
    readings = Readings(
        np.array([1.0, np.nan, -1.0, 2.0]), np.array([1.0, 1.0, 1.0, np.nan]), np.array([0, 3, 4])
    )
    lost = lost_part(SETTINGS, readings, "its worker process ended")
    assert [lost.fits.outcome_of(c) for c in (0, 1)] == [Outcome.FAILED] * 2
    assert lost.fits.points.tolist() == [1, 0]
    assert lost.aside.tolist() == [[1, 0], [0, 1], [1, 0], [0, 0], [0, 0]]
    unread = lost_part(SETTINGS, readings, "damaged", read=False)
    assert (unread.fits.points.tolist(), unread.aside[3].tolist()) == ([0, 0], [3, 1])
    assert lost.fits.reason_of(1) == "its worker process ended"


def test_an_error_of_use_is_raised_and_any_other_is_told(monkeypatch):
    def wrong(*_):
        raise ModelError("These weights need an SD.")

    def broken(*_):
        raise FloatingPointError("overflow")

    monkeypatch.setattr(labour, "fit_part", wrong)
    assert isinstance(attempt(SETTINGS, PARTS[0]), ModelError)
    with pytest.raises(ModelError, match="need an SD"):
        settled(SETTINGS, PARTS[0], attempt(SETTINGS, PARTS[0]))
    monkeypatch.setattr(labour, "fit_part", broken)
    found = settled(SETTINGS, PARTS[0], attempt(SETTINGS, PARTS[0]))
    assert set(map(found.fits.reason_of, range(20))) == {
        "Its part of the table could not be fitted: FloatingPointError: overflow."
    }


def test_parts_put_together_are_the_whole(monkeypatch):
    y = np.concatenate([one.y for one in PARTS])
    whole = Readings(np.tile(DOSES, 160), y, np.arange(0, 1921, 12))
    one = fit_readings(SETTINGS, whole, Labour())
    monkeypatch.setattr(labour, "FEWEST", 7)
    told = []
    many = fit_readings(SETTINGS, whole, Labour(progress=lambda done, curves: told.append((done, curves))))
    for name in ("values", "se", "low", "high"):
        np.testing.assert_allclose(getattr(one.fits, name), getattr(many.fits, name), rtol=1e-9)
    assert one.fits.outcome.tolist() == many.fits.outcome.tolist()
    assert many.aside.shape == (5, 160)
    assert told[0] == (7, 160)
    assert told[-1] == (160, 160)


@pytest.mark.parametrize(
    ("sizes", "cuts"),
    [
        ([12] * 2_500, [0, 1_000, 2_000, 2_500]),
        ([1], [0, 1]),
        ([], [0, 0]),
        ([600_000, 300_000, 200_000, 5, 2_000_000, 5], [0, 2, 4, 5, 6]),
    ],
)
def test_where_a_table_is_cut_follows_from_its_curves(sizes, cuts):
    assert cut(np.cumsum(sizes, dtype=np.int64)).tolist() == cuts


def test_large_tables_are_cut_into_many_parts_of_some_thousand_curves():
    for curves, least, most in ((1_000_000, 310, 320), (10_000_000, 1_250, 1_250), (200_000, 200, 200)):
        assert least <= cut(np.arange(1, curves + 1) * 12).size - 1 <= most


def test_more_than_one_process_is_used_where_it_pays():
    assert isinstance(Labour().crew(SETTINGS, 19_999, fit_part), Alone)
    many = Labour().crew(SETTINGS, 20_000, fit_part)
    assert isinstance(many, Processes)
    assert many.count == len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else many.count > 0
    asked = Labour(workers=3).crew(SETTINGS, 5, fit_part)
    assert isinstance(asked, Processes)
    assert asked.count == 3


@pytest.mark.parametrize("curves", [300_000, 1_000_000, 10_000_000])
def test_what_two_workers_have_out_is_a_hundredth_of_a_large_table_at_most(curves):
    """A run that is killed with signal 9 repeats that and nothing else."""
    sizes = np.diff(cut(12 * np.arange(1, curves + 1)))
    assert sizes.sum() == curves
    assert OUT * sizes.max() <= 0.01 * curves


def test_two_workers_have_three_parts_out_at_the_most():
    asked, given = [], []

    def jobs():
        for number, readings in enumerate(PARTS):
            asked.append(number)
            yield number, readings

    for number, _ in Processes(SETTINGS, 2).results(jobs()):
        assert len(asked) - len(given) <= OUT
        given.append(number)
    assert sorted(given) == list(range(8))
