"""What agents, operators and the host of a scenario do, and who there is to do it.

``[[agents_do]]``, ``[[top_up]]``, ``[[change]]`` and ``[[host]]``, each at its moment. Names are looked up in the
:class:`Cast`: the shop as it starts, and, for what is not in it, the shop as the scenario's changes will have made it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from typing import Final

import attrs

from callcenter.files.behaviours import Behaviour, read_behaviour
from callcenter.files.changes import REMOVED
from callcenter.files.fields import DIGITS, keys, phone, text_needed
from callcenter.files.lines import path_text
from callcenter.files.reader import Node, Table, listed, nearest
from callcenter.files.shop import Shop
from callcenter.files.targets import read_target
from callcenter.model.ids import AgentId, CenterId, ShortNumber, agent_key
from callcenter.model.money import Money
from callcenter.model.times import Duration
from callcenter.model.tree import Hook, Target
from callcenter.model.value import changed, state, value

_START: Final = Duration(0)


class Deed(enum.Enum):
    """What an agent, or for some an extension, does."""

    LOGIN = "login"
    LOGOUT = "logout"
    FORCE_LOGOUT = "force_logout"
    READY = "ready"
    NOT_READY = "not_ready"
    WRAP_UP_DONE = "wrap_up_done"
    LOST = "lost"
    RETURNED = "returned"
    TRANSFER = "transfer"
    HOLD = "hold"
    RETRIEVE = "retrieve"


_OF_EXTENSIONS: Final = frozenset({Deed.TRANSFER, Deed.HOLD, Deed.RETRIEVE})
_EXTRAS: Final = {Deed.LOGIN: ("phone",), Deed.NOT_READY: ("reason",), Deed.TRANSFER: ("target", "blind")}


@value
class AgentDoes:
    """A row of ``[[agents_do]]``.

    Attributes:
        at: When.
        center: In which center.
        agent: Who, as the shop writes it; None for an extension.
        extension: Short number of an extension; None for an agent.
        deed: What is done; None when only the habits below change.
        phone: Phone of a log-in; None: the agent's first.
        reason: Of not_ready.
        target: Of a transfer, its names not looked up: a transfer to nowhere may be tried.
        blind: Whether a transfer is blind.
        answer: What the phone does from the next dial on; None: as before.
        hang_up_after: Ends each talk after that long, 0: no longer; None: as before.
    """

    at: Duration
    center: CenterId
    agent: AgentId | None = None
    extension: ShortNumber | None = None
    deed: Deed | None = None
    phone: str | None = None
    reason: str = ""
    target: Target | None = None
    blind: bool = True
    answer: Behaviour | None = None
    hang_up_after: Duration | None = None


@value
class TopUp:
    """Money paid into a center's account."""

    at: Duration
    center: CenterId
    amount: Money


@value
class Change:
    """The shop as edited.

    Attributes:
        at: When.
        path: As written; see :func:`callcenter.files.changes.apply_change`.
        value: As TOML gives it, or REMOVED.
        place: Where it is written.
    """

    at: Duration
    path: str
    place: str
    value: object = attrs.field(hash=False)


@value
class HostSays:
    """How the host answers a question of a hook.

    Attributes:
        question: As the hook names it.
        answer: What it says.
        caller: Only to this caller; None: to all.
        after: So long after it was asked.
    """

    question: str
    answer: str
    caller: str | None = None
    after: Duration = _START


@state
class Cast:
    """Who and what there is in a scenario, now or after one of its changes.

    Attributes:
        shop: As it starts.
        later: Makes the shops as changed, one after the other; asked only when a name is not in the first.
    """

    shop: Shop
    later: Callable[[], Iterator[Shop]]
    _made: list[Shop] | None = None

    def shops(self) -> Iterator[Shop]:
        """Yield the shop as it starts, then as it is after each change."""
        yield self.shop
        if self._made is None:
            self._made = list(self.later())
        yield from self._made

    def agent(self, node: Node, center: Node | None) -> tuple[CenterId, AgentId]:
        """Return the center and id of the agent that a value names, in any case of letters."""
        key = agent_key(node.text())
        for shop in self.shops():
            homes = {
                each.id: agent for each in shop.centers.values() for agent in each.agents if agent_key(agent) == key
            }
            if homes:
                home = _one(homes, node, center)
                return home, homes[home]
        raise _nobody(node, [agent for each in self.shop.centers.values() for agent in each.agents])

    def phone(self, node: Node, center: CenterId, agent: AgentId) -> str:
        """Return a phone that is approved for an agent's log-in."""
        found, known = phone(node), set[str]()
        for shop in self.shops():
            person = shop.centers[center].agents.get(agent) if center in shop.centers else None
            known |= {person.phone, *person.phones} if person else set()
            if found in known:
                return found
        raise node.error("E107", near=nearest(found, sorted(known)), known=listed(sorted(known)))

    def extension(self, node: Node, center: Node | None) -> tuple[CenterId, ShortNumber]:
        """Return the center and short number of the extension that a value names."""
        short = ShortNumber(keys(node, DIGITS))
        for shop in self.shops():
            homes = {center_id: short for center_id, shorts in _shorts(shop).items() if short in shorts}
            if homes:
                return _one(homes, node, center), short
        raise _nobody(node, [each for shorts in _shorts(self.shop).values() for each in shorts])

    def center(self, node: Node) -> CenterId:
        """Return the id of the center that a value names."""
        found = CenterId(node.text())
        if not any(found in shop.centers for shop in self.shops()):
            raise _nobody(node, list(self.shop.centers))
        return found

    def group(self, name: str, node: Node) -> None:
        """Refuse the id of a group that no center has."""
        if not any(name in center.groups for shop in self.shops() for center in shop.centers.values()):
            known = {group for center in self.shop.centers.values() for group in center.groups}
            raise node.error("E107", value=f'"{name}"', near=nearest(name, sorted(known)), known=listed(sorted(known)))

    def question(self, node: Node) -> str:
        """Return a question that some hook asks."""
        if not any(node.text() in _questions(shop) for shop in self.shops()):
            raise _nobody(node, sorted(_questions(self.shop)))
        return node.text()


