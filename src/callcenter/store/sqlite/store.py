"""The store over one SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from callcenter.compat import override
from callcenter.errors import UsageError
from callcenter.ports import Store
from callcenter.store.content import Content, content_of, fill, text_of
from callcenter.store.sqlite.books import SqliteHolds, SqliteLedger
from callcenter.store.sqlite.checks import problems
from callcenter.store.sqlite.flow import SqliteJournal, SqliteNotes, SqliteOutbox, SqliteShopShelf, SqliteSnapshots
from callcenter.store.sqlite.lists import SqliteLists
from callcenter.store.sqlite.people import SqlitePeople, SqliteTrail
from callcenter.store.sqlite.records import SqliteRecords
from callcenter.store.sqlite.session import Connect, Session


class SqliteTransaction:
    """The parts of a SQLite store; the same objects in each transaction."""

    def __init__(self, session: Session) -> None:
        self.journal: Final = SqliteJournal(session)
        self.outbox: Final = SqliteOutbox(session)
        self.ledger: Final = SqliteLedger(session)
        self.holds: Final = SqliteHolds(session)
        self.records: Final = SqliteRecords(session)
        self.lists: Final = SqliteLists(session, self.ledger)
        self.snapshots: Final = SqliteSnapshots(session)
        self.shop: Final = SqliteShopShelf(session)
        self.notes: Final = SqliteNotes(session)
        self.people: Final = SqlitePeople(session)
        self.trail: Final = SqliteTrail(session)


class SqliteStore(Store):
    """A durable store; many processes may each open their own on one file.

    Args:
        path: Of the file; made when it is not there. Its folder must be on a local disk.
        connect: Makes the connection; for tests that inject faults.

    Raises:
        StoreError: E407 (cannot be opened), E409 (the file system cannot keep the promises), E405 (newer schema),
            E414 (another program's file), E403 (damaged).
    """

    def __init__(self, path: str, *, connect: Connect = sqlite3.connect) -> None:
        self.path: Final = path
        self._session = Session(path, connect)
        self._parts = SqliteTransaction(self._session)

    @override
    @contextmanager
    def transaction(self) -> Iterator[SqliteTransaction]:
        """Open a transaction."""
        self._session.begin()
        self._parts.ledger.forget()
        self._parts.journal.forget()
        try:
            yield self._parts
            self._session.commit()
        except BaseException:
            self._session.roll_back()
            self._parts.ledger.forget(accounts=True)
            raise

    @override
    def dump(self) -> str:
        """Return all content as canonical text."""
        with self.transaction():
            return text_of(self._content())

    @override
    def load(self, text: str) -> None:
        """Fill this empty store with the content of a dump."""
        content = content_of(text)
        with self.transaction() as parts:
            if self._content() != Content():
                raise UsageError("E411")
            fill(parts, content)

    def check(self) -> tuple[str, ...]:
        """Return what is wrong with the file itself: pages, foreign keys, edited books; empty when all is well."""
        return tuple(problems(self._session))

    @override
    def close(self) -> None:
        """Let go of the file."""
        self._session.close()

    def _content(self) -> Content:
        parts = self._parts
        return Content(
            entries=parts.ledger.rows(),
            balances=parts.ledger.balances(),
            holds=parts.holds.rows(),
            journal=parts.journal.rows(),
            outbox=parts.outbox.unsent(),
            calls=parts.records.all_calls(),
            sessions=parts.records.all_sessions(),
            charges=parts.records.all_charges(),
            rejected=parts.records.all_rejected(),
            voicemails=parts.records.all_voicemails(),
            snapshots=parts.snapshots.rows(),
            shop=parts.shop.versions(),
            notes=parts.notes.rows(),
            people=parts.people.log_ins(),
            console=parts.people.all_sessions(),
            trail=parts.trail.all(),
        )
