"""Working range of a standard curve: what is asked of a standard, and what the range follows from."""

import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.fitting.quantitation import Criterion, working_range
from prusoff.fitting.solve import fit_curve

STANDARDS = np.repeat(np.arange(-9.5, -5.4, 0.5), 2)


def standards(sigmoid, sd=1.0, seed=1):
    y = sigmoid.function(STANDARDS, np.array([5.0, 100.0, -7.5, 1.0]))
    return Curve(STANDARDS, y + sd * np.random.default_rng(seed).standard_normal(y.size))


def test_the_middle_of_the_curve_is_the_working_range(sigmoid):
    found = working_range(fit_curve(sigmoid, standards(sigmoid)))
    assert len(found.standards) == 9
    assert 10**-9.5 < found.lloq <= 10**-8.5
    assert 10**-6.5 <= found.uloq < 10**-5.4
    used = [one for one in found.standards if found.lloq <= one.nominal <= found.uloq]
    assert all(one.within for one in used[1:])
    assert used[0].within_at_lloq


def test_a_standard_is_read_as_its_wells_are(sigmoid):
    curve = standards(sigmoid)
    fit = fit_curve(sigmoid, curve)
    one = working_range(fit).standards[4]
    bottom, top, location, slope = fit.values
    wells = curve.y[curve.x == -7.5]
    read = 10 ** (location + np.log10((top - wells) / (wells - bottom)) / slope)
    assert one.nominal == pytest.approx(10**-7.5)
    assert one.found == pytest.approx(read.mean(), rel=1e-6)
    assert one.bias == pytest.approx(read.mean() / 10**-7.5 - 1, rel=1e-4)
    assert one.cv == pytest.approx(read.std(ddof=1) / read.mean(), rel=1e-4)
    assert (one.read, one.replicates) == (2, 2)


def test_precision_is_the_error_over_the_slope(sigmoid):
    """In the middle the standard error of log10 x is that of curve and sample over the slope, ln(10)/4 of the span."""
    fit = fit_curve(sigmoid, standards(sigmoid))
    one, two = (
        working_range(fit, Criterion(replicates=replicates)).standards[4].precision for replicates in (1, 2)
    )
    slope = np.log(10) / 4 * 95.0
    assert two == pytest.approx(np.log(10) * np.sqrt(1 / 2 + 0.19) * fit.residual_sd / slope, rel=0.15)
    assert one > two


def test_more_noise_and_a_stricter_criterion_narrow_the_range(sigmoid):
    wide = working_range(fit_curve(sigmoid, standards(sigmoid, 0.5)))
    narrow = working_range(fit_curve(sigmoid, standards(sigmoid, 3.0)))
    strict = working_range(fit_curve(sigmoid, standards(sigmoid, 0.5)), Criterion(0.05, 0.05))
    for other in (narrow, strict):
        assert other.uloq / other.lloq < wide.uloq / wide.lloq
    assert wide.run_accepted
    assert "The run is accepted." in wide.sentence


def test_a_bad_standard_cuts_the_range(sigmoid):
    curve = standards(sigmoid, 0.3)
    y = curve.y.copy()
    y[curve.x == -7.0] += 12.0
    found = working_range(fit_curve(sigmoid, Curve(curve.x, y)))
    bad = found.standards[5]
    assert not bad.within
    assert not found.lloq < bad.nominal < found.uloq


def test_no_range_is_said(sigmoid):
    found = working_range(fit_curve(sigmoid, standards(sigmoid, 1.0)), Criterion(0.001, 0.001))
    assert np.isnan(found.lloq)
    assert np.isnan(found.uloq)
    assert not found.run_accepted
    assert "no working range" in found.sentence


def test_a_run_needs_six_standards(line):
    x = np.repeat([1.0, 2.0, 3.0, 4.0, 5.0], 2)
    y = 10.0 * x + 0.1 * np.random.default_rng(2).standard_normal(10)
    found = working_range(fit_curve(line, Curve(x, y)))
    assert (found.lloq, found.uloq) == (1.0, 5.0)
    assert not found.run_accepted
