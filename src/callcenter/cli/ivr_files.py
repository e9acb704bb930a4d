"""``callcenter ivr import|export``: a tree from one form of file to another; the form is known by the name's ending."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from callcenter.cli.sources import read_text
from callcenter.errors import FileError, UsageError
from callcenter.extras.holidays_cn import calendar
from callcenter.files.fields import Given
from callcenter.files.guide_table import read_table, table_text
from callcenter.files.reader import MAX_BYTES, read_toml
from callcenter.files.tree_text import json_text, read_alone, read_json, toml_text, trees_data
from callcenter.model.times import instant
from callcenter.model.tree import IvrTree

FORMS: Final = ("toml", "json", "csv")


def register(subparsers: Any) -> None:
    """Add the parsers of the two commands; they do the same and differ in what they write unless told."""
    for name, form in (("import", "toml"), ("export", "json")):
        parser = subparsers.add_parser(name, help=f"cli.ivr.{name}", description=f"cli.ivr.{name}")
        parser.add_argument("file", metavar="FILE", help="cli.ivr.any_file")
        parser.add_argument("--to", choices=FORMS, default=form, metavar="|".join(FORMS), help="cli.ivr.to")
        parser.add_argument("--name", metavar="NAME", default="main", help="cli.ivr.name")
        parser.add_argument("--tree", metavar="NAME", help="cli.ivr.tree")


def run(args: argparse.Namespace) -> int:
    """Print the trees of a file in another form."""
    trees = read_any(args.file, args.name)
    if args.tree is not None:
        trees = [tree for tree in trees if tree.name == args.tree] or _refuse(args.tree, trees)
    if args.to == "csv":
        if len(trees) != 1:
            raise UsageError("E928", known=", ".join(tree.name for tree in trees) or "—")
        sys.stdout.write(table_text(trees[0]))
    else:
        sys.stdout.write((toml_text if args.to == "toml" else json_text)(trees_data(trees)))
    return 0


def _refuse(name: str, trees: list[IvrTree]) -> list[IvrTree]:
    raise UsageError("E925", name=name[:60], known=", ".join(tree.name for tree in trees) or "—")


def read_any(name: str, tree: str = "main") -> list[IvrTree]:
    """Return the trees of a TOML or JSON file, or the tree of the guide's table (``.csv``).

    Raises:
        FileError: The first thing that is wrong with it.
    """
    given = Given(today=instant(datetime.now(tz=UTC)), holidays=calendar)
    suffix = Path(name).suffix.lower()
    if suffix == ".csv":
        table = read_table(plain_text(name), file=name, tree=tree)
        if table.mistakes or table.tree is None:
            raise table.mistakes[0]
        return [table.tree]
    root = read_json(plain_text(name), name) if suffix == ".json" else read_toml(read_text(name), name)
    return list(read_alone(root, given).values())


def plain_text(name: str) -> str:
    """Return the text of any file.

    Raises:
        FileError: E116 when it cannot be opened, E110 too large, E111 no UTF-8.
    """
    try:
        with Path(name).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise FileError("E116", name[:200], reason=getattr(error, "strerror", None) or str(error)) from None
    if len(content) > MAX_BYTES:
        raise FileError("E110", name, size=len(content), limit=MAX_BYTES)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError("E111", name, offset=error.start) from None
