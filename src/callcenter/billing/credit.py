"""Whether money admits a call, what is held for it, and until when it may last (C4, C5).

Theory of operation. On arrival nothing is reserved: the available money must cover the posted cost of one second.
Before the first phone rings a hold is placed that covers the first increments; while the talk lasts it grows so that
it covers the increments begun and one more. A talk may use its own hold and all that is available beside it; so its
end moves whenever the balance or a hold on it changes, and talks that share a balance stop each other before they
could use more than there is. Prices come in as numbers: what a second or an increment costs is the rate plan's affair.
"""

from __future__ import annotations

from typing import Final

from callcenter.model.ids import CallId
from callcenter.model.money import ZERO, Money
from callcenter.model.times import HOUR, MINUTE, NEVER, SECOND, Duration, Instant
from callcenter.model.value import value

WARNING: Final = Duration(60 * SECOND)
"""How long before the end the caller is warned."""
RING_LEASE: Final = Duration(HOUR)
"""How long a hold lasts when nothing is heard of the call before its answer."""
TALK_LEASE: Final = Duration(10 * MINUTE)
"""How long a hold outlasts the end of its talk, for a hang-up that comes late."""


@value
class Funds:
    """What an account can pay for.

    Attributes:
        balance: As posted.
        limit: Credit limit: how far below zero it may go.
        held: Sum of its live holds.
    """

    balance: Money
    limit: Money = ZERO
    held: Money = ZERO

    @property
    def available(self) -> Money:
        """Money that no hold reserves: balance + limit - holds; may be negative."""
        return self.balance + self.limit - self.held

    def beside(self, own: Money) -> Money:
        """Return what one talk may use: its own hold and all that is available."""
        return self.available + own


def admits(funds: Funds, second_cost: Money) -> bool:
    """Return whether a call is admitted: what is available covers one second; equality admits.

    A negative balance admits nothing, not even what costs nothing.

    Args:
        funds: Of the called center.
        second_cost: The posted cost of one second at this instant.
    """
    return funds.available >= second_cost and funds.available >= ZERO


def in_arrears(funds: Funds, second_cost: Money) -> bool:
    """Return whether a center is stopped for want of money (欠费停机); derived, never stored."""
    return not admits(funds, second_cost)


def talk_end(answered_at: Instant, seconds: int | None) -> Instant | None:
    """Return until when a talk may last.

    Args:
        answered_at: The phone's answer.
        seconds: The longest talk that own hold and available money pay for; None: no limit.
    """
    return None if seconds is None else Instant(answered_at + seconds * SECOND)


def warn_at(until: Instant | None) -> Instant | None:
    """Return when the caller hears that the money runs out, or None."""
    return None if until is None else Instant(until - WARNING)


def hold_id(call: CallId) -> str:
    """Return the id of a call's hold: one per call, placed before its first phone rings."""
    return f"hold:{call}"


def ring_expiry(at: Instant) -> Instant:
    """Return until when a hold lasts that was placed before ringing."""
    return Instant(at + RING_LEASE)


def talk_expiry(at: Instant, until: Instant | None) -> Instant:
    """Return until when the hold of a talk lasts: past its end, so that a late hang-up finds it."""
    return NEVER if until is None else Instant(max(at, until) + TALK_LEASE)
