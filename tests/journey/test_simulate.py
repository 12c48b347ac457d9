"""`prusoff simulate`: files that `prusoff run` takes, for a pharmacologist without data of their own."""

import json


def test_what_is_simulated_can_be_analysed(prusoff, tmp_path):
    folder = tmp_path / "try it"
    code, out, err = prusoff("simulate", "radioligand_saturation", "--out", folder, "--seed", "5")
    assert (code, err) == (0, "")
    run_file = folder / "radioligand_saturation.toml"
    assert f"prusoff run {run_file}" in out
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["truth"]
    code, out, _ = prusoff("run", run_file, "--json")
    assert code == 0
    found = {one["estimate"]["name"]: one["estimate"] for one in json.loads(out)["pooled"]}
    for quantity in ("Kd", "Bmax"):
        assert found[quantity]["low"] < truth[f"{quantity} of [3H]simulated"] < found[quantity]["high"]


def test_a_value_of_the_truth_is_chosen(prusoff, tmp_path):
    code, out, _ = prusoff(
        "simulate", "radioligand_competition", "--out", tmp_path, "--set", "Ki of first = 2 uM", "--json"
    )
    assert code == 0
    assert json.loads(out)["truth"]["Ki of first"] == 2e-6


def test_what_is_wrong_is_one_message(prusoff, tmp_path):
    for arguments, words in (
        (("radioligand_competitoin",), "Did you mean 'radioligand_competition'"),
        (("radioligand_competition", "--set", "Ki of frist = 1 nM"), "Did you mean 'Ki of first'"),
        (("radioligand_competition", "--set", "Ki of first = 1 quux"), "is no amount"),
    ):
        code, out, err = prusoff("simulate", *arguments, "--out", tmp_path)
        assert (code, out) == (2, "")
        assert words in err
        assert "Traceback" not in err
    assert not list(tmp_path.iterdir())
