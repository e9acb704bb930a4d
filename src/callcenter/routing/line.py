"""The waiting line of a group: callers in their order, with places that are kept.

Theory of operation. The order of callers is (class, arrival, sequence) in strict order, or effective arrival with a
head start (3.2 of the routing design). Within one class both orders are by arrival, so the line is one ordered
dictionary per class: joining and leaving cost O(1), and the head of the line is the best of at most four heads. A
caller who is put back, or changes class, belongs in the middle; such are kept in a short sorted list beside the
dictionary of their class, so that nobody who simply joins ever pays for them.
"""

from __future__ import annotations

from bisect import insort
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from heapq import merge
from typing import Final

from callcenter.model.ids import CallId
from callcenter.model.times import Duration, Instant
from callcenter.model.tree import CallerClass
from callcenter.model.value import state

_CLASSES: Final = tuple(sorted(CallerClass, reverse=True))
_NUMBERS: Final = tuple(int(caller_class) for caller_class in _CLASSES)
_NONE: Final = (-(1 << 63), 0)
"""A place before every other."""
Key = tuple[int, int, int]


@state
class Ticket:
    """A caller's place: kept over put-back and transfer, and given up only on leaving.

    Attributes:
        call: Whose place.
        caller_class: A higher one stands before all lower ones; a change acts at once (:meth:`Line.reclass`).
        arrived: When the caller came into the line.
        sequence: Order among equal arrivals, unique within an engine.
    """

    call: CallId
    caller_class: CallerClass
    arrived: Instant
    sequence: int

    @property
    def place(self) -> tuple[int, int]:
        """Order within a class."""
        return (self.arrived, self.sequence)


class Line:
    """Callers in order.

    Args:
        head_start: Per class, how much earlier it counts as arrived; None for strict order.
    """

    __slots__ = ("_back", "_head_start", "_lasts", "_length", "_queues")

    def __init__(self, head_start: Mapping[CallerClass, Duration] | None = None) -> None:
        self._head_start = head_start
        # Classes are small whole numbers: lists are indexed by them, which is cheaper than hashing an enum.
        self._queues: list[OrderedDict[CallId, Ticket]] = [OrderedDict() for _ in _CLASSES]
        self._lasts: list[tuple[int, int]] = [_NONE] * len(_CLASSES)
        self._back: list[list[Ticket]] = [[] for _ in _CLASSES]
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def key(self, ticket: Ticket) -> Key:
        """Return what orders this line, and all lines of a center among each other; lower stands before."""
        if self._head_start is None:
            return (-ticket.caller_class, ticket.arrived, ticket.sequence)
        early = self._head_start.get(ticket.caller_class, 0)
        return (0, ticket.arrived - early, ticket.sequence)

    def add(self, ticket: Ticket) -> None:
        """Let a caller in, at its own place: behind its class when it is new, where it was when it is put back."""
        self._length += 1
        number, place = ticket.caller_class, (ticket.arrived, ticket.sequence)
        if place > self._lasts[number]:
            self._lasts[number] = place
            self._queues[number][ticket.call] = ticket
        else:
            insort(self._back[number], ticket, key=_place)

    def remove(self, ticket: Ticket) -> None:
        """Let a caller out; one that is not in the line changes nothing."""
        number = ticket.caller_class
        queue = self._queues[number]
        if queue.pop(ticket.call, None) is not None:
            self._length -= 1
            if not queue:
                self._lasts[number] = _NONE
        elif self._back[number]:
            back = self._back[number]
            if ticket in back:
                back.remove(ticket)
                self._length -= 1

    def first(self) -> Ticket | None:
        """Return who stands first, or None; the same as the first of the iteration, and cheaper."""
        if self._head_start is None:
            for number in _NUMBERS:
                queue, back = self._queues[number], self._back[number]
                if queue and not back:
                    return next(iter(queue.values()))
                if back:
                    return next(self._of(number))
            return None
        return next(iter(self), None)

    def reclass(self, ticket: Ticket, caller_class: CallerClass) -> None:
        """Give a caller in the line another class, at once."""
        self.remove(ticket)
        ticket.caller_class = caller_class
        self.add(ticket)

    def __iter__(self) -> Iterator[Ticket]:
        """Go through the callers in their order."""
        if self._head_start is None:
            for number in _NUMBERS:
                yield from self._of(number)
        else:
            yield from merge(*(self._of(number) for number in _NUMBERS), key=self.key)

    def _of(self, number: int) -> Iterator[Ticket]:
        queue, back = self._queues[number].values(), self._back[number]
        return merge(queue, back, key=_place) if back else iter(queue)

    def ahead(self, ticket: Ticket) -> int:
        """Return how many in this line stand before a caller, who need not be in it.

        O(classes) for one who came last in its class under strict order, else O(waiting).
        """
        if not self._length:
            return 0
        number, place = ticket.caller_class, (ticket.arrived, ticket.sequence)
        if self._head_start is None and place >= self._lasts[number]:  # nobody of the class stands behind
            queue, back = self._queues[number], self._back[number]
            ahead = len(queue) - (ticket.call in queue) if queue else 0
            for higher in range(number + 1, len(_CLASSES)):
                ahead += len(self._queues[higher]) + len(self._back[higher])
            return ahead + sum([other.place < place for other in back]) if back else ahead
        mine = self.key(ticket)
        return sum(self.key(other) < mine for other in self)


def _place(ticket: Ticket) -> tuple[int, int]:
    return (ticket.arrived, ticket.sequence)
