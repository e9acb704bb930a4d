"""The store over one schema of a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

import psycopg

from callcenter.compat import override
from callcenter.errors import UsageError
from callcenter.ports import Lease, Store
from callcenter.store.content import Content, content_of, fill, text_of
from callcenter.store.postgres.books import PostgresHolds, PostgresLedger
from callcenter.store.postgres.checks import problems
from callcenter.store.postgres.flow import (
    PostgresJournal,
    PostgresNotes,
    PostgresOutbox,
    PostgresShopShelf,
    PostgresSnapshots,
)
from callcenter.store.postgres.lists import PostgresLists
from callcenter.store.postgres.people import PostgresPeople, PostgresTrail
from callcenter.store.postgres.records import PostgresRecords
from callcenter.store.postgres.session import Connect, Session, has_store

SCHEMA: Final = "callcenter"


class PostgresTransaction:
    """The parts of a PostgreSQL store; the same objects in each transaction."""

    def __init__(self, session: Session) -> None:
        self.journal: Final = PostgresJournal(session)
        self.outbox: Final = PostgresOutbox(session)
        self.ledger: Final = PostgresLedger(session)
        self.holds: Final = PostgresHolds(session, self.ledger)
        self.records: Final = PostgresRecords(session)
        self.lists: Final = PostgresLists(session, self.ledger)
        self.snapshots: Final = PostgresSnapshots(session)
        self.shop: Final = PostgresShopShelf(session)
        self.notes: Final = PostgresNotes(session)
        self.people: Final = PostgresPeople(session)
        self.trail: Final = PostgresTrail(session)


class PostgresStore(Store):
    """A durable store that several machines may use.

    Without leases it is alone while it writes, as a store promises: jobs, the command line, a host that runs by itself.
    With leases it writes for the centers of one node, together with other nodes that write for theirs: between its
    begin and its end nobody else writes for its centers or to an account that it has guarded or put a hold on, and a
    transaction is refused (E415) when another node has taken one of its centers over. Floors are then kept for prepaid
    accounts (``center:``, ``reseller:``), which is where business has them.

    Args:
        dsn: Of the database, as libpq reads it: ``host=… dbname=…`` or ``postgresql://…``.
        schema: Where the tables are; made when it is not there.
        leases: Of the centers of this node.
        connect: Makes the connection; for tests that inject faults.

    Raises:
        StoreError: E407 (cannot be reached), E416 (a setting by which commits are not durable), E405 (newer schema),
            E414 (another program's schema).
    """

    def __init__(
        self,
        dsn: str,
        *,
        schema: str = SCHEMA,
        leases: Iterable[Lease] | None = None,
        connect: Connect = psycopg.connect,
    ) -> None:
        self._session = Session(dsn, schema, leases, connect)
        self._parts = PostgresTransaction(self._session)

    @property
    def leases(self) -> tuple[Lease, ...] | None:
        """What its transactions write for; None when it is alone. Set it as centers come and go."""
        return self._session.leases

    @leases.setter
    def leases(self, leases: Iterable[Lease] | None) -> None:
        self._session.leases = None if leases is None else tuple(leases)

    @override
    @contextmanager
    def transaction(self) -> Iterator[PostgresTransaction]:
        """Open a transaction."""
        self._session.begin()
        self._parts.journal.forget()
        try:
            yield self._parts
            self._session.commit()
        except BaseException:
            self._session.roll_back()
            raise

    @override
    def dump(self) -> str:
        """Return all content as canonical text, as it stood at one moment; writers do not wait for it."""
        with self._session.look():
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
        """Return what is wrong with the books and the journal as tables; empty when all is well.

        Pages are checked by the server as they are read (``initdb --data-checksums``).
        """
        with self._session.look():
            return tuple(problems(self._session))

    @override
    def close(self) -> None:
        """Let go of the connection."""
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


def open_store(rest: str, *, create: bool) -> Store | None:
    """Open the store of an address ``postgres:DSN`` or ``postgres://USER@HOST/DATABASE``.

    Args:
        rest: The address after its first colon. A password is better kept in a file of libpq (``~/.pgpass``).
        create: Whether to make the schema where there is none; otherwise None is returned there.
    """
    dsn = f"postgresql:{rest}" if rest.startswith("//") else rest
    return PostgresStore(dsn) if create or has_store(dsn, SCHEMA) else None
