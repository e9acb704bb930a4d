"""What callers made of a tree: visits of each way, where they hung up, what they typed that led nowhere.

Made from the facts of calls as a trace has them: decisions about digits with their menu, and the ends. A way that
nobody took is as interesting as one that everybody takes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import attrs

from callcenter.ivr.graph import Edge, edges
from callcenter.model.ids import TreeName
from callcenter.model.tree import Announcement, IvrTree, TargetKind
from callcenter.model.value import value


@value
class Decision:
    """A ``digits`` fact.

    Attributes:
        menu: Name of the menu or collect node.
        digits: What was typed.
        outcome: As in the fact: ``match``, ``nomatch`` …
        target: As written in the file; empty for none.
    """

    menu: str
    digits: str
    outcome: str
    target: str = ""


@value
class HeardCall:
    """What one caller did in the IVR.

    Attributes:
        decisions: In order.
        hung_up: Whether he hung up inside.
    """

    decisions: tuple[Decision, ...]
    hung_up: bool = False


@value
class Coverage:
    """What callers made of the trees.

    Attributes:
        calls: How many callers.
        edges: Edge of a tree → how often it was taken; every edge is there.
        nomatch: (node, digits) → how often it was typed and matched nothing.
        noinput: Node → how often nobody typed anything.
        failed: (node, digits) → how often an extension had no number or was busy.
        abandoned: Node → how often a caller hung up there; empty for before the first menu.
    """

    calls: int
    edges: Mapping[tuple[TreeName, Edge], int] = attrs.field(factory=dict, hash=False)
    nomatch: Mapping[tuple[str, str], int] = attrs.field(factory=dict, hash=False)
    noinput: Mapping[str, int] = attrs.field(factory=dict, hash=False)
    failed: Mapping[tuple[str, str], int] = attrs.field(factory=dict, hash=False)
    abandoned: Mapping[str, int] = attrs.field(factory=dict, hash=False)


class _Count:
    def __init__(self, trees: Mapping[TreeName, IvrTree], start: TreeName) -> None:
        self.trees = trees
        self.start = start
        self.by_node: dict[TreeName, dict[str, list[Edge]]] = {}
        for name, tree in trees.items():
            nodes = self.by_node[name] = {}
            for edge in edges(tree):
                nodes.setdefault(edge.node, []).append(edge)
        self.taken: Counter[tuple[TreeName, Edge]] = Counter(
            {(name, edge): 0 for name, tree in trees.items() for edge in edges(tree)}
        )
        self.nomatch: Counter[tuple[str, str]] = Counter()
        self.noinput: Counter[str] = Counter()
        self.failed: Counter[tuple[str, str]] = Counter()
        self.abandoned: Counter[str] = Counter()

    def add(self, call: HeardCall) -> None:
        """Count one caller."""
        tree, here = self.follow(self.start, "", "emergency" if self.trees[self.start].emergency else "root")
        for decision in call.decisions:
            tree, here = self.at(tree, decision.menu)
            if decision.outcome == "nomatch":
                self.nomatch[here, decision.digits] += 1
            elif decision.outcome == "noinput":
                self.noinput[here] += 1
            else:
                if decision.outcome != "match":
                    self.failed[here, decision.digits] += 1
                tree, here = self.take(tree, here, decision)
        if call.hung_up:
            self.abandoned[here] += 1

    def at(self, tree: TreeName, menu: str) -> tuple[TreeName, str]:
        """Return the tree and node of a decision: a fact names the node only, so the tree at hand is asked first."""
        for name in dict.fromkeys((tree, *self.trees)):
            for key in (f"menu:{menu}", f"collect:{menu}"):
                if key in self.trees[name].nodes:
                    return name, key
        return tree, f"menu:{menu}"

    def take(self, tree: TreeName, here: str, decision: Decision) -> tuple[TreeName, str]:
        """Count the way of a decision and return where it leads."""
        found = None
        for edge in self.by_node[tree].get(here, ()):
            if edge.port in {("choices", decision.digits), ("next",)} and str(edge.target) == decision.target:
                found = edge
        if found is None:
            return tree, here
        self.taken[tree, found] += 1
        return self.led(tree, here, found) if decision.outcome == "match" else (tree, here)

    def follow(self, tree: TreeName, here: str, port: str) -> tuple[TreeName, str]:
        """Count a way that needs no decision and return where it leads."""
        for edge in self.by_node[tree].get(here, ()):
            if edge.port == (port,):
                self.taken[tree, edge] += 1
                return self.led(tree, here, edge)
        return tree, here

    def led(self, tree: TreeName, here: str, edge: Edge) -> tuple[TreeName, str]:
        """Return where a way leads, through announcements and into other trees."""
        for _ in range(len(self.trees) + sum(len(each.nodes) for each in self.trees.values()) + 1):
            target = edge.target
            if target.kind is TargetKind.TREE and TreeName(target.name) in self.trees:
                tree, here, port = TreeName(target.name), "", "root"
            elif isinstance(self.trees[tree].nodes.get(str(target)), Announcement):
                here, port = str(target), "next"
            else:
                return (tree, str(target)) if str(target) in self.trees[tree].nodes else (tree, here)
            edge = next(each for each in self.by_node[tree][here] if each.port == (port,))
            self.taken[tree, edge] += 1
        return tree, here


def coverage(trees: Mapping[TreeName, IvrTree], start: TreeName, calls: Iterable[HeardCall]) -> Coverage:
    """Return what callers made of trees.

    Args:
        trees: All that callers may come into.
        start: The tree that they enter.
        calls: What each did.
    """
    count = _Count(trees, start)
    number = 0
    for call in calls:
        number += 1
        count.add(call)
    return Coverage(
        calls=number,
        edges=dict(count.taken),
        nomatch=dict(count.nomatch),
        noinput=dict(count.noinput),
        failed=dict(count.failed),
        abandoned=dict(count.abandoned),
    )
