"""Who may do what: one table, action by action, and nothing that is not in it (P4, P3b).

A row says what an action does and, for each role, to what it may be done: to where the role stands (*own*), to what
lies below it (*child*), to what lies above (*parent*). A role that a row does not name may not do it at all. A use case
that has no row cannot be written: the decorator refuses it when its module is imported.

A platform may run its house by a table of its own: :func:`allowing` returns one with some rows changed.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final

import attrs

from callcenter.admin.tenants import Relation
from callcenter.model.value import value
from callcenter.ports_people import Role


class Effect(enum.Enum):
    """What an action does.

    Attributes:
        READ: It shows something; the trail is silent about it.
        ACCESS: It shows something whose showing is noted: a recording, an export.
        CHANGE: It changes something; done or refused, it is noted.
    """

    READ = "read"
    ACCESS = "access"
    CHANGE = "change"


@value
class Rule:
    """A row of the table."""

    effect: Effect
    allowed: Mapping[Role, frozenset[Relation]] = attrs.field(hash=False)


OWN: Final = frozenset({Relation.OWN})
BELOW: Final = frozenset({Relation.CHILD})
WITHIN: Final = frozenset({Relation.OWN, Relation.CHILD})
AROUND: Final = frozenset({Relation.OWN, Relation.CHILD, Relation.PARENT})


def _rule(effect: Effect, **allowed: frozenset[Relation]) -> Rule:
    return Rule(effect=effect, allowed={Role(role): relations for role, relations in allowed.items()})


def _read(**allowed: frozenset[Relation]) -> Rule:
    return _rule(Effect.READ, **allowed)


def _change(**allowed: frozenset[Relation]) -> Rule:
    return _rule(Effect.CHANGE, **allowed)


def _access(**allowed: frozenset[Relation]) -> Rule:
    return _rule(Effect.ACCESS, **allowed)


_HOUSE: Final[Mapping[str, frozenset[Relation]]] = {
    "platform": BELOW,
    "reseller": BELOW,
    "enterprise": BELOW,
    "center": WITHIN,
    "auditor": WITHIN,
}
"""Who sees what lies in centers: everybody above or at them."""

Policy = Mapping[str, Rule]

POLICY: Final[Policy] = {
    # ---------------------------------------------------------------- resellers
    "resellers.list": _read(platform=BELOW, reseller=OWN, auditor=WITHIN),
    "resellers.show": _read(platform=BELOW, reseller=OWN, auditor=WITHIN),
    "resellers.create": _change(platform=OWN),
    "resellers.edit": _change(platform=BELOW),
    "resellers.set_status": _change(platform=BELOW),
    "resellers.set_terms": _change(platform=BELOW),
    # ---------------------------------------------------------------- enterprises
    "enterprises.list": _read(platform=BELOW, reseller=BELOW, enterprise=OWN, auditor=WITHIN),
    "enterprises.show": _read(platform=BELOW, reseller=BELOW, enterprise=OWN, auditor=WITHIN),
    "enterprises.create": _change(platform=BELOW),
    "enterprises.edit": _change(platform=BELOW, reseller=BELOW, enterprise=OWN),
    "enterprises.close": _change(platform=BELOW),
    # ---------------------------------------------------------------- centers
    "centers.list": _read(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=OWN, auditor=WITHIN),
    "centers.show": _read(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=OWN, auditor=WITHIN),
    "centers.create": _change(platform=OWN),
    "centers.edit": _change(platform=BELOW),
    "centers.set_note": _change(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=OWN),
    "centers.set_status": _change(platform=BELOW),
    "centers.set_plans": _change(platform=BELOW),
    "centers.close": _change(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=OWN),
    "centers.closing": _read(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=OWN, auditor=WITHIN),
    "centers.hand_back": _change(platform=BELOW, reseller=BELOW),
    # ---------------------------------------------------------------- money
    "money.balances": _read(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=OWN, auditor=WITHIN),
    "money.balance": _read(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=OWN, auditor=WITHIN),
    "money.reseller_balance": _read(platform=BELOW, reseller=OWN, auditor=WITHIN),
    "money.adjustments": _read(platform=BELOW, reseller=WITHIN, enterprise=BELOW, center=OWN, auditor=WITHIN),
    "money.top_up_center": _change(platform=BELOW, reseller=BELOW),
    "money.top_up_reseller": _change(platform=BELOW),
    "money.refund": _change(platform=BELOW),
    "money.deduct": _change(platform=BELOW),
    # ---------------------------------------------------------------- log-ins
    "logins.list": _read(platform=WITHIN, reseller=WITHIN, enterprise=WITHIN, center=WITHIN, auditor=WITHIN),
    "logins.create": _change(platform=WITHIN),
    "logins.reset": _change(platform=WITHIN, reseller=BELOW, enterprise=BELOW, center=BELOW),
    "logins.close": _change(platform=WITHIN),
    # ---------------------------------------------------------------- the trail
    "trail.list": _read(platform=WITHIN, reseller=WITHIN, enterprise=WITHIN, center=WITHIN, auditor=WITHIN),
    "trail.export": _access(platform=WITHIN, reseller=WITHIN, enterprise=WITHIN, center=WITHIN, auditor=WITHIN),
    # ---------------------------------------------------------------- groups, agents, extensions
    "groups.list": _read(**_HOUSE, supervisor=BELOW),
    "groups.show": _read(**_HOUSE, supervisor=BELOW),
    "groups.create": _change(platform=BELOW),
    "groups.edit": _change(platform=BELOW, center=BELOW),
    "groups.set_members": _change(platform=BELOW, center=BELOW),
    "agents.list": _read(**_HOUSE, supervisor=WITHIN),
    "agents.show": _read(**_HOUSE, supervisor=WITHIN, agent=OWN),
    "agents.create": _change(platform=BELOW),
    "agents.edit": _change(platform=BELOW, center=BELOW),
    "agents.set_status": _change(platform=BELOW, center=BELOW),
    "agents.close": _change(platform=BELOW, center=BELOW),
    "agents.propose_phone": _change(platform=BELOW, center=BELOW, supervisor=WITHIN, agent=OWN),
    "agents.approve_phone": _change(platform=BELOW, center=BELOW),
    "agents.drop_phone": _change(platform=BELOW, center=BELOW),
    "agents.log_out": _change(platform=BELOW, center=BELOW, supervisor=BELOW),
    # Its own state is the agent's alone: whoever else wants it off logs it out.
    "client.come_on": _change(supervisor=OWN, agent=OWN),
    "client.set_ready": _change(supervisor=OWN, agent=OWN),
    "client.set_not_ready": _change(supervisor=OWN, agent=OWN),
    "client.end_wrap_up": _change(supervisor=OWN, agent=OWN),
    "client.leave": _change(supervisor=OWN, agent=OWN),
    "extensions.list": _read(**_HOUSE),
    "extensions.set_long": _change(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=BELOW),
    "extensions.add": _change(platform=BELOW, center=BELOW),
    "extensions.remove": _change(platform=BELOW, center=BELOW),
    # ---------------------------------------------------------------- callers who are known
    "vips.list": _read(**_HOUSE, supervisor=BELOW),
    "vips.add": _change(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=BELOW),
    "vips.edit": _change(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=BELOW),
    "vips.remove": _change(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=BELOW),
    "blacklists.list": _read(**_HOUSE),
    "blacklists.add": _change(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=OWN),
    "blacklists.remove": _change(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=OWN),
    # ---------------------------------------------------------------- what callers hear
    "voices.list": _read(platform=WITHIN, reseller=AROUND, enterprise=AROUND, center=AROUND, auditor=AROUND),
    "voices.listen": _read(platform=WITHIN, reseller=AROUND, enterprise=AROUND, center=AROUND, auditor=AROUND),
    "voices.upload": _change(platform=WITHIN, reseller=WITHIN, enterprise=BELOW, center=OWN),
    "voices.remove": _change(platform=WITHIN, reseller=WITHIN, enterprise=BELOW, center=OWN),
    "trees.show": _read(**_HOUSE),
    "trees.publish": _change(platform=BELOW, center=OWN),
    # ---------------------------------------------------------------- records
    "charges.list": _read(**_HOUSE),
    "charges.explain": _read(**_HOUSE),
    "charges.stats": _read(**_HOUSE),
    "charges.export": _access(**_HOUSE),
    "charges.export_stats": _access(**_HOUSE),
    "calls.list": _read(**_HOUSE),
    "calls.of_group": _read(**_HOUSE, supervisor=BELOW),
    "calls.of_agent": _read(**_HOUSE, supervisor=WITHIN, agent=OWN),
    "calls.listen": _access(
        platform=BELOW, reseller=BELOW, enterprise=BELOW, center=BELOW, supervisor=WITHIN, agent=WITHIN
    ),
    "calls.export": _access(**_HOUSE),
    "sessions.list": _read(**_HOUSE),
    "sessions.of_group": _read(**_HOUSE, supervisor=BELOW),
    "sessions.of_agent": _read(**_HOUSE, supervisor=WITHIN, agent=OWN),
    "sessions.export": _access(**_HOUSE),
    "rejected.list": _read(**_HOUSE),
    "rejected.export": _access(**_HOUSE),
    "voicemails.list": _read(**_HOUSE),
    "voicemails.listen": _access(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=OWN),
    "books.export_adjustments": _access(platform=BELOW, reseller=WITHIN, enterprise=BELOW, center=OWN, auditor=WITHIN),
    "books.statement": _read(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=OWN, auditor=WITHIN),
    "directory.export": _access(**_HOUSE),
    # ---------------------------------------------------------------- the floor
    "floor.show": _read(**_HOUSE),
    "floor.of_group": _read(**_HOUSE, supervisor=BELOW),
}


def allowing(action: str, role: Role, relations: frozenset[Relation], policy: Policy = POLICY) -> Policy:
    """Return a table in which a role may do an action to what lies so; with no relations it may not do it at all.

    Args:
        action: A row of the table.
        role: Whose right changes.
        relations: To what it may be done.
        policy: The table to begin with.
    """
    rule = policy[action]
    allowed = {**rule.allowed, role: relations}
    if not relations:
        del allowed[role]
    return {**policy, action: Rule(effect=rule.effect, allowed=allowed)}
