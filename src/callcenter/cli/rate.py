"""``callcenter rate``: what the calls of a CSV cost by a plan of a shop, and why.

Rows stream through: what comes out is what came in with ``seconds,billed_seconds,fen`` (or ``max_seconds``) beside it.
A row that cannot be rated is named on standard error and left out; the others are still rated.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Final, TextIO

from callcenter.billing.explain import explain, explain_json
from callcenter.billing.limits import max_usage
from callcenter.billing.plans import RatePlan
from callcenter.billing.rating import rate
from callcenter.errors import FileError, UsageError
from callcenter.extras.holidays_cn import calendar
from callcenter.files.calls import CallTable, Row
from callcenter.files.fields import Given
from callcenter.files.rates import check_schema, read_rates
from callcenter.files.reader import MAX_BYTES, listed, nearest, read_toml
from callcenter.model.money import Money, fen
from callcenter.model.times import Instant
from callcenter.texts import Language

DONE: Final = 0
SOME_ROWS_REFUSED: Final = 1
UNLIMITED: Final = "unlimited"

_Write = Callable[[Row], None]


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("rate", help="cli.command.rate", description="cli.command.rate")
    parser.add_argument("calls", metavar="CALLS.csv", help="cli.rate.calls")
    parser.add_argument("--shop", required=True, metavar="FILE", help="cli.rate.shop")
    parser.add_argument("--rate", required=True, metavar="NAME", help="cli.rate.rate")
    parser.add_argument("--explain", action="store_true", help="cli.rate.explain")
    parser.add_argument("--balance-fen", metavar="X", help="cli.rate.balance")
    parser.add_argument("--max", action="store_true", help="cli.rate.max")


def run(args: argparse.Namespace) -> int:
    """Rate the calls.

    Returns:
        0, or 1 when a row was refused.

    Raises:
        UsageError: For a plan, a file or options that cannot be used; nothing is rated then.
    """
    plan = _plan(args.shop, args.rate)
    balance = _balance(args)
    with _opened(args.calls) as lines:
        table = CallTable(lines, args.calls)
        writer = _Writer(args, table, plan, balance)
        return _each(table, writer, args.calls, args.lang)


def _each(table: CallTable, writer: _Writer, name: str, language: Language) -> int:
    code = DONE
    for row in table.rows():
        try:
            writer.write(row)
        except UsageError as error:
            code = SOME_ROWS_REFUSED
            print(f"{name}:{row.line}: {table.call_id(row)}: {error.what(language)}", file=sys.stderr)
    return code


class _Writer:
    """Rates a row and prints it in the form that was asked for; raises before it prints anything of a bad row."""

    def __init__(self, args: argparse.Namespace, table: CallTable, plan: RatePlan, balance: Money | None) -> None:
        self._table = table
        self._plan = plan
        self._balance = balance
        self._language: Language = args.lang
        self._csv = csv.writer(sys.stdout, lineterminator="\n")
        as_json = bool(args.json)
        if balance is not None:
            self.write: _Write = self._max_json if as_json else self._max
            more: tuple[str, ...] = ("max_seconds",)
        else:
            self.write = self._json if as_json else self._explained if args.explain else self._charge
            more = ("seconds", "billed_seconds", "fen")
        if not as_json and not (args.explain and balance is None):
            self._csv.writerow((*table.header, *more))

    def _charge(self, row: Row) -> None:
        charge = rate(self._table.usage(row), self._plan)
        self._csv.writerow((*row.cells, charge.seconds, charge.billed_seconds, charge.posted))

    def _explained(self, row: Row) -> None:
        charge = rate(self._table.usage(row), self._plan)
        print(f"{self._table.call_id(row)}\n{explain(charge, self._language)}\n")

    def _json(self, row: Row) -> None:
        charge = rate(self._table.usage(row), self._plan)
        _print_line({"call_id": self._table.call_id(row), **explain_json(charge)})

    def _max(self, row: Row) -> None:
        self._csv.writerow((*row.cells, self._longest(row)))

    def _max_json(self, row: Row) -> None:
        _print_line({"call_id": self._table.call_id(row), "max_seconds": self._longest(row)})

    def _longest(self, row: Row) -> int | str:
        usage = self._table.answer(row)
        assert usage.answered_at is not None
        assert self._balance is not None
        found = max_usage(self._balance, usage.answered_at, self._plan, usage.caller, usage.called)
        return UNLIMITED if found is None else found


def _print_line(data: dict[str, Any]) -> None:
    print(json.dumps(data, ensure_ascii=True))


def _plan(shop: str, name: str) -> RatePlan:
    root = read_toml(_read(shop), shop)
    check_schema(root)
    plans = read_rates(root, Given(today=Instant(0), holidays=calendar))
    if name not in plans:
        raise FileError("E107", f"{shop} rate", value=f'"{name[:60]}"', near=nearest(name, plans), known=listed(plans))
    return plans[name]


def _balance(args: argparse.Namespace) -> Money | None:
    """Return the balance; it and ``--max`` come together."""
    if (args.balance_fen is None) is args.max:
        raise UsageError("E475")
    return None if args.balance_fen is None else fen(args.balance_fen)


def _read(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise _not_opened(name, error) from None


@contextmanager
def _opened(name: str) -> Iterator[TextIO]:
    """Open a table of calls, or standard input for ``-``; bytes that are not UTF-8 come through as what they are."""
    if name == "-":
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape", newline="")
        yield sys.stdin
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(Path(name).open(encoding="utf-8", errors="surrogateescape", newline=""))
        except (OSError, ValueError) as error:
            raise _not_opened(name, error) from None
        yield file


def _not_opened(name: str, error: Exception) -> FileError:
    return FileError("E116", name[:200], reason=getattr(error, "strerror", None) or str(error))
