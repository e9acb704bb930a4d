"""The silent caller, by arithmetic: where a tree takes somebody who types nothing, and when.

Said beforehand, without the interpreter; a test holds the two to the same answer. Branches are taken as a chooser
says, so the longest that a tree can keep a silent caller is found by trying every way through them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from callcenter.ivr.graph import OUTSIDE_TARGETS, STACK_TARGETS, fails_to
from callcenter.ivr.prompts import ERROR, counted
from callcenter.ivr.signals import Surroundings, Verdict
from callcenter.ivr.sounds import Lengths
from callcenter.model.facts import IvrEndReason
from callcenter.model.ids import TreeName
from callcenter.model.times import Duration
from callcenter.model.tree import (
    HANGUP,
    Announcement,
    CallerBranch,
    Collect,
    Guards,
    Hook,
    IvrTree,
    Limits,
    Menu,
    Prompt,
    Schedule,
    Target,
    TargetKind,
)
from callcenter.model.value import value

Choose = Callable[[TreeName, str, "Schedule | CallerBranch | Hook"], Target]
"""Which target a branch takes: of a tree and its node ``kind:name``."""
MOST_WAYS: Final = 512
"""Ways through the branches that are tried for the worst silent call."""
_PASSED: Final = 256


@value
class SilentCall:
    """What becomes of a caller who types nothing.

    Attributes:
        lasts: From the answer to the end of the IVR.
        reason: How he leaves it.
        target: Where to.
    """

    lasts: Duration
    reason: IvrEndReason
    target: Target


class _Out(Exception):
    """The walk has ended."""

    def __init__(self, reason: IvrEndReason, target: Target) -> None:
        super().__init__()
        self.reason = reason
        self.target = target


class _Silence:
    """One silent walk."""

    def __init__(self, tree: IvrTree, around: Surroundings, lengths: Lengths, choose: Choose) -> None:
        self.around = around
        self.lengths = lengths
        self.choose = choose
        self.start = self.tree = tree
        self.guards: Guards = tree.guards
        self.language = tree.language
        self.now = 0
        self.stack: list[tuple[IvrTree, str]] = []
        self.entries = 0
        self.tries: dict[str, int] = {}
        self.passed = 0

    def walk(self) -> SilentCall:
        """Follow the tree until it lets the caller go."""
        target = self.start.emergency or self.start.root
        try:
            while True:
                target = self.visit(target)
        except _Out as out:
            return SilentCall(lasts=Duration(self.now), reason=out.reason, target=out.target)

    def spend(self, time: int) -> None:
        """Let time pass; the guard ends the walk at its moment."""
        if self.now + time >= self.guards.total:
            self.now = self.guards.total
            raise _Out(IvrEndReason.LOOP_GUARD, HANGUP)
        self.now += time
        self.passed = 0 if time else self.passed

    def hear(self, *prompts: Prompt | None) -> int:
        """Return how long prompts take here."""
        return self.lengths.of(self.tree, self.language, *prompts)

    def visit(self, target: Target) -> Target:
        """Go to a target and return the next."""
        self.passed += 1
        if self.passed > _PASSED:
            raise _Out(IvrEndReason.LOOP_GUARD, HANGUP)
        kind = target.kind
        if kind in OUTSIDE_TARGETS:
            return self.leave(target)
        if kind is TargetKind.LANGUAGE:
            self.language = target.name
            return Target(kind=TargetKind.TOP)
        if kind in STACK_TARGETS:
            return self.back(kind)
        if kind is TargetKind.TREE:
            self.tree = self.around.trees[TreeName(target.name)]
            return self.tree.root
        node = self.tree.nodes[str(target)]
        if isinstance(node, Menu):
            return self.menu(node)
        if isinstance(node, Announcement):
            self.spend(self.hear(node.prompt))
            return node.next
        if isinstance(node, Collect):
            return self.collect(node)
        if isinstance(node, Hook):
            chosen = self.choose(self.tree.name, str(target), node)
            self.spend(node.timeout if chosen == node.default else 0)
            return chosen
        return self.choose(self.tree.name, str(target), node)

    def enter(self, node: Menu) -> None:
        """Enter a menu one level deeper, or trip a guard."""
        if self.entries >= self.guards.entries or len(self.stack) >= self.guards.depth:
            raise _Out(IvrEndReason.LOOP_GUARD, HANGUP)
        self.entries += 1
        self.stack.append((self.tree, f"menu:{node.name}"))
        self.tries = {"noinput": 0, "unavailable": 0}

    def menu(self, node: Menu) -> Target:
        """Hear the greeting and say nothing."""
        self.enter(node)
        if node.greeting is None:
            return self.fail(fails_to(self.tree, node))
        self.spend(self.hear(node.greeting))
        self.spend(node.first_digit)
        return self.count("noinput")

    def count(self, kind: str) -> Target:
        """Count a failed try of the menu on top, and go on being silent until it leads somewhere."""
        self.tree, key = self.stack[-1]
        node = self.tree.nodes[key]
        assert isinstance(node, Menu)
        while True:
            self.tries[kind] += 1
            tries, limits = self.tries[kind], node.limits
            limit = limits.noinput if kind == "noinput" else limits.unavailable
            if tries >= limit or sum(self.tries.values()) >= limits.attempts:
                return self.fail(fails_to(self.tree, node))
            instead = node.on_noinput if kind == "noinput" else node.on_unavailable
            if instead is not None:
                return instead
            prompts = node.noinput_prompts if kind == "noinput" else node.unavailable_prompts
            self.spend(self.hear(counted(prompts, tries), node.short_greeting or node.greeting))
            self.spend(node.first_digit)
            kind = "noinput"

    def collect(self, node: Collect) -> Target:
        """Hear a collect node as often as it asks."""
        prompts: tuple[Prompt, ...] = (node.prompt,)
        for _ in range(Limits().noinput):
            self.spend(self.hear(*prompts))
            self.spend(node.first_digit)
            prompts = (ERROR, node.prompt)
        return self.fail(fails_to(self.tree, node))

    def back(self, kind: TargetKind) -> Target:
        """Enter a menu of the stack anew."""
        if not self.stack:
            self.tree = self.start
            return self.start.root
        keep = len(self.stack)
        if kind is TargetKind.TOP:
            keep = 1
        elif kind is TargetKind.BACK:
            keep = max(1, keep - 1)
        self.tree, key = self.stack[keep - 1]
        del self.stack[keep - 1 :]
        node = self.tree.nodes[key]
        assert isinstance(node, Menu)
        return self.menu(node)

    def through(self, target: Target) -> Target:
        """Follow branches that nobody hears."""
        for _ in range(_PASSED):
            node = self.tree.nodes.get(str(target))
            if isinstance(node, Schedule | CallerBranch):
                target = self.choose(self.tree.name, str(target), node)
            elif target.kind is TargetKind.TREE:
                self.tree = self.around.trees[TreeName(target.name)]
                target = self.tree.root
            else:
                return target
        raise _Out(IvrEndReason.LOOP_GUARD, HANGUP)

    def leave(self, target: Target) -> Target:
        """Go out, if the target takes the caller."""
        if target.kind is TargetKind.HANGUP:
            raise _Out(IvrEndReason.HUNG_UP, target)
        if self.around.verdict(target) is Verdict.OK:
            raise _Out(IvrEndReason.ROUTED, target)
        if self.stack:
            return self.count("unavailable")
        if target.kind is TargetKind.GROUP:
            raise _Out(IvrEndReason.ROUTED, target)
        return self.fail(self.tree.on_fail or self.tree.last_resort)

    def fail(self, target: Target) -> Target:
        """Take a target of failure, or the last resort when it refuses."""
        last_resort, end = self.tree.last_resort, self.through(target)
        if end.kind not in OUTSIDE_TARGETS:
            return end
        if end.kind is TargetKind.HANGUP or not self.around.refuses(end):
            raise _Out(IvrEndReason.EXHAUSTED, end)
        end = self.through(last_resort)
        if end.kind not in OUTSIDE_TARGETS:
            return end
        refused = end.kind is TargetKind.HANGUP or self.around.refuses(end)
        raise _Out(IvrEndReason.LAST_RESORT, HANGUP if refused else end)


def silent_call(tree: IvrTree, around: Surroundings, lengths: Lengths, choose: Choose) -> SilentCall:
    """Return what becomes of a caller who types nothing.

    Args:
        tree: The tree he enters; all names in it must exist.
        around: What refuses, and which extensions have a number.
        lengths: How long prompts take.
        choose: Which way each branch takes; for a hook its default means that the host is silent too.
    """
    return _Silence(tree, around, lengths, choose).walk()


def worst_silent_call(tree: IvrTree, around: Surroundings, lengths: Lengths) -> SilentCall:
    """Return the longest silent call over all ways through the branches that it meets (the first 512 of them)."""
    turns: tuple[int, ...] = ()
    worst: SilentCall | None = None
    for _ in range(MOST_WAYS):
        branches = _Branches(turns)
        call = silent_call(tree, around, lengths, branches.choose)
        if worst is None or call.lasts > worst.lasts:
            worst = call
        following = branches.following()
        if following is None:
            break
        turns = following
    assert worst is not None  # there is at least one way
    return worst


class _Branches:
    """Takes branches by turns: each one met takes its turn, and the same when it is met again."""

    def __init__(self, turns: tuple[int, ...]) -> None:
        self._turns = turns
        self._taken: dict[tuple[TreeName, str], tuple[int, tuple[Target, ...]]] = {}

    def choose(self, name: TreeName, key: str, node: Schedule | CallerBranch | Hook) -> Target:
        """Return which way a branch takes in this walk."""
        if (name, key) not in self._taken:
            met = len(self._taken)
            ways = tuple(dict.fromkeys(ways_of(node)))
            self._taken[name, key] = (self._turns[met] if met < len(self._turns) else 0, ways)
        turn, ways = self._taken[name, key]
        return ways[turn]

    def following(self) -> tuple[int, ...] | None:
        """Return the turns of the next walk: the last branch that has another way takes it; None when all are done."""
        taken = list(self._taken.values())
        while taken and taken[-1][0] + 1 >= len(taken[-1][1]):
            taken.pop()
        return (*(turn for turn, _ in taken[:-1]), taken[-1][0] + 1) if taken else None


def ways_of(node: Schedule | CallerBranch | Hook) -> tuple[Target, ...]:
    """Return every target of a branch, the default last."""
    if isinstance(node, Hook):
        return (*node.answers.values(), node.default)
    if isinstance(node, Schedule):
        return (*(rule.target for rule in node.rules), node.default)
    return (*(rule.target for rule in node.rules), node.default)
