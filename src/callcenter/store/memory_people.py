"""Log-ins, sessions and the audit trail of the memory store."""

from __future__ import annotations

from collections.abc import Sequence

from callcenter.errors import UsageError
from callcenter.model.times import Instant
from callcenter.model.value import changed
from callcenter.ports_people import AuditAct, AuditRow, ConsoleSession, LogIn, LogInId, TokenHash, TrailFilter, chained
from callcenter.store.keepable import refuse_unkeepable
from callcenter.store.rows_people import login_row, session_row, trail_row
from callcenter.store.undo import UndoLog


class MemoryPeople:
    """Log-ins by id, sessions by token."""

    def __init__(self, undo: UndoLog) -> None:
        self._undo = undo
        self._log_ins: dict[LogInId, LogIn] = {}
        self._sessions: dict[TokenHash, ConsoleSession] = {}

    def add(self, login: LogIn) -> bool:
        """Keep a new log-in."""
        if login.id in self._log_ins:
            return False
        self._keep(login)
        return True

    def _keep(self, login: LogIn) -> None:
        refuse_unkeepable(login_row(login))
        self._undo.set(self._log_ins, login.id, login)

    def find(self, id: LogInId) -> LogIn | None:
        """Return a log-in."""
        return self._log_ins.get(id)

    def replace(self, login: LogIn) -> bool:
        """Keep a log-in in the place of another."""
        if login.id not in self._log_ins:
            return False
        self._keep(login)
        return True

    def log_ins(self, tenants: Sequence[str] | None = None) -> tuple[LogIn, ...]:
        """Return log-ins."""
        wanted = None if tenants is None else frozenset(tenants)
        return tuple(login for _id, login in sorted(self._log_ins.items()) if wanted is None or login.tenant in wanted)

    def open(self, session: ConsoleSession) -> bool:
        """Keep a new session."""
        if session.token in self._sessions:
            return False
        refuse_unkeepable(session_row(session))
        self._undo.set(self._sessions, session.token, session)
        return True

    def session(self, token: TokenHash) -> ConsoleSession | None:
        """Return a session."""
        return self._sessions.get(token)

    def see(self, token: TokenHash, at: Instant) -> None:
        """Note a use."""
        found = self._sessions.get(token)
        if found is not None:
            refuse_unkeepable((at,))
            self._undo.set(self._sessions, token, changed(found, seen_at=at))

    def revoke(self, login: LogInId, at: Instant, token: TokenHash | None = None) -> int:
        """End sessions."""
        live = [found for found in self.sessions(login) if token is None or found.token == token]
        refuse_unkeepable((at,))
        for found in live:
            self._undo.set(self._sessions, found.token, changed(found, revoked_at=at))
        return len(live)

    def sessions(self, login: LogInId) -> tuple[ConsoleSession, ...]:
        """Return live sessions."""
        found = (each for each in self._sessions.values() if each.login == login and each.revoked_at is None)
        return tuple(sorted(found, key=lambda each: (each.created_at, each.token)))

    def forget(self, before: Instant) -> int:
        """Drop old sessions."""
        old = [
            found
            for found in self._sessions.values()
            if found.seen_at < before or (found.revoked_at is not None and found.revoked_at < before)
        ]
        for found in old:
            self._drop(found)
        return len(old)

    def _drop(self, session: ConsoleSession) -> None:
        self._undo.note(lambda: self._sessions.__setitem__(session.token, session))
        del self._sessions[session.token]

    def all_sessions(self) -> tuple[ConsoleSession, ...]:
        """Return all sessions, by token."""
        return tuple(found for _token, found in sorted(self._sessions.items()))


class MemoryTrail:
    """Rows in a list; a row's number is its place."""

    def __init__(self, undo: UndoLog) -> None:
        self._undo = undo
        self.all: list[AuditRow] = []

    def append(self, act: AuditAct) -> AuditRow:
        """Write an act."""
        refuse_unkeepable(trail_row(AuditRow(seq=0, act=act, hash=""))[1:])
        row = chained(self.last(), act)
        self.restore(row)
        return row

    def restore(self, row: AuditRow) -> None:
        """Write a row as it is."""
        if row.seq != len(self.all) + 1:
            raise UsageError("E417", seq=row.seq, following=len(self.all) + 1)
        refuse_unkeepable(trail_row(row))
        self._undo.note(self.all.pop)
        self.all.append(row)

    def last(self) -> AuditRow | None:
        """Return the last row."""
        return self.all[-1] if self.all else None

    def since(self, seq: int, limit: int) -> tuple[AuditRow, ...]:
        """Return later rows."""
        return tuple(self.all[max(0, seq) : max(0, seq) + max(0, limit)])

    def rows(
        self, asked: TrailFilter, limit: int, *, offset: int = 0, below: int | None = None, above: int | None = None
    ) -> tuple[AuditRow, ...]:
        """Return rows of a filter."""
        found = [
            row
            for row in self.all
            if _matches(row.act, asked) and (below is None or row.seq < below) and (above is None or row.seq > above)
        ]
        if above is None:
            return tuple(found[::-1][offset : offset + limit])
        return tuple(found[offset : offset + limit][::-1])

    def count(self, asked: TrailFilter) -> int:
        """Return how many rows a filter has."""
        return sum(_matches(row.act, asked) for row in self.all)


def _matches(act: AuditAct, asked: TrailFilter) -> bool:
    return (
        asked.who in {None, act.who}
        and asked.what in {None, act.what}
        and asked.target in {None, act.target}
        and asked.outcome in {None, act.outcome}
        and (asked.under is None or act.tenant == asked.under or act.tenant.startswith(f"{asked.under}/"))
        and (asked.since is None or act.at >= asked.since)
        and (asked.until is None or act.at < asked.until)
    )
