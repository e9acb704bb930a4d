"""What is asked of a list on the command line: of which centers, between which dates, of whom.

Dates are local to each center, so centers of different zones are asked apart and their lines merged by time. A page by
its number is one list and not several: it is of centers that share a zone.
"""

from __future__ import annotations

import argparse
import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from callcenter.cli.ranges import Chosen, accounts_of
from callcenter.errors import UsageError
from callcenter.files.shop import Shop
from callcenter.model.directory import GroupKind
from callcenter.model.ids import AgentId, CenterId, GroupId
from callcenter.model.listing import (
    BookFilter,
    CallFilter,
    ChargeFilter,
    Found,
    RejectedFilter,
    SessionFilter,
    Slice,
    each,
    page,
)
from callcenter.model.numbers import matched
from callcenter.model.records import ChargeKind, RecordOutcome
from callcenter.model.times import Instant, Zone, zone
from callcenter.ports import Store
from callcenter.ports_lists import Lists
from callcenter.reports import sheets, totals as sums
from callcenter.reports.books import Adjustment
from callcenter.reports.sheets import Sheet
from callcenter.reports.table import Table

LISTS: Final = ("charges", "stats", "calls", "sessions", "rejected", "adjustments")
"""What can be asked so."""
OPTIONS: Final = {
    "group": ("calls", "sessions"),
    "agent": ("calls", "sessions"),
    "number": ("charges", "stats", "calls", "rejected"),
    "phone": ("charges", "stats", "calls", "sessions"),
    "access_number": ("charges", "stats", "calls", "rejected"),
    "kind": ("charges",),
    "outcome": ("calls",),
}
"""Which lists an option narrows."""
_ORDERS: Final[dict[str, Callable[[Any], tuple[Instant, str]]]] = {
    "charges": lambda line: (line.answered_at if line.kind is ChargeKind.CALL else line.ended_at, line.key),
    "calls": lambda record: (record.queued_at, record.call),
    "sessions": lambda session: (session.login_at, session.agent),
    "rejected": lambda call: (call.at, call.call),
    "adjustments": lambda each: (each.entry.recorded_at, each.entry.key),
}


def add_options(parser: Any) -> None:
    """Add the options by which a list is narrowed."""
    parser.add_argument("--group", metavar="ID", help="cli.asked.group")
    parser.add_argument("--agent", metavar="ID", help="cli.asked.agent")
    parser.add_argument("--number", metavar="NUMBER", help="cli.asked.number")
    parser.add_argument("--phone", metavar="NUMBER", help="cli.asked.phone")
    parser.add_argument("--access-number", metavar="NUMBER", help="cli.asked.access_number")
    parser.add_argument("--kind", choices=[kind.value for kind in ChargeKind], help="cli.asked.kind")
    parser.add_argument("--outcome", choices=[outcome.value for outcome in RecordOutcome], help="cli.asked.outcome")


def is_asked(args: argparse.Namespace) -> bool:
    """Return whether a list is narrowed by any option."""
    return any(getattr(args, name) is not None for name in OPTIONS)


def filters(name: str, args: argparse.Namespace, shop: Shop, chosen: Chosen) -> list[Any]:
    """Return the filters of a list, one for each zone.

    Args:
        name: One of LISTS.
        args: With the options.
        shop: Whose zones and groups count.
        chosen: Centers, resellers and dates.

    Raises:
        UsageError: E908, for an option that does not apply to this list.
    """
    for option, narrowed in OPTIONS.items():
        if getattr(args, option) is not None and name not in narrowed:
            raise UsageError("E908", option=f"--{option.replace('_', '-')}", name=name, known=", ".join(narrowed))
    if name == "adjustments":
        return [
            BookFilter(accounts=tuple(accounts), start=start, end=end)
            for accounts, start, end in _by_zone(accounts_of(shop, chosen), chosen)
        ]
    zones = [(center, zone(shop.centers[center].timezone)) for center in chosen.centers]
    made = _MADE[name]
    return [made(args, shop, chosen, tuple(of), start, end) for of, start, end in _by_zone(zones, chosen)]


def _by_zone(scope: Sequence[tuple[Any, Zone]], chosen: Chosen) -> Iterator[tuple[list[Any], Instant, Instant]]:
    zones: dict[str, list[Any]] = {}
    for one, place in scope:
        zones.setdefault(place.name, []).append(one)
    for name, members in zones.items():
        yield members, *chosen.dates.instants(name)


def _calls(
    args: argparse.Namespace, shop: Shop, chosen: Chosen, centers: tuple[CenterId, ...], start: Instant, end: Instant
) -> CallFilter:
    without = [
        (center, group.id)
        for center in centers
        for group in shop.centers[center].groups.values()
        if group.kind is GroupKind.EXTENSION
    ]
    return CallFilter(
        centers=centers,
        start=start,
        end=end,
        group=None if args.group is None else GroupId(args.group),
        agent=_agent(args.agent, shop, centers),
        caller=_number(args.number),
        phone=_number(args.phone),
        access_number=args.access_number,
        outcome=None if args.outcome is None else RecordOutcome(args.outcome),
        without_extensions=None if chosen.extensions else tuple(without),
    )


