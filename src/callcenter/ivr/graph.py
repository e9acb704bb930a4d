"""A tree as edges: every port of every node with the target it leads to, in the order of the file.

``check``, ``paths`` and ``draw`` all walk these, so that what one of them shows the others know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from callcenter.model.tree import (
    NODE_TARGETS,
    Announcement,
    CallerBranch,
    CallerRule,
    Collect,
    Hook,
    IvrTree,
    Menu,
    Node,
    Schedule,
    ScheduleRule,
    Target,
    TargetKind,
)
from callcenter.model.value import value

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)

STACK_TARGETS: Final = frozenset({TargetKind.BACK, TargetKind.TOP, TargetKind.REPEAT, TargetKind.RETURN})
"""Targets that lead to a menu of the stack."""
OUTSIDE_TARGETS: Final = frozenset(
    {
        TargetKind.GROUP,
        TargetKind.EXTENSION,
        TargetKind.NUMBER,
        TargetKind.AGENT,
        TargetKind.VOICEMAIL,
        TargetKind.HANGUP,
    }
)
"""Targets outside the IVR."""


@value
class Edge:
    """One way out of a node.

    Attributes:
        node: ``kind:name``; empty for the ports of the tree itself.
        port: The keys of the file below the node: ``("choices", "9")``, ``("next",)``, ``("rules", "0", "target")``.
        target: Where it leads.
    """

    node: str
    port: tuple[str, ...]
    target: Target


def quoted(key: str) -> str:
    """Return a key of a TOML path, quoted where TOML wants it."""
    return key if _BARE.fullmatch(key) else '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'


def where(tree: IvrTree, node: str = "", port: tuple[str, ...] = ()) -> str:
    """Return the TOML path of a port, a node or a tree: ``ivr.main.menu.main.choices.9``."""
    kind, colon, name = node.partition(":")
    return ".".join(quoted(key) for key in ("ivr", tree.name, *((kind, name) if colon else ()), *port))


def node_edges(key: str, node: Node) -> Iterator[Edge]:
    """Yield the ways out of a node that its own table names, in order."""
    if isinstance(node, Menu):
        for code, target in node.choices.items():
            yield Edge(node=key, port=("choices", code), target=target)
        policies = (
            ("on_noinput", node.on_noinput),
            ("on_nomatch", node.on_nomatch),
            ("on_unavailable", node.on_unavailable),
            ("on_fail", node.on_fail),
        )
        for port, own in policies:
            if own is not None:
                yield Edge(node=key, port=(port,), target=own)
    elif isinstance(node, Announcement):
        yield Edge(node=key, port=("next",), target=node.next)
    elif isinstance(node, Collect):
        yield Edge(node=key, port=("next",), target=node.next)
        if node.on_fail is not None:
            yield Edge(node=key, port=("on_fail",), target=node.on_fail)
    elif isinstance(node, Hook):
        for answer, target in node.answers.items():
            yield Edge(node=key, port=("answers", answer), target=target)
        yield Edge(node=key, port=("default",), target=node.default)
    else:
        yield from _branch_edges(key, node)


def _branch_edges(key: str, node: Schedule | CallerBranch) -> Iterator[Edge]:
    rules: Sequence[ScheduleRule | CallerRule] = node.rules
    for number, rule in enumerate(rules):
        yield Edge(node=key, port=("rules", str(number), "target"), target=rule.target)
    yield Edge(node=key, port=("default",), target=node.default)


def tree_edges(tree: IvrTree) -> Iterator[Edge]:
    """Yield the ports of the tree itself: root, emergency, on_fail, last_resort."""
    yield Edge(node="", port=("root",), target=tree.root)
    if tree.emergency is not None:
        yield Edge(node="", port=("emergency",), target=tree.emergency)
    if tree.on_fail is not None:
        yield Edge(node="", port=("on_fail",), target=tree.on_fail)
    yield Edge(node="", port=("last_resort",), target=tree.last_resort)


def edges(tree: IvrTree) -> tuple[Edge, ...]:
    """Return every edge of a tree: its own ports, then its nodes in the order of the file."""
    inner = (edge for key, node in tree.nodes.items() for edge in node_edges(key, node))
    return (*tree_edges(tree), *inner)


def fails_to(tree: IvrTree, node: Menu | Collect) -> Target:
    """Return where a node leads when it is exhausted, after inheritance."""
    return node.on_fail or tree.on_fail or tree.last_resort


def can_fail(node: Node) -> bool:
    """Tell whether a node has a port of failure."""
    return isinstance(node, Menu | Collect)


def is_node(target: Target) -> bool:
    """Tell whether a target is a node of the same tree."""
    return target.kind in NODE_TARGETS
