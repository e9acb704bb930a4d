"""Log-ins, sessions and the audit trail in SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from callcenter.errors import UsageError
from callcenter.model.times import Instant
from callcenter.ports_people import AuditAct, AuditRow, ConsoleSession, LogIn, LogInId, TokenHash, TrailFilter, chained
from callcenter.store import rows_people as rows
from callcenter.store.rows import decoded
from callcenter.store.sqlite.session import Session

_ADD: Final = f"{rows.insert('login', rows.LOGIN, '?')} ON CONFLICT (id) DO NOTHING"
_REPLACE: Final = rows.update_login("?")
_OPEN: Final = f"{rows.insert('session', rows.SESSION, '?')} ON CONFLICT (token) DO NOTHING"
_APPEND: Final = rows.insert("trail", rows.TRAIL, "?")
_LOGIN: Final = rows.select("login", rows.LOGIN)
_SESSION: Final = rows.select("session", rows.SESSION)
_TRAIL: Final = rows.select("trail", rows.TRAIL)


class SqlitePeople:
    """Log-ins and sessions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, login: LogIn) -> bool:
        """Keep a new log-in."""
        return self._session.write(_ADD, rows.login_row(login)) == 1

    def find(self, id: LogInId) -> LogIn | None:
        """Return a log-in."""
        found = decoded(rows.login_of, self._session.read(f"{_LOGIN} WHERE id = ?", (id,)))
        return found[0] if found else None

    def replace(self, login: LogIn) -> bool:
        """Keep a log-in in the place of another."""
        return self._session.write(_REPLACE, (*rows.login_row(login)[1:], login.id)) == 1

    def log_ins(self, tenants: Sequence[str] | None = None) -> tuple[LogIn, ...]:
        """Return log-ins."""
        if tenants is None:
            return decoded(rows.login_of, self._session.read(f"{_LOGIN} ORDER BY id"))
        sql = f"{_LOGIN} WHERE tenant = ? ORDER BY id"
        found = (row for tenant in sorted(set(tenants)) for row in self._session.read(sql, (tenant,)))
        return tuple(sorted(decoded(rows.login_of, found), key=lambda login: login.id))

    def open(self, session: ConsoleSession) -> bool:
        """Keep a new session."""
        return self._session.write(_OPEN, rows.session_row(session)) == 1

    def session(self, token: TokenHash) -> ConsoleSession | None:
        """Return a session."""
        found = decoded(rows.session_of, self._session.read(f"{_SESSION} WHERE token = ?", (token,)))
        return found[0] if found else None

    def see(self, token: TokenHash, at: Instant) -> None:
        """Note a use."""
        self._session.write("UPDATE session SET seen_at = ? WHERE token = ?", (at, token))

    def revoke(self, login: LogInId, at: Instant, token: TokenHash | None = None) -> int:
        """End sessions."""
        sql = (
            "UPDATE session SET revoked_at = ?1 WHERE login = ?2 AND revoked_at IS NULL AND (?3 IS NULL OR token = ?3)"
        )
        return self._session.write(sql, (at, login, token))

    def sessions(self, login: LogInId) -> tuple[ConsoleSession, ...]:
        """Return live sessions."""
        sql = f"{_SESSION} WHERE login = ? AND revoked_at IS NULL ORDER BY created_at, token"
        return decoded(rows.session_of, self._session.read(sql, (login,)))

    def forget(self, before: Instant) -> int:
        """Drop old sessions."""
        return self._session.write("DELETE FROM session WHERE seen_at < ?1 OR revoked_at < ?1", (before,))

    def all_sessions(self) -> tuple[ConsoleSession, ...]:
        """Return all sessions, by token."""
        return decoded(rows.session_of, self._session.read(f"{_SESSION} ORDER BY token"))


class SqliteTrail:
    """The audit trail; the schema refuses a change, a removal and a gap."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(self, act: AuditAct) -> AuditRow:
        """Write an act."""
        try:
            row = chained(self.last(), act)
        except UnicodeEncodeError as error:
            raise UsageError("E410", reason=f"{type(error).__name__}: {error}") from None
        self._session.write(_APPEND, rows.trail_row(row))
        return row

    def restore(self, row: AuditRow) -> None:
        """Write a row as it is."""
        last = self.last()
        following = 1 if last is None else last.seq + 1
        if row.seq != following:
            raise UsageError("E417", seq=row.seq, following=following)
        self._session.write(_APPEND, rows.trail_row(row))

    def last(self) -> AuditRow | None:
        """Return the last row."""
        found = self._session.read(f"{_TRAIL} ORDER BY seq DESC LIMIT 1")
        return decoded(rows.trail_of, found)[0] if found else None

    def since(self, seq: int, limit: int) -> tuple[AuditRow, ...]:
        """Return later rows."""
        sql = f"{_TRAIL} WHERE seq > ? ORDER BY seq LIMIT ?"
        return decoded(rows.trail_of, self._session.read(sql, (seq, max(0, limit))))

    def rows(
        self, asked: TrailFilter, limit: int, *, offset: int = 0, below: int | None = None, above: int | None = None
    ) -> tuple[AuditRow, ...]:
        """Return rows of a filter."""
        sql, values = rows.trail_list(asked, limit, offset, below, above, "?", few=self._few(asked))
        found = decoded(rows.trail_of, self._session.read(sql, values))
        return found if above is None else found[::-1]

    def _few(self, asked: TrailFilter) -> bool | None:
        """Tell whether a filter by tenant or time, whose index is in another order than the trail, has few rows."""
        if (asked.under is None and asked.since is None and asked.until is None) or asked.who or asked.target:
            return None
        return bool(self._session.read(*rows.trail_few(asked, "?"))[0][0] <= rows.FEW)

    def count(self, asked: TrailFilter) -> int:
        """Return how many rows a filter has."""
        return int(self._session.read(*rows.trail_count(asked, "?"))[0][0])

    def all(self) -> tuple[AuditRow, ...]:
        """Return all rows."""
        return decoded(rows.trail_of, self._session.read(f"{_TRAIL} ORDER BY seq"))
