"""``callcenter settle``: the rents and minimums of a store through a date, each line once however often it is run."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from callcenter.center.office import Office
from callcenter.center.settling import Settlement
from callcenter.cli.plugins import around
from callcenter.cli.screen import print_json
from callcenter.cli.stores import open_existing
from callcenter.model.money import ZERO
from callcenter.model.times import instant, parse_date, parse_instant
from callcenter.texts import Language, say

DONE: Final = 0
WAITS: Final = 1
_PATIENCE_S: Final = 1.0


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("settle", help="cli.command.settle", description="cli.command.settle")
    parser.add_argument("--store", required=True, metavar="STORE", help="cli.office.store")
    parser.add_argument("--through", required=True, metavar="DATE", help="cli.settle.through")
    parser.add_argument("--now", metavar="INSTANT", help="cli.settle.now")
    parser.add_argument("--dry-run", action="store_true", help="cli.settle.dry_run")


def run(args: argparse.Namespace) -> int:
    """Settle.

    Returns:
        0, or 1 when a line waits, or when the date has not come.
    """
    through = parse_date(args.through)
    now = None if args.now is None else parse_instant(args.now)
    store = open_existing(args.store)
    try:
        office = Office(store, around().read)
        clock = instant(datetime.now(tz=UTC))
        done = office.settle(through, clock=clock, now=now, dry_run=args.dry_run, progress=Patience(args.lang).hear)
    finally:
        store.close()
    if args.json:
        print_json(as_json(done))
    elif not done.too_early:
        print("\n".join(_lines(done, args.lang, "office.would_settle" if args.dry_run else "office.settled")))
    if done.too_early:
        print(say("office.too_early", args.lang, through=args.through, zone=done.too_early), file=sys.stderr)
    return WAITS if done.failed or done.too_early else DONE


class Patience:
    """Tells how far the work is, on standard error, once it takes more than a second, and then each second."""

    def __init__(self, language: Language) -> None:
        self._language: Final[Language] = language
        self._told = time.monotonic()

    def hear(self, done: int, of: int) -> None:
        """Take note of how many lines of how many are done."""
        now = time.monotonic()
        if now - self._told > _PATIENCE_S:
            self._told = now
            print(say("office.progress", self._language, done=done, of=of), file=sys.stderr)


def as_json(done: Settlement) -> dict[str, Any]:
    """Return a settlement as plain data."""
    return {
        "through": done.through.isoformat(),
        "posted": [
            {
                "key": line.key,
                "kind": line.kind.value,
                "center": line.center,
                "date": line.day.isoformat(),
                "fen": str(line.amount),
            }
            for line in done.posted
        ],
        "already": list(done.already),
        "failed": [{"key": failure.key, "reason": failure.reason} for failure in done.failed],
    }


def _lines(done: Settlement, language: Language, key: str) -> Iterator[str]:
    for line in done.posted:
        yield f"{line.key}  {line.amount}"
    for failure in done.failed:
        yield say(f"office.waits.{failure.reason}", language, line=failure.key)
    yield say(
        key,
        language,
        through=done.through.isoformat(),
        posted=len(done.posted),
        fen=sum((line.amount for line in done.posted), ZERO),
        already=len(done.already),
        failed=len(done.failed),
    )
