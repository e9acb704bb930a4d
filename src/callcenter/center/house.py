"""The centers at work: which there are, whose an event is, and how the shop that they belong to changes.

The host opens the transactions; the house is what they are about. It can be made anew from a store at any time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Final

from callcenter.center import books, shelf
from callcenter.center.abandoned import end_abandoned
from callcenter.center.archive import Archive
from callcenter.center.desk import Desk, Meter
from callcenter.center.recovery import furnish, rebuilt, saved
from callcenter.center.step import Step
from callcenter.center.surroundings import Surroundings
from callcenter.errors import UsageError
from callcenter.files.changes import carried, reopened
from callcenter.files.shop import Shop
from callcenter.model import events, facts
from callcenter.model.directory import CenterStatus
from callcenter.model.ids import AgentId, CallId, CenterId, GroupId, agent_key
from callcenter.model.records import Party, PartyKind
from callcenter.model.times import Instant
from callcenter.ports import Transaction

_PAST_CALLS: Final = 10_000
"""So many ended calls are remembered with their center, for events that come late."""


class House:
    """Every call center of one shop.

    Args:
        around: How a shop is read, and what its engines are told.

    Attributes:
        shop: As it is now.
        data: Its parsed TOML.
        desks: The centers at work.
        archive: How the shop stood at any time.
    """

    def __init__(self, around: Surroundings) -> None:
        self.archive: Final = Archive(around.read)
        self.shop = Shop()
        self.data: Mapping[str, object] = {}
        self.desks: dict[CenterId, Desk] = {}
        self._around: Final = around
        self._where: dict[CallId, Desk] = {}
        self._past: OrderedDict[CallId, CenterId] = OrderedDict()

    # ---------------------------------------------------------------- from a store, and back

    def found(self, tx: Transaction, data: Mapping[str, object] | None, now: Instant) -> None:
        """Begin with a shop in a store that has none.

        Raises:
            UsageError: E511, when there is no shop at all.
        """
        if data is None:
            raise UsageError("E511")
        self.data, self.shop = data, self._around.read(data, now)
        shelf.save(tx, self.data, now)
        books.open_accounts(tx, self.shop, now)
        self._furnish_all(tx)

    def begin_anew(self, tx: Transaction, now: Instant) -> None:
        """Begin with the shop that a store has, with nobody logged in and no call."""
        self.data = shelf.latest(tx)
        self.shop = self._around.read(self.data, now)
        for hold in tx.holds.open():
            tx.holds.void(hold.id)
        for row in tx.outbox.unsent():
            tx.outbox.mark_sent(row.id)
        self._furnish_all(tx)

    def rebuild(self, tx: Transaction, now: Instant) -> tuple[facts.Fact, ...]:
        """Make every desk anew from what a store knows; return what became of calls of another version."""
        self.data = shelf.latest(tx)
        self.shop = self._around.read(self.data, now)
        self.desks = {
            center: rebuilt(tx, self.shop, center, self._around, self.archive) for center in self.shop.centers
        }
        given_up = [desk for desk in self.desks.values() if desk.given_up]
        happened = tuple(fact for desk in given_up for fact in self._give_up(tx, desk))
        self._where = {call: desk for desk in self.desks.values() for call in desk.engine.live_calls()}
        return happened

    def _give_up(self, tx: Transaction, desk: Desk) -> tuple[facts.Fact, ...]:
        """Let the calls of another version of the library be: charged, their holds back, their commands not sent."""
        happened = end_abandoned(tx, desk, self._around, self.archive)
        for hold in tx.holds.open(desk.account):
            tx.holds.void(hold.id)
        for row in tx.outbox.unsent(desk.id):
            tx.outbox.mark_sent(row.id)
        tx.snapshots.save(saved(tx, desk))
        return happened

    def _furnish_all(self, tx: Transaction) -> None:
        for center in self.shop.centers:
            self._furnish(tx, self.shop, center)

    def _furnish(self, tx: Transaction, shop: Shop, center: CenterId) -> None:
        desk = self.desks[center] = furnish(shop, center, self._around, shelf.version_of(tx))
        tx.snapshots.save(saved(tx, desk))

    # ---------------------------------------------------------------- the shop as edited

    def adopt(self, step: Step, data: Mapping[str, object], shop: Shop, at: Instant) -> None:
        """Let a changed shop be the shop: kept, and told to each engine whose center it changes."""
        version = shelf.save(step.tx, data, at)
        known = frozenset(self.desks)
        books.open_accounts(step.tx, shop, at, self.shop)
        for center in [center for center in self.desks if center not in shop.centers]:
            del self.desks[center]
        self.data, self.shop = data, shop
        for center in shop.centers:
            if center not in known:
                self._furnish(step.tx, shop, center)
                continue
            desk = self.desks[center]
            step.alerts.watch(desk)
            config = self._around.config(shop, center, desk.config.version + 1)
            shelf.take_over(desk, shop, config.center, version)
            step.shop(desk, version)
            if shelf.differs(desk.config, config):
                desk.config = config
                step.feed(desk, events.ConfigChanged(at=at, config=config))
            desk.dirty = True
            step.settle(desk)

    def dated(self, data: Mapping[str, object], at: Instant) -> tuple[Mapping[str, object], Shop]:
        """Return an edited shop, and its data with the dates written in that the change leaves to this moment.

        Raises:
            FileError: When it is no shop.
        """
        shop = self._around.read(data, at)
        whole = carried(reopened(data, shop, self.shop), shop, self.shop)
        return (data, shop) if whole == data else (whole, self._around.read(whole, at))

    def refuse_impossible(self, path: str, shop: Shop) -> None:
        """Refuse what would be a shop, but not while calls are where they are.

        Raises:
            UsageError: E512 for a frozen center, E513 for a group with callers in it, E514 for a center with calls.
        """
        for desk in self.desks.values():
            after = shop.centers.get(desk.id)
            if shelf.frozen(desk.center) and path != f"center.{desk.id}.status" and after != self.shop.centers[desk.id]:
                raise UsageError("E512", path, center=desk.id)
            ends = after is None or after.status is CenterStatus.CLOSED is not desk.center.status
            if ends and desk.meters:
                raise UsageError("E514", path, center=desk.id)
            if after is not None:
                for view in desk.engine.live_calls().values():
                    if view.group and GroupId(view.group) not in after.groups:
                        raise UsageError("E513", path, group=view.group)

    # ---------------------------------------------------------------- whose event it is

    def desk_of(self, event: events.Event, center: CenterId | None) -> Desk | None:
        """Return the desk that an event is for: as named, by the dialled number, by its call, by who acts."""
        if center is not None:
            return self.desks[center]
        if isinstance(event, events.CallOffered):
            found = next((desk for desk in self.desks.values() if desk.center.access_number == event.dialled), None)
            if found is not None:
                self._where.setdefault(event.call, found)
            return found
        call: CallId | None = getattr(event, "call", None)
        if call is not None:
            return self.home_of_call(call)
        return self._home_of(event)

    def live(self) -> list[CallId]:
        """Return the calls of the last step that was kept."""
        return list(self._where)

    def meter_of(self, call: CallId) -> Meter | None:
        """Return the money side of a live call, or None."""
        desk = self._where.get(call)
        return None if desk is None else desk.meters.get(call)

    def home_of_call(self, call: CallId) -> Desk | None:
        """Return the desk that a call is or was at; the first of all for one that nobody knows."""
        past = self._past.get(call)
        known = self._where.get(call) or (self.desks.get(past) if past is not None else None)
        return known or next(iter(self.desks.values()), None)

    def _home_of(self, event: events.Event) -> Desk | None:
        """Return the first center that has the agent or extension of an event; the first of all when none has."""
        party: Party | None = getattr(event, "party", None)
        agent: AgentId | None = getattr(event, "agent", None)
        if party is not None and party.kind is PartyKind.AGENT:
            agent = AgentId(party.id)
        for desk in self.desks.values():
            if agent is not None and agent_key(agent) in {agent_key(known) for known in desk.center.agents}:
                return desk
            if party is not None and _has_extension(desk, party.id):
                return desk
        return next(iter(self.desks.values()), None)

    def remember(self, happened: Iterable[facts.Fact]) -> None:
        """Take note of the calls that are over."""
        for fact in happened:
            if isinstance(fact, facts.CallEnded):
                desk = self._where.pop(fact.call, None)
                if desk is not None:
                    self._past[fact.call] = desk.id
        while len(self._past) > _PAST_CALLS:
            self._past.popitem(last=False)


def _has_extension(desk: Desk, short: str) -> bool:
    return any(short == each.short for group in desk.center.groups.values() for each in group.extensions)
