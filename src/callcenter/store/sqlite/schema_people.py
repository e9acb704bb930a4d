"""The tables of log-ins, sessions and the audit trail in SQLite: a migration of their own, never edited.

The trail takes neither a change nor a removal nor a row out of its order; whether each row chains to the one before is
for its reader to see.
"""

from __future__ import annotations

from typing import Final

PEOPLE: Final = (
    """
    CREATE TABLE login (
        id TEXT PRIMARY KEY CHECK (id <> ''),
        name TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('platform', 'reseller', 'enterprise', 'center', 'supervisor', 'agent',
                                           'auditor')),
        tenant TEXT NOT NULL,
        secret TEXT NOT NULL,
        must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
        secret_until INTEGER,
        failures INTEGER NOT NULL CHECK (failures >= 0),
        locked_until INTEGER,
        closed_at INTEGER,
        created_at INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        last_at INTEGER,
        last_address TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX login_tenant ON login (tenant, id)",
    """
    CREATE TABLE session (
        token TEXT PRIMARY KEY CHECK (token <> ''),
        login TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        seen_at INTEGER NOT NULL,
        address TEXT NOT NULL,
        revoked_at INTEGER
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX session_login ON session (login, created_at, token) WHERE revoked_at IS NULL",
    "CREATE INDEX session_seen ON session (seen_at)",
    "CREATE INDEX session_revoked ON session (revoked_at) WHERE revoked_at IS NOT NULL",
    """
    CREATE TABLE trail (
        seq INTEGER PRIMARY KEY CHECK (seq > 0),
        at INTEGER NOT NULL,
        who TEXT NOT NULL,
        role TEXT NOT NULL,
        address TEXT NOT NULL,
        tenant TEXT NOT NULL,
        what TEXT NOT NULL,
        target TEXT NOT NULL,
        outcome TEXT NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL,
        reason TEXT NOT NULL,
        hash TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX trail_who ON trail (who, seq)",
    "CREATE INDEX trail_tenant ON trail (tenant, seq)",
    "CREATE INDEX trail_what ON trail (what, seq)",
    "CREATE INDEX trail_target ON trail (target, seq)",
    "CREATE INDEX trail_at ON trail (at, seq)",
    "CREATE TRIGGER trail_no_update BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, 'trail is append-only'); END",
    "CREATE TRIGGER trail_no_delete BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, 'trail is append-only'); END",
    """
    CREATE TRIGGER trail_in_order BEFORE INSERT ON trail
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM trail)
    BEGIN SELECT RAISE(ABORT, 'a row of the trail follows the last'); END
    """,
)
