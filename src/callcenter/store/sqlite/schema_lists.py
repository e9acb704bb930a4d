"""What the lists of the consoles are read from: indices with every column that a list is filtered or summed by.

Theory of operation. A page is found in an index alone, and only its rows are then looked up; a total reads nothing but
an index. Adjustments of balances are few among many charges, and each shows the balance that it found: so a trigger
writes them beside the books when they are posted, as it moves the balance itself. For entries that were there before,
the balance is counted again from the legs.
"""

from __future__ import annotations

from typing import Final

_IS_ADJUSTMENT: Final = """
    kind IN ('top_up', 'renewal', 'refund', 'deduction')
    AND (id GLOB 'center:*' OR id GLOB 'reseller:*')
    AND NOT (hao < 0 AND kind IN ('top_up', 'renewal'))
"""

LISTS: Final = (
    "DROP INDEX call_record_list",
    """
    CREATE INDEX call_record_list ON call_record (center, queued_at, call, seq, outcome, wait, talk, group_id,
        party_kind, party_id, caller, phone, access_number)
    """,
    """
    CREATE INDEX call_record_total ON call_record (center, queued_at, outcome, wait, talk, group_id, party_kind)
    """,
    "DROP INDEX work_session_list",
    """
    CREATE INDEX work_session_list ON work_session (center, login_at, agent, seq, phone, groups, answered, missed,
        ready, not_ready, ringing, talking, wrap_up)
    """,
    "DROP INDEX charge_list",
    """
    CREATE INDEX charge_list ON charge (center, at, key, seq, kind, seconds, hao, caller, access_number, agent_phone)
    """,
    "DROP INDEX rejected_call_list",
    "CREATE INDEX rejected_call_list ON rejected_call (center, at, call, seq, caller, dialled, reason)",
    """
    CREATE TABLE adjustment (
        entry INTEGER NOT NULL REFERENCES entry (seq),
        account TEXT NOT NULL,
        recorded_at INTEGER NOT NULL,
        key TEXT NOT NULL,
        kind TEXT NOT NULL,
        actor TEXT NOT NULL,
        before_hao INTEGER NOT NULL,
        hao INTEGER NOT NULL,
        PRIMARY KEY (account, recorded_at, key)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX adjustment_of_entry ON adjustment (entry, account, before_hao)",
    f"""
    INSERT INTO adjustment (entry, account, recorded_at, key, kind, actor, before_hao, hao)
    SELECT entry, id, recorded_at, key, kind, actor, after_hao - hao, hao FROM (
        SELECT leg.entry, account.id, entry.recorded_at, entry.key, entry.kind, entry.actor, leg.hao,
               sum(leg.hao) OVER (PARTITION BY leg.account ORDER BY leg.entry) AS after_hao
        FROM leg JOIN account ON account.number = leg.account JOIN entry ON entry.seq = leg.entry
    ) WHERE {_IS_ADJUSTMENT}
    """,  # noqa: S608
    f"""
    CREATE TRIGGER entry_makes_adjustment AFTER INSERT ON entry
    WHEN NEW.kind IN ('top_up', 'renewal', 'refund', 'deduction')
    BEGIN
        INSERT INTO adjustment (entry, account, recorded_at, key, kind, actor, before_hao, hao)
        SELECT NEW.seq, id, NEW.recorded_at, NEW.key, NEW.kind, NEW.actor, after_hao - hao, hao FROM (
            SELECT account.id, account.hao AS after_hao, leg.hao, NEW.kind AS kind
            FROM leg JOIN account ON account.number = leg.account WHERE leg.entry = NEW.seq
        ) WHERE {_IS_ADJUSTMENT};
    END
    """,  # noqa: S608
    """
    CREATE TRIGGER adjustment_no_update BEFORE UPDATE ON adjustment
    BEGIN SELECT RAISE(ABORT, 'adjustment is append-only'); END
    """,
    """
    CREATE TRIGGER adjustment_no_delete BEFORE DELETE ON adjustment
    BEGIN SELECT RAISE(ABORT, 'adjustment is append-only'); END
    """,
)
