"""Two ligands that share the sites, before equilibrium: bound label and its derivatives by all rates (Motulsky-Mahan).

With a = k1 [L], k2 the rates of the label and b = k3 [I], k4 those of the competitor, the fractions of the sites that
hold them follow d(label)/dt = a R - k2 label, d(competitor)/dt = b R - k4 competitor, R = 1 - label - competitor. The
solution is written with chains of the two rates F and S of the pair, so that no term is the difference of near ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.equation import Array
from ._exponential_differences import Differences, Responses, differences, early, fraction_gone, responses
from ._logistic import LN10

BLOCKS = 40.0  # log10 of a rate (1/s) that leaves no site free: an infinite concentration stands for it


def rate_of(log_rate: Array) -> Array:
    """10 to this power; an infinite one is a rate that leaves no site free."""
    found: Array = 10.0 ** np.minimum(log_rate, BLOCKS)
    return found


@dataclass(frozen=True)
class Rates:
    """What leads to and from the sites, 1/s: label on (k1 [L]) and off, competitor on (k3 [I]) and off."""

    a: Array
    k2: Array
    b: Array
    k4: Array


@dataclass(frozen=True)
class Modes:
    """The fast rate F and the slow rate S of the pair, and F - S, KA - S, KB - S, k2 - S, k4 - S with all digits."""

    fast: Array
    slow: Array
    gap: Array
    ka_over: Array
    kb_over: Array
    k2_over: Array
    k4_over: Array


@dataclass(frozen=True)
class Alone:
    """Sites after one ligand had them to itself: the part it holds and the part that is free, how far it was from its
    end (1 at the beginning), and derivatives of the part held by its rates on and off and by log of both together.
    """

    held: Array
    free: Array
    remaining: Array
    by_on: Array
    by_off: Array
    by_both: Array


@dataclass(frozen=True)
class Slopes:
    """Derivatives of the label bound by log10 of a, k2, b, k4, and of both rates of the label, of the competitor."""

    a: Array
    k2: Array
    b: Array
    k4: Array
    label: Array
    competitor: Array


def _modes(rates: Rates) -> Modes:
    a, k2, b, k4 = rates.a, rates.k2, rates.b, rates.k4
    ka, kb, linked = a + k2, b + k4, a * b
    apart = ka - kb
    gap = np.sqrt(apart * apart + 4.0 * linked)
    fast = (ka + kb + gap) / 2.0
    more = (np.abs(apart) + gap) / 2.0
    less = linked / np.where(more > 0.0, more, 1.0)
    ka_over, kb_over = np.where(apart >= 0.0, more, less), np.where(apart >= 0.0, less, more)
    return Modes(
        fast,
        (a * k4 + k2 * b + k2 * k4) / fast,
        gap,
        ka_over,
        kb_over,
        _part(a, kb_over) * (k2 - k4),
        _part(kb_over, a) * (k4 - k2),
    )


def _part(one: Array, other: Array) -> Array:
    """one/(one + other) of two numbers of zero or more, zero where both are."""
    both = one + other
    return one / np.where(both > 0.0, both, 1.0)


def _alone(on: Array, off: Array, time: Array) -> Alone:
    if not time.any():
        nothing = np.zeros(np.broadcast(on, off, time).shape)
        return Alone(nothing, nothing + 1.0, nothing + 1.0, nothing, nothing, nothing)
    x = (on + off) * time
    remaining, fading = np.exp(-x), time * early(x)
    return Alone(
        on * time * fraction_gone(x),
        (off + on * remaining) / (on + off),
        remaining,
        remaining * time + off * time * fading,
        -on * time * fading,
        on * time * remaining,
    )


@dataclass(frozen=True)
class Binding:
    """The sites at some time: rates, their modes, chains up to that time, and what each ligand held at the start."""

    rates: Rates
    modes: Modes
    time: Array
    now: Responses
    label: Alone
    competitor: Alone
    label_first: Array

    @classmethod
    def of(cls, rates: Rates, time: Array, head_start: Array) -> Binding:
        """After this time with both; the competitor had been there for `head_start` s (negative: the label)."""
        modes = _modes(rates)
        alike = head_start == 0.0
        return cls(
            rates,
            modes,
            time,
            responses(modes.slow, modes.fast, modes.gap, time),
            _alone(rates.a, rates.k2, np.maximum(-head_start, 0.0)),
            _alone(rates.b, rates.k4, np.maximum(head_start, 0.0)),
            np.where(alike, rates.k2 < rates.k4, head_start < 0.0),
        )

    @property
    def to_label(self) -> Array:
        """What label put on the sites at the start leaves there."""
        found: Array = self.now.f + self.modes.kb_over * self.now.sf
        return found

    def bound(self) -> Array:
        """The fraction of the sites that holds the label."""
        fresh = self.rates.a * (self.competitor.free * self.now.sf + self.rates.k4 * self.now.osf)
        result: Array = fresh + self.label.held * self.to_label
        return result

    def slopes(self) -> Slopes:
        """The derivatives of the fraction that holds the label."""
        rates, label, competitor = self.rates, self.label, self.competitor
        by_label, by_competitor = self.to_label, -rates.a * self.now.sf
        d = differences(self.modes.slow, self.modes.fast, self.modes.gap, self.time)
        free_w, free_v = self._free(d)
        label_w, competitor_v = self._held(d)
        flow_w, flow_v = self._flows(d)
        return Slopes(
            LN10 * rates.a * (free_w + by_label * label.by_on),
            LN10 * rates.k2 * (by_label * label.by_off - label_w),
            LN10 * rates.b * (by_competitor * competitor.by_on - rates.a * free_v),
            LN10 * rates.k4 * (rates.a * competitor_v + by_competitor * competitor.by_off),
            LN10 * (flow_w + by_label * label.by_both),
            LN10 * (by_competitor * competitor.by_both - rates.a * flow_v),
        )

    def _free(self, d: Differences) -> tuple[Array, Array]:
        """Free sites seen through the response of the label to label (w), and through `sf` (v: to competitor, / -a)."""
        m, rates = self.modes, self.rates
        stay = np.where(self.label_first, self.label.free, self.competitor.free)
        leaving = np.where(self.label_first, rates.k2, rates.k4)
        over = np.where(self.label_first, m.k4_over, m.k2_over)
        both, product = m.kb_over + over, m.kb_over * over
        now, since = d.ff + both * d.sff + product * d.ssff, d.off + both * d.osff + product * d.ossff
        return (
            stay * now + leaving * since,
            stay * (d.sff + over * d.ssff) + leaving * (d.osff + over * d.ossff),
        )

    def _held(self, d: Differences) -> tuple[Array, Array]:
        """Label seen through w, competitor through v."""
        m = self.modes
        a, k2, b, k4 = self.rates.a, self.rates.k2, self.rates.b, self.rates.k4
        w, since = d.sff + m.kb_over * d.ssff, d.osff + m.kb_over * d.ossff
        label_w = a * (self.competitor.free * w + k4 * since)
        label_w = label_w + self.label.held * (d.ff + m.kb_over * (d.sff + w))
        competitor_v = b * (self.label.free * d.ssff + k2 * d.ossff)
        return label_w, competitor_v + self.competitor.held * (d.sff + m.ka_over * d.ssff)

    def _flows(self, d: Differences) -> tuple[Array, Array]:
        """The net flow of label to the sites seen through w, that of competitor through v."""
        m = self.modes
        a, k2, b, k4 = self.rates.a, self.rates.k2, self.rates.b, self.rates.k4
        label, competitor = self.label, self.competitor
        first, other = a * competitor.free * label.remaining, b * label.free * competitor.remaining
        later = first * m.k4_over + a * k4 * label.remaining * competitor.held - b * k2 * label.held
        other_later = (
            other * m.k2_over + b * k2 * competitor.remaining * label.held - a * k4 * competitor.held
        )
        w = d.sff + m.kb_over * d.ssff
        return first * (d.ff + m.kb_over * d.sff) + later * w, other * d.sff + other_later * d.ssff
