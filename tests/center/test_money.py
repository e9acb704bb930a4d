"""Money on the way of a call: admission, holds, talks that end, charges, rents (C4-C6, R1-R3)."""

from __future__ import annotations

from tests.center.world import call, day, only, run_day

from callcenter.billing.accounts import Account
from callcenter.files.changes import REMOVED, apply_change
from callcenter.model.ids import CenterId
from callcenter.model.money import Money, fen
from callcenter.model.records import ChargeKind
from callcenter.model.times import DAY, NEVER, Instant
from callcenter.model.value import changed
from callcenter.ports import ChargeSum, EntryOrder
from callcenter.store import MemoryStore

ALWAYS = (Instant(-NEVER), NEVER)


def balance(store: MemoryStore, account: str = "center:demo") -> Money:
    with store.transaction() as tx:
        return tx.ledger.balance(Account(account))


def test_two_talks_that_share_a_balance_end_when_it_is_used_up() -> None:
    """100.00 at 12.00 a minute pays eight minutes: four for each of two talks that began together."""
    rows = run_day(day(call("c1", 0), call("c2", 0), balance="100.00"))
    ended = [(row["t"], row["call"], row["by"]) for row in only(rows, "talk_ended")]
    assert ended == [(240.0, "c1", "credit"), (240.0, "c2", "credit")]
    assert sum(float(row["fen"]) for row in only(rows, "charged")) == 96.0


def test_a_second_call_takes_from_what_the_first_may_use() -> None:
    """36.00, the second 30 s later: it gets one minute, the first two; nothing is overdrawn."""
    rows = run_day(day(call("c1", 0), call("c2", 30), balance="36.00"))
    ended = {row["call"]: row["talk_s"] for row in only(rows, "talk_ended")}
    assert ended == {"c1": 120.0, "c2": 60.0}


def test_a_call_that_ends_gives_its_hold_back_to_the_others() -> None:
    """The second hangs up after 10 s: the increment it held and did not begin goes back to the first."""
    rows = run_day(day(call("c1", 0), call("c2", 30, talk_s=10), balance="60.00"))
    ended = {row["call"]: (row["talk_s"], row["by"]) for row in only(rows, "talk_ended")}
    assert ended == {"c1": (240.0, "credit"), "c2": (10.0, "caller")}


def test_a_call_that_finds_its_center_in_arrears_is_served_after_a_top_up() -> None:
    """C5: refused without money, served again the moment a top-up covers it."""
    top_up = '\n[[top_up]]\nt = 50\ncenter = "demo"\nfen = "12.00"\n'
    rows = run_day(day(call("c1", 10), call("c2", 50, talk_s=5), balance="0", rest="" + top_up))
    assert [row["call"] for row in only(rows, "call_rejected")] == ["c1"]
    assert [row["call"] for row in only(rows, "connected")] == ["c2"]


def test_a_credit_limit_is_money_too() -> None:
    """Balance 0 and a limit of 12.00 admit one minute; the balance is then minus 12.00."""
    store = MemoryStore()
    rows = run_day(day(call("c1", 0), balance="0", more='credit_limit_fen = "12.00"'), store)
    assert [row["talk_s"] for row in only(rows, "talk_ended")] == [60.0]
    assert balance(store) == fen("-12.00")


def test_a_center_without_a_rate_plan_talks_for_nothing_and_has_its_lines() -> None:
    """Each talk gets a line of 0.00."""
    scenario = day(call("c1", 0, talk_s=37), balance="0")
    free = changed(scenario, data=apply_change(scenario.data, "center.demo.rate", REMOVED))
    assert [(row["seconds"], row["fen"]) for row in only(run_day(free), "charged")] == [(37, "0.00")]


