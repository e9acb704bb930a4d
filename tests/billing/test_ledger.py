"""Entries cannot be broken, are written down as the books want them, and are refused in a known order."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import example, given, strategies as st

from callcenter.billing.accounts import (
    ADJUSTMENTS,
    CASH,
    Account,
    center_account,
    margin_account,
    reseller_account,
    revenue_account,
)
from callcenter.billing.entries import (
    Act,
    Wholesale,
    call_entry,
    call_key,
    charge_refund_entry,
    closing_entry,
    deduction_entry,
    minimum_correction,
    minimum_entry,
    opening_entry,
    refund_entry,
    rent_entry,
    source_of,
    top_up_entry,
)
from callcenter.billing.ledger import (
    Entry,
    EntryKind,
    Guard,
    Outcome,
    Refusal,
    closed_account,
    difference,
    floors,
    found,
    over_refunded,
)
from callcenter.errors import UsageError
from callcenter.model.ids import CallId, CenterId, ResellerId
from callcenter.model.money import ZERO, Money, fen
from callcenter.model.records import ChargeKind
from callcenter.model.times import Instant, parse_date
from callcenter.model.value import changed

DEMO = CenterId("demo")
WEST = ResellerId("west")
ACCOUNT = center_account(DEMO)
REVENUE = revenue_account(ChargeKind.CALL)
ACT = Act(at=Instant(7), actor="anna", reason="note")


def entry(*legs: tuple[str, int]) -> Entry:
    return Entry(
        key="k",
        kind=EntryKind.CALL,
        effective_at=Instant(0),
        recorded_at=Instant(0),
        actor="",
        legs=tuple((Account(account), Money(hao)) for account, hao in legs),
    )


@pytest.mark.parametrize(
    ("code", "legs"),
    [
        ("E421", []),
        ("E421", [("a", 0)]),
        ("E421", [("a", 1), ("b", 1)]),
        ("E421", [("a", -1), ("b", 2)]),
        ("E421", [("a", 1), ("a", -1)]),
        ("E421", [("a", 1), ("b", -2), ("a", 1)]),
        ("E422", [("a", 10**17), ("b", -(10**17))]),
        ("E422", [("a", -(10**17)), ("b", 10**17)]),
        ("E422", [("a", -(10**17)), ("b", 10**17 - 1), ("c", 1)]),
        ("E422", [("a", 10**17), ("b", 1 - 10**17), ("c", -1)]),
    ],
)
def test_an_entry_that_is_no_double_entry_cannot_be_built(code: str, legs: list[tuple[str, int]]) -> None:
    """Too few legs, a sum that is not zero, an account twice, an amount no store can add up."""
    with pytest.raises(UsageError) as caught:
        entry(*legs)
    assert caught.value.code == code
    assert caught.value.place == "k"


def test_the_largest_amount_and_a_line_of_nothing_can_be_built() -> None:
    """One hao below the limit, and 0.00 (a talk without a plan) are entries."""
    assert entry(("a", 10**17 - 1), ("b", 1 - 10**17)).amount(Account("a")) == Money(10**17 - 1)
    assert entry(("a", 0), ("b", 0)).amount(Account("c")) == ZERO


def test_a_call_at_retail_12_and_wholesale_8() -> None:
    """Center -12, revenue +8, the reseller's margin +4; effective at the answer, recorded when posted."""
    made = call_entry("call:c:1", DEMO, fen(12), Instant(3), ACT, Wholesale(reseller=WEST, amount=fen(8)))
    assert made.legs == ((ACCOUNT, fen(-12)), (REVENUE, fen(8)), (margin_account(WEST), fen(4)))
    assert (made.effective_at, made.recorded_at, made.actor, made.reason) == (3, 7, "anna", "note")


def test_a_call_below_cost_has_a_negative_margin() -> None:
    """Retail 8, wholesale 12: the reseller pays the difference."""
    made = call_entry("call:c:1", DEMO, fen(8), Instant(3), ACT, Wholesale(reseller=WEST, amount=fen(12)))
    assert made.amount(margin_account(WEST)) == fen(-4)


