"""``callcenter ivr check``: everything that is wrong with the trees of a file, each with the keys that show it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from callcenter.cli.ivr import centers_of
from callcenter.cli.ivr_files import plain_text
from callcenter.cli.screen import print_json
from callcenter.cli.sources import read_text
from callcenter.errors import FileError
from callcenter.extras.holidays_cn import calendar
from callcenter.files.fields import Given
from callcenter.files.guide_table import read_table
from callcenter.files.mended import read_mended
from callcenter.files.reader import Source, Table, read_toml
from callcenter.files.shop import SHOP_KEYS, Shop
from callcenter.files.tree_text import read_json
from callcenter.ivr.check import check, prompts_of, short_numbers
from callcenter.ivr.findings import Finding, Severity, error
from callcenter.ivr.graph import quoted
from callcenter.ivr.matcher import Matchers
from callcenter.ivr.matching import matching_figures
from callcenter.model.directory import CallCenter
from callcenter.model.ids import CenterId, PromptName
from callcenter.model.times import instant
from callcenter.model.tree import IvrTree, Menu
from callcenter.texts import Language, say

DONE: Final = 0
FINDINGS: Final = 1
_NO_NAME: Final = "E107"


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("check", help="cli.ivr.check", description="cli.ivr.check")
    parser.add_argument("file", metavar="FILE", help="cli.ivr.file")
    parser.add_argument("--center", metavar="ID", help="cli.report.center")
    parser.add_argument("--files", metavar="DIR", help="cli.ivr.files")


def run(args: argparse.Namespace) -> int:
    """Print what is wrong; 1 when there is an error among it."""
    if args.file.lower().endswith(".csv"):
        return _report(of_table(args.file), [], args)
    shop, mistakes = read(args.file)
    asked = None if args.center is None or (mistakes and args.center not in shop.centers) else args.center
    missing = missing_in(args.file) | _missing(shop, args.files)
    found = findings(shop, mistakes, centers_of(shop, asked), missing=missing)
    return _report(found, figures(shop, args.lang), args)


def _report(found: tuple[Finding, ...], more: list[str], args: argparse.Namespace) -> int:
    if args.json:
        print_json([finding_row(finding, args.lang) for finding in found])
    else:
        lines = [finding_line(finding, args.lang) for finding in found] or [say("doctor.well", args.lang)]
        print("\n".join([*lines, *more]))
    return FINDINGS if any(finding.severity is Severity.ERROR for finding in found) else DONE


def of_table(name: str) -> tuple[Finding, ...]:
    """Return what is wrong with the guide's table: its rows, those that would fit as levels only, and its tree."""
    table = read_table(plain_text(name), file=name)
    levels = {f"{name}:{row.line}": row for row in table.levels}
    rows = []
    for mistake in table.mistakes:
        row = levels.get(mistake.place)
        if row is None:
            rows.append(error(mistake.code, mistake.place, **mistake.fields))
        else:
            rows.append(error("E219", mistake.place, node=row.node, parent=row.parent))
    trees = () if table.tree is None else check({table.tree.name: table.tree})
    known = {mistake.code for mistake in table.mistakes} & {"E107"}
    return (*rows, *(finding for finding in trees if not (known and finding.code == "E201")))


def read(name: str) -> tuple[Shop, tuple[FileError, ...]]:
    """Return the shop of a shop or scenario file with every mistake in it.

    Raises:
        FileError: For what is no TOML at all.
    """
    json = name.lower().endswith(".json")
    root = read_json(plain_text(name), name) if json else read_toml(read_text(name), name)
    beside = root.get("shop")
    if "scenario" in root and beside is not None:
        name = str(Path(name).parent / beside.text())
        root = read_toml(read_text(name), name)
    elif "scenario" in root:
        data = {key: root.need(key, "").value for key in root.keys() if key in SHOP_KEYS}  # noqa: SIM118
        root = Table(data, Source(name=name, text=root.source.text))
    return read_mended(root, Given(today=instant(datetime.now(tz=UTC)), holidays=calendar))


def findings(
    shop: Shop,
    mistakes: tuple[FileError, ...],
    centers: list[CenterId],
    *,
    missing: frozenset[PromptName] = frozenset(),
) -> tuple[Finding, ...]:
    """Return what is wrong with a shop's trees: mistakes of the file first, then what the trees themselves show."""
    looked = [check(shop.trees, shop.centers[id], missing=missing) for id in centers]
    looked = looked or [check(shop.trees, missing=missing)]
    of_trees = tuple(dict.fromkeys(finding for each in looked for finding in each))
    known = {finding.where for finding in of_trees if finding.code == "E201"}
    of_file = [mistake for mistake in map(_as_finding, mistakes) if mistake.where not in known]
    return tuple(sorted((*of_file, *of_trees), key=lambda finding: finding.severity is not Severity.ERROR))


def _as_finding(mistake: FileError) -> Finding:
    place = ".".join(quoted(str(part)) for part in mistake.path) or mistake.place
    if mistake.code == _NO_NAME and mistake.path[:1] == ("ivr",):
        return error("E201", place, target=str(mistake.fields["value"]).strip('"'))
    return error(mistake.code, place, **mistake.fields)


def missing_in(name: str) -> frozenset[PromptName]:
    """Return the labels that ``[prompts]`` of a scenario file says to be missing."""
    if not name.lower().endswith(".toml"):
        return frozenset()
    said = read_toml(read_text(name), name).get("prompts")
    told = said.value if said is not None and isinstance(said.value, dict) else {}
    return frozenset(PromptName(label) for label, length in told.items() if length == "missing")


def _missing(shop: Shop, folder: str | None) -> frozenset[PromptName]:
    """Return the labels of the trees' prompts that have no file in a folder; without a folder every label has one."""
    if folder is None:
        return frozenset()
    named = {
        label
        for tree in shop.trees.values()
        for node in tree.nodes.values()
        for _, prompt in prompts_of(node)
        for _, label in prompt.files
    }
    there = {path.name for path in Path(folder).iterdir()} if Path(folder).is_dir() else set()
    return frozenset(label for label in named if label not in there)


def figures(shop: Shop, language: Language) -> list[str]:
    """Return how each matching rule of the field would do, for each menu with codes of more than one digit."""
    lines = []
    for tree, shorts in _trees(shop):
        matchers = Matchers(shorts)
        for key, node in tree.nodes.items():
            if isinstance(node, Menu) and matchers.of(node).longest > 1:
                lines.append(f"{tree.name} {key}")
                told = matching_figures(matchers.of(node), node.inter_digit)
                lines.extend(f"  {figure.line(language)}" for figure in told)
    return lines


def _trees(shop: Shop) -> list[tuple[IvrTree, dict[str, str]]]:
    homes: list[CallCenter | None] = [*shop.centers.values()] or [None]
    return [
        (tree, short_numbers(center))
        for center in homes
        for tree in (shop.config(center.id).trees if center is not None else shop.trees).values()
    ]


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
