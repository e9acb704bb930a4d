"""Extensions (独立坐席、分机): short numbers of groups that nobody logs in to, and the long numbers they ring (K7)."""

from __future__ import annotations

import re
from typing import Final

from callcenter.admin.pages import FIRST, Ask, Page, paged
from callcenter.admin.rows import Path, add_row, edit_row, remove_row, without_empty
from callcenter.admin.tenants import GroupRef
from callcenter.admin.things import EXTENSION, NEW_EXTENSION, ExtensionRef
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing, use_case
from callcenter.errors import UsageError
from callcenter.model.directory import Extension, GroupKind
from callcenter.model.ids import CenterId, GroupId
from callcenter.model.numbers import normal
from callcenter.model.value import value
from callcenter.texts import Word

_SHORT: Final = re.compile(r"[0-9]{1,32}", re.ASCII)


@value
class ExtensionRow:
    """An extension as a console shows it."""

    ref: ExtensionRef
    group_name: str
    extension: Extension


@listing("extensions.list")
def list_(
    turn: Turn,
    ask: Ask = FIRST,
    *,
    center: CenterId | None = None,
    group: GroupId | None = None,
    short: str = "",
    long: str = "",
) -> Page[ExtensionRow]:
    """Return the extensions that are seen, by center, group and short number.

    Args:
        turn: The run.
        ask: Which page.
        center: Only of this one.
        group: Only of groups of this id.
        short: Exactly this short number: ``00`` is not ``000``.
        long: A part of the long number.
    """
    found = (
        ExtensionRow(
            ref=ExtensionRef(group=GroupRef(center=own.id, group=each.id), short=extension.short),
            group_name=each.name,
            extension=extension,
        )
        for own in turn.shop.centers.values()
        if center in {None, own.id}
        for each in own.groups.values()
        if group in {None, each.id}
        for extension in each.extensions
        if short in {"", extension.short} and long in extension.long
    )
    return paged(found, ask, lambda row: (row.ref.group.center, row.ref.group.group, row.ref.short))


@use_case("extensions.set_long", EXTENSION)
def set_long(turn: Turn, extension: ExtensionRef, long: str, *, reason: str = "") -> str:
    """Let a short number ring another phone, or none; return the number as it is kept.

    Args:
        turn: The run.
        extension: Which.
        long: A landline with its area code, or a mobile number; ``+86``, separators and a missing 0 are mended. Empty:
            it rings nothing.
        reason: For the trail.

    Raises:
        UsageError: E702, naming what is wrong with the number.
    """
    number = _long(long)
    edit_row(turn, _path(extension), {"long": number}, lambda row: row.get("short") == extension.short)
    return number


@use_case("extensions.add", NEW_EXTENSION)
def add(turn: Turn, extension: ExtensionRef, *, long: str = "", reason: str = "") -> None:
    """Give a group of extensions one more.

    Raises:
        UsageError: E583, for what is no short number; E582, for one that the center has; E587, for a group whose agents
            log in; E702, for a long number that is none.
    """
    if not _SHORT.fullmatch(extension.short):
        raise UsageError("E583", value=repr(extension.short[:40]))
    center = turn.whole.centers[extension.group.center]
    group = center.groups[extension.group.group]
    if group.kind is not GroupKind.EXTENSION:
        raise UsageError("E587", group=group.id, kind=group.kind.value)
    if any(extension.short == other.short for each in center.groups.values() for other in each.extensions):
        raise UsageError("E582", what=Word("kind.extension"), value=extension.short)
    row = without_empty({"short": extension.short, "long": _long(long)})
    add_row(
        turn,
        _path(extension),
        row,
        lambda other: other.get("short") == extension.short,
        "kind.extension",
        extension.short,
    )


@use_case("extensions.remove", EXTENSION)
def remove(turn: Turn, extension: ExtensionRef, *, reason: str = "") -> None:
    """Take an extension out of its group; what it was charged stays."""
    remove_row(turn, _path(extension), lambda row: row.get("short") == extension.short)


def _long(text: str) -> str:
    return normal(text) if text.strip() else ""


def _path(extension: ExtensionRef) -> Path:
    return "center", extension.group.center, "group", extension.group.group, "extensions"
