"""What happened: every event that goes into the engine, from the switch, from agents' clients and from the host.

Events are facts of the outside world in the past tense. Each carries ``at``, the only clock the engine has. A switch
adapter makes the first kind; a host makes the rest. Nothing here raises and nothing is ever too late: the table in
:mod:`callcenter.engine.transitions` decides what an event means in each state.
"""

from __future__ import annotations

from typing import TypeAlias

from callcenter.model.directory import CenterConfig
from callcenter.model.ids import AgentId, CallId, LegId, PlayId, RecordingId
from callcenter.model.records import Party
from callcenter.model.times import Duration, Instant
from callcenter.model.tree import Target
from callcenter.model.value import value
from callcenter.model.words import Word


class Cause(Word):
    """Why a leg ended or could not be made. The map to SIP and Q.850 codes is in docs/reference."""

    NORMAL = "normal"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    CONGESTION = "congestion"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    CALLER_LEFT = "caller_left"
    CREDIT_EXHAUSTED = "credit_exhausted"
    LEASE_EXPIRED = "lease_expired"


class PlayResult(Word):
    """How a play ended."""

    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


# ---------------------------------------------------------------- from the switch: the caller


@value
class CallOffered:
    """A caller dialled the access number.

    Attributes:
        call: Id of the call, unique for ever within the center; an adapter whose switch reuses its ids puts its own
            start in front of them.
        caller: Caller id as it came; may be empty or foreign, never a reason to lose the call.
        dialled: The number the switch saw as dialled.
        ref: The switch's or host's own reference, carried into records; absent: the id.
        tags: (name, text) pairs of the host, carried into records and charges.
    """

    at: Instant
    call: CallId
    caller: str
    dialled: str
    ref: str = ""
    tags: tuple[tuple[str, str], ...] = ()


@value
class CallAnswered:
    """The caller's leg is up, after :class:`~callcenter.model.commands.Answer`."""

    at: Instant
    call: CallId


@value
class DigitPressed:
    """The caller pressed one key: a character of ``0-9*#A-D``."""

    at: Instant
    call: CallId
    digit: str


@value
class DigitsCollected:
    """A host that collects digits itself has collected some, after ``CollectDigits``."""

    at: Instant
    call: CallId
    play: PlayId
    digits: str
    timed_out: bool = False


@value
class PlaybackEnded:
    """A play came to its end, was stopped, or could not be played."""

    at: Instant
    call: CallId
    play: PlayId
    result: PlayResult = PlayResult.DONE


@value
class CallerHungUp:
    """The caller's leg is gone."""

    at: Instant
    call: CallId
    cause: Cause = Cause.NORMAL


# ---------------------------------------------------------------- from the switch: the other legs


@value
class LegRinging:
    """The phone of a leg rings."""

    at: Instant
    call: CallId
    leg: LegId


@value
class LegAnswered:
    """The phone of a leg was answered."""

    at: Instant
    call: CallId
    leg: LegId


@value
class LegFailed:
    """A leg could not be connected: busy, rejected, no answer, unreachable, congestion."""

    at: Instant
    call: CallId
    leg: LegId
    cause: Cause


@value
class LegEnded:
    """A leg is gone: its phone hung up, or ``HangUpLeg`` was obeyed."""

    at: Instant
    call: CallId
    leg: LegId
    cause: Cause = Cause.NORMAL


@value
class RecordingEnded:
    """A recording is complete (or missing, with no length)."""

    at: Instant
    call: CallId
    recording: RecordingId
    length: Duration
    missing: bool = False


@value
class CommandFailed:
    """The switch could not obey a command about a call.

    Attributes:
        command: Name of the command (``Dial``, ``Play`` …).
        id: The id that the command carried (leg, play, recording …), or the call's.
    """

    at: Instant
    call: CallId
    command: str
    id: str
    reason: str = ""


# ---------------------------------------------------------------- from whoever talks: hold and transfer


