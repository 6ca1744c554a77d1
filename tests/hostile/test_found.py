"""What the fuzzers found, each with the message that it now has."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import regional_atlas as ra
from regional_atlas.core.conditions import Condition
from regional_atlas.core.errors import ConfigError, InputError, RasterError
from regional_atlas.sources.classic_netcdf import check_classic_netcdf

CORPUS = Path(__file__).parents[1] / "fuzz/corpus"
STARTER = Path(ra.__file__).parent / "starter"


def test_a_whole_netcdf_header_is_passed_and_a_damaged_one_is_not(tmp_path: Path) -> None:
    whole = (CORPUS / "netcdf/seed.nc").read_bytes()
    path = tmp_path / "a.nc"
    path.write_bytes(whole)
    check_classic_netcdf(path)
    header = whole.index(b"rain") + 40
    for at in range(8, header):
        path.write_bytes(whole[:at] + b"\x7f\xff\xff\xff" + whole[at + 4 :])
        with suppress(RasterError):
            check_classic_netcdf(path)
    path.write_bytes(whole.replace(b"\0\0\0\x0a\0\0\0\3", b"\0\0\0\x0a\x7f\xff\xff\xff"))
    with pytest.raises(RasterError, match="it counts 2,147,483,647 entries, and"):
        check_classic_netcdf(path)
    for end in range(4, header):
        path.write_bytes(whole[:end])
        with pytest.raises(RasterError, match="its header is damaged"):
            check_classic_netcdf(path)


@pytest.mark.parametrize("text", ["[" * 5_000, "9" * 6_000])
def test_an_override_that_no_reader_holds_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"nested too deep|thousands of digits") as caught:
        ra.read_project(STARTER, overrides=[f"title={text}"])
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("year", ["NA", "2020.5", "0"])
def test_a_year_that_is_none_is_refused_by_line(run: Any, tmp_path: Path, year: str) -> None:
    index = (CORPUS / "index/seed-years").read_bytes().partition(b"\0")[0]
    (tmp_path / "index.toml").write_bytes(index)
    (tmp_path / "a.csv").write_text(f"unit_id,year,a,b\n1,2020,1,2\n2,{year},3,4\n")
    code, _, err = run(
        "score", "--data", tmp_path / "a.csv", "--index", tmp_path / "index.toml",
        "--out", tmp_path / "out",
    )  # fmt: skip
    assert code == 1
    assert f"line 3: '{year}' is not a year" in err
    assert not (tmp_path / "out").exists()


def test_digits_without_end_are_read() -> None:
    with pytest.raises(InputError, match="cannot be read from"):
        Condition(f"size > {'9' * 50_000}a")


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(InputError, match=r"holds the character U\+DC87"):
        Condition("name == '\udc87'")
