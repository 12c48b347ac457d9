"""Posterior over experiments: what must come out of simulated days, and what is said without numpyro."""

import importlib.util
import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from prusoff.affinity.pooling import geometric_mean
from prusoff.core.curves import Curve
from prusoff.core.errors import InputError, ModelError, UnknownName
from prusoff.equations import catalog
from prusoff.fitting import posterior as module
from prusoff.fitting.posterior import Sampling, posterior
from prusoff.fitting.priors import location_prior, weak_priors
from prusoff.fitting.solve import Options, fit_curve

FOUR, THREE = catalog["four_parameter_logistic"], catalog["three_parameter_logistic"]
TESTED = np.repeat(np.arange(-10.0, -5.4, 0.5), 2)
SHORT = Sampling(chains=2, tune=300, draws=200, seed=1)
bayes = pytest.mark.skipif(
    importlib.util.find_spec("numpyro") is None, reason="numpyro (extra 'bayes') is not installed"
)


def days(count, seed, sd=4.0, between=0.15, law=THREE):
    """Experiments whose log IC50 scatter about -7.5, each with its own plateaus and unit of signal."""
    rng = np.random.default_rng(seed)
    found = []
    for day in range(count):
        unit = 10.0 ** (day % 3)
        p = [5.0 + rng.normal(), 100.0 + 5.0 * rng.normal(), -7.5 + between * rng.standard_normal(), 1.0]
        y = law.function(TESTED, np.array(p[: len(law.names)])) + sd * rng.standard_normal(TESTED.size)
        found.append(Curve(TESTED, unit * y, label=f"day {day + 1}"))
    return found


def own_estimates(curves, law=THREE):
    return [fit_curve(law, one, options=Options(intervals="")).value("log_ic50") for one in curves]


HIDDEN = """
import importlib.abc, sys
class Hidden(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in ('numpyro', 'jax'):
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
sys.meta_path.insert(0, Hidden())
import numpy as np
from prusoff.core.curves import Curve
from prusoff.core.errors import MissingExtra
from prusoff.equations import catalog
from prusoff.fitting.posterior import posterior
x = np.arange(-9.0, -5.0)
try:
    posterior(catalog["three_parameter_logistic"], [Curve(x, -x), Curve(x, -x)])
except MissingExtra as error:
    print(error)
"""


