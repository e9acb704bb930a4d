"""What a real switch does wrong, on purpose: events that come late, twice or never.

A :class:`Fault` names one event by its class, its call and which one of these it is. The simulated switch looks up
each event it is about to report; with an empty list of faults nothing is ever disturbed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from callcenter.model.events import Event
from callcenter.model.times import Duration
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
