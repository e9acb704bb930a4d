"""The laws of rent, minimum, statements and re-rating, to be held against terms, plans and books of your own (L13-L17).

:func:`check_rent_laws` and :func:`check_minimum_laws` take a rent agreement, :func:`check_books` a store with whatever
is in it, :func:`check_rerating_laws` a plan. Each raises AssertionError that names the law and the case.
"""

from __future__ import annotations

import random
from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Final

from callcenter.billing.accounts import center_account
from callcenter.billing.entries import Act, call_entry, call_key
from callcenter.billing.ledger import EntryKind
from callcenter.billing.minimum import minimum_base, minimum_line, month_range, next_month, settles_on
from callcenter.billing.plans import RatePlan
from callcenter.billing.rating import rate
from callcenter.billing.rent import seat_price
from callcenter.billing.rent_terms import RentPlan, RentTerms
from callcenter.billing.settlement import Stretch, Tenancy, settlement
from callcenter.billing.usage import Usage
from callcenter.center import books
from callcenter.center.inquiry import ALWAYS
from callcenter.center.office import Office, Payee
from callcenter.files.shop import Shop
from callcenter.model.directory import CallCenter
from callcenter.model.ids import CallId, CenterId
from callcenter.model.money import ZERO, Money
from callcenter.model.records import ChargeKind, ChargeLine
from callcenter.model.times import DAY, NEVER, SECOND, Instant, zone
from callcenter.model.tree import HANGUP
from callcenter.ports import ShopVersion, Store
from callcenter.store import MemoryStore

CENTER: Final = CenterId("laws")
ACCOUNT: Final = center_account(CENTER)
_FAR: Final = Instant(NEVER // 2)
_ONE_DAY: Final = timedelta(days=1)


# ---------------------------------------------------------------- rent


def check_rent_laws(terms: RentTerms, *, years: int = 4) -> None:
    """Hold a rent agreement to L13 and L15: whole periods cost exactly the fee, parts at most half a hao less or more.

    Args:
        terms: Any agreement; FIXED_DAILY promises only that every day costs the same.
        years: How many years from the anchor are gone through.
    """
    first = terms.anchor
    days = [first + _ONE_DAY * offset for offset in range(366 * years)]
    prices = {day: seat_price(terms, day) for day in reversed(days)}  # in no particular order
    assert all(prices[day] == seat_price(terms, day) for day in days), "the price of a day depends on the order of days"
    if terms.plan is RentPlan.FIXED_DAILY:
        assert len(set(prices.values())) == 1, "L13: days of FIXED_DAILY differ"
    else:
        for start, length, fee in _periods(terms, years):
            _adds_up([seat_price(terms, start + _ONE_DAY * offset) for offset in range(length)], fee, start)
    _calendar(terms, first, days[-1])


def _periods(terms: RentTerms, years: int) -> list[tuple[date, int, int]]:
    """Return (first day, days, fee in hao) of each period of an exact plan."""
    if terms.plan is RentPlan.EXACT_MONTH:
        month, found = terms.anchor.replace(day=1), []
        for _ in range(12 * years):
            found.append((month, monthrange(month.year, month.month)[1], terms.seat_month.hao))
            month = next_month(month)
        return found
    starts = [_anniversary(terms.anchor, terms.anchor.year + offset) for offset in range(years + 1)]
    return [(start, (end - start).days, terms.seat_month.hao * 12) for start, end in pairwise(starts)]


def _anniversary(anchor: date, year: int) -> date:
    try:
        return anchor.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 2, 28)


def _adds_up(prices: list[Money], fee: int, start: date) -> None:
    total = 0
    for number, price in enumerate(prices, 1):
        total += price.hao
        share = Fraction(fee * number, len(prices))
        assert abs(total - share) <= Fraction(1, 2), f"L13: {number} days from {start} are half a hao off their share"
    assert total == fee, f"L13: the period from {start} does not add up to its fee"


