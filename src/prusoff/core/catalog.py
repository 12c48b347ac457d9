"""Finds what stands on a shelf: the folder is the list, nothing is registered."""

from __future__ import annotations

import importlib
import pkgutil
import warnings
from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Generic, TypeVar

from .errors import InputError, PrusoffWarning, UnknownName

Item = TypeVar("Item")


class Catalog(Mapping[str, Item], Generic[Item]):
    """The items of one shelf by name: every instance of the shelf's contract type in its public modules.

    Modules from the entry-point group named like the shelf (`prusoff.equations`, ...) are added. Two items of one
    name are refused; a plug-in that fails to import is warned about and does not break the rest. Modules whose name
    begins with an underscore are private tools of the shelf and hold no items.
    """

    def __init__(self, shelf: str, contract: type[Item]) -> None:
        self.shelf = shelf
        self.contract = contract
        self._items: dict[str, Item] | None = None

    def __getitem__(self, name: str) -> Item:
        try:
            return self._all()[name]
        except KeyError:
            raise UnknownName.among(name, self._all(), self.contract.__name__.lower()) from None

    def __contains__(self, name: object) -> bool:
        return name in self._all()

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> dict[str, Item]:
        if self._items is None:
            items: dict[str, Item] = {}
            for module in (*self._own_modules(), *self._plugged_modules()):
                self._collect(module, items)
            self._items = dict(sorted(items.items()))
        return self._items

    def _collect(self, module: ModuleType, items: dict[str, Item]) -> None:
        for item in vars(module).values():
            if not isinstance(item, self.contract):
                continue
            name: str = item.name  # type: ignore[attr-defined]
            if items.setdefault(name, item) is not item:
                raise InputError(f"Two items on the shelf '{self.shelf}' are called '{name}'; rename one.")

    def _own_modules(self) -> Iterator[ModuleType]:
        package = importlib.import_module(self.shelf)
        for info in pkgutil.iter_modules(package.__path__):
            if not info.name.startswith("_"):
                yield importlib.import_module(f"{self.shelf}.{info.name}")

    def _plugged_modules(self) -> Iterator[ModuleType]:
        for point in entry_points(group=self.shelf):
            module = _load(point)
            if module is not None:
                yield module


def _load(point: EntryPoint) -> ModuleType | None:
    try:
        return importlib.import_module(point.module)
    except Exception as failure:  # a plug-in is foreign code: whatever it raises must not break the rest
        warnings.warn(
            f"The plug-in '{point.name}' of {point.group} could not be loaded and is left out: {failure!r}",
            PrusoffWarning,
            stacklevel=2,
        )
        return None
