"""Who acts: a role at a place, as found out when it came in; and whether it still may."""

from __future__ import annotations

from typing import Final

import attrs

from callcenter.admin.tenants import AgentRef, Level, Node, Place, place_of, team_of
from callcenter.errors import PermissionRefused
from callcenter.files.shop import Shop
from callcenter.model.directory import AgentLevel, AgentStatus, CenterStatus, ResellerStatus
from callcenter.model.ids import AgentId, CenterId, EnterpriseId, ResellerId
from callcenter.model.times import Instant
from callcenter.model.value import changed, value
from callcenter.ports import Transaction
from callcenter.ports_people import LogInId, Role, TokenHash

_LOCKED: Final = frozenset({CenterStatus.LOCKED, CenterStatus.FROZEN, CenterStatus.CLOSED})
_LEVELS: Final = {
    Role.PLATFORM: frozenset({Level.PLATFORM}),
    Role.RESELLER: frozenset({Level.RESELLER}),
    Role.ENTERPRISE: frozenset({Level.ENTERPRISE}),
    Role.CENTER: frozenset({Level.CENTER}),
    Role.SUPERVISOR: frozenset({Level.AGENT}),
    Role.AGENT: frozenset({Level.AGENT}),
    Role.AUDITOR: frozenset({Level.PLATFORM, Level.RESELLER, Level.ENTERPRISE, Level.CENTER}),
}


@value
class Principal:
    """Somebody who acts.

    A service that knows its people itself makes principals of its own; those of :mod:`callcenter.admin.identity` carry
    their session, and end with it.

    Attributes:
        name: By which the audit trail knows it.
        node: Where it stands.
        address: Where it comes from.
        session: Of which it is; None: the service vouches for it.
        must_change: Whether it holds a first secret, good for nothing but its own change.
    """

    name: str
    role: Role
    node: Node
    address: str = ""
    session: TokenHash | None = attrs.field(default=None, repr=False)
    login: LogInId | None = None
    must_change: bool = False


@value
class Standing:
    """A principal that may act, and where it stands in the shop as it is now."""

    principal: Principal
    place: Place
    team: frozenset[Node] = frozenset()


def fits(role: Role, node: Node) -> bool:
    """Tell whether a role can stand at a node."""
    return node.level in _LEVELS[role]


def standing(tx: Transaction, shop: Shop, principal: Principal, now: Instant) -> Standing:
    """Return where a principal stands now.

    Raises:
        PermissionRefused: E575, when it may not act any more: its session is revoked, its log-in, its agent or what it
            belongs to is closed, suspended or gone. E576 is for the frame to say.
    """
    place = place_of(shop, principal.node)
    if place is None or not fits(principal.role, principal.node) or not _open(shop, place) or not _lives(tx, principal):
        raise PermissionRefused("E575")
    node = place[-1]
    if node.level is not Level.AGENT:
        return Standing(principal=principal, place=place)
    ref = AgentRef(center=CenterId(node.center), agent=AgentId(node.id))
    agent = shop.centers[ref.center].agents[ref.agent]
    is_supervisor = agent.level is AgentLevel.SUPERVISOR
    role = Role.SUPERVISOR if is_supervisor else Role.AGENT
    team = team_of(shop, ref) if is_supervisor else frozenset()
    return Standing(principal=changed(principal, role=role, node=node), place=place, team=team)


def _lives(tx: Transaction, principal: Principal) -> bool:
    """Tell whether the session of a principal, if it has one, is still good."""
    if principal.session is None:
        return True
    session = tx.people.session(principal.session)
    login = None if session is None else tx.people.find(session.login)
    return session is not None and session.revoked_at is None and login is not None and login.closed_at is None


def _open(shop: Shop, place: Place) -> bool:
    """Tell whether log-ins of a place count: P3b for centers and agents, and a reseller that is not cancelled."""
    node = place[-1]
    match node.level:
        case Level.RESELLER:
            return shop.resellers[ResellerId(node.id)].status is not ResellerStatus.CANCELLED
        case Level.ENTERPRISE:
            return shop.enterprises[EnterpriseId(node.id)].closed is None
        case Level.CENTER:
            return shop.centers[CenterId(node.id)].status not in _LOCKED
        case Level.AGENT:
            center = shop.centers[CenterId(node.center)]
            agent = center.agents[AgentId(node.id)]
            return center.status not in _LOCKED and agent.status is AgentStatus.ACTIVE and agent.closed is None
        case _:
            return True
