"""What the engine holds: calls, legs, offers, visits, stations and the small enums of their states.

Mutable slotted holders, changed only by the steps that :mod:`callcenter.engine.transitions` and
:mod:`callcenter.engine.agents` name. Everything here can be dumped and loaded at any moment.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, TypeAlias, cast

import attrs

from callcenter.ivr.position import Position
from callcenter.model.directory import Agent
from callcenter.model.facts import AgentPhase, CallOutcome
from callcenter.model.ids import (
    AgentId,
    CallId,
    GroupId,
    LegId,
    OfferId,
    PlayId,
    RecordingId,
    VoicemailName,
)
from callcenter.model.records import Party, WorkSession
from callcenter.model.times import Duration, Instant
from callcenter.model.tree import Target
from callcenter.model.value import state
from callcenter.model.words import Word
from callcenter.routing import MemberView, Ticket


class CallState(Word):
    """Where a call is in its life, in the order of an ordinary one."""

    NEW = "new"
    """Not seen before: only an offer is possible."""
    OFFERED = "offered"
    """Admitted by number, status and blacklist; waits for the answer of billing."""
    ANSWERING = "answering"
    """Told the switch to answer."""
    MENU = "menu"
    """In the IVR."""
    WAITING = "waiting"
    """In the line of a group; no phone rings."""
    RESERVED = "reserved"
    """A phone is chosen; billing is asked for the hold before it rings."""
    RINGING = "ringing"
    """At least one phone of a group rings."""
    DIALLING = "dialling"
    """An extension or number outside a line rings."""
    ANNOUNCING = "announcing"
    """A phone has answered and hears the whisper, or the caller the agent's id."""
    TALKING = "talking"
    """Bridged."""
    CLOSED_HOURS = "closed_hours"
    """Hears the holiday prompt of a group that is closed."""
    VOICEMAIL = "voicemail"
    """Hears the greeting of a box, or speaks into it."""
    CLOSING = "closing"
    """Hears a last prompt; then the call is hung up."""
    ENDED = "ended"
    """Over; kept for a while so that late events are known as late."""


class TimerKind(Word):
    """What a timer is for; its owner is a call, a leg or an agent."""

    ANSWER_LEASE = "answer_lease"
    """The switch never said that the caller is answered."""
    MENU = "menu"
    """The IVR's own timer: input, play watchdog, total time."""
    PLAY_LEASE = "play_lease"
    """The switch never said that a play ended."""
    MAX_WAIT = "max_wait"
    """The longest wait in a group."""
    RING_AGAIN = "ring_again"
    """A retry delay, a ring interval or a tier's wait is over: choose again."""
    RING = "ring"
    """A phone has rung for its time."""
    LEG_LEASE = "leg_lease"
    """The switch never said that a leg ended."""
    CREDIT_WARNING = "credit_warning"
    """The money of a talk lasts one more minute."""
    CREDIT = "credit"
    """The money of a talk is used up."""
    CAP = "cap"
    """The longest talk that the center allows."""
    VOICEMAIL = "voicemail"
    """The longest message."""
    AGING = "aging"
    """The next step of aging acts."""
    ANNOUNCE = "announce"
    """The waiting are told where they stand."""
    WRAP_UP = "wrap_up"
    """An agent's wrap-up, or a block after a miss, is over."""
    GRACE = "grace"
    """A lost client has not come back."""
    LIFE = "life"
    """The switch has told nothing of a call for too long."""


class Credit(Word):
    """How far billing has been asked about a call."""

    NONE = "none"
    ASKED = "asked"
    HELD = "held"


class Intent(Word):
    """What an agent asked for during a call, applied after it."""

    NOT_READY = "not_ready"
    LOG_OUT = "log_out"
    SENT_AWAY = "sent_away"
    """Logged out by a supervisor or a change of status: not to be taken back by the agent."""
    REMOVED = "removed"


class Announcement(Word):
    """What is said between the phone's answer and the bridge."""

    WHISPER = "whisper"
    AGENT_ID = "agent_id"


@state
class Offer:
    """One phone rung, or about to be rung, for one caller of a group; key and field say why this one."""

    id: OfferId
    call: CallId
    group: GroupId
    station: str
    phone: str
    key: tuple[int, ...] = ()
    field: int = 1
    leg: LegId | None = None


NO_OFFERS: Final = cast("dict[str, Offer]", MappingProxyType[str, Offer]({}))
"""No offers: shared by all calls for which nothing rings, and not to be written into."""
NOBODY: Final = cast("set[str]", frozenset[str]())
"""Nobody offered: shared by all visits of which that is true, and not to be added to."""


