"""Joins of every kind of table: what did not match is said on both sides, too little is refused."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import regional_atlas as ra
from regional_atlas.core.errors import ConfigError, DataError, InputError, MatchError


def changed(folder: Path, old: str, new: str, name: str = "atlas.toml") -> Path:
    file = folder / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return folder


def build(folder: Path) -> Any:
    return ra.build(ra.read_project(folder))


def joins(atlas: Any) -> dict[str, Any]:
    return {join.name: join for join in atlas.tables.report.joins}


RANKING = "rank,province,unit\n1,Westmark,Birch\n2,Eastmark,Oak\n3,Westmark,Fir\n4,Eastmark,Larch\n"


CLUSTERS = "cluster,units,output\nA,Birch;Oak,1\nB,Fir;Elm,2\n"


@pytest.mark.parametrize(
    ("name", "text", "key", "said"),
    [
        (
            "ranking.csv",
            RANKING,
            "length = 4\n",
            "'unit': 3 of 4 rows matched a unit (line 3",
        ),
        (
            "clusters.csv",
            CLUSTERS,
            'size = "output"\n',
            "'units': 3 of 4 rows matched a unit (",
        ),
    ],
)
def test_lists_that_lose_a_unit_are_refused_unless_they_may(
    example_folder: Path, name: str, text: str, key: str, said: str
) -> None:
    (example_folder / name).write_text(text, "utf-8")
    with pytest.raises(MatchError) as caught:
        build(example_folder)
    assert str(caught.value).startswith(f"{example_folder / name}: column {said}")
    assert "or declare least_match = 0.75" in str(caught.value)
    changed(example_folder, key, key + "least_match = 0.75\n")
    found = joins(build(example_folder))["industry" if "rank" in name else "clusters"]
    assert (found.rows, found.matched, len(found.unmatched)) == (4, 3, 1)
    assert "9 of 12 units have no row (00101 Alder, " in found.said()
    assert "1 did not (line " in found.said()


def test_a_list_of_which_no_row_is_a_unit_is_refused_in_any_case(example_folder: Path) -> None:
    (example_folder / "ranking.csv").write_text("rank,unit\n1,Oak\n2,Ash\n", "utf-8")
    changed(example_folder, "length = 4\n", "least_match = 0.0\n")
    with pytest.raises(MatchError) as caught:
        build(example_folder)
    assert (
        "0 of 2 rows matched a unit (line 2: Oak; line 3: Ash; the units are called such as Alder, "
        "Birch, Cedar, Dogwood, Elm)"
    ) in str(caught.value)


def test_units_without_a_row_matter_where_that_is_declared(example_folder: Path) -> None:
    changed(example_folder, "length = 4\n", "length = 4\nleast_units = 0.5\n")
    with pytest.raises(MatchError, match=r"4 of 12 units have a row, least_units = 0\.5 asks"):
        build(example_folder)


def test_rows_of_a_workbook_are_named_by_sheet_and_cell(example_folder: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "List 2022"
    for row in (["rank", None, "county"], [1, None, "Birch"], [2, None, "Oak"], [3, None, "Fir"]):
        book.active.append(row)
    book.save(example_folder / "ranking.xlsx")
    changed(example_folder, "length = 4\n", 'rename = { county = "unit" }\n')
    changed(example_folder, '"ranking.csv"', '"ranking.xlsx"')
    with pytest.raises(MatchError) as caught:
        build(example_folder)
    where = f"{example_folder / 'ranking.xlsx'}, sheet 'List 2022'"
    assert str(caught.value).startswith(
        f"{where}: column 'county': 2 of 3 rows matched a unit (row 3 (C3): Oak)"
    )


@pytest.mark.parametrize(
    ("ranks", "said"),
    [
        ([1, 2, 3, 9], "line 5: rank 9, where 4 is next"),
        ([1, 1, 2, 4], "line 5: rank 4, where 3 is next"),
        ([1, 1, 4, 5], "line 4: rank 4, where 2 or 3 is next"),
        ([2, 3, 4, 5], "line 2: rank 2, where 1 is next"),
        ([4, 2, 2, 1], None),  # 1, 2, 2, 4
        ([1, 2, 2, 3], None),
        ([1, 3, 3, 4], None),
        ([2, 2, 2, 2], "line 2: rank 2, where 1 or 4 is next"),
        ([4, 4, 4, 4], None),
    ],
)
def test_ranks_that_jump_are_refused_and_ties_are_not(
    example_folder: Path, ranks: list[int], said: str | None
) -> None:
    names = ["Westmark,Birch", "Eastmark,Cedar", "Westmark,Fir", "Eastmark,Larch"]
    rows = [f"{rank},{name}" for rank, name in zip(ranks, names, strict=True)]
    (example_folder / "ranking.csv").write_text("\n".join(["rank,province,unit", *rows]), "utf-8")
    project = ra.read_project(example_folder)
    from regional_atlas.sources.tables import read_ranking

    config = project.config.rankings[0]
    assert config.file is not None
    if said is None:
        assert sorted(read_ranking(config.file, config).rows["rank"]) == sorted(ranks)
        return
    with pytest.raises(DataError) as caught:
        read_ranking(config.file, config)
    assert said in str(caught.value)


def test_ranks_beyond_the_length_are_named(example_folder: Path) -> None:
    changed(example_folder, "length = 4\n", "length = 3\n")
    with pytest.raises(MatchError) as caught:
        build(example_folder)
    assert caught.value.problems == [
        "line 5: rank 4 is beyond `length`, 3",
        "3 rows are expected (`length`), found 4",
    ]


def test_names_are_one_form_in_every_table(example_folder: Path) -> None:
    """Of units, parents and every list, each written in another Unicode form than the others."""
    nfc, nfd = (partial_form(form) for form in ("NFC", "NFD"))
    for name, form in {"units.geojson": nfd, "ranking.csv": nfc, "clusters.csv": nfd}.items():
        file = example_folder / name
        file.write_text(form(file.read_text("utf-8")), "utf-8")
    members = "region_id,province,unit,rule\n"
    members += nfc("north,Westmark,Birch,include\n") + nfd("river,Eastmark,*,include\n")
    (example_folder / "region_members.csv").write_text(members, "utf-8")
    changed(
        example_folder,
        'name = "province"\n',
        f'name = "province"\naliases = {{ Ost = "{nfc("Eastmark")}" }}\n'
        f'name_en = {{ "{nfd("Westmark")}" = "West" }}\n'
        f'[[boundaries.parents]]\nid = "half"\nof = "province"\n'
        f'groups = {{ All = ["{nfc("Westmark")}", "{nfd("Eastmark")}"] }}\n',
    )
    atlas = build(example_folder)
    assert {name: (j.rows, j.matched) for name, j in joins(atlas).items()} == {
        "accounts": (12, 12), "industry": (4, 4), "clusters": (3, 3), "regions": (2, 2),
    }  # fmt: skip
    assert set(atlas.units["half"]) == {"All"}
    assert "West" in set(atlas.tables.parents["province"]["name_en"].dropna())
    for form in (nfc, nfd):
        assert len(atlas.query(region={"province": form("Westmark")}, unranked=True)) == 6
        assert len(atlas.query(neighbours_of=form("Birch"), unranked=True)) > 1


def partial_form(form: Any) -> Any:
    def accented(text: str) -> str:
        for plain, accent in {"Birch": "Bîrch", "Fir": "Fĭr", "mark": "mårk"}.items():
            text = text.replace(plain, accent)
        return unicodedata.normalize(form, text)

    return accented


# ── where names, parents and regions come from ─────────────────────────────────────────────────


def test_units_are_named_from_several_columns(example_folder: Path) -> None:
    changed(example_folder, 'name = "name"', 'name = ["name", "kind"]')
    for name in ("ranking.csv", "clusters.csv", "region_members.csv"):
        (example_folder / name).unlink()
    text = (example_folder / "atlas.toml").read_text("utf-8")
    head, _, tail = text.partition("[regions]")
    (example_folder / "atlas.toml").write_text(
        head + "[indicators" + tail.split("[indicators", 1)[1].split("[nightlights]")[0], "utf-8"
    )
    assert build(example_folder).units.loc["00102", "unit"] == "Birch city"


def test_parents_are_named_by_a_file_of_two_columns(example_folder: Path) -> None:
    (example_folder / "names.csv").write_text(
        "id,name\n01,Vestria\n02,Ostria\n03,Nowhere\n", "utf-8"
    )
    changed(
        example_folder,
        'key = "province_code"\nname = "province"',
        'key = "province_code"\nnames = "names.csv"',
    )
    for name in ("ranking.csv", "region_members.csv"):
        file = example_folder / name
        file.write_text(
            file.read_text("utf-8").replace("Westmark", "Vestria").replace("Eastmark", "Ostria"),
            "utf-8",
        )
    atlas = build(example_folder)
    assert atlas.tables.parents["province"]["name"].to_dict() == {"01": "Vestria", "02": "Ostria"}
    assert joins(atlas)["province names"].unmatched == ["names.csv, line 4: 03 Nowhere"]
    (example_folder / "names.csv").write_text("id,name\n1,Vestria\n02,Ostria\n", "utf-8")
    with pytest.raises(DataError, match="no name for 01 of column 'province_code'; did 01 lose"):
        build(example_folder)


LISTED = """[[boundaries.parents]]
id = "valley"
units = { Upper = ["00101", "Birch"], Lower = ["Cedar"] }

