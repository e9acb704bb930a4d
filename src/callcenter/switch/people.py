"""The people of a scenario: how phones behave, when agents hang up, how long callers talk and wait.

They meet the switch only: they pick up what rings, press keys, hang up. What they cannot know they do not act on; a
patience counts from the moment the caller came into a line, a talk from the moment the phone was answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Final, TypeAlias

from callcenter.center import CallCenterHost
from callcenter.files.actions import AgentDoes, Deed
from callcenter.files.behaviours import Behaviour
from callcenter.model import facts
from callcenter.model.ids import CallId, CenterId, agent_key
from callcenter.model.records import Party, PartyKind
from callcenter.model.times import Instant
from callcenter.model.value import state
from callcenter.switch.agenda import Agenda, Moment
from callcenter.switch.callers import Caller
from callcenter.switch.parts import Leg
from callcenter.switch.simulated import SimulatedSwitch

Doer: TypeAlias = tuple[CenterId, str]
"""A center, and ``agent:ID`` (folded) or ``extension:SHORT`` in it."""


def doer_of(row: AgentDoes) -> Doer:
    """Return who acts in a row of ``[[agents_do]]``."""
    if row.agent is not None:
        return row.center, f"agent:{agent_key(row.agent)}"
    return row.center, f"extension:{row.extension}"


def party_of(row: AgentDoes) -> Party:
    """Return who acts in a row as a party of a talk."""
    if row.agent is not None:
        return Party(kind=PartyKind.AGENT, id=row.agent)
    return Party(kind=PartyKind.EXTENSION, id=row.extension or "")


@state
class Stay:
    """A caller's stay in the line of a group.

    Attributes:
        number: Counts the stays of a call.
        waiting: False once the caller was connected or left.
        overdue: Whether its patience ended while a phone was answered for it and not yet connected.
    """

    number: int = 0
    waiting: bool = False
    overdue: bool = False


class People:
    """Callers and agents, as the simulated switch meets them.

    Args:
        agenda: Where their doings are planned.
        callers: Of the run.
        answer: How a phone behaves unless said otherwise.

    Attributes:
        switch: On which they hang up; set when it is there.
        host: Whose centers the phones belong to; set when it is there.
    """

    switch: SimulatedSwitch
    host: CallCenterHost

    def __init__(self, agenda: Agenda, callers: Iterable[Caller], answer: Behaviour) -> None:
        self._agenda: Final = agenda
        self._callers: Final = {caller.call.id: caller for caller in callers}
        self._answer: Final = answer
        self._answers: Final[dict[Doer, Behaviour]] = {}
        self._hang_ups: Final[dict[Doer, int]] = {}
        self._logged_in: Final[dict[Doer, str]] = {}
        self._stays: Final[dict[CallId, Stay]] = {}

    # ---------------------------------------------------------------- habits

    def take_habits(self, row: AgentDoes) -> None:
        """Take over how somebody behaves from here on."""
        doer = doer_of(row)
        if row.answer is not None:
            self._answers[doer] = row.answer
        if row.hang_up_after is not None:
            self._hang_ups[doer] = row.hang_up_after
        if row.deed is Deed.LOGIN and row.agent is not None:
            self.log_in(row.center, row.agent, row.phone or "")

    def log_in(self, center: CenterId, agent: str, phone: str) -> None:
        """Take note of the phone that an agent logged in with."""
        self._logged_in[center, f"agent:{agent_key(agent)}"] = phone

    def behaviour(self, call: CallId, number: str) -> Behaviour:
        """Return how the phone of a number behaves for this dial."""
        for doer in self._owners(number):
            if doer in self._answers:
                return self._answers[doer]
        return self._answer

    def _owners(self, number: str) -> list[Doer]:
        """Return whose phone a number is: who logged in with it first, then extensions, then who may log in with it."""
        logged, fixed, allowed = list[Doer](), list[Doer](), list[Doer]()
        for desk in self.host.desks.values():
            for agent in desk.center.agents.values():
                doer = (desk.id, f"agent:{agent_key(agent.id)}")
                if doer in self._logged_in and (self._logged_in[doer] or agent.phone) == number:
                    logged.append(doer)
                elif number in {agent.phone, *agent.phones}:
                    allowed.append(doer)
            for group in desk.center.groups.values():
                fixed += [(desk.id, f"extension:{each.short}") for each in group.extensions if each.long == number]
        return logged + fixed + allowed

    # ---------------------------------------------------------------- talks

    def picked_up(self, leg: Leg) -> None:
        """Plan the end of the talk that an answered phone begins: the caller's, and the agent's."""
        now = self._agenda.now
        caller = self._callers.get(leg.call)
        if caller and caller.call.talk is not None:
            leave = partial(self._caller_hangs_up_on, leg)
            at = Instant(now + caller.call.talk)
            self._agenda.plan(at, Moment.CALLER_LEAVES, leave, place=caller.place)
        after = next((self._hang_ups[doer] for doer in self._owners(leg.number) if doer in self._hang_ups), 0)
        if after:
            hang_up = partial(self.switch.phone_hangs_up, leg)
            self._agenda.plan(Instant(now + after), Moment.AGENT_HANGS_UP, hang_up, place=(leg.order,))

    def _caller_hangs_up_on(self, leg: Leg) -> None:
        if self.switch.legs.get((leg.call, leg.leg)) is leg:
            self.switch.caller_hangs_up(leg.call)

    # ---------------------------------------------------------------- what callers notice

    def notice(self, happened: Iterable[facts.Fact]) -> None:
        """Let the callers notice what they can: that they were answered, wait, or wait no more."""
        for fact in happened:
            match fact:
                case facts.CallAnswered():
                    self._press_keys(fact)
                case facts.Queued():
                    self._wait(fact)
                case facts.Connected() | facts.Left():
                    self._stays.setdefault(fact.call, Stay()).waiting = False
                case facts.CallEnded():
                    self._stays.pop(fact.call, None)
                case _:
                    continue
        for call, stay in self._stays.items():
            if stay.overdue and stay.waiting and self.switch.talking(call) is None:
                stay.overdue = False
                self._plan_leave(call, stay, self._agenda.now)

    def _press_keys(self, fact: facts.CallAnswered) -> None:
        caller = self._callers.get(fact.call)
        for number, press in enumerate(caller.call.keys if caller else ()):
            assert caller is not None
            for offset, digit in enumerate(press.digits):
                action = partial(self.switch.press, fact.call, digit)
                place = (*caller.place, number, offset)
                self._agenda.plan(Instant(fact.at + press.after), Moment.KEY, action, place=place)

    def _wait(self, fact: facts.Queued) -> None:
        stay = self._stays.setdefault(fact.call, Stay())
        stay.number, stay.waiting, stay.overdue = stay.number + 1, True, False
        caller = self._callers.get(fact.call)
        if caller and caller.call.patience is not None:
            self._plan_leave(fact.call, stay, Instant(fact.at + caller.call.patience))

    def _plan_leave(self, call: CallId, stay: Stay, at: Instant) -> None:
        action = partial(self._lose_patience, call, stay, stay.number)
        self._agenda.plan(at, Moment.CALLER_LEAVES, action, place=self._callers[call].place)

    def _lose_patience(self, call: CallId, stay: Stay, number: int) -> None:
        if not stay.waiting or stay.number != number:
            return
        if self.switch.talking(call) is not None:
            stay.overdue = True
        else:
            self.switch.caller_hangs_up(call)
