"""The report of a site mapping: which site every compound binds to, why, and when the data cannot tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..core.figure import FigureSpec
from ..core.report import Answer, Block, Document, Paragraph, Report, Section, TableBlock
from ..core.result import AssayResult
from . import assay_run
from ._site import RATE_MARGIN, Observation, Site, SiteOfBinding, sites_of_binding

MOST_CARDS = 12


def build(result: AssayResult, figures: tuple[FigureSpec, ...]) -> Document:
    """The site of every compound first, with the observations behind it; then all that the report of a run says.

    Nothing is added where neither mutants nor dissociation were measured.
    """
    document = assay_run.build(result, figures)
    found = sites_of_binding(result)
    if not found:
        return document
    return replace(document, sections=(Section("Site of binding", tuple(_blocks(found))), *document.sections))


def _blocks(found: tuple[SiteOfBinding, ...]) -> Iterator[Block]:
    if len(found) <= MOST_CARDS:
        yield from (_card(one) for one in found)
    yield TableBlock(
        "What was seen, and what it says about the site.",
        ("Compound", "Displaces the label", "Shifted by mutants", "Changes dissociation", "Binds to"),
        tuple(
            (one.subject, _word(one.inhibits), _word(one.shifted), _word(one.modulates), one.site.value)
            for one in found
        ),
        tuple("note" if one.site is Site.UNCLEAR else "" for one in found),
        sheet="Site of binding",
    )
    yield Paragraph(
        "Mutants speak for the site of the label where they lie in it and shift the constant beyond the margin; a "
        "shift may also be indirect, and a constant that does not move says nothing of residues that were not mutated. "
        "The rate of dissociation speaks for a second site, for a ligand that only competes cannot change it; a rate "
        f"between 1/{RATE_MARGIN:g} and {RATE_MARGIN:g} of the control counts as unchanged. That a compound displaces "
        "the label tells neither: an allosteric one may do so too.",
        "note",
    )


def _card(one: SiteOfBinding) -> Answer:
    unclear = one.site is Site.UNCLEAR
    return Answer(f"{one.subject} binds to", one.site.value, one.why, "note" if unclear else "")


def _word(one: Observation) -> str:
    return "cannot tell" if one.answer is None else "yes" if one.answer else "no"


REPORT = Report("site_of_binding", "Report of a site mapping", build)
