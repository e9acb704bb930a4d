"""Hours of any center in bad weather, under its auditor; then fair weather, in which everything must come to rest.

One seed makes the center, its traffic and every fault, so one line repeats any failure. The faults: events lost, late
and told twice; clocks that are wrong; a process that dies in mid-step; a store that is away, or does not say whether it
committed; a switch that loses all it has up, and one that cannot be reached; agents' clients that go and come; bursts
of ten times the traffic; listeners that raise. When the hours are over the faults end, nobody calls any more, and
within one hour nothing lives: no call, leg, hold or timer, neither here nor on the switch.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from functools import partial
from typing import Final

from callcenter.center import CallCenterHost, Incoming, Surroundings
from callcenter.compat import override
from callcenter.errors import StoreError, SwitchError
from callcenter.files.scenario import Scenario, read_scenario
from callcenter.model import events, facts
from callcenter.model.ids import AgentId, CenterId
from callcenter.model.times import HOUR, SECOND, Duration, Instant
from callcenter.model.value import changed
from callcenter.ports import Store
from callcenter.reports import trace
from callcenter.store import MemoryStore
from callcenter.switch.agenda import Moment
from callcenter.switch.auditor import AuditFailure
from callcenter.switch.faults import LATE, LOST, TWICE, Chances
from callcenter.switch.scenario_run import ScenarioRun
from callcenter.switch.weather import BrittleStore, Crash, TellingSwitch

CLOCK, CRASH, STORE, UNSURE, NODE, LINE, CLIENTS, BURST, LISTENER = (
    "clock",
    "crash",
    "store",
    "unsure",
    "node",
    "line",
    "clients",
    "burst",
    "listener",
)
FAULTS: Final = (LOST, LATE, TWICE, CLOCK, CRASH, STORE, UNSURE, NODE, LINE, CLIENTS, BURST, LISTENER)
_EVERY: Final = {CRASH: 900, STORE: 1800, UNSURE: 1200, NODE: 1500, LINE: 2700, CLIENTS: 600, LISTENER: 1800}
"""Mean seconds from one such fault to the next."""
_LONGEST: Final = 90
"""Seconds that a store or switch is away at most."""
_RETRY: Final = SECOND
_SNAPSHOTS: Final = 60
"""Events from one snapshot to the next: few, so that processes come back from many."""


class HoursRun(ScenarioRun):
    """Some simulated hours of the center of a seed.

    Args:
        seed: Of everything.
        hours: How long the bad weather lasts.
        faults: What goes wrong.
        store: Where all is kept; absent: in memory.

    Attributes:
        count: What went wrong how often.
    """

    switch_of = TellingSwitch

    def __init__(self, seed: int, hours: int, faults: tuple[str, ...] = FAULTS, store: Store | None = None) -> None:
        self._dice: Final = random.Random(f"{seed}/weather")
        self._chances: Final = Chances(random.Random(f"{seed}/events"), faults)
        self.count: Final = self._chances.count
        self._faults: Final = faults
        self._hash: Final = hashlib.sha256()
        self._held: Final[list[tuple[CenterId | None, events.Event, str]]] = []
        self._retrying = False
        self._repeat: Final = f"python -m callcenter.switch --seed {seed} --hours {hours} --faults {','.join(faults)}"
        inner = store or MemoryStore()
        self._brittle: Final = BrittleStore(inner, random.Random(f"{seed}/store"))
        super().__init__(
            scenario_of(seed, hours, burst=BURST in faults),
            self._brittle,
            seed=seed,
            listener=self._write,
            faults=self._chances,
            around=Surroundings(snapshot_every=_SNAPSHOTS),
            command=self._repeat,
            look=inner.transaction,
        )
        assert isinstance(self.switch, TellingSwitch)
        self._telling: Final = self.switch
        self._fair_from: Final = Instant(self.end - HOUR)
        for kind in [kind for kind in faults if kind in _EVERY]:
            self._plan_next(kind)
        self.agenda.plan(self._fair_from, Moment.CHANGE, self._clear_up)

    @property
    def digest(self) -> str:
        """Hash of the trace: equal for equal seeds, hours and faults."""
        return self._hash.hexdigest()

    def _write(self, happened: tuple[facts.Fact, ...]) -> None:
        for line in trace.lines(happened, self.scenario.starts_at):
            self._hash.update(line.encode())

    # ---------------------------------------------------------------- the loop

    @override
    def run(self) -> None:
        """Run to the end, and see that everything has come to rest.

        Raises:
            AuditFailure: When an invariant does not hold, or something still lives.
        """
        super().run()
        desks = self.host.desks.values()
        with self._brittle.transaction() as tx:
            holds = [hold.id for hold in tx.holds.open()]
        alive = {
            "calls": [call for desk in desks for call in desk.engine.live_calls()],
            "legs": [leg for desk in desks for leg in desk.engine.live_legs()],
            "timers": [desk.id for desk in desks if desk.engine.next_deadline() is not None],
            "holds": holds,
            "lines": list(self.switch.lines),
            "legs of the switch": list(self.switch.legs),
            "held events": [str(event) for _, event, _ in self._held],
        }
        for what, found in alive.items():
            if found:
                raise AuditFailure("quiescence", self.auditor.number, f"{what}: {found}", self._repeat)

    @override
    def step(self) -> bool:
        """Do what is next; time passes also while the store is away."""
        planned, deadline = self.agenda.next_at(), None if self._brittle.away else self.host.next_deadline()
        if planned is not None and planned <= self.end and (deadline is None or planned <= deadline):
            self.agenda.take()()
        elif deadline is not None and deadline <= self.end:
            self.agenda.now = max(deadline, self.agenda.now)
            self._attempt(partial(self._pass_time, self.agenda.now))
        else:
            return False
        return True

    def _pass_time(self, now: Instant) -> None:
        self.host.handle_timers(now)
        self._after()

    def _attempt(self, deed: Callable[[], None]) -> bool:
        """Do something with the host; False when the store or the process fell away under it."""
        try:
            deed()
        except Crash:
            self._revive()
        except StoreError:
            self.host.endure(self.agenda.now)
        else:
            return True
        return False

    # ---------------------------------------------------------------- events

    @override
    def _report(self, event: events.Event) -> None:
        self._come_in(None, event)

    @override
    def _tell(self, center: CenterId, event: events.Event) -> None:
        self._come_in(center, event)

    def _come_in(self, center: CenterId | None, event: events.Event) -> None:
        self._reports += 1
        if CLOCK in self._faults and self._chances.on and self._dice.random() < 0.01:
            self.count[CLOCK] += 1
            off = self._dice.randrange(-3 * SECOND, 3 * SECOND)
            event = changed(event, at=Instant(event.at + off))
        self.switch.in_flight += 1
        self._held.append((center, event, f"{self._name}:{self._reports}"))
        self._feed()

    def _feed(self) -> None:
        """Give the host what is held, in order; what it cannot keep comes again after a second."""
        self._retrying = False
        while self._held:
            center, event, key = self._held[0]
            if not self._attempt(partial(self._give, Incoming(event=event, center=center, key=key))):
                self._try_again()
                return
            self._held.pop(0)

    @override
    def _after(self) -> None:
        away = 1 if self.host.waiting else 0  # what the switch was not told yet it cannot have done
        self.switch.in_flight += away
        super()._after()
        self.switch.in_flight -= away

    def _give(self, given: Incoming) -> None:
        self.host.handle_all((given,))
        self.switch.in_flight -= 1
        self._after()

    def _try_again(self) -> None:
        if not self._retrying:
            self._retrying = True
            self.agenda.plan(Instant(self.agenda.now + _RETRY), Moment.CONFIRMATION, self._feed)

    # ---------------------------------------------------------------- bad weather

    def _plan_next(self, kind: str) -> None:
        after = Duration(round(self._dice.expovariate(1 / _EVERY[kind]) * SECOND))
        self.agenda.plan(Instant(self.agenda.now + after), Moment.CHANGE, partial(self._strike, kind))

    def _strike(self, kind: str) -> None:
        if not self._chances.on:
            return
        self.count[kind] += 1
        self._plan_next(kind)
        lasts = Instant(self.agenda.now + self._dice.randint(1, _LONGEST) * SECOND)
        match kind:
            case "crash":
                self._brittle.dies = True
            case "unsure":
                self._brittle.unsure = True
            case "store":
                self._brittle.away = True
                self.agenda.plan(lasts, Moment.CHANGE, self._store_back)
            case "node":
                self._telling.die()
            case "line":
                self._telling.unreachable = True
                self.agenda.plan(lasts, Moment.CHANGE, self._line_back)
            case "clients":
                self._client_acts()
            case _:
                self.host.listen(_raise)

    def _client_acts(self) -> None:
        center = next(iter(self.host.desks.values())).center
        agent = AgentId(self._dice.choice(sorted(center.agents)))
        now = self.agenda.now
        self.auditor.lost = True
        acts: tuple[events.Event, ...] = (
            events.AgentLost(at=now, agent=agent),
            events.AgentReturned(at=now, agent=agent),
            events.AgentLoggedIn(at=now, agent=agent),
            events.AgentReady(at=now, agent=agent),
            events.AgentReady(at=now, agent=agent),
            events.AgentNotReady(at=now, agent=agent, reason="lunch"),
            events.AgentLoggedOut(at=now, agent=agent),
            events.WrapUpDone(at=now, agent=agent),
        )
        self._come_in(center.id, self._dice.choice(acts))

    def _store_back(self) -> None:
        self._brittle.away = False
        self._feed()

    def _line_back(self) -> None:
        self._telling.unreachable = False

    def _clear_up(self) -> None:
        """Let the weather be fair from here on."""
        self._chances.on = False
        self._brittle.away = self._brittle.dies = self._brittle.unsure = self._telling.unreachable = False
        self._feed()

    def _revive(self) -> None:
        """Let another process go on where the last one died, as soon as it can."""
        while True:
            try:
                self.host = CallCenterHost(
                    self._brittle, self.switch, at=self.agenda.now, surroundings=self.surroundings
                )
                break
            except StoreError:
                self.count[UNSURE] += 1
        self.host.listen(self._heard_of)
        self._people.host = self.host
        self.auditor.follow(self.host)
        self._attempt(self._recover)

    def _recover(self) -> None:
        self.host.recover()
        self._after()


def _raise(_happened: tuple[facts.Fact, ...]) -> None:
    raise SwitchError("E517", reason="bad weather")


def scenario_of(seed: int, hours: int, *, burst: bool) -> Scenario:
    """Return the center and the traffic of a seed; the last hour is quiet."""
    dice = random.Random(f"{seed}/center")
    return read_scenario(_text(dice, hours, burst=burst), file=f"seed-{seed}", load=str)


def _text(dice: random.Random, hours: int, *, burst: bool) -> str:
    agents = "ABCDEF"[: dice.randint(2, 6)]
    people = "".join(f'[center.demo.agent.{name}]\nphone = "01390000000{n}"\n' for n, name in enumerate(agents, 1))
    groups = "".join(
        f"""[center.demo.group.{number}]
