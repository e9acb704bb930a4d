"""``callcenter close``: the last step of the end of a center: what is left goes back, once all of it is settled (P3)."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import Any, Final

from callcenter.billing.entries import Act
from callcenter.billing.ledger import Outcome
from callcenter.center.closing import Closing
from callcenter.center.office import Office
from callcenter.cli.plugins import around
from callcenter.cli.screen import print_json
from callcenter.cli.stores import open_existing
from callcenter.cli.topup import OPERATOR
from callcenter.model.ids import CenterId
from callcenter.model.times import instant, parse_instant
from callcenter.texts import Language, say

DONE: Final = 0
REFUSED: Final = 1


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("close", help="cli.command.close", description="cli.command.close")
    parser.add_argument("--store", required=True, metavar="STORE", help="cli.office.store")
    parser.add_argument("--center", required=True, metavar="ID", help="cli.close.center")
    parser.add_argument("--dry-run", action="store_true", help="cli.close.dry_run")
    parser.add_argument("--at", metavar="INSTANT", help="cli.adjust.at")
    parser.add_argument("--remark", default="", metavar="TEXT", help="cli.adjust.remark")
    parser.add_argument("--operator", default=OPERATOR, metavar="NAME", help="cli.adjust.operator")


def run(args: argparse.Namespace) -> int:
    """Hand back.

    Returns:
        0, also when it was done before; 1 when nothing can be handed back now, with the reason.
    """
    at = instant(datetime.now(tz=UTC)) if args.at is None else parse_instant(args.at)
    act = Act(at=at, actor=args.operator, reason=args.remark)
    store = open_existing(args.store)
    try:
        done = Office(store, around().read).close(CenterId(args.center), act, dry_run=args.dry_run)
    finally:
        store.close()
    if args.json:
        print_json(as_json(done, args.lang))
    elif done.hindrance is not None:
        print(done.hindrance.message(args.lang), file=sys.stderr)
    else:
        print(told(done, args.lang))
    return DONE if done.hindrance is None else REFUSED


def as_json(done: Closing, language: Language) -> dict[str, Any]:
    """Return what was done as plain data."""
    return {
        "center": done.center,
        "closed": done.last.isoformat() if done.last else None,
        "rest_fen": str(done.rest),
        "to": done.to,
        "key": done.posting.entry.key if done.posting else None,
        "outcome": done.posting.outcome.value if done.posting else None,
        "refusal": done.hindrance.code if done.hindrance else None,
        "reason": done.hindrance.message(language) if done.hindrance else None,
    }


def told(done: Closing, language: Language) -> str:
    """Return what was done, for people."""
    if done.posting is None:
        return say("office.would_close", language, center=done.center, fen=done.rest, to=done.to)
    entry = done.posting.entry
    fen = next(amount for name, amount in entry.legs if name == done.to)
    if done.posting.outcome is Outcome.EXISTS:
        return say("office.exists", language, line=entry.key, balance=done.rest)
    return say("office.closed", language, line=entry.key, fen=fen, to=done.to, center=done.center)
