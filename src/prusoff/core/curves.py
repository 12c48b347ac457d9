"""Measured curves as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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
    """Many measured curves as columns: the points of all of them, one curve after another.

    x (point,) or (axis, point), y (point,), sd (point,) or None; curve c has the points `starts[c]` to `starts[c + 1]`
    (`starts` is one longer than there are curves, and rises). A value that is missing (nan) or infinite spoils its own
    curve only: whoever fits them says so.
    """

    x: Array
    y: Array
    starts: npt.NDArray[np.intp]
    sd: Array | None = None

    def __post_init__(self) -> None:
        x, y = np.asarray(self.x, dtype=float), np.asarray(self.y, dtype=float)
        starts = np.asarray(self.starts, dtype=np.intp)
        object.__setattr__(self, "x", x)
        object.__setattr__(self, "y", y)
        object.__setattr__(self, "starts", starts)
        if self.sd is not None:
            object.__setattr__(self, "sd", np.asarray(self.sd, dtype=float))
        sizes = y.shape if self.sd is None else self.sd.shape
        shapes = {x.shape[-1:], y.shape, sizes}
        if y.ndim != 1 or len(shapes) > 1:
            what = f"x has shape {x.shape}, y {y.shape}, sd {sizes}"
            raise InputError(Problem(what, "curves", "Give one x (and one sd) for every y", "E-SHAPE"))
        ends = starts.ndim == 1 and starts.size > 0 and starts[0] == 0 and starts[-1] == y.size
        if not ends or (np.diff(starts) < 0).any():
            what = "the starts of the curves do not divide the points"
            raise InputError(Problem(what, "curves", f"Let them rise from 0 to {y.size}", "E-SHAPE"))

    @classmethod
    def of(cls, curves: Sequence[Curve]) -> Curves:
        """Curves that stand alone, joined; SDs are kept where every curve has them."""
        starts = np.concatenate([[0], np.cumsum([len(curve) for curve in curves])]).astype(np.intp)
        sds = [curve.sd for curve in curves if curve.sd is not None]
        x = np.concatenate([curve.x for curve in curves], axis=-1) if curves else np.empty(0)
        y = np.concatenate([curve.y for curve in curves]) if curves else np.empty(0)
        return cls(x, y, starts, np.concatenate(sds) if curves and len(sds) == len(curves) else None)

    def __len__(self) -> int:
        return int(self.starts.size - 1)

    def __getitem__(self, index: int) -> Curve:  # type: ignore[override]
        if not -len(self) <= index < len(self):
            raise IndexError(f"there is no curve {index} among {len(self)}")
        here = index % len(self)
        points = slice(self.starts[here], self.starts[here + 1])
        return Curve(self.x[..., points], self.y[points], None if self.sd is None else self.sd[points])

    def part(self, first: int, last: int) -> Curves:
        """The curves from `first` up to, not including, `last`."""
        points = slice(self.starts[first], self.starts[last])
        sd = None if self.sd is None else self.sd[points]
        return Curves(
            self.x[..., points], self.y[points], self.starts[first : last + 1] - self.starts[first], sd
        )
