"""Circles without input: ways that come back to where they were without ever listening to the caller.

A menu with a greeting and a collect node listen; announcements, branches, questions to the host and menus without a
greeting pass on. Such a circle keeps a caller until a guard throws him out, so a tree with one is refused before a call
can enter it.

First the ways between nodes that pass are walked once, with every way back taken to lead to every menu that passes: a
tree without a circle in that is done with, however large it is. Only then the ways are walked as a caller walks them,
with his stack; a tree so tangled that this would take too long is told by the circle that the first walk has met.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from callcenter.ivr.graph import STACK_TARGETS, fails_to, node_edges
from callcenter.model.ids import TreeName
from callcenter.model.tree import Collect, IvrTree, Menu, Node, Target, TargetKind
from callcenter.model.value import value


@value
class Circle:
    """A circle: the tree and node at which it closes, and the nodes on the way."""

    tree: TreeName
    node: str
    way: tuple[str, ...]


def listens(node: Node) -> bool:
    """Tell whether a node waits for the caller's digits."""
    return isinstance(node, Collect) or (isinstance(node, Menu) and node.greeting is not None)


def passes_to(tree: IvrTree, key: str, node: Node) -> Iterator[Target]:
    """Yield where a node that does not listen leads by itself."""
    if isinstance(node, Menu):
        yield fails_to(tree, node)
    else:
        yield from (edge.target for edge in node_edges(key, node))


_At = tuple[TreeName, str]
_Stack = tuple[_At, ...]
MOST_WORK: Final = 300_000
"""Steps of the exact walk, with the length of the ways that it carries along."""


class _Search:
    """One depth-first search over the nodes that pass, with the menus entered on the way as the caller's stack.

    A walk begins at a root with an empty stack, or behind a node that listens; what lies below it then is a menu that
    the caller was at before. That menu may pass too, so it counts as listening only when it has a greeting.
    """

    def __init__(self, trees: Mapping[TreeName, IvrTree]) -> None:
        self.trees = trees
        self.found: list[Circle] = []
        self.work = 0
        self.done: set[tuple[_At, _Stack, bool, TreeName]] = set()

    def begin(self, tree: TreeName, target: Target, *, below: bool, start: TreeName) -> None:
        """Search from a target; ``below`` says whether a listening menu lies under the stack."""
        todo: list[tuple[TreeName, Target, _Stack, tuple[_At, ...]]] = [(tree, target, (), ())]
        while todo:
            name, way_out, stack, path = todo.pop()
            self.work += 1 + len(path)
            if self.work > MOST_WORK:
                raise _TooTangled
            at = self._arrive(name, way_out, stack, below=below, start=start)
            if at is None:
                continue
            place, stack = at
            node = self.trees[place[0]].nodes[place[1]]
            if listens(node):
                continue
            if place in path:
                self._close(place, path)
                continue
            if (place, stack, below, start) in self.done:
                continue
            self.done.add((place, stack, below, start))
            if isinstance(node, Menu):
                stack = (*stack, place)
            following = list(passes_to(self.trees[place[0]], place[1], node))
            todo.extend((place[0], each, stack, (*path, place)) for each in reversed(following))

    def _close(self, place: _At, path: tuple[_At, ...]) -> None:
        way = path[path.index(place) :]
        if not any(set(circle.way) == {key for _, key in way} and circle.tree == place[0] for circle in self.found):
            self.found.append(Circle(tree=place[0], node=place[1], way=tuple(key for _, key in way)))

    def _arrive(
        self, name: TreeName, target: Target, stack: _Stack, *, below: bool, start: TreeName
    ) -> tuple[_At, _Stack] | None:
        """Return the node a target leads to and the stack there; None where it leads out, to a listener or nowhere."""
        for _ in range(len(self.trees) + 2):
            if target.kind is TargetKind.TREE and TreeName(target.name) in self.trees:
                name = TreeName(target.name)
                target = self.trees[name].root
            elif target.kind is TargetKind.LANGUAGE or target.kind in STACK_TARGETS:
                if stack:
                    keep = self._kept(target.kind, len(stack), below=below)
                    return None if keep is None else (stack[keep - 1], stack[: keep - 1])
                if below:
                    return None
                name, target = start, self.trees[start].root
            else:
                break
        key = str(target)
        if key in self.trees[name].nodes:
            return (name, key), stack
        if target.kind is TargetKind.TREE and TreeName(target.name) in self.trees:
            self._close((name, key), ((name, key),))  # trees whose roots are each other
        return None

    @staticmethod
    def _kept(kind: TargetKind, depth: int, *, below: bool) -> int | None:
        if kind in {TargetKind.REPEAT, TargetKind.RETURN}:
            return depth
        if kind is TargetKind.BACK and depth > 1:
            return depth - 1
        return None if below else 1


