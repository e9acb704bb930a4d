"""What became of a call, in one line that a program can print."""

from __future__ import annotations

from callcenter.compat import override
from callcenter.model.facts import CallOutcome
from callcenter.model.money import ZERO, Money
from callcenter.model.times import Duration
from callcenter.model.value import value
from callcenter.reports.timeline import Journey


@value
class Receipt:
    """What became of a call so far.

    Attributes:
        caller: Who called.
        party: Who answered; empty when nobody did.
        wait: From the key to the answer; 0 when nobody answered.
        seconds: Charged seconds.
        amount: What its talks cost.
        outcome: None while it lasts.
    """

    caller: str
    party: str
    wait: Duration
    seconds: int
    amount: Money
    outcome: CallOutcome | None

    @override
    def __str__(self) -> str:
        """Return ``caller → who  seconds  fen``, or the outcome of a call that nobody answered."""
        if self.party:
            return f"{self.caller} → {self.party}  {self.seconds} s  {self.amount} fen"
        return f"{self.caller} ● {self.outcome.value if self.outcome else '…'}"


def receipt_of(life: Journey) -> Receipt:
    """Return the receipt of a call's life."""
    waited = life.talk_at is not None and life.queued_at is not None
    return Receipt(
        caller=life.caller,
        party="" if life.party is None else life.party.id,
        wait=Duration((life.talk_at or 0) - (life.queued_at or 0) if waited else 0),
        seconds=life.seconds,
        amount=ZERO if life.amount is None else life.amount,
        outcome=life.outcome,
    )
