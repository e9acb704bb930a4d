"""Keys of the shop's TOML as use cases write them: one table edited field by field, the rest of it as it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from callcenter.admin.turn import Turn
from callcenter.errors import UsageError
from callcenter.files.changes import REMOVED
from callcenter.files.lines import path_text
from callcenter.model.money import Money

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def set_fields(turn: Turn, table: tuple[str, ...], fields: Mapping[str, object]) -> bool:
    """Set keys of a table; None leaves a key as it is, REMOVED takes it away.

    Returns:
        Whether there was anything to set.
    """
    present = _at(turn.job.data, table)
    edits = {
        path_text((*table, key)): toml(content)
        for key, content in fields.items()
        if content is not None and (content is not REMOVED or key in present)
    }
    if edits:
        turn.change(edits)
    return bool(edits)


def add_table(turn: Turn, table: tuple[str, ...], content: Mapping[str, object]) -> None:
    """Add a table under a new name.

    Raises:
        UsageError: E562, for a name that is taken; E563, for one that no link and no key could carry.
    """
    name = table[-1]
    if not _ID.fullmatch(name):
        raise UsageError("E563", name=repr(name[:60]))
    if name in _at(turn.job.data, table[:-1]):
        raise UsageError("E562", name=name)
    turn.change(
        {path_text(table): {key: toml(each) for key, each in content.items() if each is not None and each != ""}}
    )


def toml(content: object) -> Any:
    """Return a value as a shop file writes it."""
    if isinstance(content, Money):
        return str(content)
    value = getattr(content, "value", content)
    return content if content is REMOVED else value


def _at(data: Mapping[str, object], keys: tuple[str, ...]) -> Mapping[str, object]:
    found: object = data
    for key in keys:
        found = found.get(key, {}) if isinstance(found, Mapping) else {}
    return found if isinstance(found, Mapping) else {}
