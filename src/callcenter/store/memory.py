"""The memory store: plain dicts and lists, the oracle that other stores are compared with.

It keeps every promise of :mod:`callcenter.ports` but durability, and does so in the most obvious way. For tests, for
simulations, and for an embedder who keeps the books elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from callcenter.compat import override
from callcenter.errors import UsageError
from callcenter.model.ids import CenterId
from callcenter.model.times import Instant
from callcenter.ports import JournalRow, OutboxRow, ShopVersion, Snapshot, Store
from callcenter.store.content import Content, content_of, fill, text_of
from callcenter.store.keepable import refuse_unkeepable
from callcenter.store.memory_books import MemoryHolds, MemoryLedger
from callcenter.store.memory_lists import MemoryLists
from callcenter.store.memory_people import MemoryPeople, MemoryTrail
from callcenter.store.memory_records import MemoryRecords
from callcenter.store.undo import UndoLog
from callcenter.texts import Word


class MemoryJournal:
    """Events by center, in lists; a row's number is its place."""

    def __init__(self, undo: UndoLog) -> None:
        self._undo = undo
        self._rows: dict[CenterId, list[JournalRow]] = {}
        self._keys: dict[tuple[CenterId, str], int] = {}

    def append(self, center: CenterId, key: str, at: Instant, kind: str, body: str) -> int | None:
        """Write an event."""
        if (center, key) in self._keys:
            return None
        refuse_unkeepable((center, key, at, kind, body))
        rows = self._rows.setdefault(center, [])
        seq = len(rows) + 1
        self._undo.set(self._keys, (center, key), seq)
        self._undo.note(rows.pop)
        rows.append(JournalRow(center=center, seq=seq, key=key, at=at, kind=kind, body=body))
        return seq

    def seen(self, center: CenterId, key: str) -> int | None:
        """Return the number of an event."""
        return self._keys.get((center, key))

    def since(self, center: CenterId, seq: int) -> tuple[JournalRow, ...]:
        """Return later events."""
        return tuple(self._rows.get(center, ())[max(0, seq) :])

    def last(self, center: CenterId) -> int:
        """Return the last number."""
        return len(self._rows.get(center, ()))

    def rows(self) -> tuple[JournalRow, ...]:
        """Return all events."""
        return tuple(row for center in sorted(self._rows) for row in self._rows[center])


class MemoryOutbox:
    """Commands that wait, by id, under the number at which they were put."""

    def __init__(self, undo: UndoLog) -> None:
        self._undo = undo
        self._rows: dict[str, tuple[int, OutboxRow]] = {}
        self._next = 0

    def put(self, id: str, center: CenterId, body: str) -> bool:
        """Keep a command."""
        if id in self._rows:
            return False
        refuse_unkeepable((id, center, body))
        self._undo.set(self._rows, id, (self._next, OutboxRow(id=id, center=center, body=body)))
        self._next += 1
        return True

    def unsent(self, center: CenterId | None = None) -> tuple[OutboxRow, ...]:
        """Return what waits."""
        rows = (row for _number, row in sorted(self._rows.values(), key=lambda item: item[0]))
        return tuple(row for row in rows if center is None or row.center == center)

    def mark_sent(self, id: str) -> None:
        """Take a command out."""
        row = self._rows.get(id)
        if row is not None:
            self._undo.note(lambda: self._rows.__setitem__(id, row))
            del self._rows[id]


class MemorySnapshots:
    """The last snapshot of each center."""

    def __init__(self, undo: UndoLog) -> None:
        self._undo = undo
        self.rows: dict[CenterId, Snapshot] = {}

    def save(self, snapshot: Snapshot) -> None:
        """Keep a snapshot."""
        refuse_unkeepable((snapshot.center, snapshot.version, snapshot.blob))
        self._undo.set(self.rows, snapshot.center, snapshot)

    def latest(self, center: CenterId) -> Snapshot | None:
        """Return the snapshot of a center."""
        return self.rows.get(center)


