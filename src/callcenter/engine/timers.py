"""Timers as data: one per (kind, owner), in one heap, cancelled without searching.

Setting a timer again replaces it; cancelled entries stay in the heap until they come up or until they outnumber the
live ones, so the heap never holds more than twice what lives.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import Final

from callcenter.engine.states import Owner, TimerKind
from callcenter.model.times import Instant

Key = tuple[TimerKind, Owner]
_SLACK: Final = 64


class Timers:
    """What is to happen when. Equal moments go in the order in which the timers were set."""

    __slots__ = ("_heap", "_live", "_sequence")

    def __init__(self) -> None:
        self._heap: list[tuple[Instant, int, Key]] = []
        self._live: dict[Key, tuple[Instant, int]] = {}
        self._sequence = 0

    def __len__(self) -> int:
        return len(self._live)

    def set(self, kind: TimerKind, owner: Owner, at: Instant) -> None:
        """Let a timer be due at ``at``; one of the same kind and owner is replaced."""
        self._sequence += 1
        key = (kind, owner)
        self._live[key] = (at, self._sequence)
        heappush(self._heap, (at, self._sequence, key))
        if len(self._heap) > 2 * len(self._live) + _SLACK:
            self._heap = [(due, sequence, k) for k, (due, sequence) in self._live.items()]
            heapify(self._heap)

    def cancel(self, kind: TimerKind, owner: Owner) -> None:
        """Forget a timer; one that is not set changes nothing."""
        self._live.pop((kind, owner), None)

    def due(self) -> Instant | None:
        """Return when the next timer is due, or None."""
        heap, live = self._heap, self._live
        while heap:
            at, sequence, key = heap[0]
            if live.get(key) == (at, sequence):
                return at
            heappop(heap)
        return None

    def pop(self) -> Key:
        """Take the next timer out; :meth:`due` must have said that there is one."""
        key = heappop(self._heap)[2]
        del self._live[key]
        return key

    def dump(self) -> list[list[object]]:
        """Return the live timers in the order in which they were set."""
        ordered = sorted(self._live.items(), key=lambda item: item[1][1])
        return [[kind.value, owner, at] for (kind, owner), (at, _) in ordered]

    def load(self, data: list[list[object]]) -> None:
        """Set the timers of a dump, in its order."""
        for kind, owner, at in data:
            self.set(TimerKind(kind), str(owner), Instant(int(str(at))))