def test_without_numpyro_the_extra_is_named():
    done = subprocess.run(
        [sys.executable, "-c", HIDDEN], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.strip() == (
        "A posterior over experiments needs the extra 'bayes'. "
        "Install it with: pip install 'prusoff[bayes]'. [E-EXTRA]"
    ), done.stderr


def test_neither_jax_nor_numpyro_is_imported_with_the_module():
    code = "import sys, prusoff.fitting.posterior; print([m for m in ('jax', 'numpyro') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_the_priors_are_those_that_are_printed():
    curves = days(3, 2, law=FOUR)
    place = location_prior(FOUR, curves)
    assert (place.centre, place.scale) == (-7.75, 3.25)
    bottom, top, hill = weak_priors(FOUR, curves, {})
    span = np.array([np.ptp(one.y) for one in curves])
    assert bottom.scale == pytest.approx(2.0 * span)
    assert (top.shape, hill.shape) == ("normal", "log-normal")
    assert (hill.centre, hill.scale) == (pytest.approx(0.0), pytest.approx(0.5))
    assert hill.sentence == "hill_slope ~ log-normal(about its start, 0.5)."


def test_a_prior_for_every_law_with_a_potency():
    """Plateaus, slopes, fractions and rates of the shelf; what nothing tells beforehand must be known."""
    fraction = catalog["two_site_competition"]
    drawn = {one.name: one.shape for one in weak_priors(fraction, days(2, 3), {})}
    assert drawn["fraction_high"] == "logit-normal"
    assert set(drawn) == set(fraction.names) - {fraction.location}
    x = np.geomspace(1e-10, 1e-7, 9)
    saturation = catalog["one_site_total_binding"]
    curves = [Curve(x, 1000.0 * x / (1e-9 + x) + 3e8 * x * k, label=str(k)) for k in (1, 2)]
    with pytest.raises(ModelError, match="Nothing tells the size"):
        weak_priors(saturation, [Curve(x, 1000.0 - 1e9 * x), curves[0]], {})
    assert {one.name for one in weak_priors(saturation, curves, {"ns": 3e8})} == {"bmax", "background"}


def test_wrong_use_is_named():
    curves = days(2, 1)
    with pytest.raises(ModelError, match="two experiments"):
        posterior(THREE, curves[:1])
    with pytest.raises(InputError, match="'cauchy' is not known"):
        posterior(THREE, curves, errors="cauchy")
    with pytest.raises(InputError, match="'shortest' is not known"):
        posterior(THREE, curves, sampling=Sampling(interval="shortest"))
    with pytest.raises(UnknownName, match="'hill'"):
        posterior(THREE, curves, known={"hill": 1.0})
    with pytest.raises(ModelError, match="no log10 potency"):
        posterior(catalog["straight_line"], curves)
    with pytest.raises(ModelError, match="all equal"):
        posterior(THREE, [curves[0], Curve(TESTED, np.ones(TESTED.size))])


@bayes
@pytest.mark.slow
def test_the_interval_of_the_mean_is_close_to_the_t_interval():
    """Eight experiments, well measured: the mean and its limits are those of the geometric mean of own estimates."""
    curves = days(8, 4)
    found = posterior(THREE, curves, sampling=Sampling(chains=4, tune=400, draws=400))
    pooled = geometric_mean([10**one for one in own_estimates(curves)])
    mean = found.marginals["mean log_ic50"]
    half = pooled.log10_half_width
    assert mean.median == pytest.approx(pooled.log10_mean, abs=0.1 * half)
    assert mean.low == pytest.approx(pooled.log10_mean - half, abs=0.3 * half)
    assert mean.high == pytest.approx(pooled.log10_mean + half, abs=0.3 * half)
    between = found.marginals["sd between experiments"]
    assert between.low < pooled.log10_sd < between.high
    assert found.divergences == 0
    assert all(one.r_hat < 1.03 for one in found.marginals.values())
    assert len(found.priors) == 5
    assert mean.interval == "highest density"


@bayes
@pytest.mark.slow
def test_the_truth_is_recovered_and_outliers_do_less_harm_with_student_errors():
    curves = days(5, 5, between=0.0)
    spoiled = [
        Curve(c.x, np.where(np.arange(20) == 9, c.y + 0.6 * np.ptp(c.y), c.y), label=c.label) for c in curves
    ]
    how = Sampling(chains=2, tune=300, draws=300, interval="equal-tailed")
    normal, student = (posterior(THREE, spoiled, errors=one, sampling=how) for one in ("normal", "student"))
    for found in (normal, student):
        mean = found.marginals["mean log_ic50"]
        assert mean.low < -7.5 < mean.high
        assert mean.interval == "equal-tailed"
    residual = "residual sd[day 1]"
    assert student.marginals[residual].median < 0.7 * normal.marginals[residual].median
    assert abs(student.marginals["mean log_ic50"].median + 7.5) < 0.1
    assert student.marginals["nu"].median < 10.0


@bayes
@pytest.mark.slow
def test_the_same_data_give_the_same_draws_in_words_too():
    curves = days(3, 6)
    how = Sampling(chains=2, tune=60, draws=50)
    one, same = (
        posterior(THREE, curves, known={"bottom": [5.0, 50.0, 500.0]}, sampling=how) for _ in range(2)
    )
    assert one.seed == same.seed
    assert one.draws["mean log_ic50"].tobytes() == same.draws["mean log_ic50"].tobytes()
    assert one.draws["log_ic50[day 2]"].shape == (2, 50)
    assert not any(name.startswith("bottom") for name in one.draws)
    assert not one.trusted
    assert "cannot be trusted yet" in one.sentence
    assert "independent draws" in one.sentence


@bayes
@pytest.mark.slow
def test_control_wells_at_infinity_and_known_sds_are_taken():
    curves = []
    for one in days(3, 7):
        x = np.concatenate([one.x, [-np.inf, -np.inf, np.inf, np.inf]])
        scale = np.ptp(one.y) / 95.0
        y = np.concatenate([one.y, scale * np.array([101.0, 98.0, 6.0, 5.0])])
        curves.append(Curve(x, y, scale * np.full(24, 4.0), one.label))
    found = posterior(THREE, curves, sampling=SHORT)
    expected = own_estimates(curves)
    for label, value in zip(("day 1", "day 2", "day 3"), expected, strict=True):
        own = found.marginals[f"log_ic50[{label}]"]
        assert own.median == pytest.approx(value, abs=0.06)
        assert own.low < value < own.high
    assert np.isfinite(found.draws["top[day 1]"]).all()


def test_marginals_are_the_quantiles_of_the_draws():
    pytest.importorskip("numpyro", reason="numpyro (extra 'bayes') is not installed")
    draws = np.random.default_rng(1).gamma(2.0, 1.0, (4, 5000))
    tailed = module._marginal("g", draws, 0.9, "equal-tailed")
    shortest = module._marginal("g", draws, 0.9, "highest density")
    assert (tailed.low, tailed.high) == pytest.approx(tuple(stats.gamma.ppf([0.05, 0.95], 2.0)), rel=0.05)
    assert shortest.high - shortest.low < tailed.high - tailed.low
    assert tailed.r_hat == pytest.approx(1.0, abs=0.002)
    assert tailed.effective_draws == pytest.approx(20000, rel=0.1)
