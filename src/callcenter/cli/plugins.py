"""What users add to the library: rankings by the entry point ``callcenter.rankings``, and the calendars of an extra.

An entry point names a function as :data:`callcenter.routing.KeyOf` describes it. One that cannot be imported is as if
it were not there: the shop that names it is refused by name, and every other shop goes on.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import Final, TypedDict

from callcenter.center import Surroundings
from callcenter.center.surroundings import reading
from callcenter.extras.holidays_cn import calendar
from callcenter.model.hours import Holidays
from callcenter.routing import RANKINGS, KeyOf

GROUP: Final = "callcenter.rankings"


class Registered(TypedDict):
    """What the readers of shops and scenarios take."""

    holidays: Callable[[str], Holidays]
    rankings: frozenset[str]


@functools.cache
def rankings() -> Mapping[str, KeyOf]:
    """Return the rankings that installed packages register; those of the library cannot be replaced."""
    found: dict[str, KeyOf] = {}
    for point in entry_points(group=GROUP):
        if point.name in RANKINGS or point.name == "sticky":
            continue
        try:
            found[point.name] = point.load()
        except Exception:  # noqa: BLE001, S112 - a package of the user's, which may raise anything at its import
            continue
    return found


def registered() -> Registered:
    """Return what is registered, for the readers of files."""
    return Registered(holidays=calendar, rankings=frozenset(rankings()))


def around() -> Surroundings:
    """Return the surroundings of a host that knows what is registered."""
    return Surroundings(read=reading(**registered()), rankings=rankings())
