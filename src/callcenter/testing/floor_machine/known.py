"""What the oracle of the floor knows: calls, agents, offers and legs, from events and commands alone.

Plain dicts throughout, so that a failing state can be read as it is printed. What facts add is told in
:mod:`callcenter.testing.floor_machine.book`.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from callcenter.model import commands, events
from callcenter.model.directory import Agent, CenterConfig, LineOrder
from callcenter.model.facts import AgentPhase
from callcenter.model.ids import GroupId, agent_key
from callcenter.model.numbers import matched
from callcenter.model.records import Party
from callcenter.model.tree import CallerClass
from callcenter.testing.floor_machine.promises import promise

_BUSY: Final = (AgentPhase.OFFERED, AgentPhase.TALKING, AgentPhase.WRAP_UP)


def who(party: Party) -> tuple[str, str]:
    """Return by what a party is known, whatever the case of its letters."""
    return party.kind.value, agent_key(party.id)


class Known:
    """What is known of the floor from outside.

    Args:
        config: Of the center, at first.

    Attributes:
        calls: Call → what is known of it, also of those that are over.
        agents: Folded id → ``{"phase", "phone", "lost", "wrap_until", "session", "wants"}``.
        holding: Party → the call that it is offered or talks to (V1).
        offers: Offer → ``{"call", "party", "phone", "open", "leg"}``.
        legs: Leg → ``{"call", "number", "offer", "hang_ups", "answers", "gone"}``.
        blocked: Extension → until when it is left alone.
        entered: Group → visits that began; ``refused``: refused on arrival; ``recorded``: records written.
        offered_now: (call, party) offered in this step; ``again_now``: call and the round that a repeat has ended.
    """

    def __init__(self, config: CenterConfig) -> None:
        self.config = config
        self.calls: Final[dict[str, dict[str, Any]]] = {}
        self.agents: Final[dict[str, dict[str, Any]]] = {}
        self.holding: Final[dict[tuple[str, str], str]] = {}
        self.offers: Final[dict[str, dict[str, Any]]] = {}
        self.legs: Final[dict[str, dict[str, Any]]] = {}
        self.blocked: Final[dict[tuple[str, str], int]] = {}
        self.entered: Final[Counter[str]] = Counter()
        self.refused: Final[Counter[str]] = Counter()
        self.recorded: Final[Counter[str]] = Counter()
        self.offered_now: Final[list[tuple[str, Party]]] = []
        self.again_now: Final[list[tuple[str, set[tuple[str, str]]]]] = []
        self.sequence = 0

    # ---------------------------------------------------------------- what is looked up

    def agent(self, id: str) -> dict[str, Any]:
        """Return what is known of an agent."""
        nobody = {"phase": AgentPhase.LOGGED_OUT, "phone": "", "lost": False, "wrap_until": None, "session": None}
        return self.agents.setdefault(agent_key(id), {**nobody, "wants": None})

    def configured(self, id: str) -> Agent | None:
        """Return an agent as it is configured now."""
        return next((a for a in self.config.center.agents.values() if agent_key(a.id) == agent_key(id)), None)

    def live(self) -> list[dict[str, Any]]:
        """Return the calls that are not over."""
        return [call for call in self.calls.values() if not call["ended"]]

    def visits(self, group: str) -> list[dict[str, Any]]:
        """Return the visits to a group whose caller nobody has answered."""
        found = [call["visit"] for call in self.live() if call["visit"]]
        return [visit for visit in found if visit["group"] == group and not visit["answered"]]

    def key(self, visit: dict[str, Any]) -> tuple[int, ...]:
        """Return the place of a caller among all who wait; lower stands before."""
        group = self.config.center.groups.get(GroupId(visit["group"]))
        if group is not None and group.order is LineOrder.HEAD_START:
            return 0, visit["arrived"] - group.head_start.get(visit["class"], 0), visit["sequence"]
        return -visit["class"], visit["arrived"], visit["sequence"]

    def class_of(self, caller: str, group: str) -> CallerClass:
        """Return the class of a caller in a group, as it is configured now."""
        found = self.config.center.groups.get(GroupId(group))
        known = {matched(vip.number): vip.caller_class for vip in found.vip} if found else {}
        return known.get(matched(caller), CallerClass.NORMAL)

    # ---------------------------------------------------------------- events, before what they led to

    def begin_step(self) -> None:
        """Take note that a step begins."""
        self.offered_now.clear()
        self.again_now.clear()

    def begin(self, event: Any) -> None:
        """Take note of an event that is about to be handled."""
        match event:
            case events.ConfigChanged():
                self.config = event.config
                for call in self.live():
                    if call["visit"]:
                        call["visit"]["class"] = self.class_of(call["caller"], call["visit"]["group"])
            case events.LegAnswered():
                self._leg(event.leg)["answers"] += 1
            case events.LegEnded() | events.LegFailed():
                self._leg_gone(event)
            case events.WrapUpDone():
                self.agent(event.agent)["wrap_until"] = None
            case events.AgentReady():
                self.agent(event.agent)["wants"] = None
            case events.AgentNotReady() | events.AgentLoggedOut():
                self._wants(event)
            case events.AgentLost():
                agent = self.agent(event.agent)
                agent["lost"] = agent["phase"] is not AgentPhase.LOGGED_OUT
            case events.AgentReturned():
                self.agent(event.agent)["lost"] = False
            case _:
                return

    def _wants(self, event: events.AgentNotReady | events.AgentLoggedOut) -> None:
        """Take note of what an agent asks for in the middle of a call: it is applied after it, never lost."""
        agent = self.agent(event.agent)
        out = isinstance(event, events.AgentLoggedOut)
        until = agent["wrap_until"]
        rested = agent["phase"] is AgentPhase.WRAP_UP and until is not None and until <= event.at  # at its very end
        if agent["phase"] in _BUSY and not rested and agent["wants"] is not AgentPhase.LOGGED_OUT:
            agent["wants"] = AgentPhase.LOGGED_OUT if out else AgentPhase.NOT_READY

    def _leg(self, leg: str) -> dict[str, Any]:
        return self.legs.get(leg, {"call": "", "offer": None, "answers": 0})

    def _leg_gone(self, event: events.LegEnded | events.LegFailed) -> None:
        leg = self.legs.get(event.leg)
        if leg is None or leg["gone"]:
            return
        leg["gone"] = True
        visit = self.calls[leg["call"]]["visit"]
        answered = leg["offer"] is not None and not self.offers[leg["offer"]]["open"] and leg["hang_ups"] == 0
        if answered and visit and visit["answered"] == leg["offer"] and not visit["talks"]:
            visit["answered"] = None  # hung up between the answer and the bridge: the wait runs on (C4b)
            visit["last_ended"] = event.at
            self.release(leg["call"])

    def release(self, call: str) -> None:
        """Let go of whoever a call holds."""
        for party in [party for party, held in self.holding.items() if held == call]:
            del self.holding[party]

    def logged_in(self, event: events.AgentLoggedIn) -> None:
        """Take note of a log-in that was not refused."""
        agent, configured = self.agent(event.agent), self.configured(event.agent)
        assert configured is not None
        agent["phone"] = event.phone or configured.phone
        agent["wants"] = AgentPhase.NOT_READY if agent["phase"] in _BUSY else None
        agent["lost"] = False
        agent["session"] = {"login_at": event.at, "answered": 0, "missed": 0}

    # ---------------------------------------------------------------- commands

    def obey(self, command: Any) -> None:
        """Take note of a command.

        Raises:
            PromiseBroken: When it must not be given.
        """
        match command:
            case commands.Dial():
                self._dial(command)
            case commands.HangUpLeg():
                leg = self.legs[command.leg]
                leg["hang_ups"] += 1
                promise(leg["hang_ups"] <= 1 + leg["answers"], "V5: a leg is cancelled once", command)
            case commands.HangUp() | commands.Reject():
                call = self.calls[command.call]
                promise(not call["hung_up"], "a caller is hung up once", command)
                call["hung_up"] = True
            case _:
                return

    def _dial(self, command: commands.Dial) -> None:
        promise(command.leg not in self.legs, "a leg is dialled once", command)
        mine = [id for id, offer in self.offers.items() if offer["call"] == command.call and offer["leg"] is None]
        offer = next((id for id in mine if self.offers[id]["phone"] == command.number), None)
        if offer is not None:
            self.offers[offer]["leg"] = command.leg
        leg = {"call": command.call, "number": command.number, "offer": offer, "hang_ups": 0, "answers": 0}
        self.legs[command.leg] = {**leg, "gone": False}
