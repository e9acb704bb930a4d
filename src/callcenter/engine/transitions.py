"""THE LIFE OF A CALL: one table, every (state, event) pair decided.

Theory of operation. A call is in one of the states of :class:`~callcenter.engine.states.CallState`; an event of the
switch or the host, or a timer, happens to it. A row says which step is taken and to which states it may lead. Steps
that send the caller on return a target; :func:`follow` goes there, and on from there, until the caller stays. What
couples calls with agents happens after the event, in :func:`callcenter.engine.choosing.give_out`.

Pairs that are not rows are written out in one of two further sets, so that nothing is left undecided:

- *stale*: a race. On a telephone line it is the normal case that a caller hangs up while an agent lifts. The event is
  ignored and counted; a phone that answers too late is hung up.
- *impossible*: the switch or the host told what cannot be. It is reported as a fact and changes nothing.

Two gates stand before the table. An event of a leg is looked up by its leg: one that is not the call's any more only
frees its phone, or is hung up when it answers. The end of a recording is told whatever has become of the call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from callcenter.engine import after_answer, arrival, before_answer, leases
from callcenter.engine.floor import Floor
from callcenter.engine.states import CallState, TimerKind
from callcenter.model import events as e
from callcenter.model.tree import Target

Step = Callable[[Floor, Any, Any], "Target | None"]
What: TypeAlias = type[Any] | TimerKind
Row = tuple[Step, frozenset[CallState]]

S, T = CallState, TimerKind

ON_THE_WAY: Final = frozenset({S.MENU, S.WAITING, S.DIALLING, S.CLOSED_HOURS, S.VOICEMAIL, S.CLOSING, S.ENDED})
"""Where a caller can come to rest who is sent on."""


def _to(*states: CallState) -> frozenset[CallState]:
    return frozenset(states)


def _onward(*states: CallState) -> frozenset[CallState]:
    return ON_THE_WAY | frozenset(states)


TRANSITIONS: Final[Mapping[tuple[CallState, What], Row]] = {
    # --- arriving: number, status, blacklist, balance, caps
    (S.NEW, e.CallOffered): (arrival.offered, _to(S.OFFERED, S.ENDED)),
    (S.OFFERED, e.CreditGranted): (arrival.admitted, _to(S.ANSWERING, S.ENDED)),
    (S.OFFERED, e.CreditRefused): (arrival.not_admitted, _to(S.ENDED)),
    (S.OFFERED, e.CallerHungUp): (arrival.gone_before_answer, _to(S.ENDED)),
    (S.OFFERED, e.CommandFailed): (after_answer.failed, _to(S.ENDED)),
    (S.ANSWERING, e.CallAnswered): (arrival.answered, _onward()),
    (S.ANSWERING, e.CallerHungUp): (arrival.gone_before_answer, _to(S.ENDED)),
    (S.ANSWERING, e.CommandFailed): (after_answer.failed, _to(S.ENDED)),
    (S.ANSWERING, T.ANSWER_LEASE): (after_answer.failed, _to(S.ENDED)),
    # --- in the IVR
    (S.MENU, e.DigitPressed): (before_answer.digit, _onward()),
    (S.MENU, e.PlaybackEnded): (before_answer.prompt_over, _onward()),
    (S.MENU, e.DigitsCollected): (before_answer.host_collected, _onward()),
    (S.MENU, e.HostAnswered): (before_answer.host_said, _onward()),
    (S.MENU, e.CommandFailed): (after_answer.failed, _to(S.ENDED)),
    (S.MENU, e.CallerHungUp): (before_answer.gone_in_menu, _to(S.ENDED)),
    (S.MENU, T.MENU): (before_answer.menu_timer, _onward()),
    # --- in the line of a group
    (S.WAITING, e.DigitPressed): (before_answer.exit_key, _onward(S.WAITING)),
    (S.WAITING, e.PlaybackEnded): (before_answer.line_prompt_over, _to(S.WAITING)),
    (S.WAITING, e.CallerHungUp): (before_answer.gone_in_line, _to(S.ENDED)),
    (S.WAITING, T.MAX_WAIT): (before_answer.waited_too_long, _onward()),
    (S.WAITING, T.RING_AGAIN): (before_answer.look_again, _to(S.WAITING)),
    (S.WAITING, T.AGING): (before_answer.age, _to(S.WAITING)),
    (S.WAITING, T.ANNOUNCE): (before_answer.tell_place, _to(S.WAITING)),
    (S.WAITING, T.PLAY_LEASE): (before_answer.line_prompt_over, _to(S.WAITING)),
    # --- a phone is chosen, billing is asked for the hold
    (S.RESERVED, e.CreditGranted): (before_answer.credit_held, _to(S.RINGING, S.WAITING)),
    (S.RESERVED, e.CreditRefused): (before_answer.credit_refused, _to(S.CLOSING, S.ENDED)),
    (S.RESERVED, e.DigitPressed): (before_answer.exit_key, _onward(S.RESERVED)),
    (S.RESERVED, e.PlaybackEnded): (before_answer.line_prompt_over, _to(S.RESERVED)),
    (S.RESERVED, e.CallerHungUp): (before_answer.gone_in_line, _to(S.ENDED)),
    (S.RESERVED, T.MAX_WAIT): (before_answer.waited_too_long, _onward()),
    (S.RESERVED, T.RING_AGAIN): (before_answer.look_again, _to(S.RESERVED)),
    (S.RESERVED, T.AGING): (before_answer.age, _to(S.RESERVED)),
    (S.RESERVED, T.ANNOUNCE): (before_answer.tell_place, _to(S.RESERVED)),
    (S.RESERVED, T.PLAY_LEASE): (before_answer.line_prompt_over, _to(S.RESERVED)),
    # --- phones ring
    (S.RINGING, e.LegRinging): (before_answer.leg_rings, _to(S.RINGING)),
    (S.RINGING, e.LegAnswered): (before_answer.leg_answered, _to(S.ANNOUNCING, S.TALKING)),
    (S.RINGING, e.LegFailed): (before_answer.leg_missed, _to(S.RINGING, S.WAITING)),
    (S.RINGING, e.LegEnded): (before_answer.leg_missed, _to(S.RINGING, S.WAITING)),
    (S.RINGING, e.DigitPressed): (before_answer.exit_key, _onward(S.RINGING)),
    (S.RINGING, e.PlaybackEnded): (before_answer.line_prompt_over, _to(S.RINGING)),
    (S.RINGING, e.CallerHungUp): (before_answer.gone_in_line, _to(S.ENDED)),
    (S.RINGING, e.CreditGranted): (before_answer.credit_held, _to(S.RINGING, S.WAITING)),
    (S.RINGING, T.RING): (before_answer.rang_out, _to(S.RINGING, S.WAITING)),
    (S.RINGING, T.RING_AGAIN): (before_answer.look_again, _to(S.RINGING)),
    (S.RINGING, T.MAX_WAIT): (before_answer.waited_too_long, _onward()),
    (S.RINGING, T.AGING): (before_answer.age, _to(S.RINGING)),
    (S.RINGING, T.ANNOUNCE): (before_answer.tell_place, _to(S.RINGING)),
    (S.RINGING, T.PLAY_LEASE): (before_answer.line_prompt_over, _to(S.RINGING)),
    # --- a direct dial rings
    (S.DIALLING, e.CreditGranted): (before_answer.direct_held, _onward()),
    (S.DIALLING, e.CreditRefused): (before_answer.direct_refused, _to(S.CLOSING, S.ENDED)),
    (S.DIALLING, e.LegRinging): (before_answer.leg_rings, _to(S.DIALLING)),
    (S.DIALLING, e.LegAnswered): (before_answer.leg_answered, _to(S.ANNOUNCING, S.TALKING)),
    (S.DIALLING, e.LegFailed): (before_answer.direct_missed, _onward()),
    (S.DIALLING, e.LegEnded): (before_answer.direct_missed, _onward()),
    (S.DIALLING, e.DigitPressed): (before_answer.unheard, _to(S.DIALLING)),
    (S.DIALLING, e.CallerHungUp): (before_answer.gone_while_dialling, _to(S.ENDED)),
    (S.DIALLING, T.RING): (before_answer.direct_rang_out, _onward()),
    # --- between the answer and the bridge
    (S.ANNOUNCING, e.PlaybackEnded): (after_answer.announced, _to(S.ANNOUNCING, S.TALKING)),
    (S.ANNOUNCING, e.LegEnded): (after_answer.agent_parted, _onward(S.WAITING)),
    (S.ANNOUNCING, e.LegFailed): (after_answer.agent_parted, _onward(S.WAITING)),
    (S.ANNOUNCING, e.DigitPressed): (before_answer.unheard, _to(S.ANNOUNCING)),
    (S.ANNOUNCING, e.CreditGranted): (after_answer.deadline, _to(S.ANNOUNCING)),
    (S.ANNOUNCING, e.CreditRefused): (after_answer.no_credit, _to(S.ANNOUNCING)),
    (S.ANNOUNCING, e.CallerHungUp): (after_answer.gone_before_bridge, _to(S.ENDED)),
    (S.ANNOUNCING, T.PLAY_LEASE): (after_answer.announced, _to(S.ANNOUNCING, S.TALKING)),
    (S.ANNOUNCING, T.CREDIT): (after_answer.money_gone_before_bridge, _to(S.CLOSING, S.ENDED)),
    (S.ANNOUNCING, T.CREDIT_WARNING): (before_answer.look_again, _to(S.ANNOUNCING)),
    # --- the talk
    (S.TALKING, e.LegEnded): (after_answer.agent_hung_up, _to(S.ENDED)),
    (S.TALKING, e.LegFailed): (after_answer.agent_hung_up, _to(S.ENDED)),
    (S.TALKING, e.CallerHungUp): (after_answer.caller_hung_up, _to(S.ENDED)),
    (S.TALKING, e.DigitPressed): (before_answer.unheard, _to(S.TALKING)),
    (S.TALKING, e.CreditGranted): (after_answer.deadline, _to(S.TALKING)),
    (S.TALKING, e.CreditRefused): (after_answer.no_credit, _to(S.TALKING)),
    (S.TALKING, e.PlaybackEnded): (before_answer.line_prompt_over, _to(S.TALKING)),
    (S.TALKING, e.CallHeld): (after_answer.hold, _to(S.TALKING)),
    (S.TALKING, e.CallRetrieved): (after_answer.retrieve, _to(S.TALKING)),
    (S.TALKING, e.TransferRequested): (after_answer.transfer, _onward(S.TALKING, S.RESERVED, S.RINGING)),
    (S.TALKING, T.CREDIT): (after_answer.money_gone, _to(S.ENDED)),
    (S.TALKING, T.CREDIT_WARNING): (after_answer.warn, _to(S.TALKING)),
    (S.TALKING, T.CAP): (after_answer.talked_too_long, _to(S.ENDED)),
    (S.TALKING, T.PLAY_LEASE): (before_answer.line_prompt_over, _to(S.TALKING)),
    # --- closed hours
    (S.CLOSED_HOURS, e.PlaybackEnded): (after_answer.holiday_over, _onward()),
    (S.CLOSED_HOURS, e.DigitPressed): (before_answer.unheard, _to(S.CLOSED_HOURS)),
    (S.CLOSED_HOURS, e.CallerHungUp): (after_answer.gone_on_holiday, _to(S.ENDED)),
    (S.CLOSED_HOURS, T.PLAY_LEASE): (after_answer.holiday_over, _onward()),
    # --- voicemail
    (S.VOICEMAIL, e.PlaybackEnded): (after_answer.greeting_over, _to(S.VOICEMAIL)),
    (S.VOICEMAIL, e.DigitPressed): (before_answer.unheard, _to(S.VOICEMAIL)),
    (S.VOICEMAIL, e.CallerHungUp): (after_answer.gone_at_voicemail, _to(S.ENDED)),
    (S.VOICEMAIL, T.VOICEMAIL): (after_answer.message_full, _to(S.ENDED)),
    (S.VOICEMAIL, T.PLAY_LEASE): (after_answer.greeting_over, _to(S.VOICEMAIL)),
    # --- the last prompt
    (S.CLOSING, e.PlaybackEnded): (after_answer.last_word_said, _to(S.ENDED)),
    (S.CLOSING, e.DigitPressed): (before_answer.unheard, _to(S.CLOSING)),
    (S.CLOSING, e.CallerHungUp): (after_answer.gone_at_last_word, _to(S.ENDED)),
    (S.CLOSING, T.PLAY_LEASE): (after_answer.last_word_said, _to(S.ENDED)),
    # --- the switch no longer has the call, or tells nothing of it
    (S.OFFERED, e.CallsReconciled): (leases.unlisted, _to(S.OFFERED, S.ENDED)),
    (S.OFFERED, T.LIFE): (leases.silent, _to(S.OFFERED, S.ENDED)),
    (S.ANSWERING, e.CallsReconciled): (leases.unlisted, _to(S.ANSWERING, S.ENDED)),
    (S.ANSWERING, T.LIFE): (leases.silent, _to(S.ANSWERING, S.ENDED)),
    (S.MENU, e.CallsReconciled): (leases.unlisted, _to(S.MENU, S.ENDED)),
    (S.MENU, T.LIFE): (leases.silent, _to(S.MENU, S.ENDED)),
    (S.WAITING, e.CallsReconciled): (leases.unlisted, _to(S.WAITING, S.ENDED)),
    (S.WAITING, T.LIFE): (leases.silent, _to(S.WAITING, S.ENDED)),
    (S.RESERVED, e.CallsReconciled): (leases.unlisted, _to(S.RESERVED, S.ENDED)),
    (S.RESERVED, T.LIFE): (leases.silent, _to(S.RESERVED, S.ENDED)),
    (S.RINGING, e.CallsReconciled): (leases.unlisted, _to(S.RINGING, S.ENDED)),
    (S.RINGING, T.LIFE): (leases.silent, _to(S.RINGING, S.ENDED)),
    (S.DIALLING, e.CallsReconciled): (leases.unlisted, _to(S.DIALLING, S.ENDED)),
    (S.DIALLING, T.LIFE): (leases.silent, _to(S.DIALLING, S.ENDED)),
    (S.ANNOUNCING, e.CallsReconciled): (leases.unlisted, _to(S.ANNOUNCING, S.ENDED)),
    (S.ANNOUNCING, T.LIFE): (leases.silent, _to(S.ANNOUNCING, S.ENDED)),
    (S.TALKING, e.CallsReconciled): (leases.unlisted, _to(S.TALKING, S.ENDED)),
    (S.TALKING, T.LIFE): (leases.silent, _to(S.TALKING, S.ENDED)),
    (S.CLOSED_HOURS, e.CallsReconciled): (leases.unlisted, _to(S.CLOSED_HOURS, S.ENDED)),
    (S.CLOSED_HOURS, T.LIFE): (leases.silent, _to(S.CLOSED_HOURS, S.ENDED)),
    (S.VOICEMAIL, e.CallsReconciled): (leases.unlisted, _to(S.VOICEMAIL, S.ENDED)),
    (S.VOICEMAIL, T.LIFE): (leases.silent, _to(S.VOICEMAIL, S.ENDED)),
    (S.CLOSING, e.CallsReconciled): (leases.unlisted, _to(S.CLOSING, S.ENDED)),
    (S.CLOSING, T.LIFE): (leases.silent, _to(S.CLOSING, S.ENDED)),
}

CALL_EVENTS: Final = (
    e.CallOffered,
    e.CallAnswered,
    e.DigitPressed,
    e.DigitsCollected,
    e.PlaybackEnded,
    e.CallerHungUp,
    e.LegRinging,
    e.LegAnswered,
    e.LegFailed,
    e.LegEnded,
    e.CommandFailed,
    e.TransferRequested,
    e.CallHeld,
    e.CallRetrieved,
    e.CreditGranted,
    e.CreditRefused,
    e.HostAnswered,
    e.CallsReconciled,
)
"""Events of a call; those of recordings, agents, caps and configuration have no state of a call."""
CALL_TIMERS: Final = (
    T.ANSWER_LEASE,
    T.MENU,
    T.PLAY_LEASE,
    T.MAX_WAIT,
    T.RING_AGAIN,
    T.RING,
    T.CREDIT_WARNING,
    T.CREDIT,
    T.CAP,
    T.VOICEMAIL,
    T.AGING,
    T.ANNOUNCE,
    T.LIFE,
)
LEG_EVENTS: Final = (e.LegRinging, e.LegAnswered, e.LegFailed, e.LegEnded)

_LIVE = tuple(state for state in S if state not in {S.NEW, S.ENDED})
_BEFORE_ANSWER = (S.OFFERED, S.ANSWERING)
_NO_LEG = (S.OFFERED, S.ANSWERING, S.MENU, S.WAITING, S.RESERVED, S.CLOSED_HOURS, S.VOICEMAIL, S.CLOSING)
_NO_TALK = tuple(state for state in _LIVE if state is not S.TALKING)

STALE: Final[frozenset[tuple[CallState, What]]] = frozenset(
    # whatever is told of a call that is over comes too late
    {(S.ENDED, what) for what in (*CALL_EVENTS, *CALL_TIMERS)}
    # a list of the switch and an arrival cross
    | {(S.NEW, e.CallsReconciled)}
    # an offer or an answer told twice
    | {(state, e.CallOffered) for state in _LIVE}
    | {(state, e.CallAnswered) for state in _LIVE if state not in _BEFORE_ANSWER}
    # a phone that was cancelled answers, fails or ends while the call goes on elsewhere
    | {(state, what) for state in _NO_LEG[2:] for what in LEG_EVENTS}
    | {(state, what) for state in (S.ANNOUNCING, S.TALKING) for what in (e.LegRinging, e.LegAnswered)}
    # the end of a play that was stopped
    | {(S.DIALLING, e.PlaybackEnded)}
    # hosts answer when they have thought
    | {(state, what) for state in _LIVE[2:] if state is not S.MENU for what in (e.HostAnswered, e.DigitsCollected)}
    # the one who talks presses a button when the talk has just ended
    | {
        (state, what)
        for state in _NO_TALK
        if state not in _BEFORE_ANSWER
        for what in (e.TransferRequested, e.CallHeld, e.CallRetrieved)
    }
    # a top-up is told to every live call
    | {(state, e.CreditGranted) for state in (S.ANSWERING, S.MENU, S.WAITING, S.CLOSED_HOURS, S.VOICEMAIL, S.CLOSING)}
    | {(state, e.CreditRefused) for state in (S.MENU, S.WAITING, S.RINGING)}
    # what was commanded is no longer wanted
    | {(state, e.CommandFailed) for state in _LIVE if state not in {S.OFFERED, S.ANSWERING, S.MENU}}
)

IMPOSSIBLE: Final[frozenset[tuple[CallState, What]]] = frozenset(
    # nothing is known of such a call
    {(S.NEW, what) for what in (*CALL_EVENTS, *CALL_TIMERS) if what not in {e.CallOffered, e.CallsReconciled}}
    # nothing plays, rings or talks before the answer
    | {
        (state, what)
        for state in _BEFORE_ANSWER
        for what in (
            e.DigitPressed,
            e.DigitsCollected,
            e.PlaybackEnded,
            *LEG_EVENTS,
            e.TransferRequested,
            e.CallHeld,
            e.CallRetrieved,
            e.HostAnswered,
        )
    }
    | {(S.OFFERED, e.CallAnswered), (S.ANSWERING, e.CreditRefused)}
    # nobody was asked
    | {(state, e.CreditRefused) for state in (S.CLOSED_HOURS, S.VOICEMAIL, S.CLOSING)}
    # timers are the engine's own: none is set where its row is missing
    | {(state, kind) for state in _LIVE for kind in CALL_TIMERS if (state, kind) not in TRANSITIONS}
)
