"""A crash at any statement of a day over the end of a month, and in the recovery from it: the end is the same (F1-F3).

Every call of a part of the store, each begin, each commit, each command before and after it is handed over is a place
to crash. The next host recovers on the same store, and what was not acknowledged comes again. The default tier tries
some places, spread over the day; ``CALLCENTER_CRASHES=all`` (or the deep tier) tries each.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest
from tests.center.world import CENTER, HEAD, DeafSwitch, call

from callcenter.center import CallCenterHost, Incoming, Surroundings
from callcenter.compat import override
from callcenter.files.scenario import Scenario, read_scenario
from callcenter.model.commands import SwitchCommand
from callcenter.model.facts import Fact
from callcenter.model.ids import CenterId
from callcenter.ports import Store, Transaction
from callcenter.store import MemoryStore, SqliteStore
from callcenter.switch import scenario_run
from callcenter.switch.scenario_run import ScenarioRun

ALL = os.environ.get("CALLCENTER_CRASHES") == "all" or os.environ.get("HYPOTHESIS_PROFILE") == "deep"
PLACES = 26
"""How many places the default tier tries."""
PAIRS = 5_000 if ALL else 18
"""How many crashes in the recovery from a crash."""

DAY = (
    HEAD.format(ends=5 * 3600).replace("2009-03-02T10:00:00", "2009-03-31T23:50:00")
    + CENTER.format(
        balance="60.00",
        more='created = "2009-03-16"\nrent = { seat_month_fen = "30", minimum_month_fen = "200", grace_days = 0 }',
    )
    + '[center.demo.group.2]\nkind = "login"\nmembers = ["B"]\n'
    + call("c1", 5, talk_s=70)
    + call("c2", 10, talk_s=200)
    + call("c3", 580, talk_s=130)
    + call("c4", 12, patience_s=30)
    + call("c5", 900, dialled="95990099")
    + "".join(call(f"d{number}", 1000 + 100 * number, talk_s=50 + number) for number in range(8))
    + '[[agents_do]]\nt = 60\nagent = "A"\ndo = "transfer"\ntarget = "group:2"\n'
    + '[[agents_do]]\nt = 600\nagent = "A"\ndo = "not_ready"\nreason = "lunch"\n'
    + '[[top_up]]\nt = 40\ncenter = "demo"\nfen = "100.00"\n'
    + '[[change]]\nt = 50\npath = "center.demo.rate"\nvalue = "flat8"\n'
)


class Crash(BaseException):
    """The process is gone."""


class Fate:
    """Counts the places, and ends the process at one of them."""

    def __init__(self, at: int = -1) -> None:
        self.at = at
        self.places = 0

    def touch(self) -> None:
        self.places += 1
        if self.places == self.at:
            raise Crash


class Watched:
    """A part of a transaction each of whose calls is a place."""

    def __init__(self, part: Any, fate: Fate) -> None:
        self._part, self._fate = part, fate

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        if not callable(found):
            return Watched(found, self._fate)

        def called(*given: Any, **named: Any) -> Any:
            self._fate.touch()
            return found(*given, **named)

        return called


class BrittleStore(Store):
    """A store in a process that may end at any place."""

    def __init__(self, inner: Store, fate: Fate) -> None:
        self.inner, self.fate = inner, fate

    @override
    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        self.fate.touch()
        with self.inner.transaction() as tx:
            yield cast("Transaction", Watched(tx, self.fate))
            self.fate.touch()
        self.fate.touch()

    @override
    def dump(self) -> str:
        return self.inner.dump()

    @override
    def load(self, text: str) -> None:
        self.inner.load(text)

    @override
    def close(self) -> None:
        self.inner.close()


class BrittleSwitch(DeafSwitch):
    """A switch that the process may die beside."""

    def __init__(self, fate: Fate) -> None:
        super().__init__()
        self.fate = fate

    @override
    def perform(self, command: SwitchCommand) -> None:
        self.fate.touch()
        super().perform(command)
        self.fate.touch()


T = TypeVar("T")
Deed = tuple[str, tuple[Any, ...], dict[str, Any]]


class Recorder(CallCenterHost):
    """Writes down what is asked of a host."""

    deeds: list[Deed]

    def __init__(self, *given: Any, **named: Any) -> None:
        self.deeds = []
        super().__init__(*given, **named)

    @override
    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in {"handle_all", "handle_timers", "top_up", "post_rent", "change"}:
            return found

        def noted(*given: Any, **named: Any) -> Any:
            self.deeds.append((name, given, named))
            return found(*given, **named)

        return noted


@cache
def recorded() -> tuple[Scenario, tuple[Deed, ...]]:
    """Return the day, and everything that is asked of its host."""
    scenario = read_scenario(DAY, file="day.toml", load=str)
    before = vars(scenario_run)["CallCenterHost"]
    vars(scenario_run)["CallCenterHost"] = Recorder
    try:
        run = ScenarioRun(scenario, MemoryStore())
        run.run()
    finally:
        vars(scenario_run)["CallCenterHost"] = before
    host = run.host
    assert isinstance(host, Recorder)
    return scenario, tuple(host.deeds)


class Life:
    """A day, lived by as many hosts as it takes.

    Args:
        store: Of the first host; made anew for each one.
        crashes: Places, each counted from the start of the host that dies there.
    """

    def __init__(self, store: Callable[[], Store], crashes: Sequence[int] = ()) -> None:
        self.told: list[list[SwitchCommand]] = []
        self.facts: list[list[tuple[Fact, ...]]] = []
        self.places: list[int] = []
        self._store = store
        self._crashes = list(crashes)
        self._next = 0
        self._mark = (-1, 0)
        while not self._lived():
            continue

    def _lived(self) -> bool:
        scenario, deeds = recorded()
        fate = Fate(self._crashes.pop(0) if self._crashes else -1)
        inner = self._store()
        switch = BrittleSwitch(fate)
        self.told.append(switch.told)
        told: list[tuple[Fact, ...]] = []
        self.facts.append(told)

        def hear(happened: tuple[Fact, ...]) -> None:
            fate.touch()
            told.append(happened)
            fate.touch()

        around = Surroundings(subscribers={"crm": hear})
        try:
            brittle = BrittleStore(inner, fate)
            host = CallCenterHost(brittle, switch, at=scenario.starts_at, shop=scenario.data, surroundings=around)
            host.recover()
            while self._next < len(deeds):
                self._do(inner, host, deeds[self._next])
                self._next += 1
            host.save()
        except Crash:
            self.places.append(fate.places)
            inner.close() if isinstance(inner, SqliteStore) else None
            return False
        self.places.append(fate.places)
        with inner.transaction() as tx:
            assert tx.outbox.unsent() == ()
        self.dump = inner.dump()
        inner.close() if isinstance(inner, SqliteStore) else None
        return True

    def _do(self, inner: Store, host: CallCenterHost, deed: Deed) -> None:
        """Do a deed; time that has passed durably, or a change that stands, is nothing that anybody asks for again."""
        name, given, named = deed
        with inner.transaction() as tx:
            before = tx.journal.last(CenterId("demo"))
        mark = (self._next, before)
        again = name in {"handle_timers", "change"} and self._mark[0] == self._next
        if again and before != self._mark[1]:
            return
        self._mark = mark
        getattr(host, name)(*given, **named)

    def heard(self, whole: Life) -> bool:
        """Tell whether the switch and the subscriber heard everything in order, some of it again."""
        return in_order(self.told, whole.told[0]) and in_order(self.facts, whole.facts[0])


def in_order(lives: Sequence[list[T]], whole: list[T]) -> bool:
    """Tell whether each life begins no later than where the one before it ended, and the last one ends at the end."""
    reached = 0
    for told in lives:
        starts = [at for at in range(reached + 1) if whole[at : at + len(told)] == told]
        if not starts:
            return False
        reached = max(at + len(told) for at in starts[-1:])
    return reached == len(whole)


def memory() -> Callable[[], Store]:
    store = MemoryStore()
    return lambda: store


@cache
def undisturbed() -> Life:
    return Life(memory())


def test_the_day_has_what_a_month_end_has() -> None:
    """Calls, a transfer, a top-up, a change of plan, rents, a minimum: all of it is in the books."""
    life = undisturbed()
    for word in ("call:c1:2", "rent:demo:2009-04-01", "min:demo:2009-03", "topup:", "open:center:demo"):
        assert f'"key":"{word}' in life.dump, word
    assert life.places[0] > 1_000


def places() -> list[int]:
    total = undisturbed().places[0]
    every = range(1, total + 1)
    return list(every) if ALL else sorted(random.Random(7).sample(every, PLACES))


def test_a_crash_at_any_place_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """The store ends byte for byte as it would have; the switch heard every command and the subscriber every fact, in
    order, some of them again."""
    whole, tried = undisturbed(), places()
    for place in tried:
        life = Life(memory(), [place])
        assert life.dump == whole.dump, place
        assert life.heard(whole), place
    with capsys.disabled():
        sys.stdout.write(f" [{len(tried)} of {whole.places[0]} crash points]")


def test_a_crash_in_the_recovery_from_a_crash_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """A second process dies while it recovers, the third one comes to the same end."""
    whole, dice = undisturbed(), random.Random(8)
    for _ in range(PAIRS):
        place = dice.randint(1, whole.places[0])
        second = dice.randint(1, 40)
        life = Life(memory(), [place, second])
        assert life.dump == whole.dump, (place, second)
        assert life.heard(whole), (place, second)
    with capsys.disabled():
        sys.stdout.write(f" [{PAIRS} pairs]")


def test_a_crash_on_a_durable_store_changes_nothing(tmp_path: Path) -> None:
    """The same on SQLite, opened anew by each process; its dump is the memory store's."""
    whole = undisturbed()
    for place in places()[:: 1 if ALL else 20]:
        path = str(tmp_path / f"{place}.db")
        assert Life(lambda path=path: SqliteStore(path), [place]).dump == whole.dump, place  # type: ignore[misc]


def test_events_come_again_with_their_keys() -> None:
    """What a crash replays is what a switch would: each event of the recorded day has a key of its own."""
    _, deeds = recorded()
    keys = [given[0][0].key for name, given, _ in deeds if name == "handle_all"]
    assert all(isinstance(given[0][0], Incoming) for name, given, _ in deeds if name == "handle_all")
    assert len(set(keys)) == len(keys) > 30
