"""What to do: every command that comes out of the engine, for the switch, the agents' clients and the host.

Commands are orders in the imperative. Each carries the ids that the engine chose, so that it can be repeated safely:
the switch sees its effect once. State changes on the event that tells of it, never on the command.
"""

from __future__ import annotations

from typing import TypeAlias

from callcenter.model.events import Cause
from callcenter.model.ids import AgentId, BridgeId, CallId, GroupId, LegId, OfferId, PlayId, PromptName, RecordingId
from callcenter.model.times import Duration
from callcenter.model.tree import CallerClass, InputPolicy
from callcenter.model.value import value
from callcenter.model.words import Word


class CreditPurpose(Word):
    """What credit is asked for (C4)."""

    ADMIT = "admit"
    """On arrival: may this call be answered?"""
    RING = "ring"
    """Before the first phone is rung: place the hold."""
    TALK = "talk"
    """At the answer: until when may it last?"""


@value
class Reject:
    """Refuse a call before the answer: nothing played, nothing charged."""

    call: CallId
    reason: str


@value
class Answer:
    """Answer the caller."""

    call: CallId


class SayingKind(Word):
    """What is said that no one recording says."""

    AGENT_ID = "agent_id"
    """The digits of the agent's id, or the short number of an extension (K4)."""
    POSITION = "position"
    """The caller's place in the line, from 1."""
    WAIT = "wait"
    """The wait to expect, in seconds."""


@value
class Saying:
    """A number to be said; :func:`callcenter.ivr.composer.words_of` puts it together from recorded words.

    Attributes:
        text: Digits, of an agent id with the signs around them.
    """

    kind: SayingKind
    text: str


@value
class Play:
    """Play prompts, one after the other, to the caller or to a leg.

    Attributes:
        leg: The leg that hears it; None for the caller.
        input: What digits do meanwhile; the engine stops the play itself, this is for hosts that collect.
        sayings: What is said before the prompts; ``agent_id`` among the prompts is the place of its own saying.
        language: The caller's, for what is said; empty: it chose none.
    """

    call: CallId
    play: PlayId
    prompts: tuple[PromptName, ...]
    input: InputPolicy = InputPolicy.INTERRUPT
    leg: LegId | None = None
    sayings: tuple[Saying, ...] = ()
    language: str = ""


@value
class StopPlay:
    """Stop a play."""

    call: CallId
    play: PlayId


@value
class CollectDigits:
    """Let the host collect digits itself and report ``DigitsCollected``."""

    call: CallId
    play: PlayId
    prompts: tuple[PromptName, ...]
    max: int
    terminator: str
    first_digit: Duration
    inter_digit: Duration


@value
class Dial:
    """Ring a phone.

    Attributes:
        leg: Id of the new leg.
        number: Digits to dial.
        caller_id: What the phone shows.
        timeout: How long it may ring; the engine hangs up itself at the same moment.
    """

    call: CallId
    leg: LegId
    number: str
    caller_id: str
    timeout: Duration


@value
class HangUpLeg:
    """End a leg, ringing or talking."""

    call: CallId
    leg: LegId
    cause: Cause


@value
class Bridge:
    """Let the caller and a leg hear each other."""

    call: CallId
    leg: LegId
    bridge: BridgeId


@value
class Unbridge:
    """Part the caller and a leg; both stay up."""

    call: CallId
    leg: LegId
    bridge: BridgeId


@value
class StartHoldMusic:
    """Play hold music (or ring-back) to the caller until stopped; an empty label takes the switch's own."""

    call: CallId
    music: str


@value
class StopHoldMusic:
    """Stop the hold music."""

    call: CallId


@value
class Record:
    """Record a talk or a message."""

    call: CallId
    recording: RecordingId
    max_length: Duration | None = None


@value
class StopRecord:
    """Stop a recording; ``RecordingEnded`` follows."""

    call: CallId
    recording: RecordingId


@value
class HoldCall:
    """Put the caller of a bridge on hold."""

    call: CallId
    leg: LegId


@value
class RetrieveCall:
    """Take the caller of a bridge back from hold."""

    call: CallId
    leg: LegId


@value
class Transfer:
    """Hand the caller over to a number on the switch itself, for switches that cannot bridge."""

    call: CallId
    number: str


@value
class HangUp:
    """End the caller's leg."""

    call: CallId
    cause: Cause


@value
class AskCredit:
    """Ask billing; answered by ``CreditGranted`` or ``CreditRefused`` within the same transaction.

    Attributes:
        caller: For rules that match the caller.
        called: The number the caller dialled.
    """

    call: CallId
    purpose: CreditPurpose
    caller: str
    called: str


@value
class AskHost:
    """Ask the host a named question; answered by ``HostAnswered`` after the commit, or not at all."""

    call: CallId
    question: str
    caller: str
    timeout: Duration


@value
class ScreenPop:
    """What the agent's client is told when its phone starts ringing (弹屏)."""

    call: CallId
    offer: OfferId
    caller: str
    caller_class: CallerClass
    name: str
    group: GroupId
    path: tuple[str, ...]
    wait: Duration


@value
class NotifyAgent:
    """Tell an agent's client."""

    agent: AgentId
    pop: ScreenPop


Command: TypeAlias = (
    Reject
    | Answer
    | Play
    | StopPlay
    | CollectDigits
    | Dial
    | HangUpLeg
    | Bridge
    | Unbridge
    | StartHoldMusic
    | StopHoldMusic
    | Record
    | StopRecord
    | HoldCall
    | RetrieveCall
    | Transfer
    | HangUp
    | AskCredit
    | AskHost
    | NotifyAgent
)
SwitchCommand: TypeAlias = (
    Reject
    | Answer
    | Play
    | StopPlay
    | CollectDigits
    | Dial
    | HangUpLeg
    | Bridge
    | Unbridge
    | StartHoldMusic
    | StopHoldMusic
    | Record
    | StopRecord
    | HoldCall
    | RetrieveCall
    | Transfer
    | HangUp
)
"""The commands that a switch obeys; the others are for billing, the host and the agents' clients."""
