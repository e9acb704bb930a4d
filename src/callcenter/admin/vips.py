"""VIP customers of groups (VIP 客户): callers who stand before others, by their class."""

from __future__ import annotations

from callcenter.admin.marks import Marks, marks_of
from callcenter.admin.pages import FIRST, Ask, Page, paged
from callcenter.admin.rows import Path, Row, add_row, edit_row, remove_row, without_empty
from callcenter.admin.tenants import GroupRef
from callcenter.admin.things import NEW_VIP, VIP, VipRef
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing, use_case
from callcenter.errors import UsageError
from callcenter.model.directory import VipCustomer
from callcenter.model.ids import CenterId, GroupId
from callcenter.model.numbers import masked, matched, normal
from callcenter.model.tree import CallerClass
from callcenter.model.value import value


@value
class VipRow:
    """A VIP customer as a console shows it; ``marks`` has when it was added, and by whom."""

    ref: VipRef
    group_name: str
    customer: VipCustomer
    marks: Marks = Marks()


@listing("vips.list")
def list_(
    turn: Turn,
    ask: Ask = FIRST,
    *,
    center: CenterId | None = None,
    group: GroupId | None = None,
    number: str = "",
    name: str = "",
    caller_class: CallerClass | None = None,
) -> Page[VipRow]:
    """Return the VIP customers that are seen, by center, group and number.

    Args:
        turn: The run.
        ask: Which page.
        center: Only of this one.
        group: Only of groups of this id.
        number: A part of the number, or the whole of it as anybody would write it.
        name: A part of the name, in any case of letters.
        caller_class: Only of this class.
    """
    wanted, also, named = number.strip(), matched(number.strip()), name.casefold()
    found = (
        VipRow(
            ref=VipRef(group=GroupRef(center=own.id, group=each.id), number=vip.number),
            group_name=each.name,
            customer=vip,
        )
        for own in turn.shop.centers.values()
        if center in {None, own.id}
        for each in own.groups.values()
        if group in {None, each.id}
        for vip in each.vip
        if (wanted in vip.number or also == vip.number)
        and named in vip.name.casefold()
        and caller_class in {None, vip.caller_class}
    )
    page = paged(found, ask, lambda row: (row.ref.group.center, row.ref.group.group, row.ref.number))
    return page.each(lambda row: _marked(turn, row))


def _marked(turn: Turn, row: VipRow) -> VipRow:
    marks = marks_of(turn, f"vip:{VIP.said(row.ref)}", "vips.add")
    return VipRow(ref=row.ref, group_name=row.group_name, customer=row.customer, marks=marks)


@use_case("vips.add", NEW_VIP)
def add(
    turn: Turn,
    vip: VipRef,
    *,
    name: str = "",
    caller_class: CallerClass = CallerClass.VIP,
    note: str = "",
    reason: str = "",
) -> VipRef:
    """Add a VIP customer to a group; it counts from its next call on.

    Args:
        turn: The run.
        vip: The group, and the number as anybody would write it.
        name: Of the customer.
        caller_class: Above normal.
        note: For people.
        reason: For the trail.

    Raises:
        UsageError: E702, for what is no number; E582, when it is there already; E589, for the class of everybody else.
    """
    number = normal(vip.number)
    row = without_empty({"number": number, "name": name, "class": _word(caller_class), "note": note})
    add_row(turn, _path(vip), row, lambda other: _is(other, number), "kind.vip", masked(number))
    return VipRef(group=vip.group, number=number)


@use_case("vips.edit", VIP)
def edit(
    turn: Turn,
    vip: VipRef,
    *,
    name: str | None = None,
    caller_class: CallerClass | None = None,
    note: str | None = None,
    reason: str = "",
) -> None:
    """Change name, class or note of a VIP customer; what is None stays.

    Raises:
        UsageError: E589, for the class of everybody else.
    """
    word = None if caller_class is None else _word(caller_class)
    edit_row(turn, _path(vip), {"name": name, "class": word, "note": note}, lambda row: _is(row, vip.number))


@use_case("vips.remove", VIP)
def remove(turn: Turn, vip: VipRef, *, reason: str = "") -> None:
    """Take a VIP customer out of a group; what it was stays in the records of its calls."""
    remove_row(turn, _path(vip), lambda row: _is(row, vip.number))


def _word(caller_class: CallerClass) -> str:
    if caller_class is CallerClass.NORMAL:
        raise UsageError("E589", name="caller_class", wanted="vip, important, honored")
    return caller_class.word


def _path(vip: VipRef) -> Path:
    return "center", vip.group.center, "group", vip.group.group, "vip"


def _is(row: Row, number: str) -> bool:
    return matched(str(row.get("number", ""))) == matched(number)
