"""Kinds of report. To add one, put a Report in a file here; see ARCHITECTURE.md."""

from ..core.catalog import Catalog
from ..core.report import Report

catalog: Catalog[Report] = Catalog(__name__, Report)
