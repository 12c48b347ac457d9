import dataclasses
import math
from pathlib import Path

import pytest

from prusoff.core.check import Flag, Severity, gravest_first
from prusoff.core.estimate import figures
from prusoff.core.experiment import Constant
from prusoff.core.fit import Outcome
from prusoff.core.headline import constants, headlines
from prusoff.core.report import Answer, FigureBlock, FormulaBlock, Paragraph, References, TableBlock
from prusoff.reports._references import WORKS, Citations
from prusoff.reports._tables import narrower_without
from prusoff.reports.assay_run import REPORT
from prusoff.workbench.analysis import open as open_run


@pytest.fixture(scope="module")
def document(sample, sample_result):
    return REPORT.build(sample_result, sample.simple_figures(sample_result))


@pytest.fixture(scope="module")
def example_result():
    folder = Path(__file__).parents[3] / "examples" / "net_imipramine"
    return open_run(folder / "competition.toml").analyse().result


def _section(document, title):
    return next(one for one in document.sections if one.title == title)


def _blocks(document, title, kind):
    return [block for block in _section(document, title).blocks if isinstance(block, kind)]


def test_the_answer_stands_first_and_the_sections_keep_their_order(document):
    assert [one.title for one in document.sections] == [
        "Result",
        "Checks",
        "Figures",
        "Each experiment",
        "Laws compared",
        "Where the error comes from",
        "Control wells",
        "Radioligand and counter",
        "Methods",
        "Wells",
        "Provenance",
        "References",
    ]


def test_the_head_says_what_was_measured(document):
    assert document.subtitle == "[3H]nisoxetine at human NET, HEK-hNET membranes, 3 independent experiments"
    assert document.facts["Kd of the radioligand"] == "6.00 nM, SE 1.2 nM (saturation, simulated)"
    assert document.facts["Incubation"] == "120 min"
    assert document.facts["Protein per well"] == "20 µg"
    assert document.facts["Wells"] == "288 = 286 used + 2 set aside"
    assert document.facts["Data"] == "SIMULATED, not measured"


def test_simulated_data_are_announced_before_the_answers(document):
    first = _section(document, "Result").blocks[0]
    assert first == Paragraph("Simulated data: no bench was used.", "warn")


def test_one_answer_for_each_compound_bounds_as_bounds_and_no_response_in_words(document):
    answers = {one.label: one for one in _blocks(document, "Result", Answer)}
    assert list(answers) == ["Ki of desipramine", "Ki of =cmd()", "Ki of <b>x</b>", "00123", "Ki of Mar-1"]
    assert answers["Ki of desipramine"].value == "4.4 nM (2.9–6.5)"
    assert answers["Ki of desipramine"].detail.startswith("pKi 8.36 (8.19–8.53). n = 3 experiments.")
    assert answers["Ki of <b>x</b>"].value == "> 85.7 nM"
    assert "pKi < 7.07" in answers["Ki of <b>x</b>"].detail
    assert answers["Ki of <b>x</b>"].tone == "fail"
    assert answers["Ki of =cmd()"].tone == "warn"
    assert answers["00123"].value == "no response"
    assert "n = 2 experiments" in answers["Ki of Mar-1"].detail
    assert "Not in this value: day 3" in answers["Ki of Mar-1"].detail


def test_many_compounds_are_answered_in_a_table(sample_result):
    many = tuple(
        dataclasses.replace(one, subject=f"{one.subject} {number}")
        for number in range(4)
        for one in sample_result.series
    )
    report = REPORT.build(dataclasses.replace(sample_result, series=many, pooled=()), ())
    table = _blocks(report, "Result", TableBlock)[0]
    assert not _blocks(report, "Result", Answer)
    assert {row[0].rsplit(" ", 1)[0] for row in table.rows} == set(sample_result.subjects)
    assert "Figures" not in [one.title for one in report.sections]


def test_checks_failures_first_passed_grouped_missing_facts_named(document):
    (table,) = _blocks(document, "Checks", TableBlock)
    assert [row[0] for row in table.rows] == ["failed", "warning", "note", "passed", "not assessed"]
    assert table.rows[0][:6] == (
        "failed",
        "W-SPAN",
        "Half inhibition reached",
        "<b>x</b>, day 1",
        "31 %",
        "50 %",
    )
    assert table.rows[3][3:6] == ("all 3", "2 to 3 %", "10 %")
    assert "dissociation rate constant" in table.rows[4][-1]
    assert table.badge == 0


