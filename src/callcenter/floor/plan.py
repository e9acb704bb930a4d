"""What a floor is made of, as a program says it, and the shop that comes of it: the TOML of a shop file as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs

from callcenter.billing.rent_terms import RentPlan
from callcenter.model.money import ZERO, Money
from callcenter.model.value import state, value

CENTER: Final = "floor"
"""The id of the one center of a floor."""
TREE: Final = "main"


@value
class Rent:
    """What seats cost, and what is to be spent at least.

    Attributes:
        seat: Price of one seat and month.
        minimum: What the call charges of a whole month are topped up to.
        plan: How the price of a month becomes that of a day.
    """

    seat: Money = ZERO
    minimum: Money = ZERO
    plan: RentPlan = RentPlan.FIXED_DAILY

    def data(self) -> dict[str, object]:
        """Return it as a shop file writes it."""
        return {
            "plan": self.plan.value,
            "seat_month_fen": str(self.seat),
            "minimum_month_fen": str(self.minimum),
        }


@state
class Group:
    """A group of a floor: agents who log in, or extensions, whichever were added to it.

    Attributes:
        id: By which files would name it.
        options: Keys of a group in a shop file, with their values.
    """

    id: str
    name: str
    options: dict[str, object]
    agents: dict[str, dict[str, object]] = attrs.field(factory=dict)
    extensions: list[dict[str, str]] = attrs.field(factory=list)
    vips: list[dict[str, str]] = attrs.field(factory=list)

    def agent(self, id: str, *, phone: str = "", **options: object) -> None:
        """Add an agent, or let one of another group be in this one as well.

        Args:
            id: Log-in id.
            phone: Needed once.
            **options: Keys of an agent in a shop file: ``wrap_up_s=30``.
        """
        self.agents[id] = ({"phone": phone} if phone else {}) | options

    def extension(self, short: str, long: str = "") -> None:
        """Add a fixed phone: a short number and the number that it rings."""
        self.extensions.append({"short": short, "long": long})

    def vip(self, number: str, name: str = "", caller_class: str = "vip") -> None:
        """Let a caller be ``vip``, ``important`` or ``honored`` in this group."""
        self.vips.append({"number": number, "name": name, "class": caller_class})

    def data(self) -> dict[str, object]:
        """Return it as a shop file writes it."""
        who: dict[str, object] = {"kind": "login", "members": list(self.agents)}
        if self.extensions:
            who = {"kind": "extension", "extensions": self.extensions}
        return {"name": self.name, **who, "vip": self.vips, **self.options}


class Menu:
    """A menu: what is heard, and where keys lead.

    Args:
        greeting: Label of the prompt.
        choices: Keys → a group, another menu, or a target as files write it (``"repeat"``, ``"number:02855500099"``).
        **options: Keys of a menu in a shop file: ``direct_dial=True``, ``first_digit_s=3``.
    """

    def __init__(
        self, greeting: str, choices: Mapping[str, Group | Menu | str] | None = None, **options: object
    ) -> None:
        self.greeting: Final = greeting
        self.choices: Final = dict(choices or {})
        self.options: Final = options


Leads = Group | Menu | str
"""Where callers can be led: a group, a menu, or a target as files write it."""


def tree_of(root: Menu) -> dict[str, object]:
    """Return a menu and all below it as a tree of a shop file; one that is met again is the same node."""
    names: dict[int, str] = {}
    nodes: dict[str, object] = {}

    def named(menu: Menu) -> str:
        if id(menu) not in names:
            names[id(menu)] = name = "main" if not names else f"menu{len(names)}"
            nodes[name] = {}
            choices = {key: target_of(leads, named) for key, leads in menu.choices.items()}
            nodes[name] = {"greeting": menu.greeting, "choices": choices, **menu.options}
        return names[id(menu)]

    return {"root": named(root), "menu": nodes}


def target_of(leads: Leads, named: Any) -> str:
    """Return where something leads as a shop file writes it."""
    if isinstance(leads, Group):
        return f"group:{leads.id}"
    return f"menu:{named(leads)}" if isinstance(leads, Menu) else leads


def shop_data(center: dict[str, object], groups: list[Group], ivr: Leads) -> dict[str, object]:
    """Return the shop of a floor: one center with its groups, its agents and its tree."""
    agents: dict[str, dict[str, object]] = {}
    for group in groups:
        for id, agent in group.agents.items():
            agents.setdefault(id, {}).update(agent)
    data: dict[str, object] = {"schema": 1}
    home = center | {"agent": agents, "group": {group.id: group.data() for group in groups}}
    if isinstance(ivr, Menu):
        data["ivr"] = {TREE: tree_of(ivr)}
        home["ivr"] = TREE
    else:
        home["ivr"] = target_of(ivr, None)
    return data | {"center": {CENTER: home}}
