"""The command line as a person uses it: in this process for words and exit codes, in one of its own for the rest."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "net_imipramine"


@pytest.fixture
def prusoff(monkeypatch, capfd):
    """prusoff("show", "equations") -> (exit code, output, errors), in this process."""
    from prusoff.cli import main

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["prusoff", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return ended.value.code or 0, out, err

    return call


@pytest.fixture(scope="session")
def process():
    """process(arguments, **environment) -> the finished process, started anew."""

    def call(*arguments, cwd=None, **environment):
        command = [sys.executable, "-c", "from prusoff.cli import main; main()", *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, cwd=cwd, env={**os.environ, **environment}, timeout=120, check=False
        )

    return call


@pytest.fixture
def example(tmp_path):
    """A copy of the example that may be spoiled."""
    return shutil.copytree(
        EXAMPLE, tmp_path / "net", ignore=shutil.ignore_patterns("results", "*.py", "*.md")
    )


@pytest.fixture(scope="session")
def finished(tmp_path_factory, process):
    """The example run once: the process, and the folder with its results."""
    out = tmp_path_factory.mktemp("results")
    return process("run", EXAMPLE, "--out", out), out


def files_in(folder):
    """Every file below a folder with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="session")
def contents():
    return files_in
