"""Where somebody stands, where something lies, and what the one is to the other.

The house is a tree: platform, resellers, enterprises, centers, and in a center its groups and agents. A *place* is the
way from the top to a node. What a principal may do with something depends on how the two places lie to each other, and
on nothing else.
"""

from __future__ import annotations

import enum
from typing import Final

from callcenter.errors import UsageError
from callcenter.files.shop import Shop
from callcenter.model.ids import AgentId, CenterId, EnterpriseId, GroupId, ResellerId, agent_key
from callcenter.model.value import value
from callcenter.model.words import Word


class Level(Word):
    """What kind of node."""

    PLATFORM = "platform"
    RESELLER = "reseller"
    ENTERPRISE = "enterprise"
    CENTER = "center"
    GROUP = "group"
    AGENT = "agent"


class Relation(enum.Enum):
    """What a place is to a principal.

    Attributes:
        OWN: Where the principal stands.
        CHILD: Anywhere below; for a supervisor the groups it is in and their agents as well.
        SIBLING: Beside it, under the same node.
        PARENT: Anywhere above.
        FOREIGN: Elsewhere.
        MISSING: Nowhere.
    """

    OWN = "own"
    CHILD = "child"
    SIBLING = "sibling"
    PARENT = "parent"
    FOREIGN = "foreign"
    MISSING = "missing"


@value
class Node:
    """A node of the tree.

    Attributes:
        id: In its level; of the platform empty.
        center: Of groups and agents: whose.
    """

    level: Level
    id: str = ""
    center: str = ""

    @property
    def text(self) -> str:
        """The node as a tenant is written: ``platform``, ``center:demo``, ``agent:demo/CC1001``."""
        if self.level is Level.PLATFORM:
            return Level.PLATFORM.value
        inside = f"{_quoted(self.center)}/" if self.center else ""
        return f"{self.level.value}:{inside}{_quoted(self.id)}"


Place = tuple[Node, ...]
"""The way from the platform to a node, both included."""

TOP: Final[Place] = (Node(level=Level.PLATFORM),)


@value
class GroupRef:
    """A group, named with its center."""

    center: CenterId
    group: GroupId


@value
class AgentRef:
    """An agent, named with its center; found in any case of letters."""

    center: CenterId
    agent: AgentId


def _quoted(text: str) -> str:
    return text.replace("%", "%25").replace("/", "%2F")


def _unquoted(text: str) -> str:
    return text.replace("%2F", "/").replace("%25", "%")


def node_of(text: str) -> Node:
    """Return the node that a tenant is written as.

    Raises:
        UsageError: E556, for text that names no node.
    """
    word, _, rest = text.partition(":")
    level = next((level for level in Level if level.value == word), None)
    center, slash, id = rest.rpartition("/")
    inner = level in {Level.GROUP, Level.AGENT}
    if level is None or inner != bool(slash) or (level is Level.PLATFORM) != (not id):
        raise UsageError("E556", text=repr(text[:60]))
    return Node(level=level, id=_unquoted(id), center=_unquoted(center))


def path_of(place: Place) -> str:
    """Return the way to a place as the audit trail keeps it; what lies below begins with it and a slash."""
    return "/".join(f"{node.level.value}:{_quoted(node.id)}" for node in place[1:]) or Level.PLATFORM.value


# ---------------------------------------------------------------- where something lies


def place_of(shop: Shop, node: Node) -> Place | None:
    """Return the way to a node of a shop, or None when it is not there."""
    match node.level:
        case Level.PLATFORM:
            return TOP
        case Level.RESELLER:
            return reseller_place(shop, ResellerId(node.id))
        case Level.ENTERPRISE:
            return enterprise_place(shop, EnterpriseId(node.id))
        case Level.CENTER:
            return center_place(shop, CenterId(node.id))
        case Level.GROUP:
            return group_place(shop, GroupRef(center=CenterId(node.center), group=GroupId(node.id)))
        case Level.AGENT:
            return agent_place(shop, AgentRef(center=CenterId(node.center), agent=AgentId(node.id)))


def reseller_place(shop: Shop, id: ResellerId) -> Place | None:
    """Return the way to a reseller."""
    return (*TOP, Node(level=Level.RESELLER, id=id)) if id in shop.resellers else None


def enterprise_place(shop: Shop, id: EnterpriseId) -> Place | None:
    """Return the way to an enterprise."""
    found = shop.enterprises.get(id)
    above = None if found is None else reseller_place(shop, found.reseller)
    return None if above is None else (*above, Node(level=Level.ENTERPRISE, id=id))


def center_place(shop: Shop, id: CenterId) -> Place | None:
    """Return the way to a center; one that stands alone is right below the platform."""
    found = shop.centers.get(id)
    if found is None:
        return None
    above = TOP if found.enterprise is None else enterprise_place(shop, found.enterprise)
    return None if above is None else (*above, Node(level=Level.CENTER, id=id))


def group_place(shop: Shop, ref: GroupRef) -> Place | None:
    """Return the way to a group."""
    above = center_place(shop, ref.center)
    if above is None or ref.group not in shop.centers[ref.center].groups:
        return None
    return (*above, Node(level=Level.GROUP, id=ref.group, center=ref.center))


def agent_place(shop: Shop, ref: AgentRef) -> Place | None:
    """Return the way to an agent."""
    above = center_place(shop, ref.center)
    if above is None:
        return None
    agents = shop.centers[ref.center].agents
    id = ref.agent if ref.agent in agents else _as_written(agents, ref.agent)
    return None if id is None else (*above, Node(level=Level.AGENT, id=id, center=ref.center))


def _as_written(agents: object, asked: AgentId) -> AgentId | None:
    key = agent_key(asked)
    assert hasattr(agents, "__iter__")
    return next((known for known in agents if agent_key(known) == key), None)


# ---------------------------------------------------------------- what one is to the other


def relation(own: Place, theirs: Place | None, team: frozenset[Node] = frozenset()) -> Relation:
    """Return what a place is to a principal.

    Args:
        own: Where the principal stands.
        theirs: The place; None: there is none.
        team: Of a supervisor: the groups it is in, and their agents.
    """
    if theirs is None:
        return Relation.MISSING
    if theirs == own:
        return Relation.OWN
    if theirs[: len(own)] == own or theirs[-1] in team:
        return Relation.CHILD
    if own[: len(theirs)] == theirs:
        return Relation.PARENT
    if own[:-1] == theirs[:-1]:
        return Relation.SIBLING
    return Relation.FOREIGN


def team_of(shop: Shop, supervisor: AgentRef) -> frozenset[Node]:
    """Return the groups that an agent is in and the agents of them, without itself."""
    center = shop.centers.get(supervisor.center)
    if center is None:
        return frozenset()
    key = agent_key(supervisor.agent)
    found: set[Node] = set()
    for group in center.groups.values():
        members = [agent_key(member.agent) for member in group.members]
        if key in members:
            found.add(Node(level=Level.GROUP, id=group.id, center=center.id))
            found |= {
                Node(level=Level.AGENT, id=id, center=center.id)
                for id in center.agents
                if agent_key(id) in members and agent_key(id) != key
            }
    return frozenset(found)
