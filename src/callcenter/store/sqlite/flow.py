"""Journal, outbox, snapshots, shop and notes in SQLite."""

from __future__ import annotations

from callcenter.errors import UsageError
from callcenter.model.ids import CenterId
from callcenter.model.times import Instant
from callcenter.ports import JournalRow, OutboxRow, ShopVersion, Snapshot
from callcenter.store.rows import decoded, event_of, snapshot_of, version_of
from callcenter.store.sqlite.session import Session

_APPEND = (
    "INSERT INTO journal (center, seq, key, at, kind, body) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (center, key) DO NOTHING"
)


class SqliteJournal:
    """Events; the key is checked by the statement that writes, the last number remembered within a transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._last: dict[CenterId, int] = {}

    def forget(self) -> None:
        """Forget what another process, or a roll-back, may have made untrue."""
        self._last.clear()

    def append(self, center: CenterId, key: str, at: Instant, kind: str, body: str) -> int | None:
        """Write an event."""
        last = self._last.get(center)
        seq = 1 + (self.last(center) if last is None else last)
        if not self._session.write(_APPEND, (center, seq, key, at, kind, body)):
            return None
        self._last[center] = seq
        return seq

    def seen(self, center: CenterId, key: str) -> int | None:
        """Return the number of an event."""
        rows = self._session.read("SELECT seq FROM journal WHERE center = ? AND key = ?", (center, key))
        return rows[0][0] if rows else None

    def since(self, center: CenterId, seq: int) -> tuple[JournalRow, ...]:
        """Return later events."""
        rows = self._session.read(
            "SELECT center, seq, key, at, kind, body FROM journal WHERE center = ? AND seq > ? ORDER BY seq",
            (center, seq),
        )
        return decoded(event_of, rows)

    def last(self, center: CenterId) -> int:
        """Return the last number."""
        found = self._session.read("SELECT coalesce(max(seq), 0) FROM journal WHERE center = ?", (center,))[0][0]
        return int(found)

    def rows(self) -> tuple[JournalRow, ...]:
        """Return all events."""
        rows = self._session.read("SELECT center, seq, key, at, kind, body FROM journal ORDER BY center, seq")
        return decoded(event_of, rows)


class SqliteOutbox:
    """Commands that wait; what is sent is deleted."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, id: str, center: CenterId, body: str) -> bool:
        """Keep a command."""
        sql = "INSERT INTO outbox (id, center, body) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING"
        return self._session.write(sql, (id, center, body)) == 1

    def unsent(self, center: CenterId | None = None) -> tuple[OutboxRow, ...]:
        """Return what waits."""
        rows = self._session.read("SELECT id, center, body FROM outbox ORDER BY seq")
        return tuple(
            OutboxRow(id=id, center=owner, body=body) for id, owner, body in rows if center is None or owner == center
        )

    def mark_sent(self, id: str) -> None:
        """Take a command out."""
        self._session.write("DELETE FROM outbox WHERE id = ?", (id,))


class SqliteSnapshots:
    """The last snapshot of each center."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save(self, snapshot: Snapshot) -> None:
        """Keep a snapshot."""
        self._session.write(
            "INSERT INTO snapshot (center, seq, version, blob) VALUES (?, ?, ?, ?) ON CONFLICT (center)"
            " DO UPDATE SET seq = excluded.seq, version = excluded.version, blob = excluded.blob",
            (snapshot.center, snapshot.seq, snapshot.version, snapshot.blob),
        )

    def latest(self, center: CenterId) -> Snapshot | None:
        """Return the snapshot of a center."""
        rows = self._session.read("SELECT center, seq, version, blob FROM snapshot WHERE center = ?", (center,))
        return snapshot_of(rows[0]) if rows else None

    def rows(self) -> tuple[Snapshot, ...]:
        """Return all snapshots."""
        return tuple(
            map(snapshot_of, self._session.read("SELECT center, seq, version, blob FROM snapshot ORDER BY center"))
        )


class SqliteShopShelf:
    """Versions of the shop."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save(self, version: ShopVersion) -> None:
        """Keep a version."""
        latest = self.latest()
        if latest is not None and version.version <= latest.version:
            raise UsageError("E412", version=version.version, latest=latest.version)
        self._session.write(
            "INSERT INTO shop (version, text, at) VALUES (?, ?, ?)", (version.version, version.text, version.at)
        )

    def latest(self) -> ShopVersion | None:
        """Return the last version."""
        rows = self._session.read("SELECT version, text, at FROM shop ORDER BY version DESC LIMIT 1")
        return version_of(rows[0]) if rows else None

    def versions(self) -> tuple[ShopVersion, ...]:
        """Return all versions."""
        return decoded(version_of, self._session.read("SELECT version, text, at FROM shop ORDER BY version"))


class SqliteNotes:
    """Texts by key."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, key: str, text: str) -> None:
        """Keep a text."""
        self._session.write(
            "INSERT INTO note (key, text) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET text = excluded.text",
            (key, text),
        )

    def get(self, key: str) -> str | None:
        """Return a text."""
        rows = self._session.read("SELECT text FROM note WHERE key = ?", (key,))
        return rows[0][0] if rows else None

    def remove(self, key: str) -> None:
        """Forget a key."""
        self._session.write("DELETE FROM note WHERE key = ?", (key,))

    def rows(self) -> tuple[tuple[str, str], ...]:
        """Return all texts."""
        return tuple((key, text) for key, text in self._session.read("SELECT key, text FROM note ORDER BY key"))