@value
class TransferRequested:
    """The one who talks sends the caller on.

    Attributes:
        party: Who talks now.
        target: Group, extension, number or ``agent:ID``.
        blind: True: the first talk ends at the request.
    """

    at: Instant
    party: Party
    target: Target
    blind: bool = True


@value
class CallHeld:
    """The one who talks puts the caller on hold; the talk goes on and is billed."""

    at: Instant
    party: Party


@value
class CallRetrieved:
    """The one who talks takes the caller back from hold."""

    at: Instant
    party: Party


# ---------------------------------------------------------------- from agents' clients


@value
class AgentLoggedIn:
    """An agent logs in; a new log-in replaces the old session.

    Attributes:
        phone: One of the approved numbers; empty takes the first.
        address: Where the client is.
    """

    at: Instant
    agent: AgentId
    phone: str = ""
    address: str = ""


@value
class AgentLoggedOut:
    """An agent logs out, or is logged out by a supervisor (``forced``)."""

    at: Instant
    agent: AgentId
    forced: bool = False


@value
class AgentReady:
    """An agent takes calls."""

    at: Instant
    agent: AgentId


@value
class AgentNotReady:
    """An agent takes no calls, for a reason in its own words."""

    at: Instant
    agent: AgentId
    reason: str = ""


@value
class WrapUpDone:
    """An agent has done with the work after a talk."""

    at: Instant
    agent: AgentId


@value
class AgentLost:
    """The agent's client is gone (掉线); a talk on its phone goes on (K8)."""

    at: Instant
    agent: AgentId


@value
class AgentReturned:
    """The agent's client is back."""

    at: Instant
    agent: AgentId


# ---------------------------------------------------------------- from the host


@value
class CreditGranted:
    """The answer to ``AskCredit``, and again after each change of the balance.

    Attributes:
        until: When the money of a talk is used up; None: no limit, or not talking yet.
        cap: Whether it is the plan's cap (``disconnect``) that ends the talk then, and not the balance.
    """

    at: Instant
    call: CallId
    until: Instant | None = None
    cap: bool = False


@value
class CreditRefused:
    """The answer to ``AskCredit``: the balance does not admit it."""

    at: Instant
    call: CallId


@value
class HostAnswered:
    """The host's answer to ``AskHost``."""

    at: Instant
    call: CallId
    question: str
    answer: str


@value
class CapReached:
    """The host counts what the engine cannot: the charges of this local date have reached the center's cap, or not."""

    at: Instant
    reached: bool


@value
class ConfigChanged:
    """The configuration of the center from now on, whole; the engine finds out what is new."""

    at: Instant
    config: CenterConfig


@value
class CallsReconciled:
    """What a switch has up, told whole to a host that asked: the proof of life of every call and leg.

    Attributes:
        calls: The callers' lines of the center.
        legs: Its legs to phones, each with its call.
        again: Whether the host goes on asking, every 20 s.
        away: There is no list: the host has come back and cannot reach the switch. That is no proof of life, and
            no silence of a call either.
    """

    at: Instant
    calls: tuple[CallId, ...] = ()
    legs: tuple[tuple[CallId, LegId], ...] = ()
    again: bool = False
    away: bool = False


Event: TypeAlias = (
    CallOffered
    | CallAnswered
    | DigitPressed
    | DigitsCollected
    | PlaybackEnded
    | CallerHungUp
    | LegRinging
    | LegAnswered
    | LegFailed
    | LegEnded
    | RecordingEnded
    | CommandFailed
    | TransferRequested
    | CallHeld
    | CallRetrieved
    | AgentLoggedIn
    | AgentLoggedOut
    | AgentReady
    | AgentNotReady
    | WrapUpDone
    | AgentLost
    | AgentReturned
    | CreditGranted
    | CreditRefused
    | HostAnswered
    | CapReached
    | ConfigChanged
    | CallsReconciled
)
