"""From scintillation counts to Kd, Ki and IC50 with honest intervals.

>>> import prusoff as pr
>>> result = pr.open("experiment.toml").analyse()  # doctest: +SKIP
>>> print(result.estimates[0])  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .core.errors import (
    BrokenFile,
    FileError,
    InputError,
    LayoutError,
    MissingExtra,
    ModelError,
    PrusoffError,
    PrusoffWarning,
    StoreError,
    UnitError,
    UnknownFormat,
    UnknownName,
)

if TYPE_CHECKING:
    __version__: str
    from .core.estimate import Estimate
    from .core.fit import Fit, Outcome
    from .workbench.analysis import Analysis, Run, open
    from .workbench.conversion import convert
    from .workbench.curve_fitting import fit
    from .workbench.model_choice import choose
    from .workbench.outlier_removal import fit_robust, rout
    from .workbench.reading import read

# Loaded when first asked for, so that `import prusoff` stays quick.
_LAZY = {
    "Analysis": "workbench.analysis",
    "Estimate": "core.estimate",
    "Fit": "core.fit",
    "Outcome": "core.fit",
    "Run": "workbench.analysis",
    "choose": "workbench.model_choice",
    "convert": "workbench.conversion",
    "fit": "workbench.curve_fitting",
    "fit_robust": "workbench.outlier_removal",
    "open": "workbench.analysis",
    "read": "workbench.reading",
    "rout": "workbench.outlier_removal",
}

__all__ = [
    "Analysis",
    "BrokenFile",
    "Estimate",
    "FileError",
    "Fit",
    "InputError",
    "LayoutError",
    "MissingExtra",
    "ModelError",
    "Outcome",
    "PrusoffError",
    "PrusoffWarning",
    "Run",
    "StoreError",
    "UnitError",
    "UnknownFormat",
    "UnknownName",
    "choose",
    "convert",
    "fit",
    "fit_robust",
    "open",
    "read",
    "rout",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("prusoff")
    if name in _LAZY:
        return getattr(import_module(f".{_LAZY[name]}", __name__), name)
    raise AttributeError(f"module 'prusoff' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
