"""Who has to hear of a balance in the step that moves it: low, exhausted, served again (C5).

Nothing is kept for it: a step knows what a balance was before its first posting and what it is after its last, and both
are judged by the price of a second at that moment. So each crossing is told once, whatever crashes, and a balance that
only holds reserve, or that a dearer hour makes too small, is no crossing.
"""

from __future__ import annotations

from typing import Final

from callcenter.billing.alerts import Marks, crossing, level
from callcenter.billing.limits import admission_cost
from callcenter.center.desk import Desk
from callcenter.errors import UsageError
from callcenter.model import facts
from callcenter.model.ids import CenterId
from callcenter.model.money import ZERO, Money
from callcenter.model.times import Instant
from callcenter.model.value import changed
from callcenter.ports import Transaction


class Alerts:
    """What one step does to the balances of centers.

    Args:
        tx: Its transaction.
        at: Its time.
        low: Below this a balance with its credit limit is low.
    """

    def __init__(self, tx: Transaction, at: Instant, low: Money) -> None:
        self._tx: Final = tx
        self._at: Final = at
        self._low: Final = low
        self._before: dict[CenterId, tuple[Desk, Money, Money]] = {}

    def watch(self, desk: Desk, moved: Money = ZERO) -> None:
        """Note balance and credit limit of a center before they change; the first time counts.

        Args:
            desk: Whose.
            moved: By how much the balance has moved already.
        """
        if desk.id not in self._before:
            self._before[desk.id] = desk, self._tx.ledger.balance(desk.account) - moved, desk.center.credit_limit

    def crossed(self) -> list[facts.BalanceAlert]:
        """Return what people hear of what has changed since it was asked last."""
        found = []
        for desk, balance, limit in self._before.values():
            marks = Marks(low=self._low, needed=needed(desk, self._at), limit=limit)
            after = self._tx.ledger.balance(desk.account)
            kind = crossing(level(balance, marks), level(after, changed(marks, limit=desk.center.credit_limit)))
            if kind is not None:
                found.append(facts.BalanceAlert(at=self._at, center=desk.id, kind=kind, balance=after))
        self._before.clear()
        return found


def needed(desk: Desk, at: Instant) -> Money:
    """Return the price of the first second of a call from anybody to a center; 0 where none is rated."""
    if desk.rate is None:
        return ZERO
    try:
        return admission_cost(at, desk.rate, called=desk.center.access_number)
    except UsageError:
        return ZERO
