"""Things that come one a module, or from another package: export formats, boundary providers."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar

from regional_atlas.core.errors import ConfigError

__all__ = ["Plugins"]

T = TypeVar("T")


class Plugins(Mapping[str, T], Generic[T]):
    """Plugins of one kind by name; each is loaded when it is asked for.

    A module of `package` is a plugin: its name is the module's, and the module holds it as
    `attribute`. Another package adds one by an entry point of the group `package`, which names the
    object. A name of this package cannot be taken by another.

    Parameters
    ----------
    package : str
        The package of the modules, and the group of the entry points.
    attribute : str
        The name of the object in each module.
    kind : type
        What every plugin must be.
    """

    def __init__(self, package: str, attribute: str, kind: type[T]) -> None:
        self.package, self.attribute, self.kind = package, attribute, kind

    def _own(self) -> list[str]:
        path = importlib.import_module(self.package).__path__
        return [module.name for module in pkgutil.iter_modules(path) if module.name[0] != "_"]

    def _added(self) -> dict[str, EntryPoint]:
        found = entry_points(group=self.package)
        own = set(self._own())
        return {point.name: point for point in found if point.name not in own}

    def __iter__(self) -> Iterator[str]:
        return iter([*self._own(), *sorted(self._added())])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __contains__(self, name: object) -> bool:
        return name in self._own() or name in self._added()

    def __getitem__(self, name: str) -> T:
        if name in self._own():
            found = getattr(importlib.import_module(f"{self.package}.{name}"), self.attribute)
        else:
            point = self._added()[name]
            try:
                found = point.load()
            except Exception as error:
                raise ConfigError(f"{point.value} cannot be loaded: {error}", where=name) from error
        if not isinstance(found, self.kind):
            raise ConfigError(
                f"{self.package} {name!r}: expected a {self.kind.__name__}, found {found!r}"
            )
        return found
