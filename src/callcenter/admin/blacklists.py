"""Blacklists of call centers (黑名单): callers who are refused before the answer."""

from __future__ import annotations

from callcenter.admin.marks import Marks, marks_of
from callcenter.admin.pages import FIRST, Ask, Page, paged
from callcenter.admin.rows import Path, Row, add_row, remove_row, without_empty
from callcenter.admin.things import BLACKLISTED, NEW_BLACKLISTED, BlacklistRef
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing, use_case
from callcenter.model.directory import BlacklistEntry
from callcenter.model.ids import CenterId
from callcenter.model.numbers import masked, matched, normal
from callcenter.model.value import value

_NUMBER = "number"


@value
class BlacklistRow:
    """A refused number as a console shows it; ``marks`` has when it was added, and by whom."""

    ref: BlacklistRef
    access_number: str
    entry: BlacklistEntry
    marks: Marks = Marks()


@listing("blacklists.list")
def list_(
    turn: Turn, ask: Ask = FIRST, *, center: CenterId | None = None, number: str = "", name: str = ""
) -> Page[BlacklistRow]:
    """Return the numbers that the centers that are seen refuse, by center and number.

    Args:
        turn: The run.
        ask: Which page.
        center: Only of this one.
        number: A part of the number, or the whole of it as anybody would write it.
        name: A part of the customer's name, in any case of letters.
    """
    wanted, also, named = number.strip(), matched(number.strip()), name.casefold()
    found = (
        BlacklistRow(ref=BlacklistRef(center=own.id, number=entry.number), access_number=own.access_number, entry=entry)
        for own in turn.shop.centers.values()
        if center in {None, own.id}
        for entry in own.blacklist
        if (wanted in entry.number or also == entry.number) and named in entry.name.casefold()
    )
    page = paged(found, ask, lambda row: (row.ref.center, row.ref.number))
    return page.each(lambda row: _marked(turn, row))


def _marked(turn: Turn, row: BlacklistRow) -> BlacklistRow:
    marks = marks_of(turn, f"blacklisted:{BLACKLISTED.said(row.ref)}", "blacklists.add")
    return BlacklistRow(ref=row.ref, access_number=row.access_number, entry=row.entry, marks=marks)


@use_case("blacklists.add", NEW_BLACKLISTED)
def add(turn: Turn, entry: BlacklistRef, *, name: str = "", note: str = "", reason: str = "") -> BlacklistRef:
    """Let a center refuse a number from its next call on.

    Args:
        turn: The run.
        entry: The center, and the number as anybody would write it.
        name: Of the customer.
        note: For people.
        reason: For the trail.

    Raises:
        UsageError: E702, for what is no number; E582, when it is there already.
    """
    number = normal(entry.number)
    row = without_empty({_NUMBER: number, "name": name, "note": note})
    add_row(turn, _path(entry), row, lambda other: _is(other, number), "kind.blacklisted", masked(number), _NUMBER)
    return BlacklistRef(center=entry.center, number=number)


@use_case("blacklists.remove", BLACKLISTED)
def remove(turn: Turn, entry: BlacklistRef, *, reason: str = "") -> None:
    """Let a center take calls of a number again."""
    remove_row(turn, _path(entry), lambda row: _is(row, entry.number), _NUMBER)


def _path(entry: BlacklistRef) -> Path:
    return "center", entry.center, "blacklist"


def _is(row: Row, number: str) -> bool:
    return matched(str(row.get(_NUMBER, ""))) == matched(number)
