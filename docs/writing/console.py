"""Runs the commands that stand in a page and writes what they print under them, so that its numbers are real."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COLUMNS = 100
SECONDS = 60


def renewed(page: str) -> str:
    """The page with every console block run again, one after another, in one copy of the examples."""
    with tempfile.TemporaryDirectory() as place:
        shutil.copytree(
            ROOT / "examples",
            Path(place) / "examples",
            ignore=shutil.ignore_patterns("results", "__pycache__"),
        )
        return CONSOLE.sub(lambda found: _block(found[1], Path(place)), page)


def _block(old: str, place: Path) -> str:
    printed = "".join(f"{_typed(command)}{_run(command, place)}" for command in _commands(old))
    return f"```console\n{printed}```"


def _commands(old: str) -> list[str]:
    """The commands of a block: lines that begin with '$ ', each with the lines that begin with '> ' below it."""
    found: list[str] = []
    for line in old.splitlines():
        if line.startswith("$ "):
            found.append(line[2:])
        elif found and (line == ">" or line.startswith("> ")):
            found[-1] += "\n" + line[2:]
    return found


def _typed(command: str) -> str:
    first, *more = command.split("\n")
    return "\n".join([f"$ {first}", *(f"> {line}".rstrip() for line in more)]) + "\n"


def _run(command: str, place: Path) -> str:
    """What a command prints, on both streams; blanks at the end of lines are left out."""
    here = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    environment = {**os.environ, "PATH": here, "COLUMNS": str(COLUMNS), "TERM": "dumb", "NO_COLOR": "1"}
    done = subprocess.run(
        command,
        shell=True,
        cwd=place,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=SECONDS,
        check=False,
    )
    lines = "".join(f"{line.rstrip()}\n" for line in done.stdout.strip("\n").splitlines())
    return lines.replace(str(place) + os.sep, "")
