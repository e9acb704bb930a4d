"""``callcenter ivr``: the trees of a shop, checked, drawn, and tried with keys."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence
from typing import Any, Final

from callcenter.cli.screen import print_json
from callcenter.cli.sources import load_shop
from callcenter.errors import UsageError
from callcenter.files.shop import Shop
from callcenter.ivr.check import check, short_numbers
from callcenter.ivr.draw import draw_text
from callcenter.ivr.draw_graph import draw_dot, draw_mermaid
from callcenter.ivr.findings import Finding, Severity
from callcenter.model.directory import CallCenter, CenterConfig, GroupKind
from callcenter.model.ids import CenterId
from callcenter.model.tree import TargetKind
from callcenter.texts import Language, say

DONE: Final = 0
FINDINGS: Final = 1
ELSEWHERE: Final = {"try": "callcenter.cli.ivr_try"}


def register(subparsers: Any) -> None:
    """Add the parser of the command and of what can be done with a tree."""
    parser = subparsers.add_parser("ivr", help="cli.command.ivr", description="cli.command.ivr")
    actions = parser.add_subparsers(dest="action", required=True, metavar="check|draw|try")
    for name in ("check", "draw"):
        action = actions.add_parser(name, help=f"cli.ivr.{name}", description=f"cli.ivr.{name}")
        action.add_argument("file", metavar="FILE", help="cli.ivr.file")
        action.add_argument("--center", metavar="ID", help="cli.report.center")
        if name == "draw":
            forms = action.add_mutually_exclusive_group()
            for form in ("text", "mermaid", "dot"):
                forms.add_argument(f"--{form}", dest="form", action="store_const", const=form, help=f"cli.ivr.{form}")
            action.set_defaults(form="text")
    importlib.import_module(ELSEWHERE["try"]).register(actions)


def run(args: argparse.Namespace) -> int:
    """Do what was asked for with the trees of a file."""
    if args.action in ELSEWHERE:
        done: int = importlib.import_module(ELSEWHERE[args.action]).run(args)
        return done
    shop = load_shop(args.file)
    centers = centers_of(shop, args.center)
    return _check(shop, centers, args) if args.action == "check" else _draw(shop, centers, args)


def centers_of(shop: Shop, asked: str | None) -> list[CenterId]:
    """Return the centers to look at.

    Raises:
        UsageError: E907, for one that the file has not.
    """
    if asked is not None and asked not in shop.centers:
        raise UsageError("E907", name=asked[:60], known=", ".join(shop.centers) or "—")
    return [CenterId(asked)] if asked is not None else list(shop.centers)


def _check(shop: Shop, centers: Sequence[CenterId], args: argparse.Namespace) -> int:
    """Print what is wrong; 1 when there is an error among it."""
    looked = [check(shop.trees, shop.centers[center]) for center in centers] or [check(shop.trees)]
    found = tuple(dict.fromkeys(finding for findings in looked for finding in findings))
    if args.json:
        print_json([finding_row(finding, args.lang) for finding in found])
    else:
        print("\n".join(finding_line(finding, args.lang) for finding in found) or say("doctor.well", args.lang))
    return FINDINGS if any(finding.severity is Severity.ERROR for finding in found) else DONE


def finding_row(finding: Finding, language: Language) -> dict[str, str]:
    """Return a finding as JSON data."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "where": finding.where,
        "message": finding.message(language),
        "witness": finding.witness,
    }


def finding_line(finding: Finding, language: Language) -> str:
    """Return a finding in the form of all errors, with the keys that show it."""
    witness = f"  (--keys {finding.witness!r})" if finding.witness else ""
    return f"{finding.code} {finding.where} → {finding.message(language)}{witness}"


def _draw(shop: Shop, centers: Sequence[CenterId], args: argparse.Namespace) -> int:
    drawn = {center: drawings(shop.config(center), args.form, args.lang) for center in centers}
    if args.json:
        print_json(drawn)
    else:
        print("\n".join(drawing for each in drawn.values() for drawing in each), end="")
    return DONE


def drawings(config: CenterConfig, form: str, language: Language) -> list[str]:
    """Return the trees of a center, drawn, with what ``check`` found in them marked where it is."""
    center, names = config.center, names_of(config.center)
    found = check(config.trees, center)
    trees = config.trees.values()
    if not trees:
        return [f"{center.access_number} → {center.ivr}  {names.get(str(center.ivr), '')}".rstrip() + "\n"]
    if form == "mermaid":
        return [draw_mermaid(tree, findings=found, names=names) for tree in trees]
    if form == "dot":
        return [draw_dot(tree, findings=found, names=names) for tree in trees]
    shorts = tuple(short_numbers(center))
    return [draw_text(tree, findings=found, names=names, short_numbers=shorts, language=language) for tree in trees]


def names_of(center: CallCenter) -> dict[str, str]:
    """Return what people call the targets of a center: a group by its name and who is in it."""
    names = {}
    for group in center.groups.values():
        login = group.kind is GroupKind.LOGIN
        who = [member.agent for member in group.members] if login else [each.short for each in group.extensions]
        names[f"{TargetKind.GROUP.value}:{group.id}"] = f"{group.name} ({' '.join(who)})".strip()
    return names
