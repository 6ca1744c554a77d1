"""XML of workbooks, read as a stream; documents with entities of their own are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from regional_atlas.core.errors import DataError

__all__ = ["parse"]


def parse(
    stream: IO[bytes],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
    where: str,
    root: bytes | None = None,
) -> None:
    """Call back for every element and text; names go without their prefixes.

    Where `root` is the root element's name, a document that has it without a prefix is read
    faster; its attributes keep theirs.

    Raises
    ------
    DataError
        The document is damaged, or declares entities, which no program writes and which can grow
        without bound.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    local = _Local()

    def on_start(name: str, attributes: dict[str, str]) -> None:
        start(local[name], {local[key]: value for key, value in attributes.items()})

    def on_doctype(*_: object) -> None:
        raise DataError(
            "holds a document type of its own, which spreadsheet programs never write; "
            "open it in one and save it again",
            where=where,
        )

    head = stream.read(1 << 20)
    if root is not None and b"<" + root in head:
        parser.StartElementHandler, parser.EndElementHandler = start, end
    else:
        parser.StartElementHandler = on_start
        parser.EndElementHandler = lambda name: end(local[name])
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = on_doctype
    try:
        parser.Parse(head, False)
        while chunk := stream.read(1 << 20):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise DataError(f"cannot be read as a table: damaged XML ({error})", where=where) from error
    except (IndexError, KeyError, ValueError) as error:
        # A number that is none, a text or a style that the workbook does not have.
        raise DataError(f"cannot be read as a table: damaged ({error})", where=where) from error


class _Local(dict[str, str]):
    """Names without their prefixes."""

    def __missing__(self, name: str) -> str:
        self[name] = found = name.rpartition(":")[2]
        return found
