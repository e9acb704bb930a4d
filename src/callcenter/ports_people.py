"""Ports of who comes in and of what everybody did: log-ins, their sessions, and the audit trail.

They stand beside :mod:`callcenter.ports`, whose transactions hold them, because they are about people and not about
calls. Secrets and tokens come here as hashes only; nothing in this module could be used to log in.

The trail is a chain: each row carries a hash over its own content and the hash of the row before it. A row that was
edited, taken out or put in afterwards breaks the chain at its place. Rows cut off at the end do not; who fears that
keeps the last hash elsewhere and compares.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Final, NewType, Protocol

import attrs

from callcenter.model.times import Instant
from callcenter.model.value import fields_of, value
from callcenter.model.words import Word

LogInId = NewType("LogInId", str)
"""Key of a log-in: what its person types, folded, so that it is found in any case of letters."""
TokenHash = NewType("TokenHash", str)
"""Hash of a session's token; the token itself is known to its client alone."""

BEGIN: Final = "0" * 64
"""What stands for the hash before the first row."""
PLATFORM: Final = "platform"


class Role(Word):
    """What somebody is to the house (P4)."""

    PLATFORM = "platform"
    RESELLER = "reseller"
    ENTERPRISE = "enterprise"
    CENTER = "center"
    SUPERVISOR = "supervisor"
    AGENT = "agent"
    AUDITOR = "auditor"


@value
class LogIn:
    """A name that may log in.

    Attributes:
        id: By which it is found.
        name: As it was written.
        role: What it may do; an agent whom the shop calls a supervisor is one.
        tenant: Where it stands: ``platform``, ``reseller:ID``, ``enterprise:ID``, ``center:ID``, ``agent:CENTER/ID``.
        secret: Hash of the secret, which describes itself.
        must_change: Whether the secret is a first one, good for nothing but its own change.
        secret_until: Until when a first secret is taken.
        failures: Wrong secrets since the last right one.
        locked_until: Until when nothing is taken.
        closed_at: Since when it is closed; None: it is not.
        last_at: The last log-in, and from where.
    """

    id: LogInId
    name: str
    role: Role
    tenant: str
    secret: str = attrs.field(repr=False)
    must_change: bool = False
    secret_until: Instant | None = None
    failures: int = 0
    locked_until: Instant | None = None
    closed_at: Instant | None = None
    created_at: Instant
    created_by: str
    last_at: Instant | None = None
    last_address: str = ""


@value
class ConsoleSession:
    """Somebody who is logged in.

    Attributes:
        token: Hash of the token.
        seen_at: The last use that was noted.
        address: Where it was opened.
        revoked_at: Since when it is good for nothing; None: it is not revoked.
    """

    token: TokenHash = attrs.field(repr=False)
    login: LogInId
    created_at: Instant
    seen_at: Instant
    address: str = ""
    revoked_at: Instant | None = None


@value
class AuditAct:
    """Something that somebody did, or was refused.

    Attributes:
        who: Log-in, or the name of a program.
        role: Its role.
        address: Where it came from.
        tenant: Path of the tenant that it concerns, from the top: ``reseller:west/enterprise:acme/center:demo``.
        what: The action.
        target: What was acted on, as it was named.
        outcome: ``done``, or the code of the refusal.
        before: JSON of what stood there.
        after: JSON of what stands there.
        reason: As given.
    """

    at: Instant
    who: str
    role: str
    address: str = ""
    tenant: str
    what: str
    target: str = ""
    outcome: str = "done"
    before: str = ""
    after: str = ""
    reason: str = ""


@value
class AuditRow:
    """A row of the trail: an act, its number, and the hash that chains it to all rows before."""

    seq: int
    act: AuditAct
    hash: str


@value
class TrailFilter:
    """Which rows are asked for; what is absent asks for nothing.

    Attributes:
        under: Path of a tenant: rows of it and of all below it.
        since: Rows of this instant and later.
        until: Rows before this instant.
    """

    who: str | None = None
    under: str | None = None
    what: str | None = None
    target: str | None = None
    outcome: str | None = None
    since: Instant | None = None
    until: Instant | None = None


_FIELDS: Final = fields_of(AuditAct)


def chained(before: AuditRow | None, act: AuditAct) -> AuditRow:
    """Return the row of an act behind another, or behind none."""
    seq = 1 if before is None else before.seq + 1
    return AuditRow(seq=seq, act=act, hash=hash_of(BEGIN if before is None else before.hash, seq, act))


def hash_of(before: str, seq: int, act: AuditAct) -> str:
    """Return the SHA-256, in hex, over the hash of the row before, the number, and every field in its order."""
    fields = [before, seq, *(getattr(act, name) for name in _FIELDS)]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def first_flaw(rows: Iterable[AuditRow]) -> AuditRow | None:
    """Return the first row that does not continue the chain, reading all rows in their order; None when all do."""
    before: AuditRow | None = None
    for row in rows:
        if row != chained(before, row.act):
            return row
        before = row
    return None


class People(Protocol):
    """Who may log in, and who has."""

    def add(self, login: LogIn) -> bool:
        """Keep a new log-in; one of this id is there already: nothing changes and the answer is False."""

    def find(self, id: LogInId) -> LogIn | None:
        """Return the log-in of an id, or None; nobody else changes it before the transaction ends."""

    def replace(self, login: LogIn) -> bool:
        """Keep a log-in in the place of the one of its id; there is none: nothing changes and the answer is False."""

    def log_ins(self, tenants: Sequence[str] | None = None) -> Sequence[LogIn]:
        """Return the log-ins of some tenants, or all, by id."""

    def open(self, session: ConsoleSession) -> bool:
        """Keep a new session; one of this token is there already: nothing changes and the answer is False."""

    def session(self, token: TokenHash) -> ConsoleSession | None:
        """Return the session of a token, revoked or not, or None."""

    def see(self, token: TokenHash, at: Instant) -> None:
        """Note a use of a session; of one that is unknown nothing is noted."""

    def revoke(self, login: LogInId, at: Instant, token: TokenHash | None = None) -> int:
        """End a session of a log-in, or all; return how many were ended that had not been."""

    def sessions(self, login: LogInId) -> Sequence[ConsoleSession]:
        """Return the sessions of a log-in that are not revoked, by (created, token)."""

    def forget(self, before: Instant) -> int:
        """Drop the sessions last used, or revoked, before an instant; return how many."""


class Trail(Protocol):
    """What everybody did, append-only and chained. Nothing else has to be read to understand a row."""

    def append(self, act: AuditAct) -> AuditRow:
        """Write an act behind the last row: 1 for the first, then without a gap, whoever else writes."""

    def restore(self, row: AuditRow) -> None:
        """Write a row of a dump as it is, hash included.

        Raises:
            UsageError: E417, unless its number is the next.
        """

    def last(self) -> AuditRow | None:
        """Return the last row, or None."""

    def since(self, seq: int, limit: int) -> Sequence[AuditRow]:
        """Return rows with numbers above ``seq``, ascending, at most ``limit``."""

    def rows(
        self, asked: TrailFilter, limit: int, *, offset: int = 0, below: int | None = None, above: int | None = None
    ) -> Sequence[AuditRow]:
        """Return rows of a filter, newest first, at most ``limit``.

        Args:
            asked: Which.
            limit: How many.
            offset: So many of the newest are left out first.
            below: Only rows with smaller numbers, the newest of them.
            above: Only rows with larger numbers, the oldest of them.
        """

    def count(self, asked: TrailFilter) -> int:
        """Return how many rows a filter has."""
