"""Who and what: resellers, enterprises, call centers, groups, agents, extensions, VIPs, blacklists, voice files.

Plain values, as an operator would edit them. The engine is given one :class:`CenterConfig`, the whole of a center as
it is configured now, and again with each change: a change is a new value, never a mutation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import attrs

from callcenter.model.hours import NO_HOLIDAYS, Holidays, Window
from callcenter.model.ids import (
    AgentId,
    CenterId,
    EnterpriseId,
    GroupId,
    PlanName,
    PromptName,
    ResellerId,
    ShortNumber,
    TreeName,
    VoicemailName,
)
from callcenter.model.money import ZERO, Money
from callcenter.model.times import NEVER, SECOND, Duration, Instant
from callcenter.model.tree import HANGUP, CallerClass, IvrTree, Target
from callcenter.model.value import value
from callcenter.model.words import Word

MANUAL: Final = Duration(NEVER)
"""A wrap-up that lasts until the agent ends it."""


class ResellerKind(Word):
    """Whether a reseller is a company or a person."""

    COMPANY = "company"
    INDIVIDUAL = "individual"


class ResellerStatus(Word):
    """Set by the platform; a reseller that is not active stops the calls of its centers (K1)."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


class CenterStatus(Word):
    """Set by the platform (P3b); arrears are derived and shown beside it."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    LOCKED = "locked"
    FROZEN = "frozen"
    CLOSED = "closed"


class AgentStatus(Word):
    """A suspended agent has no log-in and no offers, and stays a seat."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class AgentLevel(Word):
    """Agent, or supervisor (班长) of its groups."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"


class GroupKind(Word):
    """``login``: agents log in (需登陆); ``extension``: fixed phones (非登陆)."""

    LOGIN = "login"
    EXTENSION = "extension"


class RingKind(Word):
    """How many phones ring for one caller, and when."""

    SINGLE = "single"
    ALL = "all"
    SNAPSHOT = "all:snapshot"
    PARALLEL = "parallel"
    PROGRESSIVE = "progressive"


class LineOrder(Word):
    """Order of the callers in a line."""

    STRICT = "strict"
    HEAD_START = "head_start"


class Absence(Word):
    """States of a member that can make a group count as empty."""

    LOGGED_OUT = "logged_out"
    PAUSED = "paused"
    BUSY = "busy"


class Destination(Word):
    """Classes of numbers that a center may dial."""

    DOMESTIC = "domestic"
    MOBILE_ROAMING = "mobile_roaming"
    INTERNATIONAL = "international"
    PREMIUM = "premium"


class VoicePurpose(Word):
    """What a voice file is for."""

    GREETING = "greeting"
    MENU = "menu"
    HOLIDAY = "holiday"
    ANNOUNCEMENT = "announcement"
    RING_BACK = "ring_back"
    HOLD_MUSIC = "hold_music"


@value
class RingMode:
    """A ring mode with its number: ``parallel:3``, ``progressive:10``.

    Attributes:
        kind: Which mode.
        count: Phones at once, of ``parallel``.
        interval: Until one more phone rings, of ``progressive``.
    """

    kind: RingKind = RingKind.SINGLE
    count: int = 1
    interval: Duration = Duration(0)


@value
class Reseller:
    """Sells call centers from its own prepaid balance."""

    id: ResellerId
    name: str = ""
    kind: ResellerKind = ResellerKind.COMPANY
    status: ResellerStatus = ResellerStatus.ACTIVE
    opening: Money = ZERO
    credit_limit: Money = ZERO
    wholesale: PlanName | None = None
    note: str = ""


@value
class Enterprise:
    """Customer of a reseller, with any number of call centers."""

    id: EnterpriseId
    reseller: ResellerId
    name: str = ""
    phone: str = ""
    fax: str = ""
    province: str = ""
    city: str = ""
    address: str = ""
    postcode: str = ""
    pinyin: str = ""
    note: str = ""
    closed: date | None = None


@value
class VipCustomer:
    """A caller number of one group, with its class."""

    number: str
    name: str = ""
    caller_class: CallerClass = CallerClass.VIP


@value
class BlacklistEntry:
    """A caller number that one call center refuses."""

    number: str
    name: str = ""


@value
class Agent:
    """A person of a login group.

    Attributes:
        id: As written; looked up without case.
        phone: Rung for its calls; the first of the approved ones.
        phones: Further phones approved for log-in.
        status: Set by the platform or the center.
        level: Agent or supervisor.
        created: First day as a seat; None takes the center's.
        closed: Last day as a seat; None: not closed.
        record: Whether talks are recorded (in login groups, K4).
        wrap_up: After each talk; None takes the group's, MANUAL lasts until the agent ends it.
        ring_timeout: None takes the group's.
        on_demand: Not ready after each call.
        skills: Name → level.
    """

    id: AgentId
    phone: str
    phones: tuple[str, ...] = ()
    name: str = ""
    status: AgentStatus = AgentStatus.ACTIVE
    level: AgentLevel = AgentLevel.AGENT
    created: date | None = None
    closed: date | None = None
    record: bool = False
    wrap_up: Duration | None = None
    ring_timeout: Duration | None = None
    on_demand: bool = False
    skills: Mapping[str, int] = attrs.field(factory=dict, hash=False)
    note: str = ""


@value
class Extension:
    """A fixed phone of an extension group: a short number, and the long number it rings, or none."""

    short: ShortNumber
    long: str = ""


@value
class Member:
    """An agent in a group: its tier (0 is served first) and weight."""

    agent: AgentId
    tier: int = 0
    weight: int = 1


@value
class AgingStep:
    """After ``after`` in the line: raise the class, open a tier, or drop skill requirements."""

    after: Duration
    caller_class: CallerClass | None = None
    tier: int | None = None
    drop: tuple[str, ...] = ()


@value
class LineAnnouncement:
    """What the waiting hear besides hold music, and when."""

    first: Duration
    every: Duration
    position: bool = True
    estimate: bool = True
    prompts: tuple[PromptName, ...] = ()


@value
class AgentGroup:
    """Where a key leads: a line of callers, and the agents or extensions who answer them.

    Attributes are those of a group in a shop file, with durations in place of seconds; ``extensions`` are the members
    of an extension group, ``members`` those of a login group, both in join order.
    """

    id: GroupId
    kind: GroupKind
    name: str = ""
    note: str = ""
    members: tuple[Member, ...] = ()
    extensions: tuple[Extension, ...] = ()
    ring: RingMode = RingMode()
    ranking: str = "round_robin"
    fallback: str = "round_robin"
    sticky: Duration = Duration(86_400 * SECOND)
    ring_timeout: Duration = Duration(15 * SECOND)
    restart: bool = True
    retry_delay: Duration = Duration(0)
    tier_wait: Duration = Duration(0)
    wrap_up: Duration = Duration(0)
    requires: tuple[tuple[str, int], ...] = ()
    order: LineOrder = LineOrder.STRICT
    head_start: Mapping[CallerClass, Duration] = attrs.field(factory=dict, hash=False)
    aging: tuple[AgingStep, ...] = ()
    max_wait: Duration = Duration(0)
    max_length: int = 0
    join_empty: frozenset[Absence] = frozenset()
    leave_when_empty: frozenset[Absence] = frozenset()
    on_timeout: Target = HANGUP
    on_full: Target = HANGUP
    on_empty: Target = HANGUP
    exit_key: str = ""
    on_exit_key: Target = HANGUP
    hold_music: PromptName | None = None
    ring_back: PromptName | None = None
    whisper: PromptName | None = None
    announce_agent_id: bool = False
    announce: LineAnnouncement | None = None
    service_level: Duration = Duration(20 * SECOND)
    short_abandon: Duration = Duration(5 * SECOND)
    hours: tuple[Window, ...] = ()
    holidays: Holidays = NO_HOLIDAYS
    holiday_prompt: PromptName | None = None
    holiday_target: Target | None = None
    vip: tuple[VipCustomer, ...] = ()


@value
class Voicemail:
    """A box that takes a message of at most ``max_length``."""

    name: VoicemailName
    greeting: PromptName | None = None
    max_length: Duration = Duration(120 * SECOND)


@value
class Caps:
    """Limits against toll fraud (3.10.8 of the routing design); 0 is none.

    Attributes:
        concurrent_calls: Answered and not ended calls at a time.
        calls_per_minute: Calls answered within any 60 s.
        talk: Longest talk.
        day: Call charges of one local date.
    """

    concurrent_calls: int = 0
    calls_per_minute: int = 0
    talk: Duration = Duration(14_400 * SECOND)
    day: Money = ZERO


@value
class CallCenter:
    """One access number with its balance; agents and groups by id, in the order of the file.

    Attributes:
        ivr: Where a caller goes after the answer: ``tree:NAME``, or a target itself.
        opening: Balance with which a new center starts.
        closed: The last day, of a closed center.
    """

    id: CenterId
    access_number: str
    ivr: Target
    login: str = ""
    name: str = ""
    note: str = ""
    enterprise: EnterpriseId | None = None
    code: str = ""
    timezone: str = "Asia/Shanghai"
    status: CenterStatus = CenterStatus.ACTIVE
    created: date | None = None
    closed: date | None = None
    opening: Money = ZERO
    credit_limit: Money = ZERO
    rate: PlanName | None = None
    blacklist: tuple[BlacklistEntry, ...] = ()
    caps: Caps = Caps()
    destinations: frozenset[Destination] = frozenset({Destination.DOMESTIC})
    agents: Mapping[AgentId, Agent] = attrs.field(factory=dict, hash=False)
    groups: Mapping[GroupId, AgentGroup] = attrs.field(factory=dict, hash=False)
    voicemails: Mapping[VoicemailName, Voicemail] = attrs.field(factory=dict, hash=False)


@value
class CenterConfig:
    """All that the engine of one center knows of its configuration.

    Attributes:
        center: The center with its groups, agents and boxes.
        trees: The trees that its calls may enter.
        reseller_status: Status of the reseller above it; ACTIVE when it stands alone.
        missing_prompts: Labels of prompts known to have no voice file.
        prompt_lengths: How long the voice files of labels play, in the language that takes longest, where it is known.
        version: Counts up with each change.
    """

    center: CallCenter
    trees: Mapping[TreeName, IvrTree] = attrs.field(factory=dict, hash=False)
    reseller_status: ResellerStatus = ResellerStatus.ACTIVE
    missing_prompts: frozenset[PromptName] = frozenset()
    prompt_lengths: Mapping[PromptName, Duration] = attrs.field(factory=dict, hash=False)
    version: int = 1


@value
class VoiceFile:
    """An uploaded prompt: who owns it, what for, and where it came from.

    Attributes:
        label: By which trees and groups name it.
        name: As uploaded; shown only, never a path.
        owner: ``center:ID``, ``reseller:ID`` or ``platform``.
        size: Bytes.
        length: Playing time.
    """

    label: PromptName
    owner: str
    purpose: VoicePurpose
    name: str
    size: int
    length: Duration
    at: Instant
    by: str
    language: str = ""
