"""The oracle of the stateful floor: what must be true, told again in plain words over facts, commands and events.

It knows nothing of the engine's insides: it folds the facts as they come, and refuses the first that cannot be
(:func:`~callcenter.testing.floor_machine.promises.promise` names the invariant). What must hold between steps is
judged by :mod:`callcenter.testing.floor_machine.rules`.
"""

from __future__ import annotations

from typing import Any, Final

from callcenter.model import facts
from callcenter.model.directory import MANUAL, AgentStatus
from callcenter.model.events import Cause
from callcenter.model.facts import AgentPhase, CallOutcome, LeftReason, OfferOutcome
from callcenter.model.ids import GroupId
from callcenter.model.numbers import matched
from callcenter.model.records import PartyKind
from callcenter.model.times import SECOND, Instant
from callcenter.model.tree import Target, TargetKind
from callcenter.testing.floor_machine.known import Known, who
from callcenter.testing.floor_machine.promises import promise

MISSES: Final = {OfferOutcome.NO_ANSWER, OfferOutcome.REJECTED, OfferOutcome.BUSY, OfferOutcome.UNREACHABLE}
BLOCKS: Final = {Cause.REJECTED: 10, Cause.BUSY: 60, Cause.UNREACHABLE: 5, Cause.CONGESTION: 5}
"""Seconds for which a phone is left alone after a miss, by its cause (3.4)."""
_AFTER_THE_END: Final = (facts.RecordingEnded, facts.StaleEvent)
_SESSION_PARTS: Final = ("ready", "not_ready", "ringing", "talking", "wrap_up")