def _calendar(terms: RentTerms, first: date, last: date) -> None:
    tenancy = Tenancy(
        center=CENTER,
        access_number="95990001",
        zone=zone("Asia/Shanghai"),
        stretches=(Stretch(first=first, last=None, terms=terms),),
    )
    due = settlement([tenancy], last, lambda _center, _day: 1, lambda _center, _month: ZERO)
    rents = [line.day for line in due if line.kind is ChargeKind.RENT]
    months = [line.day for line in due if line.kind is ChargeKind.MINIMUM]
    assert rents == [first + _ONE_DAY * offset for offset in range((last - first).days + 1)], "L15: dates"
    expected, month = [], first.replace(day=1)
    while settles_on(month, terms) <= last:
        expected.append(next_month(month) - _ONE_DAY)
        month = next_month(month)
    assert months == (expected if terms.minimum_month else []), "L15: months by their last day"


# ---------------------------------------------------------------- minimum


def check_minimum_laws(terms: RentTerms, *, cases: int = 50, seed: int = 1) -> None:
    """Hold a rent agreement to L14: charges and minimum of a month are the larger of charges and base, in any order.

    Calls, refunds and settlement runs come in orders drawn at random, each case on books of its own; after each step
    what is settled already holds, and the audit finds nothing.

    Args:
        terms: Any agreement with a minimum.
        cases: How many orders are tried.
        seed: The same orders for the same seed.
    """
    for number in range(cases):
        dice = random.Random(f"{seed}/{number}")
        try:
            _one_month(terms, dice)
        except AssertionError as error:
            error.add_note(f"L14: case {number} of seed {seed}")
            raise


def _one_month(terms: RentTerms, dice: random.Random) -> None:
    store, office = books_with(terms)
    month = terms.anchor
    place = zone("Asia/Shanghai")
    begin, end = place.at(month), month_range(place, month)[1]
    steps: list[str] = ["call"] * dice.randrange(5) + ["refund"] * dice.randrange(3) + ["settle"]
    dice.shuffle(steps)
    costs: list[int] = []
    back: dict[int, int] = {}
    settled = False
    for number, step in enumerate(steps):
        if step == "call":
            charge(store, f"c{len(costs)}", Instant(dice.randrange(begin, end)), Money(dice.randrange(3_000_000)))
            costs.append(_last_cost(store, len(costs)))
        elif step == "refund" and any(costs):
            call = dice.choice([place for place, cost in enumerate(costs) if cost])
            amount = dice.randrange(1, costs[call] + 1)
            posting = office.refund(
                Payee(center=CENTER), f"r{number}", Money(amount), Act(at=end), charge=call_key(CallId(f"c{call}"), 1)
            )
            if posting.refusal is None:
                back[call] = back.get(call, 0) + amount
        elif step == "settle":
            office.settle(settles_on(month, terms), clock=_FAR)
            settled = True
        if settled:
            _holds_to(store, office, terms, month, Money(sum(costs) - sum(back.values())))


def _last_cost(store: Store, number: int) -> int:
    with store.transaction() as tx:
        entry = tx.ledger.entry(call_key(CallId(f"c{number}"), 1))
    assert entry is not None
    return -entry.amount(ACCOUNT).hao


def _holds_to(store: Store, office: Office, terms: RentTerms, month: date, charges: Money) -> None:
    if not terms.minimum_month:
        return
    days = (next_month(month) - month).days
    base = minimum_base(terms.minimum_month, days, month)
    with store.transaction() as tx:
        taken = books.minimum_taken(tx, CENTER, zone("Asia/Shanghai"), month)
    assert taken == minimum_line(base, charges), "L14: the minimum is not what the charges leave of it"
    assert charges + taken == max(charges, base), "L14: charges + minimum = max(charges, base)"
    assert office.audit().findings == ()


def books_with(terms: RentTerms | None) -> tuple[MemoryStore, Office]:
    """Return new books of one center under an agreement, open from its anchor on."""
    created = date(2009, 1, 1) if terms is None else terms.anchor
    center = CallCenter(id=CENTER, access_number="95990001", ivr=HANGUP, created=created)
    shop = Shop(centers={CENTER: center}, rents={} if terms is None else {CENTER: terms})
    store = MemoryStore()
    with store.transaction() as tx:
        tx.shop.save(ShopVersion(version=1, text="{}", at=Instant(0)))
    return store, Office(store, read=lambda _data, _at: shop)


