"""``callcenter report``: the lists of a store, as a table, CSV or JSON."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar

from callcenter.billing.accounts import Account, center_account, margin_account, reseller_account
from callcenter.billing.credit import Funds, admits
from callcenter.billing.limits import admission_cost
from callcenter.center.inquiry import statement_of
from callcenter.cli.stores import open_existing, shop_in
from callcenter.cli.tables import print_report
from callcenter.errors import UsageError
from callcenter.files.shop import Shop
from callcenter.model.directory import GroupKind
from callcenter.model.ids import CenterId, ResellerId
from callcenter.model.money import ZERO
from callcenter.model.records import CallRecord, PartyKind
from callcenter.model.times import NEVER, Instant, Zone, instant, parse_date, parse_instant, zone
from callcenter.model.value import changed, value
from callcenter.ports import EntryOrder, Transaction
from callcenter.reports import books, lists
from callcenter.reports.table import Table

REPORTS: Final = (
    "charges",
    "stats",
    "calls",
    "sessions",
    "voicemail",
    "balance",
    "resellers",
    "adjustments",
    "statement",
)
"""The reports of this version, in the order of the help."""
FORMATS: Final = ("table", "csv", "json")
_ZONE: Final = "Asia/Shanghai"
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
        resellers: Likewise; a reseller that is asked for brings its centers.
        of_reseller: Whether a reseller was asked for.
        extensions: Whether visits to extension groups are among the call records; else those of login groups only (K6).
        known_at: Of a statement: as the books were known then; None: as they are.
    """

    centers: tuple[CenterId, ...]
    dates: Range
    resellers: tuple[ResellerId, ...] = ()
    of_reseller: bool = False
    extensions: bool = False
    known_at: Instant | None = None


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
    parser.add_argument("--store", required=True, metavar="STORE", help="cli.report.store")
    parser.add_argument("--center", metavar="ID", help="cli.report.center")
    parser.add_argument("--reseller", metavar="ID", help="cli.report.reseller")
    parser.add_argument("--from", dest="first", metavar="DATE", help="cli.report.from")
    parser.add_argument("--to", dest="last", metavar="DATE", help="cli.report.to")
    parser.add_argument("--extensions", action="store_true", help="cli.report.extensions")
    parser.add_argument("--known-at", metavar="INSTANT", help="cli.report.known_at")
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
            table = build(args.report, parts, shop, _chosen(args, shop, wanted))
    finally:
        store.close()
    print_report(table, args, args.format)
    return 0


def _chosen(args: argparse.Namespace, shop: Shop, dates: Range) -> Chosen:
    """Return what to report on.

    Raises:
        UsageError: E533, for a center and a reseller at once; E907, for one that the store has not.
    """
    if args.center is not None and args.reseller is not None:
        raise UsageError("E533", known="--center, --reseller")
    if args.center is not None and args.center not in shop.centers:
        raise UsageError("E907", name=args.center[:60], known=", ".join(shop.centers) or "—")
    if args.reseller is not None and args.reseller not in shop.resellers:
        raise UsageError("E531", name=args.reseller[:60], known=", ".join(shop.resellers) or "—")
    centers, resellers = tuple(shop.centers), tuple(shop.resellers)
    if args.center is not None:
        centers, resellers = (CenterId(args.center),), ()
    if args.reseller is not None:
        resellers = (ResellerId(args.reseller),)
        owners = ((center, shop.reseller_of(center)) for center in centers)
        centers = tuple(center for center, owner in owners if owner is not None and owner.id == args.reseller)
    return Chosen(
        centers=centers,
        resellers=resellers,
        of_reseller=args.reseller is not None,
        dates=dates,
        extensions=args.extensions,
        known_at=None if args.known_at is None else parse_instant(args.known_at),
    )


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
        case "voicemail":
            left = gathered(parts.records.voicemails)
            return lists.voicemail(sorted(left, key=lambda message: (message.at, message.call)), zones)
        case "resellers":
            return books.resellers([_reseller(parts, shop, reseller) for reseller in chosen.resellers])
        case "adjustments":
            return books.adjustments(sorted(_adjustments(parts, shop, chosen), key=_posted))
        case "statement":
            return _statement(parts, shop, chosen)
        case _:
            now = instant(datetime.now(tz=UTC))
            return lists.balances([standing(parts, shop, center, now) for center in chosen.centers])


def _zone_of(shop: Shop, reseller: ResellerId) -> Zone:
    """Return the zone in which a reseller's times are written: that of its first center."""
    for center in shop.centers.values():
        owner = shop.reseller_of(center.id)
        if owner is not None and owner.id == reseller:
            return zone(center.timezone)
    return zone(_ZONE)


def _accounts(shop: Shop, chosen: Chosen) -> list[tuple[Account, Zone]]:
    owned = [(reseller_account(reseller), _zone_of(shop, reseller)) for reseller in chosen.resellers]
    return [*owned, *((center_account(center), zone(shop.centers[center].timezone)) for center in chosen.centers)]


def _reseller(parts: Transaction, shop: Shop, reseller: ResellerId) -> books.ResellerStanding:
    return books.ResellerStanding(
        reseller=shop.resellers[reseller],
        balance=parts.ledger.balance(reseller_account(reseller)),
        margin=parts.ledger.balance(margin_account(reseller)),
    )


def _adjustments(parts: Transaction, shop: Shop, chosen: Chosen) -> Iterator[books.Adjustment]:
    for account, place in _accounts(shop, chosen):
        start, end = chosen.dates.instants(place.name)
        posted = parts.ledger.entries(account, _BEFORE_ALL, NEVER, EntryOrder.POSTED)
        for each in books.adjustments_of(account, posted, place):
            if start <= each.entry.recorded_at < end:
                yield each


def _posted(each: books.Adjustment) -> tuple[Instant, str]:
    return each.entry.recorded_at, each.entry.key


def _statement(parts: Transaction, shop: Shop, chosen: Chosen) -> Table:
    """Return the statement of the one account that is asked for.

    Raises:
        UsageError: E533, when none is named and there are several.
    """
    only = changed(chosen, centers=()) if chosen.of_reseller else changed(chosen, resellers=())
    accounts = _accounts(shop, only)
    if len(accounts) != 1:
        raise UsageError("E533", known="--center, --reseller")
    account, place = accounts[0]
    found = statement_of(parts, account, *chosen.dates.instants(place.name), chosen.known_at)
    return books.statement(found, place)


def standing(parts: Transaction, shop: Shop, center_id: CenterId, now: Instant) -> lists.Standing:
    """Return what a center has at an instant, and whether it is in arrears: a call now would be refused (C5)."""
    center = shop.centers[center_id]
    account = center_account(center_id)
    balance, held = parts.ledger.balance(account), parts.holds.held(account, now)
    plan = None if center.rate is None else shop.rates[center.rate]
    try:
        cost = ZERO if plan is None else admission_cost(now, plan, "", center.access_number)
    except UsageError:  # no version of the plan is in force: that is no want of money
        cost = ZERO
    funds = Funds(balance=balance, limit=center.credit_limit, held=held)
    return lists.Standing(center=center, balance=balance, held=held, arrears=not admits(funds, cost))