def test_every_kind_has_its_natural_key_instant_and_legs() -> None:
    """What is typed or derived, under the key by which a repeated run finds it."""
    day, month = parse_date("2008-12-29"), parse_date("2009-01-31")
    charge = call_entry(call_key(CallId("c"), 1), DEMO, fen(12), Instant(3), ACT)
    table: list[tuple[Entry, str, EntryKind, int, Account, Account, int, str | None]] = [
        (charge, "call:c:1", EntryKind.CALL, 3, ACCOUNT, REVENUE, 1200, None),
        (
            rent_entry(DEMO, day, fen(5), Instant(3), ACT),
            "rent:demo:2008-12-29", EntryKind.RENT, 3, ACCOUNT, Account("revenue:rent"), 500, None,
        ),
        (
            minimum_entry(DEMO, month, fen(5), Instant(3), ACT),
            "min:demo:2009-01", EntryKind.MINIMUM, 3, ACCOUNT, Account("revenue:minimum"), 500, None,
        ),
        (
            minimum_correction(DEMO, month, fen(-5), Instant(3), ACT, "call:c:9"),
            "min:demo:2009-01:because:call:c:9", EntryKind.MINIMUM, 3, ACCOUNT, Account("revenue:minimum"), -500,
            "call:c:9",
        ),
        (opening_entry(ACCOUNT, fen(5), Instant(3), ACT), "open:center:demo", EntryKind.OPENING, 3, CASH, ACCOUNT, 500, None),
        (top_up_entry("R", ACCOUNT, fen(5), ACT), "topup:R", EntryKind.TOP_UP, 7, CASH, ACCOUNT, 500, None),
        (
            top_up_entry("R", ACCOUNT, fen(5), ACT, reseller_account(WEST), renewal=True),
            "renewal:R", EntryKind.RENEWAL, 7, reseller_account(WEST), ACCOUNT, 500, None,
        ),
        (refund_entry("F", ACCOUNT, fen(5), ACT), "refund:F", EntryKind.REFUND, 7, ADJUSTMENTS, ACCOUNT, 500, None),
        (
            deduction_entry("D", ACCOUNT, fen(5), ACT, "call:c:1"),
            "deduct:D", EntryKind.DEDUCTION, 7, ACCOUNT, ADJUSTMENTS, 500, "call:c:1",
        ),
        (
            charge_refund_entry("F", charge, ACCOUNT, fen(5), ACT),
            "refund:F", EntryKind.REFUND, 7, REVENUE, ACCOUNT, 500, "call:c:1",
        ),
        (
            closing_entry(DEMO, day, fen(5), reseller_account(WEST), Instant(3), ACT),
            "close:demo:2008-12-29", EntryKind.CLOSING, 3, ACCOUNT, reseller_account(WEST), 500, None,
        ),
    ]  # fmt: skip
    for made, key, kind, at, payer, taker, hao, because in table:
        assert (made.key, made.kind, made.effective_at, made.because) == (key, kind, at, because)
        assert {made.amount(payer), made.amount(taker)} == {Money(-hao), Money(hao)}
        assert made.amount(payer) == Money(-hao)
        assert made.recorded_at == 7


def test_a_center_is_topped_up_from_its_reseller_or_from_cash() -> None:
    """A real transfer where there is a reseller."""
    assert source_of(None) == CASH
    assert source_of(WEST) == reseller_account(WEST)


@example(retail=2, wholesale=1, cuts=[1])  # both shares are half a hao
@given(
    retail=st.integers(1, 5000),
    wholesale=st.integers(0, 6000),
    cuts=st.lists(st.integers(0, 5000), max_size=4),
)
def test_refunds_that_add_up_to_a_charge_add_up_to_its_reversal(retail: int, wholesale: int, cuts: list[int]) -> None:
    """Leg by leg, wherever the refunds are cut, also with a negative margin; each is a double entry."""
    charge = call_entry("c", DEMO, Money(retail), Instant(0), ACT, Wholesale(reseller=WEST, amount=Money(wholesale)))
    points = sorted({0, retail, *(cut for cut in cuts if cut < retail)})
    totals = dict.fromkeys((account for account, _ in charge.legs), 0)
    for low, high in itertools.pairwise(points):
        refund = charge_refund_entry(f"{low}", charge, ACCOUNT, Money(high - low), ACT, before=Money(low))
        assert refund.amount(ACCOUNT) == Money(high - low)
        for account, amount in refund.legs:
            totals[account] += amount.hao
    assert totals == {account: -amount.hao for account, amount in charge.legs}


