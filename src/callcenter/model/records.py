"""What is kept of a call and of a working day: the stages between the life of a call and its price.

A finished visit to a group is a :class:`CallRecord`, a finished talk a :class:`Talk`, which billing turns into a
charge and the charge into a ledger entry; a log-in that ended is a :class:`WorkSession`.
"""

from __future__ import annotations

from callcenter.compat import override
from callcenter.model.ids import AgentId, CallId, CenterId, GroupId, RecordingId, VoicemailName
from callcenter.model.money import Money
from callcenter.model.times import Duration, Instant
from callcenter.model.tree import CallerClass
from callcenter.model.value import value
from callcenter.model.words import Word


class PartyKind(Word):
    """Who answers a caller."""

    AGENT = "agent"
    EXTENSION = "extension"
    NUMBER = "number"


@value
class Party:
    """Who answers a caller: an agent, an extension by its short number, or an outside number."""

    kind: PartyKind
    id: str

    @override
    def __str__(self) -> str:
        """Return the id as people write it."""
        return self.id


class TalkEndedBy(Word):
    """Who or what ended a talk."""

    CALLER = "caller"
    AGENT = "agent"
    CREDIT = "credit"
    CAP = "cap"
    TRANSFER = "transfer"
    OPERATOR = "operator"
    SWITCH = "switch"


class RecordOutcome(Word):
    """Whether a visit to a group was answered."""

    ANSWERED = "answered"
    MISSED = "missed"


@value
class Talk:
    """One caller and one phone, from its answer to the end: what is charged (C4b).

    Attributes:
        number: 1 for the first talk of the call, counting up.
        dialled: The number the caller dialled; rated as ``called``.
        party: Who talked.
        phone: The number that was rung.
        group: The group that rang it, or None for a direct dial.
        ring_at: When the phone began to ring.
        answered_at: The phone's answer; wait ends and charging begins here.
        ended_at: The end of the talk.
        suspect: Whether the end is the last proof of life and not a hang-up.
    """

    center: CenterId
    call: CallId
    number: int
    ref: str
    caller: str
    dialled: str
    party: Party
    phone: str
    group: GroupId | None
    ring_at: Instant
    answered_at: Instant
    ended_at: Instant
    by: TalkEndedBy
    tags: tuple[tuple[str, str], ...] = ()
    suspect: bool = False


@value
class CallRecord:
    """One visit of a call to a group (通话记录).

    Attributes:
        reason: Why it was missed, as in the fact ``left``; empty when answered.
        queued_at: When the caller's key led to the group; the wait counts from here (K2).
        answered_at: The phone's answer; None when missed.
        ended_at: End of the talk, or of the wait when missed.
        wait: From ``queued_at`` to the answer, or to the end; 0 when refused on arrival.
        talk: Answer to hang-up; 0 when missed.
    """

    center: CenterId
    call: CallId
    ref: str
    access_number: str
    caller: str
    name: str
    caller_class: CallerClass
    group: GroupId
    party: Party | None
    phone: str
    outcome: RecordOutcome
    reason: str
    queued_at: Instant
    answered_at: Instant | None
    ended_at: Instant
    wait: Duration
    talk: Duration
    recording: RecordingId | None = None
    tags: tuple[tuple[str, str], ...] = ()


@value
class WorkSession:
    """One log-in of an agent (坐席工作信息); the parts add up to its length exactly.

    Attributes:
        not_ready: Not ready or blocked, all reasons; ``reasons`` has each.
        logout_at: None while the session lasts; the parts then run to the moment asked about.
    """

    center: CenterId
    agent: AgentId
    phone: str
    groups: tuple[GroupId, ...]
    login_at: Instant
    logout_at: Instant | None
    address: str
    answered: int
    missed: int
    ready: Duration
    not_ready: Duration
    ringing: Duration
    talking: Duration
    wrap_up: Duration
    reasons: tuple[tuple[str, Duration], ...] = ()


@value
class VoicemailMessage:
    """A message that a caller left (语音留言).

    Attributes:
        at: Its end.
        length: From its begin; its bytes are the recording's.
    """

    center: CenterId
    call: CallId
    box: VoicemailName
    caller: str
    at: Instant
    length: Duration
    recording: RecordingId


class ChargeKind(Word):
    """Kind of a line of the charge detail (C3)."""

    CALL = "call"
    RENT = "rent"
    MINIMUM = "minimum"


@value
class ChargeLine:
    """One line of the charge detail (通话费用明细), with the key of its ledger entry.

    Attributes:
        key: Natural key: ``call:ID:N``, ``rent:CC:DATE``, ``min:CC:YYYY-MM``.
        caller: Empty on a rent or minimum line.
        agent_phone: The phone that talked; the access number on a rent or minimum line.
        ring_at: None where no phone rang.
        answered_at: None where nobody talked.
        ended_at: End of the talk; the nominal instant of a rent or minimum line.
        seconds: Billed time in whole begun seconds; 0 on a rent or minimum line.
        amount: What was taken.
    """

    key: str
    kind: ChargeKind
    center: CenterId
    caller: str
    access_number: str
    agent_phone: str
    ring_at: Instant | None
    answered_at: Instant | None
    ended_at: Instant
    seconds: int
    amount: Money
