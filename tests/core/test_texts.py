"""Texts in any language, messages of the catalogues, numbers as languages write them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.numbers import format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from regional_atlas import page
from regional_atlas.core import catalogues
from regional_atlas.core import numerals as numerals_of
from regional_atlas.core.catalogues import (
    ENGLISH,
    catalogue_languages,
    catalogue_source,
    lent_messages,
    message_ids,
    message_sources,
)
from regional_atlas.core.numerals import number, numerals, percent
from regional_atlas.core.texts import Joined, Lang, Message, Text, Unit
from regional_atlas.page.words import PREFIX, page_languages

LANGUAGES = ["en", "zh", "fr", "ar", "de", "es", "pt-BR", "zh-Hant", "pl"]
COMPLETE = ["zh", "fr"]
"""Catalogues that must have every message; others fall back to English, and a build counts them."""


def test_a_text_is_taken_from_the_nearest_language() -> None:
    text = Text({"zh": "县", "zh-Hant": "縣", "en": "county"})
    assert [text.in_(lang) for lang in ("zh-Hant-TW", "zh-CN", "fr", "en-GB")] == [
        "縣", "县", "county", "county",
    ]  # fmt: skip
    assert Text(fr="canton", de="Kanton").in_("zh") == "canton"
    assert Text("km²").in_("ar") == "km²"


def test_a_text_is_a_string_or_a_table_of_tags() -> None:
    read = TypeAdapter(Text).validate_python
    assert read("a") == Text("a")
    assert read({"fr": "a", "pt-BR": "b"}).in_("pt-BR") == "b"
    for wrong in (1, None, [], {}, {"fr": 1}, {"French": "a"}, {"fr_FR": "a"}, {"FR": "a"}):
        with pytest.raises(ValidationError):
            read(wrong)


def test_a_unit_is_scaled_in_the_language_whose_text_is_taken() -> None:
    unit = TypeAdapter(Unit).validate_python({"zh": "亿元", "en": "bn yuan", "scale": {"en": 0.1}})
    # French takes the English text, and so the English scale.
    assert [unit.power(lang) for lang in ("zh", "en", "fr")] == [0, -1, -1]
    assert unit.stored().in_("en") == "0.1 bn yuan"
    assert TypeAdapter(Unit).validate_python({"und": "%", "scale": 100}).power("fr") == 2
    with pytest.raises(ValidationError, match="'fr', in which the unit has no text"):
        TypeAdapter(Unit).validate_python({"zh": "元", "scale": {"fr": 10}})


def test_texts_are_read_as_they_are_written() -> None:
    for kind, text in ((Text, Text(zh="县", en="county")), (Unit, Unit("km", scale={"und": 10}))):
        adapter = TypeAdapter(kind)
        assert adapter.validate_python(adapter.dump_python(text)) == text


@pytest.mark.parametrize("tag", ["en", "zh-Hant", "pt-BR", "es-419", "sr-Latn-RS", "fil"])
def test_language_tags(tag: str) -> None:
    assert TypeAdapter(Lang).validate_python(tag) == tag


@pytest.mark.parametrize("tag", ["", "EN", "en_US", "english", "zh-hant", "x", "en-"])
def test_what_is_not_a_language_tag_is_refused(tag: str) -> None:
    with pytest.raises(ValidationError, match="is not a language tag"):
        TypeAdapter(Lang).validate_python(tag)


def arguments(lang: str) -> dict[str, list[str]]:
    """By message, the names of the arguments that it uses, or that its comment says it may use."""
    comments = {
        name: comment
        for comment, name in re.findall(
            r"(?m)((?:^# .*\n)*)^([a-z][\w-]*) =", catalogue_source(lang)
        )
    }
    found = {
        name: sorted(set(re.findall(r"\$(\w+)", comments[name] + source)))
        for name, source in message_sources(lang).items()
    }
    # A message that stands in another takes its arguments from it.
    return {
        name: sorted({*used, *(each for other in re.findall(r"\{ ([a-z][\w-]*) \}",
                     message_sources(lang)[name]) for each in found[other])})
        for name, used in found.items()
    }  # fmt: skip


@pytest.mark.parametrize("lang", COMPLETE)
def test_a_complete_catalogue_has_every_message(lang: str) -> None:
    assert set(message_ids(lang)) == set(message_ids("en"))


@pytest.mark.parametrize("lang", catalogue_languages())
def test_a_catalogue_has_no_message_of_its_own_and_none_twice(lang: str) -> None:
    ids = message_ids(lang)
    assert len(ids) == len(set(ids))
    assert set(ids) <= set(message_ids("en"))
    for name in ("list-comma", "list-and", "list-phrase", "list-clauses", "sentence"):
        assert name in ids


@pytest.mark.parametrize("lang", catalogue_languages())
def test_messages_use_the_same_arguments_in_every_language(lang: str) -> None:
    english = arguments("en")
    for name, used in arguments(lang).items():
        assert set(used) <= set(english[name]), name


@pytest.mark.parametrize("lang", catalogue_languages())
def test_every_message_can_be_written(lang: str) -> None:
    texts = re.compile(r"(?:LOWER|CAPITAL|SPACED|INITIAL|NOUN)\(\$(\w+)")
    given = arguments(ENGLISH)
    for name, source in message_sources(lang).items():
        for value in (0, 1, 2, 5):
            written = set(texts.findall(source))
            values = {used: "Word" if used in written else value for used in given[name]}
            said = Message(name, values).in_(lang)
            assert said or name in ("page-nounPlural",)
            assert "{" not in said


SOURCES = Path(page.__file__).parents[1]
LITERAL = re.compile(r'"([a-z][a-z0-9]*-[\w-]+|within-sentence|sentence)"')
BEGINNING = re.compile(r'f"([a-z]+(?:-[a-z]+)*-)\{')
ENDING = re.compile(r'f"\{\w+\}(-[a-z]+)"')


def test_every_message_that_is_used_is_there_and_none_is_unused() -> None:
    """Ids are literals, or begin or end with one; the page's script names them without `page-`."""
    code = "\n".join(
        file.read_text(encoding="utf-8")
        for file in SOURCES.rglob("*.py")
        if "node_modules" not in file.parts
    )
    script = "\n".join(
        file.read_text(encoding="utf-8")
        for file in (SOURCES / "page/web/src").rglob("*.ts*")
        if file.name != "words.ts"
    )
    called = set(re.findall(r'Message\(\s*"([\w-]+)"', code))
    known = set(message_ids("en"))
    assert called <= known
    begun = tuple(set(BEGINNING.findall(code)) - {PREFIX})
    ended = tuple(ENDING.findall(code))
    named = set(re.findall(r'"([\w-]+)"', code))
    words = set(re.findall(r'"(\w+)"|`(\w+)', script))
    spoken = {PREFIX + word for pair in words for word in pair if word}
    unused = [
        name
        for name in known - named - spoken
        if not name.startswith(begun)
        and not name.endswith(ended)
        and not any(f"{{ {name} }}" in source for source in message_sources("zh").values())
        and not re.search(rf"\b{name.removeprefix(PREFIX)}\b", script)
    ]
    assert unused == []


