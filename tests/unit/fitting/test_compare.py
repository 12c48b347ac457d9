import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.core.errors import ModelError
from prusoff.equations import catalog
from prusoff.fitting.compare import aicc, compare_nested, compare_sites, evidence
from prusoff.fitting.problem import Fixed, Individual, Problem, Shared
from prusoff.fitting.solve import Options, fit, fit_curve
from prusoff.fitting.weights import GivenWeights, Weighting

ONE, TWO = catalog["three_parameter_logistic"], catalog["two_site_competition"]


def slopes(sigmoid, curve):
    return fit_curve(sigmoid, curve, sharing={"slope": 1.0}), fit_curve(sigmoid, curve)


def test_a_steep_curve_asks_for_its_own_slope(sigmoid, simulated):
    plain, free = slopes(sigmoid, simulated(1, slope=1.6))
    found = compare_nested(plain, free)
    assert found.fit is free
    assert found.preferred == found.richer == "Sigmoid (4 parameters)"
    assert found.simple == "Sigmoid (slope = 1)"
    assert found.p < 1e-6
    assert "is kept" in found.sentence


def test_a_slope_of_one_is_left_alone(sigmoid, simulated):
    found = compare_nested(*slopes(sigmoid, simulated(2)))
    assert found.preferred == found.simple
    assert found.p > 0.05


def test_shared_against_own(sigmoid, simulated):
    one, two = simulated(3, location=-8.0), simulated(4, location=-7.0)
    curves = (Curve(one.x, one.y, label="a"), Curve(two.x, two.y, label="b"))
    rest = {"top": Shared(), "bottom": Shared(), "slope": Shared()}
    same = fit(Problem(sigmoid, curves, {**rest, "log_ic50": Shared()}))
    own = fit(Problem(sigmoid, curves, rest))
    assert compare_nested(same, own).fit is own


def test_what_is_not_nested_is_refused(sigmoid, line, simulated):
    curve = simulated(5, slope=1.5)
    plain, free = slopes(sigmoid, curve)
    with pytest.raises(ModelError, match="Give the simpler law first"):
        compare_nested(free, plain)
    with pytest.raises(ModelError, match="different data or weights"):
        compare_nested(plain, fit_curve(sigmoid, simulated(6)))
    with pytest.raises(ModelError, match="cannot take the shape"):
        compare_nested(fit_curve(line, curve), fit_curve(ONE, curve))
    with pytest.raises(ModelError, match="cannot take the shape"):
        compare_nested(fit_curve(sigmoid, curve), fit_curve(TWO, curve))


def test_iterated_weights_are_compared_on_the_weights_of_the_richer(sigmoid, simulated):
    curve = simulated(7)
    free = fit_curve(sigmoid, curve, Weighting.FITTED)
    plain = fit_curve(sigmoid, curve, Weighting.FITTED, sharing={"slope": 1.0})
    with pytest.raises(ModelError, match="different data or weights"):
        compare_nested(plain, free)
    plain = fit_curve(sigmoid, curve, GivenWeights.of(free), sharing={"slope": 1.0})
    assert 0 <= compare_nested(plain, free).p <= 1


def test_known_errors_make_it_a_chi_square(sigmoid, simulated):
    curve = simulated(8)
    curve = Curve(curve.x, curve.y, np.full(30, 3.0))
    plain = fit_curve(sigmoid, curve, Weighting.KNOWN_SD, sharing={"slope": 1.0})
    free = fit_curve(sigmoid, curve, Weighting.KNOWN_SD)
    found = compare_nested(plain, free)
    assert found.f == pytest.approx(plain.sum_of_squares - free.sum_of_squares)
    assert aicc(free) == pytest.approx(free.sum_of_squares + 8 + 40 / 25)


def test_one_site_is_kept_without_a_second(simulated):
    curve = simulated(9)
    one, two = (fit_curve(law, curve, options=Options(intervals="wald")) for law in (ONE, TWO))
    found = compare_sites(one, two)
    assert found.fit is one
    assert found.sentence.startswith("One site is kept")


def test_evidence():
    assert evidence(0.0) == 0.5
    assert evidence(-1e9) == 1.0
    assert evidence(2 * np.log(3.0)) == pytest.approx(0.25)


def test_a_second_saturable_site_is_found_beside_nonspecific_wells():
    """Total and nonspecific wells together; the sites differ a hundredfold."""
    law, richer = catalog["one_site_total_binding"], catalog["two_site_saturation"]
    x = np.repeat(np.geomspace(1e-11, 1e-7, 12), 2)
    rng = np.random.default_rng(3)
    mean = richer.function(x, np.array([1000.0, 3000.0, -9.7, 2.0, 2e9, 10.0]))
    nsb = 2e9 * x + 10.0
    curves = [Curve(x, y * (1 + 0.01 * rng.standard_normal(x.size)), label=name)
              for name, y in (("total", mean), ("nsb", nsb))]  # fmt: skip
    rest = {"ns": Shared(), "background": Shared()}
    none = (Individual(), Fixed(0.0))
    two = fit(
        Problem(
            richer,
            curves,
            rest
            | {"bmax_high": none, "bmax_low": none}
            | {name: (Individual(), Fixed(-9.0)) for name in ("log_kd_high", "log_ratio")},
        ),
        Weighting.FITTED,
    )
    one = fit(
        Problem(law, curves, rest | {"bmax": none, "log_kd": (Individual(), Fixed(-9.0))}),
        GivenWeights.of(two),
    )
    found = compare_sites(one, two, "log_ratio[total]", ("bmax_high[total]", "bmax_low[total]"))
    assert found.fit is two
    assert two.value("log_ratio[total]") == pytest.approx(2.0, abs=0.3)
