"""The public holidays of China, by the package holidays: days off, and the weekend days worked in exchange.

The State Council announces each year late in the year before; the package is only as new as its release, so years
that were not announced yet have the statutory days and no exchange: 2027 and later are a projection (the extra
``[zh]``).
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

from callcenter.errors import MissingExtra
from callcenter.model.hours import Holidays

YEARS: Final = range(2001, 2051)
"""Of which days are known; before 2001 and after 2050 nothing is a holiday of this calendar."""


def calendar(name: str) -> Holidays:
    """Return a public calendar by the name that files use for it: ``cn``.

    Raises:
        MissingExtra: When the package is not installed.
    """
    return china(name)


@cache
def china(name: str = "cn") -> Holidays:
    """Return the days off of all known years, with the weekend days on which work is made up.

    Raises:
        MissingExtra: When the package is not installed.
    """
    try:
        import holidays
    except ImportError as error:
        raise MissingExtra(f"holidays {name}", "zh") from error
    known = holidays.country_holidays("CN", years=YEARS)
    worked: frozenset[date] = frozenset(known.weekend_workdays)
    return Holidays(dates=frozenset(known) - worked, workdays=worked)
