"""What happened to one balance between two instants: opening, lines, closing, subtotals; and how it was known back then.

Statements add up: that of A to B and that of B to C are that of A to C (L16). Each entry has two times, when it counts
(effective) and when it was written down (recorded): with ``known_at`` a statement shows the books as they were then.
"""

from __future__ import annotations

from collections.abc import Iterable

from callcenter.billing.accounts import Account
from callcenter.billing.ledger import Entry, EntryKind
from callcenter.model.money import ZERO, Money
from callcenter.model.times import Instant
from callcenter.model.value import value


@value
class StatementLine:
    """One entry as its account sees it.

    Attributes:
        at: When it counts.
        text: The remark, or the key of what it answers.
        amount: What it adds; negative for what it takes.
        balance: After it.
    """

    at: Instant
    key: str
    kind: EntryKind
    text: str
    amount: Money
    balance: Money

    @property
    def paid_in(self) -> Money:
        """What came in; 0 for what went out."""
        return max(ZERO, self.amount)

    @property
    def paid_out(self) -> Money:
        """What went out; 0 for what came in."""
        return max(ZERO, -self.amount)


@value
class Statement:
    """The lines of an account effective in [start, end), in the order of effective instant and key.

    Attributes:
        opening: The balance before ``start``.
    """

    account: Account
    start: Instant
    end: Instant
    opening: Money
    lines: tuple[StatementLine, ...]

    @property
    def closing(self) -> Money:
        """The balance at ``end``: opening and all lines."""
        return self.lines[-1].balance if self.lines else self.opening

    @property
    def subtotals(self) -> dict[EntryKind, Money]:
        """What each kind came to, in the order of the kinds; kinds without a line are left out."""
        sums: dict[EntryKind, Money] = {}
        for line in self.lines:
            sums[line.kind] = sums.get(line.kind, ZERO) + line.amount
        return {kind: sums[kind] for kind in EntryKind if kind in sums}


def statement(
    account: Account,
    entries: Iterable[Entry],
    start: Instant,
    end: Instant,
    *,
    opening: Money = ZERO,
    known_at: Instant | None = None,
) -> Statement:
    """Return the statement of an account.

    Args:
        account: Whose.
        entries: Its entries; those effective before ``start`` add to the opening, those from ``end`` on are left out.
        start: First instant.
        end: First instant that is not of it.
        opening: The balance before all ``entries``.
        known_at: Only what was written down by then; None: everything.
    """
    known = (entry for entry in entries if known_at is None or entry.recorded_at <= known_at)
    balance, lines = opening, []
    for entry in sorted(known, key=lambda entry: (entry.effective_at, entry.key)):
        if entry.effective_at >= end:
            continue
        amount = entry.amount(account)
        balance += amount
        if entry.effective_at < start:
            opening = balance
            continue
        text = entry.reason or entry.because or ""
        lines.append(
            StatementLine(
                at=entry.effective_at, key=entry.key, kind=entry.kind, text=text, amount=amount, balance=balance
            )
        )
    return Statement(account=account, start=start, end=end, opening=opening, lines=tuple(lines))
