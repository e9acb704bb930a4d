"""What is wrong with a tree before a caller ever hears it: findings with their place and the digits that show them.

Names that exist nowhere are data here, not an exception: every other command refuses such a file, ``check`` explains
it. A tree of severity error is not published; warnings are for people to weigh.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from callcenter.ivr.check_menus import check_menu, moment_to_type
from callcenter.ivr.check_time import check_time
from callcenter.ivr.circles import circles_without_input
from callcenter.ivr.findings import Finding, Severity, error, warning
from callcenter.ivr.graph import STACK_TARGETS, Edge, edges, fails_to, where
from callcenter.ivr.paths import find_ways
from callcenter.ivr.rehearse import PaperFloor
from callcenter.ivr.rounds import silent_rounds
from callcenter.ivr.signals import Surroundings
from callcenter.ivr.ways import Ways, keys_text
from callcenter.model.directory import Agent, AgentGroup, AgentStatus, CallCenter, GroupKind
from callcenter.model.ids import GroupId, PromptName, TreeName, VoicemailName, agent_key
from callcenter.model.tree import (
    NODE_TARGETS,
    Announcement,
    Collect,
    IvrTree,
    Menu,
    Node,
    Prompt,
    Target,
    TargetKind,
)

_NO_WALK = frozenset({"E201", "E218"})
"""What keeps a tree from being walked: names that lead nowhere."""
_HUMANS = frozenset({TargetKind.GROUP, TargetKind.EXTENSION, TargetKind.NUMBER, TargetKind.AGENT})


def check(
    trees: Mapping[TreeName, IvrTree],
    center: CallCenter | None = None,
    *,
    missing: frozenset[PromptName] = frozenset(),
) -> tuple[Finding, ...]:
    """Return what is wrong with the trees that a center's callers may enter, errors first, then in order of the file.

    Args:
        trees: All trees there are.
        center: Whose callers enter them; None checks every tree by itself, and no name outside the trees.
        missing: Labels of prompts without a file.
    """
    shorts = short_numbers(center)
    around = PaperFloor(trees, shorts, missing=missing)
    found: list[Finding] = []
    for tree in _entered(trees, center):
        checking = _Checking(tree, around, center, shorts)
        found.extend(checking.findings())
        if not any(finding.code in _NO_WALK for finding in found):
            found.extend(silent_rounds(tree, around, checking.ways))
    entered = {tree.name for tree in _entered(trees, center)}
    ways: dict[TreeName, Ways] = {}
    for circle in circles_without_input(trees):
        tree = trees[circle.tree]
        if tree.name in entered:
            if tree.name not in ways:
                ways[tree.name] = find_ways(tree, around)
            script = ways[tree.name].nodes.get((circle.tree, circle.node))
            way = " → ".join((*circle.way, circle.way[0]))
            place = where(tree, circle.node) if circle.node in tree.nodes else where(tree, port=("root",))
            found.append(error("E202", place, script.script if script else "", way=way))
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda finding: finding.severity is not Severity.ERROR))


def short_numbers(center: CallCenter | None) -> dict[str, str]:
    """Return the short numbers of a center with their long numbers, ``""`` for none."""
    if center is None:
        return {}
    return {extension.short: extension.long for group in center.groups.values() for extension in group.extensions}


def _entered(trees: Mapping[TreeName, IvrTree], center: CallCenter | None) -> list[IvrTree]:
    """Return the trees that the center's callers can come into, in the order of the file."""
    if center is None or center.ivr.kind is not TargetKind.TREE:
        return list(trees.values()) if center is None else []
    names, todo = (
        set(),
        [center.ivr.name, *(target.name for target in _overflows(center) if target.kind is TargetKind.TREE)],
    )
    while todo:
        name = TreeName(todo.pop())
        if name in trees and name not in names:
            names.add(name)
            todo.extend(edge.target.name for edge in edges(trees[name]) if edge.target.kind is TargetKind.TREE)
    return [tree for name, tree in trees.items() if name in names]


