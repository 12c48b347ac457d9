"""What the figures look like, pinned. `pytest --rewrite-golden` writes them anew; the difference is reviewed.

Numbers may differ by half a point and names of definitions in any way: both depend on the version of matplotlib.
"""

import re
import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from prusoff.drawing import draw_svg
from prusoff.figures import catalog

HERE = Path(__file__).parent
RESULTS = runpy.run_path(str(HERE / "simulated_results.py"))["RESULTS"]
DRAWN = [
    ("competition", "response_curve"),
    ("competition", "normalised_curve"),
    ("competition", "profile"),
    ("competition", "plate_map"),
    ("saturation", "binding_isotherm"),
    ("saturation", "residuals"),
]
NUMBER = re.compile(r"(?<![\w#.])-?\d+(?:\.\d+)?")
TEXT = re.compile(r">([^<]+)<")


def shape(svg):
    """The drawing without its numbers and with its definitions counted."""
    names = {
        name: f"d{index}" for index, name in enumerate(re.findall(r' id="([mpCh][0-9a-f]{6,}[\w-]*)"', svg))
    }
    for name, counted in names.items():
        svg = svg.replace(f'"{name}"', f'"{counted}"').replace(f"#{name}", f"#{counted}")
    return (
        NUMBER.sub("0", svg),
        [float(number) for number in NUMBER.findall(TEXT.sub("><", svg))],
        TEXT.findall(svg),
    )


@pytest.mark.parametrize(("result", "figure"), DRAWN, ids=[f"{result}-{figure}" for result, figure in DRAWN])
def test_the_figure(result, figure, golden_text):
    simulated = RESULTS[result]()
    if figure == "plate_map":  # one plate says it all
        simulated = replace(simulated, experiments=simulated.experiments[:1])
    (spec,) = catalog[figure].build(simulated)
    drawn = draw_svg(spec).decode("utf-8")
    path = HERE / f"{result}__{figure}.svg"
    lines, numbers, texts = shape(drawn)
    golden_lines, golden_numbers, golden_texts = shape(golden_text(path, drawn))
    assert texts == golden_texts
    assert lines == golden_lines
    assert numbers == pytest.approx(golden_numbers, abs=0.5)