def charge(store: Store, call: str, answered_at: Instant, cost: Money, seconds: int = 60) -> None:
    """Post a finished talk as a host does, with what a settled month then needs."""
    key, act = call_key(CallId(call), 1), Act(at=answered_at)
    line = ChargeLine(
        key=key,
        kind=ChargeKind.CALL,
        center=CENTER,
        caller="013900001111",
        access_number="95990001",
        agent_phone="013900000001",
        ring_at=answered_at,
        answered_at=answered_at,
        ended_at=Instant(answered_at + seconds * SECOND),
        seconds=seconds,
        amount=cost,
    )
    center = books.Standing(id=CENTER, zone=zone("Asia/Shanghai"), access_number="95990001")
    with store.transaction() as tx:
        tx.ledger.post(call_entry(key, CENTER, cost, answered_at, act))
        tx.records.add_charge(line)
        books.correct_minimum(tx, center, answered_at, key, act)


# ---------------------------------------------------------------- books


def check_books(store: Store, *, cuts: int = 20, seed: int = 1) -> None:
    """Hold the books of a store to L9 and L16, whatever is in them.

    Double entry, balances as sums of entries, statements that add up wherever they are cut.

    Args:
        store: Any store.
        cuts: How many ranges are tried on each account.
        seed: The same ranges for the same seed.
    """
    dice = random.Random(seed)
    with store.transaction() as tx:
        accounts = tx.ledger.accounts()
        total = sum((tx.ledger.balance(account) for account in accounts), ZERO)
        assert total == ZERO, f"L9: all accounts together are {total}"
    office = Office(store)
    for account in accounts:
        with store.transaction() as tx:
            entries = tx.ledger.entries(account, *ALWAYS)
            balance = tx.ledger.balance(account)
        summed = sum((entry.amount(account) for entry in entries), ZERO)
        assert summed == balance, f"L9: {account} stands at {balance}, its entries sum to {summed}"
        moments = sorted({entry.effective_at for entry in entries}) or [Instant(0)]
        for _ in range(cuts):
            start, middle, end = sorted(
                Instant(dice.choice(moments) + dice.choice([-DAY, 0, 1, DAY])) for _ in range(3)
            )
            first, second = office.statement(account, start, middle), office.statement(account, middle, end)
            whole = office.statement(account, start, end)
            assert first.closing == second.opening, f"L16: {account} at {middle}"
            assert (*first.lines, *second.lines) == whole.lines, f"L16: {account} at {middle}"
            assert whole.opening + sum((line.amount for line in whole.lines), ZERO) == whole.closing, "L16"


# ---------------------------------------------------------------- re-rating


def check_rerating_laws(plan: RatePlan, *, cases: int = 20, seed: int = 1) -> None:
    """Hold a plan to L17: re-rated by it twice is once, and whatever was charged before, it ends as rated from scratch.

    Args:
        plan: Any plan in force in 2009; rules that ask for a tag match none.
        cases: How many months are tried.
        seed: The same months for the same seed.
    """
    for number in range(cases):
        dice = random.Random(f"{seed}/{number}")
        store, office = books_with(None)
        scratch = ZERO
        for call in range(dice.randrange(1, 8)):
            start = Instant(zone("Asia/Shanghai").at(date(2009, 1, 1)) + dice.randrange(30 * DAY))
            length = dice.choice([1, 59, 60, 61, 600, dice.randrange(4000)])
            charge(store, f"c{call}", start, Money(dice.randrange(100_000)), length)
            end = Instant(start + length * SECOND)
            usage = Usage(answered_at=start, ended_at=end, caller="013900001111", called="95990001")
            scratch += rate(usage, plan).posted
        for batch in ("first", "again"):
            imagined = office.what_if(plan, date(2009, 1, 1), date(2009, 1, 31))
            assert batch == "first" or not imagined.differences, f"L17: case {number}: twice is not once"
            office.apply(imagined, batch, Act(at=_FAR))
            office.apply(imagined, batch, Act(at=_FAR))
        with store.transaction() as tx:
            taken = tx.ledger.taken(ACCOUNT, EntryKind.CALL, *ALWAYS)
        assert taken == scratch, f"L17: case {number}: {taken} was taken, from scratch it is {scratch}"
