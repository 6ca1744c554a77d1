"""Texts in any language: given texts, messages of the catalogues, and how both are written.

A text that a project gives is a `Text`: a string, or a table of BCP 47 tags. A sentence of this
package is a `Message`: an id of the catalogues in `messages/`, with arguments. Both are written in
a language only where they leave the program, with `in_`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Protocol, runtime_checkable

from pydantic import AfterValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from regional_atlas.core.catalogues import ANY, ENGLISH, fallbacks, locale_of, written
from regional_atlas.core.numerals import number, numerals

__all__ = [
    "HAN_LANGUAGES",
    "NO_UNIT",
    "Joined",
    "Lang",
    "LanguageName",
    "Message",
    "Quantity",
    "Said",
    "Text",
    "Unit",
    "is_power_of_ten",
    "named",
    "with_unit",
]

_TAG = re.compile(r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$")


def _checked_tag(tag: str) -> str:
    if not _TAG.match(tag):
        raise ValueError(f"{tag!r} is not a language tag; write 'fr', 'pt-BR' or 'zh-Hant'")
    return tag


Lang = Annotated[str, AfterValidator(_checked_tag)]
"""A BCP 47 language tag: language, and script or region where they matter."""


@runtime_checkable
class Said(Protocol):
    """Whatever can be written in a language."""

    def in_(self, lang: str) -> str:
        """Write it in a language."""
        ...


class Text(Mapping[str, str]):
    """A given text by language; a plain string stands for every language.

    Parameters
    ----------
    given : str or mapping of str to str
        The text, or one text for each BCP 47 tag.
    **by_tag : str
        Texts by tag, for tags that are Python names.

    Examples
    --------
    >>> title = Text(zh="县", en="county")
    >>> title.in_("zh"), title.in_("fr"), Text("km²").in_("fr")
    ('县', 'county', 'km²')
    """

    __slots__ = ("_by_tag",)

    def __init__(self, given: str | Mapping[str, str] = "", /, **by_tag: str) -> None:
        named = {ANY: given} if isinstance(given, str) and not by_tag else by_tag
        self._by_tag: dict[str, str] = dict(given) if isinstance(given, Mapping) else named

    def __getitem__(self, tag: str) -> str:
        return self._by_tag[tag]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_tag)

    def __len__(self) -> int:
        return len(self._by_tag)

    def __hash__(self) -> int:
        return hash(tuple(self._by_tag.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and self._by_tag == other._by_tag

    def __repr__(self) -> str:
        if set(self._by_tag) == {ANY}:
            return f"Text({self._by_tag[ANY]!r})"
        if all(tag.isidentifier() for tag in self._by_tag):
            return f"Text({', '.join(f'{tag}={said!r}' for tag, said in self._by_tag.items())})"
        return f"Text({self._by_tag!r})"

    def tag_for(self, lang: str) -> str:
        """Name the tag whose text is taken: the language, a wider one, English, the first."""
        found = (tag for tag in fallbacks(lang) if tag in self._by_tag)
        return next(found, next(iter(self._by_tag), ANY))

    def in_(self, lang: str) -> str:
        """Write the text in a language; in English, or the first one, where it has no such text."""
        return self._by_tag.get(self.tag_for(lang), "")

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Read a string or a table of tags; write what was read."""
        return core_schema.no_info_plain_validator_function(
            cls.read, serialization=core_schema.plain_serializer_function_ser_schema(cls.plain)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe it: a string, or a table of strings."""
        table = {"type": "object", "additionalProperties": {"type": "string"}}
        return {"anyOf": [{"type": "string"}, table]}

    @classmethod
    def read(cls, value: Any) -> Text:
        """Read a string or a table of tags; ValueError where it is neither."""
        if isinstance(value, cls):
            return value
        if isinstance(value, str):
            return cls(str(value))
        if not isinstance(value, Mapping) or not value:
            raise ValueError(
                f'expected a text in quotes or a table such as {{ en = "…" }}, found {value!r}'
            )
        wrong = [tag for tag, said in value.items() if not isinstance(said, str)]
        if wrong:
            raise ValueError(
                f"the text of {wrong[0]!r} must be in quotes, found {value[wrong[0]]!r}"
            )
        for tag in value:
            if tag != ANY:
                _checked_tag(str(tag))
        return cls(value)

    def plain(self) -> str | dict[str, str]:
        """Give what `Text` reads it from: a string, or a table of tags."""
        return self._by_tag[ANY] if set(self._by_tag) == {ANY} else dict(self._by_tag)


@dataclass(frozen=True)
class Message:
    """A sentence of the catalogues, with what stands in it.

    Attributes
    ----------
    id : str
        In the catalogues of `messages/`.
    args : mapping
        Whole numbers (they choose plural forms too), strings, and whatever can be written in a
        language.

    Examples
    --------
    >>> Message("check-area-total", {"area": 9600000}).in_("en")
    '9,600,000 km² in all (equal-area)'
    """

    id: str
    args: Mapping[str, Any] = field(default_factory=dict)

    def in_(self, lang: str) -> str:
        """Write the message in a language; in English where its catalogue has none."""
        return written(self.id, lang, self._values)

    def _values(self, lang: str) -> dict[str, Any]:
        return {name: _value(value, lang) for name, value in self.args.items()}


def _value(value: Any, lang: str) -> Any:
    if isinstance(value, Said):
        return value.in_(lang)
    return _whole(lang)(value) if isinstance(value, int) else value


@cache
def _whole(lang: str) -> type:
    """Give the type of whole numbers that Fluent writes as everything else writes them."""
    from fluent.runtime.types import FluentInt

    def formatted(self: FluentInt, locale: object) -> str:
        del locale
        return number(int(self), lang=lang)

    return type("Whole", (FluentInt,), {"format": formatted})


@dataclass(frozen=True)
class Joined:
    """Several texts as one: a list of names, or clauses of a sentence.

    Attributes
    ----------
    items : sequence
    how : str
        `and` (a, b and c), `comma` (a, b, c), `phrases` (parts with commas of their own, the last
        after "and"), `dots` (a · b), `clauses` (a; b), `sentence` (A; b.).

    Examples
    --------
    >>> three = [Text("a"), Text("b"), Text("c")]
    >>> [Joined(three, how).in_("en") for how in ("and", "comma", "clauses", "sentence")]
    ['a, b and c', 'a, b, c', 'a; b; c', 'A; b; c.']
    >>> Joined(three, "and").in_("zh"), Joined(three, "sentence").in_("zh")
    ('a、b、c', 'a；b；c。')
    """

    items: Sequence[Said]
    how: str

    def in_(self, lang: str) -> str:
        """Write the list in a language; empty where there is nothing in it."""
        items = [item.in_(lang) for item in self.items]
        if not items:
            return ""
        comma, last = (Message(name).in_(lang) for name in _BETWEEN[self.how])
        joined = comma.join(items[:-1]) + last + items[-1] if len(items) > 1 else items[0]
        if self.how != "sentence":
            return joined
        return Message("sentence", {"clauses": joined}).in_(lang)


_BETWEEN = {
    "and": ("list-comma", "list-and"),
    "comma": ("list-comma", "list-comma"),
    "phrases": ("list-phrase", "list-phrase-and"),
    "dots": ("list-dots", "list-dots"),
    "clauses": ("list-clauses", "list-clauses"),
    "sentence": ("list-clauses", "list-clauses"),
}


@dataclass(frozen=True)
class LanguageName:
    """The name of a language.

    Examples
    --------
    >>> LanguageName("ar").in_("en"), LanguageName("ar").in_("fr")
    ('Arabic', 'arabe')
    """

    tag: str

    def in_(self, lang: str) -> str:
        """Write the name in a language."""
        return locale_of(self.tag).get_display_name(locale_of(lang)) or self.tag


def named(own: str, english: str | None = None) -> Text:
    """Give a name that data has: its own everywhere, an English one to readers of English.

    A name in Chinese characters is for languages that are written in them; others read the English
    one, where there is one.

    Examples
    --------
    >>> named("苏州市", "Suzhou").in_("fr"), named("Wien", "Vienna").in_("fr")
    ('Suzhou', 'Wien')
    """
    if english is None or english == own:
        return Text(own)
    if _HAN.search(own):
        return Text({**dict.fromkeys(HAN_LANGUAGES, own), ENGLISH: english})
    return Text({ANY: own, ENGLISH: english})


_HAN = re.compile(r"[\u3400-\u9fff]")

HAN_LANGUAGES = ("zh", "ja")
"""Languages that are written in Chinese characters."""


class Unit(Text):
    """The unit of a number by language, and what a stored number is multiplied by for it.

    Examples
    --------
    >>> unit = Unit(zh="亿元", en="bn yuan", scale={"en": 0.1})
    >>> unit.power("en"), unit.power("zh"), unit.stored().in_("en")
    (-1, 0, '0.1 bn yuan')
    """

    __slots__ = ("scale",)

    def __init__(
        self,
        given: str | Mapping[str, str] = "",
        /,
        *,
        scale: Mapping[str, float] | float | None = None,
        **by_tag: str,
    ) -> None:
        super().__init__(given, **by_tag)
        factors = scale if isinstance(scale, Mapping) else {} if scale is None else {ANY: scale}
        self.scale = {tag: float(factor) for tag, factor in factors.items()}

    def __hash__(self) -> int:
        return hash((tuple(self._by_tag.items()), tuple(self.scale.items())))

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) and isinstance(other, Unit) and self.scale == other.scale

    def power(self, lang: str) -> int:
        """Give the power of ten that a stored number is multiplied by in a language."""
        return Decimal(str(self._factor(self.tag_for(lang)))).adjusted()

    def stored(self) -> Text:
        """Name the unit of the numbers as they are stored."""
        return Text({tag: _scaled(self._factor(tag), said) for tag, said in self.items()})

    def _factor(self, tag: str) -> float:
        return self.scale.get(tag, self.scale.get(ANY, 1.0))

    @classmethod
    def read(cls, value: Any) -> Unit:
        """Read a string or a table of tags and scales; ValueError where it is neither."""
        if isinstance(value, cls):
            return value
        scale = value.get("scale", {}) if isinstance(value, Mapping) else {}
        if isinstance(value, Mapping):
            value = {tag: said for tag, said in value.items() if tag != "scale"}
        text = Text.read(value)
        if isinstance(scale, int | float):
            scale = {ANY: scale}
        if not isinstance(scale, Mapping):
            raise ValueError(f"`scale` is a table such as {{ en = 0.1 }}, found {scale!r}")
        for tag, factor in scale.items():
            if tag not in text and ANY not in (*text, tag):
                raise ValueError(f"`scale` names {tag!r}, in which the unit has no text")
            if isinstance(factor, bool) or not isinstance(factor, int | float):
                raise ValueError(f"`scale.{tag}` must be a number, found {factor!r}")
            if not is_power_of_ten(factor):
                raise ValueError(
                    f"`scale.{tag}` must be a power of ten (0.1, 1000), found {factor:g}"
                )
        return cls(dict(text), scale=scale)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Read a unit, or the name of one of the context's `measurement_units`."""
        return core_schema.with_info_plain_validator_function(
            cls._named, serialization=core_schema.plain_serializer_function_ser_schema(cls.plain)
        )

    @classmethod
    def _named(cls, value: Any, info: core_schema.ValidationInfo) -> Unit:
        named = (info.context or {}).get("measurement_units", {})
        return cls.read(named.get(value, value) if isinstance(value, str) else value)

    def plain(self) -> Any:
        """Give what a project file would say."""
        text = super().plain()
        if not self.scale:
            return text
        return {**self, "scale": dict(self.scale)}


NO_UNIT = Unit("")
"""Of a bare number."""


@dataclass(frozen=True)
class Quantity:
    """A value, or the ends of a range, with its unit.

    Attributes
    ----------
    values : sequence of float
    digits : int
        After the point, of the value as it is stored.
    unit : Unit
    sign : str
        Before the number: "+", "≈".

    Examples
    --------
    >>> bn = Unit(zh="亿元", en="bn yuan", scale={"en": 0.1})
    >>> Quantity([4276.84], 1, bn).in_("zh"), Quantity([4276.84], 1, bn).in_("en")
    ('4,276.8 亿元', '427.68 bn yuan')
    >>> Quantity([2.04, 7.0], 1, Unit("%")).in_("en"), Quantity([3, 3], 0).in_("zh")
    ('2.0–7.0%', '3')
    """

    values: Sequence[float]
    digits: int
    unit: Unit = NO_UNIT
    sign: str = ""

    def in_(self, lang: str) -> str:
        """Write the numbers and the unit in a language."""
        power, name = self.unit.power(lang), self.unit.in_(lang)
        ends = (number(value, self.digits, power, lang=lang) for value in self.values)
        return with_unit(self.sign + "–".join(dict.fromkeys(ends)), name, lang)


def with_unit(text: str, name: str, lang: str) -> str:
    r"""Put the name of a unit after a number: a percent sign as the language does.

    Examples
    --------
    >>> with_unit("5", "%", "en"), with_unit("5", "%", "fr"), with_unit("5", "km²", "en")
    ('5%', '5\u202f%', '5 km²')
    """
    if not name:
        return text
    if name.startswith("%"):
        return text + numerals(lang).percent[:-1] + name
    return text + numerals(lang).unit_gap + name


def is_power_of_ten(value: float) -> bool:
    """Tell 0.1, 1, 1000 from other numbers.

    Examples
    --------
    >>> [is_power_of_ten(value) for value in (0.1, 1.0, 1000, 2, 0, -10)]
    [True, True, True, False, False, False]
    """
    return 0 < value < float("inf") and Decimal(str(value)).normalize().as_tuple().digits == (1,)


def _scaled(scale: float, unit: str) -> str:
    return unit if scale == 1 else f"{Decimal(str(scale)).normalize():,f} {unit}"
