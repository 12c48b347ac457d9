"""Laws that can be fitted. To add one, put an Equation in a file here; see ARCHITECTURE.md."""

from ..core.catalog import Catalog
from ..core.equation import Equation

catalog: Catalog[Equation] = Catalog(__name__, Equation)
