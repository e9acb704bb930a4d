"""The days off of China, as two packages that know nothing of each other have them; needs the extra ``zh``.

Run by ``make lowest``, in an environment with python-dateutil 2, which the package ``holidays`` asks for.
"""

from __future__ import annotations

import os
from datetime import date, timedelta

import pytest

from callcenter.extras.holidays_cn import china
from callcenter.model.hours import Holidays

REQUIRED = "CALLCENTER_LOWEST" in os.environ
DISPUTED = {date(2005, 12, 31)}
"""A Saturday worked for the New Year of 2006, which one of the two does not know of."""


def installed(name: str) -> object:
    if REQUIRED:
        return __import__(name)
    return pytest.importorskip(name)


def is_off(day: date, known: Holidays) -> bool:
    return day in known.dates or (day.weekday() >= 5 and day not in known.workdays)


def test_both_have_the_same_days_off_from_2004_to_2026() -> None:
    """8 401 days, of which one is disputed; what comes after 2026 was not announced when this was written."""
    installed("holidays")
    other = installed("chinese_calendar")
    days = [date(2004, 1, 1) + timedelta(number) for number in range((date(2027, 1, 1) - date(2004, 1, 1)).days)]
    known = china()
    differ = {day for day in days if is_off(day, known) != other.is_holiday(day)}  # type: ignore[attr-defined]
    assert differ == DISPUTED
    assert len(days) == 8401
