"""Timers as data: one per (owner, kind), in one heap, cancelled without searching.

Setting a timer again replaces it. A cancelled entry stays in the heap, marked, until it comes up or until the marked
are half as many as the live ones; so the heap never holds much more than what lives. The timers of one owner, who has few,
hang together in a chain.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from typing import Any, Final, TypeAlias

from callcenter.engine.states import TimerKind
from callcenter.model.times import NEVER, Instant

_SLACK: Final = 64


_Entry: TypeAlias = list[Any]
"""One timer as it was set: when, its number, its kind (None when it lives no more), its owner, another of the owner's.

A list, and not an object, because the heap then holds the entry itself and compares it in C; no two numbers are alike,
so that nothing behind them is compared.
"""
_AT: Final = 0
_NUMBER: Final = 1
_KIND: Final = 2
_OWNER: Final = 3
_OTHER: Final = 4


class Timers:
    """What is to happen when. Equal moments go in the order in which the timers were set.

    Attributes:
        first: Nothing is due before this moment. It is read for every event; a timer that was cancelled may hold it.
    """

    __slots__ = ("_count", "_heap", "_owners", "_sequence", "first")

    def __init__(self) -> None:
        self.first: Instant = NEVER
        self._heap: list[_Entry] = []
        self._owners: dict[str, _Entry] = {}
        self._sequence = 0
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def set(self, kind: TimerKind, owner: str, at: Instant) -> None:
        """Let a timer be due at ``at``; one of the same kind and owner is replaced."""
        owners = self._owners
        if owner in owners:
            self.cancel(kind, owner)
        self._count += 1
        self._sequence += 1
        entry = owners[owner] = [at, self._sequence, kind, owner, owners.get(owner)]
        heap = self._heap
        heappush(heap, entry)
        self.first = heap[0][0]
        if 2 * len(heap) > 3 * self._count + _SLACK:
            self._heap = [entry for entry in heap if entry[_KIND] is not None]
            heapify(self._heap)

    def cancel(self, kind: TimerKind, owner: str) -> None:
        """Forget a timer; one that is not set changes nothing."""
        entry = self._owners.get(owner)
        before = None
        while entry is not None:
            if entry[_KIND] is kind:
                entry[_KIND] = None
                self._count -= 1
                if before is not None:
                    before[_OTHER] = entry[_OTHER]
                elif entry[_OTHER] is not None:
                    self._owners[owner] = entry[_OTHER]
                else:
                    del self._owners[owner]
                return
            before, entry = entry, entry[_OTHER]

    def cancel_any(self, kinds: Iterable[TimerKind], owner: str) -> None:
        """Forget those of some kinds that are set."""
        if owner in self._owners:
            for kind in kinds:
                self.cancel(kind, owner)

    def cancel_all(self, owner: str) -> None:
        """Forget every timer of an owner."""
        entry = self._owners.pop(owner, None)
        while entry is not None:
            entry[_KIND] = None
            self._count -= 1
            entry = entry[_OTHER]

    def due(self) -> Instant | None:
        """Return when the next timer is due, or None."""
        heap = self._heap
        while heap:
            first = heap[0]
            if first[_KIND] is not None:
                at: Instant = first[_AT]
                self.first = at
                return at
            heappop(heap)
        self.first = NEVER
        return None

    def pop(self) -> tuple[TimerKind, str]:
        """Take the next timer out; :meth:`due` must have said that there is one."""
        entry = heappop(self._heap)
        kind, owner = entry[_KIND], entry[_OWNER]
        self.cancel(kind, owner)
        return kind, owner

    def dump(self) -> list[tuple[str, str, Instant]]:
        """Return the live timers in the order in which they were set."""
        live = sorted((entry for entry in self._heap if entry[_KIND] is not None), key=lambda entry: entry[_NUMBER])
        return [(entry[_KIND].value, entry[_OWNER], entry[_AT]) for entry in live]

    def load(self, data: list[tuple[str, str, Instant]]) -> None:
        """Set the timers of a dump, in its order."""
        for kind, owner, at in data:
            self.set(TimerKind(kind), owner, at)
