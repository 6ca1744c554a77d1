"""Days of time axes as NetCDF writes them: a number of steps since a date, in a calendar of CF."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Day", "TimeAxis", "time_axis"]


class Day(NamedTuple):
    """A day of any calendar: that of 360 days has a 30 February.

    Examples
    --------
    >>> print(Day(2021, 2, 30))
    2021-02-30
    """

    year: int
    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}-{self.day:02}"


SECONDS = {"d": 86400, "h": 3600, "mi": 60, "s": 1}
"""Of a step, by how its name begins."""
SECONDS_OF_360_DAYS = {"mo": 30 * 86400, "y": 360 * 86400}
"""Months and years have one length in no other calendar."""
SINCE = re.compile(
    r"(days?|d|hours?|hrs?|h|minutes?|mins?|seconds?|secs?|s|months?|years?)\s+since\s+"
    r"(\d{1,4})-(\d{1,2})-(\d{1,2})"
    r"(?:[t\s]\s*(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?)?)?"
    r"\s*(?:z|utc|gmt|([+-]?)(\d{1,2})(?::?(\d{2}))?)?",
    re.IGNORECASE,
)
FIRST_GREGORIAN = Day(1582, 10, 15)
FIRST_GREGORIAN_NUMBER = 2299161


@dataclass(frozen=True)
class TimeAxis:
    """How values of a time axis become days.

    Attributes
    ----------
    step : int
        Seconds.
    first : int
        Number of the day, in its calendar, that the steps count from.
    second : float
        Of that day, in UTC.
    calendar : str
    """

    step: int
    first: int
    second: float
    calendar: str

    def day(self, value: float) -> Day | None:
        """Give the day of a value; None of one that is not a finite number.

        Examples
        --------
        >>> axis = time_axis("hours since 1999-12-31 18:00", "standard")
        >>> [str(axis.day(hours)) for hours in (5, 6)]
        ['1999-12-31', '2000-01-01']
        """
        if not math.isfinite(value):
            return None
        days = round(value * self.step + self.second) // 86400
        return CALENDARS[self.calendar].day(self.first + days)


def time_axis(units: str, calendar: str) -> TimeAxis | None:
    """Read the units and the calendar of a time axis.

    Parameters
    ----------
    units : str
        Days, hours, minutes or seconds since a date; months and years in the calendar of 360 days
        alone, where each has one length.
    calendar : str
        Of the CF conventions.

    Returns
    -------
    TimeAxis or None
        None where nothing can be dated by them.

    Examples
    --------
    >>> print(time_axis("days since 2000-01-01", "noleap").day(365 * 20 + 59))
    2020-03-01
    >>> print(time_axis("months since 1960-01-01", "360_day").day(0.5))
    1960-01-16
    >>> time_axis("months since 1960-01-01", "standard")
    """
    match = SINCE.fullmatch(units.strip())
    known = CALENDARS.get(calendar.strip().lower())
    if match is None or known is None:
        return None
    steps = SECONDS | (SECONDS_OF_360_DAYS if known is CALENDARS["360_day"] else {})
    step = next((long for word, long in steps.items() if match[1].lower().startswith(word)), None)
    first = Day(int(match[2]), int(match[3]), int(match[4]))
    if step is None or not known.has(first):
        return None
    hour, minute, second = (float(part or 0) for part in match.group(5, 6, 7))
    zone = 3600 * float(match[9] or 0) + 60 * float(match[10] or 0)
    ahead = -zone if match[8] == "-" else zone
    at = 3600 * hour + 60 * minute + second - ahead
    return TimeAxis(step, known.number(first), at, calendar.strip().lower())


@dataclass(frozen=True)
class _Calendar:
    """Numbers of days, and the days that they stand for."""

    number: Callable[[Day], int]
    day: Callable[[int], Day]
    year_zero: bool = True

    def has(self, day: Day) -> bool:
        """Say whether there is such a day."""
        if not 1 <= day.month <= 12 or (day.year == 0 and not self.year_zero):
            return False
        return self.day(self.number(day)) == day


def _of_equal_years(*months: int) -> _Calendar:
    """Make a calendar of which every year has the same months."""
    year = sum(months)

    def number(day: Day) -> int:
        return year * day.year + sum(months[: day.month - 1]) + day.day - 1

    def day(number: int) -> Day:
        years, left = divmod(number, year)
        month = 0
        while left >= months[month]:
            left -= months[month]
            month += 1
        return Day(years, month + 1, left + 1)

    return _Calendar(number, day)


def _months_since_march(day: Day) -> tuple[int, int]:
    """Give years since 1 March -4800, and the days of the year before this one."""
    back = (14 - day.month) // 12
    return day.year + 4800 - back, (153 * (day.month + 12 * back - 3) + 2) // 5 + day.day


def _gregorian_number(day: Day) -> int:
    """Julian day number of a day of the Gregorian calendar (Fliegel and Van Flandern 1968)."""
    year, days = _months_since_march(day)
    return days + 365 * year + year // 4 - year // 100 + year // 400 - 32045


def _julian_number(day: Day) -> int:
    year, days = _months_since_march(day)
    return days + 365 * year + year // 4 - 32083


def _day_of(shifted: int) -> Day:
    """Give the day of a Julian day number that is shifted to one calendar (Richards 2013)."""
    fourths = 4 * shifted + 3
    fifths = 5 * ((fourths % 1461) // 4) + 2
    month = (fifths // 153 + 2) % 12 + 1
    return Day(fourths // 1461 - 4716 + (14 - month) // 12, month, (fifths % 153) // 5 + 1)


def _julian_day(number: int) -> Day:
    return _day_of(number + 1401)


def _gregorian_day(number: int) -> Day:
    return _day_of(number + 1401 + ((4 * number + 274277) // 146097 * 3) // 4 - 38)


def _standard_number(day: Day) -> int:
    return _gregorian_number(day) if day >= FIRST_GREGORIAN else _julian_number(day)


def _standard_day(number: int) -> Day:
    return _gregorian_day(number) if number >= FIRST_GREGORIAN_NUMBER else _julian_day(number)


_NO_LEAP = _of_equal_years(31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ALL_LEAP = _of_equal_years(31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_STANDARD = _Calendar(_standard_number, _standard_day, year_zero=False)
CALENDARS = {
    "": _STANDARD,
    "standard": _STANDARD,
    "gregorian": _STANDARD,
    "proleptic_gregorian": _Calendar(_gregorian_number, _gregorian_day),
    "julian": _Calendar(_julian_number, _julian_day, year_zero=False),
    "noleap": _NO_LEAP,
    "365_day": _NO_LEAP,
    "all_leap": _ALL_LEAP,
    "366_day": _ALL_LEAP,
    "360_day": _of_equal_years(*[30] * 12),
}
