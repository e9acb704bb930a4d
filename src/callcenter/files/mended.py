"""Every mistake of a shop file at once: each is noted, mended by its own hint, and the file is read again.

Readers stop at the first thing wrong, because what follows from it is noise. Mending it with the example that the
error itself gives (or else taking it away) lets the next reading go on behind it, so that somebody who edits a file
sees all of it in one go. What comes out is for looking at only: no call ever runs on a mended shop.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from callcenter.errors import FileError
from callcenter.files.fields import Given
from callcenter.files.lines import Path
from callcenter.files.reader import Source, Table
from callcenter.files.shop import Shop, shop_from

MOST: Final = 50
"""Mistakes that are looked for in one file."""
_RULE: Final = re.compile(r"(>=|<=|>|<|!=) \"?([0-9.]+)\"?")
_NEAREST: Final = {"E106", "E107"}


def read_mended(root: Table, given: Given) -> tuple[Shop, tuple[FileError, ...]]:
    """Return a shop with its mistakes mended, and the mistakes in the order of reading.

    Names that nothing bears are among them and stay in the trees as they are written. Circles without input are no
    mistake of the file here.

    Args:
        root: The parsed file.
        given: What a reader is told besides.
    """
    data: Any = _thawed({key: root.need(key, "").value for key in root.keys()})  # noqa: SIM118 - a Table is no dict
    found: list[FileError] = []
    tried: set[tuple[Path, str]] = set()
    for _ in range(MOST):
        lost: list[FileError] = []
        try:
            shop = shop_from(
                Table(data, Source(name=root.source.name)), given, allow_circles=True, on_dangling=lost.append
            )
        except FileError as error:
            again = (error.path, error.code) in tried
            if not again:
                found.append(error)
            tried.add((error.path, error.code))
            if not _mend(data, error, drop=again):
                return Shop(), _placed(found, root.source)
        else:
            return shop, _placed([*found, *lost], root.source)
    return Shop(), _placed(found, root.source)


def _placed(found: list[FileError], source: Source) -> tuple[FileError, ...]:
    """Return errors with the lines of the file as it is written."""
    return tuple(
        FileError(error.code, source.place(error.path), **error.fields).at(error.path) if error.path else error
        for error in found
    )


def _mend(data: Any, error: FileError, *, drop: bool) -> bool:
    """Change the data so that the same mistake is not met again; tell whether that was possible."""
    path = error.path
    if not drop and error.code == "E103":
        table = _at(data, path)
        name = str(error.fields["name"])
        if isinstance(table, dict) and name not in table:
            table[name] = _example(error)
            return True
    if not path:
        return False
    parent, key = _at(data, path[:-1]), path[-1]
    mended = None if drop or error.code == "E101" else _example(error)
    if mended is not None and parent[key] != mended:
        parent[key] = mended
    else:
        parent.pop(key)
    return True


def _example(error: FileError) -> object:
    """Return what an error says to write; None when it says nothing that can be taken word for word."""
    fields = error.fields
    text = str(fields.get("example", ""))
    if error.code == "E131":
        return "hangup"
    if error.code in _NEAREST:
        return str(fields["near"]).strip('"')
    if error.code == "E105":
        rule = _RULE.match(str(fields.get("rule", "")))
        return None if rule is None else int(Decimal(rule[2])) + {">": 1, "<": -1, "!=": 1}.get(rule[1], 0)
    try:
        return _thawed(tomllib.loads(f"x = {text}")["x"])
    except tomllib.TOMLDecodeError:
        return None


def _at(data: Any, path: Path) -> Any:
    for key in path:
        data = data[key]
    return data


def _thawed(content: object) -> object:
    """Return a copy of parsed TOML that can be changed."""
    if isinstance(content, Mapping):
        return {key: _thawed(inner) for key, inner in content.items()}
    if isinstance(content, list | tuple):
        return [_thawed(inner) for inner in content]
    return content
