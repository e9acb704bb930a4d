"""The back office: statements that add up, re-rating by difference, alerts by crossing, the end of a center (L16, L17, P3)."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from callcenter.billing.accounts import Account, center_account, reseller_account
from callcenter.billing.alerts import Level, Marks, alerts, crossing, level
from callcenter.billing.entries import Act, Wholesale, call_entry, call_key
from callcenter.billing.ledger import Entry, EntryKind, Outcome, Refusal
from callcenter.billing.plans import RatePlan
from callcenter.center import books
from callcenter.center.office import Office, Payee
from callcenter.compat import override
from callcenter.errors import StoreError, UsageError
from callcenter.model.ids import CallId, CenterId, ResellerId
from callcenter.model.money import ZERO, Money, fen
from callcenter.model.outcomes import AlertKind
from callcenter.model.records import ChargeKind, ChargeLine
from callcenter.model.times import DAY, NEVER, SECOND, Instant, parse_date, parse_instant
from callcenter.model.value import changed
from callcenter.store import MemoryStore
from callcenter.store.memory import MemoryTransaction

FAR = Instant(NEVER // 2)
DEMO = CenterId("demo")
ACCOUNT = center_account(DEMO)
BEGIN = parse_instant("2009-01-01T00:00:00+08:00")
ACT = Act(at=BEGIN, actor="anna")
ALWAYS = (Instant(-NEVER), NEVER)
PRICES = {"flat12": 12, "flat8": 8, "flat6": 6}


def shop(**more: object) -> dict[str, object]:
    center = {
        "access_number": "95990001",
        "ivr": "group:1",
        "created": "2009-01-01",
        "balance_fen": "5000.00",
        "rate": "flat12",
        "enterprise": "acme",
        "agent": {"A": {"phone": "013900000001"}},
        "group": {"1": {"kind": "login", "members": ["A"]}},
        **more,
    }
    steps = {
        name: [{"from_s": 0, "price_fen": f"{price}", "per_s": 60, "increment_s": 60}] for name, price in PRICES.items()
    }
    return {
        "schema": 1,
        "reseller": {"west": {"balance_fen": "1000.00", "wholesale": "flat8"}},
        "enterprise": {"acme": {"reseller": "west"}},
        "center": {"demo": center},
        "rate": {
            name: {"versions": [{"effective_from": "2008-01-01", "rules": [{"steps": each}]}]}
            for name, each in steps.items()
        },
    }


def office(**more: object) -> tuple[Office, MemoryStore]:
    store = MemoryStore()
    made = Office(store)
    made.load(shop(**more), BEGIN)
    return made, store


def talk(store: MemoryStore, number: int, answered_at: Instant, seconds: int, *, margin: bool = True) -> None:
    """Post a finished talk at 12 fen a minute, bought at 8, as a host does."""
    minutes = -(-seconds // 60)
    key = call_key(CallId(f"c{number}"), 1)
    line = ChargeLine(
        key=key,
        kind=ChargeKind.CALL,
        center=DEMO,
        caller="013900001111",
        access_number="95990001",
        agent_phone="013900000001",
        ring_at=answered_at,
        answered_at=answered_at,
        ended_at=Instant(answered_at + seconds * SECOND),
        seconds=seconds,
        amount=fen(12) * minutes,
    )
    bought = Wholesale(reseller=ResellerId("west"), amount=fen(8) * minutes) if margin else None
    with store.transaction() as tx:
        tx.ledger.post(call_entry(key, DEMO, line.amount, answered_at, ACT, bought))
        tx.records.add_charge(line)


def balance(store: MemoryStore, account: Account = ACCOUNT) -> Money:
    with store.transaction() as tx:
        return tx.ledger.balance(account)


# ---------------------------------------------------------------- statements


@given(st.integers(0, 10**6))
def test_statements_add_up(seed: int) -> None:
    """L16: cut anywhere, the parts are the whole; opening and lines make the closing; subtotals make the difference."""
    dice = random.Random(seed)
    made, store = office()
    for number in range(dice.randrange(8)):
        talk(store, number, Instant(BEGIN + dice.randrange(40) * DAY // 4), dice.randrange(300))
        act = Act(at=Instant(BEGIN + dice.randrange(40) * DAY // 4))
        made.deduct(Payee(center=DEMO), f"{number}", Money(dice.randrange(1, 999)), act)
    cuts = sorted(Instant(BEGIN + dice.randrange(-4, 44) * DAY // 4) for _ in range(3))
    known = dice.choice([None, Instant(BEGIN + dice.randrange(40) * DAY // 4)])
    first = made.statement(ACCOUNT, cuts[0], cuts[1], known)
    second = made.statement(ACCOUNT, cuts[1], cuts[2], known)
    whole = made.statement(ACCOUNT, cuts[0], cuts[2], known)
    assert second.opening == first.closing
    assert (*first.lines, *second.lines) == whole.lines
    assert whole.closing == second.closing
    assert whole.opening + sum((line.paid_in - line.paid_out for line in whole.lines), ZERO) == whole.closing
    assert sum(whole.subtotals.values(), ZERO) == whole.closing - whole.opening
    if known is None:
        assert made.statement(ACCOUNT, *ALWAYS).closing == balance(store)


def test_a_statement_as_it_was_known() -> None:
    """Time-travel by both times: what counted when, by what had been written down when."""
    made, _store = office(rent={"seat_month_fen": "30000"})
    day = parse_date("2009-01-02")
    made.settle(day, clock=FAR)
    late = Instant(BEGIN + 10 * DAY)
    made.settle(day + timedelta(days=1), clock=FAR, now=late)
    asked = (Instant(BEGIN), Instant(BEGIN + 5 * DAY))
    then = made.statement(ACCOUNT, *asked, known_at=Instant(late - 1))
    now = made.statement(ACCOUNT, *asked)
    assert [line.key for line in then.lines] == ["open:center:demo", "rent:demo:2009-01-01", "rent:demo:2009-01-02"]
    assert [line.key for line in now.lines] == [*(line.key for line in then.lines), "rent:demo:2009-01-03"]
    assert now.closing == then.closing - fen("986.30")


# ---------------------------------------------------------------- re-rating

JANUARY = (parse_date("2009-01-01"), parse_date("2009-01-31"))


def test_what_if_touches_nothing_and_apply_posts_exactly_that() -> None:
    """Two talks of 60 s and 61 s from 12 to 6 fen: 6.00 and 12.00 less; the margin bears it, a second time nothing."""
    made, store = office()
    talk(store, 1, Instant(BEGIN + DAY), 60)
    talk(store, 2, Instant(BEGIN + 2 * DAY), 61)
    talk(store, 3, Instant(BEGIN + 40 * DAY), 61)
    before = store.dump()
    imagined = made.what_if(RatePlan.per_minute(fen(6)), *JANUARY)
    assert store.dump() == before
    assert (imagined.talks, imagined.total, dict(imagined.by_center)) == (2, fen(-18), {DEMO: fen(-18)})
    assert [each.delta for each in imagined.differences] == [fen(-6), fen(-12)]
    funds, margin = balance(store), balance(store, Account("margin:west"))
    posted = made.apply(imagined, "spring", ACT)
    assert [posting.outcome for posting in posted] == [Outcome.CREATED, Outcome.CREATED]
    assert posted[0].entry.key == "rerate:spring:call:c1:1"
    assert balance(store) == funds + fen(18)
    assert balance(store, Account("margin:west")) == margin - fen(18)
    assert made.reconcile().findings == ()
    after = store.dump()
    assert [posting.outcome for posting in made.apply(imagined, "spring", ACT)] == [Outcome.EXISTS, Outcome.EXISTS]
    assert made.what_if(RatePlan.per_minute(fen(6)), *JANUARY).differences == ()
    assert store.dump() == after


def test_an_unchanged_plan_changes_nothing() -> None:
    """Re-rating with the plan that was in force posts nothing."""
    made, store = office()
    talk(store, 1, Instant(BEGIN + DAY), 61)
    assert made.what_if(RatePlan.per_minute(fen(12)), *JANUARY).differences == ()


def test_what_was_imagined_of_another_price_is_refused() -> None:
    """Two plans imagined at once: the second finds that the price has moved, and posts nothing of it."""
    made, store = office()
    talk(store, 1, Instant(BEGIN + DAY), 60)
    first, second = (made.what_if(RatePlan.per_minute(fen(price)), *JANUARY) for price in (6, 7))
    made.apply(first, "a", ACT)
    (posting,) = made.apply(second, "b", ACT)
    assert (posting.outcome, posting.refusal) == (Outcome.REFUSED, Refusal.CONFLICT)
    assert balance(store) == fen(5000) - fen(6)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=5), st.lists(st.integers(1, 400), min_size=1, max_size=4))
def test_re_rated_again_and_again_it_is_what_it_would_be_from_scratch(prices: list[int], lengths: list[int]) -> None:
    """L17: whatever plans came between, the last one counts, in the order of the talks and to the hao."""
    made, store = office()
    for number, seconds in enumerate(lengths):
        talk(store, number, Instant(BEGIN + number * DAY), seconds, margin=number % 2 == 0)
    for round_number, price in enumerate(prices):
        plan = RatePlan.per_minute(fen(price))
        imagined = made.what_if(plan, *JANUARY)
        made.apply(imagined, f"{round_number}", ACT)
        made.apply(imagined, f"{round_number}", ACT)
    scratch = sum(-(-seconds // 60) * prices[-1] for seconds in lengths)
    assert balance(store) == fen(5000) - fen(scratch)
    assert made.reconcile().findings == ()


def test_re_rating_changes_the_minimum_of_a_settled_month() -> None:
    """L14: cheaper calls raise it by as much; a price never falls below what was refunded."""
    made, store = office(rent={"seat_month_fen": "0", "minimum_month_fen": "100"})
    talk(store, 1, Instant(BEGIN + DAY), 120)
    made.settle(parse_date("2009-02-02"), clock=FAR)
    funds = balance(store)
    made.refund(Payee(center=DEMO), "r", fen(20), ACT, charge="call:c1:1")
    assert balance(store) == funds
    imagined = made.what_if(RatePlan.per_minute(fen(6)), *JANUARY)
    assert [each.delta for each in imagined.differences] == [fen(-4)]
    made.apply(imagined, "x", ACT)
    assert balance(store) == funds
    assert made.refund(Payee(center=DEMO), "s", fen(1), ACT, charge="call:c1:1").refusal is Refusal.OVER_REFUNDED
    assert made.audit().findings == ()


def test_a_talk_before_the_plan_is_an_error() -> None:
    """It is named, and nothing is imagined."""
    made, store = office()
    talk(store, 1, Instant(BEGIN - DAY), 61)
    with store.transaction() as tx:
        flat = made.archive.shop(tx).rates["flat8"]
    later = changed(flat, versions=tuple(changed(version, effective_from=BEGIN) for version in flat.versions))
    with pytest.raises(UsageError):
        made.what_if(later, parse_date("2008-12-01"), parse_date("2009-01-31"))


# ---------------------------------------------------------------- alerts

MARKS = Marks(low=fen(100), needed=fen(12), limit=ZERO)


@pytest.mark.parametrize(
    ("amounts", "kinds"),
    [
        ([100, -1], ["low_balance"]),
        ([200, -99], []),
        ([200, -100], []),
        ([200, -101, -1, -1], ["low_balance"]),
        ([200, -101, 50, -60], ["low_balance", "low_balance"]),
        ([200, -189], ["exhausted"]),
        ([200, -188], ["low_balance"]),
        ([200, -101, -88], ["low_balance", "exhausted"]),
        ([200, -189, -5, 6], ["exhausted", "restored"]),
        ([200, -189, 500, -501], ["exhausted", "restored", "exhausted"]),
        ([200, -201, 1], ["exhausted"]),
        ([0, 500], ["restored"]),
        ([5], []),
    ],
)
def test_one_alert_for_each_crossing(amounts: list[int], kinds: list[str]) -> None:
    """Going down it is told once, and again only after the balance has risen; coming back to service is told."""
    entries = [entry(number, fen(amount)) for number, amount in enumerate(amounts)]
    found = alerts(ACCOUNT, entries, MARKS)
    assert [alert.kind.value for alert in found] == kinds
    assert [alert.balance for alert in found] == [
        sum((each.amount(ACCOUNT) for each in entries[: int(alert.key) + 1]), ZERO) for alert in found
    ]
    assert alerts(ACCOUNT, entries, MARKS, since=Instant(len(entries))) == ()


def entry(number: int, amount: Money) -> Entry:
    return Entry(
        key=f"{number}",
        kind=EntryKind.TOP_UP,
        effective_at=Instant(number),
        recorded_at=Instant(number),
        actor="",
        legs=((ACCOUNT, amount), (Account("cash"), -amount)),
    )


@given(st.lists(st.integers(-300, 300), max_size=30))
def test_alerts_alternate(amounts: list[int]) -> None:
    """No two alerts of one kind without a recovery between them; exhausted and restored take turns."""
    entries = [entry(number, fen(amount)) for number, amount in enumerate(amounts)]
    found = [alert.kind for alert in alerts(ACCOUNT, entries, MARKS)]
    service = [kind for kind in found if kind is not AlertKind.LOW_BALANCE]
    assert all(one is not other for one, other in pairwise(service))
    running = [sum(amounts[: n + 1]) for n in range(len(amounts))]
    levels = [level(fen(each), MARKS) for each in running]
    expected = [crossing(one, other) for one, other in pairwise(levels)]
    assert found == [kind for kind in expected if kind is not None]


def test_a_credit_limit_is_money_too() -> None:
    """Levels are judged by balance and limit; a negative sum admits nothing even where calls cost nothing."""
    assert level(fen(-50), Marks(limit=fen(50))) is Level.ENOUGH
    assert level(fen("-50.01"), Marks(limit=fen(50))) is Level.EXHAUSTED


def test_the_office_tells_the_alerts_of_a_center() -> None:
    """From its books alone."""
    made, _store = office(balance_fen="101.00")
    made.deduct(Payee(center=DEMO), "1", fen(2), ACT)
    made.deduct(Payee(center=DEMO), "2", fen(99), ACT)
    made.top_up(Payee(center=DEMO), "3", fen(500), ACT)
    found = made.alerts(DEMO, MARKS)
    assert [(alert.kind, alert.key) for alert in found] == [
        (AlertKind.LOW_BALANCE, "deduct:1"),
        (AlertKind.EXHAUSTED, "deduct:2"),
        (AlertKind.RESTORED, "topup:3"),
    ]


# ---------------------------------------------------------------- the end of a center


def closed(made: Office, **more: object) -> None:
    made.load(shop(status="closed", closed="2009-01-16", **more), Instant(BEGIN + 15 * DAY))


RENT = {"seat_month_fen": "30000", "minimum_month_fen": "20000"}


def test_a_closed_center_is_handed_back_when_it_is_settled() -> None:
    """P3: rent to its last day, the pro-rata minimum, and only then the remainder to its reseller, once."""
    made, store = office(rent=RENT, balance_fen="90000.00")
    assert made.hand_back(DEMO, ACT) is None
    closed(made, rent=RENT, balance_fen="90000.00")
    made.settle(parse_date("2009-01-31"), clock=FAR)
    assert made.hand_back(DEMO, ACT) is None
    made.settle(parse_date("2009-02-02"), clock=FAR)
    minimum = Money(round(Fraction(20_000_00 * 16, 31)))
    rest = fen(90_000) - fen("986.30") * 16 - minimum
    assert balance(store) == rest
    posting = made.hand_back(DEMO, ACT)
    assert posting is not None
    assert (posting.entry.key, posting.outcome) == ("close:demo:2009-01-16", Outcome.CREATED)
    assert balance(store) == ZERO
    assert balance(store, reseller_account(ResellerId("west"))) == fen(1000) + rest
    again = made.hand_back(DEMO, ACT)
    assert again is not None
    assert again.outcome is Outcome.EXISTS
    assert made.audit().findings == ()


def test_a_debt_stays_visible() -> None:
    """Nothing is handed back of a balance below zero, and nothing is forgotten."""
    made, store = office(rent=RENT, balance_fen="5.00")
    closed(made, rent=RENT, balance_fen="5.00")
    made.settle(parse_date("2009-02-02"), clock=FAR)
    assert balance(store) < ZERO
    assert made.hand_back(DEMO, ACT) is None


def test_a_center_with_a_hold_is_not_handed_back() -> None:
    """A talk may still have to be charged."""
    made, store = office()
    closed(made)
    with store.transaction() as tx:
        tx.holds.place("hold:c1", ACCOUNT, fen(12), BEGIN, FAR, ZERO)
    assert made.hand_back(DEMO, ACT) is None
    with store.transaction() as tx:
        tx.holds.void("hold:c1")
    posting = made.hand_back(DEMO, ACT)
    assert posting is not None
    assert posting.entry.amount(ACCOUNT) == fen(-5000)


# ---------------------------------------------------------------- what is settled stays


def test_a_change_dated_before_settled_dates_reprices_nothing() -> None:
    """A plan of another price, told today, counts from tomorrow; lines that stand stay as they are."""
    made, _store = office(rent=RENT)
    made.settle(parse_date("2009-01-10"), clock=FAR)
    made.load(shop(rent={"seat_month_fen": "60000", "minimum_month_fen": "20000"}), Instant(BEGIN + 4 * DAY))
    done = made.settle(parse_date("2009-01-12"), clock=FAR)
    assert [(line.key, line.amount) for line in done.posted] == [
        ("rent:demo:2009-01-11", fen("1972.60")),
        ("rent:demo:2009-01-12", fen("1972.60")),
    ]
    assert len(done.already) == 10


def test_a_dry_run_says_what_a_run_would_post_and_posts_nothing() -> None:
    """The same lines, and the store untouched."""
    made, store = office(rent=RENT)
    made.settle(parse_date("2009-01-10"), clock=FAR)
    before = store.dump()
    planned = made.settle(parse_date("2009-02-10"), clock=FAR, dry_run=True)
    assert store.dump() == before
    assert made.settle(parse_date("2009-02-10"), clock=FAR) == planned


class BusyStore(MemoryStore):
    """A store that another process holds, now and then."""

    refusals = 0

    @override
    @contextmanager
    def transaction(self) -> Iterator[MemoryTransaction]:
        if self.refusals:
            self.refusals -= 1
            raise StoreError("E402", reason="database is locked")
        with super().transaction() as tx:
            yield tx


@pytest.mark.parametrize(("refusals", "done"), [(4, True), (5, False)])
def test_a_run_waits_for_other_processes(refusals: int, done: bool) -> None:
    """F15: a locked store is tried again some times; then the run says so, and may be run again."""
    store = BusyStore()
    made = Office(store)
    made.load(shop(rent=RENT), BEGIN)
    store.refusals = refusals
    if done:
        assert len(made.settle(parse_date("2009-01-10"), clock=FAR).posted) == 10
    else:
        with pytest.raises(StoreError, match="E402"):
            made.settle(parse_date("2009-01-10"), clock=FAR)
        assert len(made.settle(parse_date("2009-01-10"), clock=FAR).posted) == 10


def test_progress_is_told() -> None:
    """How many lines of how many, to the end."""
    made, _store = office(rent=RENT)
    told: list[tuple[int, int]] = []
    made.settle(parse_date("2012-01-10"), clock=FAR, progress=lambda done, of: told.append((done, of)))
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1] > 1000
    assert told == sorted(told)


def test_a_store_without_a_shop_has_no_office_work() -> None:
    """It is told to load one first."""
    with pytest.raises(UsageError, match="E511"):
        Office(MemoryStore()).settle(parse_date("2009-01-01"), clock=FAR)


def test_a_hostile_reference_is_refused() -> None:
    """Control characters and endless text are no reference; any printable text is."""
    made, _store = office()
    for ref in ("", " ", "a\nb", "a\x00", "x" * 201):
        with pytest.raises(UsageError, match="E534"):
            made.top_up(Payee(center=DEMO), ref, fen(1), ACT)
    assert made.top_up(Payee(center=DEMO), "凭证 17:a", fen(1), ACT).outcome is Outcome.CREATED


def test_a_shop_is_kept_as_json() -> None:
    """What a version holds can be read by anybody."""
    _made, store = office()
    with store.transaction() as tx:
        latest = tx.shop.latest()
        assert latest is not None
        assert json.loads(latest.text)["center"]["demo"]["created"] == "2009-01-01"
        assert books.settled_base(tx, DEMO, parse_date("2009-01-01")) is None