class MemoryShopShelf:
    """Versions of the shop, ascending."""

    def __init__(self, undo: UndoLog) -> None:
        self._undo = undo
        self.rows: list[ShopVersion] = []

    def save(self, version: ShopVersion) -> None:
        """Keep a version."""
        if self.rows and version.version <= self.rows[-1].version:
            raise UsageError("E412", version=version.version, latest=self.rows[-1].version)
        refuse_unkeepable((version.version, version.text, version.at))
        self._undo.note(self.rows.pop)
        self.rows.append(version)

    def latest(self) -> ShopVersion | None:
        """Return the last version."""
        return self.rows[-1] if self.rows else None

    def versions(self) -> tuple[ShopVersion, ...]:
        """Return all versions."""
        return tuple(self.rows)


class MemoryNotes:
    """Texts by key."""

    def __init__(self, undo: UndoLog) -> None:
        self._undo = undo
        self.rows: dict[str, str] = {}

    def put(self, key: str, text: str) -> None:
        """Keep a text."""
        refuse_unkeepable((key, text))
        self._undo.set(self.rows, key, text)

    def get(self, key: str) -> str | None:
        """Return a text."""
        return self.rows.get(key)

    def remove(self, key: str) -> None:
        """Forget a key."""
        text = self.rows.get(key)
        if text is not None:
            self._undo.note(lambda: self.rows.__setitem__(key, text))
            del self.rows[key]


class MemoryTransaction:
    """The parts of a memory store; the same objects in each transaction."""

    def __init__(self, undo: UndoLog) -> None:
        self.journal: Final = MemoryJournal(undo)
        self.outbox: Final = MemoryOutbox(undo)
        self.ledger: Final = MemoryLedger(undo)
        self.holds: Final = MemoryHolds(undo, self.ledger)
        self.records: Final = MemoryRecords(undo)
        self.lists: Final = MemoryLists(self.records, self.ledger)
        self.snapshots: Final = MemorySnapshots(undo)
        self.shop: Final = MemoryShopShelf(undo)
        self.notes: Final = MemoryNotes(undo)
        self.people: Final = MemoryPeople(undo)
        self.trail: Final = MemoryTrail(undo)


class MemoryStore(Store):
    """A store that lasts as long as the process."""

    def __init__(self) -> None:
        self._undo = UndoLog()
        self._parts = MemoryTransaction(self._undo)
        self._closed = False

    @override
    @contextmanager
    def transaction(self) -> Iterator[MemoryTransaction]:
        """Open a transaction."""
        if self._closed:
            raise UsageError("E408", how=Word("store.closed"))
        self._undo.begin()
        try:
            yield self._parts
        except BaseException:
            self._undo.roll_back()
            raise
        self._undo.commit()

    @override
    def dump(self) -> str:
        """Return all content as canonical text."""
        return text_of(self._content())

    @override
    def load(self, text: str) -> None:
        """Fill this empty store with the content of a dump."""
        content = content_of(text)
        if self._content() != Content():
            raise UsageError("E411")
        with self.transaction() as parts:
            fill(parts, content)

    @override
    def close(self) -> None:
        """Let go of everything."""
        self._closed = True

    def _content(self) -> Content:
        parts = self._parts
        return Content(
            entries=parts.ledger.rows(),
            balances=parts.ledger.balances(),
            holds=parts.holds.rows(),
            journal=parts.journal.rows(),
            outbox=parts.outbox.unsent(),
            calls=parts.records.all_calls.items(),
            sessions=parts.records.all_sessions.items(),
            charges=parts.records.all_charges.items(),
            rejected=parts.records.all_rejected.items(),
            voicemails=parts.records.all_voicemails.items(),
            snapshots=tuple(snapshot for _center, snapshot in sorted(parts.snapshots.rows.items())),
            shop=parts.shop.versions(),
            notes=tuple(sorted(parts.notes.rows.items())),
            people=parts.people.log_ins(),
            console=parts.people.all_sessions(),
            trail=tuple(parts.trail.all),
        )
