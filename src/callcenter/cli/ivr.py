"""``callcenter ivr``: the trees of a shop, drawn here; checked, compared, counted and tried in the modules beside."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from callcenter.cli.screen import print_json
from callcenter.cli.sources import load_shop
from callcenter.errors import UsageError
from callcenter.files.shop import Shop
from callcenter.ivr.check import check, short_numbers
from callcenter.ivr.draw import draw_text
from callcenter.ivr.draw_graph import draw_dot, draw_mermaid
from callcenter.ivr.draw_svg import draw_svg, stacked
from callcenter.ivr.findings import Finding
from callcenter.model.directory import CallCenter, CenterConfig, GroupKind
from callcenter.model.ids import CenterId
from callcenter.model.tree import IvrTree, TargetKind
from callcenter.texts import Language

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


def drawings(config: CenterConfig, form: str, language: Language) -> list[str]:
    """Return the trees of a center, drawn, with what ``check`` found in them marked where it is."""
    center, names = config.center, names_of(config.center)
    found = check(config.trees, center)
    trees = config.trees.values()
    if not trees:
        return [f"{center.access_number} → {center.ivr}  {names.get(str(center.ivr), '')}".rstrip() + "\n"]
    return [drawing(tree, form, language, found, names, tuple(short_numbers(center))) for tree in trees]


def drawing(
    tree: IvrTree,
    form: str,
    language: Language,
    findings: Sequence[Finding],
    names: Mapping[str, str] | None = None,
    shorts: Sequence[str] = (),
) -> str:
    """Return a tree in a form: ``text``, ``mermaid``, ``dot`` or ``svg``."""
    if form == "mermaid":
        return draw_mermaid(tree, findings=findings, names=names)
    if form == "dot":
        return draw_dot(tree, findings=findings, names=names)
    draw = draw_svg if form == "svg" else draw_text
    return draw(tree, findings=findings, names=names, short_numbers=shorts, language=language)


def names_of(center: CallCenter) -> dict[str, str]:
    """Return what people call the targets of a center: a group by its name and who is in it."""
    names = {}
    for group in center.groups.values():
        login = group.kind is GroupKind.LOGIN
        who = [member.agent for member in group.members] if login else [each.short for each in group.extensions]
        names[f"{TargetKind.GROUP.value}:{group.id}"] = f"{group.name} ({' '.join(who)})".strip()
    return names
