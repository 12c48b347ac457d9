"""What the README says the example prints is what it prints."""

import re
from pathlib import Path

import prusoff

ROOT = Path(__file__).resolve().parents[2]


def test_the_numbers_of_the_readme_are_those_of_the_example():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    result = prusoff.open(ROOT / "examples" / "net_imipramine" / "competition.toml").analyse().result
    stated = dict(re.findall(r"^ (\w+) +Ki +(.*?) +n = 3$", readme, flags=re.M))
    assert stated == {one.subject: one.estimate.amount for one in result.pooled}
    without = next(one for one in result.pooled if one.subject == "atomoxetine").sentence
    assert (
        re.search(r"without the error of Kd the interval would be ([^,]*, \d+ % narrower)", readme)[1]
        in without
    )


def test_the_readme_gives_the_two_commands():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in readme
    assert "make test" in readme
