import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prusoff.publishing.spreadsheet_text import neutralise, restore

DANGEROUS = (
    "=cmd()",
    "+1",
    "-12.5",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "  =1",
    "\xa0=1",
)


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(text):
    assert neutralise(text) == "'" + text
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize(
    "text", ["(+)-JQ1", "desipramine", "00123", "Mar-1", "<b>x</b>", "", "5-HT", "α-methyl"]
)
def test_harmless_names_are_not_touched(text):
    assert neutralise(text) == text
    assert restore(text) == text


def test_a_name_in_quotes_survives_the_way_there_and_back():
    assert restore(neutralise("'quoted")) == "'quoted"


def test_restoring_a_foreign_name_with_an_apostrophe_leaves_it_alone():
    assert restore("'twas") == "'twas"


@given(st.text() | st.text(alphabet="'=+-@\t\r ＝a1"))
@example("''=1")
@example("' =1")
def test_every_text_comes_back_and_nothing_dangerous_stays_in_front(text):
    marked = neutralise(text)
    assert restore(marked) == text
    assert marked.lstrip()[:1] not in tuple("=+-@＝＋－＠")
    assert marked[:1] not in tuple("=+-@\t\r\n＝＋－＠")
