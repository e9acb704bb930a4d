"""A shop as edited: one key or table of its parsed TOML replaced or removed by its path, the rest shared.

Only the data changes here; whether the result is a shop is for :func:`callcenter.files.shop.shop_of` to say, which
reads it as a whole. Dates that a shop leaves to the day of loading are written into it by :func:`dated` first, so that
reading it again on a later day gives the same.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from typing import Final

from callcenter.errors import FileError
from callcenter.files.lines import path_text
from callcenter.files.reader import listed, nearest, shown
from callcenter.files.shop import SHOP_KEYS, Shop
from callcenter.model.directory import CenterStatus


class Removed(enum.Enum):
    """In place of a value: the key is taken away."""

    REMOVED = enum.auto()


REMOVED: Final = Removed.REMOVED

_KEY: Final = re.compile(
    r"""[ \t]*(?:(?P<bare>[A-Za-z0-9_-]+)|'(?P<literal>[^'\n]*)'|"(?P<basic>(?:[^"\\\n]|\\["\\])*)")[ \t]*(?P<dot>\.|\Z)"""
)
_MAX_PATH: Final = 500
_AGENTS: Final = 4
"""Length of ``center.ID.agent.ID``: agents are found in any case of letters."""


def apply_change(data: Mapping[str, object], path: str, value: object, *, place: str = "") -> dict[str, object]:
    """Return a shop's data with one key or table replaced; what was given stays as it is.

    Args:
        data: Parsed TOML of a shop.
        path: Keys with dots between them, quoted as in TOML where they need it: ``center.demo.group.1.vip``.
        value: As TOML would give it, or :data:`REMOVED`. Tables on the way to it are made when they are absent.
        place: Where the change is written, for errors.

    Raises:
        FileError: E140 for what is no path, E142 when it leads through something that is no table, E107 when there
            is nothing to remove.
    """
    keys = read_path(path, place=place)
    if keys[0] not in SHOP_KEYS:
        raise FileError("E107", place, value=shown(path), near=nearest(keys[0], SHOP_KEYS), known=listed(SHOP_KEYS))
    return _replaced(data, keys, 0, value, place)


def read_path(path: str, *, place: str = "") -> tuple[str, ...]:
    """Return the keys of a path.

    Raises:
        FileError: E140.
    """
    keys: list[str] = []
    at, more = 0, len(path) <= _MAX_PATH
    while more:
        found = _KEY.match(path, at)
        if found is None:
            break
        keys.append(_plain(found))
        at, more = found.end(), found["dot"] == "."
    if more or not keys:
        raise FileError("E140", place, value=shown(path), example='center.demo.rate, center."a.b".rate')
    return tuple(keys)


def _plain(found: re.Match[str]) -> str:
    if found["basic"] is not None:
        return re.sub(r"\\(.)", r"\1", found["basic"])
    return found["bare"] if found["bare"] is not None else found["literal"]


def _replaced(
    table: Mapping[str, object], keys: tuple[str, ...], depth: int, value: object, place: str
) -> dict[str, object]:
    """Return a copy of a table on the way, changed below; everything beside the way is shared."""
    key = _as_written(table, keys, depth)
    copy = dict(table)
    if depth < len(keys) - 1:
        inner = copy.get(key, {})
        if not isinstance(inner, Mapping):
            raise FileError("E142", place, value=path_text(keys[: depth + 1]), name=key)
        if value is REMOVED and key not in copy:
            raise _nothing_there(table, keys, depth, place)
        copy[key] = _replaced(inner, keys, depth + 1, value, place)
    elif value is not REMOVED:
        copy[key] = value
    elif key in copy:
        del copy[key]
    else:
        raise _nothing_there(table, keys, depth, place)
    return copy


def _as_written(table: Mapping[str, object], keys: tuple[str, ...], depth: int) -> str:
    key = keys[depth]
    if key in table or depth + 1 != _AGENTS or (keys[0], keys[2]) != ("center", "agent"):
        return key
    return next((other for other in table if other.casefold() == key.casefold()), key)


def _nothing_there(table: Mapping[str, object], keys: tuple[str, ...], depth: int, place: str) -> FileError:
    written = path_text(keys[: depth + 1])
    return FileError("E107", place, value=written, near=nearest(keys[depth], table), known=listed(table))


def dated(data: Mapping[str, object], shop: Shop) -> dict[str, object]:
    """Return a shop's data with the dates written in that reading it filled in: ``created``, and ``closed`` where it is.

    Args:
        data: Parsed TOML of a shop.
        shop: What was read from it, on the day that counts.
    """
    found = dict(data)
    for center in shop.centers.values():
        days = {"created": center.created}
        if center.status is CenterStatus.CLOSED:
            days["closed"] = center.closed
        for key, day in days.items():
            if day is not None:
                found = apply_change(found, path_text(("center", center.id, key)), day.isoformat())
    return found


def carried(data: Mapping[str, object], shop: Shop, before: Shop) -> dict[str, object]:
    """Return an edited shop's data with the dates that it leaves open as they stood before.

    ``created``, and ``closed`` of a center that stays closed, keep what was filled in once.

    Args:
        data: Parsed TOML of the shop as edited.
        shop: What was read from it, on the day of the change.
        before: The shop until then.
    """
    found = dict(data)
    for center in shop.centers.values():
        table = _table(data, center.id)
        known = before.centers.get(center.id)
        days = {}
        if "created" not in table:
            days["created"] = center.created if known is None else known.created
        was_closed = known is not None and known.status is CenterStatus.CLOSED
        if center.status is CenterStatus.CLOSED and "closed" not in table:
            days["closed"] = known.closed if known is not None and was_closed else center.closed
        for key, day in days.items():
            if day is not None:
                found = apply_change(found, path_text(("center", center.id, key)), day.isoformat())
    return found


def reopened(data: Mapping[str, object], shop: Shop, before: Shop) -> Mapping[str, object]:
    """Return a shop's data without the last days of centers that a change of their status opened again."""
    for center in shop.centers.values():
        known = before.centers.get(center.id)
        if (
            known is not None
            and known.status is CenterStatus.CLOSED is not center.status
            and center.closed is not None
            and center.closed == known.closed
        ):
            data = apply_change(data, path_text(("center", center.id, "closed")), REMOVED)
    return data


def _table(data: Mapping[str, object], center: str) -> Mapping[str, object]:
    centers = data.get("center")
    found = centers.get(center) if isinstance(centers, Mapping) else None
    return found if isinstance(found, Mapping) else {}
