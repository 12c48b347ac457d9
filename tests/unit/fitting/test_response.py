import itertools
import math
import time

import numpy as np
import pytest
from scipy import stats
from scipy.special import betainc

from prusoff.core.curves import Curve, Curves
from prusoff.core.errors import ModelError
from prusoff.core.fit import Outcome
from prusoff.equations import catalog
from prusoff.fitting.batch import fit_batch
from prusoff.fitting.response import ResponseNull, is_flat, response_groups, response_test
from prusoff.fitting.solve import Options
from prusoff.fitting.turning import turns

DESIGNS = {
    "5 x 1": (1,) * 5,
    "8 x 1": (1,) * 8,
    "10 x 1": (1,) * 10,
    "10 x 2": (2,) * 10,
    "10 x 3": (3,) * 10,
    "24 x 1": (1,) * 24,
    "3 x 4": (4,) * 3,
    "uneven": (9, 1, 2, 3, 3, 1, 1, 12),
}
every_design = pytest.mark.parametrize("counts", DESIGNS.values(), ids=DESIGNS.keys())


def noise(counts, curves, seed):
    """Means (group, curve) and sums of squares within groups of curves without a response."""
    rng, n = np.random.default_rng(seed), np.array(counts, dtype=float)
    means = rng.standard_normal((n.size, curves)) / np.sqrt(n)[:, None]
    within = int(n.sum()) - n.size
    return means, rng.chisquare(within, curves) if within else np.zeros(curves)


def false_positives(counts, curves, seed, levels, turning=False):
    """How many of so many flat curves have P at or below each level."""
    null, found = ResponseNull.of(counts, sum(counts) - 1, turning), np.zeros(len(levels), dtype=int)
    for part in range(0, curves, 500_000):
        p = null.probability(*noise(counts, min(500_000, curves - part), seed + part))[1]
        found += [int((p <= level).sum()) for level in levels]
    return found


def by_chance(found, count, level, slack):
    """Whether so many hits are what chance gives in 999 of 1000 studies if the level is right within `slack`."""
    low = stats.binom.ppf(0.0005, count, level * (1 - slack))
    high = stats.binom.ppf(0.9995, count, level * (1 + slack))
    return low <= found <= high


@every_design
@pytest.mark.parametrize("turning", [False, True], ids=["steps", "and humps"])
def test_five_per_cent_are_five_per_cent(counts, turning):
    """The null is itself simulated, to 1 to 2 % of P; 200,000 flat curves hit as often within 3 % and chance."""
    levels = (0.2, 0.05, 0.001)
    for level, found in zip(levels, false_positives(counts, 200_000, 11, levels, turning), strict=True):
        assert by_chance(found, 200_000, level, 0.03), (level, found)


@pytest.mark.slow
@pytest.mark.parametrize("turning", [False, True], ids=["steps", "and humps"])
@pytest.mark.parametrize("name", ["10 x 1", "10 x 2", "10 x 3"])
def test_the_far_tail_is_as_rare_as_it_says(name, turning):
    """Of ten million flat curves 1000 at 1e-4 and 25 at 2.5e-6, give or take what chance does."""
    levels = (1e-4, 2.5e-6)
    found = false_positives(DESIGNS[name], 10_000_000, 1000, levels, turning)
    for level, hits in zip(levels, found, strict=True):
        assert by_chance(hits, 10_000_000, level, 0.02), (level, hits)


@pytest.mark.parametrize(("weights", "seed"), [(0.5, 1), (1.2, 2)])
def test_known_errors_of_every_point_keep_the_level(weights, seed):
    rng = np.random.default_rng(seed)
    x, sd = np.repeat(np.arange(9.0), 2), np.exp(weights * rng.standard_normal(18))
    p = np.array([response_test(Curve(x, sd * rng.standard_normal(18), sd)).p for _ in range(8000)])
    for level in (0.2, 0.05):
        assert by_chance(int((p <= level).sum()), 8000, level, 0.02)


@pytest.mark.parametrize(("above", "below"), [(3, 3), (4, 9), (1, 6)])
def test_two_groups_are_a_t_test(above, below):
    y = np.random.default_rng(above).standard_normal(above + below)
    curve = Curve(np.repeat([1.0, 2.0], (above, below)), y)
    assert response_test(curve).p == pytest.approx(
        float(stats.ttest_ind(y[:above], y[above:]).pvalue), rel=5e-4
    )


def patterns_of_points(x):
    """All steps and sigmoids along the order of x, one value a point."""
    ranks = stats.rankdata(x, "dense") - 1.0
    steps = [ranks > k for k in range(int(ranks.max()))]
    centres = np.arange(0.0, ranks.max() + 0.25, 0.5)
    return np.array([*steps, *(1.0 / (1.0 + np.exp(-(ranks - c) / 0.87)) for c in centres)], dtype=float)


