"""The tables of log-ins, sessions and the audit trail in PostgreSQL: a migration of their own, never edited.

The trail takes neither a change nor a removal; its numbers are given under a lock, so that nobody sees a gap.
"""

from __future__ import annotations

from typing import Final

_TEXT: Final = 'text COLLATE "C" NOT NULL'

PEOPLE: Final = (
    f"""
    CREATE TABLE login (
        id {_TEXT} PRIMARY KEY CHECK (id <> ''),
        name {_TEXT},
        role {_TEXT} CHECK (role IN ('platform', 'reseller', 'enterprise', 'center', 'supervisor', 'agent', 'auditor')),
        tenant {_TEXT},
        secret {_TEXT},
        must_change smallint NOT NULL CHECK (must_change IN (0, 1)),
        secret_until bigint,
        failures bigint NOT NULL CHECK (failures >= 0),
        locked_until bigint,
        closed_at bigint,
        created_at bigint NOT NULL,
        created_by {_TEXT},
        last_at bigint,
        last_address {_TEXT}
    )
    """,
    "CREATE INDEX login_tenant ON login (tenant, id)",
    f"""
    CREATE TABLE session (
        token {_TEXT} PRIMARY KEY CHECK (token <> ''),
        login {_TEXT},
        created_at bigint NOT NULL,
        seen_at bigint NOT NULL,
        address {_TEXT},
        revoked_at bigint
    )
    """,
    "CREATE INDEX session_login ON session (login, created_at, token) WHERE revoked_at IS NULL",
    "CREATE INDEX session_seen ON session (seen_at)",
    "CREATE INDEX session_revoked ON session (revoked_at) WHERE revoked_at IS NOT NULL",
    f"""
    CREATE TABLE trail (
        seq bigint PRIMARY KEY CHECK (seq > 0),
        at bigint NOT NULL,
        who {_TEXT},
        role {_TEXT},
        address {_TEXT},
        tenant {_TEXT},
        what {_TEXT},
        target {_TEXT},
        outcome {_TEXT},
        before {_TEXT},
        after {_TEXT},
        reason {_TEXT},
        hash {_TEXT}
    )
    """,
    "CREATE INDEX trail_who ON trail (who, seq)",
    "CREATE INDEX trail_tenant ON trail (tenant, seq)",
    "CREATE INDEX trail_what ON trail (what, seq)",
    "CREATE INDEX trail_target ON trail (target, seq)",
    "CREATE INDEX trail_at ON trail (at, seq)",
    (
        "CREATE TRIGGER trail_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON trail"
        " FOR EACH STATEMENT EXECUTE FUNCTION is_append_only()"
    ),
)
