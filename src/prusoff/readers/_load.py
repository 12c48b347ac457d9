"""Brings a file into memory, whole and hashed, or says why that is not possible."""

from __future__ import annotations

from pathlib import Path

from ..core.errors import FileError, Problem
from ..core.provenance import digest
from ..core.reader import RawFile
from ._kind import is_recording

MOST_BYTES = 100_000_000
MOST_RECORDED = 1_000_000_000


def load(path: str | Path) -> RawFile:
    """All bytes of a file with their SHA-256.

    Raises FileError when there is no such file, when it is a folder, a device or a pipe, is empty, larger than 100 MB
    (a recording: 1 GB), or not readable.
    """
    file = Path(path)
    try:
        if file.is_dir():
            raise _refused(file, "this is a folder, not a file", "Name a file in it", "E-FOLDER")
        if file.exists() and not file.is_file():
            raise _refused(
                file, "this is a device or a pipe, not a file", "Save the data in a file", "E-FILE"
            )
        size = file.stat().st_size
        most = MOST_RECORDED if size > MOST_BYTES and is_recording(_head(file)) else MOST_BYTES
        if size > most:
            fix = "Split it, or leave out what is not needed"
            what = f"the file has {size / 1e6:.0f} MB; the limit is {most / 1e6:.0f} MB"
            raise _refused(file, what, fix, "E-SIZE")
        data = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise _refused(file, "there is no such file", "Check the name and the folder", "E-MISSING") from None
    except PermissionError:
        fix = "Ask for the right to read it, or close the program that holds it"
        raise _refused(file, "you may not read this file", fix, "E-PERMISSION") from None
    except (OSError, ValueError) as failure:
        fix = "Copy it to a local disk and try again"
        raise _refused(file, f"the file cannot be read ({failure})", fix, "E-FILE") from None
    return raw_file(file, data)


def raw_file(path: str | Path, data: bytes) -> RawFile:
    """Bytes that are in memory already, as a file of this name; empty ones are refused."""
    file = Path(path)
    if not data:
        raise _refused(file, "the file is empty", "Export it again", "E-EMPTY")
    return RawFile(file, data, digest(data))


def _head(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(8)


def _refused(file: Path, what: str, fix: str, code: str) -> FileError:
    return FileError(Problem(what, file.name or str(file), fix, code))