[boundaries.unit_type]"""


def test_parents_come_from_lists(example_folder: Path) -> None:
    changed(example_folder, "[boundaries.unit_type]", LISTED)
    units = build(example_folder).units
    assert units["valley"].dropna().to_dict() == {
        "00101": "Upper", "00102": "Upper", "00203": "Lower",
    }  # fmt: skip
    changed(example_folder, '["Cedar"]', '["Cedar", "Birch", "Oak", "00102"]')
    with pytest.raises(DataError) as caught:
        build(example_folder)
    assert caught.value.problems == [
        "boundaries.parents 'valley': 'Birch' is in 'Upper' and in 'Lower'",
    ]


KINDS = """[[regions.kinds]]
id = "status"
column = "kind"

[[regions.kinds]]
id = "whole"
of = "province"
groups = { Union = ["Westmark", "Eastmark"] }

[[regions.kinds]]
id = "half"
of = "province"

[[regions.kinds]]
id = "basin"
table = { file = "basins.csv", region_id = "basin", name = "called" }

[indicators.accounts]"""


def test_regions_come_from_columns_levels_and_tables(example_folder: Path, tmp_path: Path) -> None:
    rows = "unit_id,basin,called,place,note\n00101,b1,Upper,Central,x\n"
    rows += "00102,b1,Upper,Outlying,\n00203,,,Central,\n"
    (example_folder / "basins.csv").write_text(rows, "utf-8")
    changed(example_folder, "[indicators.accounts]", KINDS)
    atlas = build(example_folder)
    members = atlas.membership.dropna(subset=["region_id"])
    counts = members.groupby("kind").size().to_dict()
    assert counts == {"basin": 2, "half": 12, "metro": 8, "status": 12, "whole": 12}
    shapes = json.loads((example_folder / "units.geojson").read_text("utf-8"))["features"]
    for region, rows in members[members["kind"] == "status"].groupby("region_id"):
        held = {s["properties"]["code"] for s in shapes if s["properties"]["kind"] == region}
        assert set(rows["unit_id"]) == held
    further = atlas.membership_attributes
    assert further[["unit_id", "attribute", "value"]].to_numpy().tolist() == [
        ["00101", "place", "Central"], ["00101", "note", "x"], ["00102", "place", "Outlying"],
    ]  # fmt: skip
    atlas.save(tmp_path / "out")
    written = (tmp_path / "out/data/membership_attributes.csv").read_text("utf-8")
    assert written.splitlines()[:2] == [
        "unit_id,unit,kind,region_id,attribute,value", "00101,Alder,basin,b1,place,Central",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('us"\ncolumn = "kind"', 'us"\ncolumn = "sort"', "'sort' is missing (regions.kinds"),
        ('of = "province"\n\n', 'of = "state"\n\n', "regions.kinds[3].of: no such level 'state'"),
        ('["Westmark", "E', '["Mars", "E', "regions.kinds 'whole': no province 'Mars'"),
        ('name = "called" }', 'name = "called", attributes = ["plaice"] }', "'plaice' is missing"),
    ],
)  # fmt: skip
def test_regions_from_what_is_not_there(
    example_folder: Path, old: str, new: str, said: str
) -> None:
    rows = "unit_id,basin,called,place\n00101,b1,Upper,Central\n"
    (example_folder / "basins.csv").write_text(rows, "utf-8")
    changed(example_folder, "[indicators.accounts]", KINDS)
    changed(example_folder, old, new)
    with pytest.raises((ConfigError, DataError)) as caught:
        build(example_folder)
    assert said in str(caught.value)


# ── rankings of regions ────────────────────────────────────────────────────────────────────────


OTHER_LIGHTS = "light_mean;light_lit_share;light_density;light_growth"


def test_a_ranking_of_regions_leaves_partial_values_out(run: Any, example_folder: Path) -> None:
    text = (example_folder / "indicators.csv").read_text("utf-8")
    assert "00204,90.0,\n" in text or "00204,90,\n" in text
    atlas = build(example_folder)
    every, ranked = atlas.summarise("province"), atlas.summarise("province", sort="-output")
    # Beside the output that one county lacks, the lights: a county is dark to the sensor in part.
    assert every["partial"].dropna().tolist() == [f"light_sum;output;{OTHER_LIGHTS}"]
    assert len(every) == 2
    assert ranked["name"].tolist() == ["Westmark"]
    assert ranked.attrs["left_out"] == {"partial": 1, "missing": 0}
    assert len(atlas.summarise("province", sort="population", top=1)) == 1
    code, out, err = run(
        "summarise", example_folder, "--by", "province", "--sort=-output", "--format", "csv"
    )
    assert (code, len(out.splitlines())) == (0, 2)
    assert (
        "left out: 1 with a partial value of output (some members have none, or one for a part"
        in err
    )
    with pytest.raises(InputError, match="no field 'gdp'; allowed: name, units"):
        atlas.summarise("province", sort="gdp")
    # The project may accept gaps: five of the six members hold more than half of the people.
    (example_folder / "atlas.toml").write_text(
        "data_share_at_least = 0.5\n" + (example_folder / "atlas.toml").read_text("utf-8"), "utf-8"
    )
    assert len(build(example_folder).summarise("province", sort="-output")) == 2


def test_a_project_without_a_ranking_is_summarised_and_queried(example_folder: Path) -> None:
    file = example_folder / "atlas.toml"
    head = file.read_text("utf-8").split("[[rankings]]")[0]
    file.write_text(head, "utf-8")
    atlas = build(example_folder)
    assert atlas.summarise("province")[["units", "count", "of"]].to_numpy().tolist() == [
        [6, 0, 0], [6, 0, 0],
    ]  # fmt: skip
    assert len(atlas.query(sort="-population", top=3)) == 3
