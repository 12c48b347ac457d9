"""Whether the steps of the batch run as loops of machine code (the extra `fast`) or as operations on whole arrays."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar, cast

LARGE = 100_000  # curves from which on loading the machine code pays
SMALL = 500  # and from which on it is used where it is loaded
Function = TypeVar("Function", bound=Callable[..., Any])
_looping: ContextVar[bool] = ContextVar("looping", default=False)
_loaded: list[bool] = []


def compiled(function: Function) -> Function:
    """The function as machine code, kept on disk once it is made; as it stands where numba is not installed.

    Sums keep their order and products their rounding, so that the numbers are those of NumPy to the last bit.
    """
    if not installed():
        return function
    import numba

    return cast(Function, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


@cache
def installed() -> bool:
    """Whether numba is installed."""
    try:
        return importlib.util.find_spec("numba") is not None
    except ImportError:
        return False


def load() -> bool:
    """Load the machine code, or make it when it is asked for the first time; whether it may be used.

    It may where it gives the numbers of NumPy to the last bit, as it does wherever NumPy rounds every product.
    """
    if not _loaded:
        from .loops.calls import agree

        _loaded.append(installed() and agree())
    return _loaded[0]


@contextmanager
def steps_for(curves: int) -> Iterator[None]:
    """Within, the steps of a table of so many curves run the way that is faster; the numbers are the same both ways."""
    worth = installed() and (curves >= LARGE or (bool(_loaded) and curves >= SMALL))
    token = _looping.set(_looping.get() or (worth and load()))
    try:
        yield
    finally:
        _looping.reset(token)


@contextmanager
def by(loops: bool) -> Iterator[None]:
    """Within, steps run as loops, or as operations on whole arrays, whatever the size of the table."""
    token = _looping.set(loops)
    try:
        yield
    finally:
        _looping.reset(token)


def looping() -> bool:
    """Whether steps run as loops of machine code here."""
    return _looping.get()
