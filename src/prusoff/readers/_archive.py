"""Unpacks a workbook in memory, after its archive was found safe; what is not safe is refused before it is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from xml.parsers import expat

from ..core.errors import BrokenFile, Problem
from ..core.reader import RawFile

MOST_ENTRIES = 1000
MOST_UNPACKED = 500_000_000
MOST_RATIO = 100
SMALL = 1_000_000
_MOST_DIRECTORY = 1_000_000
_END = b"PK\x05\x06"
_NEEDED = (".xml", ".rels")
SAVE_AGAIN = "Open it in Excel and save it again as .xlsx, or export the sheet as CSV"


def unpack(file: RawFile) -> dict[str, bytes]:
    """The XML parts of a workbook by their name in the archive, each checked against its checksum and parsed once.

    Macros, pictures and other parts are left behind. Limits: 1000 entries, 500 MB unpacked, 100 times the packed size.
    Raises BrokenFile for an archive that is cut off, damaged, encrypted, or beyond a limit, for entries that point
    outside it or are links, and for XML with a document type (DTD).
    """
    _check_directory(file)
    try:
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            entries = archive.infolist()
            _check_entries(file, entries)
            return {entry.filename: _part(file, archive, entry) for entry in entries if _is_needed(entry)}
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        UnicodeDecodeError,
        ValueError,
        OSError,
    ):
        raise _damaged(file) from None


def _is_needed(entry: zipfile.ZipInfo) -> bool:
    return not entry.is_dir() and entry.filename.lower().endswith(_NEEDED)


def _check_directory(file: RawFile) -> None:
    """The size of the list of entries, read before the list itself."""
    end = file.data.rfind(_END, max(0, len(file.data) - 66_000))
    if end < 0 or len(file.data) < end + 22:
        raise _damaged(file)
    if int.from_bytes(file.data[end + 12 : end + 16], "little") > _MOST_DIRECTORY:
        raise refused(file, f"the archive has more than {MOST_ENTRIES} entries", "E-ZIP")


def _check_entries(file: RawFile, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise refused(file, f"the archive has {len(entries)} entries; the limit is {MOST_ENTRIES}", "E-ZIP")
    if len({entry.filename for entry in entries}) < len(entries):
        raise refused(file, "two entries of the archive have the same name", "E-ZIP")
    for entry in entries:
        if entry.flag_bits & 1:
            raise refused(
                file, "the workbook is encrypted", "E-ENCRYPTED", "Remove the password and save it again"
            )
        name = entry.orig_filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or ":" in name:
            raise refused(file, f"the entry '{name[:60]}' points outside the archive", "E-ZIP")
        if (entry.external_attr >> 16) & 0o170000 == 0o120000:
            raise refused(file, f"the entry '{name[:60]}' is a link", "E-ZIP")
        if entry.file_size > SMALL and entry.file_size > MOST_RATIO * entry.compress_size:
            raise _bomb(
                file, f"the entry '{name[:60]}' would unpack to more than {MOST_RATIO} times its size"
            )
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise _bomb(file, f"the archive would unpack to more than {MOST_UNPACKED // 1_000_000} MB")


def _part(file: RawFile, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    data = archive.read(entry)  # never more than the stated size, and the checksum must agree
    parser = expat.ParserCreate("UTF-8")

    def refuse_dtd(*_: object) -> None:
        raise refused(file, "an XML part has a document type (DTD), which workbooks never have", "E-DTD")

    def check_counts(_: str, attributes: Mapping[str, str]) -> None:
        """A part cannot hold more things than bytes; the library would set memory aside for all that are stated."""
        for name in ("count", "uniqueCount"):
            stated = attributes.get(name, "0")
            if not (stated.isascii() and stated.isdigit()) or int(stated) > len(data):
                raise _damaged(file, entry.filename)

    parser.StartDoctypeDeclHandler = refuse_dtd
    parser.StartElementHandler = check_counts
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise _damaged(file, entry.filename) from None
    return data


def refused(file: RawFile, what: str, code: str, fix: str = SAVE_AGAIN) -> BrokenFile:
    """The error for a workbook that is not opened."""
    return BrokenFile(Problem(what, file.name, fix, code))


def _bomb(file: RawFile, what: str) -> BrokenFile:
    return refused(file, f"{what}; it was not opened", "E-BOMB")


def _damaged(file: RawFile, part: str = "") -> BrokenFile:
    what = f"the part '{part}' of the workbook is damaged" if part else "the workbook is cut off or damaged"
    return refused(file, what, "E-TRUNCATED", "Copy or export it again")
