"""What all tests share: where the reference data lie beside the checkout, if they do."""

import importlib
import json
import sys
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[1].parent / "shared"


def pytest_addoption(parser):
    parser.addoption(
        "--rewrite-golden", action="store_true", help="write the golden files anew instead of comparing"
    )


@pytest.fixture(scope="session")
def shared():
    """The folder of real data beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("the folder 'shared' with the reference data does not lie beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def science_cases(shared):
    """The worked numbers of the science specification, by id."""
    cases = json.loads((shared / "science_cases.json").read_text(encoding="utf-8"))["cases"]
    return {case["id"]: case for case in cases}


@pytest.fixture(scope="session")
def sample():
    """The module of the simulated sample result: `sample.sample_result()`, `sample.simple_figures(result)`."""
    sys.path.insert(0, str(Path(__file__).parent))  # this folder is no package
    try:
        return importlib.import_module("sample_result")
    finally:
        sys.path.pop(0)


@pytest.fixture(scope="session")
def sample_result(sample):
    """A whole simulated result: five compounds with awkward names on three days, one a bound, one without response."""
    return sample.sample_result()


@pytest.fixture(scope="session")
def written_abf():
    """The module that writes simulated Axon files: `written_abf.abf2(sweeps, ...)` gives their bytes."""
    sys.path.insert(0, str(Path(__file__).parent))
    try:
        return importlib.import_module("written_abf")
    finally:
        sys.path.pop(0)


@pytest.fixture(scope="session")
def written_heka():
    """The module that writes simulated HEKA files: `written_heka.bundle(series)` gives their bytes."""
    sys.path.insert(0, str(Path(__file__).parent))
    try:
        return importlib.import_module("written_heka")
    finally:
        sys.path.pop(0)


@pytest.fixture(scope="session")
def both_engines():
    """`both_engines.ask_both(law, curves, ...)`: fits made one at a time that are the same in the batch."""
    sys.path.insert(0, str(Path(__file__).parent))
    try:
        return importlib.import_module("both_engines")
    finally:
        sys.path.pop(0)


@pytest.fixture
def golden_text(request):
    """`golden_text(path, text)`: what the golden file holds; with --rewrite-golden the text is written there first."""

    def read(path, text):
        if request.config.getoption("--rewrite-golden"):
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.is_file(), (
            f"there is no golden file {path.name}: run `make golden` and review what it writes"
        )
        return path.read_text(encoding="utf-8")

    return read