def test_every_curve_has_its_row_with_both_kinds_of_ic50(document, sample_result):
    table, more = _blocks(document, "Each experiment", TableBlock)
    assert table.columns[2:5] == ("IC50 (relative)", "IC50 (absolute)", "nH")
    assert more.columns == ("Compound", "Experiment", "top")
    assert more.rows[0] == ("desipramine", "day 1", "4000 cpm (3918–4082)")
    assert len(table.rows) == len(sample_result.series)
    assert table.rows[0] == (
        "desipramine",
        "day 1",
        "5.01 nM (4.27–5.89)",
        "5.13 nM (4.27–6.17)",
        "1.00 (0.88–1.12)",
        "4.30 nM (3.41–5.41)",
        "8.37 (8.27–8.47)",
        "The curve was fitted.",
    )
    assert all(len(row) == len(table.columns) for row in table.rows)


def test_laws_compared_say_which_is_kept_and_why(document):
    (table,) = _blocks(document, "Laws compared", TableBlock)
    assert table.caption == "one site or two sites, on the same points."
    assert len(table.rows) == 8
    assert table.rows[0][2:] == ("one site", "1.21", "0.310", "−2.4")
    assert table.columns[2:] == ("The points ask for", "F", "P", "ΔAICc")
    (meaning,) = _blocks(document, "Laws compared", Paragraph)
    assert meaning.text.startswith("Comparing laws within an experiment never changes its constants")
    assert "above zero it speaks for the simpler law" in meaning.text


def test_a_law_kept_against_the_numbers_says_why(sample_result):
    first = sample_result.series[0]
    why = "One site is kept: the affinities of two are not told apart."
    odd = dataclasses.replace(first.comparisons[0], p=0.01, delta_aicc=-4.0, sentence=why)
    changed = dataclasses.replace(first, comparisons=(odd,))
    report = REPORT.build(dataclasses.replace(sample_result, series=(changed, *sample_result.series[1:])), ())
    (table,) = _blocks(report, "Laws compared", TableBlock)
    assert [row[-1] for row in table.rows if row[-1]] == [why]


def test_value_and_error_of_kd_have_one_unit(sample_result):
    small = Constant(9.42e-10, 9.5e-11, "M", "saturation")
    days = tuple(
        dataclasses.replace(one, radioligand=dataclasses.replace(one.radioligand, kd=small))
        for one in sample_result.experiments
    )
    report = REPORT.build(dataclasses.replace(sample_result, experiments=days), ())
    assert report.facts["Kd of the radioligand"] == "0.942 nM, SE 0.095 nM (saturation)"


def test_counter_and_radioligand_are_told_for_every_experiment(example_result):
    section = _section(REPORT.build(example_result, ()), "Radioligand and counter")
    counter, ligand = (dict(zip(one.columns, one.rows[0], strict=True)) for one in section.blocks)
    assert [len(one.rows) for one in section.blocks] == [3, 3]
    assert counter == {
        "Experiment": "day 1",
        "Efficiency, %": "42",
        "Counting time, min": "5",
        "Background, cpm": "22",
        "Background counted, min": "10",
        "CV of pipetting, %": "2",
    }
    assert ligand["Specific activity, Ci/mmol"] == "82"
    assert float(ligand["On that day, Ci/mmol"]) == pytest.approx(82 * 2 ** (-7 / 4499.88), abs=0.005)
    assert float(ligand["[L] planned, nM"]) == 1.0
    assert float(ligand["[L] as counted, nM"]) == pytest.approx(0.955, abs=5e-4)
    assert float(ligand["[L] free, nM"]) == pytest.approx(0.921, abs=5e-4)
    assert float(ligand["Bound, %"]) == pytest.approx(3.51, abs=5e-3)


def test_a_run_that_determined_nothing_does_not_look_fine(sample_result):
    missing = tuple(
        dataclasses.replace(one, estimates=(), outcome=Outcome.FAILED, reason="no minimum")
        for one in sample_result.series
    )
    report = REPORT.build(dataclasses.replace(sample_result, series=missing, pooled=(), flags=()), ())
    assert {one.tone for one in _blocks(report, "Result", Answer)} == {"fail"}
    assert any(one.tone == "fail" for one in _blocks(report, "Result", Paragraph))


def test_the_gain_of_a_better_kd_is_said(document):
    (sentence,) = _blocks(document, "Where the error comes from", Paragraph)
    assert sentence.text.endswith("would be 26 % narrower.")  # 1 - sqrt(1 - 0.45) = 0.258
    assert narrower_without("Kd", {"IC50": 0.55, "Kd": 0.45}) == pytest.approx(0.2584, abs=1e-4)
    assert narrower_without("Kd", {"IC50": 1.0, "Kd": 0.0}) == 0.0
    shared = {"IC50": 0.6, "[L]": 0.3, "Kd": 0.3, "[L] with Kd": -0.2}
    assert narrower_without("Kd", shared) == pytest.approx(1 - math.sqrt(0.9))


def test_the_control_wells_are_printed_with_their_scatter(document):
    (table,) = _blocks(document, "Control wells", TableBlock)
    assert table.columns[4:6] == ("Z'", "S/B")
    assert table.rows[1][2].endswith("cpm, n = 7")
    assert table.rows[0][-1] == "–"