def test_a_language_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue beside the others is offered, and lends what it lacks from English."""
    for name in catalogue_languages():
        (tmp_path / f"{name}.ftl").write_text(catalogue_source(name), encoding="utf-8")
    plural = "{ $count ->\n    [one] { $count } x\n   *[other] { $count } xs\n}"
    trial = f"page-plates = Kartuves\npage-unitsCounted = {plural}\n"
    (tmp_path / "eo.ftl").write_text(trial, encoding="utf-8")
    cached = [
        found
        for module in (catalogues, numerals_of)
        for found in vars(module).values()
        if hasattr(found, "cache_clear")
    ]
    monkeypatch.setattr(catalogues, "files", lambda _: tmp_path)
    for function in cached:
        function.cache_clear()
    try:
        assert "eo" in catalogue_languages()
        [language] = page_languages(["eo"])
        assert (language.name, language.direction) == ("Esperanto", "ltr")
        assert "page-plates = Kartuves" in language.messages
        assert "page-close = Close" in language.messages
        assert Message("page-unitsCounted", {"count": 2}).in_("eo") == "2 xs"
        assert len(lent_messages("eo")) == len(message_ids("en")) - 2
    finally:
        monkeypatch.undo()
        for function in cached:
            function.cache_clear()


def test_a_missing_message_is_taken_from_english() -> None:
    assert "check-area" not in message_ids("ar")
    assert Message("check-area").in_("ar") == "Area"
    with pytest.raises(KeyError, match="rows"):
        Message("check-stored-scores-rows").in_("en")


def test_plural_forms_follow_the_language() -> None:
    rows = [Message("check-stored-scores-rows", {"rows": n}) for n in (0, 1, 2)]
    assert [message.in_("fr") for message in rows] == [
        "identique au calcul", "diffère sur 1 ligne", "diffère sur 2 lignes",
    ]  # fmt: skip


def test_lists_and_sentences() -> None:
    names = [Text("a"), Text("b"), Text("c")]
    assert Joined(names, "and").in_("fr") == "a, b et c"
    assert Joined(names[:1], "and").in_("fr") == "a"
    assert Joined([], "sentence").in_("fr") == ""
    assert Joined(names, "sentence").in_("fr") == "A\u00a0; b\u00a0; c."
    assert Joined(names, "and").in_("ar") == "a، b وc"


@given(
    value=st.integers(-(10**12), 10**12),
    digits=st.integers(0, 3),
    lang=st.sampled_from([lang for lang in LANGUAGES if lang not in ("es", "pl", "pt-BR")]),
)
def test_numbers_are_grouped_as_babel_groups_them(value: int, digits: int, lang: str) -> None:
    shown = value / 10**digits
    if 0 < abs(shown) < 1:
        return
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    expected = format_decimal(
        shown, pattern, locale=lang.replace("-", "_"), numbering_system="latn"
    )
    assert number(shown, digits, lang=lang) == re.sub("^\u200e?-", "−", expected)


def test_languages_that_group_from_five_digits_on() -> None:
    assert [number(value, lang="es") for value in (1234, 12345)] == ["1234", "12.345"]
    assert [number(value, lang="de") for value in (1234, 12345)] == ["1.234", "12.345"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_percentages_have_the_signs_of_the_language(lang: str) -> None:
    babel = format_percent(0.5, locale=lang.replace("-", "_"), numbering_system="latn")
    assert re.sub(r"[\s\u200e\u200f\u061c]", "", babel) == percent(0.5, lang=lang).replace(
        "\u202f", ""
    )


def test_large_numbers_have_names() -> None:
    assert numerals("en").scales[1] == (1e9, "\u00a0bn")
    assert numerals("zh").scales == ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))
    assert [size for size, _ in numerals("fr").scales] == [1e12, 1e9, 1e6]
