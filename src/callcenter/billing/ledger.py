"""The books: what an entry is, how each is built, and why one may be refused.

Theory of operation. An :class:`Entry` moves money between accounts; its legs sum to zero, and one that does not cannot
be built. Books only grow: a correction is a new entry whose ``because`` names the old one. Every entry has a natural
key (``call:ID:N``, ``rent:CC:DATE`` …): posted again with the same content it is found to exist, with other content it
is refused and the differing field named. What a store needs to decide that is here, pure, so that every store decides
alike: :func:`refusal`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Final

from callcenter.billing.accounts import Account
from callcenter.errors import UsageError
from callcenter.model.money import ZERO, Money
from callcenter.model.times import Instant
from callcenter.model.value import value

AMOUNT_LIMIT: Final = 10**17
"""No leg may reach this many hao (ten million million yuan): sums of legs then stay within what stores can add up."""


class EntryKind(enum.Enum):
    """Why money moved."""

    OPENING = "opening"
    TOP_UP = "top_up"
    RENEWAL = "renewal"
    REFUND = "refund"
    DEDUCTION = "deduction"
    CALL = "call"
    RENT = "rent"
    MINIMUM = "minimum"
    CLOSING = "closing"


FUNDED: Final = frozenset({EntryKind.TOP_UP, EntryKind.RENEWAL})
"""Kinds that an account must be able to pay; all others may take it below its floor."""
DERIVED: Final = frozenset({EntryKind.OPENING, EntryKind.CALL, EntryKind.RENT, EntryKind.MINIMUM, EntryKind.CLOSING})
"""Kinds whose instant follows from their key; they also post to a closed account."""


@value
class Entry:
    """One movement of money; never changed once posted.

    Attributes:
        key: Natural key, unique in the books.
        kind: Why.
        effective_at: The instant it counts from, on statements and in months.
        recorded_at: When it was posted; a repeated run may differ in it.
        actor: Who did it: an operator, or the job.
        reason: A remark for people.
        legs: (account, amount) pairs, at least two, each account once, summing to zero.
        because: Key of the entry that this one corrects or answers; None for one that stands alone.

    Raises:
        UsageError: E421, when the legs are no double entry.
    """

    key: str
    kind: EntryKind
    effective_at: Instant
    recorded_at: Instant
    actor: str
    legs: tuple[tuple[Account, Money], ...]
    reason: str = ""
    because: str | None = None

    def __attrs_post_init__(self) -> None:
        legs = self.legs
        total = 0
        for _account, amount in legs:
            hao = amount.hao
            if not -AMOUNT_LIMIT < hao < AMOUNT_LIMIT:
                raise UsageError("E422", self.key, amount=str(amount))
            total += hao
        if total or len(legs) < 2 or len({account for account, _amount in legs}) != len(legs):
            raise UsageError("E421", self.key, legs=", ".join(f"{account} {amount}" for account, amount in legs))

    def amount(self, account: Account) -> Money:
        """Return what this entry adds to an account; 0 when it has no leg on it."""
        return next((amount for name, amount in self.legs if name == account), ZERO)


@value
class Guard:
    """What an account must still be true of when an entry is posted.

    Attributes:
        floor: The balance may not fall below it (minus the credit limit, usually); None: no floor.
        closed: Whether the account takes no entries but derived ones.
    """

    floor: Money | None = None
    closed: bool = False


class Outcome(enum.Enum):
    """What became of a posting."""

    CREATED = "created"
    EXISTS = "exists"
    REFUSED = "refused"


class Refusal(enum.Enum):
    """Why an entry is refused; the first that holds, in this order."""

    CONFLICT = "conflict"
    """An entry of this key has other content."""
    NO_ORIGINAL = "no_original"
    """``because`` names no entry."""
    OVER_REFUNDED = "over_refunded"
    """All refunds of one charge would be more than the charge."""
    ACCOUNT_CLOSED = "account_closed"
    """The account is closed and the entry is not derived."""
    ACCOUNT_FROZEN = "account_frozen"
    """The center is frozen, and the entry is a deduction (P3b)."""
    INSUFFICIENT_FUNDS = "insufficient_funds"
    """A balance would fall below its floor."""


@value
class Posting:
    """The answer of the ledger.

    Attributes:
        outcome: Created, exists already, or refused.
        entry: The entry as it stands in the books; of a refused one, as it was offered.
        refusal: Why it was refused.
        field: Of a conflict, the first field that differs; of a refusal by an account, the account.
    """

    outcome: Outcome
    entry: Entry
    refusal: Refusal | None = None
    field: str = ""


def difference(stands: Entry, offered: Entry) -> str | None:
    """Return the first field in which two entries of one key differ, or None.

    When it was recorded, by whom and with which remark is no content; nor is the effective instant of kinds that an
    operator posts: a top-up typed twice is one top-up.
    """
    if stands.kind is not offered.kind:
        return "kind"
    ours, theirs = sorted(stands.legs, key=_account_of), sorted(offered.legs, key=_account_of)
    if [account for account, _ in ours] != [account for account, _ in theirs]:
        return "accounts"
    if ours != theirs:
        return "amount"
    if stands.because != offered.because:
        return "because"
    if stands.kind in DERIVED and stands.effective_at != offered.effective_at:
        return "effective_at"
    return None


def over_refunded(entry: Entry, original: Entry, refunds: Iterable[Entry]) -> bool:
    """Return whether a refund and those before it give back more than the charge took.

    Args:
        entry: The refund offered.
        original: The charge that its ``because`` names.
        refunds: The refunds of that charge that stand in the books.
    """
    before = tuple(refunds)
    return any(
        -original.amount(account).hao < amount.hao + sum(earlier.amount(account).hao for earlier in before)
        for account, amount in entry.legs
        if amount.hao > 0
    )


def closed_account(entry: Entry, guards: Iterable[tuple[Account, Guard]]) -> Account | None:
    """Return the first closed account on which an entry that is not derived has a leg."""
    if entry.kind in DERIVED:
        return None
    touched = {account for account, _amount in entry.legs}
    return next((account for account, guard in guards if guard.closed and account in touched), None)


def floors(entry: Entry, guards: Iterable[tuple[Account, Guard]]) -> tuple[tuple[Account, int], ...]:
    """Return (account, lowest balance in hao) for the accounts that must be able to pay this entry."""
    if entry.kind not in FUNDED:
        return ()
    return tuple(
        (account, guard.floor.hao)
        for account, guard in guards
        if guard.floor is not None and entry.amount(account).hao < 0
    )


def _account_of(leg: tuple[Account, Money]) -> Account:
    return leg[0]


def created(entry: Entry) -> Posting:
    """Return the answer for an entry that was written."""
    return Posting(outcome=Outcome.CREATED, entry=entry)


def found(stands: Entry, offered: Entry) -> Posting:
    """Return the answer for an entry whose key is taken: it exists, or it is in conflict."""
    field = difference(stands, offered)
    if field is None:
        return Posting(outcome=Outcome.EXISTS, entry=stands)
    return refused(offered, Refusal.CONFLICT, field)


def refused(entry: Entry, why: Refusal, field: str = "") -> Posting:
    """Return the answer for an entry that was not written."""
    return Posting(outcome=Outcome.REFUSED, entry=entry, refusal=why, field=field)
