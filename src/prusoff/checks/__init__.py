"""Rules of validity. To add one, put a Check in a file here; see ARCHITECTURE.md."""

from ..core.catalog import Catalog
from ..core.check import Check

catalog: Catalog[Check] = Catalog(__name__, Check)
