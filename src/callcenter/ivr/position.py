"""Where a caller is in the IVR: one immutable value per step, all of it data, so that it can be dumped at any moment.

What changes with each digit (:class:`Position`) is kept apart from what changes only with a decision
(:class:`Journey`), because a digit is the hot path and a small value is built fast.
"""

from __future__ import annotations

import attrs

from callcenter.model.ids import NodeName, PromptName, TreeName
from callcenter.model.times import NEVER, Instant
from callcenter.model.value import value
from callcenter.model.words import Word


class Mode(Word):
    """What the caller is doing now."""

    PLAYING = "playing"
    LISTENING = "listening"
    ASKING = "asking"
    COLLECTING = "collecting"
    AWAY = "away"
    OVER = "over"


IN_IVR = frozenset({Mode.PLAYING, Mode.LISTENING, Mode.ASKING, Mode.COLLECTING})
"""Modes in which the caller is in the IVR: not with a group or a phone, and not gone."""


@value
class Frame:
    """One level of the stack: a menu of a tree."""

    tree: TreeName
    menu: NodeName


@value
class Journey:
    """How the caller came where he is; changed by decisions only.

    Attributes:
        start: The tree that the call entered; its guards hold for the whole call. None: a center without a tree.
        tree: The tree in which names are looked up now.
        stack: The menus entered and not left, the root first.
        node: The node he is at, as ``kind:name``; empty before the first.
        language: The caller's language.
        entries: Menu entries so far (rule 13).
        guard_at: When the time in the IVR is used up.
        passed: Nodes passed at the instant ``passed_at``: what catches a way without end that takes no time.
        passed_at: See ``passed``.
        noinput: Failed tries of this visit of the menu on top of the stack (rule 10), and likewise the next two.
        nomatch: See ``noinput``.
        unavailable: See ``noinput``.
        collect_noinput: The same for a collect node.
        collect_nomatch: The same for a collect node.
        collected: (store_as, digits) of collect nodes; sensitive digits are asterisks.
        path: ``menu:digits`` of each match so far, for the screen pop.
        away_at: When the caller left for a line, whose time does not count; None otherwise.
        returns: Whether the place he left for may send him back to the menu he came from.
        last: Whether a guard has tripped before: the next one ends the call.
        host_collects: Whether the host collects digits itself (rule 21).
    """

    start: TreeName | None
    tree: TreeName | None
    guard_at: Instant
    passed_at: Instant
    stack: tuple[Frame, ...] = ()
    node: str = ""
    language: str = ""
    entries: int = 0
    passed: int = 0
    noinput: int = 0
    nomatch: int = 0
    unavailable: int = 0
    collect_noinput: int = 0
    collect_nomatch: int = 0
    collected: tuple[tuple[str, str], ...] = ()
    path: tuple[str, ...] = ()
    away_at: Instant | None = None
    returns: bool = False
    last: bool = False
    host_collects: bool = False


@value
class Position:
    """Where a caller is in the IVR.

    Attributes:
        journey: How he came here.
        mode: What he is doing.
        due: When the one input timer ends: of the play's deadline, the first or a further digit, or the host's answer.
        buffer: Digits that belong to the node, not decided yet.
        waiting: Digits typed ahead of their node.
        playlist: What plays and what is still to play: for each prompt the labels to try, the one in use first.
    """

    journey: Journey
    mode: Mode
    due: Instant = NEVER
    buffer: str = attrs.field(default="", repr=False)
    waiting: str = attrs.field(default="", repr=False)
    playlist: tuple[tuple[PromptName, ...], ...] = ()

    @property
    def deadline(self) -> Instant | None:
        """The instant at which a ``TimerDue`` is wanted, or None outside the IVR."""
        if self.mode not in IN_IVR:
            return None
        return min(self.due, self.journey.guard_at)

    @property
    def can_return(self) -> bool:
        """Whether there is a menu to which an unanswered dial, or ``on_empty = "return"``, sends the caller back."""
        return self.mode is Mode.AWAY and self.journey.returns and bool(self.journey.stack)

    @property
    def in_ivr(self) -> bool:
        """Whether the caller is in the IVR now."""
        return self.mode in IN_IVR

    @property
    def path(self) -> tuple[str, ...]:
        """``menu:digits`` of each match so far, for the screen pop."""
        return self.journey.path

    @property
    def collected(self) -> tuple[tuple[str, str], ...]:
        """(store_as, digits) of what was collected; sensitive digits are asterisks."""
        return self.journey.collected

    @property
    def language(self) -> str:
        """The caller's language."""
        return self.journey.language
