"""Methods that a file may name: help, docs, messages and the page follow from one entry each.

An entry is data (a registry is light to import). The function of a method is bound to it where it
is written: a method without a function, or a function without an entry, fails when it is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic_core import core_schema

from regional_atlas.core.texts import Said

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

__all__ = ["Method", "Registry"]

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Method:
    """A method by name.

    Attributes
    ----------
    name : str
        As files say it.
    title : Said
        What a reader calls it.
    formula : str or Said
        What it computes; a text by language where it is said in words.
    takes : str
        The values that it can be computed of.
    parameters : tuple of str
        Keys beside the method that it reads.
    in_page : bool
        Whether the page computes it too, when a reader moves weights.
    """

    name: str
    title: Said
    formula: str | Said
    takes: str = "any"
    parameters: tuple[str, ...] = ()
    in_page: bool = False


class Registry(Mapping[str, Method]):
    """The methods of one kind, in the order in which they are listed.

    Used in an annotation, `Annotated[str, REGISTRY]`, it lets a typed file name one of them.

    Parameters
    ----------
    kind : str
        What messages call one: "normalisation".
    methods : sequence of Method

    Examples
    --------
    >>> from regional_atlas.core.texts import Text
    >>> means = Registry("mean", [Method("plain", Text("mean"), "Σ x / n")])
    >>> means.checked("plain")
    'plain'
    >>> means.checked("plan")
    Traceback (most recent call last):
    ValueError: unknown mean 'plan'; did you mean 'plain'? allowed: plain
    >>> means.bound({"plain": sum})["plain"]([1, 2])
    3
    """

    def __init__(self, kind: str, methods: list[Method]) -> None:
        self.kind = kind
        self._methods = {method.name: method for method in methods}

    def __getitem__(self, name: str) -> Method:
        return self._methods[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._methods)

    def __len__(self) -> int:
        return len(self._methods)

    def __repr__(self) -> str:
        return f"Registry({self.kind!r}: {', '.join(self)})"

    def checked(self, name: object) -> str:
        """Return a name that is registered; ValueError lists those that are."""
        if isinstance(name, str) and name in self._methods:
            return name
        close = get_close_matches(str(name), list(self), n=1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise ValueError(f"unknown {self.kind} {name!r}; {hint}allowed: {', '.join(self)}")

    def in_page(self) -> Registry:
        """Keep the methods that the page computes too."""
        return Registry(self.kind, [method for method in self.values() if method.in_page])

    def bound(self, functions: Mapping[str, F]) -> Mapping[str, F]:
        """Bind a function to each method, in the registry's order.

        Raises
        ------
        LookupError
            A method without a function, or a function without a method.
        """
        odd = set(self).symmetric_difference(functions)
        if odd:
            raise LookupError(f"{self.kind}: not in both, {', '.join(sorted(odd))}")
        return {name: functions[name] for name in self}

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Read the name of a method."""
        return core_schema.no_info_plain_validator_function(
            self.checked, serialization=core_schema.to_string_ser_schema()
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe it: one of the names."""
        return {"type": "string", "enum": list(self)}
