"""``callcenter ivr paths``: where callers of a tree get to, with the shortest keys and the seconds it takes."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from callcenter.cli.ivr import centers_of, names_of
from callcenter.cli.ivr_try import source
from callcenter.cli.screen import print_json
from callcenter.files.scenario import Scenario
from callcenter.files.shop import Shop
from callcenter.ivr.check import short_numbers
from callcenter.ivr.paths import find_ways
from callcenter.ivr.rehearse import PaperFloor
from callcenter.ivr.sheet import call_sheet, paths_table, silent_text
from callcenter.ivr.silence import SilentCall, worst_silent_call
from callcenter.ivr.sounds import Lengths
from callcenter.ivr.ways import Outcome
from callcenter.model.directory import CallCenter
from callcenter.model.ids import PromptName, TreeName
from callcenter.model.times import SECOND, zone
from callcenter.model.tree import IvrTree, Target, TargetKind
from callcenter.model.value import value


@value
class Entered:
    """A tree that calls enter, with the floor on paper around it."""

    tree: IvrTree
    around: PaperFloor
    center: CallCenter | None

    @property
    def target(self) -> Target:
        """The tree as a target."""
        return Target(kind=TargetKind.TREE, name=self.tree.name)

    @property
    def names(self) -> Mapping[str, str]:
        """What people call the targets."""
        return names_of(self.center) if self.center is not None else {}


def entered(shop: Shop, asked: str | None, missing: frozenset[PromptName] = frozenset()) -> list[Entered]:
    """Return the trees that the calls of the centers enter; of a file without centers all of its trees.

    Raises:
        UsageError: E907, for a center that the file has not.
    """
    found = []
    for id in centers_of(shop, asked):
        center = shop.centers[id]
        if center.ivr.kind is TargetKind.TREE:
            around = PaperFloor(shop.trees, short_numbers(center), missing=missing, center_zone=zone(center.timezone))
            found.append(Entered(tree=shop.trees[TreeName(center.ivr.name)], around=around, center=center))
    if not shop.centers:
        floor = PaperFloor(shop.trees, missing=missing)
        found = [Entered(tree=tree, around=floor, center=None) for tree in shop.trees.values()]
    return found


def lengths_of(scenario: Scenario) -> Lengths:
    """Return how long prompts take, and which are missing, as ``[prompts]`` of a scenario says it."""
    known = {label: length for label, length in scenario.prompts.items() if length is not None}
    missing = frozenset(label for label, length in scenario.prompts.items() if length is None)
    return Lengths(known=known, other=scenario.prompt_length, missing=missing)


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("paths", help="cli.ivr.paths", description="cli.ivr.paths")
    parser.add_argument("file", metavar="FILE", help="cli.ivr.file")
    parser.add_argument("--center", metavar="ID", help="cli.report.center")
    parser.add_argument("--sheet", action="store_true", help="cli.ivr.sheet")


def run(args: argparse.Namespace) -> int:
    """Print the outcomes."""
    scenario = source(args.file)
    lengths = lengths_of(scenario)
    found = entered(scenario.shop, args.center, lengths.missing)
    looked = [(each, find_ways(each.tree, each.around, lengths).outcomes) for each in found]
    silent = [worst_silent_call(each.tree, each.around, lengths) for each in found]
    if args.json:
        rows = [_as_json(each, ways, call) for (each, ways), call in zip(looked, silent, strict=True)]
        print_json(rows)
        return 0
    for (each, ways), call in zip(looked, silent, strict=True):
        if args.sheet:
            number = each.center.access_number if each.center is not None else "—"
            print("\n".join(call_sheet(each.tree, ways, number, each.names, args.lang)))
        else:
            print("\n".join([*paths_table(ways, each.names, args.lang), silent_text(call, args.lang)]))
    return 0


def _as_json(each: Entered, ways: tuple[Outcome, ...], silent: SilentCall) -> dict[str, Any]:
    return {
        "center": each.center.id if each.center is not None else None,
        "tree": each.tree.name,
        "outcomes": [
            {
                "target": str(outcome.target),
                "reason": outcome.reason.value,
                "keys": outcome.way.script,
                "best_s": outcome.way.best / SECOND,
                "worst_s": outcome.way.worst / SECOND,
                "when": list(outcome.way.when),
                "through": list(outcome.way.through),
            }
            for outcome in ways
        ],
        "silent": {"target": str(silent.target), "reason": silent.reason.value, "seconds": silent.lasts / SECOND},
    }
