"""Journal, outbox, snapshots, shop and notes in PostgreSQL."""

from __future__ import annotations

from callcenter.errors import UsageError
from callcenter.model.ids import CenterId
from callcenter.model.times import Instant
from callcenter.ports import JournalRow, OutboxRow, ShopVersion, Snapshot
from callcenter.store.postgres.session import Session
from callcenter.store.rows import command_of, decoded, event_of, snapshot_of, version_of

_EVENT = "SELECT center, seq, key, at, kind, body FROM journal"


class PostgresJournal:
    """Events, numbered under the lock of their center.

    A number out of a sequence would be given before it can be seen, and readers would skip the event that commits
    last. Here the next number is given when the one before it is committed.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._held: set[CenterId] = set()

    def forget(self) -> None:
        """Forget which centers are held: the transaction is over."""
        self._held.clear()

    def append(self, center: CenterId, key: str, at: Instant, kind: str, body: str) -> int | None:
        """Write an event."""
        if not self._session.alone and center not in self._held:
            self._hold(center)
        rows = self._session.returning(
            "INSERT INTO journal (center, seq, key, at, kind, body)"
            " SELECT %s, (SELECT coalesce(max(seq), 0) + 1 FROM journal WHERE center = %s), %s, %s, %s, %s"
            " ON CONFLICT (center, key) DO NOTHING RETURNING seq",
            (center, center, key, at, kind, body),
        )
        return rows[0][0] if rows else None

    def _hold(self, center: CenterId) -> None:
        sql = "SELECT FROM center WHERE id = %s FOR NO KEY UPDATE"
        if not self._session.returning(sql, (center,)):
            self._session.write("INSERT INTO center (id) VALUES (%s) ON CONFLICT (id) DO NOTHING", (center,))
            self._session.returning(sql, (center,))
        self._held.add(center)

    def seen(self, center: CenterId, key: str) -> int | None:
        """Return the number of an event."""
        rows = self._session.read("SELECT seq FROM journal WHERE center = %s AND key = %s", (center, key))
        return rows[0][0] if rows else None

    def since(self, center: CenterId, seq: int) -> tuple[JournalRow, ...]:
        """Return later events."""
        rows = self._session.read(f"{_EVENT} WHERE center = %s AND seq > %s ORDER BY seq", (center, seq))
        return decoded(event_of, rows)

    def last(self, center: CenterId) -> int:
        """Return the last number."""
        found = self._session.read("SELECT coalesce(max(seq), 0) FROM journal WHERE center = %s", (center,))[0][0]
        return int(found)

    def rows(self) -> tuple[JournalRow, ...]:
        """Return all events."""
        return decoded(event_of, self._session.read(f"{_EVENT} ORDER BY center, seq"))


class PostgresOutbox:
    """Commands that wait; what is sent is deleted."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, id: str, center: CenterId, body: str) -> bool:
        """Keep a command."""
        sql = "INSERT INTO outbox (id, center, body) VALUES (%s, %s, %s) ON CONFLICT (id) DO NOTHING"
        return self._session.write(sql, (id, center, body)) == 1

    def unsent(self, center: CenterId | None = None) -> tuple[OutboxRow, ...]:
        """Return what waits."""
        sql = "SELECT id, center, body FROM outbox WHERE %s::text IS NULL OR center = %s ORDER BY seq"
        return decoded(command_of, self._session.read(sql, (center, center)))

    def mark_sent(self, id: str) -> None:
        """Take a command out."""
        self._session.write("DELETE FROM outbox WHERE id = %s", (id,))


class PostgresSnapshots:
    """The last snapshot of each center."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save(self, snapshot: Snapshot) -> None:
        """Keep a snapshot."""
        self._session.write(
            "INSERT INTO snapshot (center, seq, version, blob) VALUES (%s, %s, %s, %s) ON CONFLICT (center)"
            " DO UPDATE SET seq = excluded.seq, version = excluded.version, blob = excluded.blob",
            (snapshot.center, snapshot.seq, snapshot.version, snapshot.blob),
        )

    def latest(self, center: CenterId) -> Snapshot | None:
        """Return the snapshot of a center."""
        rows = self._session.read("SELECT center, seq, version, blob FROM snapshot WHERE center = %s", (center,))
        return snapshot_of(rows[0]) if rows else None

    def rows(self) -> tuple[Snapshot, ...]:
        """Return all snapshots."""
        found = self._session.read("SELECT center, seq, version, blob FROM snapshot ORDER BY center")
        return decoded(snapshot_of, found)


class PostgresShopShelf:
    """Versions of the shop."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save(self, version: ShopVersion) -> None:
        """Keep a version."""
        latest = self.latest()
        if latest is not None and version.version <= latest.version:
            raise UsageError("E412", version=version.version, latest=latest.version)
        self._session.write(
            "INSERT INTO shop (version, text, at) VALUES (%s, %s, %s)", (version.version, version.text, version.at)
        )

    def latest(self) -> ShopVersion | None:
        """Return the last version."""
        rows = self._session.read("SELECT version, text, at FROM shop ORDER BY version DESC LIMIT 1")
        return version_of(rows[0]) if rows else None

    def versions(self) -> tuple[ShopVersion, ...]:
        """Return all versions."""
        return decoded(version_of, self._session.read("SELECT version, text, at FROM shop ORDER BY version"))


class PostgresNotes:
    """Texts by key."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, key: str, text: str) -> None:
        """Keep a text."""
        self._session.write(
            "INSERT INTO note (key, text) VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET text = excluded.text",
            (key, text),
        )

    def get(self, key: str) -> str | None:
        """Return a text."""
        rows = self._session.read("SELECT text FROM note WHERE key = %s", (key,))
        return rows[0][0] if rows else None

    def remove(self, key: str) -> None:
        """Forget a key."""
        self._session.write("DELETE FROM note WHERE key = %s", (key,))

    def rows(self) -> tuple[tuple[str, str], ...]:
        """Return all texts."""
        return tuple((key, text) for key, text in self._session.read("SELECT key, text FROM note ORDER BY key"))
