"""A scenario, run: the world's agenda, the simulated switch, the people, and a host with its store.

One loop: whatever is next, of what people do and what the engines wait for, is done; what it leads to at the same
instant comes next, in the order of the format; the auditor looks at the result. All times are virtual, all chance is
seeded, so the same file and seed give the same facts, whatever the machine, the store or the hour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
from typing import Final

from callcenter.billing.rent import nominal_run
from callcenter.center import CallCenterHost, Surroundings
from callcenter.files.actions import AgentDoes, Change, Deed, HostSays, TopUp
from callcenter.files.scenario import Scenario
from callcenter.model import commands, events, facts
from callcenter.model.directory import CenterConfig
from callcenter.model.ids import AgentId, CenterId, GroupId, agent_key
from callcenter.model.numbers import matched
from callcenter.model.times import Instant
from callcenter.model.tree import Target
from callcenter.model.value import changed
from callcenter.ports import Store
from callcenter.switch.agenda import Agenda, Moment
from callcenter.switch.auditor import Auditor, Look
from callcenter.switch.callers import Caller, callers_of, guests_of
from callcenter.switch.faults import Fault, Faults
from callcenter.switch.parts import PromptLengths
from callcenter.switch.people import People, party_of
from callcenter.switch.simulated import SimulatedSwitch

FactListener = Callable[[tuple[facts.Fact, ...]], None]


class ScenarioRun:
    """One run of a scenario.

    Args:
        scenario: What happens.
        store: Where it is kept; one that has a shop already goes on from it.
        seed: In place of the scenario's own.
        name: Of this run, unique for the store: it stands in front of the references of its top-ups.
        listener: Hears the facts of each step.
        faults: What the switch does wrong on purpose.
        around: The host's surroundings, where they are not the world's own affair: how a shop is read, what is
            written beside each step, how a configuration is overlaid.
        command: What repeats this run, for the auditor's failures.
        look: Opens a transaction for the auditor to read in; absent: the store's.

    Attributes:
        agenda: The world's clock and what is planned.
        switch: The simulated switch.
        host: The host.
        end: What happens at this instant still happens.
    """

    switch_of: type[SimulatedSwitch] = SimulatedSwitch

    def __init__(
        self,
        scenario: Scenario,
        store: Store,
        *,
        seed: int | None = None,
        name: str = "run",
        listener: FactListener | None = None,
        faults: Iterable[Fault] | Faults = (),
        around: Surroundings | None = None,
        command: str = "",
        look: Look | None = None,
    ) -> None:
        self.scenario: Final = scenario
        self.seed: Final = scenario.seed if seed is None else seed
        self.end: Final = Instant(scenario.starts_at + scenario.ends_after)
        self.agenda: Final = Agenda(scenario.starts_at)
        self.callers: Final = callers_of(scenario, self.seed)
        self._name = name
        self._listener = listener
        self._reports = 0
        self._guests = guests_of(self.callers)
        people = People(self.agenda, self.callers, scenario.answer)
        lengths = PromptLengths(scenario.prompt_length, scenario.prompts)
        given = faults if isinstance(faults, Faults) else Faults(faults)
        self.switch: Final = self.switch_of(self.agenda, self._report, people, lengths, given)
        around = around or Surroundings()
        self._overlay = around.overlay
        self.surroundings: Final = changed(
            around, seed=self.seed, missing_prompts=scenario.missing_prompts, overlay=self._with_guests, ask=self._ask
        )
        self.host = CallCenterHost(
            store, self.switch, at=scenario.starts_at, shop=scenario.data, surroundings=self.surroundings, fresh=True
        )
        self._heard: list[facts.Fact] = []
        self._told: list[facts.Fact] = []
        self.host.listen(self._heard_of)
        people.switch, people.host = self.switch, self.host
        self._people: Final = people
        self._rented: set[CenterId] = set()
        self.auditor: Final = Auditor(self.host, self.switch, look or store.transaction, command)
        self._groups: Final[dict[tuple[CenterId, GroupId], facts.GroupSet]] = {}
        self._tell_groups()
        self._plan_all()

    # ---------------------------------------------------------------- the loop

    def run(self) -> None:
        """Run to the end."""
        while self.step():
            continue
        self.auditor.finish()

    def step(self) -> bool:
        """Do what is next; False when nothing is left to do before the end."""
        planned, deadline = self.agenda.next_at(), self.host.next_deadline()
        if planned is not None and planned <= self.end and (deadline is None or planned <= deadline):
            self.agenda.take()()
        elif deadline is not None and deadline <= self.end:
            self.agenda.now = max(deadline, self.agenda.now)
            self.host.handle_timers(self.agenda.now)
            self._after()
        else:
            return False
        return True

    def _report(self, event: events.Event) -> None:
        self._reports += 1
        self.host.handle(event, key=f"{self._name}:{self._reports}")
        self._after()

    def _heard_of(self, happened: tuple[facts.Fact, ...]) -> None:
        self._heard += happened

    def _after(self) -> None:
        """Let everybody who watches see what a step came to."""
        happened, self._heard = (*self._told, *self._heard), []
        self._told.clear()
        self._people.notice(happened)
        if self._listener is not None:
            self._listener(happened)
        self.auditor.look(happened)

    def _tell_groups(self) -> None:
        """Tell how groups are set up, where it is not known yet: with it a trace can say why, all by itself."""
        for center in self.host.shop.centers.values():
            agents = {agent_key(agent.id): agent for agent in center.agents.values()}
            for group in center.groups.values():
                members = tuple(agents[agent_key(member.agent)] for member in group.members)
                told = facts.GroupSet(
                    at=self.agenda.now,
                    center=center.id,
                    access_number=center.access_number,
                    group=group,
                    agents=members,
                )
                before = self._groups.get((center.id, group.id))
                if before is None or changed(before, at=told.at) != told:
                    self._groups[center.id, group.id] = told
                    self._told.append(told)

    # ---------------------------------------------------------------- plans

    def _plan_all(self) -> None:
        scenario = self.scenario
        if scenario.login_all:
            agents = [
                (center.id, agent.id) for center in self.host.shop.centers.values() for agent in center.agents.values()
            ]
            for number, (center, agent) in enumerate(agents):
                self._plan(0, Moment.AGENT_ACTION, partial(self._log_in_ready, center, agent), -1, number)
        for number, row in enumerate(scenario.agents_do):
            self._plan(row.at, Moment.AGENT_ACTION, partial(self._agent_does, row), 0, number)
        for number, top_up in enumerate(scenario.top_ups):
            self._plan(top_up.at, Moment.TOP_UP, partial(self._top_up, top_up, number), number)
        for number, change in enumerate(scenario.changes):
            self._plan(change.at, Moment.CHANGE, partial(self._change, change), number)
        for caller in self.callers:
            self._plan(caller.call.at, Moment.ARRIVAL, partial(self._arrive, caller), *caller.place)
            if caller.call.hang_up_at is not None:
                leave = partial(self.switch.caller_hangs_up, caller.call.id)
                at = caller.call.at + caller.call.hang_up_at
                self._plan(at, Moment.CALLER_LEAVES, leave, *caller.place)
        self._plan_rents()

    def _plan(self, after: int, moment: Moment, action: Callable[[], None], *place: int) -> None:
        self.agenda.plan(Instant(self.scenario.starts_at + after), moment, action, place=place)

    def _plan_rents(self) -> None:
        """Plan the run of each 03:00 local that is left, for centers that have none planned."""
        for number, desk in enumerate(self.host.desks.values()):
            if desk.id in self._rented:
                continue
            self._rented.add(desk.id)
            day = desk.zone.day(self.agenda.now)
            while (run := nominal_run(desk.zone, day)) <= self.end:
                if run >= self.agenda.now:
                    self.agenda.plan(run, Moment.RENT, partial(self._rent, desk.id, day), place=(number,))
                day += timedelta(days=1)

    # ---------------------------------------------------------------- what happens

    def _arrive(self, caller: Caller) -> None:
        call = caller.call
        event = events.CallOffered(
            at=self.agenda.now, call=call.id, caller=call.caller, dialled=call.dialled, ref=call.id
        )
        self.switch.arrive(event, caller.place)

    def _top_up(self, row: TopUp, number: int) -> None:
        if row.center in self.host.desks:
            ref = f"{self._name}-{number + 1}"
            self.host.top_up(row.center, row.amount, ref, self.agenda.now)
            self._after()

    def _change(self, row: Change) -> None:
        self.host.change(row.path, row.value, self.agenda.now, place=row.place)
        self._tell_groups()
        self._after()
        self._plan_rents()

    def _rent(self, center: CenterId, day: date) -> None:
        if center in self.host.desks:
            self.host.post_rent(center, day, self.agenda.now)
            self._after()

    def _log_in_ready(self, center: CenterId, agent: AgentId) -> None:
        now = self.agenda.now
        self._people.log_in(center, agent, "")
        self._tell(center, events.AgentLoggedIn(at=now, agent=agent))
        self._tell(center, events.AgentReady(at=now, agent=agent))

    def _agent_does(self, row: AgentDoes) -> None:
        self._people.take_habits(row)
        event = deed_event(row, self.agenda.now)
        self.auditor.lost |= isinstance(event, events.AgentLost)
        if event is not None:
            self._tell(row.center, event)

    def _tell(self, center: CenterId, event: events.Event) -> None:
        if center in self.host.desks:
            self._reports += 1
            self.host.handle(event, center=center, key=f"{self._name}:{self._reports}")
            self._after()

    # ---------------------------------------------------------------- the host's surroundings

    def _ask(self, question: commands.AskHost) -> None:
        """Plan the answer of the first ``[[host]]`` row that fits; without one the question times out."""
        for number, row in enumerate(self.scenario.hosts):
            if _fits(row, question):
                answer = partial(self._host_answers, question, row.answer)
                at = Instant(self.agenda.now + row.after)
                self.agenda.plan(at, Moment.HOST_ANSWER, answer, place=(number,))
                return

    def _host_answers(self, question: commands.AskHost, answer: str) -> None:
        now = self.agenda.now
        self._report(events.HostAnswered(at=now, call=question.call, question=question.question, answer=answer))

    def _with_guests(self, config: CenterConfig) -> CenterConfig:
        """Let the drawn VIPs of processes stand beside those of the shop."""
        config = self._overlay(config)
        here = {group: self._guests[group] for group in config.center.groups if group in self._guests}
        if not here:
            return config
        groups = {id: changed(group, vip=(*group.vip, *here.get(id, ()))) for id, group in config.center.groups.items()}
        return changed(config, center=changed(config.center, groups=groups))


def _fits(row: HostSays, question: commands.AskHost) -> bool:
    return row.question == question.question and (row.caller is None or matched(row.caller) == matched(question.caller))


def deed_event(row: AgentDoes, now: Instant) -> events.Event | None:
    """Return the event of what an agent does; None when only habits change."""
    if row.deed in {Deed.TRANSFER, Deed.HOLD, Deed.RETRIEVE}:
        return _talk_event(row, now)
    if row.agent is None or row.deed is None:
        return None
    match row.deed:
        case Deed.LOGIN:
            return events.AgentLoggedIn(at=now, agent=row.agent, phone=row.phone or "")
        case Deed.LOGOUT | Deed.FORCE_LOGOUT:
            return events.AgentLoggedOut(at=now, agent=row.agent, forced=row.deed is Deed.FORCE_LOGOUT)
        case Deed.READY:
            return events.AgentReady(at=now, agent=row.agent)
        case Deed.NOT_READY:
            return events.AgentNotReady(at=now, agent=row.agent, reason=row.reason)
        case Deed.WRAP_UP_DONE:
            return events.WrapUpDone(at=now, agent=row.agent)
        case Deed.LOST:
            return events.AgentLost(at=now, agent=row.agent)
        case Deed.RETURNED:
            return events.AgentReturned(at=now, agent=row.agent)


def _talk_event(row: AgentDoes, now: Instant) -> events.Event:
    party = party_of(row)
    match row.deed:
        case Deed.HOLD:
            return events.CallHeld(at=now, party=party)
        case Deed.RETRIEVE:
            return events.CallRetrieved(at=now, party=party)
        case _:
            target = row.target
            assert isinstance(target, Target)
            return events.TransferRequested(at=now, party=party, target=target, blind=row.blind)
