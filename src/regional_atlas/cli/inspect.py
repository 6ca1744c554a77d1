"""The command inspect: a table, before it is declared."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regional_atlas.cli.base import Format, FormatOption, RawOption, app, say, show


@app.command(example="inspect yearbook.xlsx --sheet Counties")
def inspect(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="CSV, TSV, XLSX, XLS, ODS, Parquet, or a GIS file with attributes."
        ),
    ],
    sheet: Annotated[
        str | None, typer.Option(metavar="NAME", help="Sheet of a workbook, layer of a GIS file.")
    ] = None,
    header_row: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Row of the headings, from 1.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of a text file, such as gb18030.")
    ] = None,
    format_: FormatOption = Format.TABLE,
    raw: RawOption = False,
) -> None:
    """Show what would be read of a table, and the lines to put into atlas.toml.

    Format, encoding, delimiter and row of the headings go to stderr, columns with their type and
    first values to stdout.
    """
    import pandas as pd
    from pydantic import ValidationError

    from regional_atlas.config.tables import TableConfig
    from regional_atlas.core.errors import InputError
    from regional_atlas.sources.reader.inspect import described, inspect_table

    given = {"sheet": sheet, "header_row": header_row, "encoding": encoding}
    try:
        config = TableConfig.model_validate({k: v for k, v in given.items() if v is not None})
    except ValidationError as error:
        problems = [problem["msg"].removeprefix("Value error, ") for problem in error.errors()]
        raise InputError(*problems) from None
    found = inspect_table(file, config)
    for name, value in described(found):
        say(f"{name}: {value}")
    rows = [
        {
            "column": column.name,
            "type": column.kind,
            "filled": column.filled,
            "missing": column.missing,
            "examples": " | ".join(column.examples),
        }
        for column in found.columns
    ]
    columns = ["column", "type", "filled", "missing", "examples"]
    show(pd.DataFrame(rows, columns=columns), format_, raw=raw)
    for column in found.columns:
        for said in column.odd:
            say(f"note: {said}")
    say("")
    say("# declare in atlas.toml")
    say(f'file = "{file.name}"')
    for line in found.lines():
        say(line)