def test_methods_number_their_formulas_and_works_in_order(document, sample_result):
    (text,) = _blocks(document, "Methods", Paragraph)
    assert text.text.startswith(
        "The counts of every well were corrected for background and kept as counts per minute (equation 1) [1]."
    )
    assert text.text.endswith("(equation 4) [5, 1].")
    assert [one.meaning for one in _blocks(document, "Methods", FormulaBlock)] == ["(1)", "(2)", "(3)", "(4)"]
    (works,) = _blocks(document, "References", References)
    assert [entry.split()[0] for entry in works.entries] == ["Currie", "De", "Bates", "Venzon", "Cheng"]


def test_every_well_set_aside_is_listed_with_its_reason(document):
    (count,) = _blocks(document, "Wells", Paragraph)
    (table,) = _blocks(document, "Wells", TableBlock)
    assert count.text == "288 wells came in: 286 were used, 2 were set aside."
    assert [(row[1], row[2], row[-1]) for row in table.rows] == [
        ("P1", "D02", "filter disc torn"),
        ("P2", "H11", "the counter printed OVRFLW"),
    ]


def test_provenance_has_files_hashes_settings_versions_and_seed(document):
    files, settings, versions = _blocks(document, "Provenance", TableBlock)
    assert files.rows[1] == ("day 2.csv", "4097", "1" * 64)
    assert ("model", "four_parameter_logistic") in settings.rows
    assert ("prusoff", "0.1.0") in versions.rows
    (seed,) = _blocks(document, "Provenance", Paragraph)
    assert "seed 7" in seed.text


def test_all_figures_are_in_with_their_captions(document, sample_result):
    assert len(_blocks(document, "Figures", FigureBlock)) == len(sample_result.subjects)


def test_without_pooling_every_experiment_answers_for_itself(sample_result):
    lines = headlines(dataclasses.replace(sample_result, pooled=()))
    own = [line for line in lines if line.subject == "desipramine"]
    assert [(line.n, line.estimate.name) for line in own] == [(1, "Ki")] * 3
    assert str(own[0].p_estimate) == "pKi 8.37 (8.27–8.47)"


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ((Outcome.UNTESTED, Outcome.UNTESTED), Outcome.UNTESTED),
        ((Outcome.NO_RESPONSE, Outcome.UNTESTED), Outcome.NO_RESPONSE),
        ((Outcome.UNTESTED, Outcome.FAILED, Outcome.NO_RESPONSE), Outcome.FAILED),
    ],
)
def test_a_day_without_a_measurement_says_nothing_of_the_days_with_one(sample_result, outcomes, said):
    one = dataclasses.replace(sample_result.series[0], estimates=(), reason="")
    series = tuple(dataclasses.replace(one, outcome=outcome) for outcome in outcomes)
    (line,) = headlines(dataclasses.replace(sample_result, series=series, pooled=(), flags=()))
    assert line.outcome is said
    assert line.text == {"untested": "not tested", "no_response": "no response"}.get(
        said.code, "not determined"
    )
    assert line.is_missing == (said is Outcome.FAILED)


def test_the_constants_are_the_answer_and_p_values_are_not():
    assert constants(("IC50", "Ki", "pKi")) == ("Ki",)
    assert constants(("Kd", "pKd", "Bmax", "NS")) == ("Kd", "Bmax")
    assert constants(("IC50", "pIC50", "nH")) == ("IC50", "nH")


def test_a_work_that_is_not_in_the_table_is_printed_as_cited():
    citations = Citations()
    assert citations.mark(()) == ""
    assert citations.mark(("a private note", "delean_1978")) == " [1, 2]"
    assert citations.mark(("delean_1978",)) == " [2]"
    assert citations.entries[0] == "a private note"


def test_works_are_whole_references_with_a_year():
    for key, work in WORKS.items():
        year = key.rpartition("_")[2]
        assert work.endswith(".")
        assert not year.isdigit() or year in work


def test_gravest_first_keeps_the_order_within_a_verdict():
    flags = [Flag(str(n), severity, "") for n, severity in enumerate((*Severity, *Severity))]
    assert [flag.code for flag in gravest_first(flags)] == ["3", "8", "2", "7", "1", "6", "0", "5", "4", "9"]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (4180.3, "cpm", "4180 cpm"),
        (0.1667, "", "0.167"),
        (31.0, "%", "31 %"),
        (3e-9, "M", "3 nM"),
        (-2.4, "", "−2.4"),
        (math.nan, "M", ""),
        (math.inf, "", "∞"),
        (0.0, "", "0"),
    ],
)
def test_three_figures_with_a_unit(value, unit, text):
    assert figures(value, unit=unit) == text
