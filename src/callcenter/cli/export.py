"""``callcenter export``: lists as files (:mod:`callcenter.cli.export_lists`), and copies of months for large questions.

The charges of whole months are copied into Parquet, added up, and rated anew (extra ``scale``).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from callcenter.billing.plans import RatePlan
from callcenter.center.surroundings import reading
from callcenter.cli import export_lists
from callcenter.cli.plugins import registered
from callcenter.cli.ranges import month_first
from callcenter.cli.screen import print_json
from callcenter.cli.sources import load_shop
from callcenter.cli.stores import open_existing, shop_in
from callcenter.cli.tables import print_report
from callcenter.errors import FileError
from callcenter.extras.scale import Copies, Rerated, Total
from callcenter.extras.scale_copy import write_parquet
from callcenter.files.reader import listed, nearest
from callcenter.files.shop import Shop
from callcenter.model.directory import CallCenter
from callcenter.model.ids import CenterId
from callcenter.model.money import ZERO
from callcenter.model.records import ChargeLine
from callcenter.model.times import zone
from callcenter.ports import Store, Transaction
from callcenter.reports.table import Form, Table, columns
from callcenter.texts import say

DONE: Final = 0
FORMATS: Final = ("table", "csv", "json")


def register(subparsers: Any) -> None:
    """Add the parser of the command and of what can be done with copies."""
    parser = subparsers.add_parser("export", help="cli.command.export", description="cli.command.export")
    actions = parser.add_subparsers(dest="action", required=True, metavar="LIST|parquet|totals|rerate")
    copy = actions.add_parser("parquet", help="cli.export.parquet", description="cli.export.parquet")
    copy.add_argument("--store", required=True, metavar="STORE", help="cli.report.store")
    totals = actions.add_parser("totals", help="cli.export.totals", description="cli.export.totals")
    again = actions.add_parser("rerate", help="cli.export.rerate", description="cli.export.rerate")
    again.add_argument("--shop", required=True, metavar="FILE", help="cli.rate.shop")
    again.add_argument("--rate", required=True, metavar="NAME", help="cli.rate.rate")
    for action in (copy, totals, again):
        action.add_argument("folder", metavar="FOLDER", help="cli.export.folder")
        action.add_argument("--from", dest="first", metavar="MONTH", help="cli.export.from")
        action.add_argument("--to", dest="last", metavar="MONTH", help="cli.export.to")
    for action in (totals, again):
        action.add_argument("--format", choices=FORMATS, default="table", help="cli.report.format")
    export_lists.register(actions)


def run(args: argparse.Namespace) -> int:
    """Copy, add up, or rate anew.

    Raises:
        UsageError: For a store, folder, month or plan that is none.
        MissingExtra: When duckdb is not installed.
    """
    if args.action in export_lists.LISTS:
        return export_lists.run(args)
    first, last = (None if month is None else month_first(month) for month in (args.first, args.last))
    if args.action == "parquet":
        return _copy(args, first, last)
    months = {name: f"{day:%Y-%m}" for name, day in (("first", first), ("last", last)) if day is not None}
    with Copies(args.folder) as copies:
        if args.action == "totals":
            table = totals_table(copies.totals(**months))
        else:
            table = rerated_table(copies.rerated(_plan(load_shop(args.shop), args), **months))
    print_report(table, args, args.format)
    return DONE


def _copy(args: argparse.Namespace, first: date | None, last: date | None) -> int:
    store = open_existing(args.store)
    try:
        with store.transaction() as parts:
            shop_in(parts, args.store)
            centers = _centers(parts)
        zones = {id: zone(center.timezone) for id, center in centers.items()}
        copied = write_parquet(_lines(store, centers, first, last), args.folder, zones)
    finally:
        store.close()
    if args.json:
        print_json({"lines": copied.lines, "months": list(copied.months)})
    else:
        print(say("cli.export.done", args.lang, lines=copied.lines, months=", ".join(copied.months) or "—"))
    return DONE


def _centers(parts: Transaction) -> Mapping[CenterId, CallCenter]:
    """Return every center that ever was, as it was last: what one that is gone was charged is still to be copied."""
    read, found = reading(**registered()), dict[CenterId, CallCenter]()
    for version in parts.shop.versions():
        found.update(read(json.loads(version.text), version.at).centers)
    return found


def _lines(
    store: Store, centers: Mapping[CenterId, CallCenter], first: date | None, last: date | None
) -> Iterator[ChargeLine]:
    """Yield the charge lines of some months, a month of a center at a time, so that calls go on between them."""
    last = last or datetime.now(tz=UTC).date().replace(day=1)
    for center in centers.values():
        place = zone(center.timezone)
        month = first or (center.created or date(1970, 1, 1)).replace(day=1)
        while month <= last:
            following = _next(month)
            with store.transaction() as parts:
                found = parts.records.charges(center.id, place.at(month), place.at(following))
            yield from found
            month = following


def _next(month: date) -> date:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def _plan(shop: Shop, args: argparse.Namespace) -> RatePlan:
    """Return the plan that is asked for.

    Raises:
        FileError: E107, for one that the file has not.
    """
    if args.rate not in shop.rates:
        known = listed(shop.rates)
        value = f'"{args.rate[:60]}"'
        raise FileError("E107", f"{args.shop} rate", value=value, near=nearest(args.rate, shop.rates), known=known)
    return shop.rates[args.rate]


def totals_table(totals: tuple[Total, ...]) -> Table:
    """Return totals as a report."""
    return Table(
        name="totals",
        columns=columns("center month kind lines seconds fen", lines=Form.COUNT, seconds=Form.COUNT, fen=Form.MONEY),
        rows=tuple(
            (each.center, each.month, each.kind.value, each.lines, each.seconds, each.amount) for each in totals
        ),
        totals=(
            ("lines", sum(each.lines for each in totals)),
            ("amount", sum((each.amount for each in totals), ZERO)),
        ),
    )


def rerated_table(found: tuple[Rerated, ...]) -> Table:
    """Return what was rated anew as a report."""
    forms = {"talks": Form.COUNT, **dict.fromkeys(("posted_fen", "rerated_fen", "more_fen"), Form.MONEY)}
    return Table(
        name="rerated",
        columns=columns("center month talks posted_fen rerated_fen more_fen by", **forms),
        rows=tuple(
            (each.center, each.month, each.talks, each.before, each.after, each.after - each.before, each.by.value)
            for each in found
        ),
        totals=(
            ("talks", sum(each.talks for each in found)),
            ("before", sum((each.before for each in found), ZERO)),
            ("after", sum((each.after for each in found), ZERO)),
        ),
    )