def _overflows(center: CallCenter) -> Iterator[Target]:
    """Yield the targets to which the groups of a center send callers on."""
    for group in center.groups.values():
        yield from (group.on_timeout, group.on_full, group.on_empty, group.on_exit_key)
        if group.holiday_target is not None:
            yield group.holiday_target


class _Checking:
    """The check of one tree."""

    def __init__(
        self, tree: IvrTree, around: Surroundings, center: CallCenter | None, shorts: Mapping[str, str]
    ) -> None:
        self.tree = tree
        self.around = around
        self.center = center
        self.shorts = shorts
        self.ways = ways = find_ways(tree, around)
        self.scripts = {key: way.script for (name, key), way in ways.nodes.items() if name == tree.name}
        self.humans = self.reaching_humans()
        self.best = {key: way.best for (name, key), way in ways.nodes.items() if name == tree.name}

    def findings(self) -> Iterator[Finding]:
        """Yield what is found, in the order of the file."""
        for edge in edges(self.tree):
            yield from self.of_edge(edge)
        for key, node in self.tree.nodes.items():
            yield from self.of_node(key, node)
        yield from self.unreached()
        yield from check_time(self.tree, self.center, self.scripts)

    def script(self, edge: Edge) -> str:
        """Return the keys that lead through an edge, as far as keys do."""
        before = self.scripts.get(edge.node, "")
        if edge.port[0] != "choices":
            return before
        menu = self.tree.nodes[edge.node]
        assert isinstance(menu, Menu)  # only menus have choices
        moment = moment_to_type(self.tree, menu, self.best.get(edge.node, 0), self.around)
        typed = keys_text(moment, edge.port[1])
        return f"{before} {typed}".strip()

    def of_edge(self, edge: Edge) -> Iterator[Finding]:
        """Yield what is wrong with where an edge leads."""
        place, target = where(self.tree, edge.node, edge.port), edge.target
        if target.kind in {TargetKind.AGENT, TargetKind.RETURN}:
            yield error("E218", place, self.script(edge), target=target)
        elif not self.exists(target):
            yield error("E201", place, self.script(edge), target=target)
        elif target.kind is TargetKind.GROUP and self.center is not None:
            group = self.center.groups[GroupId(target.name)]
            if not staffed(group, self.center):
                yield warning("E203", place, self.script(edge), group=target.name)
            if edge.port[-1] in {"on_fail", "last_resort"} and (group.join_empty or group.max_length):
                yield warning("E212", place, self.script(edge), group=target.name)
        elif target.kind is TargetKind.BACK and edge.node == str(self.tree.root) and self.starts():
            yield warning("E216", place, self.script(edge))
        elif target.kind is TargetKind.EXTENSION and not self.shorts.get(target.name, "" if self.center else "?"):
            yield warning("E209", place, self.script(edge), short=target.name)

    def starts(self) -> bool:
        """Tell whether calls enter this tree first, so that its root is the root of the stack."""
        return self.center is None or self.center.ivr.name == self.tree.name

    def exists(self, target: Target) -> bool:
        """Tell whether what a target names is there; names outside the trees are known with a center only."""
        kind, name = target.kind, target.name
        if kind in NODE_TARGETS:
            return str(target) in self.tree.nodes
        if kind is TargetKind.TREE:
            return name in self.around.trees
        if self.center is None:
            return True
        if kind is TargetKind.GROUP:
            return GroupId(name) in self.center.groups
        if kind is TargetKind.VOICEMAIL:
            return VoicemailName(name) in self.center.voicemails
        return kind is not TargetKind.EXTENSION or name in self.shorts

    def of_node(self, key: str, node: Node) -> Iterator[Finding]:
        """Yield what is wrong with a node itself."""
        for port, prompt in prompts_of(node):
            for label in dict.fromkeys(label for _, label in prompt.files):
                if label in self.around.missing:
                    yield warning("E210", where(self.tree, key, (port,)), self.scripts.get(key, ""), prompt=label)
        if isinstance(node, Menu):
            script = self.scripts.get(key, "")
            if node.greeting is None:
                yield error("E204", where(self.tree, key, ("greeting",)), script, target=fails_to(self.tree, node))
            if key in self.scripts and key not in self.humans:
                yield warning("E211", where(self.tree, key), script)
            yield from check_menu(self.tree, key, node, self.around, script, self.best.get(key, 0))

    # ------------------------------------------------------------ reach

    def unreached(self) -> Iterator[Finding]:
        """Yield the nodes to which nothing leads."""
        roots = [self.tree.root, self.tree.last_resort, self.tree.emergency, self.tree.on_fail]
        if self.center is not None and self.starts():
            roots.extend(_overflows(self.center))
        reached = self.reach([target for target in roots if target is not None])
        for key in self.tree.nodes:
            if key not in reached:
                yield warning("E205", where(self.tree, key), node=key)

    def reach(self, targets: list[Target]) -> dict[str, None]:
        """Return the nodes of the tree that can be come to from targets, and what they lead out to."""
        by_node: dict[str, list[Target]] = {}
        for edge in (*edges(self.tree), *self.inherited()):
            by_node.setdefault(edge.node, []).append(edge.target)
        reached: dict[str, None] = {}
        todo = list(targets)
        while todo:
            key = str(todo.pop())
            if key not in reached:
                reached[key] = None
                todo.extend(by_node.get(key, ()))
        return reached

    def reaching_humans(self) -> set[str]:
        """Return the nodes from which some way leads to a person; the way back is taken to lead where the root does."""
        led_from: dict[str, list[str]] = {}
        todo: list[str] = []
        for edge in (*edges(self.tree), *self.inherited()):
            kind = edge.target.kind
            back = kind in STACK_TARGETS or kind is TargetKind.LANGUAGE
            led_from.setdefault(str(self.tree.root if back else edge.target), []).append(edge.node)
            if kind in _HUMANS or kind is TargetKind.TREE:  # another tree is checked by itself
                todo.append(edge.node)
        todo.extend(key for key, node in self.tree.nodes.items() if isinstance(node, Menu) and node.direct_dial)
        reaching: set[str] = set()
        while todo:
            key = todo.pop()
            if key not in reaching:
                reaching.add(key)
                todo.extend(led_from.get(key, ()))
        return reaching

    def inherited(self) -> Iterator[Edge]:
        """Yield the ways of failure that nodes take from the tree."""
        for key, node in self.tree.nodes.items():
            if isinstance(node, Menu | Collect) and node.on_fail is None:
                yield Edge(node=key, port=("on_fail",), target=fails_to(self.tree, node))


