"""What users may rely on is pinned here; a change of this list is a change of the interface."""

import importlib
import json
import subprocess
import sys

import prusoff

PUBLIC = [
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
HEAVY = (
    "matplotlib",
    "polars",
    "pandas",
    "scipy",
    "pandera",
    "allotropy",
    "pint",
    "pydantic",
    "xlsxwriter",
    "jinja2",
)


def test_the_public_names_are_these():
    assert prusoff.__all__ == PUBLIC
    for name in PUBLIC:
        assert getattr(prusoff, name).__doc__, f"{name} has no docstring"


def loaded_by(code):
    program = f"import sys, json\n{code}\nprint(json.dumps(sorted({{m.split('.')[0] for m in sys.modules}})))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_import_is_light():
    assert not loaded_by("import prusoff").intersection(HEAVY)


def test_help_is_light():
    code = (
        "import contextlib, io\nfrom prusoff.cli import app\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n    app(['--help'])"
    )
    assert not loaded_by(code).intersection(HEAVY)


def test_every_public_name_is_documented_where_it_lives():
    for name, module in prusoff._LAZY.items():
        assert hasattr(importlib.import_module(f"prusoff.{module}"), name)
