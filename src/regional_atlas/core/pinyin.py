"""Chinese names in Pinyin: for search, and in English where a source has no English name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from importlib.util import find_spec

import pandas as pd

__all__ = ["english_names", "parent_names", "pinyin_names"]

_CHINESE = re.compile(r"[㐀-鿿]")
_GENERIC = re.compile(
    r"(自治县|自治旗|自治州|特别行政区|林区|特区|地区|省|市|县|区|旗|盟|州|乡|镇)$"
)


def pinyin_names(
    names: Sequence[str], readings: Mapping[str, str] | None
) -> list[tuple[str, str] | None] | None:
    """Transliterate names.

    Parameters
    ----------
    names : sequence of str
    readings : mapping of str to str, or None
        By a name or a part of one: its syllables, where the dictionary reads it wrongly. None where
        names are not to be read as Chinese: characters are those of Japanese names too.

    Returns
    -------
    list or None
        For each name its specific part and its generic part (市, 县, …) in lower case, syllables
        parted by spaces; None for a name without Chinese characters. None instead of a list where
        no name has any, or the library `pypinyin` (extra `china`) is not there.

    Examples
    --------
    >>> pinyin_names(["昆山市", "Paris"], {})
    [('kun shan', 'shi'), None]
    >>> pinyin_names(["尉犁县"], {"尉犁": "yu li"})
    [('yu li', 'xian')]
    """
    if readings is None or not any(_CHINESE.search(name) for name in names):
        return None
    if find_spec("pypinyin") is None:
        return None

    def read(text: str) -> str:
        return _read(text, readings)

    def parted(name: str) -> tuple[str, str] | None:
        if not _CHINESE.search(name):
            return None
        found = _GENERIC.search(name)
        at = found.start() if found else len(name)
        return read(name[:at] if at else name), read(name[at:] if at else "")

    return [parted(name) for name in names]


def _read(text: str, readings: Mapping[str, str]) -> str:
    """Read a text in Pinyin, syllables parted by spaces."""
    from pypinyin import lazy_pinyin

    for part, reading in readings.items():
        if part in text:
            before, after = text.split(part, 1)
            spelt = [_read(before, readings), reading, _read(after, readings)]
            return " ".join(filter(None, spelt))
    return " ".join(lazy_pinyin(text, v_to_u=True)) if text else ""


def english_names(
    names: Sequence[str], readings: Mapping[str, str] | None, endings: Mapping[str, str]
) -> list[str | None]:
    """Write Chinese names as maps in English do: Pinyin, one word, and English for what it is.

    Parameters
    ----------
    names : sequence of str
    readings : mapping of str to str, or None
        As `pinyin_names` takes it.
    endings : mapping of str to str
        By the ending of a name, the English for it, which stands behind the rest; nothing where it
        is empty. The longest that fits is taken off first, then others of two characters or more:
        辉县市 is Huixian. Without any, the generic part is written in Pinyin too.

    Returns
    -------
    list
        None for a name without Chinese characters, or where none are to be read.

    Examples
    --------
    >>> endings = {"市": "", "县": "County", "自治县": "Autonomous County", "彝族": "Yi"}
    >>> english_names(["昆山市", "峨边彝族自治县", "单县", "Paris"], {"单县": "shan xian"}, endings)
    ['Kunshan', 'Ebian Yi Autonomous County', 'Shan County', None]
    >>> english_names(["六安市", "西安"], {"六安": "lu an"}, {})
    ["Lu'an Shi", "Xi'an"]
    """
    read = pinyin_names(names, readings)
    if read is None or readings is None:
        return [None] * len(names)
    longest = sorted(endings, key=len, reverse=True)
    return [
        None if parts is None else _english(name, parts, readings, endings, longest)
        for name, parts in zip(names, read, strict=True)
    ]


def _english(
    name: str,
    parts: tuple[str, str],
    readings: Mapping[str, str],
    endings: Mapping[str, str],
    longest: Sequence[str],
) -> str:
    if not endings:
        return _words(parts)
    rest, said, least = name, [], 1
    while ending := next((one for one in longest if _ends(rest, one) and len(one) >= least), ""):
        rest = rest.removesuffix(ending)
        said.append(endings[ending])
        least = 2
    return " ".join(filter(None, [_word(_syllables(name, rest, readings)), *reversed(said)]))


def _ends(name: str, ending: str) -> bool:
    return name.endswith(ending) and len(name) > len(ending)


def _syllables(name: str, rest: str, readings: Mapping[str, str]) -> list[str]:
    """Read the beginning of a name as it is read in the whole name: 单 in 单县 is Shan."""
    whole = _read(name, readings).split()
    one_each = len(whole) == len(name)
    return whole[: len(rest)] if one_each else _read(rest, readings).split()


def _words(parts: tuple[str, str]) -> str:
    return " ".join(_word(part.split()) for part in parts if part)


def parent_names(
    names: Sequence[str],
    english: Sequence[str | None],
    readings: Mapping[str, str] | None,
    taken: Collection[str] = (),
) -> list[str | None]:
    """Give the parents of a level English names: their own, else Pinyin of the specific part.

    Maps in English write 苏州市 as Suzhou. Where that would repeat a name of the level, or one that
    is `taken` by an outer level, the generic part stands too: 吉林市 in 吉林省 is Jilin Shi.

    Examples
    --------
    >>> parent_names(["苏州市", "吉林市", "Paris"], [None, None, None], {}, {"Jilin"})
    ['Suzhou', 'Jilin Shi', None]
    """
    own: list[str | None] = [None if pd.isna(name) else str(name) for name in english]
    read = pinyin_names(list(names), readings)
    if read is None:
        return own
    short = [_words((parts[0], "")) if parts else None for parts in read]
    times = Counter(name or other for name, other in zip(own, short, strict=True))
    return [
        name or (_words(parts) if parts and (times[brief] > 1 or brief in taken) else brief)
        for name, brief, parts in zip(own, short, read, strict=True)
    ]


def _word(syllables: list[str]) -> str:
    first, *rest = syllables
    return first.capitalize() + "".join(f"'{s}" if s[0] in "aoe" else s for s in rest)
