"""What the solved parameters can draw at every node of a grid: free, or some of them at their limits."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.equation import Array
from .compiling import looping
from .law import BatchLaw
from .layout import Indices

DEPENDENT = (
    1e-10  # part of a column that is left of it beside the others, below which it is no column of its own
)
SAME = 1e-9  # what is left of a constant that the law can draw
Single = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Drawn:
    """Columns (node, column, point) that parameters draw, and what is drawn without them (node, point)."""

    columns: Array
    offset: Array


@dataclass(frozen=True)
class Check:
    """Two amounts of every node that are linear in the responses; allowed is where their product is not positive.

    Each is rows (node, point) times the responses plus a number (node,); the second is None where only the first
    counts.
    """

    first: tuple[Single, Array]
    second: tuple[Single, Array] | None

    def passed(self, y: Single, size: Array) -> Flags:
        """Where the responses y (point, curve), divided by their size, are allowed: (node, curve)."""
        least = _amount(self.first, y, size)
        if self.second is None:
            return least <= 0
        least *= _amount(self.second, y, size)
        found: Flags = least <= 0
        return found


@dataclass(frozen=True)
class Face:
    """Some of the solved parameters free, the others at limits: patterns, solutions, and where they are allowed.

    `patterns` (node and pattern, point) in single precision are orthonormal under the weights, `solutions` (point,
    free, node) give the free parameters from the responses, `free` their rows among the solved ones and `held` the
    values of the others by row; `offset` (node, point) is what the held parameters draw alone, None for nothing.
    """

    free: tuple[int, ...]
    held: Mapping[int, float]
    patterns: Single
    solutions: Array
    offset: Array | None
    checks: tuple[Check, ...]

    def gains(self, y: Single, scaled: Array, size: Array, root: Array) -> Single:
        """How much of the scaled sum of squares every node explains, (node, curve); -1 where it is not allowed."""
        nodes = self.solutions.shape[2]
        products = (self.patterns @ (scaled / size).astype(np.float32)).reshape(nodes, -1, size.size)
        if self.offset is None and looping():
            from .loops.peaks import add_squares

            found: Single = np.empty((nodes, size.size), dtype=np.float32)
            add_squares(products, found)
        elif self.offset is None:
            found = np.square(products[:, 0])
            for one in range(1, products.shape[1]):
                found += products[:, one] ** 2
        else:
            found = self._beside(root * self.offset, scaled, size, products)
        for check in self.checks:
            np.copyto(found, np.float32(-1.0), where=~check.passed(y, size))
        return found

    def values(self, nodes: Indices, y: Array) -> Array:
        """The best values of the free parameters (free, curve) at one node a curve."""
        found = np.zeros((self.solutions.shape[1], nodes.size))
        if self.offset is None and looping():
            from .loops.peaks import add_solutions

            add_solutions(self.solutions, nodes, y, found)
            return found
        for point, solutions in enumerate(self.solutions):
            away = y[point] if self.offset is None else y[point] - self.offset[nodes, point]
            found += solutions.take(nodes, axis=1) * away
        return found

    def _beside(self, drawn: Array, scaled: Array, size: Array, products: Single) -> Single:
        """The same where held parameters draw something already, (node, point): it is taken off the responses first."""
        patterns = self.patterns.reshape(len(drawn), -1, drawn.shape[1])
        along = np.einsum("nkp,np->nk", patterns, drawn)[:, :, None] / size
        lowered = 2.0 * (drawn @ scaled) / size**2 - (drawn * drawn).sum(axis=1)[:, None] / size**2
        found: Single = (((products - along) ** 2).sum(axis=1) + lowered).astype(np.float32)
        return found


def drawn(law: BatchLaw, x: Array, table: Array, rows: tuple[int, ...]) -> Drawn:
    """What the parameters in these rows of the solved ones draw at the nodes of a table (parameter, node)."""
    response, slopes = law.response(x[:, None], table)
    columns = np.moveaxis(slopes[list(rows)], -1, 0)
    values = table[[law.solved[row] for row in rows]].copy()
    if law.part is not None:
        values[[law.solved[row] == law.part.position for row in rows]] = 0.0
    offset = np.broadcast_to(response, (x.size, table.shape[1])).T - np.einsum("kn,nkp->np", values, columns)
    size = np.abs(response).max(initial=0.0)
    return Drawn(columns, np.where(np.abs(offset) > 1e-12 * size, offset, 0.0))


def faces(law: BatchLaw, x: Array, root: Array, table: Array, limits: Array) -> tuple[tuple[Face, ...], bool]:
    """All faces at the nodes of a table, and whether every one can draw a constant, which is then set aside.

    `limits` (2, solved) are those of the solved parameters, `root` (point,) the roots of the weights.
    """
    kinds = list(_kinds(law, x, table, limits))
    direction = root / np.sqrt((root * root).sum())
    constant = all(_draws(one.columns * root, direction) for _, _, one in kinds)
    return tuple(
        _face(law, (free, held), one, (root, direction if constant else None), limits)
        for free, held, one in kinds
    ), constant


def _kinds(
    law: BatchLaw, x: Array, table: Array, limits: Array
) -> Iterator[tuple[tuple[int, ...], dict[int, float], Drawn]]:
    """Which of the solved parameters are free and which are held at limits, and what they draw: every combination."""
    choices = [
        [None, *(float(limit) for limit in limits[:, row] if np.isfinite(limit))]
        for row in range(len(law.solved))
    ]
    for chosen in itertools.product(*choices):
        free = tuple(row for row, value in enumerate(chosen) if value is None)
        held = {row: value for row, value in enumerate(chosen) if value is not None}
        here = table.copy()
        for row, value in held.items():
            here[law.solved[row]] = value
        if law.part is not None and law.solved.index(law.part.position) in free:
            here[list(law.part.linear)] = law.part.base[:, None]
            here[law.part.position] = law.part.middle
        yield free, held, drawn(law, x, here, free)


def _face(
    law: BatchLaw,
    which: tuple[tuple[int, ...], dict[int, float]],
    here: Drawn,
    weights: tuple[Array, Array | None],
    limits: Array,
) -> Face:
    free, held = which
    root, constant = weights
    patterns, solutions = orthonormal(here.columns * root, constant)
    solutions = solutions * root
    offset = here.offset if here.offset.any() else None
    return Face(
        free=free,
        held=held,
        patterns=patterns.reshape(-1, root.size).astype(np.float32),
        solutions=np.ascontiguousarray(solutions.transpose(2, 1, 0)),
        offset=offset,
        checks=tuple(_checks(law, free, solutions, offset, limits)),
    )


def _checks(
    law: BatchLaw, free: tuple[int, ...], solutions: Array, offset: Array | None, limits: Array
) -> Iterator[Check]:
    """What must hold for the solved values of free parameters to lie inside their limits."""
    for at, row in enumerate(free):
        low, high = limits[:, row]
        lines = solutions[:, at]
        if law.part is not None and law.solved[row] == law.part.position:
            amounts = law.part.amounts / (law.part.amounts @ law.part.base)
            places = [free.index(law.solved.index(k)) for k in law.part.linear]
            height = np.einsum("k,nkp->np", amounts, solutions[:, places])
            sides = [(lines - (limit - law.part.middle) * height, 0.0) for limit in (low, high)]
            yield Check(_line(*sides[0], offset), _line(*sides[1], offset))
            continue
        if np.isfinite(low):
            yield Check(_line(-lines, low, offset), None)
        if np.isfinite(high):
            yield Check(_line(lines, -high, offset), None)


def _line(rows: Array, more: float, offset: Array | None) -> tuple[Single, Array]:
    """An amount that is linear in the responses, as rows (node, point) and what is added (node,)."""
    added = np.full(len(rows), more)
    if offset is not None:
        added = added - (rows * offset).sum(axis=1)
    return rows.astype(np.float32), added


def _amount(line: tuple[Single, Array], y: Single, size: Array) -> Single:
    """An amount at every node for the responses y (point, curve), divided by their size: (node, curve)."""
    rows, added = line
    found: Single = rows @ y
    if added.any():
        found += (added[:, None] / size).astype(np.float32)
    return found


def _draws(basis: Array, direction: Array) -> bool:
    """Whether the columns (node, column, point) can draw a constant at every node."""
    if not basis.shape[1]:
        return False
    patterns, _ = orthonormal(basis, None)
    missed = direction - np.einsum("nk,nkp->np", patterns @ direction, patterns)
    return bool((np.abs(missed) < SAME).all())


def orthonormal(basis: Array, first: Array | None) -> tuple[Array, Array]:
    """Orthonormal patterns (node, pattern, point) of what columns (node, column, point) draw, and what solves for them.

    A column that depends on the others is left out. Where a direction `first` (point,) is given, the columns can draw
    it, and the patterns lie across it, one fewer than columns. `solutions` (node, column, point) give the best amounts
    of all columns from weighted responses.
    """
    nodes, count, points = basis.shape
    patterns, upper = np.zeros_like(basis), np.zeros((nodes, count, count))
    _gram_schmidt(basis, patterns, upper)
    solutions = np.zeros_like(basis)
    for k in reversed(range(count)):
        diagonal = upper[:, k, k]
        rest = patterns[:, k] - np.einsum("nj,njp->np", upper[:, k, k + 1 :], solutions[:, k + 1 :])
        solutions[:, k] = rest * _reciprocal(diagonal)[:, None]
    if first is not None:
        patterns = _across(basis, first)
    return patterns if patterns.shape[1] else np.zeros((nodes, 1, points)), solutions


def _across(basis: Array, first: Array) -> Array:
    """Orthonormal patterns across a direction; the columns that have most of their own left come first."""
    nodes, count, _ = basis.shape
    size = _reciprocal(np.sqrt((basis * basis).sum(axis=2)))
    columns, every, patterns = basis.copy(), np.arange(nodes), np.zeros_like(basis[:, 1:])
    taken = np.broadcast_to(first, (nodes, first.size))
    for k in range(count):
        for _ in range(2):
            columns -= (columns * taken[:, None]).sum(axis=2)[:, :, None] * taken[:, None]
        if k == count - 1:
            break
        left = np.sqrt((columns * columns).sum(axis=2))
        chosen = (left * size).argmax(axis=1)
        own = np.where(left[every, chosen] * size[every, chosen] > DEPENDENT, left[every, chosen], 0.0)
        taken = columns[every, chosen] * _reciprocal(own)[:, None]
        columns[every, chosen] = 0.0
        patterns[:, k] = taken
    return patterns


def _reciprocal(size: Array) -> Array:
    """One over sizes, zero where they are zero."""
    there = size > 0
    found: Array = there / np.where(there, size, 1.0)
    return found


def _gram_schmidt(basis: Array, patterns: Array, upper: Array) -> None:
    for k in range(basis.shape[1]):
        column = basis[:, k].copy()
        size = np.sqrt((column * column).sum(axis=1))
        for _ in range(2):
            for j in range(k):
                along = (patterns[:, j] * column).sum(axis=1)
                upper[:, j, k] += along
                column -= along[:, None] * patterns[:, j]
        left = np.sqrt((column * column).sum(axis=1))
        there = left > DEPENDENT * size
        upper[:, k, k] = np.where(there, left, 0.0)
        patterns[:, k] = column * _reciprocal(upper[:, k, k])[:, None]
