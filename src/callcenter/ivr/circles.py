"""Circles without input: ways that come back to where they were without ever listening to the caller.

A menu with a greeting and a collect node listen; announcements, branches and menus without a greeting pass on, and so
does a question that the host leaves unanswered. Such a circle keeps a caller until a guard throws him out, so a tree
with one is refused before a call can enter it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from callcenter.ivr.graph import STACK_TARGETS, fails_to, node_edges
from callcenter.model.ids import TreeName
from callcenter.model.tree import Collect, Hook, IvrTree, Menu, Node, Target, TargetKind
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
    elif isinstance(node, Hook):
        yield node.default
    else:
        yield from (edge.target for edge in node_edges(key, node))


_At = tuple[TreeName, str]
_Stack = tuple[_At, ...]


class _Search:
    """One depth-first search over the nodes that pass, with the menus entered on the way as the caller's stack.

    A walk begins at a root with an empty stack, or behind a node that listens; what lies below it then is a menu that
    the caller was at before. That menu may pass too, so it counts as listening only when it has a greeting.
    """

    def __init__(self, trees: Mapping[TreeName, IvrTree]) -> None:
        self.trees = trees
        self.found: list[Circle] = []
        self.done: set[tuple[_At, _Stack, bool, TreeName]] = set()

    def begin(self, tree: TreeName, target: Target, *, below: bool, start: TreeName) -> None:
        """Search from a target; ``below`` says whether a listening menu lies under the stack."""
        todo: list[tuple[TreeName, Target, _Stack, tuple[_At, ...]]] = [(tree, target, (), ())]
        while todo:
            name, way_out, stack, path = todo.pop()
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


def circles_without_input(trees: Mapping[TreeName, IvrTree]) -> tuple[Circle, ...]:
    """Return every circle that never listens to the caller, also one that nothing leads to yet."""
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