def share_by_regression(x, y, sd):
    """Largest squared weighted correlation of the responses with a pattern."""
    w = 1.0 / sd**2
    y = y - w @ y / w.sum()
    shares = []
    for pattern in patterns_of_points(x):
        v = pattern - w @ pattern / w.sum()
        shares.append((w @ (v * y)) ** 2 / ((w @ v**2) * (w @ y**2)))
    return max(shares)


@pytest.mark.parametrize(("distinct", "replicates"), [(6, 1), (10, 3), (37, 1), (8, 12)])
def test_the_statistic_and_its_probability_by_the_long_way(distinct, replicates):
    rng = np.random.default_rng(distinct)
    x = np.repeat(np.arange(float(distinct)), replicates)
    sd = np.exp(0.3 * rng.normal(size=x.size))
    y = sd * rng.standard_normal(x.size) + 0.5 * (x > distinct / 2)
    found = response_test(Curve(x, y, sd))
    assert found.statistic == pytest.approx(share_by_regression(x, y, sd), rel=1e-9)
    chance = [share_by_regression(x, sd * rng.standard_normal(x.size), sd) for _ in range(2000)]
    hits = int((np.array(chance) >= found.statistic).sum())
    assert stats.binomtest(hits, 2000, found.p).pvalue > 1e-3


def hotelling(counts, share):
    """Hotelling's bound for a path of patterns: its length, and the caps at its ends (Johansen & Johnstone 1990)."""
    n, free = np.array(counts, dtype=float), sum(counts) - 1
    found, rest = 0.0, 1.0 - share
    patterns = patterns_of_points(np.arange(float(n.size)))
    for path in (patterns[: n.size - 1], patterns[n.size - 1 :]):
        v = path - (path @ n / n.sum())[:, None]
        v = v * np.sqrt(n) / np.sqrt((n * v**2).sum(axis=1))[:, None]
        length = sum(math.acos(min(float(a @ b), 1.0)) for a, b in itertools.pairwise(v))
        found += length / math.pi * rest ** ((free - 2) / 2) + betainc((free - 1) / 2, 0.5, rest)
    return found


@every_design
def test_the_probability_stays_between_one_pattern_and_all(counts):
    """It falls without a jump, never above Hotelling's bound nor below the probability of one pattern."""
    free = sum(counts) - 1
    null = ResponseNull.of(counts, free)
    share = np.linspace(0.0, 1.0 - 1e-9, 20_001)
    p = null.tail(share)
    assert p[0] == 1.0
    assert (np.diff(p) <= 0).all()
    assert np.abs(np.diff(p)).max() < 2e-3
    one = betainc((free - 1) / 2, 0.5, 1.0 - share)
    bound = hotelling(counts, share)
    tabled = p > 1e-50  # beyond, the table goes on with its last slope, above the truth
    rare = tabled & (p < 0.1)
    assert (p >= 0.999 * one)[p < 0.1].all()
    assert (p <= 1.001 * len(null.patterns) * one)[tabled].all()
    assert (p <= 1.02 * bound)[rare].all()


def test_the_numbers_of_a_curve_do_not_depend_on_its_neighbours():
    counts = DESIGNS["10 x 3"]
    null = ResponseNull.of(counts, 29)
    means, pure = noise(counts, 5000, 3)
    means[:, ::2] += np.linspace(0.0, 3.0, 10)[:, None]
    share, p = null.probability(means, pure)
    for chosen in ([0], [4999], [17, 3], list(range(1, 5000, 7)), list(range(2050, 2061))):
        alone = null.probability(means[:, chosen], pure[chosen])
        assert alone[0].tobytes() == share[chosen].tobytes()
        assert alone[1].tobytes() == p[chosen].tobytes()
    means[3, 100], means[:, 101], pure[101] = np.nan, 7.0, 0.0
    spoilt = null.probability(means, pure)
    assert math.isnan(spoilt[1][100])
    assert (spoilt[0][101], spoilt[1][101]) == (0.0, 1.0)
    others = np.delete(np.arange(5000), [100, 101])
    assert spoilt[1][others].tobytes() == p[others].tobytes()


def hump(height, sd=1.0, seed=1, doses=10, replicates=2):
    """Up and down again with both half way points well inside: (x, y)."""
    x = np.repeat(np.arange(float(doses)), replicates)
    rise, fall = (1.0 / (1.0 + np.exp(-2.0 * (x - at))) for at in (2.5, doses - 3.5))
    return Curve(x, height * (rise - fall) + sd * np.random.default_rng(seed).standard_normal(x.size))


def test_a_hump_is_a_response_of_laws_that_turn_only():
    for height in (9.0, -9.0):
        curves = [hump(height, seed=seed) for seed in range(40)]
        assert sum(response_test(curve, True).p < 2.5e-6 for curve in curves) == 40
        assert sum(response_test(curve).p < 2.5e-6 for curve in curves) == 0


