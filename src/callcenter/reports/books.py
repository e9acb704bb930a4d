"""The lists of the books: balance adjustments (充值记录), resellers, statements of one account.

Pure functions over entries. What comes in and what goes out stand in columns of their own, both always filled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from callcenter.billing.accounts import Account
from callcenter.billing.ledger import Entry, EntryKind
from callcenter.billing.statement import Statement
from callcenter.model.directory import Reseller
from callcenter.model.money import ZERO, Money
from callcenter.model.times import NEVER, Instant, Zone
from callcenter.model.value import value
from callcenter.reports.table import Cell, Form, Table, columns, local_text

ADJUSTMENT_COLUMNS: Final = columns(
    "account kind ref before_fen direction fen at operator remark", before_fen=Form.MONEY, fen=Form.MONEY
)
RESELLER_COLUMNS: Final = columns(
    "reseller status balance_fen credit_limit_fen margin_fen",
    balance_fen=Form.MONEY,
    credit_limit_fen=Form.MONEY,
    margin_fen=Form.MONEY,
)
STATEMENT_COLUMNS: Final = columns(
    "at key kind text in_fen out_fen balance_fen", in_fen=Form.MONEY, out_fen=Form.MONEY, balance_fen=Form.MONEY
)
ADJUSTMENTS: Final = frozenset({EntryKind.TOP_UP, EntryKind.RENEWAL, EntryKind.REFUND, EntryKind.DEDUCTION})


@value
class Adjustment:
    """An adjustment of one balance.

    Attributes:
        before: The balance that it found.
        zone: In which its time is written.
    """

    account: Account
    entry: Entry
    before: Money
    zone: Zone

    @property
    def amount(self) -> Money:
        """What it added; negative for what it took."""
        return self.entry.amount(self.account)


def adjustments_of(account: Account, posted: Iterable[Entry], zone: Zone) -> Iterator[Adjustment]:
    """Yield the adjustments of an account that were its own: not the transfers by which a reseller topped others up.

    Args:
        account: Whose.
        posted: All its entries, in the order in which they were posted.
        zone: In which times are written.
    """
    balance = ZERO
    for entry in posted:
        amount = entry.amount(account)
        if entry.kind in ADJUSTMENTS and not (amount < ZERO and entry.kind in (EntryKind.TOP_UP, EntryKind.RENEWAL)):
            yield Adjustment(account=account, entry=entry, before=balance, zone=zone)
        balance += amount


def adjustment_cells(each: Adjustment) -> tuple[Cell, ...]:
    """Return an adjustment as cells of ADJUSTMENT_COLUMNS."""
    return (
        each.account,
        each.entry.kind.value,
        each.entry.key.partition(":")[2],
        each.before,
        "in" if each.amount >= ZERO else "out",
        abs(each.amount),
        local_text(each.entry.recorded_at, each.zone),
        each.entry.actor,
        each.entry.reason,
    )


def adjustments(found: Sequence[Adjustment]) -> Table:
    """Return adjustments as a list, in the order given."""
    rows = tuple(map(adjustment_cells, found))
    came = sum((each.amount for each in found if each.amount > ZERO), ZERO)
    went = sum((-each.amount for each in found if each.amount < ZERO), ZERO)
    totals: tuple[tuple[str, Cell], ...] = (("count", len(rows)), ("came", came), ("went", went))
    return Table(name="adjustments", columns=ADJUSTMENT_COLUMNS, rows=rows, totals=totals)


@value
class ResellerStanding:
    """What a reseller has, and what it earned by the margin of its centers' calls."""

    reseller: Reseller
    balance: Money
    margin: Money


def resellers(standings: Sequence[ResellerStanding]) -> Table:
    """Return what each reseller has (代理商)."""
    rows = tuple(
        (each.reseller.id, each.reseller.status.value, each.balance, each.reseller.credit_limit, each.margin)
        for each in standings
    )
    balance = sum((each.balance for each in standings), ZERO)
    margin = sum((each.margin for each in standings), ZERO)
    totals: tuple[tuple[str, Cell], ...] = (("resellers", len(rows)), ("fen", balance), ("margin", margin))
    return Table(name="resellers", columns=RESELLER_COLUMNS, rows=rows, totals=totals)


def statement(found: Statement, zone: Zone) -> Table:
    """Return a statement as a list: the opening first, then each entry with the balance after it."""
    begins = local_text(found.start, zone) if found.start > _BEGINNING else None
    rows: list[tuple[Cell, ...]] = [(begins, "", "opening", "", ZERO, ZERO, found.opening)]
    rows += [
        (local_text(line.at, zone), line.key, line.kind.value, line.text, line.paid_in, line.paid_out, line.balance)
        for line in found.lines
    ]
    totals: tuple[tuple[str, Cell], ...] = (
        ("opening", found.opening),
        ("came", sum((line.paid_in for line in found.lines), ZERO)),
        ("went", sum((line.paid_out for line in found.lines), ZERO)),
        ("closing", found.closing),
        ("yuan", found.closing.yuan),
    )
    return Table(name="statement", columns=STATEMENT_COLUMNS, rows=tuple(rows), totals=totals)


_BEGINNING: Final = Instant(-NEVER)
