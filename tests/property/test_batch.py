"""A table of curves gives the same estimates however it is written down, and no curve changes another by a bit."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prusoff.core.curves import Curve, Curves
from prusoff.core.fit import Outcome
from prusoff.core.fits import joined
from prusoff.equations import catalog
from prusoff.fitting.batch import compiling, fit_batch
from prusoff.fitting.batch.outliers import rout_batch
from prusoff.fitting.solve import Options
from prusoff.fitting.weights import Weighting

LAW = catalog["four_parameter_logistic"]
DOSES = np.repeat(np.arange(-10.0, -5.4, 0.5), 2)
LOG, SLOPE, PLATEAU = (np.array([name in chosen for name in LAW.names]) for chosen in
                       (("log_ic50",), ("hill_slope",), ("bottom", "top")))  # fmt: skip
VALUES = 1e-9  # of a value, or of its standard error where that is larger
ERRORS = (
    1e-6  # of a standard error: it follows from the values and is as much less exact as they are ill-defined
)
LIMITS = 2e-6  # of the distance of a limit from the value: a limit is sought to a millionth of the quantile
COLUMNS = ("values", "se", "low", "high", "outcome", "relation", "bound", "sum_of_squares", "df", "points",
           "p_response")  # fmt: skip
POISONS = {
    "not a number": lambda x, y: (x, np.where(np.arange(y.size) == 3, np.nan, y)),
    "all not a number": lambda x, y: (x, np.full(y.size, np.nan)),
    "infinite": lambda x, y: (x, np.where(np.arange(y.size) == 3, np.inf, y)),
    "infinite both ways": lambda x, y: (x, np.where(np.arange(y.size) % 2, -np.inf, np.inf)),
    "constant": lambda x, y: (x, np.full(y.size, 100.0)),
    "zero": lambda x, y: (x, np.zeros(y.size)),
    "huge": lambda x, y: (x, 1e300 * y),
    "tiny": lambda x, y: (x, 1e-300 * y),
    "one huge point": lambda x, y: (x, np.where(np.arange(y.size) == 5, 1e300, y)),
    "one point": lambda x, y: (x[:1], y[:1]),
    "no point": lambda x, y: (x[:0], y[:0]),
    "one dose": lambda x, y: (np.full(x.size, -7.0), y),
    "controls alone": lambda x, y: (np.where(np.arange(x.size) % 2, np.inf, -np.inf), y),
    "no dose": lambda x, y: (np.full(x.size, np.nan), y),
}
few = settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def curve_of(rng):
    """A simulated inhibition curve as (x, y): in the range or beyond, good or poor, with and without controls, flat."""
    x = DOSES
    if rng.random() < 0.3:
        x = np.concatenate([x, [-np.inf, -np.inf, np.inf, np.inf]])
    if rng.random() < 0.3:
        x = x[rng.random(x.size) < 0.85]  # missing wells
    if rng.random() < 0.2:
        x = x + np.where(np.isfinite(x), rng.uniform(-0.3, 0.3), 0.0)  # doses of its own
    top = 5.0 if rng.random() < 0.1 else 100.0
    truth = np.array([5.0, top, rng.uniform(-10.0, -5.0), np.exp(rng.normal(0.0, 0.4))])
    y = LAW.function(x, truth) + rng.choice([0.5, 3.0, 8.0]) * rng.standard_normal(x.size)
    return x, y


@st.composite
def tables(draw, most=5):
    """A few curves, each (x, y)."""
    rng = np.random.default_rng(draw(st.integers(0, 100_000)))
    return [curve_of(rng) for _ in range(draw(st.integers(2, most)))]


def columns_of(points, sds=None):
    """The table as columns; whatever stands in it."""
    starts = np.concatenate([[0], np.cumsum([y.size for _, y in points])])
    x, y = (np.concatenate([one[k] for one in points]) for k in (0, 1))
    return Curves(x, y, starts, None if sds is None else np.concatenate(sds))


def fitted(points, intervals="profile", **options):
    return fit_batch(LAW, columns_of(points), options=Options(intervals=intervals, **options))


def same(one, two, factor=1.0, shift=0.0, curves=None):
    """Every estimate of `two` is that of `one` times `factor` plus `shift`, each (parameter,)."""
    factor, shift = (np.broadcast_to(np.asarray(a, dtype=float), len(LAW.names)) for a in (factor, shift))
    for c in range(len(one)) if curves is None else curves:
        assert one.outcome_of(c) is two.outcome_of(c), c
        assert np.isclose(two.p_response[c], one.p_response[c], rtol=1e-6, atol=1e-12, equal_nan=True)
        if not one.usable[c]:
            continue
        for k, name in enumerate(LAW.names):
            value, error = one.values[k, c] * factor[k], one.se[k, c] * abs(factor[k])
            off = abs(two.values[k, c] - (value + shift[k]))
            # what is left of the digits after a shift is relative to the larger of the two
            size = max(abs(value), abs(value + shift[k]), np.nan_to_num(error))
            assert off <= VALUES * size, (c, name, off)
            assert np.isclose(two.se[k, c], error, rtol=ERRORS, equal_nan=True), (c, name)
            limits = np.array([one.low[k, c], one.high[k, c]]) * factor[k] + shift[k]
            found = np.array([two.low[k, c], two.high[k, c]])
            same_limits(np.sort(limits), found, value + shift[k])


def same_limits(expected, found, value):
    for one, other in zip(expected, found, strict=True):
        if np.isfinite(one):
            assert abs(other - one) <= LIMITS * abs(one - value)
        else:
            assert other == one or np.isnan([one, other]).all()


def bits(one, two):
    """Every column of two tables of fits is the same to the last bit, nan and signs of zero included."""
    assert one.names == two.names
    for name in COLUMNS:
        a, b = getattr(one, name), getattr(two, name)
        assert a.dtype == b.dtype
        assert np.array_equal(
            np.ascontiguousarray(a).view(np.uint8), np.ascontiguousarray(b).view(np.uint8)
        ), name
    assert [one.reason_of(c) for c in range(len(one))] == [two.reason_of(c) for c in range(len(two))]


def chosen(fits, curves):
    """Some of the curves of a table of fits, by way of the table that `joined` makes of single ones."""
    return joined([single(fits, c) for c in curves])


def single(fits, c):
    return replace(
        fits, reason=fits.reason[c : c + 1], **{n: getattr(fits, n)[..., c : c + 1] for n in COLUMNS}
    )


@few
@given(tables(), st.sampled_from([-3.0, 3.0, 6.0, 9.0]))
def test_unit_of_the_concentration(points, decades):
    same(fitted(points), fitted([(x + decades, y) for x, y in points]), shift=decades * LOG)


@few
@given(tables(), st.floats(-6.0, 6.0))
def test_scale_of_the_response(points, decades):
    scale = 10.0**decades
    one, two = fitted(points), fitted([(x, scale * y) for x, y in points])
    same(one, two, factor=np.where(PLATEAU, scale, 1.0))


@few
@given(tables())
def test_direction_of_the_response(points):
    one, two = fitted(points), fitted([(x, 105.0 - y) for x, y in points])
    same(one, two, factor=np.where(PLATEAU, -1.0, 1.0), shift=np.where(PLATEAU, 105.0, 0.0))


@few
@given(tables(), st.integers(0, 100))
def test_order_of_the_rows(points, seed):
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(y.size) for _, y in points]
    same(fitted(points), fitted([(x[o], y[o]) for (x, y), o in zip(points, orders, strict=True)]))


@few
@given(tables(), st.integers(0, 100))
def test_order_of_the_curves(points, seed):
    order = np.random.default_rng(seed).permutation(len(points))
    bits(chosen(fitted(points), order), fitted([points[k] for k in order]))


@few
@given(tables())
def test_every_point_written_twice(points):
    """The values are the same; what rests on the number of points (errors, outcome) is not."""
    one, two = fitted(points, "wald"), fitted([(np.repeat(x, 2), np.repeat(y, 2)) for x, y in points], "wald")
    assert (two.points == 2 * one.points).all()
    for c in np.flatnonzero(one.usable & two.usable):
        size = np.maximum(abs(one.values[:, c]), np.nan_to_num(one.se[:, c]))
        assert (abs(two.values[:, c] - one.values[:, c]) <= VALUES * size).all()
        assert np.isclose(two.sum_of_squares[c], 2.0 * one.sum_of_squares[c], rtol=1e-9)


@few
@given(tables())
def test_every_point_written_twice_at_half_its_weight(points):
    sds = [np.full(y.size, 3.0) for _, y in points]
    twice = [(np.repeat(x, 2), np.repeat(y, 2)) for x, y in points]
    halved = [np.repeat(sd, 2) * np.sqrt(2.0) for sd in sds]
    plain = Options(response_level=1.0)  # the test for a response counts the points
    one = fit_batch(LAW, columns_of(points, sds), Weighting.KNOWN_SD, options=plain)
    two = fit_batch(LAW, columns_of(twice, halved), Weighting.KNOWN_SD, options=plain)
    assert np.isnan(one.p_response).tolist() == np.isnan(two.p_response).tolist()
    assert np.array_equal(one.outcome, two.outcome)
    for c in np.flatnonzero(one.usable):
        size = np.maximum(abs(one.values[:, c]), np.nan_to_num(one.se[:, c]))
        assert (abs(two.values[:, c] - one.values[:, c]) <= VALUES * size).all()
        assert np.allclose(two.se[:, c], one.se[:, c], rtol=ERRORS, equal_nan=True)
        for k in range(len(LAW.names)):
            same_limits(*(np.array([f.low[k, c], f.high[k, c]]) for f in (one, two)), one.values[k, c])


@few
@given(tables(), st.sampled_from(sorted(POISONS)), st.integers(0, 5))
def test_a_poisoned_neighbour_changes_nothing(points, poison, place):
    place = min(place, len(points))
    spoiled = [*points[:place], POISONS[poison](*curve_of(np.random.default_rng(7))), *points[place:]]
    others = [k for k in range(len(spoiled)) if k != place]
    bits(fitted(points), chosen(fitted(spoiled), others))


@pytest.mark.parametrize("poison", POISONS)
def test_a_poisoned_curve_has_no_numbers_that_are_called_fine(poison):
    points = [curve_of(np.random.default_rng(seed)) for seed in (1, 2)]
    found = fitted([points[0], POISONS[poison](*points[1]), points[0]])
    assert found.outcome_of(1).code in ("failed", "no_response")
    assert found.reason_of(1)
    bits(single(found, 0), single(found, 2))
    bits(single(found, 0), fitted(points[:1]))


@few
@given(tables(most=6), st.data())
def test_any_partition_gives_the_same_table(points, data):
    cuts = data.draw(st.lists(st.integers(1, len(points) - 1), max_size=3, unique=True))
    table, edges = columns_of(points), [0, *sorted(cuts), len(points)]
    parts = [fit_batch(LAW, table.part(*edge)) for edge in itertools.pairwise(edges)]
    bits(fit_batch(LAW, table), joined(parts))


@pytest.mark.parametrize("cuts", [(1,), (511, 513), (4096,), (1, 2, 3, 4500), (700, 4097, 4102)])
def test_a_long_table_is_the_same_in_parts(cuts):
    """Longer than what is fitted side by side, with rows of poison in it."""
    x, rng = np.tile(DOSES[::2], 4600), np.random.default_rng(3)
    truth = np.array(
        [np.full(4600, 5.0), np.full(4600, 100.0), rng.uniform(-10.0, -5.0, 4600), np.ones(4600)]
    )
    y = LAW.function(DOSES[::2], truth[:, :, None]) + 6.0 * rng.standard_normal((4600, 10))
    y[::97, 4], y[50::97] = np.nan, 7.0
    table = Curves(x, y.ravel(), np.arange(4601) * 10)
    edges, options = [0, *cuts, 4600], Options(intervals="wald")
    parts = [fit_batch(LAW, table.part(*edge), options=options) for edge in itertools.pairwise(edges)]
    bits(fit_batch(LAW, table, options=options), joined(parts))


def test_a_table_without_curves_is_a_table():
    found = fit_batch(LAW, Curves(np.empty(0), np.empty(0), np.array([0])))
    assert len(found) == 0
    assert found.values.shape == (4, 0)
    assert found.tally == {}


def design(law):
    """Points around the worked case of a law: 24 over its x axis, a control without compound before them."""
    middle = law.cases[0].x[0]
    if law.axes[0].log10:
        return np.concatenate([[-np.inf, -np.inf], np.repeat(middle + np.linspace(-3.0, 3.0, 12), 2)])
    if law.axes[0].unit == "V":
        return np.repeat(np.linspace(-0.13, 0.08, 13), 2)  # steps of a voltage clamp
    return middle * np.concatenate([[0.0, 0.0], np.repeat(10.0 ** np.linspace(-1.5, 1.5, 12), 2)])


def told_apart(law, x, truth):
    """The parameters that such points cannot tell from others, held at the truth; the location is never one of them."""
    slopes = np.broadcast_to(law.jacobian(x, truth).T, (x.size, truth.size))
    kept, held = [], {}
    for name in sorted(law.names, key=lambda name: name != law.location):
        columns = slopes[:, [*kept, law.index(name)]]
        size = np.linalg.norm(columns, axis=0)
        if (size == 0).any() or np.linalg.cond(columns / np.where(size > 0, size, 1.0)) > 200.0:
            held[name] = float(truth[law.index(name)])
        else:
            kept.append(law.index(name))
    return held


def simulated(law):
    """Curves of a law: four with more and more noise, one that ends early, one without a response."""
    rng, x = np.random.default_rng(20), design(law)
    truth = np.array([law.cases[0].parameters[one] for one in law.names], dtype=float)
    y = np.broadcast_to(law.function(x, truth), x.shape)
    noise = np.ptp(y) * np.array([0.01, 0.02, 0.03, 0.05])[:, None] * rng.standard_normal((4, x.size))
    curves = [Curve(x, y + one) for one in noise]
    curves += [Curve(x[2:-3], (y + noise[0])[2:-3]), Curve(x, y.mean() + noise[1])]
    return curves, told_apart(law, x, truth)


LABORIOUS = ("bell_shaped", "biphasic")  # four or five parameters are searched
every_law = pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow if name in LABORIOUS else ())
        for name, law in catalog.items()
        if len(law.axes) == 1
    ],
)


@every_law
def test_the_batch_is_the_single_fit_for_every_law(both_engines, name):
    curves, held = simulated(catalog[name])
    options = Options(response_level=1.0)
    found = both_engines.ask_both(catalog[name], curves[:5], sharing=held, options=options)
    assert sum(fit.outcome.usable or fit.outcome is Outcome.CENSORED for fit in found) >= 4
    assert any(fit.outcome.usable for fit in found)


def far_from_zero(name):
    """Curves of a law whose responses keep away from zero: beside it, weights 1/Y² have several answers, or none."""
    curves, _ = simulated(catalog[name])
    return [curve for curve in curves[:5] if np.abs(curve.y).min() > 0.05 * np.abs(curve.y).max()]


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [name for name, law in catalog.items() if len(law.axes) == 1 and len(far_from_zero(name)) > 2]
)
def test_with_relative_weights_too(both_engines, name):
    _, held = simulated(catalog[name])
    options = Options(response_level=1.0)
    both_engines.ask_both(catalog[name], far_from_zero(name), Weighting.FITTED, sharing=held, options=options)


@every_law
def test_the_batch_sees_a_response_where_the_single_fit_does(both_engines, name):
    curves, held = simulated(catalog[name])
    if name == "operational_activity":
        curves = curves[:5]  # tau/KA is no place among the concentrations: nothing tells a flat curve
    both_engines.ask_both(catalog[name], curves[2:], sharing=held, options=Options(intervals="wald"))


def both_ways(law, table, *weighting, **asked):
    """The fits of a table by operations on whole arrays, and by loops."""
    for loops in (False, True):
        with compiling.by(loops):
            yield fit_batch(law, table, *weighting, **asked)


@pytest.fixture
def machine_code():
    """Machine code that may be used here."""
    pytest.importorskip("numba", reason="the extra 'fast' is not installed")
    assert compiling.load(), "machine code rounds otherwise than NumPy on this machine"


@every_law
def test_loops_of_machine_code_give_the_same_bits(machine_code, name):
    curves, held = simulated(catalog[name])
    bits(*both_ways(catalog[name], Curves.of(curves), sharing=held, options=Options(response_level=1.0)))


@pytest.mark.parametrize("weighting", [Weighting.OBSERVED, Weighting.FITTED, Weighting.KNOWN_SD])
def test_loops_give_the_same_bits_with_weights(machine_code, weighting):
    rng = np.random.default_rng(5)
    points = [curve_of(rng) for _ in range(30)]
    curves = [Curve(x, 20.0 + y, np.full(y.size, 3.0)) for x, y in points]
    bits(*both_ways(LAW, Curves.of(curves), weighting, options=Options(response_level=1.0)))


def test_loops_give_the_same_bits_of_good_poor_and_poisoned_curves(machine_code):
    rng = np.random.default_rng(6)
    points = [curve_of(rng) for _ in range(300)]
    points += [poison(*curve_of(rng)) for poison in POISONS.values()]
    bits(*both_ways(LAW, columns_of(points)))


def test_outliers_are_the_same_by_loops(machine_code):
    rng = np.random.default_rng(7)
    points = [curve_of(rng) for _ in range(100)]
    curves = Curves.of([Curve(x, y + 60.0 * (rng.random(y.size) < 0.03)) for x, y in points])
    found = []
    for loops in (False, True):
        with compiling.by(loops):
            found.append(rout_batch(LAW, curves, options=Options(intervals="wald")))
    assert found[0].excluded.any()
    assert np.array_equal(found[0].excluded, found[1].excluded)
    assert np.array_equal(found[0].p, found[1].p, equal_nan=True)
    bits(found[0].without, found[1].without)


def test_small_tables_wait_for_no_machine_code(monkeypatch):
    monkeypatch.setattr(compiling, "_loaded", [])
    for curves in (1, compiling.LARGE - 1):
        with compiling.steps_for(curves):
            assert not compiling.looping()
    assert compiling._loaded == []


def test_a_table_that_is_part_of_a_large_one_keeps_its_way(machine_code):
    with compiling.steps_for(compiling.LARGE), compiling.steps_for(1):
        assert compiling.looping()
    with compiling.steps_for(1):
        assert not compiling.looping()