def staffed(group: AgentGroup, center: CallCenter) -> bool:
    """Tell whether somebody could answer for a group: an agent who is not closed or suspended, a phone with a number."""
    if group.kind is GroupKind.EXTENSION:
        return any(extension.long for extension in group.extensions)
    by_key: dict[str, Agent] = {agent_key(agent.id): agent for agent in center.agents.values()}
    members = (by_key.get(agent_key(member.agent)) for member in group.members)
    return any(agent is not None and agent.status is AgentStatus.ACTIVE for agent in members)


def prompts_of(node: Node) -> Iterator[tuple[str, Prompt]]:
    """Yield the prompts of a node with the keys of the file that name them."""
    if isinstance(node, Menu):
        if node.greeting is not None:
            yield "greeting", node.greeting
        if node.short_greeting is not None:
            yield "short_greeting", node.short_greeting
        yield from (("noinput_prompt", counted.prompt) for counted in node.noinput_prompts)
        yield from (("nomatch_prompt", counted.prompt) for counted in node.nomatch_prompts)
        yield from (("unavailable_prompt", counted.prompt) for counted in node.unavailable_prompts)
    elif isinstance(node, Announcement | Collect):
        yield "prompt", node.prompt


__all__ = ["Finding", "Severity", "check", "prompts_of", "short_numbers", "staffed"]
