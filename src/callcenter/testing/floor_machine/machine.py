"""Any order of events, and the promises that hold all the same: a state machine for hypothesis.

``TestFloor = CallFloor.TestCase`` in a test file is all there is to do. To try a center of one's own, subclass::

    class MyFloor(CallFloor):
        def center(self) -> CenterConfig:
            return my_config

    TestMyFloor = MyFloor.TestCase

The machine plays callers, phones, agents, billing and those who edit the shop. What it does goes through a
:class:`~callcenter.testing.floor_machine.rehearsal.Rehearsal`, which holds the engine to its promises at every step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from callcenter.model import events
from callcenter.model.directory import (
    AgentGroup,
    AgentStatus,
    CenterStatus,
    GroupKind,
    Member,
    VipCustomer,
)
from callcenter.model.events import Cause, Event, PlayResult
from callcenter.model.ids import AgentId, CallId, GroupId, LegId
from callcenter.model.records import Party
from callcenter.model.times import SECOND, Instant
from callcenter.model.tree import CallerClass, Target, TargetKind
from callcenter.model.value import changed
from callcenter.testing.floor_machine.center import CALLERS, VIP
from callcenter.testing.floor_machine.promises import promise
from callcenter.testing.floor_machine.rehearsal import Rehearsal

WHICH: Final = st.integers(0, 11)
"""One of those there are, counted around."""
_WAITS: Final = (0, 1, 1, 3, 3, 5, 5, 8, 8, 10, 15, 20, 31, 61, 121, 600)
_FAILURES: Final = (Cause.BUSY, Cause.REJECTED, Cause.NO_ANSWER, Cause.UNREACHABLE, Cause.CONGESTION)
_WRONG: Final = 11
_KEYS: Final = st.sampled_from([*"1234568", "9", "0", "7", "", "*"])
_BUTTONS: Final = (
    events.AgentReady,
    events.WrapUpDone,
    events.AgentReturned,
    events.AgentNotReady,
    events.AgentLoggedOut,
    events.AgentLost,
)
_TRANSFERS: Final = ("hold", "group:1", "group:6", "extension:801", "number:02855500088", "agent:B", "back")


class CallFloor(Rehearsal):
    """Callers, phones, agents and a switch around one engine, in any order."""

    # ---------------------------------------------------------------- callers

    @initialize(away=st.sets(WHICH, max_size=4))
    def somebody_is_there(self, away: set[int]) -> None:
        """Begin with most agents ready."""
        for agent in [id for number, id in enumerate(self.config.center.agents) if number not in away]:
            self.tell(events.AgentLoggedIn(at=self.now, agent=agent))
            self.tell(events.AgentReady(at=self.now, agent=agent))

    @rule(callers=st.lists(st.tuples(WHICH, _KEYS, st.booleans()), min_size=1, max_size=3))
    def callers_come(self, callers: list[tuple[int, str, bool]]) -> None:
        """Some dial in, one after the other; mostly they press a key at once, and some are answered at once."""
        for which, key, answered in callers:
            self.arrived += 1
            call = CallId(f"c{self.arrived}")
            dialled = "95990002" if which == _WRONG and key == "*" else self.config.center.access_number
            self.switch.caller_arrives(call, CALLERS[which % len(CALLERS)], dialled)
            self.settle()
            if key and self.switch.lines.get(call, {}).get("answered"):
                self.switch.caller_presses(call, key)
                self.settle()
            for leg in [leg for leg in self._ringing() if answered and self.switch.legs[leg]["call"] == call][:1]:
                self.switch.phone_answers(leg)
                self.settle()

    @precondition(lambda self: self.switch.lines)
    @rule(which=WHICH, key=st.sampled_from(["hang up", *"1234567890*#A"]))
    def caller_does(self, which: int, key: str) -> None:
        """Somebody presses a key, wherever it is, or hangs up."""
        call = CallId(_one(self.switch.lines, which))
        if key == "hang up" or not self.switch.lines[call]["answered"]:
            self.switch.caller_hangs_up(call)
        else:
            self.switch.caller_presses(call, key)
        self.settle()

    # ---------------------------------------------------------------- phones

    def _ringing(self) -> list[LegId]:
        return [LegId(id) for id, leg in self.switch.legs.items() if not leg["answered"]]

    @precondition(lambda self: self._ringing())
    @rule(which=WHICH, both=st.booleans())
    def phone_answers(self, which: int, both: bool) -> None:
        """A phone is picked up; or two are, before the first answer is reported."""
        ringing = self._ringing()
        for number in (which, which + 1) if both and len(ringing) > 1 else (which,):
            self.switch.phone_answers(_one(ringing, number))
        self.settle()

    @precondition(lambda self: self.switch.legs)
    @rule(which=WHICH, cause=st.sampled_from(_FAILURES))
    def phone_hangs_up(self, which: int, cause: Cause) -> None:
        """A phone that was answered hangs up; one that rings is busy, rejects, rings out or is out of reach."""
        leg = LegId(_one(self.switch.legs, which))
        if self.switch.legs[leg]["answered"]:
            self.switch.phone_hangs_up(leg)
        else:
            self.switch.phone_fails(leg, cause)
        self.settle()

    # ---------------------------------------------------------------- the switch

    @precondition(lambda self: any(line["plays"] for line in self.switch.lines.values()))
    @rule(which=WHICH, result=st.sampled_from([PlayResult.DONE, PlayResult.DONE, PlayResult.FAILED]))
    def prompt_ends(self, which: int, result: PlayResult) -> None:
        """A prompt has been heard, or could not be played."""
        playing = [(call, play) for call, line in self.switch.lines.items() for play in line["plays"]]
        call, play = _one(playing, which)
        self.switch.play_ends(CallId(call), play, result)
        self.settle()

    @rule(slow=st.booleans(), which=WHICH)
    def switch_reports(self, slow: bool, which: int) -> None:
        """One event of some call is reported; from here on the switch reports at once, or later."""
        self.slow = slow
        self.report(which)
        self.settle()

    @precondition(lambda self: self.said)
    @rule(which=WHICH)
    def switch_repeats_itself(self, which: int) -> None:
        """An event of before comes again, now."""
        self.tell(changed(_one(self.said, which), at=self.now))
        self.settle()

    # ---------------------------------------------------------------- agents

    @rule(which=WHICH, other_phone=st.booleans())
    def agent_comes(self, which: int, other_phone: bool) -> None:
        """An agent logs in, ready at once; also one who is in, also with its other phone."""
        agent = self.config.center.agents[_one(self.config.center.agents, which)]
        phone = agent.phones[0] if other_phone and agent.phones else ""
        self.tell(events.AgentLoggedIn(at=self.now, agent=agent.id, phone=phone))
        self.tell(events.AgentReady(at=self.now, agent=agent.id))
        self.settle()

    @precondition(lambda self: self._there())
    @rule(which=WHICH, what=st.sampled_from(_BUTTONS))
    def agent_does(self, which: int, what: Callable[..., Event]) -> None:
        """An agent who is there presses a button: ready, pause, done, out; or its client is gone, or back."""
        agent = _one(self._there(), which)
        held = self.book.holding.get(("agent", agent.casefold()))
        visit = self.book.calls[held]["visit"] if held else None
        self.tell(what(at=self.now, agent=agent))
        if what in {events.AgentNotReady, events.AgentLoggedOut} and visit and not visit["answered"]:
            rings = [o for o in self.book.offers.values() if o["open"] and o["party"].id == agent]
            promise(not rings, "V14: who goes is offered nothing", agent, rings)
        self.settle()

    def _there(self) -> list[AgentId]:
        return [id for id in self.config.center.agents if self.book.agent(id)["session"]]

    @precondition(lambda self: self._talkers())
    @rule(which=WHICH, to=st.sampled_from(_TRANSFERS))
    def agent_transfers(self, which: int, to: str) -> None:
        """Who talks sends the caller on, or puts it on hold and takes it back."""
        party: Party = _one(self._talkers(), which)
        kind, _, name = to.partition(":")
        if kind == "hold":
            self.tell(events.CallHeld(at=self.now, party=party))
            self.tell(events.CallRetrieved(at=self.now, party=party))
        else:
            target = Target(kind=TargetKind(kind), name=name)
            self.tell(events.TransferRequested(at=self.now, party=party, target=target))
        self.settle()

    def _talkers(self) -> list[Party]:
        return [call["talk"] for call in self.book.live() if call["talk"]]

    # ---------------------------------------------------------------- money, time, configuration

    @rule(seconds=st.sampled_from(_WAITS), loaded=st.booleans())
    def time_passes(self, seconds: int, loaded: bool) -> None:
        """Some time goes by, each deadline of the engine at its moment; before it, the second engine may be loaded."""
        if loaded:
            self.dumped_and_loaded()
        self.pass_until(Instant(self.now + seconds * SECOND))

    @precondition(lambda self: self.engine.next_deadline() is not None)
    @rule(fired=st.booleans())
    def a_deadline_comes(self, fired: bool) -> None:
        """Time goes on to the next deadline; whatever happens now happens before it, unless it is fired."""
        due = self.engine.next_deadline()
        if due is not None and due <= self.now + 3600 * SECOND:
            self.pass_until(due if fired else Instant(due - 1))
            self.switch.now = due

    @rule(which=WHICH, place=WHICH, what=st.sampled_from(["class", "member", "status", "center", "money"]))
    def shop_changes(self, which: int, place: int, what: str) -> None:
        """The center is edited while it works, or its balance is used up, or topped up."""
        center = self.config.center
        if what == "money":
            self._money(broke=place == 0)
            return
        if what == "class":
            center = changed(center, groups=self._reclassed(which, CallerClass(place % 4)))
        elif what == "member":
            center = changed(center, groups=self._joined_or_left(which, _one(center.agents, place)))
        elif what == "status":
            id = _one(center.agents, which)
            status = AgentStatus.SUSPENDED if place == 0 else AgentStatus.ACTIVE
            center = changed(center, agents={**center.agents, id: changed(center.agents[id], status=status)})
        else:
            center = changed(center, status=CenterStatus.LOCKED if place == 0 else CenterStatus.ACTIVE)
        self.config = changed(self.config, center=center, version=self.config.version + 1)
        self.tell(events.ConfigChanged(at=self.now, config=self.config))
        self.settle()

    def _money(self, *, broke: bool) -> None:
        self.broke = broke
        for call in [call for call in self.book.live() if call["talk"]]:
            event = events.CreditRefused if broke else events.CreditGranted
            self.tell(event(at=self.now, call=CallId(call["id"])))
        self.settle()

    def _reclassed(self, which: int, caller_class: CallerClass) -> dict[GroupId, AgentGroup]:
        """Let callers become VIPs of a group, of another class, or nobody in particular; also while they wait."""
        groups = dict(self.config.center.groups)
        id = _one(groups, which)
        known = [VipCustomer(number=n, name="某某", caller_class=caller_class) for n in (VIP, CALLERS[which % 3])]
        groups[id] = changed(groups[id], vip=tuple(known) if caller_class is not CallerClass.NORMAL else ())
        return groups

    def _joined_or_left(self, which: int, agent: AgentId) -> dict[GroupId, AgentGroup]:
        """Let an agent join a group at its end, or leave it, also while it is offered or talks for it."""
        groups = dict(self.config.center.groups)
        group = groups[_one([id for id, each in groups.items() if each.kind is GroupKind.LOGIN], which)]
        members = tuple(member for member in group.members if member.agent != agent)
        if len(members) == len(group.members):
            members = (*members, Member(agent=agent))
        groups[group.id] = changed(group, members=members)
        return groups


def _one(found: Any, which: int) -> Any:
    """Return one of those there are, counted around, in their order."""
    listed = list(found)
    return listed[which % len(listed)]
