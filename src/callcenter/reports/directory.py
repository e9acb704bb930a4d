"""The entities of a shop as lists: centers, enterprises, groups, agents, extensions, VIPs, blacklists.

Columns are those of the console's pages; what belongs to people and not to the shop (who created, last log-in) is
beside them there. Each is taken within the centers that may be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from callcenter.billing.accounts import Account, center_account
from callcenter.files.shop import Shop
from callcenter.model.directory import GroupKind
from callcenter.model.ids import CenterId
from callcenter.model.money import Money
from callcenter.reports.sheets import Sheet
from callcenter.reports.table import Cell, Form, columns

CENTER_COLUMNS: Final = columns(
    "center access_number login enterprise enterprise_name code rate seat_month_fen minimum_month_fen status "
    "balance_fen created closed note",
    seat_month_fen=Form.MONEY,
    minimum_month_fen=Form.MONEY,
    balance_fen=Form.MONEY,
)
ENTERPRISE_COLUMNS: Final = columns(
    "enterprise name reseller centers phone fax province city address postcode pinyin note", centers=Form.COUNT
)
GROUP_COLUMNS: Final = columns(
    "center group name kind members ring ranking announce_agent_id holiday_prompt note", members=Form.COUNT
)
AGENT_COLUMNS: Final = columns("center groups agent name agent_phone status level record created closed note")
EXTENSION_COLUMNS: Final = columns("center group name short_number long_number")
VIP_COLUMNS: Final = columns("center group caller name class")
BLACKLIST_COLUMNS: Final = columns("center caller name")

Rows = Iterable[tuple[Cell, ...]]


def _yes(true: bool) -> str:
    return "yes" if true else "no"


def centers(shop: Shop, seen: Iterable[CenterId], balance: Callable[[Account], Money]) -> Sheet:
    """Return the call centers (呼叫中心), each with its balance."""

    def row(id: CenterId) -> tuple[Cell, ...]:
        center, terms = shop.centers[id], shop.rents.get(id)
        owner = None if center.enterprise is None else shop.enterprises[center.enterprise]
        return (
            id,
            center.access_number,
            center.login,
            center.enterprise,
            None if owner is None else owner.name,
            center.code,
            center.rate,
            None if terms is None else terms.seat_month,
            None if terms is None else terms.minimum_month,
            center.status.value,
            balance(center_account(id)),
            None if center.created is None else center.created.isoformat(),
            None if center.closed is None else center.closed.isoformat(),
            center.note,
        )

    return Sheet(name="centers", columns=CENTER_COLUMNS, rows=map(row, seen))


def enterprises(shop: Shop, seen: Iterable[CenterId]) -> Sheet:
    """Return the enterprises (企业) of centers, each with how many of them it has."""
    counts: dict[str, int] = {}
    for center in seen:
        owner = shop.centers[center].enterprise
        if owner is not None:
            counts[owner] = counts.get(owner, 0) + 1
    rows: Rows = (
        (one.id, one.name, one.reseller, counts[one.id], one.phone, one.fax, one.province, one.city, one.address,
         one.postcode, one.pinyin, one.note)
        for one in shop.enterprises.values() if one.id in counts
    )  # fmt: skip
    return Sheet(name="enterprises", columns=ENTERPRISE_COLUMNS, rows=rows)


def groups(shop: Shop, seen: Iterable[CenterId]) -> Sheet:
    """Return the groups (坐席组)."""
    rows: Rows = (
        (center, one.id, one.name, one.kind.value, len(one.members) + len(one.extensions), one.ring.kind.value,
         one.ranking, _yes(one.announce_agent_id), one.holiday_prompt, one.note)
        for center in seen for one in shop.centers[center].groups.values()
    )  # fmt: skip
    return Sheet(name="groups", columns=GROUP_COLUMNS, rows=rows)


def agents(shop: Shop, seen: Iterable[CenterId]) -> Sheet:
    """Return the agents (坐席人员), each with the groups it is in."""
    rows: Rows = (
        (center, " ".join(group.id for group in shop.centers[center].groups.values()
                          if any(member.agent == one.id for member in group.members)),
         one.id, one.name, one.phone, one.status.value, one.level.value, _yes(one.record),
         None if one.created is None else one.created.isoformat(),
         None if one.closed is None else one.closed.isoformat(), one.note)
        for center in seen for one in shop.centers[center].agents.values()
    )  # fmt: skip
    return Sheet(name="agents", columns=AGENT_COLUMNS, rows=rows)


def extensions(shop: Shop, seen: Iterable[CenterId]) -> Sheet:
    """Return the extensions (独立坐席)."""
    rows: Rows = (
        (center, group.id, group.name, one.short, one.long)
        for center in seen for group in shop.centers[center].groups.values()
        if group.kind is GroupKind.EXTENSION for one in group.extensions
    )  # fmt: skip
    return Sheet(name="extensions", columns=EXTENSION_COLUMNS, rows=rows)


def vips(shop: Shop, seen: Iterable[CenterId]) -> Sheet:
    """Return the VIP customers of groups (VIP 客户)."""
    rows: Rows = (
        (center, group.id, one.number, one.name, one.caller_class.word)
        for center in seen for group in shop.centers[center].groups.values() for one in group.vip
    )  # fmt: skip
    return Sheet(name="vips", columns=VIP_COLUMNS, rows=rows)


def blacklists(shop: Shop, seen: Iterable[CenterId]) -> Sheet:
    """Return the numbers that centers refuse (黑名单)."""
    rows: Rows = ((center, one.number, one.name) for center in seen for one in shop.centers[center].blacklist)
    return Sheet(name="blacklists", columns=BLACKLIST_COLUMNS, rows=rows)
