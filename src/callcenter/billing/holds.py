"""A hold: money of a balance reserved for a talk that may come or is going on.

Expiry is counted when it is read: no job has to run for a forgotten hold to be free again.
"""

from __future__ import annotations

import enum

from callcenter.billing.accounts import Account
from callcenter.model.money import ZERO, Money
from callcenter.model.times import Instant
from callcenter.model.value import value


class HoldState(enum.Enum):
    """Open until it is captured (the talk was charged) or voided (nobody answered)."""

    OPEN = "open"
    CAPTURED = "captured"
    VOID = "void"


@value
class Hold:
    """Money reserved on an account.

    Attributes:
        id: Chosen by who places it; unique for ever.
        amount: What is reserved.
        placed_at: When it was placed.
        expires_at: From this instant on it holds nothing.
        captured: What the talk truly cost, once captured.
    """

    id: str
    account: Account
    amount: Money
    placed_at: Instant
    expires_at: Instant
    state: HoldState = HoldState.OPEN
    captured: Money = ZERO

    def live(self, now: Instant) -> bool:
        """Return whether it still reserves its amount."""
        return self.state is HoldState.OPEN and now < self.expires_at

    @property
    def overrun(self) -> Money:
        """What was captured above the hold: a talk that cost more than was reserved for it."""
        return max(ZERO, self.captured - self.amount) if self.state is HoldState.CAPTURED else ZERO
