"""Kinds of figure. To add one, put a Figure in a file here; see ARCHITECTURE.md."""

from ..core.catalog import Catalog
from ..core.figure import Figure

catalog: Catalog[Figure] = Catalog(__name__, Figure)
