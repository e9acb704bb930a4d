"""``callcenter topup``: pay in for a center, out of its reseller's balance or from outside, or for a reseller."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from callcenter.billing.entries import Act
from callcenter.billing.ledger import Outcome, Posting
from callcenter.center.office import Office, Payee
from callcenter.cli.plugins import around
from callcenter.cli.screen import print_json
from callcenter.cli.stores import open_existing
from callcenter.errors import UsageError
from callcenter.model.ids import CenterId, ResellerId
from callcenter.model.money import Money, fen
from callcenter.model.times import instant, parse_instant
from callcenter.texts import Language, say

DONE: Final = 0
REFUSED: Final = 1
OPERATOR: Final = "operator"


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("topup", help="cli.command.topup", description="cli.command.topup")
    add_arguments(parser)
    parser.add_argument("--renewal", action="store_true", help="cli.adjust.renewal")


def add_arguments(parser: Any) -> None:
    """Add what every posting of an operator needs."""
    parser.add_argument("--store", required=True, metavar="STORE", help="cli.office.store")
    parser.add_argument("--center", metavar="ID", help="cli.adjust.center")
    parser.add_argument("--reseller", metavar="ID", help="cli.adjust.reseller")
    parser.add_argument("--fen", required=True, metavar="X", help="cli.adjust.fen")
    parser.add_argument("--ref", required=True, metavar="REF", help="cli.adjust.ref")
    parser.add_argument("--at", metavar="INSTANT", help="cli.adjust.at")
    parser.add_argument("--remark", default="", metavar="TEXT", help="cli.adjust.remark")
    parser.add_argument("--operator", default=OPERATOR, metavar="NAME", help="cli.adjust.operator")


def run(args: argparse.Namespace) -> int:
    """Pay in.

    Returns:
        0, also when it was done before; 1 when it is refused.
    """

    def work(office: Office, payee: Payee, amount: Money, act: Act) -> Posting:
        return office.top_up(payee, args.ref, amount, act, renewal=args.renewal)

    return post(args, work)


def post(args: argparse.Namespace, work: Callable[[Office, Payee, Money, Act], Posting]) -> int:
    """Let an operator post something, and say what became of it.

    Raises:
        UsageError: E533, unless exactly one balance is named.
    """
    if (args.center is None) == (args.reseller is None):
        raise UsageError("E533", known="--center, --reseller")
    payee = Payee(
        center=None if args.center is None else CenterId(args.center),
        reseller=None if args.reseller is None else ResellerId(args.reseller),
    )
    at = instant(datetime.now(tz=UTC)) if args.at is None else parse_instant(args.at)
    amount, act = fen(args.fen), Act(at=at, actor=args.operator, reason=args.remark)
    store = open_existing(args.store)
    try:
        posting = work(Office(store, around().read), payee, amount, act)
        with store.transaction() as tx:
            balance = tx.ledger.balance(payee.account)
    finally:
        store.close()
    if args.json:
        print_json(as_json(posting, payee, balance))
    else:
        said = told(posting, payee, balance, args.lang)
        print(said, file=sys.stderr if posting.outcome is Outcome.REFUSED else sys.stdout)
    return REFUSED if posting.outcome is Outcome.REFUSED else DONE


def as_json(posting: Posting, payee: Payee, balance: Money) -> dict[str, Any]:
    """Return a posting as plain data."""
    return {
        "key": posting.entry.key,
        "outcome": posting.outcome.value,
        "refusal": posting.refusal.value if posting.refusal else None,
        "field": posting.field or None,
        "account": payee.account,
        "fen": str(posting.entry.amount(payee.account)),
        "balance_fen": str(balance),
    }


def told(posting: Posting, payee: Payee, balance: Money, language: Language) -> str:
    """Return what became of a posting, for people."""
    key = posting.entry.key
    if posting.refusal is not None:
        reason = say(f"office.refusal.{posting.refusal.value}", language, field=posting.field)
        return say("office.refused", language, line=key, reason=reason)
    amount = abs(posting.entry.amount(payee.account))
    return say(f"office.{posting.outcome.value}", language, line=key, fen=amount, balance=balance)
