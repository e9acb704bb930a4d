"""``callcenter report``: the lists of a store, as a table, CSV or JSON."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar

from callcenter.billing.accounts import center_account
from callcenter.billing.credit import Funds, admits
from callcenter.billing.limits import admission_cost
from callcenter.cli.stores import open_existing, shop_in
from callcenter.cli.tables import print_report
from callcenter.errors import UsageError
from callcenter.files.shop import Shop
from callcenter.model.directory import GroupKind
from callcenter.model.ids import CenterId
from callcenter.model.money import ZERO
from callcenter.model.records import CallRecord, PartyKind
from callcenter.model.times import NEVER, Instant, instant, parse_date, zone
from callcenter.model.value import value
from callcenter.ports import Transaction
from callcenter.reports import lists
from callcenter.reports.table import Table

REPORTS: Final = ("charges", "stats", "calls", "sessions", "balance")
"""The reports of this version, in the order of the help."""
FORMATS: Final = ("table", "csv", "json")
_BEFORE_ALL: Final = Instant(-NEVER)

_Line = TypeVar("_Line")


@value
class Range:
    """Whole local dates; None: open on that side."""

    first: date | None
    last: date | None

    def instants(self, timezone: str) -> tuple[Instant, Instant]:
        """Return the range as instants [start, end) in a zone."""
        place = zone(timezone)
        start = _BEFORE_ALL if self.first is None else place.at(self.first)
        end = NEVER if self.last is None else place.at(self.last + timedelta(days=1))
        return start, end


@value
class Chosen:
    """What a report is about.

    Attributes:
        extensions: Whether visits to extension groups are among the call records; else those of login groups only (K6).
    """

    centers: tuple[CenterId, ...]
    dates: Range
    extensions: bool = False


def of_extensions(record: CallRecord, shop: Shop) -> bool:
    """Tell whether a visit was to an extension group; of a group that is gone, who answered tells."""
    group = shop.centers[record.center].groups.get(record.group)
    if group is not None:
        return group.kind is GroupKind.EXTENSION
    return record.party is not None and record.party.kind is PartyKind.EXTENSION


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("report", help="cli.command.report", description="cli.command.report")
    parser.add_argument("report", metavar="REPORT", help="cli.report.name")
    parser.add_argument("--store", required=True, metavar="sqlite:PATH", help="cli.report.store")
    parser.add_argument("--center", metavar="ID", help="cli.report.center")
    parser.add_argument("--from", dest="first", metavar="DATE", help="cli.report.from")
    parser.add_argument("--to", dest="last", metavar="DATE", help="cli.report.to")
    parser.add_argument("--extensions", action="store_true", help="cli.report.extensions")
    parser.add_argument("--format", choices=FORMATS, default="table", help="cli.report.format")


def run(args: argparse.Namespace) -> int:
    """Print a report.

    Raises:
        UsageError: For a report, store, center or date that is none.
    """
    if args.report not in REPORTS:
        raise UsageError("E906", name=args.report[:40], known=", ".join(REPORTS))
    wanted = Range(
        first=None if args.first is None else parse_date(args.first),
        last=None if args.last is None else parse_date(args.last),
    )
    store = open_existing(args.store)
    try:
        with store.transaction() as parts:
            shop = shop_in(parts, args.store)
            chosen = Chosen(centers=tuple(_centers(shop, args.center)), dates=wanted, extensions=args.extensions)
            table = build(args.report, parts, shop, chosen)
    finally:
        store.close()
    print_report(table, args, args.format)
    return 0


def _centers(shop: Shop, asked: str | None) -> list[CenterId]:
    """Return the centers to report on.

    Raises:
        UsageError: E907, for one that the store has not.
    """
    if asked is None:
        return list(shop.centers)
    if asked not in shop.centers:
        raise UsageError("E907", name=asked[:60], known=", ".join(shop.centers) or "—")
    return [CenterId(asked)]


def build(name: str, parts: Transaction, shop: Shop, chosen: Chosen) -> Table:
    """Return a report over some centers of a store."""
    zones = {center: zone(shop.centers[center].timezone) for center in chosen.centers}

    def gathered(read: Callable[[CenterId, Instant, Instant], Sequence[_Line]]) -> list[_Line]:
        ranges = ((center, *chosen.dates.instants(shop.centers[center].timezone)) for center in chosen.centers)
        return [line for center, start, end in ranges for line in read(center, start, end)]

    match name:
        case "charges":
            lines = gathered(parts.records.charges)
            return lists.charges(sorted(lines, key=lambda line: (line.answered_at or line.ended_at, line.key)), zones)
        case "stats":
            return lists.stats(gathered(parts.records.charges))
        case "calls":
            visits = gathered(parts.records.calls)
            records = [record for record in visits if chosen.extensions or not of_extensions(record, shop)]
            return lists.calls(sorted(records, key=lambda record: (record.queued_at, record.call)), zones)
        case "sessions":
            worked = gathered(parts.records.sessions)
            return lists.sessions(sorted(worked, key=lambda session: (session.login_at, session.agent)), zones)
        case _:
            now = instant(datetime.now(tz=UTC))
            return lists.balances([standing(parts, shop, center, now) for center in chosen.centers])


def standing(parts: Transaction, shop: Shop, center_id: CenterId, now: Instant) -> lists.Standing:
    """Return what a center has at an instant, and whether it is in arrears: a call now would be refused (C5)."""
    center = shop.centers[center_id]
    account = center_account(center_id)
    balance, held = parts.ledger.balance(account), parts.holds.held(account, now)
    plan = None if center.rate is None else shop.rates[center.rate]
    cost = ZERO if plan is None else admission_cost(now, plan, "", center.access_number)
    funds = Funds(balance=balance, limit=center.credit_limit, held=held)
    return lists.Standing(center=center, balance=balance, held=held, arrears=not admits(funds, cost))