def _shorts(shop: Shop) -> dict[CenterId, list[ShortNumber]]:
    return {
        center.id: [extension.short for group in center.groups.values() for extension in group.extensions]
        for center in shop.centers.values()
    }


def _questions(shop: Shop) -> set[str]:
    return {node.question for tree in shop.trees.values() for node in tree.nodes.values() if isinstance(node, Hook)}


def _one(homes: dict[CenterId, AgentId] | dict[CenterId, ShortNumber], node: Node, center: Node | None) -> CenterId:
    """Return the one center meant: the only one, or the one that is named."""
    if center is not None:
        if CenterId(center.text()) not in homes:
            raise _nobody(center, list(homes))
        return CenterId(center.text())
    if len(homes) > 1:
        raise node.error("E137", near=f'"{next(iter(homes))}"', known=listed(homes))
    return next(iter(homes))


def _nobody(node: Node, known: list[AgentId] | list[ShortNumber] | list[CenterId] | list[str]) -> Exception:
    return node.error("E107", near=nearest(node.text(), known), known=listed(known))


def read_changes(root: Table) -> tuple[Change, ...]:
    """Return the changes of the shop, in file order; whether one can be made is found out at its moment."""
    found = []
    for row in root.rows("change"):
        removed, content = row.flag("remove", False), row.get("value")
        if removed is (content is not None):
            raise row.error("E139", known="value, remove = true")
        found.append(
            Change(
                at=row.seconds("t", _START),
                path=text_needed(row, "path", '"center.demo.status"'),
                value=REMOVED if content is None else content.value,
                place=f"{row.source.name} {path_text(row.path)}",
            )
        )
        row.done()
    return tuple(found)


def read_top_ups(root: Table, cast: Cast) -> tuple[TopUp, ...]:
    """Return the payments into accounts of centers."""
    found = []
    for row in root.rows("top_up"):
        amount = row.money("fen")
        if not amount:
            raise row.error("E105", "fen", rule="> 0")
        found.append(
            TopUp(at=row.seconds("t", _START), center=cast.center(row.need("center", '"demo"')), amount=amount)
        )
        row.done()
    return tuple(found)


def read_hosts(root: Table, cast: Cast) -> tuple[HostSays, ...]:
    """Return the answers of the host."""
    found = []
    for row in root.rows("host"):
        found.append(
            HostSays(
                question=cast.question(row.need("question", '"crm"')),
                answer=row.text("answer"),
                caller=row.text("caller", None),
                after=row.seconds("after_s", _START),
            )
        )
        row.done()
    return tuple(found)


def read_agents_do(root: Table, cast: Cast) -> tuple[AgentDoes, ...]:
    """Return what agents and extensions do."""
    return tuple(_agent_does(row, cast) for row in root.rows("agents_do"))


def _agent_does(row: Table, cast: Cast) -> AgentDoes:
    agent, extension, center = row.get("agent"), row.get("extension"), row.get("center")
    deed = row.choice("do", Deed, None)
    answer, number = row.get("answer"), row.get("phone")
    _refuse_out_of_place(row, deed, is_extension=extension is not None)
    if agent is not None and extension is None:
        home, who = cast.agent(agent, center)
        doer = AgentDoes(at=row.seconds("t", _START), center=home, agent=who)
    elif extension is not None and agent is None:
        home, short = cast.extension(extension, center)
        doer = AgentDoes(at=row.seconds("t", _START), center=home, extension=short)
    else:
        raise row.error("E139", known="agent, extension")
    done = changed(
        doer,
        deed=deed,
        phone=None if number is None or doer.agent is None else cast.phone(number, doer.center, doer.agent),
        reason=row.text("reason", ""),
        target=read_target(row.need("target", '"group:1"'), agents=True) if deed is Deed.TRANSFER else None,
        blind=row.flag("blind", True),
        answer=None if answer is None else read_behaviour(answer),
        hang_up_after=row.seconds("hang_up_after_s", None),
    )
    row.done()
    return done


def _refuse_out_of_place(row: Table, deed: Deed | None, *, is_extension: bool) -> None:
    """Refuse a key of another deed, and what only people who log in can do."""
    for owner, names in _EXTRAS.items():
        for name in names:
            if owner is not deed and name in row:
                raise row.error("E134", name, name=name, where=f'do = "{deed.value}"' if deed else "do = -")
    if is_extension and deed is not None and deed not in _OF_EXTENSIONS:
        raise row.error("E134", "do", name=f'do = "{deed.value}"', where="extension = …")