def test_humps_come_beside_steps_and_sigmoids():
    for counts in DESIGNS.values():
        plain, turning = (ResponseNull.of(counts, sum(counts) - 1, humps) for humps in (False, True))
        few = len(plain.patterns)
        assert len(turning.patterns) > few
        assert np.allclose(turning.patterns[:few], plain.patterns, rtol=0, atol=1e-14)
        means, pure = noise(counts, 100, 4)
        assert (turning.share(means, pure) >= plain.share(means, pure) - 1e-14).all()


def test_laws_that_turn_know_it_of_themselves(sigmoid):
    turning = {name for name, law in catalog.items() if turns(law)}
    assert turning == {"bell_shaped", "gain_loss", "hormesis", "substrate_inhibition"}
    assert not turns(sigmoid)


def test_flat_curves_get_no_bell():
    """None of 2000 at the limit that is asked of 20 points, and about five in a hundred at 0.05."""
    law, x = catalog["bell_shaped"], np.tile(np.repeat(np.arange(-9.5, -4.9, 0.5), 2), 2000)
    y = 100.0 + 10.0 * np.random.default_rng(8).standard_normal(x.size)
    flat = Curves(x, y, np.arange(2001) * 20)
    found = fit_batch(law, flat, options=Options(intervals=""))
    assert found.tally == {Outcome.NO_RESPONSE: 2000}
    assert by_chance(int((found.p_response <= 0.05).sum()), 2000, 0.05, 0.03)
    alone = [response_test(flat[c], True).p for c in range(20)]
    assert np.allclose(found.p_response[:20], alone, rtol=1e-6)


def test_a_bell_is_seen_by_both_engines(both_engines):
    curves = [Curve(one.x / 2.0 - 9.5, one.y) for one in (hump(20.0, seed=seed) for seed in range(3))]
    for fit in both_engines.ask_both(catalog["bell_shaped"], curves, options=Options(intervals="")):
        assert fit.outcome is not Outcome.NO_RESPONSE
    for fit in both_engines.ask_both(catalog["four_parameter_logistic"], curves):
        assert fit.outcome is Outcome.NO_RESPONSE


def test_one_curve_is_a_batch_of_one(simulated):
    curve = simulated(8, sd=30.0)
    groups = response_groups(curve.x)
    counts = np.bincount(groups)
    means = np.bincount(groups, curve.y) / counts
    pure = float(((curve.y - means[groups]) ** 2).sum())
    share, p = ResponseNull.of(counts, len(curve) - 1).probability(means[:, None], np.array([pure]))
    found = response_test(curve)
    assert found.statistic == pytest.approx(share[0], rel=1e-12)
    assert found.p == pytest.approx(p[0], rel=1e-9)


def test_the_response_test_does_not_care_how_data_are_written(simulated):
    curve = simulated(8, sd=20.0)
    plain = response_test(curve).p
    assert response_test(Curve(curve.x + 9, 1e6 * curve.y)).p == pytest.approx(plain, rel=1e-9)
    assert response_test(Curve(curve.x[::-1], -curve.y[::-1])).p == pytest.approx(plain, rel=1e-9)


@pytest.mark.parametrize("level", [0.05, 1e-3, 2.5e-6])
def test_flat_is_what_has_a_probability_above_the_level(level):
    rng = np.random.default_rng(5)
    x, flat = np.repeat(np.arange(10.0), 2), 0
    for slope in np.linspace(0.0, 1.2, 60):
        curve = Curve(x, slope * x + rng.standard_normal(20))
        flat += is_flat(curve, level)
        assert is_flat(curve, level) == (response_test(curve).p > level)
    assert 5 < flat < 55
    assert not is_flat(Curve(np.arange(4.0), np.arange(4.0)), level)


def test_what_cannot_be_tested_is_refused():
    for counts, free in (
        ((3.0,), 10),
        ((1.0, 1.0), 3),
        ((2.0, 0.0, 2.0), 9),
        ((1.0,) * 201, 300),
        ((1,) * 9, 7),
    ):
        with pytest.raises(ModelError, match="cannot be tested for a response"):
            ResponseNull.of(counts, free)


@pytest.mark.slow
def test_a_plate_and_a_screen_are_quick():
    """Times are of the processor; the limits are several times what it takes."""
    means, pure = noise(DESIGNS["10 x 3"], 200_000, 1)
    started = time.process_time()
    null = ResponseNull.of((3.0,) * 9 + (2.5,), 29)
    null.probability(means[:, :1], pure[:1])
    made = time.process_time()
    null.probability(means, pure)
    assert made - started < 0.1
    assert time.process_time() - made < 0.5
