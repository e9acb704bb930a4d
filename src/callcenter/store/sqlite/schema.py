"""The tables of the SQLite store, and what the database itself holds true.

Theory of operation. The books do not trust their writer. Legs are written before their entry: the entry's trigger
refuses unless they sum to zero, the legs' foreign key (checked at the commit) refuses legs whose entry never came, and
a trigger refuses further legs of an entry that stands. Balances are a cache kept by a trigger on the legs. What is
append-only has triggers against UPDATE and DELETE. Amounts are integers of hao and instants integers of microseconds
in STRICT tables: no other type gets in.

These statements are the first migration and are never edited: what comes later is a migration of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

BOOKS: Final = (
    """
    CREATE TABLE account (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE CHECK (id <> ''),
        hao INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    """
    CREATE TABLE entry (
        seq INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE CHECK (key <> ''),
        kind TEXT NOT NULL CHECK (kind IN ('opening', 'top_up', 'renewal', 'refund', 'deduction', 'call', 'rent',
                                           'minimum', 'closing')),
        effective_at INTEGER NOT NULL,
        recorded_at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        reason TEXT NOT NULL,
        because TEXT REFERENCES entry (key)
    ) STRICT
    """,
    "CREATE INDEX entry_because ON entry (because, seq) WHERE because IS NOT NULL",
    """
    CREATE TABLE leg (
        entry INTEGER NOT NULL REFERENCES entry (seq) DEFERRABLE INITIALLY DEFERRED,
        account INTEGER NOT NULL REFERENCES account (number),
        place INTEGER NOT NULL CHECK (place >= 0),
        effective_at INTEGER NOT NULL,
        hao INTEGER NOT NULL CHECK (hao > -100000000000000000 AND hao < 100000000000000000),
        PRIMARY KEY (entry, account)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX leg_of_account ON leg (account, effective_at, entry, hao)",
    """
    CREATE TRIGGER entry_is_double BEFORE INSERT ON entry
    WHEN (SELECT count(*) < 2 OR sum(hao) <> 0
              OR min(effective_at) <> NEW.effective_at OR max(effective_at) <> NEW.effective_at
          FROM leg WHERE entry = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'the legs of an entry sum to zero'); END
    """,
    """
    CREATE TRIGGER leg_comes_first BEFORE INSERT ON leg
    WHEN EXISTS (SELECT 1 FROM entry WHERE seq = NEW.entry)
    BEGIN SELECT RAISE(ABORT, 'an entry that stands takes no more legs'); END
    """,
    """
    CREATE TRIGGER leg_moves_balance AFTER INSERT ON leg
    BEGIN UPDATE account SET hao = hao + NEW.hao WHERE number = NEW.account; END
    """,
    """
    CREATE TABLE hold (
        id TEXT PRIMARY KEY CHECK (id <> ''),
        account TEXT NOT NULL,
        hao INTEGER NOT NULL,
        placed_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'captured', 'void')),
        captured_hao INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX hold_open ON hold (account, state, expires_at, hao) WHERE state = 'open'",
)

FLOW: Final = (
    """
    CREATE TABLE journal (
        center TEXT NOT NULL,
        seq INTEGER NOT NULL CHECK (seq > 0),
        key TEXT NOT NULL,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (center, seq),
        UNIQUE (center, key)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE outbox (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        center TEXT NOT NULL,
        body TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE snapshot (
        center TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        version TEXT NOT NULL,
        blob TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE shop (
        version INTEGER PRIMARY KEY,
        text TEXT NOT NULL,
        at INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE TABLE note (key TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT",
)

RECORDS: Final = (
    """
    CREATE TABLE call_record (
        seq INTEGER PRIMARY KEY,
        center TEXT NOT NULL,
        queued_at INTEGER NOT NULL,
        call TEXT NOT NULL,
        ref TEXT NOT NULL,
        access_number TEXT NOT NULL,
        caller TEXT NOT NULL,
        name TEXT NOT NULL,
        class TEXT NOT NULL,
        group_id TEXT NOT NULL,
        party_kind TEXT,
        party_id TEXT,
        phone TEXT NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('answered', 'missed')),
        reason TEXT NOT NULL,
        answered_at INTEGER,
        ended_at INTEGER NOT NULL,
        wait INTEGER NOT NULL CHECK (wait >= 0),
        talk INTEGER NOT NULL CHECK (talk >= 0),
        recording TEXT,
        tags TEXT NOT NULL,
        CHECK ((party_kind IS NULL) = (party_id IS NULL))
    ) STRICT
    """,
    "CREATE INDEX call_record_list ON call_record (center, queued_at, call)",
    """
    CREATE TABLE work_session (
        seq INTEGER PRIMARY KEY,
        center TEXT NOT NULL,
        login_at INTEGER NOT NULL,
        agent TEXT NOT NULL,
        phone TEXT NOT NULL,
        groups TEXT NOT NULL,
        logout_at INTEGER,
        address TEXT NOT NULL,
        answered INTEGER NOT NULL,
        missed INTEGER NOT NULL,
        ready INTEGER NOT NULL,
        not_ready INTEGER NOT NULL,
        ringing INTEGER NOT NULL,
        talking INTEGER NOT NULL,
        wrap_up INTEGER NOT NULL,
        reasons TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX work_session_list ON work_session (center, login_at, agent)",
    """
    CREATE TABLE charge (
        seq INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        center TEXT NOT NULL,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('call', 'rent', 'minimum')),
        caller TEXT NOT NULL,
        access_number TEXT NOT NULL,
        agent_phone TEXT NOT NULL,
        ring_at INTEGER,
        answered_at INTEGER,
        ended_at INTEGER NOT NULL,
        seconds INTEGER NOT NULL CHECK (seconds >= 0),
        hao INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX charge_list ON charge (center, at, key)",
    "CREATE INDEX charge_total ON charge (center, kind, at, seconds, hao)",
    """
    CREATE TABLE rejected_call (
        seq INTEGER PRIMARY KEY,
        center TEXT NOT NULL,
        at INTEGER NOT NULL,
        call TEXT NOT NULL,
        caller TEXT NOT NULL,
        dialled TEXT NOT NULL,
        reason TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX rejected_call_list ON rejected_call (center, at, call)",
)

APPEND_ONLY: Final = ("entry", "leg", "journal", "shop", "call_record", "work_session", "charge", "rejected_call")
"""Tables whose rows are never changed and never removed."""


def first_schema() -> Iterator[str]:
    """Yield the statements that make an empty file a store."""
    yield from BOOKS
    yield from FLOW
    yield from RECORDS
    for table in APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
