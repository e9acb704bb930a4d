"""The shop as a principal may see it: what lies outside is not there, so no filter of a list can bring it back."""

from __future__ import annotations

from collections.abc import Iterable

from callcenter.admin.principal import Standing
from callcenter.admin.tenants import (
    AgentRef,
    GroupRef,
    Level,
    Place,
    Relation,
    agent_place,
    center_place,
    enterprise_place,
    group_place,
    relation,
    reseller_place,
)
from callcenter.files.shop import Shop
from callcenter.files.targets import entered
from callcenter.model.directory import CallCenter
from callcenter.model.ids import CenterId
from callcenter.ports_people import Role

_INSIDE = frozenset({Role.SUPERVISOR, Role.AGENT})
"""Roles that stand inside a center: they see parts of it."""


def visible(shop: Shop, who: Standing, relations: frozenset[Relation]) -> Shop:
    """Return the part of a shop that lies to a principal in one of some relations.

    Of a center that is seen in part (by a supervisor or an agent) only the groups and agents that are seen are there,
    and of the center itself what tells it apart. What a thing that is seen belongs to may be missing: ask the whole
    shop for the reseller of a center.
    """

    def seen(place: Place | None) -> bool:
        return relation(who.place, place, who.team) in relations

    if who.principal.role in _INSIDE:
        return _inside(shop, who, relations)
    if who.place[-1].level is Level.PLATFORM and Relation.CHILD in relations:
        return shop
    centers = {id: center for id, center in shop.centers.items() if seen(center_place(shop, id))}
    return Shop(
        resellers={id: found for id, found in shop.resellers.items() if seen(reseller_place(shop, id))},
        enterprises={id: found for id, found in shop.enterprises.items() if seen(enterprise_place(shop, id))},
        centers=centers,
        rates={name: plan for name, plan in shop.rates.items() if name in _rates(centers.values())},
        rents={id: rent for id, rent in shop.rents.items() if id in centers},
        trees={name: tree for name, tree in shop.trees.items() if name in _trees(shop, centers.values())},
    )


def _inside(shop: Shop, who: Standing, relations: frozenset[Relation]) -> Shop:
    id = CenterId(who.place[-1].center)
    center = shop.centers[id]

    def seen(place: Place | None) -> bool:
        return relation(who.place, place, who.team) in relations

    agents = {
        name: agent for name, agent in center.agents.items() if seen(agent_place(shop, AgentRef(center=id, agent=name)))
    }
    groups = {
        name: group for name, group in center.groups.items() if seen(group_place(shop, GroupRef(center=id, group=name)))
    }
    if not agents and not groups:
        return Shop()
    part = CallCenter(
        id=id,
        access_number=center.access_number,
        ivr=center.ivr,
        login=center.login,
        timezone=center.timezone,
        created=center.created,
        agents=agents,
        groups=groups,
    )
    return Shop(centers={id: part})


def _rates(centers: Iterable[CallCenter]) -> frozenset[str]:
    return frozenset(center.rate for center in centers if center.rate is not None)


def _trees(shop: Shop, centers: Iterable[CallCenter]) -> frozenset[str]:
    """Return the trees that callers of some centers may enter."""
    return frozenset(name for center in centers for name in entered(center, shop.trees))
