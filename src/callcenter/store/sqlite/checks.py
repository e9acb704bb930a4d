"""What can be seen wrong in a file without knowing what it means: pages, foreign keys, books that were edited by hand.

The triggers of the schema keep all of this true for whoever writes through SQLite; these checks are for what comes
another way: a broken disk, a hex editor, somebody who took the triggers away.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from callcenter.store.sqlite.session import Session

_CHECKS: Final = (
    (
        "entry {0}: its legs sum to {1} hao, not to 0",
        (
            "SELECT coalesce(entry.key, leg.entry), sum(leg.hao) FROM leg LEFT JOIN entry ON entry.seq = leg.entry"
            " GROUP BY leg.entry HAVING sum(leg.hao) <> 0"
        ),
    ),
    (
        "entry {0} has {1} legs",
        (
            "SELECT entry.key, count(leg.account) FROM entry LEFT JOIN leg ON leg.entry = entry.seq"
            " GROUP BY entry.seq HAVING count(leg.account) < 2"
        ),
    ),
    (
        "entry {0} and its legs are effective at different instants",
        (
            "SELECT DISTINCT entry.key FROM entry JOIN leg ON leg.entry = entry.seq"
            " WHERE entry.effective_at <> leg.effective_at"
        ),
    ),
    (
        "account {0} stands at {1} hao, its entries sum to {2}",
        (
            "SELECT account.id, account.hao, coalesce(sum(leg.hao), 0) FROM account LEFT JOIN leg"
            " ON leg.account = account.number GROUP BY account.number HAVING account.hao <> coalesce(sum(leg.hao), 0)"
        ),
    ),
    (
        "entry number {0} is missing",
        (
            "SELECT one.seq - 1 FROM entry AS one WHERE one.seq > 1"
            " AND NOT EXISTS (SELECT 1 FROM entry AS other WHERE other.seq = one.seq - 1)"
        ),
    ),
    (
        "event {1} of center {0} is missing from the journal",
        "SELECT center, count(*) + 1 FROM journal GROUP BY center HAVING max(seq) <> count(*)",
    ),
)


def problems(session: Session) -> Iterator[str]:
    """Yield everything wrong, each as one line that names the row."""
    broken = [row[0] for row in session.read("PRAGMA integrity_check") if row[0] != "ok"]
    yield from broken
    for table, row, target, _ in session.read("PRAGMA foreign_key_check"):
        yield f"{table} row {row} refers to nothing in {target}"
    for told, sql in _CHECKS:
        for found in session.read(sql):
            yield told.format(*found)