def test_the_order_of_refusals_is_fixed() -> None:
    """Clients may rely on it: the enum's order is the order of precedence."""
    assert [refusal.value for refusal in Refusal] == [
        "conflict",
        "no_original",
        "over_refunded",
        "account_closed",
        "account_frozen",
        "insufficient_funds",
    ]


def test_the_order_of_legs_is_no_content() -> None:
    """An entry written with its legs the other way round is the same entry."""
    first, second = entry(("a", 1), ("b", -1)), entry(("b", -1), ("a", 1))
    assert difference(first, second) is None
    posting = found(first, second)
    assert (posting.outcome, posting.entry) == (Outcome.EXISTS, first)


def test_of_several_differences_the_first_is_named() -> None:
    """Kind, accounts, amount, because, effective instant."""
    stands = entry(("a", 1), ("b", -1))
    other = changed(entry(("a", 2), ("c", -2)), kind=EntryKind.RENT, because="x", effective_at=Instant(1))
    named = []
    for mended in (
        {"kind": stands.kind},
        {"legs": ((Account("a"), Money(2)), (Account("b"), Money(-2)))},
        {"legs": stands.legs},
        {"because": None},
        {"effective_at": Instant(0)},
    ):
        named.append(difference(stands, other))
        other = changed(other, **mended)
    assert named == ["kind", "accounts", "amount", "because", "effective_at"]
    assert difference(stands, other) is None


def test_what_is_given_back_of_a_line_of_nothing_is_no_margin() -> None:
    """It comes out of the revenue alone; whether it may be given back is for the books to say."""
    charge = call_entry("c", DEMO, ZERO, Instant(0), ACT, Wholesale(reseller=WEST, amount=fen(8)))
    refund = charge_refund_entry("r", charge, ACCOUNT, fen(1), ACT)
    assert [amount for _account, amount in refund.legs] == [fen(1), fen(-1), ZERO]


def test_only_transfers_have_floors_and_only_for_the_payer() -> None:
    """Call, rent and deduction are facts; the receiver of a transfer needs no money."""
    guards = ((ACCOUNT, Guard(floor=fen(-1))), (CASH, Guard()), (REVENUE, Guard(closed=True)))
    transfer = top_up_entry("R", reseller_account(WEST), fen(5), ACT, ACCOUNT)
    assert floors(transfer, guards) == ((ACCOUNT, -100),)
    assert floors(top_up_entry("R", ACCOUNT, fen(5), ACT), guards) == ()
    assert floors(top_up_entry("R", reseller_account(WEST), ZERO, ACT, ACCOUNT), guards) == ()
    assert floors(call_entry("c", DEMO, fen(5), Instant(0), ACT), guards) == ()
    assert floors(deduction_entry("D", ACCOUNT, fen(5), ACT), guards) == ()


def test_a_closed_account_stops_what_is_not_derived() -> None:
    """And only entries that touch it."""
    guards = ((CASH, Guard()), (ACCOUNT, Guard(closed=True)))
    assert closed_account(top_up_entry("R", ACCOUNT, fen(5), ACT), guards) == ACCOUNT
    assert closed_account(top_up_entry("R", Account("center:b"), fen(5), ACT), guards) is None
    assert closed_account(call_entry("c", DEMO, fen(5), Instant(0), ACT), guards) is None


def test_refunds_are_measured_on_the_account_that_paid() -> None:
    """What others gave back of the same charge counts; equality is allowed."""
    charge = call_entry("c", DEMO, fen(12), Instant(0), ACT)
    half = charge_refund_entry("1", charge, ACCOUNT, fen(6), ACT)
    rest = charge_refund_entry("2", charge, ACCOUNT, fen(6), ACT, fen(6))
    more = charge_refund_entry("2", charge, ACCOUNT, fen("6.01"), ACT, fen(6))
    assert not over_refunded(rest, charge, [half])
    assert over_refunded(more, charge, [half])
    assert not over_refunded(more, charge, [])
