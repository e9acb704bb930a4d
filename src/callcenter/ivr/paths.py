"""All outcomes of a tree, with the shortest script of keys to each and the seconds it takes.

A search over the nodes, cheapest first: fewest digits, then fewest conditions (a rule that must hold, an answer the
host must give), then soonest. The scripts can be dialled: rehearsed, each reaches its outcome at its best second.
The worst second is that of a caller who makes no mistake, hears every prompt to its end and uses all his time.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import Final

from callcenter.ivr.graph import OUTSIDE_TARGETS, fails_to, node_edges
from callcenter.ivr.matcher import ALPHABET, Matcher
from callcenter.ivr.prompts import ERROR, counted
from callcenter.ivr.signals import Surroundings, Verdict
from callcenter.ivr.sounds import Lengths
from callcenter.ivr.ways import TICK, Outcome, Way, Ways
from callcenter.model.facts import IvrEndReason
from callcenter.model.ids import TreeName
from callcenter.model.times import Duration
from callcenter.model.tree import (
    HANGUP,
    Announcement,
    Collect,
    Hook,
    InputPolicy,
    IvrTree,
    Menu,
    Target,
    TargetKind,
)
from callcenter.model.value import value

MOST_NODES: Final = 512
"""Nodes on one way; the guards end a call before it has passed so many."""


@value
class _Stand:
    """A place in the search.

    Attributes:
        tree: In which names are looked up.
        target: Where he goes.
        depth: How many menus deep.
        way: How he came.
        waited: Whether a timer or the end of a prompt brought him: then he types a moment later, never ahead, so that
            no buffer overflows and no earlier node takes his keys.
        failed_in: The tree in which he was exhausted, as long as nothing but branches lie between; None otherwise.
        last: Whether this is that tree's last resort.
    """

    tree: TreeName
    target: Target
    depth: int
    way: Way
    waited: bool = False
    failed_in: TreeName | None = None
    last: bool = False


class _Search:
    def __init__(self, tree: IvrTree, around: Surroundings, lengths: Lengths) -> None:
        self.tree = tree
        self.around = around
        self.lengths = lengths
        self.heap: list[tuple[tuple[int, int, int], int, _Stand]] = []
        self.pushed = 0
        self.cheapest: dict[tuple[TreeName, Target, TreeName | None, bool], tuple[int, int, int]] = {}
        self.nodes: dict[tuple[TreeName, str], Way] = {}
        self.outcomes: dict[tuple[Target, IvrEndReason], Outcome] = {}

    def push(self, stand: _Stand) -> None:
        """Put a place in line, unless it was reached as cheaply before."""
        cost, place = stand.way.cost, (stand.tree, stand.target, stand.failed_in, stand.last)
        known = self.cheapest.get(place)
        # A menu may be cheaper but too deep for the guard, so only ways out are thinned.
        if known is not None and known <= cost and stand.target.kind in OUTSIDE_TARGETS:
            return
        self.cheapest[place] = cost
        self.pushed += 1
        heapq.heappush(self.heap, (cost, self.pushed, stand))

    def run(self) -> Ways:
        self.push(_Stand(tree=self.tree.name, target=self.tree.emergency or self.tree.root, depth=0, way=Way()))
        while self.heap:
            self.visit(heapq.heappop(self.heap)[2])
        return Ways(outcomes=tuple(self.outcomes.values()), nodes=self.nodes)

    def visit(self, stand: _Stand) -> None:
        target = stand.target
        if target.kind in OUTSIDE_TARGETS:
            self.leave(stand)
            return
        if target.kind is TargetKind.TREE and TreeName(target.name) in self.around.trees:
            sub = self.around.trees[TreeName(target.name)]
            key = f"tree:{sub.name}"
            if (stand.tree, key) not in self.nodes:
                self.nodes[stand.tree, key] = stand.way
                self.push(_moved(stand, sub.name, sub.root))
            return
        tree = self.around.trees[stand.tree]
        key = str(target)
        node = tree.nodes.get(key)
        deep = isinstance(node, Menu) and stand.depth >= self.tree.guards.depth
        over = stand.way.best >= self.tree.guards.total or len(stand.way.through) > MOST_NODES
        if node is None or deep or over or (stand.tree, key) in self.nodes:
            return
        self.nodes[stand.tree, key] = stand.way
        for following in self.following(stand, tree, key):
            self.push(following)

    def leave(self, stand: _Stand) -> None:
        target, reason = stand.target, IvrEndReason.ROUTED
        hangs_up = target.kind is TargetKind.HANGUP
        if stand.failed_in is None:
            if hangs_up:
                reason = IvrEndReason.HUNG_UP
            elif self.around.verdict(target) is not Verdict.OK:
                return
        elif stand.last:
            reason = IvrEndReason.LAST_RESORT
            target = HANGUP if hangs_up or self.around.refuses(target) else target
        elif not hangs_up and self.around.refuses(target):
            self.push(_to_last_resort(stand, self.around.trees[stand.failed_in]))
            return
        else:
            reason = IvrEndReason.EXHAUSTED
        self.outcomes.setdefault((target, reason), Outcome(target=target, reason=reason, way=stand.way))

    # ------------------------------------------------------------ out of each kind of node

    def following(self, stand: _Stand, tree: IvrTree, key: str) -> Iterator[_Stand]:
        """Yield where a node leads and what that costs."""
        node = tree.nodes[key]
        if isinstance(node, Menu):
            yield from self.out_of_menu(stand, tree, key, node)
        elif isinstance(node, Collect):
            yield from self.out_of_collect(stand, tree, key, node)
        elif isinstance(node, Announcement):
            yield _moved(stand, tree.name, node.next, key, spend=self.hear(tree, node), waited=True)
        else:
            for edge in node_edges(key, node):
                silent = isinstance(node, Hook) and edge.port == ("default",)
                spend = node.timeout if isinstance(node, Hook) and silent else 0
                when = "" if silent else f"{key} {'.'.join(edge.port[:2])}"
                yield _moved(stand, tree.name, edge.target, key, spend=spend, when=when, waited=silent)

    def hear(self, tree: IvrTree, node: Menu | Collect | Announcement) -> int:
        prompt = node.greeting if isinstance(node, Menu) else node.prompt
        return self.lengths.of(tree, self.tree.language, prompt)

    def out_of_collect(self, stand: _Stand, tree: IvrTree, key: str, node: Collect) -> Iterator[_Stand]:
        heard = self.hear(tree, node)
        digits = "1" * (node.max if node.min == node.max else node.min)
        ends = node.terminator if node.min < node.max else ""
        wait = 0 if ends or node.min == node.max else node.inter_digit
        if (digits or ends) and len(digits) <= self.tree.guards.buffer:
            typed = stand.way.best + (TICK if stand.waited else 0)
            slow = heard + node.first_digit + node.inter_digit * (len(digits + ends) - 1) + wait
            yield _typed(stand, tree, node.next, key, digits + ends, typed, typed + wait, slow, waited=bool(wait))
        silent = heard + node.first_digit
        again = self.lengths.of(tree, self.tree.language, ERROR, node.prompt) + node.first_digit
        spend = silent + 2 * again
        yield _moved(stand, tree.name, fails_to(tree, node), key, spend=spend, waited=True, fails=True)

    def out_of_menu(self, stand: _Stand, tree: IvrTree, key: str, menu: Menu) -> Iterator[_Stand]:
        if menu.greeting is None:
            yield _moved(stand, tree.name, fails_to(tree, menu), key, deeper=1, fails=True)
            return
        matcher = self.around.matchers.of(menu)
        unassigned = ""
        for code, target in matcher.targets().items():
            if target.kind is TargetKind.EXTENSION and self.around.verdict(target) is not Verdict.OK:
                unassigned = unassigned or code
            elif code and set(code) <= ALPHABET and len(code) <= self.tree.guards.buffer:
                yield self.dialled(stand, tree, key, menu, code, target)
        yield from self.by_failing(stand, tree, key, menu, matcher, unassigned)

    def dialled(
        self, stand: _Stand, tree: IvrTree, key: str, menu: Menu, code: str, target: Target, *, at_once: bool = False
    ) -> _Stand:
        """Return where a code typed as soon as the menu takes it leads.

        A code that can grow, or that is dead in a menu with longer ones, waits for silence, unless it is decided
        ``at_once``.
        """
        heard = self.hear(tree, menu)
        matcher = self.around.matchers.of(menu)
        waits = matcher.extends(code) or (matcher.target(code) is None and matcher.longest > 1)
        wait = menu.inter_digit if waits and not at_once else 0
        typed = stand.way.best + (TICK if stand.waited else 0)
        start = typed
        if menu.input is InputPolicy.DISCARD:
            typed = start = stand.way.best + heard + TICK
        elif menu.input is InputPolicy.COLLECT:
            start = max(typed, stand.way.best + heard)
        slow = heard + menu.first_digit + menu.inter_digit * (len(code) - 1) + wait
        waited = start + wait > typed
        return _typed(stand, tree, target, key, code, typed, start + wait, slow, waited=waited, deeper=1)

    def by_failing(
        self, stand: _Stand, tree: IvrTree, key: str, menu: Menu, matcher: Matcher, unassigned: str
    ) -> Iterator[_Stand]:
        """Yield where silence and mistakes lead."""
        most = menu.limits.attempts
        if menu.on_noinput is not None and min(menu.limits.noinput, most) > 1:
            spend = self.hear(tree, menu) + menu.first_digit
            yield _moved(stand, tree.name, menu.on_noinput, key, spend=spend, waited=True, deeper=1)
        else:
            spend = self.hear(tree, menu) + menu.first_digit
            for tries in range(1, min(menu.limits.noinput, most)):
                again = (counted(menu.noinput_prompts, tries), menu.short_greeting or menu.greeting)
                spend += self.lengths.of(tree, self.tree.language, *again) + menu.first_digit
            yield _moved(stand, tree.name, fails_to(tree, menu), key, spend=spend, waited=True, deeper=1, fails=True)
        if menu.on_nomatch is not None and min(menu.limits.nomatch, most) > 1:
            if menu.terminator and not matcher.begins(menu.terminator):
                yield self.dialled(stand, tree, key, menu, menu.terminator, menu.on_nomatch, at_once=True)
            else:
                for wrong in sorted(digit for digit in ALPHABET if not matcher.begins(digit))[:1]:
                    yield self.dialled(stand, tree, key, menu, wrong, menu.on_nomatch)
        if menu.on_unavailable is not None and unassigned and min(menu.limits.unavailable, most) > 1:
            yield self.dialled(stand, tree, key, menu, unassigned, menu.on_unavailable)


def _moved(
    stand: _Stand,
    tree: TreeName,
    target: Target,
    key: str = "",
    *,
    spend: int = 0,
    when: str = "",
    waited: bool = False,
    deeper: int = 0,
    fails: bool = False,
) -> _Stand:
    """Return the place behind a node that took no key."""
    way = stand.way
    moved = Way(
        keys=way.keys,
        when=(*way.when, when) if when else way.when,
        through=(*way.through, key) if key else way.through,
        best=Duration(way.best + spend),
        worst=Duration(way.worst + spend),
    )
    waited = waited if spend else stand.waited
    # Branches that nobody hears are part of the decision; a question to the host is not.
    branch = key.partition(":")[0] in {"", "schedule", "caller"}
    failed_in = stand.tree if fails else stand.failed_in if branch else None
    return _Stand(
        tree=tree,
        target=target,
        depth=stand.depth + deeper,
        way=moved,
        waited=waited,
        failed_in=failed_in,
        last=failed_in is not None and stand.last and not fails,
    )


def _to_last_resort(stand: _Stand, tree: IvrTree) -> _Stand:
    """Return the last resort of the tree in which a target of failure refused."""
    return _Stand(
        tree=tree.name,
        target=tree.last_resort,
        depth=stand.depth,
        way=stand.way,
        waited=stand.waited,
        failed_in=tree.name,
        last=True,
    )


def _typed(
    stand: _Stand,
    tree: IvrTree,
    target: Target,
    key: str,
    digits: str,
    typed: int,
    done: int,
    slow: int,
    *,
    waited: bool,
    deeper: int = 0,
) -> _Stand:
    """Return the place behind a node that took keys."""
    way = stand.way
    moved = Way(
        keys=(*way.keys, (Duration(typed), digits)),
        when=way.when,
        through=(*way.through, key),
        best=Duration(done),
        worst=Duration(way.worst + slow),
    )
    return _Stand(tree=tree.name, target=target, depth=stand.depth + deeper, way=moved, waited=waited)


def find_ways(tree: IvrTree, around: Surroundings, lengths: Lengths | None = None) -> Ways:
    """Return every outcome of a call that enters a tree, and the shortest way to each of its nodes.

    Ways back to a menu that the caller was in before (``back``, ``top``, ``repeat``, ``language``) lead to nothing new
    and are not followed, and neither is a way deeper than the guard allows.

    Args:
        tree: The tree that calls enter.
        around: The trees it names, the short numbers, and what refuses.
        lengths: How long prompts take; None: two seconds each.
    """
    return _Search(tree, around, lengths or Lengths(missing=around.missing)).run()