@state
class Leg:
    """One connection of the switch to a phone.

    Attributes:
        party: Who is rung.
        offer: The offer it serves; None for a direct dial.
        ring_at: When the phone began to ring; the dial until the switch says.
        ending: Whether ``HangUpLeg`` was commanded; its phone is free when the switch confirms.
        seen_at: Its last proof of life.
        missed_at: When a list of the switch lacked it first; None: the last one had it.
    """

    id: LegId
    call: CallId
    number: str
    party: Party
    offer: OfferId | None
    ring_at: Instant
    ending: bool = False
    seen_at: Instant = Instant(0)
    missed_at: Instant | None = None


@state
class Visit:
    """A caller's stay in a group, from the key to an answer or a reason for none.

    Attributes:
        ticket: The caller's place in the line.
        entered_at: When this visit began.
        requires: Skills asked of the agent, name and level.
        hungry: Whether it stands in the line that wants a phone (else it only counts for positions).
        offered: Stations offered in this round.
        open_tier: Highest tier that may ring.
        last_ended: When its last offer ended.
        ring_until: End of the running ring time, of groups that do not restart it.
        next_due: When the next phone may begin, of ``progressive``.
        queued: Whether it was told that the caller came into the group.
        aged: How many steps of aging have acted.
        aged_tier: Highest tier that aging has opened.
        estimate: The last wait that was announced, and how many stood before the caller then.
    """

    group: GroupId
    ticket: Ticket
    entered_at: Instant
    requires: tuple[tuple[str, int], ...] = ()
    hungry: bool = True
    offered: set[str] = NOBODY
    open_tier: int = -1
    last_ended: Instant = Instant(0)
    ring_until: Instant = Instant(0)
    next_due: Instant = Instant(0)
    queued: bool = False
    aged: int = 0
    aged_tier: int = -1
    estimate: tuple[Duration, int] | None = None


@state
class Conversation:
    """The talk that goes on, or is about to: one leg, answered.

    Attributes:
        lived_to: Its last proof of life, when it ended without being told to; None else.
    """

    number: int
    leg: LegId
    party: Party
    station: str
    group: GroupId | None
    phone: str
    ring_at: Instant
    answered_at: Instant
    held: bool = False
    recording: RecordingId | None = None
    lived_to: Instant | None = None


@state
class Call:
    """One call and all that the engine knows of it.

    Attributes:
        seen_at: The last proof of life of the caller's line.
        missed_at: When a list of the switch lacked it first; None: the last one had it.
    """

    id: CallId
    caller: str
    matched: str
    dialled: str
    ref: str
    tags: tuple[tuple[str, str], ...]
    state: CallState
    position: Position | None = None
    version: int = 0
    play: PlayId | None = None
    music: str | None = None
    waits_from: Instant = Instant(0)
    visit: Visit | None = None
    offers: dict[str, Offer] = NO_OFFERS
    direct: Target | None = None
    direct_leg: LegId | None = None
    credit: Credit = Credit.NONE
    until_cap: bool = False
    talk: Conversation | None = None
    announcements: tuple[Announcement, ...] = ()
    talks: int = 0
    refused: bool = False
    after_holiday: Target | None = None
    fallback: tuple[GroupId, Ticket] | None = None
    requires: tuple[tuple[str, int], ...] = ()
    box: VoicemailName | None = None
    recording: RecordingId | None = None
    recording_since: Instant = Instant(0)
    outcome: CallOutcome | None = None
    answered: bool = False
    counter: int = 0
    seen_at: Instant = Instant(0)
    missed_at: Instant | None = None


@state
class Session:
    """A log-in as it goes on; the parts are closed by each change of state."""

    record: WorkSession
    since: Instant
    phase: AgentPhase
    reason: str = ""
    parts: dict[str, int] = attrs.field(factory=dict)
    answered: int = 0
    missed: int = 0


@state
class Station:
    """Who can be offered a caller: an agent, or an extension of a group.

    Attributes:
        id: Agent id without case, or ``ext:SHORT``.
        party: How facts name it.
        phone: The number that is rung; empty while an agent is logged out.
        groups: Its places in groups.
        reserved: Chosen for a caller whose credit is being asked.
        until: End of the wrap-up or block.
        strikes: Misses in a row.
        pending: What was asked for during a call, with its reason.
        lost_since: When its client was lost; None while there is one.
        seen: Local date on which it last had a session, as an ordinal.
    """

    id: str
    party: Party
    phone: str
    phase: AgentPhase
    reason: str = ""
    agent: Agent | None = None
    groups: dict[GroupId, MemberView] = attrs.field(factory=dict)
    reserved: bool = False
    offer: OfferId | None = None
    call: CallId | None = None
    until: Instant = Instant(0)
    strikes: int = 0
    pending: Intent | None = None
    pending_reason: str = ""
    lost_since: Instant | None = None
    session: Session | None = None
    available_since: Instant = Instant(0)
    talk_ended: int = -1
    seen: int = 0


@state
class Tape:
    """A recording that the switch makes, and whose it is."""

    call: CallId
    party: Party | None
    box: VoicemailName | None
    started_at: Instant


Owner: TypeAlias = CallId | LegId | AgentId | str
