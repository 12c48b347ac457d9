"""From wells to constants. To add one, put an Assay in a file here; see ARCHITECTURE.md."""

from ..core.assay import Assay
from ..core.catalog import Catalog

catalog: Catalog[Assay] = Catalog(__name__, Assay)
