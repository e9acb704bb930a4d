"""The floor as a trace tells it, up to one of its lines: who is where, who was offered what, who stands in which line.

A fold of the lines of a trace and nothing else, so that it works on a file of last year as well as on a run of now.
:mod:`~callcenter.reports.explain_offer` asks it why somebody was offered a call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import attrs

from callcenter.model.value import state

Row: TypeAlias = Mapping[str, Any]
"""A line of a trace."""
_BLOCKS: Final = {"rejected": 10.0, "busy": 60.0, "unreachable": 5.0}
"""Seconds for which an extension is left alone after a miss (3.4 of the routing design); agents tell their states."""


def who_of(row: Row) -> str:
    """Return whom a line is about, as ``agent:ID`` (without case), ``extension:SHORT`` or ``number:DIGITS``."""
    for kind in ("agent", "extension", "number"):
        if kind in row:
            return name_of(kind, str(row[kind]))
    return ""


def name_of(kind: str, id: str) -> str:
    """Return the name of a party; agents are the same in any case."""
    return f"{kind}:{id.casefold()}" if kind == "agent" else f"{kind}:{id}"


@state
class Person:
    """An agent or extension so far.

    Attributes:
        shown: The id as it is written.
        phase: Its state, in the words of traces.
        since: When it came into it.
        available: When it last became ready other than after a ring that came to nothing.
        call: Which call it is offered or talks to.
        until: Seconds until which an extension is left alone.
        lost: Whether its client is away.
        talk_ended: When its last talk ended.
        answered: Calls it answered.
    """

    shown: str
    phase: str = "logged_out"
    reason: str = ""
    since: float = 0.0
    available: float = 0.0
    call: str = ""
    until: float = 0.0
    lost: bool = False
    talk_ended: float | None = None
    answered: int = 0


@state
class Stay:
    """A caller's stay in a group.

    Attributes:
        waits_from: From when its wait counts.
        entered: When it came into the group.
        position: Its place then, from 1.
        tried: Who was offered the call in this round.
        round: Counts the rounds, from 1.
        before: Calls that were offered somebody of this group while this one waited, in order.
    """

    group: str
    caller_class: str
    entered: float
    position: int
    tried: set[str] = attrs.field(factory=set)
    round: int = 1
    before: list[str] = attrs.field(factory=list)


@state
class Caller:
    """A call so far."""

    caller: str = ""
    dialled: str = ""
    waits_from: float = 0.0
    target: str = ""
    stay: Stay | None = None
    entered: float = 0.0
    caller_class: str = "normal"


class FloorSoFar:
    """Folds the lines of a trace, one by one.

    Attributes:
        groups: The last ``group_set`` of each group, by access number and id.
        people: Everybody heard of.
        calls: Live calls.
        past: Calls that are over.
        offers: Open offers: who rings.
        in_leg: Phone → whose leg it is in.
    """

    def __init__(self) -> None:
        self.groups: Final[dict[tuple[str, str], Row]] = {}
        self.people: Final[dict[str, Person]] = {}
        self.calls: Final[dict[str, Caller]] = {}
        self.past: Final[dict[str, Caller]] = {}
        self.offers: Final[dict[str, str]] = {}
        self.in_leg: Final[dict[str, str]] = {}
        self._phones: Final[dict[str, str]] = {}
        self._members: Final[dict[tuple[str, str], frozenset[str]]] = {}
        self._heard: Final[dict[str, Callable[[Row], None]]] = {
            "group_set": self._group_set,
            "call_offered": self._call_offered,
            "call_answered": self._waits,
            "ivr_ended": self._waits,
            "routed": self._routed,
            "queued": self._queued,
            "left": self._left,
            "call_ended": self._call_ended,
            "agent_offered": self._agent_offered,
            "offer_ended": self._offer_ended,
            "connected": self._connected,
            "talk_ended": self._talk_ended,
            "agent_state": self._agent_state,
            "client_lost": self._client,
            "client_returned": self._client,
        }

    def person(self, who: str, shown: str = "") -> Person:
        """Return somebody; a stranger is logged out, an extension ready."""
        found = self.people.get(who)
        if found is None:
            kind, _, id = who.partition(":")
            phase = "logged_out" if kind == "agent" else "ready"
            found = self.people[who] = Person(shown=shown or id, phase=phase)
        if shown:
            found.shown = shown
        return found

    def group_of(self, call: str, group: str) -> Row | None:
        """Return how the group of a call is set up, or None for a trace that does not tell."""
        caller = self.calls.get(call)
        return self.groups.get((caller.dialled if caller is not None else "", group))

    def hear(self, row: Row) -> None:
        """Take the next line in."""
        handler = self._heard.get(row["fact"])
        if handler is not None:
            handler(row)

    # ---------------------------------------------------------------- calls

    def _group_set(self, row: Row) -> None:
        place = (row["access_number"], row["group"])
        self.groups[place] = row
        self._members[place] = frozenset(who_of(member) for member in row["members"])

    def _call_offered(self, row: Row) -> None:
        self.calls[row["call"]] = Caller(caller=row["caller"], dialled=row["dialled"], waits_from=row["t"])

    def _waits(self, row: Row) -> None:
        """A wait counts from the answer of the center, the end of the IVR or a transfer (3.10.6)."""
        call = self.calls.get(row["call"])
        if call is not None:
            call.waits_from = row["t"]

    def _routed(self, row: Row) -> None:
        call = self.calls.get(row["call"])
        if call is not None:
            call.target = row["target"]

    def _queued(self, row: Row) -> None:
        call = self.calls.get(row["call"])
        if call is not None:
            call.caller_class, call.entered = row["class"], row["t"]
            call.stay = Stay(group=row["group"], caller_class=row["class"], entered=row["t"], position=row["position"])

    def _left(self, row: Row) -> None:
        call = self.calls.get(row["call"])
        if call is not None:
            call.stay = None

    def _call_ended(self, row: Row) -> None:
        over = self.calls.pop(row["call"], None)
        if over is not None:
            self.past[row["call"]] = over

    # ---------------------------------------------------------------- offers and talks

    def _agent_offered(self, row: Row) -> None:
        who, call = who_of(row), self.calls.get(row["call"])
        person = self.person(who, str(row.get("agent", row.get("extension", ""))))
        person.call = row["call"]
        if who.startswith("extension:"):
            person.phase, person.since = "offered", row["t"]
        self.offers[row["offer"]] = who
        if "phone" in row:
            self.in_leg[row["phone"]] = who
            self._phones[who] = row["phone"]
        if call is not None and call.stay is not None:
            self._count_round(call.stay, who)
            self._overtaken(row)

    def _count_round(self, stay: Stay, who: str) -> None:
        if who in stay.tried:
            stay.tried.clear()
            stay.round += 1
        stay.tried.add(who)

    def _overtaken(self, row: Row) -> None:
        """Let every caller who waits for somebody like this one note that another was given it."""
        who = who_of(row)
        for id, other in self.calls.items():
            stay = other.stay
            if stay is not None and id != row["call"] and who in self._members.get((other.dialled, stay.group), ()):
                stay.before.append(row["call"])

    def _offer_ended(self, row: Row) -> None:
        who = self.offers.pop(row["offer"], who_of(row))
        if row["outcome"] == "answered":
            self.person(who).answered += 1
            return
        self._free_phone(who)
        person = self.person(who)
        person.call = ""
        if who.startswith("extension:"):
            person.phase, person.since = "ready", row["t"]
            person.until = row["t"] + _BLOCKS.get(row["outcome"], 0.0)

    def _connected(self, row: Row) -> None:
        who, call = who_of(row), self.calls.get(row["call"])
        person = self.person(who)
        person.call = row["call"]
        if not who.startswith("agent:"):
            person.phase, person.since = "talking", row["t"]
        if call is not None:
            call.stay = None

    def _talk_ended(self, row: Row) -> None:
        who, call = who_of(row), self.calls.get(row["call"])
        person = self.person(who)
        person.call, person.talk_ended = "", row["t"]
        self._free_phone(who)
        if not who.startswith("agent:"):
            person.phase, person.since = "ready", row["t"]
        if call is not None:
            call.waits_from = row["t"]

    def _free_phone(self, who: str) -> None:
        phone = self._phones.pop(who, "")
        if self.in_leg.get(phone) == who:
            del self.in_leg[phone]

    # ---------------------------------------------------------------- agents

    def _agent_state(self, row: Row) -> None:
        person = self.person(who_of(row), row["agent"])
        if row["state"] == "ready" and person.phase != "offered":
            person.available = row["t"]
        person.phase, person.reason, person.since = row["state"], row["reason"], row["t"]

    def _client(self, row: Row) -> None:
        self.person(who_of(row), row["agent"]).lost = row["fact"] == "client_lost"
