"""Timers as data: one per (owner, kind), in one heap, cancelled without searching.

Setting a timer again replaces it. A cancelled entry stays in the heap, marked, until it comes up or until the marked
ones outnumber the live ones; so the heap never holds more than twice what lives. The timers of one owner, who has few,
hang together in a chain.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from typing import Final

from callcenter.engine.states import TimerKind
from callcenter.model.times import NEVER, Instant

_SLACK: Final = 64


class _Entry:
    """One timer as it was set; ``live`` until it fires, is cancelled or replaced. ``other`` is of the same owner."""

    __slots__ = ("kind", "live", "other", "owner")

    def __init__(self, kind: TimerKind, owner: str, other: _Entry | None) -> None:
        self.kind = kind
        self.owner = owner
        self.other = other
        self.live = True


class Timers:
    """What is to happen when. Equal moments go in the order in which the timers were set.

    Attributes:
        first: Nothing is due before this moment. It is read for every event; a timer that was cancelled may hold it.
    """

    __slots__ = ("_count", "_heap", "_owners", "_sequence", "first")

    def __init__(self) -> None:
        self.first: Instant = NEVER
        self._heap: list[tuple[Instant, int, _Entry]] = []
        self._owners: dict[str, _Entry] = {}
        self._sequence = 0
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def set(self, kind: TimerKind, owner: str, at: Instant) -> None:
        """Let a timer be due at ``at``; one of the same kind and owner is replaced."""
        if owner in self._owners:
            self.cancel(kind, owner)
        self._count += 1
        self._sequence += 1
        entry = self._owners[owner] = _Entry(kind, owner, self._owners.get(owner))
        heap = self._heap
        heappush(heap, (at, self._sequence, entry))
        self.first = heap[0][0]
        if len(heap) > 2 * self._count + _SLACK:
            self._heap = [item for item in heap if item[2].live]
            heapify(self._heap)

    def cancel(self, kind: TimerKind, owner: str) -> None:
        """Forget a timer; one that is not set changes nothing."""
        entry = self._owners.get(owner)
        before = None
        while entry is not None:
            if entry.kind is kind:
                self._take_out(entry, before)
                return
            before, entry = entry, entry.other

    def cancel_any(self, kinds: Iterable[TimerKind], owner: str) -> None:
        """Forget those of some kinds that are set."""
        if owner in self._owners:
            for kind in kinds:
                self.cancel(kind, owner)

    def cancel_all(self, owner: str) -> None:
        """Forget every timer of an owner."""
        entry = self._owners.pop(owner, None)
        while entry is not None:
            entry.live = False
            self._count -= 1
            entry = entry.other

    def due(self) -> Instant | None:
        """Return when the next timer is due, or None."""
        heap = self._heap
        while heap:
            first = heap[0]
            if first[2].live:
                self.first = first[0]
                return first[0]
            heappop(heap)
        self.first = NEVER
        return None

    def pop(self) -> tuple[TimerKind, str]:
        """Take the next timer out; :meth:`due` must have said that there is one."""
        entry = heappop(self._heap)[2]
        self.cancel(entry.kind, entry.owner)
        return entry.kind, entry.owner

    def _take_out(self, entry: _Entry, before: _Entry | None) -> None:
        entry.live = False
        self._count -= 1
        if before is not None:
            before.other = entry.other
        elif entry.other is not None:
            self._owners[entry.owner] = entry.other
        else:
            del self._owners[entry.owner]

    def dump(self) -> list[tuple[str, str, Instant]]:
        """Return the live timers in the order in which they were set."""
        live = sorted((item for item in self._heap if item[2].live), key=lambda item: item[1])
        return [(entry.kind.value, entry.owner, at) for at, _, entry in live]

    def load(self, data: list[tuple[str, str, Instant]]) -> None:
        """Set the timers of a dump, in its order."""
        for kind, owner, at in data:
            self.set(TimerKind(kind), owner, at)
