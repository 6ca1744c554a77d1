"""Days of time axes: each calendar of CF against Python's dates and against counting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regional_atlas.sources.calendars import CALENDARS, Day, time_axis


def day(value: float, units: str, calendar: str = "standard") -> str | None:
    axis = time_axis(units, calendar)
    return None if axis is None else str(axis.day(value))


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)), st.integers(-300_000, 300_000))
def test_the_proleptic_calendar_is_that_of_python(first: date, days: int) -> None:
    try:
        expected = first + timedelta(days=days)
    except OverflowError:
        return
    assert day(days, f"days since {first}", "proleptic_gregorian") == expected.isoformat()


@pytest.mark.parametrize("calendar", CALENDARS)
@given(number=st.integers(0, 4_000_000))
def test_every_number_is_one_day_and_the_next_follows(calendar: str, number: int) -> None:
    known = CALENDARS[calendar]
    one, other = known.day(number), known.day(number + 1)
    assert one < other
    assert (known.number(one), known.number(other)) == (number, number + 1)


@pytest.mark.parametrize(
    ("value", "units", "calendar", "expected"),
    [
        (59, "days since 2000-01-01", "noleap", "2000-03-01"),
        (365, "days since 2000-01-01", "365_day", "2001-01-01"),
        (59, "days since 2001-01-01", "all_leap", "2001-02-29"),
        (59, "days since 2000-01-01", "360_day", "2000-02-30"),
        (360 * 7900 + 29, "days since 2000-01-01", "360_day", "9900-01-30"),
        (12 * 60.5, "months since 1960-01-01", "360_day", "2020-07-01"),
        (0.75, "years since 1960-01-01", "360_day", "1960-10-01"),
        # Ten days were left out in October 1582; year 1 begins two days before that of Python.
        (1, "days since 1582-10-04", "standard", "1582-10-15"),
        (1, "days since 1582-10-04", "julian", "1582-10-05"),
        (737426, "days since 0001-01-01", "gregorian", "2020-01-01"),
        (737424, "days since 1-1-1 00:00:00", "proleptic_gregorian", "2020-01-01"),
        (0, "days since 0000-01-01", "proleptic_gregorian", "0000-01-01"),
        (-1, "days since 0000-01-01", "noleap", "-001-12-31"),
        (4_000_000, "days since 2000-01-01", "standard", "12951-08-18"),
        (6, "hours since 1999-12-31 18:00:00", "standard", "2000-01-01"),
        (0, "hours since 2000-01-01T00:30:00+01:00", "standard", "1999-12-31"),
        (0, "seconds since 1999-12-31 22:00:00 -3", "standard", "2000-01-01"),
        (24 * 31, "Hours since 2020-01-01 00:00:00.0 UTC", "", "2020-02-01"),
        (86400.0, "secs since 2020-01-01 00:00", "standard", "2020-01-02"),
        (1440, "minutes since 2020-01-01", "standard", "2020-01-02"),
        (float("nan"), "days since 2020-01-01", "standard", "None"),
        (float("inf"), "days since 2020-01-01", "noleap", "None"),
    ],
)
def test_a_value_is_a_day(value: float, units: str, calendar: str, expected: str) -> None:
    assert day(value, units, calendar) == expected


@pytest.mark.parametrize(
    ("units", "calendar"),
    [
        ("months since 2000-01-01", "standard"),
        ("years since 2000-01-01", "noleap"),
        ("fortnights since 2000-01-01", "standard"),
        ("days since 2000-13-01", "standard"),
        ("days since 2001-02-29", "standard"),
        ("days since 1582-10-10", "standard"),
        ("days since 0000-01-01", "standard"),
        ("days since 2000-01-31", "360_day"),
        ("days since yesterday", "standard"),
        ("days since 2000-01-01", "martian"),
        ("days since 2000-01-01", "none"),
        ("day as %Y%m%d.%f", "standard"),
        ("", ""),
    ],
)
def test_what_cannot_date_gives_nothing(units: str, calendar: str) -> None:
    assert time_axis(units, calendar) is None


def test_days_are_written_with_zeros() -> None:
    assert str(Day(850, 1, 2)) == "0850-01-02"
