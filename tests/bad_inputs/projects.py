# ruff: noqa: E501
"""Cases of `atlas.toml` itself: every section, every kind of value."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bad_inputs.case import CHECK, Case, both, cases, lacks, nothing, put, section, toml

LEVEL = '[[boundaries.parents]]        # outermost first\nid = "province"'
COLUMN = (
    '{ column = "output", title = { zh = "产出", en = "Output" }, unit = "million", digits = 0 }'
)
RANKED = (
    'file = "ranking.csv"\ntiers = [1, 4]                # the last rank of each tier\nlength = 4'
)
LIGHTS = '[nightlights]\nfiles = "lights/lights_{year}.tif"'
SPACE = '[[space]]\nfield = "output"\n'
UNEQUAL = '[[inequality]]\nfield = "output"\n'
RASTER = (
    '[rasters.light]\nfiles = "lights/lights_2022.tif"\nsource = "S"\nunit = "W"\nyear = 2022\n'
)
PLATE = '[[plates]]\nid = "x"\ntitle = "X"\n'
COMPARE = '[compare]\nfile = "published.csv"\n'


def column(more: str) -> str:
    return f"{COLUMN[:-2]}, {more} }}"


def the_file() -> Iterator[Case]:
    yield from cases(
        "atlas.toml: the file",
        CHECK,
        ("no atlas.toml in the folder", lacks("atlas.toml")),
        ("not TOML", toml('id = "exampleland"', "id = exampleland")),
        ("not UTF-8", put("atlas.toml", 'id = "Île"'.encode("latin-1"), 'id = "Île" in Latin-1')),
        ("an unknown section", toml("[nightlights]", "[lights]")),
        ("an unknown key", toml("lit_threshold = 0.5", "threshold = 0.5")),
        ("a key of a section that is no table", toml("[regions]", "regions = 1\n[region]")),
        ("no boundaries", toml("[boundaries]\n", "[boundary]\n")),
        ("a number where text belongs", toml('title = { zh = "示例国地图集"', 'title = 5 #')),
        ("text where a number belongs", toml("length = 4", 'length = "four"')),
        ("text where true or false belongs", section('[indicators.more]\nfile = "indicators.csv"\nsource = "S"\npercent = "often"\ncolumns = [{ column = "output", code = "o" }]')),
        ("a list where one value belongs", toml("length = 4", "length = [4]")),
        ("one value where a list belongs", toml("tiers = [1, 4]", "tiers = 4")),
        ("a number that is not finite", toml("dark_below = 1.0", "dark_below = nan")),
        ("a whole number beyond 64 bits", toml("length = 4", "length = 36893488147419103232")),
        ("a date where a year belongs", toml("year = 2022\nsource", "year = 20220101\nsource")),
        ("a language tag that is none", toml('lang = "en"', 'lang = "English please"')),
        ("a text without the project's language", toml('subtitle = { zh = "十二个县", en = "Twelve counties" }', 'subtitle = { zz9 = "x" }')),
        ("an id that is no name of a folder", toml('id = "exampleland"', 'id = "../atlas"')),
        ("a data share beyond 1", toml('id = "exampleland"', 'id = "exampleland"\ndata_share_at_least = 1.5')),
        ("a population that is no indicator", toml('population = "population"', 'population = "people"')),
        ("a citation that no source has", toml('length = 4', 'length = 4\ncitation = "yearbook"')),
        ("a citation without a source", section('[citations.report]\nlicence = "CC0"')),
        ("two rankings of one id", toml('id = "vigour"\ntitle = { zh = "活力", en = "Vigour" }\nindex', 'id = "industry"\nindex')),
        ("a file that is not there", toml('file = "clusters.csv"', 'file = "cluster.csv"')),
        ("a file outside the project", toml('file = "clusters.csv"', 'file = "../clusters.csv"')),
        ("a folder in place of a file", toml('file = "clusters.csv"', 'file = "lights"')),
        ("a scale of a measurement unit that is no number", toml('million = { zh = "百万", en = "million" }', 'million = { en = "million", scale = { en = "x" } }')),
        ("readings of names in a file of one column", section('', put("pinyin.csv", "name\n重庆\n", ""), toml('population = "population" ', 'pinyin = "pinyin.csv"\npopulation = "population"'))),
        ("a set of unit types that is not declared", toml('index = "index.toml"', 'index = "index.toml"\namong = ["counties"]')),
    )  # fmt: skip
    yield from cases(
        "atlas.toml: --set",
        ("check", "."),
        ("no value", nothing(), ("check", ".", "--set", "title")),
        ("a key that does not exist", nothing(), ("check", ".", "--set", "nightlights.files_=x.tif")),
        ("a key below a value", nothing(), ("check", ".", "--set", "id.name=x")),
        ("a file that is not there", nothing(), ("check", ".", "--set", "nightlights.files=none_{year}.tif")),
        ("a value of the wrong kind", nothing(), ("check", ".", "--set", "nightlights.lit_threshold=dim")),
    )  # fmt: skip


def sections() -> Iterator[Case]:
    yield from cases(
        "atlas.toml: map",
        CHECK,
        ("a projection that PROJ does not know", section('[map]\nprojection = "EPSG:999999"')),
        ("a projection in degrees", section('[map]\nprojection = "EPSG:4326"')),
        ("west and east swapped in the bounds", section("[map]\nbounds = [12.0, 48.5, 10.0, 50.0]")),
        ("bounds beyond the earth", section("[map]\nbounds = [10.0, 48.5, 12.0, 150.0]")),
        ("three bounds", section("[map]\nbounds = [10.0, 48.5, 12.0]")),
        ("bounds that hold no unit", section("[map]\nbounds = [100.0, 10.0, 110.0, 20.0]")),
        ("a tolerance of many kilometres", section("[map]\ntolerance = 1e9")),
        ("a grid below 0", section("[map]\ngrid = -1")),
        ("an inset that holds no unit", section('[map]\ninsets = [{ id = "a", title = "A", bounds = [100.0, 10.0, 110.0, 20.0], corner = "top_left" }]')),
        ("tiles without an address", section('[map.tiles]\nattribution = "A"')),
    )  # fmt: skip
    yield from cases(
        "atlas.toml: boundaries",
        CHECK,
        ("neither a file nor a provider", toml('file = "units.geojson"        # GeoPackage, shapefile, GeoJSON, …\n', "", "[boundaries]")),
        ("a file and a provider", toml('file = "units.geojson"', 'provider = "cnmaps"\nfile = "units.geojson"')),
        ("a provider that is not installed", toml('file = "units.geojson"', 'provider = "cadastre"')),
        ("no source", toml('source = "Invented"\nlicence', "licence", "[boundaries]")),
        ("a datum that there is none of", toml('key = "code" ', 'datum = "wgs72"\nkey = "code" ')),
        ("a CRS that PROJ does not know", toml('key = "code" ', 'crs = "EPSG:1"\nkey = "code" ')),
        ("a condition that cannot be read", toml('key = "code" ', 'where = "name is Alder"\nkey = "code" ')),
        ("a treatment of overlaps that there is none of", toml('key = "code" ', 'polygon_coverage = "ignore"\nkey = "code" ')),
        ("a level that groups itself", toml('key = "province_code"\nname = "province"', 'of = "province"\ngroups = { West = ["Westmark"] }')),
        ("a level of a level that there is none of", toml('key = "province_code"\nname = "province"', 'of = "state"\ngroups = { West = ["Westmark"] }')),
        ("names of parents, two for one id", section("", put("names.csv", "code,name\nW,West\nE,East\nW,Westmark\n"), toml('name = "province"\n\n', 'names = "names.csv"\n\n', 'names = "names.csv"'))),
        ("a group in a file, of a parent that there is none of", section("", put("areas.csv", "area,province\nNorth,Westmark\nNorth,Nordmark\n"), toml('[boundaries.unit_type]', '[[boundaries.parents]]\nid = "area"\nof = "province"\ngroups = "areas.csv"\n\n[boundaries.unit_type]', 'groups = "areas.csv"'))),
        ("a level without a way to find its parents", toml('key = "province_code"\nname = "province"', "", "id = \"province\"")),
        ("two levels of one id", toml(LEVEL, '[[boundaries.parents]]\nid = "province"\nkey = "province_code"\nname = "province"\n\n' + LEVEL, 'id = "province", twice')),
        ("a rule of unit types with a type that is not declared", toml('column = "kind"', 'rules = [{ type = "town", ends = "er" }]')),
        ("two unit types of one id", toml('{ id = "city", title', '{ id = "county", title')),
        ("a number of units below 1", toml("units = 12", "units = -1")),
        ("an area of 0", toml("units = 12", "area_km2 = 0")),
        ("a number of units of a type below 0", toml('{ id = "city", title', '{ id = "city", expected = -1, title')),
        ("another name of a unit that shows nothing", toml("[boundaries]\n", '[boundaries]\naliases = { "" = "00101" }\n')),
        ("an English name of a unit that shows nothing", toml("[boundaries]\n", '[boundaries]\nnames_en = { 00101 = "  " }\n')),
        ("another name that is a unit's own", toml("[boundaries]\n", '[boundaries]\naliases = { BIRCH = "00101" }\n')),
        ("another name of two units", both(put("names.csv", "name,id\nOaky,00101\nOAKY,00102\n"), toml("[boundaries]\n", '[boundaries]\naliases = "names.csv"\n', 'aliases = "names.csv"'))),
        ("another name with a control character", both(put("names.csv", "name,id\nOak\x1by,00101\n", "U+001B in a name"), toml("[boundaries]\n", '[boundaries]\naliases = "names.csv"\n', 'aliases = "names.csv"'))),
        ("another name with a line break", both(put("names.csv", 'name,id\n"Oa\nky",00101\n', "a line break in a name"), toml("[boundaries]\n", '[boundaries]\naliases = "names.csv"\n', 'aliases = "names.csv"'))),
        ("another name of an id without its zeros", toml("[boundaries]\n", '[boundaries]\naliases = { Oaky = "101" }\n')),
        ("an exception with a type that is not declared", section("", put("types.csv", "unit_id,type\n00101,city\n00102,town\n"), toml('column = "kind"', 'exceptions = "types.csv"'))),
    )  # fmt: skip
    yield from cases(
        "atlas.toml: indicators",
        CHECK,
        ("no source", toml('source = "Invented accounts"\n', "", "[indicators.accounts]")),
        ("no columns", toml("columns = [\n  { column = \"population\"", "columns = []\nother = [\n  { column = \"population\"")),
        ("a column without its heading", toml('{ column = "output", title', '{ title')),
        ("a measurement unit that is a number", toml(COLUMN, column("unit_ = 5"))),
        ("digits below 0", toml("digits = 0", "digits = -1")),
        ("a scale of 0", toml("digits = 0", "scale = 0")),
        ("a kind of value that there is none of", toml("digits = 0", 'kind = "average"')),
        ("a kind and extensive", toml("digits = 0", 'kind = "extensive", extensive = false')),
        ("a weight that is no code", toml("digits = 0", 'extensive = false, weight = "heads"')),
        ("a code of two columns", toml("digits = 0", 'code = "population"')),
        ("codes that differ in case alone", toml("digits = 0", 'code = "Population"')),
        ("a code that is a column of the units", toml("digits = 0", 'code = "area_km2"')),
        ("a ratio of what no table has", toml("[nightlights]", 'derived = [{ code = "per_head", title = "X", numerator = ["output"], denominator = ["popluation"] }]\n\n[nightlights]', 'derived = [{ code = "per_head", title = "X", numerator = ["output"], denominator = ["popluation"] }]')),
        ("a ratio without a denominator", toml("[nightlights]", 'derived = [{ code = "per_head", numerator = ["output"] }]\n\n[nightlights]', 'derived = [{ code = "per_head", numerator = ["output"] }]')),
        ("an encoding that there is none of", toml("year = 2022\nsource", 'year = 2022\nencoding = "utf-9"\nsource', 'encoding = "utf-9"')),
        ("a delimiter of two signs", toml("year = 2022\nsource", 'year = 2022\ndelimiter = "::"\nsource', 'delimiter = "::"')),
        ("decimal and thousands alike", toml("year = 2022\nsource", 'year = 2022\ndecimal = ","\nthousands = ","\nsource', 'decimal = ","\nthousands = ","')),
        ("a decimal sign that is a digit", toml("year = 2022\nsource", 'year = 2022\ndecimal = "5"\nsource', 'decimal = "5"')),
        ("widths for more columns than the key has", toml("year = 2022\nsource", "year = 2022\nkey_width = [2, 3]\nsource", "key_width = [2, 3]")),
        ("a share of matches beyond 1", toml("year = 2022\nsource", "year = 2022\nleast_match = 95\nsource", "least_match = 95")),
        ("a blank flag", toml("year = 2022\nsource", 'year = 2022\nflags = [" "]\nsource', 'flags = [" "]')),
        ("a repair of nothing", toml("year = 2022\nsource", "year = 2022\nrepairs = [{ line = 2 }]\nsource", "repairs = [{ line = 2 }]")),
        ("a row counted from 0", toml("year = 2022\nsource", "year = 2022\nheader_row = 0\nsource", "header_row = 0")),
        ("a condition that cannot be read", toml("year = 2022\nsource", 'year = 2022\nwhere = "output >"\nsource', 'where = "output >"')),
        ("changes without the date of the names", toml("year = 2022\nsource", 'year = 2022\nchanges = "indicators.csv"\nsource', 'changes = "indicators.csv"')),
        ("no year, nor one in a file name", toml("year = 2022\nsource", "source", "[indicators.accounts]")),
        ("a column of several years without {year}", toml("year = 2022\nsource", "years = [2020, 2021]\nsource", "years = [2020, 2021]")),
    )  # fmt: skip
    yield from cases(
        "atlas.toml: rankings and clusters",
        CHECK,
        ("neither a file nor an index", toml('index = "index.toml"', "")),
        ("a file and an index", toml('index = "index.toml"', 'index = "index.toml"\nfile = "ranking.csv"')),
        ("tiers that do not ascend", toml("tiers = [1, 4]", "tiers = [4, 1]")),
        ("a length of 0", toml("length = 4", "length = 0")),
        ("tiers of a computed ranking", toml('index = "index.toml"', 'index = "index.toml"\ntiers = [1, 4]')),
        ("a length of a computed ranking", toml('index = "index.toml"', 'index = "index.toml"\nlength = 4')),
        ("a tier of no rank", toml("tiers = [1, 4]", "tiers = [0, 4]")),
        ("a unit type that there is none of", toml('index = "index.toml"', 'index = "index.toml"\namong = ["town"]')),
        ("an index file that is not there", toml('index = "index.toml"', 'index = "vigour.toml"')),
        ("two sets of clusters of one id", section('[[clusters]]\nfile = "clusters.csv"\ntitle = "More"')),
    )  # fmt: skip
    yield from cases(
        "atlas.toml: lights and rasters",
        CHECK,
        ("no {year} in the name of the files", toml('"lights/lights_{year}.tif"', '"lights/lights_2022.tif"')),
        ("no file of that name", toml('"lights/lights_{year}.tif"', '"lights/viirs_{year}.tif"')),
        ("neither files nor a table", toml('files = "lights/lights_{year}.tif"\n', "", "[nightlights]")),
        ("a year that there is no raster of", toml("lit_threshold = 0.5", "year = 2021")),
        ("a base year after the year", toml("lit_threshold = 0.5", "year = 2018\nbase_year = 2022")),
        ("a rule for nodata that there is none of", toml("lit_threshold = 0.5", 'nodata = "white"')),
        ("a cleaning rule that there is none of", toml("lit_threshold = 0.5", 'cleaning = { negative = "flip" }')),
        ("flags to remove without a raster of flags", toml("lit_threshold = 0.5", "cleaning = { bad_flags = [1] }")),
        ("observations without a raster of them", toml("lit_threshold = 0.5", "cleaning = { least_observations = 3 }")),
        ("a statistic that there is none of", section(RASTER + 'statistic = "average"')),
        ("two sections that measure the same", section(RASTER + 'statistic = ["mean", "sum"]\n\n' + RASTER.replace("light]", "again]") + 'title = "Again"\nstatistic = "sum"')),
        ("a quantile beyond 100", section(RASTER + 'statistic = "quantile(120)"')),
        ("a share of lit cells without a threshold", section(RASTER + 'statistic = "lit_share"')),
        ("a weighted mean without weights", section(RASTER + 'statistic = "weighted_mean"')),
        ("no statistic", section(RASTER)),
        ("no unit", section(RASTER.replace('unit = "W"\n', "") + 'statistic = "sum"')),
        ("band 0", section(RASTER + 'statistic = "sum"\nband = 0')),
        ("a band that the file lacks", section(RASTER + 'statistic = "sum"\nband = 3')),
        ("a variable of a file without variables", section(RASTER + 'statistic = "sum"\nvariable = "Band1"')),
        ("a year of files that have their own", section(RASTER.replace("lights_2022", "lights_{year}") + 'statistic = "sum"')),
        ("years that there are no rasters of", section(RASTER.replace("lights_2022", "lights_{year}").replace("year = 2022\n", "") + 'statistic = "sum"\nyears = [2019]')),
        ("a code that an indicator has", section(RASTER + 'statistic = "sum"\ncode = "output"')),
        ("a CRS that PROJ does not know", section(RASTER + 'statistic = "sum"\ncrs = "WGS 84 or so"')),
        ("a scale of 0", section(RASTER + 'statistic = "sum"\nscale = 0')),
        ("a background above the upper limit", toml("lit_threshold = 0.5", "cleaning = { background = 10, upper = 5 }")),
        ("one raster for two years", section('[rasters.light]\nfiles = { 2020 = "lights/lights_2022.tif", 2022 = "lights/lights_2022.tif" }\nsource = "S"\nunit = "W"\nstatistic = "sum"')),
    )  # fmt: skip
    yield from cases(
        "atlas.toml: space, inequality, comparison, figures",
        CHECK,
        ("space: a field that there is none of", section('[[space]]\nfield = "gdp"')),
        ("space: a year without values", section(SPACE + "year = 1999")),
        ("space: a start after the end", section(SPACE + "since = 2023\nyear = 2022")),
        ("space: too few permutations", section(SPACE + "permutations = 1")),
        ("space: a false-discovery rate of 2", section(SPACE + "fdr = 2")),
        ("space: one field twice", section(SPACE + "\n" + SPACE)),
        ("inequality: a field that there is none of", section('[[inequality]]\nfield = "gdp"')),
        ("inequality: a weight that there is none of", section(UNEQUAL + 'weight = "heads"')),
        ("inequality: groups that there are none of", section(UNEQUAL + 'by = ["nation"]')),
        ("inequality: a year without values", section(UNEQUAL + "years = [1999]")),
        ("inequality: one field twice", section(UNEQUAL + "\n" + UNEQUAL)),
        ("compare: no table", section("[compare]\ntop = 5")),
        ("compare: a table without its columns", section(COMPARE, put("published.csv", "a,b\n1,2\n"))),
        ("figures: a table without its columns", section('', put("figures.csv", "a,b\n1,2\n", ""), toml('lang = "en"', 'figures = "figures.csv"\nlang = "en"'))),
        ("figures: a value that is a word", section('', put("figures.csv", "figure,series,key,value\ngdp,a,2020,much\n", ""), toml('lang = "en"', 'figures = "figures.csv"\nlang = "en"'))),
    )  # fmt: skip


def plates() -> Iterator[Case]:
    def plate(text: str) -> tuple[object, ...]:
        return (toml('plates = [{ set = "clusters" }]', f'plates = [{{ set = "clusters" }}, {{ id = "x", title = "X", {text} }}]', text),)  # fmt: skip

    yield from cases(
        "atlas.toml: plates",
        CHECK,
        *(
            (wrong, *plate(text))
            for wrong, text in (
                ("a kind that there is none of", 'kind = "pie"'),
                ("no kind, and nothing to tell it by", 'note = "N"'),
                ("a ranking that there is none of", 'ranking = "gdp"'),
                ("a field that there is none of", 'field = "gdp"'),
                ("a field that is a list", 'field = ["output"]'),
                ("a kind of region that there is none of", 'region_kind = "city"'),
                ("a level that there is none of", 'kind = "coverage", ranking = "industry", level = "nation"'),
                ("a set of clusters that there is none of", 'set = "parks"'),
                ("a palette that there is none of", 'field = "output", palette = "rainbows"'),
                ("a scheme that there is none of", 'field = "output", scheme = "nice"'),
                ("two classes or fewer", 'field = "output", k = 1'),
                ("a hundred classes", 'field = "output", k = 100'),
                ("breaks that do not ascend", 'field = "output", scheme = "manual", breaks = [3, 2, 1]'),
                ("manual classes without breaks", 'field = "output", scheme = "manual"'),
                ("breaks of another scheme", 'field = "output", scheme = "quantiles", breaks = [1, 2]'),
                ("a key of another kind", 'field = "output", level = "province"'),
                ("years of a field of one year", 'kind = "years", field = "output", year = 2022'),
                ("a year without values", 'kind = "years", field = "light_mean", year = 1999'),
                ("a change between years without values", 'kind = "change", field = "light_mean", since = 1999, year = 2022'),
                ("two fields of which one is not there", 'kind = "bivariate", field = "output", by = "gdp"'),
                ("categories of a field without them", 'kind = "categories", field = "output"'),
                ("multiples of one field", 'kind = "multiples", field = "light_mean", years = [1999]'),
                ("a figure that there is none of", 'kind = "figure", figure = "gdp"'),
                ("a citation that there is none of", 'field = "output", citation = "yearbook"'),
                ("a chart that there is none of", 'field = "output", chart = "pie"'),
            )
        ),
        ("two plates of one id", toml('plates = [{ set = "clusters" }]', 'plates = [{ set = "clusters" }, { id = "metros", title = "M", set = "clusters" }]', 'id = "metros", twice')),
        ("a group without a title", toml('[[groups]]\ntitle = { zh = "集群", en = "Clusters" }', "[[groups]]")),
    )  # fmt: skip


def project_cases() -> Iterator[Case]:
    yield from the_file()
    yield from sections()
    yield from plates()
