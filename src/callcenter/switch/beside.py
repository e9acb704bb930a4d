"""What operators and jobs posted beside an interrupted run, so that it can be resumed all the same.

Theory of operation. A resumed run is run again in memory, up to where it was cut off, and must come to what is stored.
Top-ups, adjustments and settlements that came in between are the only difference that is harmless: new entries, with
their charge lines and notes, and balances moved by exactly these. They are written down with the place at which they
came, so that a second interruption finds them again; everything after that place goes by them. A posting that would
take money that a live talk has reserved is not harmless, nor is anything else that was changed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Final

from callcenter.billing.accounts import Account
from callcenter.billing.holds import HoldState
from callcenter.billing.ledger import Entry
from callcenter.model.codec import decode_any, encode
from callcenter.model.records import ChargeLine
from callcenter.model.value import changed, value
from callcenter.ports import Transaction
from callcenter.store.content import Content

OWN: Final = "simulate"
"""Beginning of the notes that belong to the run itself."""


@value
class Beside:
    """What was posted beside a run.

    Attributes:
        step: After so many transactions of the run.
    """

    step: int
    entries: tuple[Entry, ...]
    charges: tuple[ChargeLine, ...]
    notes: tuple[tuple[str, str], ...]


def found_beside(step: int, run: Content, stored: Content) -> Beside | None:
    """Return what a store has beside what a run comes to; None when the difference is not harmless."""
    own_entries, own_charges = {entry.key for entry in run.entries}, {line.key for line in run.charges}
    noted = dict(run.notes)
    found = Beside(
        step=step,
        entries=tuple(entry for entry in stored.entries if entry.key not in own_entries),
        charges=tuple(line for line in stored.charges if line.key not in own_charges),
        notes=tuple((key, text) for key, text in stored.notes if key not in noted and not key.startswith(OWN)),
    )
    moved = Counter[Account]()
    for entry in found.entries:
        for account, amount in entry.legs:
            moved[account] += amount.hao
    reserved = {hold.account for hold in stored.holds if hold.state is HoldState.OPEN}
    if any(moved[account] < 0 for account in reserved):
        return None
    return found if _without(stored, found, moved) == _without(run, found, Counter()) else None


def _without(content: Content, beside: Beside, moved: Mapping[Account, int]) -> Content:
    """Return a content without what was posted beside the run, and without the notes."""
    entries, charges = {entry.key for entry in beside.entries}, {line.key for line in beside.charges}
    balances = ((account, balance.hao - moved.get(account, 0)) for account, balance in content.balances)
    return changed(
        content,
        entries=tuple(entry for entry in content.entries if entry.key not in entries),
        charges=tuple(line for line in content.charges if line.key not in charges),
        balances=tuple((account, hao) for account, hao in balances if hao),
        notes=(),
    )


def repeat(tx: Transaction, beside: Beside) -> None:
    """Post it again, in the memory of a run that is resumed once more."""
    for entry in beside.entries:
        tx.ledger.post(entry)
    for line in beside.charges:
        tx.records.add_charge(line)
    for key, text in beside.notes:
        tx.notes.put(key, text)


def written(beside: tuple[Beside, ...]) -> str:
    """Return it as text for the notes of a store."""
    return json.dumps([encode(Beside, each) for each in beside], ensure_ascii=False)


def read(text: str | None) -> tuple[Beside, ...]:
    """Return what a note tells of; nothing for no note."""
    return tuple(decode_any(Beside, each) for each in json.loads(text)) if text else ()
