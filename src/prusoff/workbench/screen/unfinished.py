"""The folder of a run that is not finished: what it was asked, how the table is cut, and the parts that are done."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from ...core.errors import Problem, StoreError
from ..saving import write_whole
from .layout import Layout
from .parquet import not_written, polars_for

SAMPLED = 4_000_000_000  # bytes above which not all of a file is hashed
SAMPLE = 1_000_000
LOCK = "lock"
KIND, VERSION = "unfinished_screen", 1


def fingerprint(path: Path) -> dict[str, Any]:
    """Size and SHA-256 of a file.

    Of a file above 4 GB, reading of which would take longer than some fits, the hash is that of the first and the last
    megabyte: the end of a Parquet file holds place, size and extremes of every piece of it.
    """
    size = path.stat().st_size
    digest = hashlib.sha256()
    with path.open("rb") as file:
        if size > SAMPLED:
            digest.update(file.read(SAMPLE))
            file.seek(size - SAMPLE)
        while block := file.read(1 << 20):
            digest.update(block)
    return {"bytes": size, "sha256": digest.hexdigest(), "hashed": "ends" if size > SAMPLED else "all"}


@dataclass(frozen=True)
class Unfinished:
    """The folder beside the file that is to be written."""

    folder: Path

    @classmethod
    def beside(cls, out: Path) -> Unfinished:
        """The folder of the run that writes this file."""
        return cls(out.with_name(f"{out.name}.unfinished"))

    @property
    def exists(self) -> bool:
        """Whether a run was begun and not finished."""
        return self._manifest.is_file()

    @property
    def _manifest(self) -> Path:
        return self.folder / "manifest.json"

    def part(self, number: int) -> Path:
        """Where a part lies once it is done."""
        return self.folder / f"part-{number:06d}.arrow"

    def lost(self, number: int) -> Path:
        """Where a part lies that could not be fitted; a run that goes on tries it again."""
        return self.folder / f"lost-{number:06d}.arrow"

    def is_done(self, number: int, curves: int) -> bool:
        """Whether a part is there, whole."""
        polars = polars_for("a Parquet file")
        path = self.part(number)
        if not path.is_file():
            return False
        try:
            found: int = polars.scan_ipc(path).select(polars.len()).collect().item()
        except (polars.exceptions.PolarsError, OSError):
            return False
        return found >= curves

    def begin(self, asked: Mapping[str, Any], layout: Layout) -> None:
        """Start anew: what was asked, and how the table is cut."""
        cut = {
            "curves": layout.curves.tolist(),
            "rows": layout.rows.tolist(),
            "scattered": layout.scattered,
            "holes": list(layout.holes),
        }
        said = {"kind": KIND, "version": VERSION, **asked, "layout": cut}
        write_whole(self._manifest, json.dumps(said, indent=1).encode())

    def resume(self, asked: Mapping[str, Any]) -> Layout:
        """The layout of the run that was begun; raises where another input or other settings are given now."""
        try:
            said = json.loads(self._manifest.read_text(encoding="utf-8"))
            cut = said["layout"]
            curves, rows = (np.array(cut[name], dtype=np.int64) for name in ("curves", "rows"))
            layout = Layout(curves, rows, bool(cut["scattered"]), tuple(cut["holes"]))
        except (ValueError, KeyError, TypeError) as failure:
            what = f"what an earlier run left cannot be read ({failure})"
            raise StoreError(
                Problem(what, str(self._manifest), "Begin anew with --overwrite", "E-RESUME")
            ) from None
        changed = [
            f"{name} was {_told(before)} and is {_told(now)}"
            for name, before, now in _differences(said, json.loads(json.dumps(dict(asked))))
        ]
        if changed:
            what = f"the run that was begun differs: {'; '.join(changed)}"
            fix = "Give what was given then, or begin anew with --overwrite"
            raise StoreError(Problem(what, str(self.folder), fix, "E-RESUME"))
        return layout

    @property
    def done(self) -> int:
        """How many parts are done."""
        return sum(1 for _ in self.folder.glob("part-*.arrow"))

    def refuse(self) -> NoReturn:
        """Raise: an earlier run was not finished, and it was not said what is to become of it."""
        what = f"an earlier run was not finished; {self.done} parts of it are done"
        fix = "Go on with --resume, or begin anew with --overwrite"
        raise StoreError(Problem(what, str(self.folder), fix, "E-RESUME"))

    def clear(self) -> None:
        """Take everything out of the folder but its lock."""
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != LOCK:
                path.unlink()

    def remove(self) -> None:
        """Take the folder away."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for this process; raises where another one works in it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            file = (self.folder / LOCK).open("a", encoding="utf-8")
        except OSError as failure:
            raise not_written(self.folder, failure) from None
        with file as lock:
            if not _locked(lock):
                what = "another process is working on this run"
                raise StoreError(Problem(what, str(self.folder), "Wait until it has ended", "E-RESUME"))
            yield


def _locked(file: Any) -> bool:
    """Lock a file until it is closed or the process ends; where the system has no such locks, it counts as locked."""
    try:
        import fcntl
    except ModuleNotFoundError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """What differs between two sets of plain values, by name."""
    for name, value in now.items():
        old = before.get(name)
        if isinstance(value, dict) and isinstance(old, dict):
            yield from _differences(old, {**dict.fromkeys(old), **value})
        elif old != value:
            yield name, old, value


def _told(value: Any) -> str:
    text = "nothing" if value in (None, "", [], {}) else str(value)
    return text if len(text) <= 24 else f"{text[:16]}…"
