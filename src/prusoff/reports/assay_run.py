"""The report of one run: the answer first, then whether it can be trusted, then how it was got."""

from __future__ import annotations

from ..core.figure import FigureSpec
from ..core.report import Document, FigureBlock, Report, Section
from ..core.result import AssayResult
from ._answer import answer_section, check_section, facts, subtitle
from ._ligand import ligand_section
from ._methods import method_sections, provenance_section
from ._ratios import ratio_sections
from ._tables import comparison_section, experiment_section, plate_section, share_section, well_section


def build(result: AssayResult, figures: tuple[FigureSpec, ...]) -> Document:
    """The answers first, then checks and figures, then everything behind them, down to the wells and the provenance.

    A section about which the result says nothing is left out; wells, and where the numbers come from, never are.
    """
    methods, *references = method_sections(result) or (None,)
    sections = (
        answer_section(result),
        *ratio_sections(result),
        check_section(result),
        Section("Figures", tuple(FigureBlock(spec) for spec in figures)) if figures else None,
        experiment_section(result),
        comparison_section(result),
        share_section(result),
        plate_section(result),
        ligand_section(result),
        methods,
        well_section(result),
        provenance_section(result),
        *references,
    )
    return Document(
        result.title,
        subtitle(result),
        tuple(section for section in sections if section is not None),
        facts(result),
    )


REPORT = Report("assay_run", "Report of one run", build)
