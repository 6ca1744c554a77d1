"""The command score: an index on its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regional_atlas.cli.base import OverwriteOption, RawOption, app, say
from regional_atlas.cli.messages import put
from regional_atlas.core.errors import InputError, problems_of, raise_if


@app.command(example="score --data counties.csv --index index.toml --out scores")
def score(
    index: Annotated[Path, typer.Option(metavar="FILE", help="Index file (TOML).")],
    data: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV or XLSX, one row a unit.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for every table and the recipe.")
    ] = None,
    sensitivity: Annotated[
        int | None,
        typer.Option(metavar="N", min=10, help="Draws of the index file's [uncertainty]."),
    ] = None,
    show: Annotated[
        bool, typer.Option("--show", help="Draw the index as a tree, with weights.")
    ] = False,
    overwrite: OverwriteOption = False,
    raw: RawOption = False,
) -> None:
    """Compute a composite index from a table: scores, ranks, tiers and every table between."""
    from regional_atlas.config.index import draw_tree
    from regional_atlas.config.project import read_index

    if sensitivity is not None and data is None:
        raise typer.BadParameter("--sensitivity needs --data and --out")
    problems = problems_of(lambda: read_index(index))
    problems += [f"{data}: file not found"] if data is not None and not data.is_file() else []
    raise_if(problems, InputError)
    spec = read_index(index)
    if show:
        put(draw_tree(spec))
    if data is not None and out is not None:
        from regional_atlas.jobs.score import score_file
        from regional_atlas.scoring.remarks import remarks

        result = score_file(
            data, spec, out, draws=sensitivity, index=index, overwrite=overwrite, raw=raw
        )
        ranked = int(result.scores["rank"].notna().sum())
        absent = [code for code, row in result.weights.iterrows() if row["status"] == "absent"]
        what = "units" if result.scores.index.nlevels == 1 else "rows (units by year)"
        say(f"{ranked:,} of {len(result.scores):,} {what} ranked")
        for remark in remarks(result):
            say(remark)
        if absent:
            say(f"absent, weight spread over the others: {', '.join(map(str, absent))}")
        put(out / "scores.csv")
    elif data is not None or out is not None or not show:
        raise typer.BadParameter("give --data and --out together, or --show")
