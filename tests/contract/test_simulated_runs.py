"""The simulated example of every assay, written as files and read again, is the experiment it was written from."""

import json

import pytest

import prusoff
from prusoff.assays import catalog
from prusoff.core.errors import InputError, UnknownName
from prusoff.workbench.simulated_run import simulate


@pytest.fixture(params=list(catalog), scope="module")
def assay(request):
    return catalog[request.param]


@pytest.fixture(scope="module")
def written(assay, tmp_path_factory):
    folder = tmp_path_factory.mktemp(assay.name)
    return simulate(assay.name, folder, seed=3)[0]


def test_the_run_leads_to_the_same_result(assay, written):
    direct = assay.run(assay.simulate(assay.truth, 3), assay.example_settings)
    read = prusoff.open(written).analyse().result
    assert read.rows == direct.rows
    assert [(one.subject, one.estimate.name) for one in read.pooled] == [
        (one.subject, one.estimate.name) for one in direct.pooled
    ]
    for there, here in zip(read.pooled, direct.pooled, strict=True):
        assert there.estimate.relation == here.estimate.relation
        for side in ("value", "low", "high"):
            assert getattr(there.estimate, side) == pytest.approx(
                getattr(here.estimate, side), rel=1e-6, nan_ok=True
            ), (here.subject, here.estimate.name, side)
    told = {(one.code, one.subject): one.severity for one in direct.flags}
    assert {(one.code, one.subject): one.severity for one in read.flags} == told
    assert set(read.notes) >= set(direct.notes)


def test_the_truth_stands_beside_it(assay, written):
    record = json.loads((written.parent / "truth.json").read_text(encoding="utf-8"))
    assert record["simulated"] is True
    assert record["truth"] == dict(assay.truth)
    assert "simulated = true" in written.read_text(encoding="utf-8")


def test_the_same_seed_writes_the_same_bytes(assay, written, tmp_path):
    again = simulate(assay.name, tmp_path, seed=3)[0]
    for one in sorted(written.parent.glob("*.*")):
        if one.suffix in (".toml", ".csv", ".json") and one.parent == written.parent:
            assert (again.parent / one.name).read_bytes() == one.read_bytes()


def test_the_truth_can_be_stated_with_units(tmp_path):
    stated = ["Ki of first = 20 nM", "nonspecific=0.01"]
    _, truth = simulate("radioligand_competition", tmp_path, 1, stated)
    assert truth["Ki of first"] == pytest.approx(20e-9)
    assert truth["nonspecific"] == 0.01


def test_what_is_wrong_is_said_at_once(tmp_path):
    with pytest.raises(InputError) as told:
        simulate(
            "radioligand_competition",
            tmp_path,
            1,
            ["Ki of frist = 1 nM", "Ki of first", "nonspecific = much"],
        )
    assert len(told.value.problems) == 3
    assert "Did you mean 'Ki of first'" in str(told.value)
    with pytest.raises(UnknownName):
        simulate("radioligand_competitoin", tmp_path)


def test_nothing_is_written_over(tmp_path):
    path, _ = simulate("radioligand_saturation", tmp_path)
    before = path.read_bytes()
    with pytest.raises(InputError, match="would be written over"):
        simulate("radioligand_saturation", tmp_path, seed=2)
    assert path.read_bytes() == before