kind = "login"
members = {list(agents[number - 1 :])}
ring = "{dice.choice(["single", "all", "parallel:2", "progressive:3"])}"
ranking = "{dice.choice(["round_robin", "priority", "fewest_calls"])}"
ring_timeout_s = {dice.randint(5, 20)}
wrap_up_s = {dice.choice([0, 4, 30])}
max_wait_s = {dice.choice([0, 60, 300])}
announce_agent_id = {str(dice.random() < 0.5).lower()}
""".replace("'", '"')
        for number in (1, 2)
    )
    traffic = _callers("usual", dice, f"per_hour = {dice.randint(15, 40)}", 0, hours * 3600)
    if burst:
        begins = dice.randrange(hours * 3600)
        traffic += _callers("burst", dice, f"per_hour = {dice.randint(100, 200)}", begins, begins + 300)
    return f"""
schema = 1
[scenario]
starts_at = "{dice.choice(["2009-03-02T10:00:00+08:00", "2009-02-28T20:00:00+08:00", "2008-12-31T12:00:00+08:00"])}"
ends_after_s = {(hours + 1) * 3600}
login_all = true
answer = {{ after_s = {dice.randint(1, 12)} }}
[rate.flat12]
versions = [{{ effective_from = "2008-01-01", rules = [{{ steps = [{{ from_s = 0, price_fen = "12", per_s = 60, increment_s = {dice.choice([1, 6, 60])} }}] }}] }}]
[center.demo]
access_number = "95990001"
created = "2008-12-01"
ivr = "{dice.choice(["main", "group:1"])}"
rate = "flat12"
balance_fen = "{dice.choice([100, 20000, 100000])}"
{people}{groups}[center.demo.group.8]
kind = "extension"
extensions = [{{ short = "801", long = "02855500011" }}]
[ivr.main]
root = "main"
[ivr.main.menu.main]
greeting = "welcome.wav"
direct_dial = true
choices = {{ "1" = "group:1", "2" = "group:2", "9" = "extension:801" }}
{traffic}"""


def _callers(name: str, dice: random.Random, rate: str, begins: int, ends: int) -> str:
    key = dice.choice(["1", "2", "9"])
    return f"""[[callers]]
name = "{name}"
{rate}
from_s = {begins}
until_s = {ends}
dialled = "95990001"
keys = [[2.5, "{key}"]]
talk = "exp:{dice.randint(20, 200)}"
patience = "exp:{dice.randint(20, 120)}"
"""
