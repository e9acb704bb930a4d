"""Three sums that must be one: charge details, entries, balances, to the hao; and each orphan by its name.

Pure: what there is comes in, what is wrong comes out. The store's own checks (pages, foreign keys, legs) are its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from callcenter.billing.accounts import Account, center_account
from callcenter.billing.ledger import Entry, EntryKind
from callcenter.model.money import ZERO, Money
from callcenter.model.records import ChargeKind, ChargeLine
from callcenter.model.value import value

_KINDS = {ChargeKind.CALL: EntryKind.CALL, ChargeKind.RENT: EntryKind.RENT, ChargeKind.MINIMUM: EntryKind.MINIMUM}


@value
class Finding:
    """Something that does not add up.

    Attributes:
        check: What was looked at: the end of a key ``office.finding.CHECK`` of the catalogue.
        row: The account, entry, line or hold that is wrong.
        found: What stands there.
        expected: What should stand there; empty: nothing of it should be there at all.
    """

    check: str
    row: str
    found: str = ""
    expected: str = ""


@value
class Reconciliation:
    """The proof, or what speaks against it.

    Attributes:
        entries: How many were read; likewise charge lines and accounts.
        charged: Sum of the charge details, which is the sum of their entries.
        findings: Everything wrong, in the order of the checks; empty when all is well.
    """

    entries: int
    charges: int
    accounts: int
    charged: Money
    findings: tuple[Finding, ...]


def reconcile(
    entries: Mapping[str, Entry], charges: Iterable[ChargeLine], balances: Mapping[Account, Money]
) -> Reconciliation:
    """Compare entries, charge details and balances, with zero tolerance.

    Args:
        entries: All entries by key.
        charges: All lines of the charge detail.
        balances: The balance of every account, as it is kept.
    """
    lines = tuple(charges)
    findings = (*_balances(entries, balances), *_orphans(entries, lines), *_refunds(entries))
    return Reconciliation(
        entries=len(entries),
        charges=len(lines),
        accounts=len(balances),
        charged=sum((line.amount for line in lines), ZERO),
        findings=findings,
    )


def is_rerating(entry: Entry) -> bool:
    """Tell whether an entry changes the price of a talk that has its line: it has none of its own."""
    return entry.kind is EntryKind.CALL and entry.because is not None


def _balances(entries: Mapping[str, Entry], balances: Mapping[Account, Money]) -> Iterator[Finding]:
    sums: Counter[Account] = Counter()
    for entry in entries.values():
        for account, amount in entry.legs:
            sums[account] += amount.hao
    for account in sorted(sums.keys() | balances.keys()):
        kept, summed = balances.get(account, ZERO), Money(sums[account])
        if kept != summed:
            yield Finding(check="balance", row=account, found=str(kept), expected=str(summed))
    total = sum(balances.values(), ZERO)
    if total:
        yield Finding(check="sum", row="Σ", found=str(total), expected=str(ZERO))


def _orphans(entries: Mapping[str, Entry], lines: Iterable[ChargeLine]) -> Iterator[Finding]:
    listed = set()
    for line in lines:
        listed.add(line.key)
        entry = entries.get(line.key)
        if entry is None or entry.kind is not _KINDS[line.kind]:
            yield Finding(check="line_without_entry", row=line.key, found=str(line.amount))
        elif -entry.amount(center_account(line.center)) != line.amount:
            posted = -entry.amount(center_account(line.center))
            yield Finding(check="line_amount", row=line.key, found=str(line.amount), expected=str(posted))
    for entry in entries.values():
        if entry.kind in _KINDS.values() and entry.key not in listed and not is_rerating(entry):
            yield Finding(check="entry_without_line", row=entry.key)


def _refunds(entries: Mapping[str, Entry]) -> Iterator[Finding]:
    back: Counter[str] = Counter()
    for entry in entries.values():
        if entry.because is None:
            continue
        if entry.because not in entries:
            yield Finding(check="no_original", row=entry.key, found=entry.because)
        elif entry.kind is EntryKind.REFUND:
            back[entry.because] += max((amount.hao for _account, amount in entry.legs), default=0)
    for key, hao in back.items():
        taken = max(-amount.hao for _account, amount in entries[key].legs)
        if hao > taken:
            yield Finding(check="over_refunded", row=key, found=str(Money(hao)), expected=str(Money(taken)))
