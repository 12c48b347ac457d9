import numpy as np
import pytest

from prusoff.core.recording import Channel, Epoch, Recording, ScaledCounts, Sweep

COUNTS = np.array([[0, 10, 20, 30, 40], [1, 2, 3, 4, -5]], dtype=np.int16)
SCALED = ScaledCounts(COUNTS, (0.5, 2.0), (0.0, 1.0))
WHOLE = np.array([[0, 5, 10, 15, 20], [3, 5, 7, 9, -9]], dtype=np.float64)
CURRENT_AND_POTENTIAL = (Channel("I", "pA", 1e-12), Channel("V", "mV", 1e-3))


@pytest.mark.parametrize(
    "key",
    [0, 1, -1, slice(None), (0, slice(1, 3)), (1, 4), (slice(None), 2), (slice(0, 1), slice(2)), ([1, 0],)],
    ids=str,
)
def test_counts_are_scaled_wherever_they_are_asked_for(key):
    assert np.array_equal(SCALED[key], WHOLE[key])


def test_counts_stand_in_for_an_array():
    assert SCALED.shape == WHOLE.shape
    assert len(SCALED) == 2
    assert np.array_equal(np.asarray(SCALED), WHOLE)
    assert np.asarray(SCALED, dtype=np.float32).dtype == np.float32


def test_sweeps_are_the_same_when_their_numbers_are():
    counted, plain = Sweep(0, 0.0, SCALED), Sweep(0, 0.0, WHOLE)
    assert counted == plain
    assert counted != Sweep(0, 0.0, WHOLE + 1)
    assert counted != Sweep(0, 0.0, WHOLE, (Epoch(0.0, 1.0, -0.08, -0.08),))
    assert counted != "a sweep"
    holed = np.where(WHOLE == 10, np.nan, WHOLE)
    assert Sweep(0, 0.0, holed) == Sweep(0, 0.0, holed.copy())


def test_a_channel_is_given_in_amperes_or_volts_whole_or_in_part():
    sweep = Sweep(0, 0.0, SCALED)
    recording = Recording("cell", CURRENT_AND_POTENTIAL, 10.0, (sweep,))
    assert np.allclose(recording.inside(sweep), WHOLE[0] * 1e-12, rtol=1e-15)
    part = recording.part(sweep, 0.1, 0.3)
    assert np.allclose(recording.inside(sweep, 1, part), np.array([5, 7]) * 1e-3, rtol=1e-15)
    assert np.allclose(recording.times(sweep), [0, 0.1, 0.2, 0.3, 0.4])
    assert list(recording.currents()) == [0]


@pytest.mark.parametrize(("start", "end", "found"), [(-1, 99, (0, 5)), (0.4, 0.2, (4, 4)), (7, 9, (5, 5))])
def test_a_part_never_leaves_the_sweep(start, end, found):
    sweep = Sweep(0, 0.0, SCALED)
    part = Recording("cell", CURRENT_AND_POTENTIAL, 10.0, (sweep,)).part(sweep, start, end)
    assert (part.start, part.stop) == found
