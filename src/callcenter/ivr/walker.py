"""The ways through a tree: into nodes, from node to node, out of the IVR, and the guards that end every walk.

Theory of operation. A :class:`Walker` is one step unpacked: it takes the position apart, follows targets until the
caller stays somewhere (a prompt, a question, silence) or is out, and packs a new position. Ways are followed by a loop
and not by recursion: each method that cannot stay returns the target to follow next. Between two instants of time at
most :data:`PASSED_LIMIT` nodes are passed, so a tree that leads in a circle without waiting for anybody ends like one
that makes the caller walk in circles: ``loop_guard``, then the last resort (rule 13).
"""

from __future__ import annotations

from typing import Final

from callcenter.ivr.position import Frame, Mode
from callcenter.ivr.prompts import ERROR, counted
from callcenter.ivr.schedule import caller_target, schedule_target
from callcenter.ivr.signals import (
    Ask,
    Ended,
    Route,
    Verdict,
)
from callcenter.ivr.speaker import Speaker
from callcenter.model.facts import DigitsOutcome, IvrEndReason
from callcenter.model.ids import NodeName, TreeName
from callcenter.model.times import NEVER, Instant
from callcenter.model.tree import (
    HANGUP,
    NODE_TARGETS,
    Announcement,
    CallerBranch,
    Collect,
    Hook,
    InputPolicy,
    Limits,
    Menu,
    Schedule,
    Target,
    TargetKind,
)

PASSED_LIMIT: Final = 256
"""Nodes passed without time passing: far more than any tree that people can use, far less than a hang."""

_INSIDE: Final = NODE_TARGETS | {
    TargetKind.TREE,
    TargetKind.LANGUAGE,
    TargetKind.BACK,
    TargetKind.TOP,
    TargetKind.REPEAT,
    TargetKind.RETURN,
}
_COLLECT_LIMITS: Final = Limits()
_TOP: Final = Target(kind=TargetKind.TOP)


def is_inside(target: Target) -> bool:
    """Tell whether a target is a place in the IVR, and not one where the caller leaves it."""
    return target.kind in _INSIDE


