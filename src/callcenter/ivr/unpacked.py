"""One step taken apart: the position as mutable fields, where the caller is, and the position put together again."""

from __future__ import annotations

from typing import Final

from callcenter.ivr.position import Journey, Mode, Position
from callcenter.ivr.signals import Action, Decided, Step, StopPlay, Surroundings
from callcenter.model.facts import DigitsOutcome
from callcenter.model.times import Duration, Instant
from callcenter.model.tree import Collect, Guards, IvrTree, Menu, Node, Target
from callcenter.model.value import gatherer, maker

_NO_GUARDS: Final = Guards()
_STOP: Final = StopPlay()
_PLAYS: Final = frozenset({Mode.PLAYING, Mode.COLLECTING})
_LISTENING: Final = Mode.LISTENING
_journey: Final = gatherer(Journey)
_position, _step, _decided = maker(Position), maker(Step), maker(Decided)


class Unpacked:
    """A position taken apart for one step, with the actions so far.

    Args:
        position: Where the caller was.
        around: What may be asked of the floor.
        at: Now.
    """

    __slots__ = (
        "actions",
        "around",
        "at",
        "away_at",
        "buffer",
        "collect_noinput",
        "collect_nomatch",
        "collected",
        "due",
        "entries",
        "guard_at",
        "host_collects",
        "language",
        "last",
        "mode",
        "node",
        "noinput",
        "nomatch",
        "passed",
        "passed_at",
        "path",
        "playlist",
        "returns",
        "stack",
        "start",
        "tree",
        "unavailable",
        "waiting",
    )

    def __init__(self, position: Position, around: Surroundings, at: Instant) -> None:
        self.around = around
        self.at = at
        self.actions: list[Action] = []
        self.mode = position.mode
        self.due = position.due
        self.buffer = position.buffer
        self.waiting = position.waiting
        self.playlist = position.playlist
        journey = position.journey
        self.start = journey.start
        self.tree = journey.tree
        self.stack = journey.stack
        self.node = journey.node
        self.language = journey.language
        self.entries = journey.entries
        self.guard_at = journey.guard_at
        self.passed = journey.passed
        self.passed_at = journey.passed_at
        self.noinput = journey.noinput
        self.nomatch = journey.nomatch
        self.unavailable = journey.unavailable
        self.collect_noinput = journey.collect_noinput
        self.collect_nomatch = journey.collect_nomatch
        self.collected = journey.collected
        self.path = journey.path
        self.away_at = journey.away_at
        self.returns = journey.returns
        self.last = journey.last
        self.host_collects = journey.host_collects

    def pack(self) -> Step:
        """Return the position as it is now, with the actions that led to it."""
        position = _position(
            journey=_journey(self),
            mode=self.mode,
            due=self.due,
            buffer=self.buffer,
            waiting=self.waiting,
            playlist=self.playlist,
        )
        return _step(position=position, actions=tuple(self.actions))

    def here(self) -> Node | None:
        """Return the node he is at."""
        tree = self.current_tree()
        return tree.nodes.get(self.node) if tree is not None else None

    def current_tree(self) -> IvrTree | None:
        """Return the tree in which names are looked up now."""
        return self.around.trees.get(self.tree) if self.tree is not None else None

    def guards(self) -> Guards:
        """Return the guards of the call: those of the tree that it entered."""
        tree = self.around.trees.get(self.start) if self.start is not None else None
        return tree.guards if tree is not None else _NO_GUARDS

    def listen(self, wait: Duration) -> None:
        """Wait for a digit."""
        self.mode = _LISTENING
        self.due = Instant(self.at + wait)

    def stop_play(self) -> None:
        """Stop what plays, if anything does."""
        if self.mode in _PLAYS:
            self.actions.append(_STOP)
            self.playlist = ()
            self.mode = _LISTENING

    def decided(self, node: Menu | Collect, digits: str, outcome: DigitsOutcome, target: Target | None) -> None:
        """Write the one fact of a decision; sensitive digits stay out of it (rule 20)."""
        if isinstance(node, Collect) and node.sensitive:
            digits = ""
        self.actions.append(_decided(menu=node.name, digits=digits, outcome=outcome, target=target))
