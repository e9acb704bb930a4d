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
    "centers.create": _change(platform=WITHIN),
    "centers.edit": _change(platform=BELOW),
    "centers.set_note": _change(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=OWN),
    "centers.set_status": _change(platform=BELOW),
    "centers.set_plans": _change(platform=BELOW),
    "centers.close": _change(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=OWN),
    "centers.closing": _read(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=OWN, auditor=WITHIN),
    "centers.hand_back": _change(platform=BELOW, reseller=BELOW),
    # ---------------------------------------------------------------- money
    "money.balance": _read(platform=BELOW, reseller=WITHIN, enterprise=BELOW, center=OWN, auditor=WITHIN),
    "money.top_up_center": _change(platform=BELOW, reseller=BELOW),
    "money.top_up_reseller": _change(platform=BELOW),
    "money.refund": _change(platform=BELOW),
    "money.deduct": _change(platform=BELOW),
    # ---------------------------------------------------------------- log-ins
    "logins.list": _read(platform=WITHIN, reseller=WITHIN, enterprise=WITHIN, center=WITHIN, auditor=WITHIN),
    "logins.create": _change(platform=WITHIN),
    "logins.reset": _change(platform=BELOW, reseller=BELOW, enterprise=BELOW, center=BELOW),
    "logins.close": _change(platform=BELOW),
    # ---------------------------------------------------------------- the trail
    "trail.list": _read(platform=WITHIN, reseller=WITHIN, enterprise=WITHIN, center=WITHIN, auditor=WITHIN),
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
