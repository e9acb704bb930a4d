"""What became of it: one typed record per transition, for records, reports, traces and listeners.

A fact is written once and never changed. The class name in snake case is the word of the trace (``call_offered``);
which of its fields a trace shows, and how, is told in :mod:`callcenter.reports.trace`. Exactly one terminal fact ends
each call (``call_ended``) and each offer (``offer_ended``).
"""

from __future__ import annotations

from typing import TypeAlias

from callcenter.model.commands import ScreenPop
from callcenter.model.directory import Agent, AgentGroup
from callcenter.model.events import Cause
from callcenter.model.ids import AgentId, CallId, CenterId, GroupId, OfferId, PromptName, RecordingId, VoicemailName
from callcenter.model.money import Money
from callcenter.model.outcomes import (
    AgentPhase as AgentPhase,
    AlertKind as AlertKind,
    CallOutcome as CallOutcome,
    DigitsOutcome as DigitsOutcome,
    IvrEndReason as IvrEndReason,
    LeftReason as LeftReason,
    OfferOutcome as OfferOutcome,
    RejectReason as RejectReason,
)
from callcenter.model.records import CallRecord, Party, Talk, TalkEndedBy, WorkSession
from callcenter.model.times import Duration, Instant
from callcenter.model.tree import CallerClass, Target
from callcenter.model.value import value


@value
class CallOffered:
    """A call arrived."""

    at: Instant
    call: CallId
    caller: str
    dialled: str


@value
class CallRejected:
    """A call was refused before the answer."""

    at: Instant
    call: CallId
    reason: RejectReason


@value
class CallAnswered:
    """The caller is connected to the center."""

    at: Instant
    call: CallId


@value
class PromptStarted:
    """A playlist began; it is named by its first prompt."""

    at: Instant
    call: CallId
    prompt: PromptName


@value
class PromptStopped:
    """A playlist was stopped before its end."""

    at: Instant
    call: CallId


@value
class PromptMissing:
    """A prompt has no voice file, or it failed."""

    at: Instant
    call: CallId
    prompt: PromptName


@value
class Digits:
    """A menu decided about what was typed, or that nothing was."""

    at: Instant
    call: CallId
    menu: str
    digits: str
    outcome: DigitsOutcome
    target: Target | None


@value
class IvrEnded:
    """A caller left the IVR; the decision, before any goodbye.

    Attributes:
        digits: What was typed and not decided when the caller hung up; never sensitive.
    """

    at: Instant
    call: CallId
    reason: IvrEndReason
    digits: str = ""


@value
class Routed:
    """A caller goes to a target outside the IVR."""

    at: Instant
    call: CallId
    target: Target


@value
class Queued:
    """A caller entered a group; position counts from 1."""

    at: Instant
    call: CallId
    group: GroupId
    position: int
    caller_class: CallerClass


@value
class AgentOffered:
    """A phone is rung for a caller.

    Attributes:
        ranking: The ranking that chose.
        key: Its key for the winner.
        field: How many were eligible.
    """

    at: Instant
    call: CallId
    offer: OfferId
    group: GroupId
    party: Party
    phone: str
    ranking: str = ""
    key: tuple[int, ...] = ()
    field: int = 0


@value
class OfferEnded:
    """An offer came to its one end."""

    at: Instant
    call: CallId
    offer: OfferId
    party: Party
    outcome: OfferOutcome
    cause: Cause


@value
class Connected:
    """Caller and phone hear each other: the bridge."""

    at: Instant
    call: CallId
    party: Party
    wait: Duration


@value
class TalkEnded:
    """A talk came to its end; ``talk`` is what will be charged."""

    at: Instant
    call: CallId
    party: Party
    length: Duration
    by: TalkEndedBy
    talk: Talk


@value
class Left:
    """A caller left a group without an answer."""

    at: Instant
    call: CallId
    group: GroupId
    reason: LeftReason
    wait: Duration


@value
class CallEnded:
    """The call is over: exactly one for each call."""

    at: Instant
    call: CallId
    outcome: CallOutcome


@value
class AgentState:
    """An agent changed state."""

    at: Instant
    agent: AgentId
    state: AgentPhase
    reason: str = ""


