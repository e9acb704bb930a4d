"""Listeners: told after the commit; one with a name hears every step at least once, in order, whatever fails."""

from __future__ import annotations

import pytest
from tests.center.test_recovery import C1, DEMO, SCENARIO, T0, at
from tests.center.test_recovery_outage import AwayStore
from tests.center.world import DeafSwitch

from callcenter.center import CallCenterHost, Surroundings, audience
from callcenter.errors import StoreError
from callcenter.model import events
from callcenter.model.facts import Fact
from callcenter.model.times import Instant
from callcenter.store import MemoryStore


class Crm:
    """A subscriber that may be out of order, or die."""

    def __init__(self) -> None:
        self.heard: list[tuple[Fact, ...]] = []
        self.fails: BaseException | None = None

    def __call__(self, happened: tuple[Fact, ...]) -> None:
        if self.fails is not None:
            raise self.fails
        self.heard.append(happened)


class Killed(BaseException):
    """The process is gone."""


def host_with(store: MemoryStore, crm: Crm, name: str = "crm") -> CallCenterHost:
    around = Surroundings(subscribers={name: crm})
    return CallCenterHost(store, DeafSwitch(), at=T0, shop=SCENARIO.data, surroundings=around)


def offered(number: int = 1) -> events.CallOffered:
    return events.CallOffered(at=at(number), call=C1, caller="013900001111", dialled="95990001")


def rows(store: MemoryStore) -> list[str]:
    return [line for line in store.dump().splitlines() if "listener:crm" in line]


def test_what_was_not_heard_before_a_crash_is_heard_after_it() -> None:
    """The process dies after the commit and before the telling: the facts are told when the host comes back."""
    store, crm = MemoryStore(), Crm()
    plain: list[tuple[Fact, ...]] = []
    host = host_with(store, crm)
    host.listen(plain.append)
    crm.fails = Killed()
    with pytest.raises(Killed):
        host.handle(offered())
    again = Crm()
    second = host_with(store, again)
    assert again.heard == []
    second.recover()
    assert again.heard == plain
    assert again.heard != []


def test_an_error_of_a_subscriber_is_noted_and_its_facts_come_again_in_order() -> None:
    """Nothing stops, nothing is left out; others hear at once."""
    store, crm = MemoryStore(), Crm()
    host = host_with(store, crm)
    plain: list[tuple[Fact, ...]] = []
    host.listen(plain.append)
    crm.fails = ValueError("out of order")
    host.handle(offered())
    host.handle(events.CallAnswered(at=at(1), call=C1))
    assert (crm.heard, len(host.listener_errors)) == ([], 2)
    crm.fails = None
    host.handle(events.CallerHungUp(at=at(9), call=C1))
    assert crm.heard == plain
    assert len(plain) >= 2


def test_what_was_heard_leaves_the_store() -> None:
    """With the next step: two subscribers each have their own place, and only the place stays."""
    store, crm = MemoryStore(), Crm()
    host = host_with(store, crm)
    host.handle(offered())
    assert len(rows(store)) == 2
    host.save()
    assert len(rows(store)) == 1
    late = Crm()
    host_with(store, late).recover()
    assert late.heard == []
    other = Crm()
    host_with(store, other, "other").recover()
    assert other.heard == []


def test_what_a_roll_back_took_away_is_not_told() -> None:
    """A step that was not kept has not happened; a step of which nobody knew is told when it turns out to stand."""
    store, crm = AwayStore(), Crm()
    host = host_with(store, crm)
    store.code = "E402"
    with pytest.raises(StoreError):
        host.handle(offered())
    store.code = ""
    host.handle_timers(at(1))
    assert crm.heard == []
    store.code, store.commits = "E406", True
    with pytest.raises(StoreError):
        host.handle(offered(2))
    store.code, store.commits = "", False
    host.handle(events.CallAnswered(at=at(2), call=C1))
    assert [type(step[0]).__name__ for step in crm.heard][:1] == ["CallOffered"]
    assert crm.heard.count(crm.heard[0]) == 1


def test_a_subscriber_may_act_on_the_host() -> None:
    """What it brings about is told after what it hears, once."""
    store = MemoryStore()
    heard: list[Instant] = []

    def act(happened: tuple[Fact, ...]) -> None:
        heard.append(happened[0].at)
        if len(heard) == 1:
            host.handle(events.CallerHungUp(at=at(9), call=C1))

    around = Surroundings(subscribers={"crm": act})
    host = CallCenterHost(store, DeafSwitch(), at=T0, shop=SCENARIO.data, surroundings=around)
    host.handle(offered())
    assert heard == [at(1), at(9)]
    assert host.desks[DEMO].meters == {}


def test_a_subscriber_that_never_hears_does_not_fill_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the limit the oldest steps are given up, and it is said."""
    monkeypatch.setattr(audience, "MOST_KEPT", 1)
    store, crm = MemoryStore(), Crm()
    host = host_with(store, crm)
    crm.fails = ValueError("for ever")
    host.handle(offered())
    host.handle(events.CallAnswered(at=at(1), call=C1))
    host.handle(events.CallerHungUp(at=at(9), call=C1))
    host.save()
    assert len(rows(store)) == 2
    assert "E518" in {getattr(error, "code", "") for error in host.listener_errors}
    crm.fails = None
    host.handle_timers(at(10))
    host.recover()
    assert len(crm.heard) == 1
