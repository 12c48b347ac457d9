"""Who and what made a number: the input bytes, the settings, the versions, the seed, the machine."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

RECORDED = ("prusoff", "numpy", "scipy", "matplotlib")


@dataclass(frozen=True)
class InputFile:
    """One file that went in: its name and the SHA-256 of its bytes."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Provenance:
    """What a result can be traced back to. Holds no time of day, so that a repeated run gives the same bytes."""

    inputs: tuple[InputFile, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)
    platform: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "inputs": [
                {"name": file.name, "sha256": file.sha256, "bytes": file.bytes} for file in self.inputs
            ],
            "settings": dict(self.settings),
            "seed": self.seed,
            "versions": dict(self.versions),
            "platform": self.platform,
        }


def digest(data: bytes) -> str:
    """SHA-256 of these bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def trace(inputs: Iterable[InputFile], settings: Mapping[str, Any], seed: int = 0) -> Provenance:
    """The provenance of a run made here and now with these inputs and settings."""
    return Provenance(
        tuple(inputs),
        dict(settings),
        seed,
        {name: _version(name) for name in RECORDED},
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}",
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