class Walker(Speaker):
    """One step: what the caller's position becomes, and the actions on the way."""

    __slots__ = ()

    # ------------------------------------------------------------ following targets

    def go(self, target: Target | None) -> None:
        """Follow a target, and where it leads on, until the caller stays or is out."""
        while target is not None:
            target = self._visit(target) if self._passes() else self.trip()

    def _passes(self) -> bool:
        """Count one node at this instant; False when it is one too many."""
        if self.passed_at != self.at:
            self.passed_at, self.passed = self.at, 0
        self.passed += 1
        return self.passed <= PASSED_LIMIT

    def _visit(self, target: Target) -> Target | None:
        kind = target.kind
        if kind is TargetKind.MENU:
            return self._enter_menu(NodeName(target.name))
        if kind in NODE_TARGETS:
            return self._enter_node(target)
        if kind is TargetKind.TREE:
            return self._enter_tree(TreeName(target.name))
        if kind is TargetKind.LANGUAGE:
            self.language = target.name
            return _TOP
        if kind in _INSIDE:
            return self._go_back(kind)
        return self._leave(target)

    def _enter_menu(self, name: NodeName) -> Target | None:
        """Enter a menu one level deeper: a new visit, with its counters at zero and its greeting alone (rule 10)."""
        tree, key = self.current_tree(), f"menu:{name}"
        menu = tree.nodes.get(key) if tree is not None else None
        if tree is None or not isinstance(menu, Menu):
            return self._nowhere()
        guards = self.guards()
        if self.entries >= guards.entries or len(self.stack) >= guards.depth:
            return self.trip()
        self.entries += 1
        self.stack = (*self.stack, Frame(tree=tree.name, menu=name))
        self.noinput = self.nomatch = self.unavailable = 0
        self.node, self.buffer = key, ""
        if menu.greeting is None:
            return self.fail(menu.on_fail)
        return self.speak((menu.greeting,), menu.input)

    def _enter_node(self, target: Target) -> Target | None:
        tree, key = self.current_tree(), f"{target.kind.value}:{target.name}"
        node = tree.nodes.get(key) if tree is not None else None
        if isinstance(node, Schedule):
            return schedule_target(node, self.around.zone, self.at)
        if isinstance(node, CallerBranch):
            return caller_target(node, self.around.caller, self.around.caller_class)
        self.buffer = ""
        if isinstance(node, Announcement):
            self.node = key
            return self.speak((node.prompt,), InputPolicy.COLLECT)
        if isinstance(node, Collect):
            self.node = key
            self.collect_noinput = self.collect_nomatch = 0
            return self.speak((node.prompt,), InputPolicy.INTERRUPT)
        if isinstance(node, Hook):
            self.node, self.mode = key, Mode.ASKING
            self.due = Instant(self.at + node.timeout)
            self.actions.append(Ask(question=node.question, timeout=node.timeout))
            return None
        return self._nowhere()

    def _enter_tree(self, name: TreeName) -> Target | None:
        tree = self.around.trees.get(name)
        if tree is None:
            return self._nowhere()
        if self.start is None:  # a center without a tree of its own was sent here by a waiting line
            self.start, self.language = name, self.language or tree.language
            self.guard_at = Instant(self.at + tree.guards.total)
        self.tree = name
        return tree.root

    def _go_back(self, kind: TargetKind) -> Target | None:
        """Enter a menu of the stack anew: ``back`` pops one, ``top`` all but the root, ``repeat`` none."""
        if not self.stack:  # no menu yet: the way into the tree once more
            tree = self.around.trees.get(self.start) if self.start is not None else None
            if tree is None:
                return self._nowhere()
            self.tree = tree.name
            return tree.root
        depth = len(self.stack)
        keep = 1 if kind is TargetKind.TOP else max(1, depth - 1) if kind is TargetKind.BACK else depth
        frame = self.stack[keep - 1]
        self.stack, self.tree = self.stack[: keep - 1], frame.tree
        return self._enter_menu(frame.menu)

    def resolve(self, target: Target) -> tuple[TreeName | None, Target]:
        """Return where a target leads through branches that nobody hears, and the tree in which it stands.

        So a key that leads to a schedule that leads to a refusing group is one decision, with one outcome.
        """
        name, seen = self.tree, 0
        while seen < PASSED_LIMIT:
            seen += 1
            tree = self.around.trees.get(name) if name is not None else None
            node = tree.nodes.get(str(target)) if tree is not None and target.kind in NODE_TARGETS else None
            if isinstance(node, Schedule):
                target = schedule_target(node, self.around.zone, self.at)
            elif isinstance(node, CallerBranch):
                target = caller_target(node, self.around.caller, self.around.caller_class)
            elif target.kind is TargetKind.TREE and TreeName(target.name) in self.around.trees:
                name = TreeName(target.name)
                target = self.around.trees[name].root
            else:
                break
        return name, target

    def verdict(self, end: tuple[TreeName | None, Target]) -> Verdict:
        """Tell whether a resolved target can be gone to; a node that does not exist is assigned to nothing."""
        name, target = end
        if target.kind is TargetKind.HANGUP:
            return Verdict.OK
        if not is_inside(target):
            return self.around.verdict(target)
        if target.kind in NODE_TARGETS:
            tree = self.around.trees.get(name) if name is not None else None
            return Verdict.OK if tree is not None and str(target) in tree.nodes else Verdict.UNASSIGNED
        if target.kind is TargetKind.TREE and target.name not in self.around.trees:
            return Verdict.UNASSIGNED
        return Verdict.OK

    # ------------------------------------------------------------ failed tries

    def count(self, outcome: DigitsOutcome) -> Target | None:
        """Count a failed try of the node and return what follows: exhaustion, its own target, or None for a re-prompt.

        What was typed ahead is flushed (rules 9 and 16).
        """
        self.buffer = self.waiting = ""
        node = self.here()
        if isinstance(node, Collect):
            return self._count_collect(node, outcome)
        if not isinstance(node, Menu):  # a menu of the stack that the tree no longer has
            return self._last_resort(IvrEndReason.LAST_RESORT)
        limits = node.limits
        if outcome is DigitsOutcome.NOINPUT:
            self.noinput = tries = self.noinput + 1
            limit, prompts, instead = limits.noinput, node.noinput_prompts, node.on_noinput
        elif outcome is DigitsOutcome.NOMATCH:
            self.nomatch = tries = self.nomatch + 1
            limit, prompts, instead = limits.nomatch, node.nomatch_prompts, node.on_nomatch
        else:
            self.unavailable = tries = self.unavailable + 1
            limit, prompts, instead = limits.unavailable, node.unavailable_prompts, node.on_unavailable
        if tries >= limit or self.noinput + self.nomatch + self.unavailable >= limits.attempts:
            return self.fail(node.on_fail)
        if instead is not None:
            return instead
        greeting = node.short_greeting or node.greeting
        error = counted(prompts, tries)
        return self.speak((error,) if greeting is None else (error, greeting), node.input)

    def _count_collect(self, node: Collect, outcome: DigitsOutcome) -> Target | None:
        if outcome is DigitsOutcome.NOINPUT:
            self.collect_noinput += 1
            spent = self.collect_noinput >= _COLLECT_LIMITS.noinput
        else:
            self.collect_nomatch += 1
            spent = self.collect_nomatch >= _COLLECT_LIMITS.nomatch
        if spent or self.collect_noinput + self.collect_nomatch >= _COLLECT_LIMITS.attempts:
            return self.fail(node.on_fail)
        return self.speak((ERROR, node.prompt), InputPolicy.INTERRUPT)

    def count_on_top(self) -> Target | None:
        """Count `unavailable` in the menu on top of the stack, where the caller came from, and take him back to it."""
        frame = self.stack[-1]
        self.tree, self.node = frame.tree, f"menu:{frame.menu}"
        return self.count(DigitsOutcome.UNAVAILABLE)

    # ------------------------------------------------------------ out

    def _leave(self, target: Target) -> Target | None:
        """Go out to a target that no key chose at this instant: a node's ``next``, a default, an ``on_…`` target."""
        if target.kind is TargetKind.HANGUP or self.around.verdict(target) is Verdict.OK:
            self.out(target, IvrEndReason.ROUTED)
            return None
        if self.stack:
            return self.count_on_top()
        if target.kind is TargetKind.GROUP:  # `return` outside a menu is the group's own affair: it hangs up
            self.out(target, IvrEndReason.ROUTED)
            return None
        return self.fail(None)

    def out(self, target: Target, reason: IvrEndReason, *, goodbye: bool = False, told: bool = False) -> None:
        """Leave the IVR.

        Args:
            target: Where to.
            reason: Why; ``routed`` to ``hangup`` is ``hung_up``.
            goodbye: Whether the engine says goodbye first.
            told: Whether ``ivr_ended`` is written already.
        """
        over = target.kind is TargetKind.HANGUP
        if over and reason is IvrEndReason.ROUTED:
            reason = IvrEndReason.HUNG_UP
        if not told:
            self.actions.append(Ended(reason=reason))
        self.actions.append(Route(target=target, goodbye=goodbye))
        self.mode = Mode.OVER if over else Mode.AWAY
        self.due, self.buffer, self.waiting, self.playlist = NEVER, "", "", ()
        self.returns = reason is IvrEndReason.ROUTED
        self.away_at = self.at if target.kind is TargetKind.GROUP else None

    def fail(self, on_fail: Target | None) -> Target | None:
        """Take ``on_fail``: the node's, else the tree's, else the last resort (rule 12). Return a node to follow."""
        tree = self.current_tree()
        target = on_fail
        if target is None and tree is not None:
            target = tree.on_fail or tree.last_resort
        if target is None:
            target = HANGUP
        self.buffer = self.waiting = ""
        end = self.resolve(target)
        if is_inside(end[1]):
            return self._last_resort(IvrEndReason.LAST_RESORT) if self.verdict(end) is not Verdict.OK else target
        if end[1].kind is not TargetKind.HANGUP and self.around.refuses(end[1]):
            return self._last_resort(IvrEndReason.LAST_RESORT)
        self.out(end[1], IvrEndReason.EXHAUSTED)
        return None

    def _last_resort(self, reason: IvrEndReason) -> Target | None:
        """Take the tree's last resort: goodbye and hang up, unless it names another place that takes the caller."""
        told = reason is IvrEndReason.LOOP_GUARD
        tree = self.current_tree()
        target = tree.last_resort if tree is not None else HANGUP
        end = self.resolve(target)
        if is_inside(end[1]) and self.verdict(end) is Verdict.OK:
            return target
        if is_inside(end[1]) or end[1].kind is TargetKind.HANGUP or self.around.refuses(end[1]):
            self.out(HANGUP, reason, goodbye=True, told=told)
        else:
            self.out(end[1], reason, told=told)
        return None

    def trip(self) -> Target | None:
        """A guard trips (rule 13): ``loop_guard`` at this moment, then the last resort, whose guards start anew, once."""
        self.stop_play()
        self.buffer = self.waiting = ""
        self.actions.append(Ended(reason=IvrEndReason.LOOP_GUARD))
        if self.last:
            self.out(HANGUP, IvrEndReason.LOOP_GUARD, goodbye=True, told=True)
            return None
        self.last, self.stack = True, ()
        self.entries = self.passed = 0
        self.guard_at = Instant(self.at + self.guards().total)
        return self._last_resort(IvrEndReason.LOOP_GUARD)

    def _nowhere(self) -> Target | None:
        """A name that the tree does not have (`check` says so): assigned to nothing, so it counts unavailable."""
        return self.count_on_top() if self.stack else self._last_resort(IvrEndReason.LAST_RESORT)
