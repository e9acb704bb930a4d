"""What a real switch does wrong, on purpose: events that come late, twice or never.

A :class:`Fault` names one event by its class, its call and which one of these it is. The simulated switch looks up
each event it is about to report; with an empty list of faults nothing is ever disturbed. :class:`Chances` disturbs
events by lot instead, from a seed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from typing import Final

from callcenter.compat import override
from callcenter.model.events import CallOffered, Event
from callcenter.model.times import MILLISECOND, Duration
from callcenter.model.value import value


@value
class Fault:
    """One event that goes wrong.

    Attributes:
        event: Class name of the event, for example ``"LegAnswered"``.
        call: Its call; empty: of any call.
        which: Counts such events from 1; 0: each of them.
        late: How much later than it happened the event is reported.
        copies: How often it is reported; 0: never, it is lost.
    """

    event: str
    call: str = ""
    which: int = 1
    late: Duration = Duration(0)
    copies: int = 1


class Faults:
    """The faults of a run, with their counts of what was seen."""

    def __init__(self, planned: Iterable[Fault] = ()) -> None:
        self._planned: Final = tuple(planned)
        self._seen: Counter[int] = Counter()

    def of(self, event: Event) -> tuple[Duration, int]:
        """Return how late, and how often, an event is reported: (0, 1) when nothing disturbs it."""
        name, call = type(event).__name__, getattr(event, "call", "")
        for index, fault in enumerate(self._planned):
            if fault.event != name or (fault.call and fault.call != call):
                continue
            self._seen[index] += 1
            if fault.which in {0, self._seen[index]}:
                return fault.late, fault.copies
        return Duration(0), 1


LOST, LATE, TWICE = "lost", "late", "twice"
_SELDOM: Final = 0.04
_LATEST_MS: Final = 8_000


class Chances(Faults):
    """Events disturbed by lot: each is lost, late or told twice with a chance of one in twenty-five.

    Args:
        dice: Seeded.
        kinds: Which of ``lost``, ``late`` and ``twice`` can be.

    Attributes:
        on: Whether anything is disturbed.
        count: How often each kind was.
    """

    def __init__(self, dice: random.Random, kinds: Iterable[str]) -> None:
        super().__init__()
        self.on = True
        self.count: Final[Counter[str]] = Counter()
        self._dice: Final = dice
        self._kinds: Final = frozenset(kinds)

    @override
    def of(self, event: Event) -> tuple[Duration, int]:
        """Return how late, and how often, an event is reported."""
        lots = {kind: self._dice.random() < _SELDOM for kind in (LOST, LATE, TWICE)}
        after = Duration(self._dice.randrange(_LATEST_MS) * MILLISECOND)
        hit = [kind for kind, lot in lots.items() if lot and kind in self._kinds and self.on]
        self.count.update(hit)
        if LOST in hit and not isinstance(event, CallOffered):
            return Duration(0), 0
        return after if LATE in hit else Duration(0), 2 if TWICE in hit else 1