def test_the_reseller_keeps_the_margin_of_a_call() -> None:
    """At retail 12 and wholesale 8: center -12, revenue +8, margin +4; a top-up comes out of the reseller's balance."""
    store = MemoryStore()
    rest = """
[reseller.west]
balance_fen = "100.00"
wholesale = "flat8"
[enterprise.acme]
reseller = "west"
[[top_up]]
t = 300
center = "demo"
fen = "30.00"
[[top_up]]
t = 310
center = "demo"
fen = "70.01"
"""
    run_day(day(call("c1", 0, talk_s=30), balance="100.00", more='enterprise = "acme"', rest=rest), store)
    assert balance(store, "revenue:call") == fen("8.00")
    assert balance(store, "margin:west") == fen("4.00")
    assert balance(store, "reseller:west") == fen("70.00")  # 70.01 more was refused for funds
    assert balance(store) == fen("118.00")


def test_the_rent_of_a_date_is_taken_at_three_local_whatever_the_balance() -> None:
    """C6, G2: two seats at 300 yuan a month cost 2 x 986.30; a talk that goes on is cut when the money is gone."""
    store = MemoryStore()
    rent = 'created = "2009-03-01"\nrent = { seat_month_fen = "30000" }'
    scenario = day(call("c1", 17 * 3600 - 90), balance="100.00", more=rent, ends=17 * 3600 + 60)
    rows = run_day(scenario, store)
    assert [(row["t"], row["key"], row["fen"]) for row in only(rows, "posted")] == [
        (61200.0, "rent:demo:2009-03-03", "1972.60")
    ]
    assert [(row["t"], row["by"]) for row in only(rows, "talk_ended")] == [(61200.0, "credit")]
    assert balance(store) == fen("100.00") - fen("1972.60") - fen("24.00")


def test_a_minimum_is_posted_by_the_run_that_may_settle_its_month() -> None:
    """R2, R3: created on 16 January, 200 yuan a month: 20000 x 16/31 less the charges, on 2 February, once."""
    store = MemoryStore()
    more = 'created = "2009-01-16"\nrent = { seat_month_fen = "0", minimum_month_fen = "20000" }'
    scenario = day(call("c1", 10, talk_s=30), more=more, balance="20000.00", ends=3 * 86400)
    january = changed(scenario, starts_at=Instant(scenario.starts_at - 30 * DAY))
    rows = run_day(january, store)
    minimums = [(row["t"], row["key"], row["fen"]) for row in only(rows, "posted") if row["kind"] == "minimum"]
    assert minimums == [(147600.0, "min:demo:2009-01", "10310.58")]
    with store.transaction() as tx:
        assert tx.records.charged(CenterId("demo"), ChargeKind.CALL, *ALWAYS) == ChargeSum(
            lines=1, seconds=30, amount=fen("12.00")
        )


def test_the_cap_of_a_day_stops_calls_until_midnight() -> None:
    """3.10.8: charges of 24.00 reach the cap; the next call is over it; on the next date calls are served again."""
    more = 'caps = { day_fen = "24.00" }'
    calls = (call("c1", 0, talk_s=70), call("c2", 100), call("c3", 15 * 3600, talk_s=5))
    rows = run_day(day(*calls, more=more, ends=16 * 3600))
    assert [(row["call"], row["reason"]) for row in only(rows, "call_rejected")] == [("c2", "over_cap")]
    assert [row["call"] for row in only(rows, "connected")] == ["c1", "c3"]


def test_every_line_has_its_entry_and_every_entry_its_line() -> None:
    """Charge detail, ledger and balance say the same; every hold is closed."""
    store = MemoryStore()
    run_day(day(call("c1", 0, talk_s=70), call("c2", 5, talk_s=30), call("c3", 6, talk_s=1)), store)
    with store.transaction() as tx:
        lines = tx.records.charges(CenterId("demo"), *ALWAYS)
        account = Account("center:demo")
        entries = {entry.key: entry.amount(account) for entry in tx.ledger.entries(account, *ALWAYS, EntryOrder.POSTED)}
        assert {line.key: -line.amount for line in lines} == {
            key: amount for key, amount in entries.items() if key.startswith("call:")
        }
        assert tx.holds.open() == ()
