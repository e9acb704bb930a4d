"""Publishing: a running call never hears it, a tree with an error never becomes the active one."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from tests.center.world import DeafSwitch

from callcenter.center import CallCenterHost
from callcenter.center.publishing import publish, versions
from callcenter.model import events, facts
from callcenter.model.commands import Answer
from callcenter.model.ids import CallId, TreeName
from callcenter.model.times import SECOND, Instant
from callcenter.store import MemoryStore

SHOP = """
schema = 1
[center.demo]
access_number = "95990001"
ivr = "main"
[center.demo.agent.A]
phone = "013900000001"
[center.demo.group.1]
kind = "login"
members = ["A"]
[center.demo.group.2]
kind = "login"
members = ["A"]
[ivr.main]
root = "main"
on_fail = "group:1"
[ivr.main.menu.main]
greeting = "welcome.wav"
choices = { "1" = "group:1", "9" = "menu:more" }
[ivr.main.menu.more]
greeting = "more.wav"
choices = { "1" = "group:1" }
"""
MAIN = TreeName("main")
BEGIN = Instant(10**15)


def tree(**menu: Any) -> dict[str, Any]:
    """The tree with its menu edited."""
    table: dict[str, Any] = tomllib.loads(SHOP)["ivr"]["main"]
    table["menu"]["main"] |= menu
    return table


def house() -> CallCenterHost:
    return CallCenterHost(MemoryStore(), DeafSwitch(), at=BEGIN, shop=tomllib.loads(SHOP))


def arrive(host: CallCenterHost, id: str, at: int) -> CallId:
    """A call is offered and answered."""
    call, when = CallId(id), Instant(BEGIN + at)
    host.handle(events.CallOffered(at=when, call=call, caller="013900001111", dialled="95990001"))
    host.handle(events.CallAnswered(at=when, call=call))
    return call


def press(host: CallCenterHost, call: CallId, digit: str, at: int) -> list[str]:
    """Where a key leads."""
    happened = host.handle(events.DigitPressed(at=Instant(BEGIN + at), call=call, digit=digit))
    return [str(fact.target) for fact in happened if isinstance(fact, facts.Routed)]


def test_publishing_during_a_hundred_calls_changes_none_of_them() -> None:
    """Each goes where its version says, in whatever menu it is; calls that come later go where the new one says."""
    host = house()
    calls = [arrive(host, f"c{number}", number * 1000) for number in range(100)]
    for call in calls[50:]:
        press(host, call, "9", SECOND // 2)
    done = publish(host, MAIN, tree(choices={"1": "group:2"}), Instant(BEGIN + SECOND))
    assert (done.version, done.refused) == (2, False)
    late = arrive(host, "late", SECOND + 1)
    assert {tuple(press(host, call, "1", 2 * SECOND)) for call in calls} == {("group:1",)}
    assert press(host, late, "1", 2 * SECOND) == ["group:2"]
    assert host.shop.trees[MAIN].version == 2


@pytest.mark.parametrize(
    ("menu", "code"),
    [
        ({"choices": {"1": "group:44"}}, "E201"),
        ({"choices": {"1": "menu:gone"}}, "E201"),
        ({"greeting": ""}, "E204"),
        ({"choices": {"1": "gruop:1"}}, "E131"),
        ({"greting": "w.wav"}, "E101"),
        ({"first_digit_s": "5"}, "E102"),
    ],
)
def test_a_tree_with_an_error_is_refused(menu: dict[str, Any], code: str) -> None:
    """It names what is wrong; the old version stays active and is not even written anew."""
    host = house()
    before = host.shop
    done = publish(host, MAIN, tree(**menu), Instant(BEGIN + SECOND))
    assert (done.version, done.refused, done.findings[0].code) == (1, True, code)
    assert host.shop is before
    assert press(host, arrive(host, "c", 2 * SECOND), "1", 3 * SECOND) == ["group:1"]


def test_a_circle_without_input_is_refused() -> None:
    """With the node at which it closes."""
    host = house()
    table = tree(choices={"1": "announcement:a"})
    table["announcement"] = {"a": {"prompt": "a.wav", "next": "announcement:b"}}
    table["announcement"]["b"] = {"prompt": "b.wav", "next": "announcement:a"}
    done = publish(host, MAIN, table, Instant(BEGIN + SECOND))
    assert (done.refused, done.findings[0].code) == (True, "E202")


def test_warnings_are_told_and_refuse_nothing() -> None:
    """For people to weigh."""
    host = house()
    done = publish(host, MAIN, tree(choices={"1": "group:1", "11": "group:2"}), Instant(BEGIN + SECOND))
    assert (done.refused, [finding.code for finding in done.findings]) == (False, ["E208", "E205"])


def test_versions_stay_and_can_be_published_again() -> None:
    """The number goes on; what was active once can be again."""
    store = MemoryStore()
    host = CallCenterHost(store, DeafSwitch(), at=BEGIN, shop=tomllib.loads(SHOP))
    publish(host, MAIN, tree(choices={"1": "group:2"}), Instant(BEGIN + SECOND))
    publish(host, TreeName("夜间"), tree(), Instant(BEGIN + 2 * SECOND))
    with store.transaction() as tx:
        kept = versions(tx, MAIN)
    assert list(kept) == [1, 2]
    done = publish(host, MAIN, kept[1], Instant(BEGIN + 3 * SECOND))
    assert (done.version, host.shop.trees[MAIN].version) == (3, 3)
    assert press(host, arrive(host, "c", 4 * SECOND), "1", 5 * SECOND) == ["group:1"]
    again = CallCenterHost(store, DeafSwitch(), at=Instant(BEGIN + 9 * SECOND))
    assert again.shop.trees[MAIN].version == 3


def test_the_switch_is_told_to_answer() -> None:
    """The calls of these tests are real ones."""
    switch = DeafSwitch()
    host = CallCenterHost(MemoryStore(), switch, at=BEGIN, shop=tomllib.loads(SHOP))
    arrive(host, "c", 0)
    assert Answer(call=CallId("c")) in switch.told
