"""Chinese names in Pinyin: for search, and in English where a source has no English name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

__all__ = ["english_name", "parent_names", "pinyin_names"]

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
    try:
        from pypinyin import lazy_pinyin
    except ImportError:
        return None

    def read(text: str) -> str:
        for part, reading in readings.items():
            if part in text:
                before, after = text.split(part, 1)
                return " ".join(filter(None, [read(before), reading, read(after)]))
        return " ".join(lazy_pinyin(text, v_to_u=True)) if text else ""

    def parted(name: str) -> tuple[str, str] | None:
        if not _CHINESE.search(name):
            return None
        found = _GENERIC.search(name)
        at = found.start() if found else len(name)
        return read(name[:at] if at else name), read(name[at:] if at else "")

    return [parted(name) for name in names]


def english_name(parts: tuple[str, str]) -> str:
    """Write a name in Pinyin as maps in English do: each part one word, syllables kept apart.

    Examples
    --------
    >>> english_name(("liu an", "shi")), english_name(("xi an", "")), english_name(("ye", "xian"))
    ("Liu'an Shi", "Xi'an", 'Ye Xian')
    """
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
    short = [english_name((parts[0], "")) if parts else None for parts in read]
    times = Counter(name or other for name, other in zip(own, short, strict=True))
    return [
        name or (english_name(parts) if parts and (times[brief] > 1 or brief in taken) else brief)
        for name, brief, parts in zip(own, short, read, strict=True)
    ]


def _word(syllables: list[str]) -> str:
    first, *rest = syllables
    return first.capitalize() + "".join(f"'{s}" if s[0] in "aoe" else s for s in rest)
