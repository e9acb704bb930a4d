"""``callcenter explain TRACE --offer ID``: why this agent, why not the others, and why the caller waited."""

from __future__ import annotations

import argparse
from typing import Any

from callcenter.cli.screen import print_json
from callcenter.cli.traces import read_trace
from callcenter.errors import UsageError
from callcenter.reports.explain_offer import explain_offer, offers_in, sentences

_SHOWN = 8


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("explain", help="cli.command.explain", description="cli.command.explain")
    parser.add_argument("trace", metavar="TRACE", help="cli.explain.trace")
    parser.add_argument("--offer", metavar="ID", required=True, help="cli.explain.offer")


def run(args: argparse.Namespace) -> int:
    """Explain an offer.

    Raises:
        UsageError: E921, for an offer that the trace has not.
    """
    rows = read_trace(args.trace)
    told = explain_offer(rows, args.offer)
    if told is None:
        known = offers_in(rows)
        shown = ", ".join(known[:_SHOWN]) + (" …" if len(known) > _SHOWN else "")
        raise UsageError("E921", name=args.offer[:60], known=shown or "—")
    if args.json:
        print_json(told.plain())
    else:
        print("\n".join(sentences(told, args.lang)))
    return 0
