"""``callcenter adjust``: give money back, of a named charge or without one, or take money for another reason."""

from __future__ import annotations

import argparse
from typing import Any

from callcenter.billing.entries import Act
from callcenter.billing.ledger import Posting
from callcenter.center.office import Office, Payee
from callcenter.cli.topup import add_arguments, post
from callcenter.errors import UsageError
from callcenter.model.money import Money


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("adjust", help="cli.command.adjust", description="cli.command.adjust")
    add_arguments(parser)
    parser.add_argument("--refund", action="store_true", help="cli.adjust.refund")
    parser.add_argument("--deduct", action="store_true", help="cli.adjust.deduct")
    parser.add_argument("--call", default="", metavar="KEY", help="cli.adjust.call")


def run(args: argparse.Namespace) -> int:
    """Adjust.

    Returns:
        0, also when it was done before; 1 when it is refused.

    Raises:
        UsageError: E533, unless it is either a refund or a deduction.
    """
    if args.refund == args.deduct:
        raise UsageError("E533", known="--refund, --deduct")

    def work(office: Office, payee: Payee, amount: Money, act: Act) -> Posting:
        adjust = office.refund if args.refund else office.deduct
        return adjust(payee, args.ref, amount, act, charge=args.call)

    return post(args, work)
