"""Phones of agents and their approval: what was proposed waits in a note of the store until somebody approves it.

A log-in with a phone that is not approved is refused by the engine, so a stolen secret does not let anybody have calls
sent elsewhere.
"""

from __future__ import annotations

import json
from typing import Final

import attrs

from callcenter.admin.rows import refuse_frozen
from callcenter.admin.tables import set_fields
from callcenter.admin.tenants import AgentRef
from callcenter.admin.turn import Turn
from callcenter.errors import UsageError
from callcenter.files.changes import REMOVED
from callcenter.model.directory import Agent
from callcenter.model.ids import agent_key
from callcenter.model.numbers import masked
from callcenter.model.times import Instant
from callcenter.model.value import value
from callcenter.texts import Word

MOST: Final = 5
"""Phones of an agent that may wait at a time."""


@value
class Proposed:
    """A phone that waits for approval."""

    number: str = attrs.field(repr=masked)
    at: Instant
    by: str


def waiting(turn: Turn, ref: AgentRef) -> tuple[Proposed, ...]:
    """Return the phones of an agent that wait, the oldest first."""
    text = turn.tx.notes.get(_key(ref))
    return tuple(Proposed(**row) for row in json.loads(text)) if text else ()


def propose(turn: Turn, ref: AgentRef, number: str) -> str:
    """Let a phone wait for approval, and return it."""
    known, agent = waiting(turn, ref), _agent(turn, ref)
    if number in {agent.phone, *agent.phones, *(each.number for each in known)}:
        raise UsageError("E582", what=Word("column.phone"), value=masked(number))
    if len(known) >= MOST:
        raise UsageError("E586", found=len(known))
    _keep(turn, ref, (*known, Proposed(number=number, at=turn.now, by=turn.who.name)))
    turn.note(after={"waiting": number})
    return number


def approve(turn: Turn, ref: AgentRef, number: str, *, first: bool) -> None:
    """Let a phone that waits count."""
    known, agent = waiting(turn, ref), _agent(turn, ref)
    if number not in {each.number for each in known}:
        raise UsageError("E590")
    rest = [*agent.phones, agent.phone if first else number]
    fields = {"phone": number, "phones": rest} if first else {"phones": rest}
    set_fields(turn, ("center", ref.center, "agent", ref.agent), fields)
    _keep(turn, ref, tuple(each for each in known if each.number != number))


def drop(turn: Turn, ref: AgentRef, number: str) -> None:
    """Let a phone count no more."""
    known, agent = waiting(turn, ref), _agent(turn, ref)
    if number in agent.phones:
        rest = [each for each in agent.phones if each != number]
        set_fields(turn, ("center", ref.center, "agent", ref.agent), {"phones": rest or REMOVED})
    elif number in {each.number for each in known}:
        _keep(turn, ref, tuple(each for each in known if each.number != number))
        turn.note(before={"waiting": number})
    else:
        raise UsageError("E590")


def _agent(turn: Turn, ref: AgentRef) -> Agent:
    return turn.whole.centers[ref.center].agents[ref.agent]


def _key(ref: AgentRef) -> str:
    return f"phones:{ref.center}/{agent_key(ref.agent)}"


def _keep(turn: Turn, ref: AgentRef, proposed: tuple[Proposed, ...]) -> None:
    refuse_frozen(turn, ref.center)
    rows = [{"number": each.number, "at": each.at, "by": each.by} for each in proposed]
    if rows:
        turn.tx.notes.put(_key(ref), json.dumps(rows, ensure_ascii=False))
    else:
        turn.tx.notes.remove(_key(ref))
