"""File formats. To add one, put a Reader in a file here; see ARCHITECTURE.md."""

from ..core.catalog import Catalog
from ..core.reader import Reader

catalog: Catalog[Reader] = Catalog(__name__, Reader)
