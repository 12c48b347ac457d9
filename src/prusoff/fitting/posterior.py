"""Bayesian view of several experiments: the mean potency, how far days differ, and how sure that is (extra 'bayes')."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from ..core.curves import Curve
from ..core.equation import Array, Equation
from ..core.errors import InputError, MissingExtra, ModelError
from .formula import formula_function
from .intervals import quantile
from .priors import Location, Weak, location_prior, spans, weak_priors
from .problem import labels
from .seed import data_seed

BETWEEN = 0.5  # decades: scale of the half-normal prior of the SD between experiments
RESIDUAL = 0.5  # spans of an experiment's responses: scale of the half-normal prior of its residual SD
ACCEPT = 0.9  # acceptance at which the step is tuned
DEPTH = (7, 10)  # most doublings of a step's path while tuning, and after it
MIXED = 1.01  # R-hat above which chains have not mixed (Vehtari et al. 2021)
ENOUGH = 400.0  # effective draws that an interval needs
ERRORS = ("normal", "student")
INTERVALS = ("highest density", "equal-tailed")


@dataclass(frozen=True)
class Sampling:
    """How to draw: chains, draws to tune and to keep (each chain), the interval printed, and an own seed.

    `interval` is 'highest density' (the shortest) or 'equal-tailed'. Without a `seed` it follows from the data.
    """

    chains: int = 4
    tune: int = 1000
    draws: int = 1000
    interval: str = "highest density"
    seed: int | None = None


DEFAULTS = Sampling()


@dataclass(frozen=True)
class Marginal:
    """One quantity: median and interval of its draws, R-hat over the chains, and how many independent draws they are.

    On the scale of the law (log10 for `log_...`).
    """

    name: str
    median: float
    low: float
    high: float
    level: float
    interval: str
    r_hat: float
    effective_draws: float


@dataclass(frozen=True)
class Posterior:
    """What the experiments say together, as marginals and as draws (chain, draw), by name.

    'mean log_ic50' and 'sd between experiments' belong to all; 'log_ic50[day 1]', 'top[day 1]' and 'residual sd[day 1]'
    to one experiment. `priors` states what was assumed, `sentence` whether the draws can be trusted.
    """

    equation: Equation
    marginals: Mapping[str, Marginal]
    draws: Mapping[str, Array]
    divergences: int
    seed: int
    priors: tuple[str, ...]
    sentence: str

    @property
    def trusted(self) -> bool:
        """Whether the chains mixed, without divergences and with draws enough."""
        return not _doubts(self.marginals, self.divergences)


def posterior(
    equation: Equation,
    experiments: Sequence[Curve],
    known: Mapping[str, float | Sequence[float]] | None = None,
    errors: str = "normal",
    level: float = 0.95,
    sampling: Sampling = DEFAULTS,
) -> Posterior:
    """Draw from the posterior of a hierarchical model: one curve an experiment, potencies scattered about a mean.

    The log potency of an experiment ~ Normal(mean, SD between experiments); mean ~ Normal(middle of the tested range,
    its half width and one decade more), SD ~ half-normal(0.5 decades). Every other parameter belongs to its experiment:
    in the unit of the response ~ Normal(middle of the responses, twice their span), a positive one such as a slope ~
    log-normal(about the start of the law, 0.5; 1 for an amount), a log10 one ~ Normal(start, 2 decades), a fraction
    nearly even. `known` parameters are not drawn: one value, or one an experiment. Residuals are 'normal' or 'student'
    (t with nu ~ Gamma(2, 0.1), Juarez & Steel 2010), of an SD of each experiment ~ half-normal(half the span of its
    responses), times the relative SD of a point where the curves carry one.

    The curve is the printed formula of the law. Drawn by NUTS of numpyro in float64. Raises MissingExtra without
    numpyro, ModelError for a law without a log10 potency or fewer than two experiments, InputError for unknown words.
    """
    _require(experiments, errors, level, sampling.interval)
    given = {name: np.broadcast_to(value, len(experiments)) for name, value in (known or {}).items()}
    for name in given:
        equation.index(name)
    place, weak = location_prior(equation, experiments), weak_priors(equation, experiments, given)
    jax, numpyro = _modules()
    flat = [np.ones(len(curve)) for curve in experiments]
    seed = data_seed(experiments, flat) if sampling.seed is None else sampling.seed
    model = _Model(equation, tuple(experiments), given, (place, weak), errors)
    with jax.enable_x64(True):
        raw, divergences = _drawn(model, sampling, seed, (jax, numpyro))
    draws = _named(equation, labels(experiments), raw)
    marginals = {name: _marginal(name, one, level, sampling.interval) for name, one in draws.items()}
    assumed = (place.sentence, *(one.sentence for one in weak), *model.sentences)
    return Posterior(
        equation, marginals, draws, divergences, seed, assumed, _sentence(marginals, divergences, sampling)
    )


@dataclass(frozen=True)
class _Model:
    """The joint density of parameters and data, written for numpyro."""

    equation: Equation
    experiments: tuple[Curve, ...]
    known: Mapping[str, Array]
    priors: tuple[Location, tuple[Weak, ...]]
    errors: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is assumed of the scatter, in words."""
        residuals = "Student-t with nu ~ Gamma(2, 0.1)" if self.errors == "student" else "normal"
        return (
            f"SD between experiments ~ half-normal({BETWEEN:g} decades).",
            f"Residuals are {residuals}; their SD ~ half-normal({RESIDUAL:g} times the span of the responses).",
        )

    def density(self, jax: Any, numpyro: Any) -> Any:
        """The model as numpyro takes it: a function without arguments that names what is drawn."""
        arrays, law = jax.numpy, formula_function(self.equation, jax.numpy, jax.scipy.special)
        count = len(self.experiments)
        owner = np.repeat(np.arange(count), [len(curve) for curve in self.experiments])
        x = np.concatenate([np.atleast_2d(curve.x) for curve in self.experiments], axis=1)
        y = np.concatenate([curve.y for curve in self.experiments])
        relative, span = _relative_sd(self.experiments), spans(self.experiments)
        place, weak = self.priors
        draw, record, shapes = numpyro.sample, numpyro.deterministic, numpyro.distributions

        def density() -> None:
            mean = draw("mean", shapes.Normal(place.centre, place.scale))
            between = draw("between", shapes.HalfNormal(BETWEEN))
            away = draw("away", shapes.Normal(0.0, 1.0).expand([count]))
            values = {self.equation.location: record(f"own {self.equation.location}", mean + between * away)}
            for one in weak:
                z = draw(f"z {one.name}", shapes.Normal(0.0, 1.0).expand([count]))
                moved = one.centre + one.scale * z
                shaped = {"log-normal": arrays.exp, "logit-normal": jax.nn.sigmoid}.get(one.shape)
                values[one.name] = record(f"own {one.name}", shaped(moved) if shaped else moved)
            values |= {name: arrays.asarray(value) for name, value in self.known.items()}
            scatter = record(
                "own residual sd",
                span * RESIDUAL * draw("scatter", shapes.HalfNormal(1.0).expand([count])),
            )
            fitted = law(list(x), [values[name][owner] for name in self.equation.names])
            size = scatter[owner] * relative
            if self.errors == "student":
                nu = draw("nu", shapes.Gamma(2.0, 0.1))
                draw("y", shapes.StudentT(nu, fitted, size), obs=y)
            else:
                draw("y", shapes.Normal(fitted, size), obs=y)

        return density


