"""``callcenter report``: the lists of a store, as a table, CSV or JSON."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from callcenter.billing.accounts import center_account, margin_account, reseller_account
from callcenter.billing.credit import Funds, admits
from callcenter.billing.limits import admission_cost
from callcenter.center.inquiry import statement_of
from callcenter.cli import asked, ranges
from callcenter.cli.ranges import BEFORE_ALL, Chosen, accounts_of, chosen_of, dates_of
from callcenter.cli.stores import open_existing, shop_in
from callcenter.cli.tables import print_report
from callcenter.errors import UsageError
from callcenter.files.shop import Shop
from callcenter.model.directory import GroupKind
from callcenter.model.ids import CenterId, ResellerId
from callcenter.model.money import ZERO
from callcenter.model.records import CallRecord, PartyKind
from callcenter.model.times import NEVER, Instant, instant, zone
from callcenter.model.value import changed
from callcenter.ports import EntryOrder, Transaction
from callcenter.reports import books, lists
from callcenter.reports.table import Table
from callcenter.reports.totals import statistics
from callcenter.texts import say

REPORTS: Final = (
    "charges",
    "stats",
    "calls",
    "sessions",
    "rejected",
    "voicemail",
    "balance",
    "resellers",
    "adjustments",
    "statement",
)
"""The reports of this version, in the order of the help."""
FORMATS: Final = ("table", "csv", "json", "xlsx")

_Line = TypeVar("_Line")


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
    ranges.add_options(parser)
    asked.add_options(parser)
    parser.add_argument("--page", type=int, metavar="N", help="cli.report.page")
    parser.add_argument("--known-at", metavar="INSTANT", help="cli.report.known_at")
    parser.add_argument("--out", metavar="FILE", help="cli.report.out")
    parser.add_argument("--format", choices=FORMATS, default="table", help="cli.report.format")


def run(args: argparse.Namespace) -> int:
    """Print a report.

    Raises:
        UsageError: For a report, store, center or date that is none; E908, for a file of rows that are printed.
    """
    if args.report not in REPORTS:
        raise UsageError("E906", name=args.report[:40], known=", ".join(REPORTS))
    if args.out is not None and args.format != "xlsx":
        known = "--format xlsx, callcenter export --out"
        raise UsageError("E908", option="--out", name=f"--format {args.format}", known=known)
    dates = dates_of(args)
    store = open_existing(args.store)
    try:
        with store.transaction() as parts:
            shop = shop_in(parts, args.store)
            chosen = chosen_of(args, shop, dates)
            if args.page is None and not asked.is_asked(args) and args.report != "rejected":
                table, foot = build(args.report, parts, shop, chosen), ""
            else:
                table, foot = narrowed(args, parts, shop, chosen)
    finally:
        store.close()
    print_report(table, args, args.format, foot)
    return 0


def narrowed(args: argparse.Namespace, parts: Transaction, shop: Shop, chosen: Chosen) -> tuple[Table, str]:
    """Return a report that is narrowed to a page, to an agent, to a number …, and what is said of the page.

    A page is newest first, as on a console, and its totals are those of the whole list.

    Raises:
        UsageError: E906, for a report that has no pages; E442, E908, E909.
    """
    name = args.report
    if name not in asked.LISTS:
        raise UsageError("E906", name=f"{name} --page"[:40], known=", ".join(asked.LISTS))
    wanted = asked.filters(name, args, shop, chosen)
    of = parts.lists
    if name == "stats":
        return statistics(one for each in wanted for one in of.phone_sums(each)), ""
    if args.page is None:
        return asked.table(of, name, asked.lines_in(of, name, wanted), shop, chosen, wanted), ""
    found, size = asked.read_page(of, name, wanted, args.page)
    rows = asked.count(of, name, wanted)
    foot = say("cli.report.page_of", args.lang, page=args.page, pages=max(1, -(-rows // size)), rows=rows)
    return asked.table(of, name, found, shop, chosen, wanted), foot


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


def _reseller(parts: Transaction, shop: Shop, reseller: ResellerId) -> books.ResellerStanding:
    return books.ResellerStanding(
        reseller=shop.resellers[reseller],
        balance=parts.ledger.balance(reseller_account(reseller)),
        margin=parts.ledger.balance(margin_account(reseller)),
    )


def _adjustments(parts: Transaction, shop: Shop, chosen: Chosen) -> Iterator[books.Adjustment]:
    for account, place in accounts_of(shop, chosen):
        start, end = chosen.dates.instants(place.name)
        posted = parts.ledger.entries(account, BEFORE_ALL, NEVER, EntryOrder.POSTED)
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
    accounts = accounts_of(shop, only)
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
