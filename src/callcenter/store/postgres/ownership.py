"""Which node a center belongs to, kept in the database that the nodes share.

The time of a lease is the database's: nodes whose clocks differ agree about it. A claim waits for the transaction that
holds the center's row (see :mod:`callcenter.store.postgres.session`), so a center changes hands between transactions,
never within one; a node that hangs in one is thrown out of it by the database's idle time-out.
"""

from __future__ import annotations

from typing import Final

import psycopg

from callcenter.compat import override
from callcenter.model.ids import CenterId
from callcenter.model.times import Duration, Instant
from callcenter.ports import Lease, Ownership
from callcenter.store.postgres.session import Connect, Session
from callcenter.store.postgres.store import SCHEMA

_LEASE: Final = "id, node, lease, (extract(epoch FROM until) * 1000000)::bigint"
_UNTIL: Final = "clock_timestamp() + %s * interval '1 microsecond'"


class PostgresOwnership(Ownership):
    """Leases as rows of the store's table of centers.

    Args:
        dsn: Of the database.
        schema: Of the store.
        connect: Makes the connection; for tests that inject faults.
    """

    def __init__(self, dsn: str, *, schema: str = SCHEMA, connect: Connect = psycopg.connect) -> None:
        self._session = Session(dsn, schema, (), connect)

    @override
    def claim(self, center: CenterId, node: str, duration: Duration) -> Lease | None:
        """Take a center that is free."""
        return self._one(
            # Only constants of this module are put into the text; values go in as parameters.
            f"INSERT INTO center AS c (id, node, lease, until) VALUES (%s, %s, 1, {_UNTIL})"  # noqa: S608
            " ON CONFLICT (id) DO UPDATE SET node = excluded.node, lease = c.lease + 1, until = excluded.until"
            " WHERE c.node IS NULL OR c.node = excluded.node OR c.until <= clock_timestamp()"
            f" RETURNING {_LEASE}",
            (center, node, duration),
        )

    @override
    def renew(self, lease: Lease, duration: Duration) -> Lease | None:
        """Prolong a lease."""
        return self._one(
            f"UPDATE center SET until = greatest(until, {_UNTIL}) WHERE id = %s AND lease = %s AND node = %s"  # noqa: S608
            f" RETURNING {_LEASE}",
            (duration, lease.center, lease.number, lease.node),
        )

    @override
    def release(self, lease: Lease) -> None:
        """Give a center back."""
        self._one(
            f"UPDATE center SET node = NULL WHERE id = %s AND lease = %s AND node = %s RETURNING {_LEASE}",  # noqa: S608
            (lease.center, lease.number, lease.node),
        )

    @override
    def holder(self, center: CenterId) -> Lease | None:
        """Return who has a center."""
        return self._one(
            f"SELECT {_LEASE} FROM center WHERE id = %s AND node IS NOT NULL AND until > clock_timestamp()",  # noqa: S608
            (center,),
        )

    def _one(self, sql: str, values: tuple[object, ...]) -> Lease | None:
        self._session.begin()
        try:
            rows = self._session.returning(sql, values)
            self._session.commit()
        except BaseException:
            self._session.roll_back()
            raise
        if not rows or rows[0][1] is None:
            return None
        center, node, number, until = rows[0]
        return Lease(center=center, node=node, number=number, until=Instant(until))

    @override
    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()
