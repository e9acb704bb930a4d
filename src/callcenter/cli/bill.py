"""``callcenter bill``: what a center owes for a month, each line with its arithmetic; as text, JSON or PDF."""

from __future__ import annotations

import argparse
from typing import Any, Final

from callcenter.billing.minimum import month_end
from callcenter.center.archive import Archive
from callcenter.center.invoice import bill_of
from callcenter.cli.plugins import around
from callcenter.cli.ranges import month_first
from callcenter.cli.screen import print_json
from callcenter.cli.stores import open_existing
from callcenter.errors import UsageError
from callcenter.model.ids import CenterId
from callcenter.reports.bill import Bill, arithmetic, bill_lines
from callcenter.reports.lists import charges
from callcenter.reports.table import json_rows
from callcenter.texts import Language

DONE: Final = 0


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("bill", help="cli.command.bill", description="cli.command.bill")
    parser.add_argument("--store", required=True, metavar="STORE", help="cli.office.store")
    parser.add_argument("--center", required=True, metavar="ID", help="cli.report.center")
    parser.add_argument("--month", required=True, metavar="YYYY-MM", help="cli.bill.month")
    parser.add_argument("--pdf", metavar="OUT.pdf", help="cli.bill.pdf")
    parser.add_argument("--font", default="", metavar="FILE", help="cli.bill.font")


def run(args: argparse.Namespace) -> int:
    """Print the bill, or write it.

    Raises:
        UsageError: For a store, center, month or font that is none.
        MissingExtra: For a PDF without the extra.
    """
    month = month_first(args.month)
    store = open_existing(args.store)
    try:
        with store.transaction() as tx:
            archive = Archive(around().read)
            known = archive.shop(tx).centers
            if args.center not in known:
                raise UsageError("E907", name=args.center[:60], known=", ".join(known) or "—")
            bill = bill_of(tx, archive, CenterId(args.center), month, month_end(month))
    finally:
        store.close()
    if args.pdf:
        from callcenter.extras.pdf import write_pdf

        write_pdf(args.pdf, bill_lines(bill, args.lang), font=args.font)
    elif args.json:
        print_json(as_json(bill, args.center, args.lang))
    else:
        print("\n".join(bill_lines(bill, args.lang)))
    return DONE


def as_json(bill: Bill, center: str, language: Language) -> dict[str, Any]:
    """Return a bill as plain data, each line with its working."""
    rows = json_rows(charges([item.line for item in bill.lines], {CenterId(center): bill.zone}))
    return {
        "center": center,
        "from": bill.first.isoformat(),
        "to": bill.last.isoformat(),
        "before_fen": str(bill.before),
        "paid_fen": str(bill.paid),
        "total_fen": str(bill.total),
        "after_fen": str(bill.after),
        "lines": [{**row, "working": arithmetic(item, language)} for row, item in zip(rows, bill.lines, strict=True)],
    }