@value
class ScreenPopped:
    """An agent's client was told of the call that rings."""

    at: Instant
    agent: AgentId
    pop: ScreenPop


@value
class Announced:
    """A waiting caller was told its position and, when known, the wait to expect."""

    at: Instant
    call: CallId
    group: GroupId
    position: int
    estimate: Duration | None


@value
class RecordingStarted:
    """A talk is recorded."""

    at: Instant
    call: CallId
    party: Party
    recording: RecordingId


@value
class RecordingEnded:
    """A recording is complete; length 0 and ``missing`` when there is none."""

    at: Instant
    call: CallId
    recording: RecordingId
    length: Duration
    missing: bool = False


@value
class VoicemailLeft:
    """A caller left a message."""

    at: Instant
    call: CallId
    box: VoicemailName
    length: Duration
    recording: RecordingId


@value
class Charged:
    """A talk was charged."""

    at: Instant
    call: CallId
    seconds: int
    amount: Money


@value
class Posted:
    """A rent or minimum was posted; positive for what is taken."""

    at: Instant
    key: str
    kind: str
    amount: Money


@value
class BalanceAlert:
    """A center's balance crossed a mark: low, exhausted (no call is admitted: 欠费停机), restored (served again).

    Attributes:
        balance: After the step that crossed it.
    """

    at: Instant
    center: CenterId
    kind: AlertKind
    balance: Money


@value
class ChangeRefused:
    """A change of the configuration would make it wrong, and changes nothing."""

    at: Instant
    path: str
    reason: str


@value
class TransferFailed:
    """A transfer could not be made; the talk goes on."""

    at: Instant
    call: CallId
    party: Party
    target: Target
    reason: str


@value
class StaleEvent:
    """An event came too late to mean anything: a race, ignored and counted."""

    at: Instant
    event: str
    state: str
    id: str


@value
class ImpossibleEvent:
    """The switch or the host reported what cannot be."""

    at: Instant
    event: str
    state: str
    id: str


@value
class ClockWentBack:
    """An event carried a time before the last one; it was taken at the later time."""

    at: Instant
    by: Duration


@value
class RankingFailed:
    """A ranking of the user's raised; the group went on in join order."""

    at: Instant
    group: GroupId
    ranking: str
    reason: str


@value
class LogInRefused:
    """An agent may not log in: unknown, suspended, a phone that is not approved or in use, a locked center."""

    at: Instant
    agent: AgentId
    reason: str


@value
class ClientLost:
    """An agent's client is away: the agent is offered nothing until it is back."""

    at: Instant
    agent: AgentId


@value
class ClientReturned:
    """An agent's client is back."""

    at: Instant
    agent: AgentId


@value
class GroupSet:
    """How a group is set up from here on; a run tells it at its start and after each change.

    Attributes:
        access_number: Of the center; calls that dialled it belong to the same center.
        agents: Those of the members who are agents.
    """

    at: Instant
    center: CenterId
    access_number: str
    group: AgentGroup
    agents: tuple[Agent, ...] = ()


@value
class VisitEnded:
    """A visit to a group is complete."""

    at: Instant
    record: CallRecord


@value
class SessionEnded:
    """A log-in is over."""

    at: Instant
    session: WorkSession


Fact: TypeAlias = (
    CallOffered
    | CallRejected
    | CallAnswered
    | PromptStarted
    | PromptStopped
    | PromptMissing
    | Digits
    | IvrEnded
    | Routed
    | Queued
    | AgentOffered
    | OfferEnded
    | Connected
    | TalkEnded
    | Left
    | CallEnded
    | AgentState
    | ScreenPopped
    | Announced
    | RecordingStarted
    | RecordingEnded
    | VoicemailLeft
    | Charged
    | Posted
    | BalanceAlert
    | ChangeRefused
    | TransferFailed
    | StaleEvent
    | ImpossibleEvent
    | ClockWentBack
    | RankingFailed
    | LogInRefused
    | ClientLost
    | ClientReturned
    | GroupSet
    | VisitEnded
    | SessionEnded
)