class _TooTangled(Exception):
    """The exact walk has come to its limit."""


def _at_first_sight(trees: Mapping[TreeName, IvrTree]) -> Circle | None:
    """Return a circle of nodes that pass, where every way back may lead to any menu that does; None: there is none."""
    passing = {(name, key) for name, tree in trees.items() for key, node in tree.nodes.items() if not listens(node)}
    menus = [at for at in passing if isinstance(trees[at[0]].nodes[at[1]], Menu)]
    roots = [(name, str(tree.root)) for name, tree in trees.items()]
    back = [*sorted(menus), *(at for at in roots if at in passing)]

    def ahead(at: _At) -> Iterator[_At]:
        tree = trees[at[0]]
        for target in passes_to(tree, at[1], tree.nodes[at[1]]):
            name, key = at[0], str(target)
            for _ in range(len(trees) + 1):
                if target.kind is not TargetKind.TREE or TreeName(target.name) not in trees:
                    break
                name, target = TreeName(target.name), trees[TreeName(target.name)].root
                key = str(target)
            if target.kind is TargetKind.LANGUAGE or target.kind in STACK_TARGETS:
                yield from back
            elif (name, key) in passing:
                yield name, key

    done: set[_At] = set()
    for start in sorted(passing):
        trail: dict[_At, Iterator[_At]] = {} if start in done else {start: ahead(start)}
        while trail:
            at, following = next(reversed(trail.items()))
            step = next(following, None)
            if step is None:
                done.add(at)
                del trail[at]
            elif step in trail:
                way = [*trail]
                way = way[way.index(step) :]
                return Circle(tree=way[0][0], node=way[0][1], way=tuple(key for _, key in way))
            elif step not in done:
                trail[step] = ahead(step)
    return None


def _trees_in_a_ring(trees: Mapping[TreeName, IvrTree]) -> bool:
    """Tell whether some trees have each other as roots: a circle without any node."""
    return any(tree.root.kind is TargetKind.TREE for tree in trees.values())


def circles_without_input(trees: Mapping[TreeName, IvrTree]) -> tuple[Circle, ...]:
    """Return every circle that never listens to the caller, also one that nothing leads to yet."""
    seen = _at_first_sight(trees)
    if seen is None and not _trees_in_a_ring(trees):
        return ()
    try:
        return _exactly(trees)
    except _TooTangled:
        return () if seen is None else (seen,)


def _exactly(trees: Mapping[TreeName, IvrTree]) -> tuple[Circle, ...]:
    search = _Search(trees)
    for tree in trees.values():
        search.begin(tree.name, tree.root, below=False, start=tree.name)
        if tree.emergency is not None:
            search.begin(tree.name, tree.emergency, below=False, start=tree.name)
        for key, node in tree.nodes.items():
            if listens(node):
                for edge in node_edges(key, node):
                    search.begin(tree.name, edge.target, below=True, start=tree.name)
                if isinstance(node, Menu | Collect):
                    search.begin(tree.name, fails_to(tree, node), below=True, start=tree.name)
            else:
                search.begin(tree.name, _to(key), below=True, start=tree.name)
    return tuple(search.found)


def _to(key: str) -> Target:
    kind, _, name = key.partition(":")
    return Target(kind=TargetKind(kind), name=name)


def has_cycle_without_input(trees: Mapping[TreeName, IvrTree]) -> bool:
    """Tell whether some way through the trees goes in a circle without ever listening: refused by load and publish."""
    return bool(circles_without_input(trees))
