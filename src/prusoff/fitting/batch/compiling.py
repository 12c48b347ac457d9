"""Whether the steps of the batch run as loops of machine code (the extra `fast`) or as operations on whole arrays."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar, cast

LARGE = 5000  # curves from which on loading the machine code pays
Function = TypeVar("Function", bound=Callable[..., Any])
_looping: ContextVar[bool] = ContextVar("looping", default=False)


def compiled(function: Function) -> Function:
    """The function as machine code, kept on disk once it is made; as it stands where numba is not installed.

    Sums keep their order and products their rounding, so that the numbers are those of NumPy to the last bit.
    """
    if not available():
        return function
    import numba

    return cast(Function, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


@cache
def available() -> bool:
    """Whether numba is installed."""
    return importlib.util.find_spec("numba") is not None


@contextmanager
def steps_for(curves: int) -> Iterator[None]:
    """Within, the steps of a table of so many curves run the way that is faster; the numbers are the same both ways."""
    token = _looping.set(_looping.get() or (curves >= LARGE and available()))
    try:
        yield
    finally:
        _looping.reset(token)


def looping() -> bool:
    """Whether steps run as loops of machine code here."""
    return _looping.get()
