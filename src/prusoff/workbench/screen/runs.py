"""The runs of rows with the same keys in a large table, kept on the disk so that their number does not matter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

AT_ONCE = 1_000_000  # runs that are in memory at once
Rows = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


class Runs:
    """Where the runs begin, and the hash of the keys of each, in two files of a folder."""

    def __init__(self, folder: Path) -> None:
        self.starts, self.hashes = folder / "starts", folder / "hashes"
        self.count = 0

    def add(self, starts: Rows, hashes: Hashes) -> None:
        """Note runs that follow; a run without keys has no hash."""
        for path, numbers in ((self.starts, starts), (self.hashes, hashes)):
            with path.open("ab") as file:
                file.write(numbers.tobytes())
        self.count += starts.size

    def twice(self) -> bool:
        """Whether any keys begin a run a second time. Hashes are compared a share at a time, by their remainder."""
        shares = self.count // AT_ONCE + 1
        for share in range(shares):
            found = [block[block % np.uint64(shares) == share] for block in self._blocks()]
            every = np.sort(np.concatenate(found)) if found else np.empty(0)
            if (every[1:] == every[:-1]).any():
                return True
        return False

    def _blocks(self) -> Iterator[Hashes]:
        with self.hashes.open("rb") as file:
            while (block := np.fromfile(file, np.uint64, AT_ONCE)).size:
                yield block

    def ends(self, rows: int) -> Rows:
        """Where the runs end, as a file that is read where it is looked at; `rows` is the end of the last one."""
        with self.starts.open("ab") as file:
            file.write(np.int64(rows).tobytes())
        found: Rows = np.memmap(self.starts, np.int64, "r")[1:]
        return found
