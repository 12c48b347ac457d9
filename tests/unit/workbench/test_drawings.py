"""Figures drawn by several processes are those drawn by one, and a worker that dies costs nothing but time."""

from dataclasses import replace

import pytest

from prusoff.assays.radioligand_competition import radioligand_competition as competition
from prusoff.figures.response_curve import response_curve
from prusoff.workbench import drawings


@pytest.fixture(scope="module")
def specs():
    result = competition.run(competition.simulate(competition.truth, 1), competition.example_settings)
    (spec,) = response_curve.build(result)
    return tuple(replace(spec, name=f"figure_{number}") for number in range(4))


@pytest.fixture
def two_processors(monkeypatch):
    monkeypatch.setattr(drawings, "_processors", lambda: 2)
    monkeypatch.setattr(drawings, "PANELS_ALONE", 6)  # the four figures have twelve panels
    monkeypatch.setattr(drawings, "AHEAD", 0)


def test_the_bytes_are_the_same_however_many_draw(specs, two_processors, monkeypatch):
    shared = drawings.draw_all(specs)
    assert [len(share) for share in drawings._shares(specs)] == [2, 2]
    monkeypatch.setattr(drawings, "_processors", lambda: 1)
    assert len(drawings._shares(specs)) == 1
    assert shared == drawings.draw_all(specs)
    assert list(shared) == [spec.name for spec in specs]


@pytest.mark.parametrize("executable", ["/bin/false", "/nowhere/python"])
def test_what_a_worker_does_not_bring_back_is_drawn_here(specs, two_processors, monkeypatch, executable):
    monkeypatch.setattr(drawings.sys, "executable", executable)
    assert set(drawings.draw_all(specs)) == {spec.name for spec in specs}


def test_few_panels_need_no_help(specs, monkeypatch):
    monkeypatch.setattr(drawings, "_processors", lambda: 64)
    assert len(drawings._shares(specs)) == 1
    assert drawings.draw_all(()) == {}
