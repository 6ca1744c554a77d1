"""Names that a package offers, each imported when it is first used."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["offered"]


def offered(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Give the `__getattr__` of a package.

    Parameters
    ----------
    package : str
        Its `__name__`.
    homes : mapping of str to str
        By name, the module of the package that holds it, or is it.

    Examples
    --------
    >>> offered("regional_atlas.core", {"raise_if": "errors"})("raise_if").__module__
    'regional_atlas.core.errors'
    """

    def get(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = importlib.import_module(f"{package}.{homes[name]}")
        is_it = homes[name].rpartition(".")[2] == name and not hasattr(module, name)
        return module if is_it else getattr(module, name)

    return get
