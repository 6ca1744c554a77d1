"""Inputs near to right ones: seeds with bytes cut, doubled, moved, and words put in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

HOSTILE = (
    b"\x00", b"\xff", b"\xff\xff\xff\xff", b"\x80\x00\x00\x00", b"\xed\xa0\x80", b"\xef\xbb\xbf",
    b"nan", b"-inf", b"1e999", b"-1", b"0", b"9" * 20, b"9" * 5000, b"0.1", b"1e-400",
    b"[" * 3000, b"(" * 200, b"'", b'"', b"\\u0000", b"\\", b"\n", b"\r", b"\t", b"=", b",", b";",
    "̈".encode(), "１２".encode(), "²".encode(), "\u202e".encode(), "İ".encode(), b"a" * 300,
)  # fmt: skip
"""Words that break readers of any language."""


@st.composite
def near(draw: Any, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """Draw a seed with a few changes, or bytes of no meaning."""
    if draw(st.integers(0, 30)) == 0:
        return draw(st.binary(max_size=64))
    data = bytearray(draw(st.sampled_from(list(seeds))))
    if draw(st.booleans()):
        first = draw(st.integers(0, 255))
        data[:1] = bytes([first])
    word = st.sampled_from([*HOSTILE, *words, *words])
    for _ in range(draw(st.integers(1, 5))):
        size = len(data)
        at = draw(st.integers(0, size))
        long = draw(st.one_of(st.integers(0, 8), st.integers(0, max(1, size // 2))))
        match draw(st.integers(0, 6)):
            case 0:
                data[at : at + 1] = bytes([draw(st.integers(0, 255))])
            case 1:
                del data[at : at + long]
            case 2:
                data[at:at] = data[at : at + long]
            case 3:
                data[at:at] = draw(word)
            case 4:
                found = draw(word)
                data[at : at + len(found)] = found
            case 5:
                other = draw(st.sampled_from(list(seeds)))
                begin = draw(st.integers(0, len(other)))
                data[at : at + long] = other[begin : begin + long]
            case _:
                _other_word(draw, data, word)
    return bytes(data)


def _other_word(draw: Any, data: bytearray, word: Any) -> None:
    """Replace a run of letters or digits."""
    places = [at for at, byte in enumerate(data[:4000]) if chr(byte).isalnum()]
    if not places:
        return
    first = last = draw(st.sampled_from(places))
    while first > 0 and chr(data[first - 1]).isalnum():
        first -= 1
    while last < len(data) and chr(data[last]).isalnum():
        last += 1
    data[first:last] = draw(word)
