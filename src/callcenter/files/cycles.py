"""Circles of nodes that never wait for the caller: announcement, schedule, caller and hook nodes that lead to each other.

A caller in such a circle would hear prompts, or nothing, until a guard ends the call. A menu without a greeting sends
the caller on at once and counts among them; menus, collect nodes and groups wait.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from callcenter.files.targets import targets_of
from callcenter.model.ids import TreeName
from callcenter.model.tree import NODE_TARGETS, Collect, IvrTree, Menu, Node, Target, TargetKind

Spot: TypeAlias = tuple[TreeName, str]
"""A tree and the key of a node in it (``menu:main``)."""


def silent_circle(trees: Mapping[TreeName, IvrTree]) -> tuple[Spot, ...]:
    """Return the nodes of a circle without input, in its order, the first one found; empty when there is none.

    Args:
        trees: Trees whose names are all known to exist.
    """
    done: set[Spot] = set()
    for name, tree in trees.items():
        for key in tree.nodes:
            circle = _from((name, key), trees, done)
            if circle:
                return circle
    return ()


def _from(start: Spot, trees: Mapping[TreeName, IvrTree], done: set[Spot]) -> tuple[Spot, ...]:
    """Walk depth first without recursion; ``done`` are spots known to lead into no circle."""
    if start in done:
        return ()
    trail: dict[Spot, Iterator[Spot]] = {start: _next(start, trees)}
    while trail:
        spot, ahead = next(reversed(trail.items()))
        step = next(ahead, None)
        if step is None:
            done.add(spot)
            del trail[spot]
        elif step in trail:
            spots = list(trail)
            return tuple(spots[spots.index(step) :])
        elif step not in done:
            trail[step] = _next(step, trees)
    return ()


def _next(spot: Spot, trees: Mapping[TreeName, IvrTree]) -> Iterator[Spot]:
    """Yield the spots that follow without a word from the caller."""
    tree = trees[spot[0]]
    for target in _at_once(tree.nodes[spot[1]], tree):
        if target.kind in NODE_TARGETS:
            yield tree.name, str(target)
        elif target.kind is TargetKind.TREE:
            other = trees[TreeName(target.name)]
            yield other.name, str(other.root)
        elif target.kind in {TargetKind.TOP, TargetKind.LANGUAGE}:
            yield tree.name, str(tree.root)
        elif target.kind is TargetKind.REPEAT:
            yield spot


def _at_once(node: Node, tree: IvrTree) -> Iterator[Target]:
    if isinstance(node, Collect) or (isinstance(node, Menu) and node.greeting is not None):
        return
    if isinstance(node, Menu):
        yield node.on_fail or tree.on_fail or tree.last_resort
    else:
        yield from targets_of(node)
