"""``callcenter ivr``: the trees of a shop, drawn here; checked, compared, counted and tried in the modules beside."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence
from typing import Any, Final

from callcenter.cli.screen import print_json
from callcenter.cli.sources import load_shop
from callcenter.errors import UsageError
from callcenter.files.shop import Shop
from callcenter.ivr.check import check
from callcenter.ivr.draw_svg import stacked
from callcenter.ivr.drawings import drawing, drawings, names_of
from callcenter.model.ids import CenterId

__all__ = ["centers_of", "drawing", "drawings", "names_of", "register", "run"]

DONE: Final = 0
ELSEWHERE: Final = {
    "check": "callcenter.cli.ivr_check",
    "paths": "callcenter.cli.ivr_paths",
    "diff": "callcenter.cli.ivr_diff",
    "coverage": "callcenter.cli.ivr_coverage",
    "import": "callcenter.cli.ivr_files",
    "export": "callcenter.cli.ivr_files",
    "try": "callcenter.cli.ivr_try",
}
"""Where each action is that is not done here."""


def register(subparsers: Any) -> None:
    """Add the parser of the command and of what can be done with a tree."""
    parser = subparsers.add_parser("ivr", help="cli.command.ivr", description="cli.command.ivr")
    actions = parser.add_subparsers(dest="action", required=True, metavar="|".join(["draw", *ELSEWHERE]))
    action = actions.add_parser("draw", help="cli.ivr.draw", description="cli.ivr.draw")
    action.add_argument("file", metavar="FILE", help="cli.ivr.file")
    action.add_argument("--center", metavar="ID", help="cli.report.center")
    forms = action.add_mutually_exclusive_group()
    for form in ("text", "mermaid", "dot", "svg"):
        forms.add_argument(f"--{form}", dest="form", action="store_const", const=form, help=f"cli.ivr.{form}")
    action.set_defaults(form="text")
    for module in dict.fromkeys(ELSEWHERE.values()):
        importlib.import_module(module).register(actions)


def run(args: argparse.Namespace) -> int:
    """Do what was asked for with the trees of a file."""
    if args.action in ELSEWHERE:
        done: int = importlib.import_module(ELSEWHERE[args.action]).run(args)
        return done
    shop = load_shop(args.file)
    return _draw(shop, centers_of(shop, args.center), args)


def centers_of(shop: Shop, asked: str | None) -> list[CenterId]:
    """Return the centers to look at.

    Raises:
        UsageError: E907, for one that the file has not.
    """
    if asked is not None and asked not in shop.centers:
        raise UsageError("E907", name=asked[:60], known=", ".join(shop.centers) or "—")
    return [CenterId(asked)] if asked is not None else list(shop.centers)


def _draw(shop: Shop, centers: Sequence[CenterId], args: argparse.Namespace) -> int:
    drawn: dict[str, list[str]] = {id: drawings(shop.config(id), args.form, args.lang) for id in centers}
    if not shop.centers:
        findings = check(shop.trees)
        drawn = {name: [drawing(tree, args.form, args.lang, findings)] for name, tree in shop.trees.items()}
    if args.json:
        print_json(drawn)
    else:
        found = [drawing for each in drawn.values() for drawing in each]
        print(stacked(found) if args.form == "svg" else "\n".join(found), end="")
    return DONE