def _charges(
    args: argparse.Namespace, shop: Shop, chosen: Chosen, centers: tuple[CenterId, ...], start: Instant, end: Instant
) -> ChargeFilter:
    return ChargeFilter(
        centers=centers,
        start=start,
        end=end,
        kind=None if args.kind is None else ChargeKind(args.kind),
        caller=_number(args.number),
        phone=_number(args.phone),
        access_number=args.access_number,
    )


def _sessions(
    args: argparse.Namespace, shop: Shop, chosen: Chosen, centers: tuple[CenterId, ...], start: Instant, end: Instant
) -> SessionFilter:
    return SessionFilter(
        centers=centers,
        start=start,
        end=end,
        group=None if args.group is None else GroupId(args.group),
        agent=_agent(args.agent, shop, centers),
        phone=_number(args.phone),
    )


def _rejected(
    args: argparse.Namespace, shop: Shop, chosen: Chosen, centers: tuple[CenterId, ...], start: Instant, end: Instant
) -> RejectedFilter:
    return RejectedFilter(
        centers=centers, start=start, end=end, caller=_number(args.number), access_number=args.access_number
    )


_MADE: Final[dict[str, Callable[..., Any]]] = {
    "calls": _calls,
    "charges": _charges,
    "stats": _charges,
    "sessions": _sessions,
    "rejected": _rejected,
}


def _number(text: str | None) -> str | None:
    """Return a number as callers' numbers are kept."""
    return None if text is None else matched(text)


def _agent(asked: str | None, shop: Shop, centers: Sequence[CenterId]) -> AgentId | None:
    """Return the id of an agent as the shop writes it, whatever the case of the letters that were typed."""
    if asked is None:
        return None
    known = (agent for center in centers for agent in shop.centers[center].agents)
    return next((agent for agent in known if agent.casefold() == asked.casefold()), AgentId(asked))


def lines(store: Store, name: str, asked: Sequence[Any]) -> Iterator[Any]:
    """Yield all lines of a list, oldest first, each part in a transaction of its own: nobody waits for the whole."""

    def read(one: Any, part: Slice[Any]) -> Found[Any]:
        with store.transaction() as parts:
            return _read(parts.lists, name, one, part)

    return _merged(name, [partial(read, one) for one in asked])


def lines_in(of: Lists, name: str, asked: Sequence[Any]) -> Iterator[Any]:
    """Yield all lines of a list, oldest first, in the transaction that is open."""
    return _merged(name, [partial(_read, of, name, one) for one in asked])


def _merged(name: str, readers: Sequence[Callable[[Slice[Any]], Found[Any]]]) -> Iterator[Any]:
    return heapq.merge(*(each(read) for read in readers), key=_ORDERS[name])


def _read(of: Lists, name: str, one: Any, part: Slice[Any]) -> Found[Any]:
    found: Found[Any] = getattr(of, name)(one, part)
    return found


def read_page(of: Lists, name: str, asked: Sequence[Any], number: int) -> tuple[list[Any], int]:
    """Return the lines of a page by its number, newest first, and how many rows a page has.

    Raises:
        UsageError: E442; E909, for centers of several zones.
    """
    if len(asked) > 1:
        raise UsageError("E909", zones=len(asked))
    part: Slice[Any] = page(number)
    return [line for one in asked for line in _read(of, name, one, part).rows], part.size


def totals(of: Lists, name: str, asked: Sequence[Any]) -> sums.Totals:
    """Return the totals of a whole list."""
    match name:
        case "charges":
            return sums.of_charges([of.charge_totals(one) for one in asked])
        case "calls":
            return sums.of_calls([of.call_totals(one) for one in asked])
        case "sessions":
            return sums.of_sessions([of.session_totals(one) for one in asked])
        case "rejected":
            return sums.of_rejected([of.rejected_count(one) for one in asked])
        case _:
            return sums.of_adjustments([of.adjustment_totals(one) for one in asked])


def sheet(name: str, found: Iterable[Any], shop: Shop, chosen: Chosen) -> Sheet:
    """Return the lines of a list as a sheet."""
    zones = {center: zone(shop.centers[center].timezone) for center in chosen.centers}
    match name:
        case "charges":
            return sheets.charges(found, zones)
        case "calls":
            return sheets.calls(found, zones)
        case "sessions":
            return sheets.sessions(found, zones)
        case "rejected":
            return sheets.rejected(found, zones)
        case _:
            places = dict(accounts_of(shop, chosen))
            return sheets.adjustments(
                Adjustment(account=one.account, entry=one.entry, before=one.before, zone=places[one.account])
                for one in found
            )


def table(of: Lists, name: str, found: Iterable[Any], shop: Shop, chosen: Chosen, asked: Sequence[Any]) -> Table:
    """Return lines of a list as a report, with the totals of the whole list."""
    made = sheet(name, found, shop, chosen)
    return Table(name=name, columns=made.columns, rows=tuple(made.rows), totals=totals(of, name, asked))


def count(of: Lists, name: str, asked: Sequence[Any]) -> int:
    """Return how many lines a list has."""
    if name == "rejected":
        return sum(of.rejected_count(one) for one in asked)
    total: dict[str, Callable[[Any], Any]] = {
        "charges": of.charge_totals,
        "calls": of.call_totals,
        "sessions": of.session_totals,
        "adjustments": of.adjustment_totals,
    }
    return sum(total[name](one).lines for one in asked)
