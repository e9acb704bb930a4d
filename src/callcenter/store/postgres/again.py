"""Work done again when the database asks for it, and only then.

Two nodes that wait for each other's rows are told apart by the database: one of the transactions is taken back whole
(40P01), as it is when an isolation level cannot be kept (40001). Nothing of it stands, so the whole of it may be done
again: from its begin, with what it read read anew. What else fails is not repeated here: an unknown commit is resolved
by its key, and a store that is away, full or damaged is for the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

import psycopg

from callcenter.errors import StoreError
from callcenter.ports import Store, Transaction

T = TypeVar("T")

TRIES: Final = 8
_ASKED: Final = frozenset({"40001", "40P01"})


def asks_for_more(error: BaseException) -> bool:
    """Return whether an error of a transaction is the database's request to do all of it again."""
    cause = error.__cause__
    return isinstance(error, StoreError) and isinstance(cause, psycopg.Error) and cause.sqlstate in _ASKED


def repeated(store: Store, work: Callable[[Transaction], T], *, tries: int = TRIES) -> T:
    """Do work in a transaction of its own; again from its begin for as long as the database asks for it.

    Args:
        store: Where.
        work: Everything that the transaction does; must do nothing that a roll-back does not take back.
        tries: How often at most.

    Raises:
        StoreError: E402, when the last try failed as well; anything else at once.
    """
    for _ in range(tries - 1):
        try:
            with store.transaction() as parts:
                return work(parts)
        except StoreError as error:
            if not asks_for_more(error):
                raise
    with store.transaction() as parts:
        return work(parts)