class FloorBook(Known):
    """What is known of the floor from outside, and what may not be."""

    def fold(self, fact: Any) -> None:
        """Take note of a fact.

        Raises:
            PromiseBroken: When it cannot be.
        """
        call = self.calls.get(getattr(fact, "call", ""))
        if call is not None and call["ended"]:
            promise(isinstance(fact, _AFTER_THE_END), "V17: nothing after the end", fact)
        match fact:
            case facts.ImpossibleEvent():
                promise(False, "a switch that behaves tells nothing impossible", fact)
            case facts.CallOffered():
                promise(call is None, "a call is offered once", fact)
                self.calls[fact.call] = _new_call(fact)
            case facts.Routed():
                assert call is not None
                call["routed"] = fact.target
            case facts.Queued():
                self._queued(fact)
            case facts.AgentOffered():
                self._offered(fact)
            case facts.OfferEnded():
                self._offer_ended(fact)
            case facts.Connected():
                self._connected(fact)
            case facts.TalkEnded():
                self._talk_ended(fact)
            case facts.Left():
                self._left(fact)
            case facts.CallEnded():
                self._call_ended(fact)
            case facts.VisitEnded():
                self._recorded(fact)
            case facts.AgentState():
                self._agent_state(fact)
            case facts.SessionEnded():
                self._session_ended(fact)
            case _:
                return

    def _begin_visit(self, call: dict[str, Any], group: str, at: Instant) -> dict[str, Any]:
        """Begin a visit: at the end of the line for one who chose the group, at its old place for one put back."""
        routed: Target | None = call["routed"]
        place = call["places"].get(group)
        chosen = routed is not None and routed.kind is TargetKind.GROUP and routed.name == group
        requires = dict(self.config.center.groups[GroupId(group)].requires)
        if chosen or place is None:
            self.sequence += 1
            place = (at, self.sequence)
            requires |= dict(routed.requires) if routed is not None else {}
        call["places"][group] = place
        call["routed"] = None
        self.entered[group] += 1
        call["visit"] = {
            "call": call["id"],
            "caller": call["caller"],
            "group": group,
            "class": self.class_of(call["caller"], group),
            "arrived": place[0],
            "sequence": place[1],
            "requires": requires,
            "round": set(),
            "open": set(),
            "answered": None,
            "talks": False,
            "last_ended": 0,
            "sent": False,
        }
        visit: dict[str, Any] = call["visit"]
        return visit

    def _queued(self, fact: facts.Queued) -> None:
        call = self.calls[fact.call]
        sent = call["visit"] is not None and call["visit"]["sent"]
        promise(call["visit"] is None or sent, "V3: in one group at a time", fact)
        visit = call["visit"] if sent else self._begin_visit(call, fact.group, fact.at)
        visit["sent"] = False
        promise(fact.caller_class is visit["class"], "K3: the class it has in the group", fact)
        before = sum(self.key(other) < self.key(visit) for other in self.visits(fact.group))
        promise(fact.position == before + 1, "V6, V11: position", fact, before + 1)

    def _offered(self, fact: facts.AgentOffered) -> None:
        call, party = self.calls[fact.call], who(fact.party)
        if call["visit"] is None:  # sent to an agent: no line before it
            self._begin_visit(call, fact.group, fact.at)["sent"] = True
        visit = call["visit"]
        promise(fact.offer not in self.offers, "V17: an offer begins once", fact)
        promise(party not in self.holding, "V1: one offer or call", fact, self.holding.get(party))
        promise(visit["group"] == fact.group and not visit["answered"], "V3: offered while it waits", fact)
        promise(fact.phone not in {call["caller"], matched(call["caller"])}, "nobody rings its own phone", fact)
        if fact.party.kind is PartyKind.AGENT:
            agent, configured = self.agent(fact.party.id), self.configured(fact.party.id)
            works = configured is not None and configured.status is AgentStatus.ACTIVE
            promise(works, "P3b: a suspended agent has no offers", fact)
            promise(agent["phase"] is AgentPhase.READY, "only the ready are offered", fact, agent)
            promise(not agent["lost"], "no offers to the lost", fact)
            promise(fact.phone == agent["phone"], "the phone of the log-in rings", fact, agent)
            promise(not agent["wrap_until"] or agent["wrap_until"] <= fact.at, "V13: wrap-up honoured", fact, agent)
        if party in visit["round"]:
            self._again(visit, fact)
        visit["round"].add(party)
        visit["open"].add(fact.offer)
        self.holding[party] = fact.call
        offer = {"call": fact.call, "party": fact.party, "phone": fact.phone, "open": True, "leg": None}
        self.offers[fact.offer] = offer
        self.offered_now.append((fact.call, fact.party))

    def _again(self, visit: dict[str, Any], fact: facts.AgentOffered) -> None:
        """Begin a new round: somebody is offered the same call once more."""
        group = self.config.center.groups.get(GroupId(visit["group"]))
        rests_until = visit["last_ended"] + (group.retry_delay if group is not None else 0)
        promise(not visit["open"], "V7: no repeat while a phone of the call rings", fact)
        promise(rests_until <= fact.at, "V7: the retry delay runs before a repeat", fact, visit)
        self.again_now.append((fact.call, set(visit["round"])))
        visit["round"].clear()

    def _offer_ended(self, fact: facts.OfferEnded) -> None:
        offer, party = self.offers.get(fact.offer), who(fact.party)
        promise(offer is not None and offer["open"], "V4, V17: an offer ends once", fact)
        assert offer is not None
        offer["open"] = False
        visit = self.calls[fact.call]["visit"]
        visit["open"].discard(fact.offer)
        visit["last_ended"] = fact.at
        promise(self.holding.get(party) == fact.call, "V2: a reservation is released once", fact)
        if fact.outcome is OfferOutcome.ANSWERED:
            promise(not visit["open"], "V5: losers are cancelled before the winner is told", fact)
            visit["answered"] = fact.offer
            return
        del self.holding[party]
        if fact.outcome in MISSES and fact.party.kind is PartyKind.AGENT and self.agent(fact.party.id)["session"]:
            self.agent(fact.party.id)["session"]["missed"] += 1
        if fact.party.kind is PartyKind.EXTENSION and fact.outcome in MISSES:
            self.blocked[party] = fact.at + BLOCKS.get(fact.cause, 0) * SECOND

    def _connected(self, fact: facts.Connected) -> None:
        call, visit = self.calls[fact.call], self.calls[fact.call]["visit"]
        promise(call["talk"] is None, "V3: connected to one at most", fact)
        call["talk"] = fact.party
        if visit:
            won = self.offers[visit["answered"]]["party"] if visit["answered"] else None
            promise(won == fact.party, "V3: connected to who answered", fact, won)
            visit["talks"] = True
        elif fact.party.kind is PartyKind.EXTENSION:
            promise(who(fact.party) not in self.holding, "V1: one call", fact)
            self.holding[who(fact.party)] = fact.call

    def _talk_ended(self, fact: facts.TalkEnded) -> None:
        call, talk = self.calls[fact.call], fact.talk
        promise(call["talk"] == fact.party, "V17: a talk ends once, with who was connected", fact)
        promise(talk.ring_at <= talk.answered_at <= talk.ended_at == fact.at, "times are ordered", fact)
        promise(fact.length == talk.ended_at - talk.answered_at, "talk is answer to end", fact)
        call["talks"] += 1
        promise(talk.number == call["talks"], "talks of a call are counted from 1", fact)
        call["talk"], call["visit"] = None, None
        self.release(fact.call)
        if fact.party.kind is PartyKind.AGENT:
            self._wrap_up(fact)

    def _wrap_up(self, fact: facts.TalkEnded) -> None:
        agent, center = self.agent(fact.party.id), self.config.center
        if agent["session"]:
            agent["session"]["answered"] += 1
        configured = self.configured(fact.party.id)
        group = center.groups.get(fact.talk.group) if fact.talk.group is not None else None
        if configured is not None and group is not None:
            length = group.wrap_up if configured.wrap_up is None else configured.wrap_up
            agent["wrap_until"] = None if length == MANUAL else fact.at + length

    def _left(self, fact: facts.Left) -> None:
        call, visit = self.calls[fact.call], self.calls[fact.call]["visit"]
        promise(fact.wait >= 0, "waits are no shorter than nothing", fact)
        if visit is None:
            promise(fact.wait == 0, "a refused caller did not wait", fact)
            self.refused[fact.group] += 1
            return
        promise(visit["group"] == fact.group and not visit["talks"], "left the group it waited in", fact)
        promise(not visit["open"], "V2: no offer outlasts the wait", fact)
        if fact.reason is LeftReason.TIMEOUT:
            promise(visit["answered"] is None, "the answer wins over the longest wait", fact)
        call["visit"] = None
        self.release(fact.call)

    def _call_ended(self, fact: facts.CallEnded) -> None:
        call = self.calls[fact.call]
        promise(call["visit"] is None and call["talk"] is None, "V17: a call ends after its visit and talk", fact)
        promise((fact.outcome is CallOutcome.ANSWERED) == bool(call["talks"]), "answered is at least one talk", fact)
        call["ended"] = True
        self.release(fact.call)

    def _recorded(self, fact: facts.VisitEnded) -> None:
        record = fact.record
        promise(record.ended_at == fact.at, "a record is written at the end", fact)
        promise(record.wait >= 0 and record.talk >= 0 and record.queued_at <= record.ended_at, "times of a visit", fact)
        self.recorded[record.group] += 1

    def _agent_state(self, fact: facts.AgentState) -> None:
        agent = self.agent(fact.agent)
        agent["phase"] = fact.state
        if fact.state is AgentPhase.READY:
            until = agent["wrap_until"]
            promise(not until or until <= fact.at, "V13: wrap-up honoured", fact, agent)
        if fact.state not in {AgentPhase.OFFERED, AgentPhase.TALKING, AgentPhase.WRAP_UP}:
            kept = agent["wants"] in {None, fact.state} or fact.state is AgentPhase.LOGGED_OUT
            promise(kept, "3.4: what was asked for in a call is applied after it", fact, agent)
            agent["wants"] = None
        if fact.state is AgentPhase.LOGGED_OUT:
            agent |= {"phone": "", "lost": False, "wrap_until": None}

    def _session_ended(self, fact: facts.SessionEnded) -> None:
        session, agent = fact.session, self.agent(fact.session.agent)
        known = agent["session"]
        promise(known is not None, "a session ends once", fact)
        promise(
            session.logout_at is not None and session.login_at == known["login_at"], "a session has its times", fact
        )
        parts = sum(getattr(session, part) for part in _SESSION_PARTS)
        promise(parts == (session.logout_at or 0) - session.login_at, "the parts of a session add up", fact)
        counted = (session.answered, session.missed)
        promise(counted == (known["answered"], known["missed"]), "calls of a session are counted", fact, known)
        agent["session"] = None


def _new_call(fact: facts.CallOffered) -> dict[str, Any]:
    return {
        "id": fact.call,
        "caller": fact.caller,
        "routed": None,
        "places": {},
        "visit": None,
        "talk": None,
        "talks": 0,
        "hung_up": False,
        "ended": False,
    }
