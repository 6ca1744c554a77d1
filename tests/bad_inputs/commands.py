# ruff: noqa: E501
"""Cases of index files and of the other commands' arguments and files."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bad_inputs.case import Case, Change, both, cases, edit, nothing, put
from tests.bad_inputs.geography import features, shape, two_layers

SCORE = ("score", "--data", "indicators.csv", "--index", "index.toml", "--out", "../out")
INDEX = 'id = "x"\ntitle = "X"\n[data]\nunit_id = "code"\n'
NODES = '[[nodes]]\ncode = "population"\ntitle = "P"\n[[nodes]]\ncode = "output"\ntitle = "O"\n'


def index(before: str = "", nodes: str = NODES, data: str = "") -> Change:
    return put("index.toml", f"{INDEX}{data}\n{before}\n{nodes}", "\n".join(filter(None, (data, before, "" if nodes == NODES else nodes))))  # fmt: skip


def node(more: str) -> Change:
    return index(nodes=f"{NODES}{more}\n")


def data(old: str, new: str) -> Change:
    return both(index(), edit("indicators.csv", old, new), shown=new)


def index_cases() -> Iterator[Case]:
    yield from cases(
        "Index files",
        SCORE,
        ("not TOML", put("index.toml", "id: vigour")),
        ("an unknown key", index("[normalize]\nmethod = 'min_max'")),
        ("no nodes", index(nodes="")),
        ("a node without a title", node("[[nodes]]\ncode = 'light'")),
        ("a node twice", node("[[nodes]]\ncode = 'output'\ntitle = 'O'")),
        ("a parent that there is none of", node("parent = 'wealth'")),
        ("nodes that are each other's parents", node("parent = 'population'\n[[nodes]]\ncode = 'population2'\ntitle = 'Q'\nparent = 'population2'")),
        ("a weight below 0", node("weight = -1")),
        ("a weight that is not finite", node("weight = inf")),
        ("weights of 0 alone", index(nodes=NODES.replace("title", "weight = 0\ntitle"))),
        ("a direction of 2", node("direction = 2")),
        ("a code that is a column of scores", node("[[nodes]]\ncode = 'rank'\ntitle = 'R'")),
        *(
            (f"a method of the step {step} that there is none of", index(f"[{step}]\nmethod = 'best'"))
            for step in ("impute", "treat", "normalise", "weight", "aggregate", "tiers")
        ),
        ("a data share beyond 1", index("[aggregate]\navailability = 60")),
        ("a scale whose ends are swapped", index("[normalise]\nmethod = 'min_max'\nlow = 100\nhigh = 0")),
        ("goalposts without ends", index("[normalise]\nmethod = 'goalposts'")),
        ("goalposts whose ends are swapped", node("goalposts = { low = 5, high = 1 }")),
        ("a target that is missing", index("[normalise]\nmethod = 'target'")),
        ("a reference that is not a unit", index("[normalise]\nmethod = 'distance_to_reference'\nreference = '00999'")),
        ("tiers below 2", index("[tiers]\nk = 0")),
        ("more tiers than units", index("[tiers]\nk = 50")),
        ("last ranks that do not ascend", index("[tiers]\nmethod = 'by_rank'\nlast_ranks = [5, 2]")),
        ("a geometric mean of negative values", index("[normalise]\nmethod = 'z_score'\n[aggregate]\nmethod = 'geometric'")),
        ("a denominator that is no column", node("denominator = 'area'")),
        ("groups of a column that is not there", index("[rank]\ngroup = 'state'")),
        ("groups to fill gaps by that are not there", index("[impute]\nmethod = 'mean'\ngroup = 'state'")),
        ("judgements without a matrix", index("[weight]\nmethod = 'ahp'")),
        ("judgements that are not reciprocal", index("[weight]\nmethod = 'ahp'\n[[comparisons]]\nitems = ['population', 'output']\nmatrix = [[1, 3], [3, 1]]")),
        ("too few draws", index("[uncertainty]\ndraws = 1")),
        ("draws without any that varies", index("[uncertainty]\nnormalise = []\nweights = { spread = 0 }")),
        ("an indicator to drop that there is none of", index("[uncertainty]\ndrop = ['gdp']")),
        ("a spread beyond 1", index("[uncertainty]\nweights = { spread = 2 }")),
    )  # fmt: skip
    yield from cases(
        "Data of an index",
        SCORE,
        ("no column of the ids", put("index.toml", INDEX.replace('"code"', '"geoid"') + NODES, 'unit_id = "geoid"')),
        ("no column of an indicator", node("[[nodes]]\ncode = 'gdp'\ntitle = 'G'")),
        ("a word in a column of numbers", data("90,", "90,unknown")),
        ("an id twice", data("00102,", "00101,")),
        ("an id that is empty", data("00102,", ",")),
        ("an indicator that is constant", both(index("[normalise]\nmethod = 'min_max'"), put("indicators.csv", "code,population,output\n01,1,2\n02,1,3\n03,1,4\n"))),
        ("one unit", both(index(), put("indicators.csv", "code,population,output\n01,1,2\n"))),
        ("a note below the table", both(index(), edit("indicators.csv", "00212,260,9900\n", "00212,260,9900\nSource: the statistical office\n"), shown="Source: the statistical office")),
        ("an empty file", both(index(), put("indicators.csv", ""))),
        ("a file that is not there", index(), (*SCORE[:2], "none.csv", *SCORE[3:])),
        ("an index file that is not there", index(), (*SCORE[:4], "none.toml", *SCORE[5:])),
    )  # fmt: skip


def zonal(*more: str, zones: str = "units.geojson", raster: str = "lights/lights_2022.tif", out: str = "../o.csv") -> tuple[str, ...]:  # fmt: skip
    return ("zonal", "--zones", zones, "--raster", raster, "--out", out, *more)


def command_cases() -> Iterator[Case]:
    yield from cases(
        "Command zonal",
        zonal(),
        *(
            (wrong, nothing(), command)
            for wrong, command in (
                ("zones that are not there", zonal(zones="zones.geojson")),
                ("a raster that is not there", zonal(raster="none.tif")),
                ("a raster that is a table", zonal(raster="indicators.csv")),
                ("an ending that is no format", zonal(out="../o.xyz")),
                ("an output that is the input", zonal(out="indicators.csv")),
                ("a statistic that there is none of", zonal("--stats", "mean,avg")),
                ("a quantile beyond 1", zonal("--stats", "quantile(q=25)")),
                ("lit_share without a threshold", zonal("--stats", "lit_share")),
                ("a weighted mean without weights", zonal("--stats", "weighted_mean")),
                ("a sum per head without a population", zonal("--stats", "sum_per_head")),
                ("a population that is no column", zonal("--stats", "sum_per_head", "--population", "heads")),
                ("a population that is text", zonal("--stats", "sum_per_head", "--population", "name")),
                ("an id that is no column", zonal("--id", "geoid")),
                ("an id that repeats", zonal("--id", "province")),
                ("a band that the file lacks", zonal("--band", "3")),
                ("a variable of a file without", zonal("--variable", "Band1")),
                ("nodata that is a word", zonal("--nodata", "white")),
                ("a CRS that PROJ does not know", zonal("--crs", "EPSG:1")),
                ("a CRS of zones that PROJ does not know", zonal("--zones-crs", "EPSG:1")),
                ("a layer that is not there", zonal("--layer", "counties")),
                ("flags that are words", zonal("--bad-flags", "cloud")),
                ("flags without a raster of flags", zonal("--bad-flags", "1")),
                ("a rule for negative values that there is none of", zonal("--negative", "flip")),
                ("a rule for extreme values that there is none of", zonal("--extreme", "drop")),
                ("a mask that is not there", zonal("--mask", "mask.gpkg")),
                ("a first date that is none", zonal("--bands-from", "June")),
            )
        ),
        ("zones of several layers", Change(two_layers), zonal(zones="units.gpkg")),
        ("zones that are points", shape("Point", [10.2, 49.7])),
        ("zones without geometry", features(lambda found: found[0].update(geometry=None))),
        ("no zones", features(lambda found: found.clear())),
    )  # fmt: skip
    query = ("query", ".")
    yield from cases(
        "Commands query, summarise, compare, concentration",
        query,
        *(
            (wrong, nothing(), (*query, *more))
            for wrong, more in (
                ("a ranking that there is none of", ("--ranking", "gdp")),
                ("a region that there is none of", ("--metro", "South Corridor")),
                ("a kind of region that the project lacks", ("--agglomeration", "North")),
                ("a region of any kind that there is none of", ("--in", "South Corridor")),
                ("a kind that there is none of", ("--region", "city=Alder")),
                ("a province that there is none of", ("--province", "Southmark")),
                ("a tier that there is none of", ("--tier", "9")),
                ("a place that is none", ("--near", "here", "--radius", "5")),
                ("a place beyond the earth", ("--near", "10,149", "--radius", "5")),
                ("a place without a radius", ("--near", "10,49")),
                ("a radius without a place", ("--radius", "5")),
                ("a radius below 0", ("--near", "10,49", "--radius", "-5")),
                ("a neighbour that is not a unit", ("--neighbours-of", "Aldr")),
                ("a column to sort by that there is none of", ("--sort", "gdp")),
                ("a column to print that there is none of", ("--columns", "unit,gdp")),
                ("a condition that is not finished", ("--where", "rank <")),
                ("a condition that no comparison begins", ("--where", "rank < 3 4")),
                ("a field that there is none of", ("--where", "rnak < 3")),
                ("a year that the field lacks", ("--where", "population@1900 > 3")),
                ("text compared with a number", ("--where", "unit < 3")),
                ("a number compared with text", ("--where", "rank < '3'")),
                ("a condition on a region that there is none of", ("--where", "metro = 'South'")),
                ("code in place of a condition", ("--where", "__import__('os').system('ls')")),
                ("a year that there is none of", ("--year", "1900")),
                ("a box with south above north", ("--bbox", "10,50,11,49")),
                ("a box of three sides", ("--bbox", "10,50,11")),
                ("a point of three numbers", ("--near", "10,49,3", "--radius", "5")),
                ("groups of a kind that there is none of", ("--per", "city", "--top", "1")),
                ("regions asked what only units answer", ("--level", "metro", "--tier", "1")),
                ("WKT that is not finished", ("--within", "POLYGON ((")),
                ("a point in place of polygons", ("--within", '{"type": "Point", "coordinates": [1, 2]}')),
                ("several faults of a question", ("--sort", "a", "--where", "b > 1", "--metro", "c")),
                ("polygons that are not there", ("--within", "area.gpkg")),
                ("polygons in a table", ("--within", "indicators.csv")),
            )
        ),
        ("a project that is not there", nothing(), ("query", "nowhere")),
        ("a level that there is none of", nothing(), ("summarise", ".", "--by", "nation")),
        ("a column to sort regions by that there is none of", nothing(), ("summarise", ".", "--by", "metro", "--sort", "gdp")),
        ("no published figures", nothing(), ("compare", ".")),
        ("an amount that does not add up", nothing(), ("concentration", ".", "--by", "metro", "--field", "light_mean")),
        ("an amount in a year that it lacks", nothing(), ("concentration", ".", "--by", "metro", "--field", "output", "--year", "2018")),
    )  # fmt: skip
    yield from cases(
        "Command sql",
        ("sql", "."),
        *(
            (wrong, nothing(), ("sql", ".", statement))
            for wrong, statement in (
                ("no SQL", "the first five units"),
                ("a statement that writes", "DROP TABLE units"),
                ("two statements", "SELECT 1; SELECT 2"),
                ("a table that there is none of", "SELECT * FROM counties"),
                ("a file in place of a table", "SELECT * FROM 'units.geojson'"),
                ("a function that reads files", "SELECT * FROM read_csv('indicators.csv')"),
                ("a type that there is none of", "SELECT CAST(unit AS money) FROM units"),
                ("a parameter", "SELECT * FROM units WHERE unit = $1"),
                ("a clause that is not finished", "SELECT * FROM units WHERE"),
            )
        ),
        ("neither a statement nor --tables", nothing()),
    )  # fmt: skip
    yield from cases(
        "Commands export, zones, inspect, new",
        ("inspect", "indicators.csv"),
        ("a format that there is none of", nothing(), ("export", ".", "--format", "dxf", "--out", "../out")),
        ("squares of size 0", nothing(), ("zones", "grid", "--area", "units.geojson", "--size", "0", "--crs", "EPSG:3035", "--out", "../z.gpkg")),
        ("squares in a CRS that PROJ does not know", nothing(), ("zones", "grid", "--area", "units.geojson", "--size", "1000", "--crs", "EPSG:1", "--out", "../z.gpkg")),
        ("hexagons finer than H3 has", nothing(), ("zones", "hexagons", "--area", "units.geojson", "--resolution", "20", "--out", "../z.gpkg")),
        ("buffers without a width", nothing(), ("zones", "buffers", "--around", "units.geojson", "--radius", "0", "--out", "../z.gpkg")),
        ("an ending that is no format of zones", nothing(), ("zones", "buffers", "--around", "units.geojson", "--radius", "5", "--out", "../z.csv")),
        ("an area that is not there", nothing(), ("zones", "buffers", "--around", "area.gpkg", "--radius", "5", "--out", "../z.gpkg")),
        ("a file that is not there", nothing(), ("inspect", "none.csv")),
        ("an encoding that there is none of", nothing(), ("inspect", "indicators.csv", "--encoding", "utf-9")),
        ("a sheet of a file without sheets", put("a.xlsx", b"no workbook", ""), ("inspect", "a.xlsx", "--sheet", "A")),
        ("a folder that holds files", nothing(), ("new", ".")),
        ("scores of a published ranking", nothing(), ("scores", ".", "--ranking", "industry", "--out", "../s.csv")),
    )  # fmt: skip