def _modules() -> tuple[Any, Any]:
    """Both jax and numpyro; MissingExtra without them."""
    try:
        jax, numpyro = import_module("jax"), import_module("numpyro")
        import_module("numpyro.infer")
    except ImportError:
        raise MissingExtra.named("bayes", "A posterior over experiments") from None
    return jax, numpyro


def _require(experiments: Sequence[Curve], errors: str, level: float, interval: str) -> None:
    quantile(level, 1.0)
    if len(experiments) < 2:
        raise ModelError("A mean over experiments needs two experiments at the least.")
    for word, words in ((errors, ERRORS), (interval, INTERVALS)):
        if word not in words:
            raise InputError(f"'{word}' is not known here; give one of {', '.join(words)}.")


def _relative_sd(experiments: Sequence[Curve]) -> Array:
    """SD of every point over the typical SD of its experiment; 1 where a curve has none."""
    return np.concatenate(
        [np.ones(len(c)) if c.sd is None else c.sd / float(np.median(c.sd)) for c in experiments]
    )


def _drawn(
    model: _Model, sampling: Sampling, seed: int, modules: tuple[Any, Any]
) -> tuple[dict[str, Array], int]:
    """Draws (chain, draw, ...) of everything that was named, and how many steps diverged."""
    jax, numpyro = modules
    kernel = numpyro.infer.NUTS(
        model.density(jax, numpyro),
        target_accept_prob=ACCEPT,
        max_tree_depth=DEPTH,
        init_strategy=numpyro.infer.init_to_median,
    )
    run = numpyro.infer.MCMC(
        kernel,
        num_warmup=sampling.tune,
        num_samples=sampling.draws,
        num_chains=sampling.chains,
        chain_method="vectorized",
        progress_bar=False,
    )
    run.run(jax.random.PRNGKey(seed % 2**31))
    found = run.get_samples(group_by_chain=True)
    diverging = int(np.asarray(run.get_extra_fields()["diverging"]).sum())
    return {name: np.asarray(one, dtype=float) for name, one in found.items()}, diverging


