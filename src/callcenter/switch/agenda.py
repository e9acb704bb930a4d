"""What is going to happen in the simulated world, in the one order that equal moments have.

A simulation is fair and repeatable only if two things at the same instant always come in the same order. So every
planned happening carries its kind (:class:`Moment`) and its place in the file, and one heap sorts by instant, kind,
place and, last, the order of planning. What is no longer true when its turn comes (a patience whose caller was
answered) is not taken out of the heap: the action itself looks and does nothing.
"""

from __future__ import annotations

import enum
import heapq
from collections.abc import Callable
from typing import TypeAlias

from callcenter.model.times import Instant

Action: TypeAlias = Callable[[], None]


class Moment(enum.IntEnum):
    """Kinds of happenings, in their order at one instant."""

    CONFIRMATION = 0
    """What the switch reports of a command that takes no time: it belongs to the moment of the command."""
    RENT = 1
    TOP_UP = 2
    CHANGE = 3
    AGENT_ACTION = 4
    ARRIVAL = 5
    KEY = 6
    HOST_ANSWER = 7
    PHONE_ANSWER = 8
    PHONE_REFUSAL = 9
    CALLER_LEAVES = 10
    AGENT_HANGS_UP = 11
    PROMPT_END = 12
    TIMER = 13
    """Deadlines of the engines; these are asked for and never lie in the heap."""


class Agenda:
    """A heap of planned happenings, and the clock of the world.

    Attributes:
        now: The instant of what was taken last; nothing can be planned before it.
    """

    def __init__(self, start: Instant) -> None:
        self.now = start
        self._heap: list[tuple[int, int, tuple[int, ...], int, Action]] = []
        self._planned = 0

    def plan(self, at: Instant, moment: Moment, action: Action, *, place: tuple[int, ...] = ()) -> None:
        """Plan a happening.

        Args:
            at: When; an instant that has passed becomes now.
            moment: Its kind.
            action: What is done.
            place: Its place in the file, or in the order of dialling; sorts within the kind.
        """
        heapq.heappush(self._heap, (max(at, self.now), moment, place, self._planned, action))
        self._planned += 1

    def next_at(self) -> Instant | None:
        """Return the instant of the next happening, or None when nothing is planned."""
        return Instant(self._heap[0][0]) if self._heap else None

    def take(self) -> Action:
        """Take the next happening, move the clock to it and return what is to be done."""
        at, _moment, _place, _number, action = heapq.heappop(self._heap)
        self.now = Instant(at)
        return action
