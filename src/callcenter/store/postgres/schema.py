"""The tables of the PostgreSQL store, and what the database itself holds true.

Theory of operation. The books do not trust their writer. The legs of an entry come in one statement: its trigger
refuses them unless they sum to zero, are all the entry has, and are effective with it; a trigger that waits for the
commit refuses an entry without legs. Balances are a cache moved by the same trigger, account after account in order of
their ids, so that two postings cannot wait for each other. What is append-only has a trigger against UPDATE, DELETE and
TRUNCATE. Amounts are bigint hao, instants bigint microseconds.

The balance of an account that every node posts to (revenue, cash) would be one row that all of them wait for. So it is
kept in slots, one for each of a few backends, and is their sum; a prepaid account has one slot, because its floor is
checked against it.

Text sorts by code point (collation C), as it does in Python, so that lists and dumps have the order of other stores.

These statements are the first migration and are never edited: what comes later is a migration of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_TEXT: Final = 'text COLLATE "C" NOT NULL'

BOOKS: Final = (
    f"""
    CREATE TABLE account (
        id {_TEXT} CHECK (id <> ''),
        slot smallint NOT NULL DEFAULT 0,
        hao bigint NOT NULL DEFAULT 0,
        legs bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (id, slot)
    ) WITH (fillfactor = 50)
    """,
    f"""
    CREATE TABLE entry (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        key {_TEXT} UNIQUE CHECK (key <> ''),
        kind {_TEXT} CHECK (kind IN ('opening', 'top_up', 'renewal', 'refund', 'deduction', 'call', 'rent',
                                     'minimum', 'closing')),
        effective_at bigint NOT NULL,
        recorded_at bigint NOT NULL,
        actor {_TEXT},
        reason {_TEXT},
        because text COLLATE "C" REFERENCES entry (key)
    )
    """,
    "CREATE INDEX entry_because ON entry (because, seq) WHERE because IS NOT NULL",
    f"""
    CREATE TABLE leg (
        entry bigint NOT NULL REFERENCES entry (seq),
        account {_TEXT},
        place integer NOT NULL CHECK (place >= 0),
        effective_at bigint NOT NULL,
        hao bigint NOT NULL CHECK (hao > -100000000000000000 AND hao < 100000000000000000),
        PRIMARY KEY (entry, account)
    )
    """,
    "CREATE INDEX leg_of_account ON leg (account, effective_at, entry) INCLUDE (hao)",
    """
    CREATE FUNCTION leg_is_double() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM added GROUP BY entry HAVING count(*) < 2 OR sum(hao) <> 0) THEN
            RAISE EXCEPTION 'the legs of an entry sum to zero' USING ERRCODE = 'check_violation';
        END IF;
        IF EXISTS (SELECT 1 FROM added JOIN entry ON seq = added.entry
                   WHERE entry.effective_at <> added.effective_at) THEN
            RAISE EXCEPTION 'legs are effective with their entry' USING ERRCODE = 'check_violation';
        END IF;
        IF (SELECT count(*) FROM added)
           <> (SELECT count(*) FROM leg WHERE entry IN (SELECT entry FROM added)) THEN
            RAISE EXCEPTION 'an entry that stands takes no more legs' USING ERRCODE = 'check_violation';
        END IF;
        INSERT INTO account AS a (id, slot, hao, legs)
            SELECT account,
                   CASE WHEN account LIKE 'center:%' OR account LIKE 'reseller:%' THEN 0
                        ELSE pg_backend_pid() % 16 END,
                   sum(hao), count(*)
            FROM added GROUP BY account ORDER BY account
            ON CONFLICT (id, slot) DO UPDATE SET hao = a.hao + excluded.hao, legs = a.legs + excluded.legs;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER leg_is_double AFTER INSERT ON leg REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION leg_is_double()
    """,
    """
    CREATE FUNCTION entry_has_legs() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM leg WHERE entry = NEW.seq) THEN
            RAISE EXCEPTION 'an entry has legs' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE CONSTRAINT TRIGGER entry_has_legs AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION entry_has_legs()
    """,
    f"""
    CREATE TABLE hold (
        id {_TEXT} PRIMARY KEY CHECK (id <> ''),
        account {_TEXT},
        hao bigint NOT NULL,
        placed_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        state {_TEXT} CHECK (state IN ('open', 'captured', 'void')),
        captured_hao bigint NOT NULL
    )
    """,
    "CREATE INDEX hold_open ON hold (account, expires_at) INCLUDE (hao) WHERE state = 'open'",
)

FLOW: Final = (
    f"""
    CREATE TABLE center (
        id {_TEXT} PRIMARY KEY,
        node text COLLATE "C",
        lease bigint NOT NULL DEFAULT 0,
        until timestamptz NOT NULL DEFAULT '-infinity'
    )
    """,
    f"""
    CREATE TABLE journal (
        center {_TEXT},
        seq bigint NOT NULL CHECK (seq > 0),
        key {_TEXT},
        at bigint NOT NULL,
        kind {_TEXT},
        body {_TEXT},
        PRIMARY KEY (center, seq),
        UNIQUE (center, key)
    )
    """,
    f"""
    CREATE TABLE outbox (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id {_TEXT} UNIQUE,
        center {_TEXT},
        body {_TEXT}
    )
    """,
    f"CREATE TABLE snapshot (center {_TEXT} PRIMARY KEY, seq bigint NOT NULL, version {_TEXT}, blob {_TEXT})",
    f"CREATE TABLE shop (version bigint PRIMARY KEY, text {_TEXT}, at bigint NOT NULL)",
    f"CREATE TABLE note (key {_TEXT} PRIMARY KEY, text {_TEXT})",
)

RECORDS: Final = (
    f"""
    CREATE TABLE call_record (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        center {_TEXT},
        queued_at bigint NOT NULL,
        call {_TEXT},
        ref {_TEXT},
        access_number {_TEXT},
        caller {_TEXT},
        name {_TEXT},
        class {_TEXT},
        group_id {_TEXT},
        party_kind text COLLATE "C",
        party_id text COLLATE "C",
        phone {_TEXT},
        outcome {_TEXT} CHECK (outcome IN ('answered', 'missed')),
        reason {_TEXT},
        answered_at bigint,
        ended_at bigint NOT NULL,
        wait bigint NOT NULL CHECK (wait >= 0),
        talk bigint NOT NULL CHECK (talk >= 0),
        recording text COLLATE "C",
        tags {_TEXT},
        CHECK ((party_kind IS NULL) = (party_id IS NULL))
    )
    """,
    "CREATE INDEX call_record_list ON call_record (center, queued_at, call)",
    f"""
    CREATE TABLE work_session (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        center {_TEXT},
        login_at bigint NOT NULL,
        agent {_TEXT},
        phone {_TEXT},
        groups {_TEXT},
        logout_at bigint,
        address {_TEXT},
        answered bigint NOT NULL,
        missed bigint NOT NULL,
        ready bigint NOT NULL,
        not_ready bigint NOT NULL,
        ringing bigint NOT NULL,
        talking bigint NOT NULL,
        wrap_up bigint NOT NULL,
        reasons {_TEXT}
    )
    """,
    "CREATE INDEX work_session_list ON work_session (center, login_at, agent)",
    f"""
    CREATE TABLE charge (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        key {_TEXT} UNIQUE,
        center {_TEXT},
        at bigint NOT NULL,
        kind {_TEXT} CHECK (kind IN ('call', 'rent', 'minimum')),
        caller {_TEXT},
        access_number {_TEXT},
        agent_phone {_TEXT},
        ring_at bigint,
        answered_at bigint,
        ended_at bigint NOT NULL,
        seconds bigint NOT NULL CHECK (seconds >= 0),
        hao bigint NOT NULL
    )
    """,
    "CREATE INDEX charge_list ON charge (center, at, key)",
    "CREATE INDEX charge_total ON charge (center, kind, at) INCLUDE (seconds, hao)",
    f"""
    CREATE TABLE rejected_call (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        center {_TEXT},
        at bigint NOT NULL,
        call {_TEXT},
        caller {_TEXT},
        dialled {_TEXT},
        reason {_TEXT}
    )
    """,
    "CREATE INDEX rejected_call_list ON rejected_call (center, at, call)",
)

APPEND_ONLY: Final = ("entry", "leg", "journal", "shop", "call_record", "work_session", "charge", "rejected_call")
"""Tables whose rows are never changed and never removed."""


def first_schema() -> Iterator[str]:
    """Yield the statements that make an empty schema a store."""
    yield from BOOKS
    yield from FLOW
    yield from RECORDS
    yield """
    CREATE FUNCTION is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END $$
    """
    for table in APPEND_ONLY:
        yield (
            f"CREATE TRIGGER {table}_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION is_append_only()"
        )
