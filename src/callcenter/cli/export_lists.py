"""``callcenter export LIST``: a list of a store as a file, row after row, oldest first.

The file appears under its name when it is whole; what was there before stays until then. Long lists are read part by
part, so that a center goes on taking calls while a year of them is written.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from callcenter.cli import asked, ranges
from callcenter.cli.ranges import Chosen, chosen_of, dates_of
from callcenter.cli.report import build
from callcenter.cli.stores import open_existing, shop_in
from callcenter.cli.tables import write_sheet
from callcenter.errors import UsageError
from callcenter.files.shop import Shop
from callcenter.ports import Store
from callcenter.reports import directory
from callcenter.reports.sheets import Sheet, counted, csv_lines, sheet_of
from callcenter.reports.totals import statistics
from callcenter.texts import Language, say

DONE: Final = 0
FORMATS: Final = ("csv", "xlsx")
STREAMED: Final = ("charges", "calls", "sessions", "rejected", "adjustments")
WHOLE: Final = ("stats", "voicemail", "statement", "balance", "resellers")
ENTITIES: Final = ("centers", "enterprises", "groups", "agents", "extensions", "vips", "blacklists")
LISTS: Final = (*STREAMED, *WHOLE, *ENTITIES)
_PATIENCE_S: Final = 1.0
_BETWEEN_S: Final = 0.5


def register(actions: Any) -> None:
    """Add a parser for each list."""
    for name in LISTS:
        parser = actions.add_parser(name, help=f"report.{name}", description="cli.export.list")
        parser.add_argument("--store", required=True, metavar="STORE", help="cli.report.store")
        parser.add_argument("--out", default="-", metavar="FILE", help="cli.export.file")
        parser.add_argument("--format", choices=FORMATS, help="cli.export.format")
        parser.add_argument("--excel", action="store_true", help="cli.export.excel")
        ranges.add_options(parser)
        asked.add_options(parser)


def run(args: argparse.Namespace) -> int:
    """Write a list.

    Raises:
        UsageError: For a store, center, date or option that is none, and a file that cannot be written.
        MissingExtra: For a workbook without the extra.
    """
    form = args.format or ("xlsx" if args.out.lower().endswith(".xlsx") else "csv")
    if form == "xlsx" and args.out == "-":
        raise UsageError("E910")
    store = open_existing(args.store)
    try:
        sheet, total = _sheet(args, store)
        told = counted(sheet, _Progress(total, args.lang).tell)
        if args.out == "-":
            for line in _csv(told, args):
                sys.stdout.write(line)
            return DONE
        with _whole_or_not(args.out) as path:
            rows = write_sheet(told, path, args.lang) if form == "xlsx" else _write_csv(told, path, args)
    finally:
        store.close()
    print(say("cli.export.written", args.lang, path=args.out, rows=rows), file=sys.stderr)
    return DONE


def _sheet(args: argparse.Namespace, store: Store) -> tuple[Sheet, int | None]:
    """Return a list as a sheet, and how many rows it has, if that is known before."""
    name = args.action
    with store.transaction() as parts:
        shop = shop_in(parts, args.store)
        chosen = chosen_of(args, shop, dates_of(args))
        if name not in asked.LISTS and asked.is_asked(args):
            raise UsageError("E908", option="--group, --agent, --number …", name=name, known=", ".join(asked.LISTS))
        if name in ENTITIES:
            return _entities(name, shop, chosen, parts.ledger.balance), None
        if name == "stats":
            sums = [one for each in asked.filters(name, args, shop, chosen) for one in parts.lists.phone_sums(each)]
            return sheet_of(statistics(sums)), None
        if name in WHOLE:
            return sheet_of(build(name, parts, shop, chosen)), None
        wanted = asked.filters(name, args, shop, chosen)
        total = asked.count(parts.lists, name, wanted)
    return asked.sheet(name, asked.lines(store, name, wanted), shop, chosen), total


def _entities(name: str, shop: Shop, chosen: Chosen, balance: Any) -> Sheet:
    if name == "centers":
        return directory.centers(shop, chosen.centers, balance)
    made: Sheet = getattr(directory, name)(shop, chosen.centers)
    return made


def _csv(sheet: Sheet, args: argparse.Namespace) -> Iterator[str]:
    return csv_lines(sheet, args.lang if args.excel else None, excel=args.excel)


def _write_csv(sheet: Sheet, path: str, args: argparse.Namespace) -> int:
    """Write CSV and return how many rows it has."""
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        rows = -1  # the first line has the headings
        for line in _csv(sheet, args):
            file.write(line)
            rows += 1
    return rows


@contextmanager
def _whole_or_not(path: str) -> Iterator[str]:
    """Give a file beside the one that is wanted, which takes its place in the end.

    Raises:
        UsageError: E903.
    """
    beside = Path(f"{path}.part")
    try:
        yield str(beside)
        beside.replace(path)
    except OSError as error:
        raise UsageError("E903", path=path[:200], reason=error.strerror or str(error)) from None
    finally:
        beside.unlink(missing_ok=True)


class _Progress:
    """Says on standard error how far it is, when it takes longer than a second."""

    def __init__(self, total: int | None, language: Language) -> None:
        self._total, self._language = total, language
        self._next = time.monotonic() + _PATIENCE_S

    def tell(self, rows: int) -> None:
        """Say how many rows have passed, unless that was said just now."""
        now = time.monotonic()
        if self._total is None or now < self._next:
            return
        self._next = now + _BETWEEN_S
        said = say("cli.export.rows", self._language, rows=rows, total=self._total)
        print(said, end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)
