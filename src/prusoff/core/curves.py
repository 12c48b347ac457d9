"""Measured curves as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from .equation import Array
from .errors import InputError, Problem


@dataclass(frozen=True)
class Curve:
    """One measured curve: x (point,) or (axis, point), y (point,), and the standard deviation of each y if known."""

    x: Array
    y: Array
    sd: Array | None = None
    label: str = ""

    def __post_init__(self) -> None:
        x, y = np.asarray(self.x, dtype=float), np.asarray(self.y, dtype=float)
        object.__setattr__(self, "x", x)
        object.__setattr__(self, "y", y)
        if y.ndim != 1 or x.shape[-1:] != y.shape:
            raise InputError(
                Problem(
                    f"x has shape {x.shape} and y {y.shape}",
                    f"curve '{self.label}'",
                    "Give one x for every y",
                    "E-SHAPE",
                )
            )
        if np.isnan(x).any() or not np.isfinite(y).all():
            raise InputError(
                Problem(
                    "a value is missing or not a number",
                    f"curve '{self.label}'",
                    "Set such points aside with a reason before fitting",
                    "E-NAN",
                )
            )
        if self.sd is not None:
            sd = np.asarray(self.sd, dtype=float)
            object.__setattr__(self, "sd", sd)
            if sd.shape != y.shape or not (np.isfinite(sd) & (sd > 0)).all():
                raise InputError(
                    Problem(
                        "a standard deviation is missing, zero or negative",
                        f"curve '{self.label}'",
                        "Give a positive standard deviation for every point, or none",
                        "E-SD",
                    )
                )

    def __len__(self) -> int:
        return int(self.y.size)


@dataclass(frozen=True)
class Curves(Sequence[Curve]):
    """Many measured curves, each with its own points and label."""

    items: tuple[Curve, ...] = field(default_factory=tuple)

    def __getitem__(self, index: int) -> Curve:  # type: ignore[override]
        return self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    @property
    def labels(self) -> tuple[str, ...]:
        """The label of every curve."""
        return tuple(curve.label for curve in self.items)
