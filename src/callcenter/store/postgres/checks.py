"""What can be seen wrong in the tables without knowing what it means: books and journals that were edited by hand.

The triggers of the schema keep all of this true for whoever writes through PostgreSQL; these checks are for what comes
another way: a broken disk, a server's owner who took the triggers away.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from callcenter.store.postgres.session import Session

_CHECKS: Final = (
    (
        "entry {0}: its legs sum to {1} hao, not to 0",
        (
            "SELECT coalesce(key, entry::text), sum(hao) FROM leg LEFT JOIN entry ON seq = entry"
            " GROUP BY entry, key HAVING sum(hao) <> 0 ORDER BY entry"
        ),
    ),
    (
        "entry {0} has {1} legs",
        (
            "SELECT key, count(account) FROM entry LEFT JOIN leg ON entry = seq"
            " GROUP BY seq HAVING count(account) < 2 ORDER BY seq"
        ),
    ),
    (
        "entry {0} and its legs are effective at different instants",
        "SELECT DISTINCT key FROM entry JOIN leg ON entry = seq WHERE entry.effective_at <> leg.effective_at",
    ),
    (
        "account {0} stands at {1} hao, its entries sum to {2}",
        (
            "SELECT id, stands, coalesce(legs, 0) FROM (SELECT id, sum(hao) AS stands FROM account GROUP BY id) AS cached"
            " FULL JOIN (SELECT account AS id, sum(hao) AS legs FROM leg GROUP BY account) AS summed USING (id)"
            " WHERE stands IS DISTINCT FROM coalesce(legs, 0) ORDER BY id"
        ),
    ),
    (
        "event {1} of center {0} is missing from the journal",
        "SELECT center, count(*) + 1 FROM journal GROUP BY center HAVING max(seq) <> count(*) ORDER BY center",
    ),
)


def problems(session: Session) -> Iterator[str]:
    """Yield everything wrong, each as one line that names the row."""
    for told, sql in _CHECKS:
        for found in session.read(sql):
            yield told.format(*found)