def _named(equation: Equation, experiments: Sequence[str], raw: Mapping[str, Array]) -> dict[str, Array]:
    """Draws (chain, draw) by the names that a person reads."""
    found = {f"mean {equation.location}": raw["mean"], "sd between experiments": raw["between"]}
    if "nu" in raw:
        found["nu"] = raw["nu"]
    for name in (equation.location, *equation.names, "residual sd"):
        own = raw.get(f"own {name}")
        if own is not None:
            found |= {f"{name}[{label}]": own[:, :, e] for e, label in enumerate(experiments)}
    return found


def _marginal(name: str, draws: Array, level: float, interval: str) -> Marginal:
    diagnostics = import_module("numpyro.diagnostics")
    flat = draws.reshape(-1)
    if interval == "equal-tailed":
        low, high = np.quantile(flat, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    else:
        low, high = diagnostics.hpdi(flat, level)
    r_hat = float(diagnostics.split_gelman_rubin(draws))
    effective = float(diagnostics.effective_sample_size(draws))
    return Marginal(name, float(np.median(flat)), float(low), float(high), level, interval, r_hat, effective)


def _doubts(marginals: Mapping[str, Marginal], divergences: int) -> list[str]:
    """What speaks against trusting the draws."""
    worst = max(marginals.values(), key=lambda one: one.r_hat)
    fewest = min(marginals.values(), key=lambda one: one.effective_draws)
    doubts = []
    if divergences:
        doubts.append(f"{divergences} steps diverged, so a corner of the posterior may be missing")
    if not worst.r_hat <= MIXED:
        doubts.append(f"the chains have not mixed (R-hat {worst.r_hat:.3f} of {worst.name})")
    if not fewest.effective_draws >= ENOUGH:
        doubts.append(f"only {fewest.effective_draws:.0f} independent draws of {fewest.name}")
    return doubts


def _sentence(marginals: Mapping[str, Marginal], divergences: int, sampling: Sampling) -> str:
    doubts = _doubts(marginals, divergences)
    if doubts:
        return f"The draws cannot be trusted yet: {'; '.join(doubts)}. Draw more, or look at the data."
    fewest = min(one.effective_draws for one in marginals.values())
    return (
        f"{sampling.chains} chains of {sampling.draws} draws mixed without a divergence "
        f"(at least {fewest:.0f} independent draws of every quantity)."
    )
