"""What the lists of the consoles are read from: indices with every column that a list is filtered or summed by.

Theory of operation. A page is found in an index alone, and only its rows are then looked up; a total reads nothing but
an index. Adjustments of balances are few among many charges, and each shows the balance that it found: so a trigger
writes them beside the books when they are posted, after the one that moves the balance (triggers of a table run in
order of their names). For entries that were there before, the balance is counted again from the legs.
"""

from __future__ import annotations

from typing import Final

_IS_ADJUSTMENT: Final = """
    kind IN ('top_up', 'renewal', 'refund', 'deduction')
    AND (account LIKE 'center:%' OR account LIKE 'reseller:%')
    AND NOT (hao < 0 AND kind IN ('top_up', 'renewal'))
"""
_COLUMNS: Final = "entry, account, recorded_at, key, kind, actor, before_hao, hao"

LISTS: Final = (
    "DROP INDEX call_record_list",
    """
    CREATE INDEX call_record_list ON call_record (center, queued_at, call, seq)
        INCLUDE (outcome, wait, talk, group_id, party_kind, party_id, caller, phone, access_number)
    """,
    """
    CREATE INDEX call_record_total ON call_record (center, queued_at)
        INCLUDE (outcome, wait, talk, group_id, party_kind)
    """,
    "DROP INDEX work_session_list",
    """
    CREATE INDEX work_session_list ON work_session (center, login_at, agent, seq)
        INCLUDE (phone, groups, answered, missed, ready, not_ready, ringing, talking, wrap_up)
    """,
    "DROP INDEX charge_list",
    """
    CREATE INDEX charge_list ON charge (center, at, key, seq)
        INCLUDE (kind, seconds, hao, caller, access_number, agent_phone)
    """,
    "DROP INDEX rejected_call_list",
    """
    CREATE INDEX rejected_call_list ON rejected_call (center, at, call, seq) INCLUDE (caller, dialled, reason)
    """,
    """
    CREATE TABLE adjustment (
        entry bigint NOT NULL REFERENCES entry (seq),
        account text COLLATE "C" NOT NULL,
        recorded_at bigint NOT NULL,
        key text COLLATE "C" NOT NULL,
        kind text COLLATE "C" NOT NULL,
        actor text COLLATE "C" NOT NULL,
        before_hao bigint NOT NULL,
        hao bigint NOT NULL,
        PRIMARY KEY (account, recorded_at, key)
    )
    """,
    "CREATE INDEX adjustment_of_entry ON adjustment (entry, account) INCLUDE (before_hao)",
    f"""
    INSERT INTO adjustment ({_COLUMNS})
    SELECT entry, account, recorded_at, key, kind, actor, after_hao - hao, hao FROM (
        SELECT leg.entry, leg.account, entry.recorded_at, entry.key, entry.kind, entry.actor, leg.hao,
               sum(leg.hao) OVER (PARTITION BY leg.account ORDER BY leg.entry) AS after_hao
        FROM leg JOIN entry ON entry.seq = leg.entry
    ) AS booked WHERE {_IS_ADJUSTMENT}
    """,  # noqa: S608
    f"""
    CREATE FUNCTION leg_makes_adjustment() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM added JOIN entry ON seq = added.entry
                   WHERE kind IN ('top_up', 'renewal', 'refund', 'deduction')) THEN
            INSERT INTO adjustment ({_COLUMNS})
            SELECT entry, account, recorded_at, key, kind, actor, after_hao - later_hao - hao, hao FROM (
                SELECT added.entry, added.account, e.recorded_at, e.key, e.kind, e.actor, added.hao,
                       a.hao AS after_hao, coalesce(sum(added.hao) OVER (PARTITION BY added.account ORDER BY added.entry
                           ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), 0) AS later_hao
                FROM added JOIN entry AS e ON e.seq = added.entry
                JOIN account AS a ON a.id = added.account AND a.slot = 0
            ) AS booked WHERE {_IS_ADJUSTMENT};
        END IF;
        RETURN NULL;
    END $$
    """,  # noqa: S608
    """
    CREATE TRIGGER leg_makes_adjustment AFTER INSERT ON leg REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION leg_makes_adjustment()
    """,
    """
    CREATE TRIGGER adjustment_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON adjustment
    FOR EACH STATEMENT EXECUTE FUNCTION is_append_only()
    """,
)
