"""The floor of one center: everything the engine holds, and the few verbs by which steps change it.

Steps (:mod:`~callcenter.engine.arrival`, ``menu``, ``line``, ``ring``, ``talk``, ``stations``) are functions over a
:class:`Floor`. They tell facts, give commands, name things and set timers through it; nothing else is shared.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Final

from callcenter.engine.states import Call, CallState, Leg, Owner, Station, Tape, TimerKind
from callcenter.engine.timers import Timers
from callcenter.ivr.matcher import Matchers
from callcenter.model.commands import Command, HangUpLeg
from callcenter.model.directory import AgentGroup, CenterConfig
from callcenter.model.events import Cause
from callcenter.model.facts import AgentPhase, Fact
from callcenter.model.ids import CallId, GroupId, LegId, RecordingId, TreeName
from callcenter.model.numbers import matched
from callcenter.model.times import NEVER, SECOND, Duration, Instant, Zone, zone
from callcenter.model.tree import CallerClass, IvrTree
from callcenter.model.value import state
from callcenter.routing import GroupMemory, Line, Pool, Ranking

LEG_LEASE: Final = 30 * SECOND
"""How long a switch may take to confirm that a leg has ended."""


HANDLED: Final = 30
"""How many of its last talks a group remembers for the estimate of a wait."""
REMEMBERED: Final = 100_000
"""How many callers a center remembers the last agent of."""


_READY: Final = AgentPhase.READY
_NORMAL: Final = CallerClass.NORMAL


@state
class Counts:
    """What the members of a group who were there today did together, for the average at which a newcomer starts."""

    members: int = 0
    calls: int = 0
    talked: int = 0


class Group:
    """A group at work: its configuration compiled, its line and its free stations.

    Attributes:
        line: Callers who want a phone.
        ringing: Callers for whom a phone rings and who want no other.
        free: Members that may be offered a caller.
        size: How many members there are, at least one.
        day: Local date of the members' counts, as an ordinal.
        sticky: Whether the agent who last spoke with the caller comes first.
        handled: The last handle times (talk and wrap-up), for the estimate of a wait.
        counts: What its members did today together; None: to be added up when it is asked for.
    """

    __slots__ = (
        "config",
        "counts",
        "day",
        "free",
        "handled",
        "line",
        "memory",
        "order",
        "ranking",
        "ringing",
        "size",
        "sticky",
        "vips",
    )

    def __init__(self, config: AgentGroup, rankings: Mapping[str, Ranking]) -> None:
        self.config = config
        self.handled: deque[int] = deque(maxlen=HANDLED)
        self.order: list[str] = []
        self.memory = GroupMemory()
        self.day = 0
        self.line = Line(config.head_start or None)
        self.ringing = Line(config.head_start or None)
        self.compile(config, rankings)

    def compile(self, config: AgentGroup, rankings: Mapping[str, Ranking]) -> None:
        """Take a configuration over."""
        self.config = config
        self.sticky = config.ranking == "sticky"
        self.ranking: Ranking = rankings[config.fallback if self.sticky else config.ranking]
        self.free = Pool(self.ranking)
        self.counts: Counts | None = None
        self.vips = {matched(vip.number): vip for vip in config.vip}
        self.size = max(1, len(config.members) or len(config.extensions))

    def count(self, *, calls: int = 0, talked: int = 0) -> None:
        """Add to what the members did today together."""
        if self.counts is not None:
            self.counts.calls += calls
            self.counts.talked += talked

    def waiting(self) -> int:
        """Return how many callers the group holds that nobody talks to."""
        return len(self.line) + len(self.ringing)


class Floor:
    """All state of one center.

    Attributes:
        now: The time of the event being handled; never goes back.
        calls: Live calls.
        ended: Calls that are over, with the time of their end, for as long as late events may come.
        legs: Live legs, also those that are told to end.
        phones: Number → its live leg: one phone is in one leg at most.
        lines: Number → how many live calls come from it.
        promised: Numbers of stations that are reserved and do not ring yet.
        users: Number → the stations that use it.
        sends_away: Whether any group lets nobody wait when it is empty.
        leaving: Stations that a change has removed and that still ring or talk.
        stations: Agents by folded id, extensions by ``ext:SHORT``.
        hungry: Groups with callers who want a phone.
        tell: Writes down what became of an event.
        order: Says what is to be done.
        set: Sets a timer, in place of one of the same kind and owner.
        cancel: Cancels a timer, if it is set.
        cancel_any: Cancels those of some kinds that are set.
        answered: Answered and not ended calls.
        answers: Answer times of the last minute, for the cap on calls a minute.
        listed: Whether the switch is asked again and again what it has up.
        away_at: When it was told last that the host is back and the switch cannot be reached.
        strangers: What it has up and nobody knows, call and leg, with when it was told first.
        last_talks: Caller → who spoke with it last, and when the talk ended.
    """

    __slots__ = (
        "answered",
        "answers",
        "away_at",
        "blacklist",
        "calls",
        "cancel",
        "cancel_any",
        "commands",
        "config",
        "day_cap",
        "dice",
        "ended",
        "facts",
        "groups",
        "hungry",
        "last_talks",
        "leaving",
        "legs",
        "lines",
        "listed",
        "matchers",
        "midnight",
        "now",
        "order",
        "phones",
        "pinned",
        "promised",
        "rankings",
        "rests",
        "seed",
        "sends_away",
        "sequence",
        "set",
        "shorts",
        "stations",
        "strangers",
        "tapes",
        "tell",
        "timers",
        "today",
        "users",
        "zone",
    )

    def __init__(self, config: CenterConfig, seed: int, rankings: Mapping[str, Ranking]) -> None:
        self.config = config
        self.seed = seed
        self.rankings = rankings
        self.last_talks: OrderedDict[str, tuple[str, Instant]] = OrderedDict()
        self.now = Instant(-NEVER)
        self.calls: dict[CallId, Call] = {}
        self.ended: OrderedDict[CallId, Instant] = OrderedDict()
        self.legs: dict[LegId, Leg] = {}
        self.listed = False
        self.away_at = Instant(-NEVER)
        self.strangers: dict[tuple[CallId, LegId | None], Instant] = {}
        self.phones: dict[str, LegId] = {}
        self.lines: dict[str, int] = {}
        self.promised: set[str] = set()
        self.stations: dict[str, Station] = {}
        self.users: dict[str, dict[str, Station]] = {}
        self.leaving: set[str] = set()
        self.sends_away = False
        self.groups: dict[GroupId, Group] = {}
        self.hungry: dict[GroupId, Group] = {}
        self.tapes: dict[RecordingId, Tape] = {}
        self.timers = Timers()
        self.rests = Timers()
        self.set: Callable[[TimerKind, Owner, Instant], None] = self.timers.set
        self.cancel: Callable[[TimerKind, Owner], None] = self.timers.cancel
        self.cancel_any: Callable[[Iterable[TimerKind], Owner], None] = self.timers.cancel_any
        self.sequence = 0
        self.dice = 0
        self.answered = 0
        self.answers: deque[Instant] = deque()
        self.day_cap = False
        self.today = 0
        self.midnight = Instant(-NEVER)
        self.commands: list[Command] = []
        self.facts: list[Fact] = []
        self.order: Callable[[Command], None] = self.commands.append
        self.tell: Callable[[Fact], None] = self.facts.append
        self.pinned: dict[int, dict[TreeName, IvrTree]] = {}
        self.blacklist: frozenset[str] = frozenset()
        self.shorts: dict[str, tuple[GroupId, str]] = {}
        self.zone: Zone = zone(config.center.timezone)
        self.matchers = Matchers()

    # ------------------------------------------------------------ naming

    def name(self, call: Call, kind: str) -> str:
        """Return a new id of a thing of a call: ``CALL/L3``."""
        call.counter += 1
        return f"{call.id}/{kind}{call.counter}"

    def roll(self) -> int:
        """Return the next number of the seeded generator."""
        self.dice += 1
        return (self.seed << 32) + self.dice * 0x1000

    # ------------------------------------------------------------ what steps look up

    def trees(self, call: Call) -> dict[TreeName, IvrTree]:
        """Return the trees as they were when the call entered them."""
        return self.pinned[call.version]

    def class_in(self, group: Group, call: Call) -> CallerClass:
        """Return the class of a caller in a group."""
        vip = group.vips.get(call.matched)
        return vip.caller_class if vip else _NORMAL

    def class_anywhere(self, call: Call) -> CallerClass:
        """Return the highest class of a caller in any group."""
        return max((self.class_in(group, call) for group in self.groups.values()), default=CallerClass.NORMAL)

    def extension(self, short: str) -> tuple[GroupId, str] | None:
        """Return the group and long number of a short number."""
        return self.shorts.get(short)

    def members(self, group: Group) -> list[Station]:
        """Return the stations of a group in join order."""
        return [self.stations[id] for id in group.order if id in self.stations]

    def day(self) -> int:
        """Return the local date of this moment, as an ordinal."""
        if self.now >= self.midnight:
            date = self.zone.day(self.now)
            self.today = date.toordinal()
            self.midnight = self.zone.at(date + timedelta(days=1))
        return self.today

    def begin_day(self, group: Group) -> None:
        """Let the counts of a group's members begin anew at local midnight."""
        today = self.today if self.now < self.midnight else self.day()
        if group.day != today:
            group.day = today
            group.free = Pool(group.ranking)
            group.counts = None
            for station in self.members(group):
                view = station.groups[group.config.id]
                view.calls = view.talked = 0
                self.refresh(station)

    def last_talk(self, call: Call, within: Duration) -> str:
        """Return the station that last spoke with a caller, if that is not longer ago than ``within``."""
        found = self.last_talks.get(call.matched)
        return found[0] if found is not None and self.now - found[1] <= within else ""

    def remember_talk(self, call: Call, station: Station) -> None:
        """Remember who spoke with a caller last; the longest forgotten first."""
        self.last_talks[call.matched] = (station.id, self.now)
        self.last_talks.move_to_end(call.matched)
        if len(self.last_talks) > REMEMBERED:
            self.last_talks.popitem(last=False)

    # ------------------------------------------------------------ calls

    def add_call(self, call: Call) -> None:
        """Take note of a call; the phone that it comes from is in use."""
        self.calls[call.id] = call
        self.lines[call.matched] = self.lines.get(call.matched, 0) + 1
        self._refresh_users(call.matched)

    def drop_call(self, call: Call) -> None:
        """Forget a call that is over; its phone may ring again when nobody else calls from it."""
        del self.calls[call.id]
        left = self.lines.pop(call.matched) - 1
        if left:
            self.lines[call.matched] = left
        self._refresh_users(call.matched)

    # ------------------------------------------------------------ legs and phones

    def add_leg(self, leg: Leg) -> None:
        """Take note of a leg that is being dialled; its phone is in use from now on."""
        self.legs[leg.id] = leg
        leg.seen_at = self.now
        self.phones[leg.number] = leg.id
        if leg.number in self.promised:  # in use already
            self.promised.remove(leg.number)
        else:
            self._refresh_users(leg.number)

    def drop_leg(self, leg: Leg) -> None:
        """Forget a leg of which the switch said that it is gone; its phone may ring again."""
        self.legs.pop(leg.id, None)
        self.cancel(TimerKind.LEG_LEASE, leg.id)
        if self.phones.get(leg.number) == leg.id:
            del self.phones[leg.number]
            self._refresh_users(leg.number)

    def hang_up_leg(self, leg: Leg, cause: Cause) -> None:
        """Tell the switch to end a leg; its phone is free when the switch confirms."""
        if not leg.ending:
            leg.ending = True
            self.order(HangUpLeg(call=leg.call, leg=leg.id, cause=cause))
            self.set(TimerKind.LEG_LEASE, leg.id, Instant(self.now + LEG_LEASE))

    # ------------------------------------------------------------ stations

    def in_use(self, phone: str) -> bool:
        """Tell whether a phone is in a leg, or about to be, or somebody calls from it."""
        return phone in self.phones or phone in self.promised or phone in self.lines

    def promise(self, phone: str) -> None:
        """Keep a phone for a station that is reserved."""
        self.promised.add(phone)
        self._refresh_users(phone)

    def unpromise(self, phone: str) -> None:
        """Give a phone back that was kept; it rings now, or its reservation is released."""
        self.promised.discard(phone)
        self._refresh_users(phone)

    def _refresh_users(self, phone: str) -> None:
        users = self.users.get(phone)
        if users:
            for station in users.values():
                self.refresh(station)

    def is_free(self, station: Station) -> bool:
        """Tell whether a station may be offered a caller at all."""
        return station.phase is _READY and self.at_hand(station) and not self.in_use(station.phone)

    def at_hand(self, station: Station) -> bool:
        """Tell whether a station may be offered a caller as soon as its phone is free."""
        ready = station.phase is AgentPhase.READY and not station.reserved
        return ready and station.lost_since is None

    def refresh(self, station: Station) -> None:
        """Let a station be chosen, or not, after anything about it has changed."""
        if self.is_free(station):
            for group, view in station.groups.items():
                self.groups[group].free.add(view)
        else:
            id = station.id
            for group in station.groups:
                self.groups[group].free.discard(id)

    def use_phone(self, station: Station, phone: str) -> None:
        """Let a station be reached by another phone, or by none."""
        if station.phone:
            self.users[station.phone].pop(station.id, None)
        station.phone = phone
        if phone:
            self.users.setdefault(phone, {})[station.id] = station


def move(call: Call, state: CallState) -> None:
    """Put a call into a state: the only place that does."""
    call.state = state
