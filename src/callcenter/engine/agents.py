"""The life of an agent: one table, every (state, input) pair decided.

Theory of operation. A station is an agent, or a phone of an extension group. Its inputs are what people do (log in,
ready …), what becomes of offers and talks, and two timers. A row is ``(step, states it may lead to)``. Pairs that are
not rows are *stale* (a race: ignored and counted) or *impossible* (never told by this engine). What is asked for
during a call is kept as an intent and applied when the call is over, never lost (3.4 of the routing design).

Extensions share the rows of offers, talks and blocks; they have no session, no strikes and write no ``agent_state``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from callcenter.engine import agent_steps
from callcenter.engine.agent_steps import Told
from callcenter.engine.floor import Floor
from callcenter.engine.states import Station
from callcenter.model.facts import AgentPhase
from callcenter.model.words import Word


class Input(Word):
    """What can happen to a station."""

    LOG_IN = "log_in"
    LOG_OUT = "log_out"
    REMOVE = "remove"
    READY = "ready"
    NOT_READY = "not_ready"
    WRAP_UP_DONE = "wrap_up_done"
    LOST = "lost"
    RETURNED = "returned"
    OFFER = "offer"
    OFFER_GONE = "offer_gone"
    MISSED = "missed"
    ANSWERED = "answered"
    PARTED = "parted"
    TALK_ENDED = "talk_ended"
    TIME_UP = "time_up"
    GRACE_OVER = "grace_over"


Step = Callable[[Floor, Station, Told], None]
Row = tuple[Step, frozenset[AgentPhase]]
NOTHING: Final = Told()


# ---------------------------------------------------------------- the table

_OUT, _NOT, _READY = AgentPhase.LOGGED_OUT, AgentPhase.NOT_READY, AgentPhase.READY
_OFFERED, _TALKING, _WRAP, _BLOCKED = AgentPhase.OFFERED, AgentPhase.TALKING, AgentPhase.WRAP_UP, AgentPhase.BLOCKED
_AFTER: Final = frozenset({_OUT, _NOT, _READY})

TRANSITIONS: Final[Mapping[tuple[AgentPhase, Input], Row]] = {
    # --- logged out
    (_OUT, Input.LOG_IN): (agent_steps.log_in, frozenset({_NOT})),
    (_OUT, Input.REMOVE): (agent_steps.log_out, frozenset({_OUT})),
    # --- not ready
    (_NOT, Input.LOG_IN): (agent_steps.log_in, frozenset({_NOT})),
    (_NOT, Input.LOG_OUT): (agent_steps.log_out, frozenset({_OUT})),
    (_NOT, Input.REMOVE): (agent_steps.log_out, frozenset({_OUT})),
    (_NOT, Input.READY): (agent_steps.ready, frozenset({_READY})),
    (_NOT, Input.NOT_READY): (agent_steps.not_ready, frozenset({_NOT})),
    (_NOT, Input.LOST): (agent_steps.lose, frozenset({_NOT})),
    (_NOT, Input.RETURNED): (agent_steps.find, frozenset({_NOT})),
    (_NOT, Input.GRACE_OVER): (agent_steps.grace_over, frozenset({_NOT, _OUT})),
    # --- ready
    (_READY, Input.LOG_IN): (agent_steps.log_in, frozenset({_NOT})),
    (_READY, Input.LOG_OUT): (agent_steps.log_out, frozenset({_OUT})),
    (_READY, Input.REMOVE): (agent_steps.log_out, frozenset({_OUT})),
    (_READY, Input.READY): (agent_steps.want_ready, frozenset({_READY})),
    (_READY, Input.NOT_READY): (agent_steps.not_ready, frozenset({_NOT})),
    (_READY, Input.LOST): (agent_steps.lose, frozenset({_READY})),
    (_READY, Input.RETURNED): (agent_steps.find, frozenset({_READY})),
    (_READY, Input.OFFER): (agent_steps.offer, frozenset({_OFFERED})),
    (_READY, Input.GRACE_OVER): (agent_steps.grace_over, frozenset({_READY, _OUT})),
    # --- offered: what asks the agent away is remembered; the coupling withdraws the offer, which applies it
    (_OFFERED, Input.LOG_IN): (agent_steps.want_not_ready, frozenset({_OFFERED})),
    (_OFFERED, Input.LOG_OUT): (agent_steps.want_log_out, frozenset({_OFFERED})),
    (_OFFERED, Input.REMOVE): (agent_steps.want_removal, frozenset({_OFFERED})),
    (_OFFERED, Input.NOT_READY): (agent_steps.want_not_ready, frozenset({_OFFERED})),
    (_OFFERED, Input.READY): (agent_steps.want_ready, frozenset({_OFFERED})),
    (_OFFERED, Input.LOST): (agent_steps.lose, frozenset({_OFFERED})),
    (_OFFERED, Input.RETURNED): (agent_steps.find, frozenset({_OFFERED})),
    (_OFFERED, Input.OFFER_GONE): (agent_steps.offer_gone, _AFTER),
    (_OFFERED, Input.MISSED): (agent_steps.missed, _AFTER | {_BLOCKED}),
    (_OFFERED, Input.ANSWERED): (agent_steps.answered, frozenset({_TALKING})),
    (_OFFERED, Input.GRACE_OVER): (agent_steps.grace_over_busy, frozenset({_OFFERED})),
    # --- talking
    (_TALKING, Input.LOG_IN): (agent_steps.log_in, frozenset({_TALKING})),
    (_TALKING, Input.LOG_OUT): (agent_steps.want_log_out, frozenset({_TALKING})),
    (_TALKING, Input.REMOVE): (agent_steps.want_removal, frozenset({_TALKING})),
    (_TALKING, Input.READY): (agent_steps.want_ready, frozenset({_TALKING})),
    (_TALKING, Input.NOT_READY): (agent_steps.want_not_ready, frozenset({_TALKING})),
    (_TALKING, Input.LOST): (agent_steps.lose, frozenset({_TALKING})),
    (_TALKING, Input.RETURNED): (agent_steps.find, frozenset({_TALKING})),
    (_TALKING, Input.PARTED): (agent_steps.parted, _AFTER),
    (_TALKING, Input.TALK_ENDED): (agent_steps.talk_ended, _AFTER | {_WRAP}),
    (_TALKING, Input.GRACE_OVER): (agent_steps.grace_over_busy, frozenset({_TALKING})),
    # --- wrapping up
    (_WRAP, Input.LOG_IN): (agent_steps.log_in, frozenset({_WRAP})),
    (_WRAP, Input.LOG_OUT): (agent_steps.log_out, frozenset({_OUT})),
    (_WRAP, Input.REMOVE): (agent_steps.log_out, frozenset({_OUT})),
    (_WRAP, Input.READY): (agent_steps.want_ready, frozenset({_WRAP})),
    (_WRAP, Input.NOT_READY): (agent_steps.want_not_ready, frozenset({_WRAP})),
    (_WRAP, Input.WRAP_UP_DONE): (agent_steps.rested, _AFTER),
    (_WRAP, Input.LOST): (agent_steps.lose, frozenset({_WRAP})),
    (_WRAP, Input.RETURNED): (agent_steps.find, frozenset({_WRAP})),
    (_WRAP, Input.TIME_UP): (agent_steps.rested, _AFTER),
    (_WRAP, Input.GRACE_OVER): (agent_steps.grace_over, frozenset({_WRAP, _OUT})),
    # --- blocked after a miss
    (_BLOCKED, Input.LOG_IN): (agent_steps.log_in, frozenset({_NOT})),
    (_BLOCKED, Input.LOG_OUT): (agent_steps.log_out, frozenset({_OUT})),
    (_BLOCKED, Input.REMOVE): (agent_steps.log_out, frozenset({_OUT})),
    (_BLOCKED, Input.READY): (agent_steps.ready, frozenset({_READY})),
    (_BLOCKED, Input.NOT_READY): (agent_steps.not_ready, frozenset({_NOT})),
    (_BLOCKED, Input.LOST): (agent_steps.lose, frozenset({_BLOCKED})),
    (_BLOCKED, Input.RETURNED): (agent_steps.find, frozenset({_BLOCKED})),
    (_BLOCKED, Input.TIME_UP): (agent_steps.unblocked, _AFTER),
    (_BLOCKED, Input.GRACE_OVER): (agent_steps.grace_over, frozenset({_BLOCKED, _OUT})),
}

STALE: Final = frozenset(
    {
        # people press keys when the state has just changed
        (_OUT, Input.LOG_OUT),
        (_OUT, Input.READY),
        (_OUT, Input.NOT_READY),
        (_OUT, Input.WRAP_UP_DONE),
        (_OUT, Input.LOST),
        (_OUT, Input.RETURNED),
        (_NOT, Input.WRAP_UP_DONE),
        (_READY, Input.WRAP_UP_DONE),
        (_OFFERED, Input.WRAP_UP_DONE),
        (_TALKING, Input.WRAP_UP_DONE),
        (_BLOCKED, Input.WRAP_UP_DONE),
    }
)

IMPOSSIBLE: Final = frozenset(
    {(phase, entry) for phase in (_OUT, _NOT, _READY, _WRAP, _BLOCKED) for entry in (Input.OFFER_GONE, Input.MISSED)}
    | {(phase, Input.OFFER) for phase in (_OUT, _NOT, _OFFERED, _TALKING, _WRAP, _BLOCKED)}
    | {(phase, Input.ANSWERED) for phase in (_OUT, _NOT, _READY, _TALKING, _WRAP, _BLOCKED)}
    | {
        (phase, entry)
        for phase in (_OUT, _NOT, _READY, _OFFERED, _WRAP, _BLOCKED)
        for entry in (Input.PARTED, Input.TALK_ENDED)
    }
    | {(phase, Input.TIME_UP) for phase in (_OUT, _NOT, _READY, _OFFERED, _TALKING)}
    | {(_OUT, Input.GRACE_OVER)}
    | {(_TALKING, Input.OFFER_GONE), (_TALKING, Input.MISSED)}
)


_ROWS: Final[Mapping[AgentPhase, Mapping[Input, Row]]] = {
    phase: {entry: row for (of, entry), row in TRANSITIONS.items() if of is phase} for phase in AgentPhase
}
"""The table by state, for the interpreter."""


def tell_station(floor: Floor, station: Station, entry: Input, told: Told = NOTHING) -> bool:
    """Let an input happen to a station.

    Returns:
        False when it meant nothing in this state (stale); the table says which.
    """
    row = _ROWS[station.phase].get(entry)
    if row is None:
        return False
    step, leads_to = row
    step(floor, station, told)
    assert station.phase in leads_to, (station.id, entry, station.phase)
    return True
