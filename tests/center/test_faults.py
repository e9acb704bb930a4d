"""Promises about money in calls that other systems were seen to break: holds given back, talks that share a call, plans."""

from __future__ import annotations

from typing import Any

from tests.center.world import call, day, only, run_day

from callcenter.billing.accounts import Account
from callcenter.model.money import fen
from callcenter.model.times import NEVER, Instant
from callcenter.ports import EntryOrder
from callcenter.store import MemoryStore


def does(agent: str, t: float, **what: str) -> str:
    """Return a row of ``[[agents_do]]``; the values are written as TOML."""
    return "\n".join([f'\n[[agents_do]]\nagent = "{agent}"\nt = {t}', *(f"{key} = {it}" for key, it in what.items())])


def talks(rows: list[dict[str, Any]]) -> dict[str, list[tuple[float, str]]]:
    """Return length and end of each call's talks."""
    found: dict[str, list[tuple[float, str]]] = {}
    for row in only(rows, "talk_ended"):
        found.setdefault(row["call"], []).append((row["talk_s"], row["by"]))
    return found


def test_a_call_that_nobody_answers_gives_its_hold_back() -> None:
    """4.2: the money of one talk, held while phones ring in vain, is there for the next caller."""
    store = MemoryStore()
    people = does("A", 0, answer='"never"') + does("B", 0, answer='"never"') + does("A", 20, answer="{ after_s = 0 }")
    rows = run_day(day(call("c1", 1, patience_s=5), call("c2", 30), balance="12.00", rest=people, ends=200), store)
    assert talks(rows) == {"c2": [(60.0, "credit")]}
    with store.transaction() as tx:
        assert tx.holds.open() == ()


def test_the_money_of_a_talk_is_held_while_its_phone_rings() -> None:
    """C4: 12.00 are one talk: while a phone rings for it, a second caller is refused, and no phone rings for that one."""
    people = does("A", 0, answer="{ after_s = 3 }")
    rows = run_day(day(call("c1", 1, talk_s=5), call("c2", 2, talk_s=5), balance="12.00", rest=people))
    assert [row["call"] for row in only(rows, "agent_offered")] == ["c1"]
    assert [(row["call"], row["reason"]) for row in only(rows, "call_rejected")] == [("c2", "insufficient_balance")]
    assert talks(rows) == {"c1": [(5.0, "caller")]}


def test_the_talk_after_a_transfer_has_a_line_and_a_key_of_its_own() -> None:
    """C4b: one line per talk: 30 s with A and 100 s with B are one minute and two."""
    store = MemoryStore()
    people = does("B", 0, do='"not_ready"', reason='"later"') + does("B", 20, do='"ready"')
    moved = does("A", 31, do='"transfer"', target='"agent:B"')
    run_day(day(call("c1", 1, talk_s=100), rest=people + moved), store)
    account = Account("center:demo")
    with store.transaction() as tx:
        entries = tx.ledger.entries(account, Instant(-NEVER), NEVER, EntryOrder.POSTED)
    charged = {entry.key: -entry.amount(account) for entry in entries if entry.key.startswith("call:")}
    assert charged == {"call:c1:1": fen(12), "call:c1:2": fen(24)}


def test_a_talk_is_rated_by_the_plan_of_its_answer() -> None:
    """4.1: a plan that is changed in mid-talk prices the next talk, not this one."""
    change = '\n[[change]]\nt = 30\npath = "center.demo.rate"\nvalue = "flat8"\n'
    rows = run_day(day(call("c1", 0, talk_s=70), call("c2", 100, talk_s=70), rest=change))
    assert [row["fen"] for row in only(rows, "charged")] == ["24.00", "16.00"]


def test_a_top_up_during_a_talk_moves_its_end() -> None:
    """4.2: one minute was paid; another minute's money at 30 s makes it two, and the talk ends then."""
    top_up = '\n[[top_up]]\nt = 30\ncenter = "demo"\nfen = "12.00"\n'
    rows = run_day(day(call("c1", 0), balance="12.00", rest=top_up))
    assert talks(rows) == {"c1": [(120.0, "credit")]}
