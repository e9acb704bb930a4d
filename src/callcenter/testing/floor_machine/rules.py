"""What must hold of a floor between steps: nobody suits and is idle, the best caller first, nothing lost in counting.

Eligibility is told here a second time, in plain words over what the book knows, so that a mistake in the engine's
predicate cannot hide in its own mirror.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from callcenter.engine import Engine
from callcenter.engine.choosing import HUNG_UP
from callcenter.model.directory import AgentGroup, AgentStatus, GroupKind, RingKind
from callcenter.model.facts import AgentPhase
from callcenter.model.ids import GroupId, agent_key
from callcenter.model.numbers import matched
from callcenter.model.records import Party, PartyKind
from callcenter.model.times import Instant
from callcenter.testing.floor_machine.book import FloorBook
from callcenter.testing.floor_machine.known import who
from callcenter.testing.floor_machine.promises import promise
from callcenter.testing.floor_machine.switch import Switchboard


def idle(book: FloorBook) -> dict[str, dict[str, Any]]:
    """Return the visits whose caller waits while nothing rings for it, by call."""
    visits = [call["visit"] for call in book.live() if call["visit"]]
    return {visit["call"]: dict(visit) for visit in visits if not visit["answered"] and not visit["open"]}


# ---------------------------------------------------------------- who suits whom


def parties(book: FloorBook, group: AgentGroup) -> Iterator[tuple[Party, str, int, dict[str, int]]]:
    """Yield the members of a group: who, on which phone, in which tier, with which skills."""
    if group.kind is GroupKind.EXTENSION:
        for extension in group.extensions:
            if extension.long:
                yield Party(kind=PartyKind.EXTENSION, id=extension.short), extension.long, 0, {}
        return
    configured = {agent_key(agent.id): agent for agent in book.config.center.agents.values()}
    for member in group.members:
        agent = configured[agent_key(member.agent)]
        if agent.status is AgentStatus.ACTIVE:
            phone = book.agent(agent.id)["phone"]
            yield Party(kind=PartyKind.AGENT, id=agent.id), phone, member.tier, dict(agent.skills)


def suits(visit: dict[str, Any], phone: str, skills: dict[str, int]) -> bool:
    """Tell whether a phone may ring for a caller at all: not its own, and whoever answers knows enough."""
    own = {visit["caller"], matched(visit["caller"])}
    return phone not in own and all(skills.get(name, 0) >= level for name, level in visit["requires"].items())


def available(book: FloorBook, party: Party, phone: str, engaged: set[str], now: Instant) -> bool:
    """Tell whether somebody could be offered a caller now: ready, there, not held, with a phone in no live leg."""
    if who(party) in book.holding or phone in engaged:
        return False
    if party.kind is PartyKind.EXTENSION:
        return book.blocked.get(who(party), 0) <= now
    agent = book.agent(party.id)
    return agent["phase"] is AgentPhase.READY and not agent["lost"]


# ---------------------------------------------------------------- rules


def nobody_idle(book: FloorBook, engaged: set[str], now: Instant) -> None:
    """V10: no eligible caller and agent are idle after a step."""
    for call in book.live():
        visit = call["visit"]
        group = book.config.center.groups.get(GroupId(visit["group"])) if visit and not visit["answered"] else None
        if group is None:
            continue
        able = [
            (party, tier)
            for party, phone, tier, skills in parties(book, group)
            if suits(visit, phone, skills) and available(book, party, phone, engaged, now)
        ]
        fresh = [(party, tier) for party, tier in able if who(party) not in visit["round"]]
        if not visit["open"]:
            delay = max(group.retry_delay, HUNG_UP if _being_hung_up(book, visit, group, engaged, now) else 0)
            rests = now < visit["last_ended"] + delay
            promise(not fresh, "V10: an idle pair", visit, fresh)
            promise(not able or rests, "V10: an idle pair, and the retry delay is over", visit, able)
        elif _wants_more(visit, group):
            tiers = {who(party): tier for party, _, tier, _ in parties(book, group)}
            opened = max((tiers[each] for each in visit["round"] if each in tiers), default=-1)
            promise(all(tier > opened for _, tier in fresh), "V10: one more could ring", visit, fresh)


def _being_hung_up(book: FloorBook, visit: dict[str, Any], group: AgentGroup, engaged: set[str], now: Instant) -> bool:
    """Tell whether somebody of the round is only held back by a phone that is just being put down."""
    return any(
        who(party) in visit["round"]
        and phone in engaged
        and suits(visit, phone, skills)
        and available(book, party, phone, set(), now)
        for party, phone, _, skills in parties(book, group)
    )


def everybody_once(book: FloorBook, engaged: set[str], now: Instant) -> None:
    """V7: nobody is offered a call again while somebody who could be has not been offered it."""
    for call, offered in book.again_now:
        visit = book.calls[call]["visit"]
        group = book.config.center.groups.get(GroupId(visit["group"])) if visit else None
        for party, phone, _, skills in parties(book, group) if group is not None else ():
            passed_over = who(party) not in offered and who(party) not in visit["round"]
            could = suits(visit, phone, skills) and available(book, party, phone, engaged, now)
            promise(not (passed_over and could), "V7: somebody again, somebody not at all", visit, party)


def _wants_more(visit: dict[str, Any], group: AgentGroup) -> bool:
    rings_more = group.ring.kind is RingKind.PARALLEL and len(visit["open"]) < group.ring.count
    return not visit["sent"] and (rings_more or group.ring.kind is RingKind.ALL)


def best_first(book: FloorBook, before: dict[str, dict[str, Any]]) -> None:
    """V3, V9, V11: an agent is given to the caller who stands before all others whom it suits.

    Args:
        book: After the step.
        before: Who was idle before it (:func:`idle`).
    """
    after = idle(book)
    ringing = {call for call, _ in book.offered_now}
    passed_over = [after[id] for id in before if id in after and id not in ringing]
    for call, party in book.offered_now:
        given = book.calls[call]["visit"]
        if given is None or given["sent"]:
            continue
        for visit in passed_over:
            group = book.config.center.groups.get(GroupId(visit["group"]))
            if group is None or visit["round"] & {who(party)} or group.aging or group.tier_wait:
                continue
            member = next((each for each in parties(book, group) if who(each[0]) == who(party)), None)
            if member is not None and suits(visit, member[1], member[3]):
                stands_before = book.key(visit) < book.key(given)
                promise(not stands_before, "V9, V11: the best caller first", party, given, visit)


def nothing_lost(book: FloorBook, engine: Engine, now: Instant) -> None:
    """V18 and the like: what the book has counted is what the engine says of itself."""
    calls = engine.live_calls()
    promise(set(calls) == {call["id"] for call in book.live()}, "every call is known until its end", list(calls))
    for id, view in calls.items():
        visit, talk = book.calls[id]["visit"], book.calls[id]["talk"]
        promise(view.group == (visit["group"] if visit else ""), "V18: every caller is where it went", view, visit)
        promise(talk is None or view.party == talk, "V3: who talks", view, talk)
    inside = Counter(call["visit"]["group"] for call in book.live() if call["visit"])
    for group in book.config.center.groups:
        joined = book.entered[group] + book.refused[group]
        promise(joined == book.recorded[group] + inside[group], "V18: joined = recorded + inside", group)
    phases = engine.agent_phases()
    known = {agent.id: book.agent(agent.id)["phase"] for agent in book.config.center.agents.values()}
    promise({id: phases[id] for id in known} == known, "every change of state is told", phases, known)
    legs = Counter(engine.live_legs().values())
    promise(not legs or max(legs.values()) == 1, "no phone in two live legs", legs)
    for session in engine.sessions(now):
        parts = session.ready + session.not_ready + session.ringing + session.talking + session.wrap_up
        promise(parts == now - session.login_at, "the parts of a session add up", session)


def losers_cancelled(book: FloorBook) -> None:
    """V5: the leg of every offer that nobody answered was hung up, unless it ended by itself."""
    for offer in book.offers.values():
        won = book.calls[offer["call"]]["visit"]
        leg = book.legs.get(offer["leg"] or "")
        if offer["open"] or leg is None or leg["gone"] or leg["hang_ups"]:
            continue
        promise(won is not None and book.offers.get(won["answered"] or "") is offer, "V5: a phone rings on", offer)


def both_sides(book: FloorBook, engine: Engine, switch: Switchboard) -> None:
    """Tell whether switch and engine agree on what is up, when nothing is on its way between them."""
    promise(set(switch.legs) == set(engine.live_legs()), "legs of both sides", switch.legs, engine.live_legs())
    promise(set(switch.lines) == set(engine.live_calls()), "lines of both sides", switch.lines, engine.live_calls())
    for call in book.live():
        promise(not call["talk"] or _bridged(call, switch), "a talk has its phone", call)


def _bridged(call: dict[str, Any], switch: Switchboard) -> bool:
    return any(leg["call"] == call["id"] and leg["answered"] for leg in switch.legs.values())
