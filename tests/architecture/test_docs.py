"""The documentation says what the program says: pages are rebuilt and compared, and nothing is left out."""

import importlib
import re
import sys
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest

from prusoff.core.errors import PrusoffError
from prusoff.workbench import shelves
from prusoff.workbench.runfile import RunFile, parse_runfile

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
HAND_WRITTEN = sorted(
    path for name in ("*.md", "docs/*.md", "docs/decisions/*.md") for path in ROOT.glob(name)
)
MARKDOWN = [*HAND_WRITTEN, *sorted(DOCS.glob("reference/**/*.md"))]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e-?\d+)?")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
MACHINE = re.compile(r"/(?:home|root|work|Users|tmp|var|opt)/|[A-Z]:\\")


@pytest.fixture(scope="module")
def build():
    """The module that writes the pages; this folder tree is no package, so the root is put on the path."""
    sys.path.insert(0, str(ROOT))
    try:
        return importlib.import_module("docs.build")
    finally:
        sys.path.remove(str(ROOT))


@pytest.fixture(scope="module")
def pages(build):
    return build.pages()


def text(pages, name):
    return pages[f"reference/{name}.md"].decode()


def drifted(name, said):
    """Whether a file says something else; what an assay makes of its example may differ in the digits of a fit."""
    written = (DOCS / name).read_bytes() if (DOCS / name).is_file() else b""
    if written == said or not any(f"/{one}" in name for one in shelves.shelf("assays")):
        return written != said
    texts = written.decode(), said.decode()
    if len({NUMBER.sub("", one) for one in texts}) > 1:
        return True
    return not np.allclose(*(np.array(NUMBER.findall(one), float) for one in texts), rtol=0.01, atol=0.06)


def test_the_reference_is_what_the_program_says_now(pages):
    assert not [name for name, said in pages.items() if drifted(name, said)], (
        "run `make docs` and review the difference"
    )
    lying = {path.relative_to(DOCS).as_posix() for path in (DOCS / "reference").rglob("*") if path.is_file()}
    assert lying <= set(pages), "run `make docs`: these pages are written no more"


@pytest.mark.slow
def test_the_walk_prints_what_the_program_prints_now(build):
    for name, data in build.walks().items():
        assert data.decode() == (DOCS / name).read_text(encoding="utf-8"), (
            "run `make docs` and review the difference"
        )


@pytest.mark.parametrize("shelf", ["equations", "assays", "checks", "readers"])
def test_every_item_of_a_shelf_has_its_place(pages, shelf):
    page = text(pages, shelf)
    missing = [
        name for name in shelves.shelf(shelf) if f"## {name}\n" not in page and f"`{name}`" not in page
    ]
    assert not missing


def test_every_figure_and_report_is_told(pages):
    page = text(pages, "results")
    assert [name for name in shelves.shelf("figures") if f"figures/{name}.svg" not in page] == []
    assert [name for name in shelves.shelf("reports") if f"`{name}`" not in page] == []


def test_every_law_of_one_axis_has_its_picture(pages):
    for name, law in shelves.shelf("equations").items():
        assert (f"reference/figures/{name}.svg" in pages) == (len(law.axes) == 1)


def test_every_verb_is_told(pages):
    from prusoff.cli import app

    page = text(pages, "cli")
    verbs = [command.name for command in app.registered_commands]
    assert len(verbs) >= 5
    assert [verb for verb in verbs if f"## prusoff {verb}\n" not in page] == []


def kinds_of_error(kind):
    return {kind}.union(*(kinds_of_error(one) for one in kind.__subclasses__()))


def test_every_error_and_every_code_is_told(pages):
    page = text(pages, "errors")
    own = [one for one in kinds_of_error(PrusoffError) if one.__module__ == PrusoffError.__module__]
    assert [one.__name__ for one in own if f"`{one.__name__}`" not in page] == []
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    codes = set(re.findall(r"\"(E-[A-Z]+)\"", source))
    assert len(codes) > 20
    assert sorted(code for code in codes if f"| `{code}` |" not in page) == []


def test_every_kind_of_quantity_is_told(pages):
    from prusoff.core.kinds import KINDS

    page = text(pages, "units")
    assert [name for name in KINDS if f"| {name} |" not in page] == []


def test_every_key_of_the_run_file_is_told_and_the_whole_example_is_read(pages):
    page = text(pages, "run_file")
    told = set()
    for name in ("run_file_example.toml", "run_file_recordings.toml"):
        example = (DOCS / name).read_text(encoding="utf-8")
        assert example.strip() in page
        runfile = parse_runfile(example)
        assert len(runfile.experiment) == 2
        told |= runfile.model_fields_set
    instead = {"substrate": "radioligand"}  # one or the other
    assert [name for name in RunFile.model_fields if instead.get(name, name) not in told] == []


def anchors(path):
    words = (
        heading.strip().lower()
        for heading in HEADING.findall(FENCE.sub("", path.read_text(encoding="utf-8")))
    )
    return {
        "".join(letter for letter in one if letter.isalnum() or letter in " -_").replace(" ", "-")
        for one in words
    }


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_within_the_project_leads_somewhere(path):
    broken = []
    for link in LINK.findall(FENCE.sub("", path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = unquote(link).partition("#")
        target = (path.parent / place).resolve() if place else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert not broken


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_page_names_a_place_on_a_machine(path):
    assert not MACHINE.findall(path.read_text(encoding="utf-8"))
