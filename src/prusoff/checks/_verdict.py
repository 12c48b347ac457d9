"""How checks of this shelf reach a verdict and put numbers into words."""

from __future__ import annotations

import math
from typing import TypeAlias

from ..core.check import Finding, Severity
from ..core.estimate import figures

Case: TypeAlias = tuple[bool, Severity, str]


def verdict(number: float | None, fine: str, *cases: Case) -> Finding:
    """The first case that holds decides; when none does, the check is passed and `fine` is said."""
    known = number if number is not None and math.isfinite(number) else None
    for holds, severity, sentence in cases:
        if holds:
            return Finding(severity, sentence, known)
    return Finding(Severity.PASS, fine, known)


def percent(fraction: float) -> str:
    """A fraction in words: 0.0793 is '7.93 %'."""
    return figures(100 * fraction, unit="%")


def molar(concentration: float) -> str:
    """A concentration in a readable unit: '1.2 nM'."""
    return figures(concentration, unit="M")


def fold(ratio: float) -> str:
    """A ratio in three figures."""
    return figures(ratio)


def chance(p: float) -> str:
    """A probability as it stands in a sentence: 'P = 0.012', 'P < 0.001'."""
    return "P < 0.001" if p < 1e-3 else f"P = {figures(p, 2)}"
