"""Enterprises (企业): whom to call and where they are, which centers they have."""

from __future__ import annotations

import enum
from typing import Any, Final

from callcenter.admin.kinds import ENTERPRISE, RESELLER
from callcenter.admin.marks import Marks, marks_of
from callcenter.admin.pages import FIRST, Ask, Page, SortKey, paged
from callcenter.admin.tables import add_table, set_fields
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing, use_case
from callcenter.billing.accounts import center_account
from callcenter.errors import UsageError
from callcenter.model.directory import CenterStatus, Enterprise
from callcenter.model.ids import CenterId, EnterpriseId, ResellerId
from callcenter.model.money import ZERO
from callcenter.model.times import zone
from callcenter.model.value import changed, value
from callcenter.ports_people import LogInId
from callcenter.texts import Word

REQUIRED: Final = ("name", "phone", "address", "postcode")
"""What the administrator needs of every enterprise (1.1)."""
_ZONE: Final = "Asia/Shanghai"


class EnterpriseSort(enum.Enum):
    """Sort keys of enterprises."""

    ID = "id"
    NAME = "name"
    RESELLER = "reseller"


@value
class EnterpriseRow:
    """An enterprise as a console shows it."""

    enterprise: Enterprise
    centers: tuple[CenterId, ...]
    marks: Marks = Marks()


@listing("enterprises.list")
def list_(
    turn: Turn,
    ask: Ask = FIRST,
    *,
    name: str = "",
    reseller: ResellerId | None = None,
    sort: EnterpriseSort = EnterpriseSort.ID,
    descending: bool = False,
) -> Page[EnterpriseRow]:
    """Return the enterprises that are seen.

    Args:
        turn: The run.
        ask: Which page.
        name: A part of id, name or pinyin code, in any case of letters.
        reseller: Only of this one.
        sort: By what.
        descending: The other way round.
    """
    wanted = name.casefold()
    found = (
        each
        for each in turn.shop.enterprises.values()
        if wanted in f"{each.id}\n{each.name}\n{each.pinyin}".casefold() and reseller in {None, each.reseller}
    )
    page = paged(found, ask, lambda each: _order(each, sort), descending=descending)
    return page.each(lambda each: _row(turn, each))


def _order(each: Enterprise, sort: EnterpriseSort) -> SortKey:
    match sort:
        case EnterpriseSort.ID:
            return (each.id,)
        case EnterpriseSort.NAME:
            return (each.name, each.id)
        case EnterpriseSort.RESELLER:
            return (each.reseller, each.id)


@use_case("enterprises.show", ENTERPRISE)
def show(turn: Turn, enterprise: EnterpriseId) -> EnterpriseRow:
    """Return an enterprise with all that is known of it."""
    return _row(turn, turn.whole.enterprises[enterprise])


@use_case("enterprises.create", RESELLER)
def create(
    turn: Turn,
    reseller: ResellerId,
    id: str = "",
    *,
    name: str,
    phone: str,
    address: str,
    postcode: str,
    fax: str = "",
    province: str = "",
    city: str = "",
    pinyin: str = "",
    note: str = "",
    reason: str = "",
) -> EnterpriseId:
    """Make an enterprise of a reseller.

    Args:
        turn: The run.
        reseller: Whose.
        id: Its number; empty: the next one.
        name: And phone, address and postcode: must be filled in.
        phone: A phone number of mainland China; likewise ``fax``.
        address: Of its office.
        postcode: Of the address.
        fax: May be absent, like the rest.
        province: Where it is.
        city: Where it is.
        pinyin: Its code.
        note: For people.
        reason: For the trail.

    Raises:
        UsageError: E565, for what must be filled in; E562 and E563, for the id.
        FileError: E702, for what is no phone number.
    """
    contact = {"name": name, "phone": phone, "address": address, "postcode": postcode}
    _refuse_empty(contact)
    key = id or _next_id(turn)
    more = {"fax": fax, "province": province, "city": city, "pinyin": pinyin, "note": note}
    add_table(turn, ("enterprise", key), {"reseller": reseller, **contact, **more})
    turn.target = f"enterprise:{key}"
    return EnterpriseId(key)


@use_case("enterprises.edit", ENTERPRISE)
def edit(
    turn: Turn,
    enterprise: EnterpriseId,
    *,
    name: str | None = None,
    phone: str | None = None,
    address: str | None = None,
    postcode: str | None = None,
    fax: str | None = None,
    province: str | None = None,
    city: str | None = None,
    pinyin: str | None = None,
    note: str | None = None,
    reason: str = "",
) -> None:
    """Edit an enterprise; what is None stays, and what must be filled in may not become empty (E565)."""
    contact = {"name": name, "phone": phone, "address": address, "postcode": postcode}
    _refuse_empty({key: content for key, content in contact.items() if content is not None})
    more = {"fax": fax, "province": province, "city": city, "pinyin": pinyin, "note": note}
    set_fields(turn, ("enterprise", enterprise), {**contact, **more})


@use_case("enterprises.close", ENTERPRISE)
def close(turn: Turn, enterprise: EnterpriseId, *, reason: str = "") -> None:
    """Close an enterprise whose centers are all done with; its log-ins end, and it stays in every list.

    Raises:
        UsageError: E566, naming the centers that are not.
    """
    left = [center for center in _centers(turn, enterprise) if not _is_done_with(turn, center)]
    if left:
        raise UsageError("E566", name=enterprise, centers=", ".join(left))
    if turn.whole.enterprises[enterprise].closed is None:
        set_fields(turn, ("enterprise", enterprise), {"closed": zone(_ZONE).day(turn.now).isoformat()})
    end_log_ins(turn, (f"enterprise:{enterprise}",))


def end_log_ins(turn: Turn, tenants: tuple[str, ...]) -> None:
    """Close the log-ins of what is closed, and end their sessions."""
    for login in turn.tx.people.log_ins(tenants):
        if login.closed_at is None:
            turn.tx.people.replace(changed(login, closed_at=turn.now))
        turn.tx.people.revoke(LogInId(login.id), turn.now)


def _is_done_with(turn: Turn, center: CenterId) -> bool:
    rest = turn.tx.ledger.balance(center_account(center))
    return turn.whole.centers[center].status is CenterStatus.CLOSED and turn.job.settled(center) and rest <= ZERO


def _row(turn: Turn, enterprise: Enterprise) -> EnterpriseRow:
    tenant = f"enterprise:{enterprise.id}"
    return EnterpriseRow(
        enterprise=enterprise,
        centers=_centers(turn, enterprise.id),
        marks=marks_of(turn, tenant, "enterprises.create", (tenant,)),
    )


def _centers(turn: Turn, enterprise: EnterpriseId) -> tuple[CenterId, ...]:
    return tuple(id for id, center in turn.whole.centers.items() if center.enterprise == enterprise)


def _next_id(turn: Turn) -> str:
    used = [int(id) for id in turn.whole.enterprises if id.isascii() and id.isdigit() and len(id) < 10]
    return str(max(used, default=0) + 1)


def _refuse_empty(contact: dict[str, Any]) -> None:
    """Refuse what must be filled in and is not."""
    empty = [key for key in REQUIRED if key in contact and not str(contact[key]).strip()]
    if empty:
        raise UsageError("E565", fields=Word(f"field.{empty[0]}"))
