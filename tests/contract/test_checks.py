"""What every check on the shelf promises."""

import math
import re

import pytest

from prusoff.checks import catalog
from prusoff.core.check import Severity

EVERY = list(catalog.values())
BAD = {Severity.NOTE, Severity.WARN, Severity.FAIL}
every_check = pytest.mark.parametrize("check", EVERY, ids=[check.name for check in EVERY])


def test_the_shelf_has_the_checks_of_competition_saturation_and_plates():
    wanted = {
        *("W-EQ", "W-DEP", "W-TIGHT", "W-LKD", "W-SPEC", "W-NSB", "W-TOP", "W-SPAN", "W-HILL", "W-KD"),
        *("W-SAT-TOP", "W-SAT-LOW", "W-SAT-CORR", "W-SAT-N", "W-NSB-CURVE", "W-NSB-NEG"),
        *("W-Z", "W-SB", "W-SW", "W-CV", "W-ROT", "W-COUNT", "W-LC", "W-DISP", "W-LADD", "W-PREFIX"),
        *("W-KD-SE", "W-EFF", "W-REP", "W-OVER", "W-OUT"),
    }
    assert wanted <= set(catalog)


@every_check
def test_says_what_it_is(check):
    assert re.fullmatch(r"W-[A-Z]+(-[A-Z]+)?", check.name)
    assert check.title
    assert not check.title.endswith(".")
    assert check.source
    facts = (*check.needs, *check.uses)
    assert facts
    assert len({fact.name for fact in facts}) == len(facts)
    assert all(fact.name.isidentifier() and fact.meaning for fact in facts)


@every_check
def test_the_sense_of_its_limit_is_that_of_its_examples(check):
    keeps = {
        "at least": lambda number: number >= check.limit,
        "at most": lambda number: number <= check.limit,
        "within": lambda number: abs(number) <= check.limit,
        "": lambda number: True,
    }[check.sense]
    assert check.limit is not None or not check.sense
    beside_it = ("W-HILL", "W-OVER")  # the interval, or the scatter, decides with the number
    assert check.sense or check.limit is None or check.name in beside_it
    for example in check.examples:
        flag = check.apply(example.facts)
        if example.severity is Severity.PASS and flag.number is not None:
            assert keeps(flag.number)
        assert flag.limit_text == check.limit_text


@every_check
def test_is_not_assessed_without_its_facts(check):
    flag = check.apply({}, "the plate")
    assert flag.severity is Severity.NOT_ASSESSED
    assert flag.number is None
    assert flag.subject == "the plate"
    for fact in check.needs:
        assert fact.meaning in flag.sentence


@every_check
@pytest.mark.parametrize("nothing", [None, math.nan])
def test_names_the_one_fact_that_is_missing(check, nothing):
    for fact in check.needs:
        flag = check.apply({**check.examples[0].facts, fact.name: nothing})
        assert flag.severity is Severity.NOT_ASSESSED
        assert fact.meaning in flag.sentence


@every_check
def test_has_examples_that_pass_and_that_do_not(check):
    ends = {example.severity for example in check.examples}
    assert Severity.PASS in ends
    assert ends & BAD


@every_check
def test_ends_on_its_examples_as_they_say(check):
    known = {fact.name for fact in (*check.needs, *check.uses)}
    for example in check.examples:
        assert set(example.facts) <= known
        flag = check.apply(example.facts, "here")
        assert flag.severity is example.severity, flag.sentence
        assert (flag.code, flag.title, flag.source, flag.limit) == (
            check.name,
            check.title,
            check.source,
            check.limit,
        )
        assert flag.number is None or math.isfinite(flag.number)


@every_check
def test_speaks_in_sentences(check):
    for example in check.examples:
        sentence = check.apply(example.facts).sentence
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".")
        assert "nan" not in sentence
        assert "  " not in sentence
        assert not re.search(r"\d\.\d{4,}", sentence), "too many figures"


@every_check
def test_flags_become_plain_values(check):
    for example in check.examples:
        row = check.apply(example.facts).to_dict()
        assert row["code"] == check.name
        assert row["severity"] == example.severity.value
