"""Timers as data: one per (owner, kind), in one heap, cancelled without searching.

Setting a timer again replaces it. A cancelled entry stays in the heap, marked, until it comes up or until the marked
ones outnumber the live ones; so the heap never holds more than twice what lives.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import Final

from callcenter.engine.states import TimerKind
from callcenter.model.times import Instant

_SLACK: Final = 64


class _Entry:
    """One timer as it was set; ``live`` until it fires, is cancelled or replaced."""

    __slots__ = ("kind", "live", "owner")

    def __init__(self, kind: TimerKind, owner: str) -> None:
        self.kind = kind
        self.owner = owner
        self.live = True


class Timers:
    """What is to happen when. Equal moments go in the order in which the timers were set."""

    __slots__ = ("_count", "_heap", "_owners", "_sequence")

    def __init__(self) -> None:
        self._heap: list[tuple[Instant, int, _Entry]] = []
        self._owners: dict[str, dict[TimerKind, _Entry]] = {}
        self._sequence = 0
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def set(self, kind: TimerKind, owner: str, at: Instant) -> None:
        """Let a timer be due at ``at``; one of the same kind and owner is replaced."""
        kinds = self._owners.get(owner)
        if kinds is None:
            kinds = self._owners[owner] = {}
        old = kinds.get(kind)
        if old is None:
            self._count += 1
        else:
            old.live = False
        entry = kinds[kind] = _Entry(kind, owner)
        self._sequence += 1
        heap = self._heap
        heappush(heap, (at, self._sequence, entry))
        if len(heap) > 2 * self._count + _SLACK:
            self._heap = [item for item in heap if item[2].live]
            heapify(self._heap)

    def cancel(self, kind: TimerKind, owner: str) -> None:
        """Forget a timer; one that is not set changes nothing."""
        kinds = self._owners.get(owner)
        if kinds is not None:
            entry = kinds.pop(kind, None)
            if entry is not None:
                self._forget(entry, kinds, owner)

    def cancel_all(self, owner: str) -> None:
        """Forget every timer of an owner."""
        kinds = self._owners.pop(owner, None)
        if kinds is not None:
            self._count -= len(kinds)
            for entry in kinds.values():
                entry.live = False

    def due(self) -> Instant | None:
        """Return when the next timer is due, or None."""
        heap = self._heap
        while heap:
            if heap[0][2].live:
                return heap[0][0]
            heappop(heap)
        return None

    def pop(self) -> tuple[TimerKind, str]:
        """Take the next timer out; :meth:`due` must have said that there is one."""
        entry = heappop(self._heap)[2]
        kinds = self._owners[entry.owner]
        del kinds[entry.kind]
        self._forget(entry, kinds, entry.owner)
        return entry.kind, entry.owner

    def _forget(self, entry: _Entry, kinds: dict[TimerKind, _Entry], owner: str) -> None:
        entry.live = False
        self._count -= 1
        if not kinds:
            del self._owners[owner]

    def dump(self) -> list[tuple[str, str, Instant]]:
        """Return the live timers in the order in which they were set."""
        live = sorted((item for item in self._heap if item[2].live), key=lambda item: item[1])
        return [(entry.kind.value, entry.owner, at) for at, _, entry in live]

    def load(self, data: list[tuple[str, str, Instant]]) -> None:
        """Set the timers of a dump, in its order."""
        for kind, owner, at in data:
            self.set(TimerKind(kind), owner, at)
