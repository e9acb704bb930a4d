"""Who is admitted, and until when money lasts (C4, C5)."""

from __future__ import annotations

import pytest

from callcenter.billing.accounts import Account
from callcenter.billing.credit import (
    TALK_LEASE,
    Funds,
    admits,
    hold_id,
    in_arrears,
    ring_expiry,
    talk_end,
    talk_expiry,
    warn_at,
)
from callcenter.billing.holds import Hold, HoldState
from callcenter.model.ids import CallId
from callcenter.model.money import ZERO, Money, fen
from callcenter.model.times import NEVER, SECOND, Instant


@pytest.mark.parametrize(
    ("balance", "limit", "held", "admitted"),
    [
        ("11.99", "0", "0", False),
        ("12.00", "0", "0", True),
        ("0", "12.00", "0", True),
        ("0", "11.99", "0", False),
        ("24.00", "0", "12.00", True),
        ("23.99", "0", "12.00", False),
        ("-5.00", "17.00", "0", True),
    ],
)
def test_a_call_is_admitted_when_one_second_is_covered(balance: str, limit: str, held: str, admitted: bool) -> None:
    """Balance + limit - holds against the posted cost of a second (12.00); equality admits. Arrears is the opposite."""
    funds = Funds(balance=fen(balance), limit=fen(limit), held=fen(held))
    assert admits(funds, fen(12)) is admitted
    assert in_arrears(funds, fen(12)) is not admitted


def test_a_negative_balance_admits_not_even_what_costs_nothing() -> None:
    """Zero admits a free call, one hao below does not."""
    assert admits(Funds(balance=ZERO), ZERO)
    assert not admits(Funds(balance=Money(-1)), ZERO)


def test_a_talk_may_use_its_own_hold_and_what_is_available() -> None:
    """Not what other talks hold."""
    funds = Funds(balance=fen(100), limit=fen(10), held=fen(36))
    assert funds.available == fen(74)
    assert funds.beside(fen(12)) == fen(86)


def test_a_talk_ends_with_its_money_and_is_warned_before() -> None:
    """60 s before; a talk without a limit has neither."""
    end = talk_end(Instant(5), 60)
    assert end == 5 + 60 * SECOND
    assert warn_at(end) == 5
    assert talk_end(Instant(5), None) is None
    assert warn_at(None) is None


def test_holds_outlast_what_they_are_for() -> None:
    """A late hang-up still finds the hold of its talk, whenever the end was told."""
    assert ring_expiry(Instant(5)) > 5
    assert talk_expiry(Instant(5), Instant(60)) == 60 + TALK_LEASE
    assert talk_expiry(Instant(61), Instant(60)) == 61 + TALK_LEASE
    assert talk_expiry(Instant(5), None) == NEVER


def test_each_call_has_one_hold() -> None:
    """Named after it."""
    assert hold_id(CallId("c1")) != hold_id(CallId("c2"))


def test_an_overrun_is_what_was_captured_above_the_hold() -> None:
    """Of a captured hold only; never below zero."""

    def hold(state: HoldState, captured: str) -> Hold:
        return Hold(
            id="h",
            account=Account("a"),
            amount=fen(12),
            placed_at=Instant(0),
            expires_at=Instant(9),
            state=state,
            captured=fen(captured),
        )

    assert hold(HoldState.CAPTURED, "15").overrun == fen(3)
    assert hold(HoldState.CAPTURED, "10").overrun == ZERO
    assert hold(HoldState.OPEN, "0").overrun == ZERO
    assert hold(HoldState.OPEN, "0").live(Instant(8))
    assert not hold(HoldState.OPEN, "0").live(Instant(9))
    assert not hold(HoldState.VOID, "0").live(Instant(0))
