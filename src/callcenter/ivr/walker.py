"""The ways through a tree: into nodes, from node to node, out of the IVR, and the guards that end every walk.

Theory of operation. A :class:`Walker` is one step unpacked: it takes the position apart, follows targets until the
caller stays somewhere (a prompt, a question, silence) or is out, and packs a new position. Ways are followed by a loop
and not by recursion: each method that cannot stay returns the target to follow next. At one instant of time at most
``PASSED_LIMIT`` nodes are passed, so a tree that leads in a circle without waiting for anybody ends like one that makes
the caller walk in circles: ``loop_guard``, then the last resort (rule 13). What is heard is the layer below
(:mod:`~callcenter.ivr.speaker`), and so are the ways out (:mod:`~callcenter.ivr.leaver`).
"""

from __future__ import annotations

from typing import Final

from callcenter.ivr.leaver import INSIDE, PASSED_LIMIT, Leaver
from callcenter.ivr.position import Frame, Mode
from callcenter.ivr.prompts import ERROR, counted
from callcenter.ivr.schedule import caller_target, schedule_target
from callcenter.ivr.signals import (
    Ask,
    Verdict,
)
from callcenter.model.facts import DigitsOutcome, IvrEndReason
from callcenter.model.ids import NodeName, TreeName
from callcenter.model.times import Instant
from callcenter.model.tree import (
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

_COLLECT_LIMITS: Final = Limits()
_TOP: Final = Target(kind=TargetKind.TOP)


class Walker(Leaver):
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
        if kind in INSIDE:
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

    def _nowhere(self) -> Target | None:
        """A name that the tree does not have (`check` says so): assigned to nothing, so it counts unavailable."""
        return self.count_on_top() if self.stack else self._last_resort(IvrEndReason.LAST_RESORT)
