"""``callcenter ivr``: the trees of a shop, drawn as text and tried with keys."""

from __future__ import annotations

import argparse
import importlib
from typing import Any, Final

from callcenter.cli.screen import print_json
from callcenter.cli.sources import load_shop
from callcenter.errors import UsageError
from callcenter.model.ids import CenterId
from callcenter.reports.ivr_tree import tree_lines

ACTIONS: Final = {"draw": "callcenter.cli.ivr", "try": "callcenter.cli.ivr_try"}


def register(subparsers: Any) -> None:
    """Add the parser of the command and of what can be done with a tree."""
    parser = subparsers.add_parser("ivr", help="cli.command.ivr", description="cli.command.ivr")
    actions = parser.add_subparsers(dest="action", required=True, metavar="draw|try")
    draw = actions.add_parser("draw", help="cli.ivr.draw", description="cli.ivr.draw")
    draw.add_argument("file", metavar="FILE", help="cli.ivr.file")
    draw.add_argument("--center", metavar="ID", help="cli.report.center")
    draw.add_argument("--text", action="store_true", help="cli.ivr.text")
    importlib.import_module(ACTIONS["try"]).register(actions)


def run(args: argparse.Namespace) -> int:
    """Draw the trees, or hand on to what else was asked for."""
    if args.action != "draw":
        done: int = importlib.import_module(ACTIONS[args.action]).run(args)
        return done
    shop = load_shop(args.file)
    if args.center is not None and args.center not in shop.centers:
        raise UsageError("E907", name=args.center[:60], known=", ".join(shop.centers) or "—")
    centers = [CenterId(args.center)] if args.center else list(shop.centers)
    drawn = {center: tree_lines(shop.config(center), args.lang) for center in centers}
    if args.json:
        print_json(drawn)
    else:
        print("\n\n".join("\n".join(lines) for lines in drawn.values()))
    return 0
