"""The host: it holds the ports, runs one transaction per event, and sends what was decided when it is durable.

Order of a step: journal, engine, money, rows, outbox, commit; then the commands go to the switch, in order, and at
last the listeners hear the facts. A crash at any point leaves all of a step or nothing; what was decided and not sent
is sent again by :meth:`CallCenterHost.recover`. That a command was sent is written down with the next transaction, so
a command may come to the switch twice, with the same ids in it.

One writer: a host is used by one thread, and holds its store alone.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Final

from callcenter.billing.entries import Act
from callcenter.billing.ledger import Posting
from callcenter.center import books, shelf
from callcenter.center.desk import Desk
from callcenter.center.recovery import furnish, rebuilt, saved
from callcenter.center.step import Step
from callcenter.center.surroundings import Surroundings
from callcenter.engine import refuse_unknown
from callcenter.errors import CallCenterError, UsageError
from callcenter.files.changes import apply_change
from callcenter.files.shop import Shop
from callcenter.model import commands, events, facts
from callcenter.model.ids import AgentId, CallId, CenterId, GroupId, agent_key
from callcenter.model.money import Money
from callcenter.model.records import Party, PartyKind
from callcenter.model.times import Instant
from callcenter.ports import Store, Switch, Transaction

Listener = Callable[[tuple[facts.Fact, ...]], None]
_PAST_CALLS: Final = 10_000
"""So many ended calls are remembered with their center, for events that come late."""
_ERRORS: Final = 100


class CallCenterHost:
    """Every call center of one shop, on one switch and one store.

    Args:
        store: Where all is kept. One that holds a shop already goes on from it.
        switch: Obeys the commands.
        at: The time at which the host begins.
        shop: Parsed TOML of the shop, for a store that has none yet.
        surroundings: What else the host asks and tells.
        fresh: Begin with nobody logged in and no call, whatever the store knows of an earlier run; balances, books
            and the shop stay.

    Attributes:
        shop: As it is now.
        data: Its parsed TOML.
        desks: The centers at work.
        now: The time of the last step.
        listener_errors: The last errors of listeners; they stop nothing.

    Raises:
        UsageError: E511, when neither the store nor the caller has a shop.
    """

    def __init__(
        self,
        store: Store,
        switch: Switch,
        *,
        at: Instant,
        shop: Mapping[str, object] | None = None,
        surroundings: Surroundings | None = None,
        fresh: bool = False,
    ) -> None:
        self.shop = Shop()
        self.data: Mapping[str, object] = {}
        self.desks: dict[CenterId, Desk] = {}
        self.listener_errors: deque[Exception] = deque(maxlen=_ERRORS)
        self._store = store
        self._switch = switch
        self._around = surroundings or Surroundings()
        self.now = at
        self._listeners: list[Listener] = []
        self._where: dict[CallId, Desk] = {}
        self._past: OrderedDict[CallId, Desk] = OrderedDict()
        self._waiting: deque[tuple[str, commands.Command]] = deque()
        self._sent: list[str] = []
        self._stale = False
        with self._store.transaction() as tx:
            if tx.shop.latest() is None:
                self._found(tx, shop)
            elif fresh:
                self._begin_anew(tx)
            else:
                self._rebuild(tx)
            self._around.mark(tx)

    # ---------------------------------------------------------------- events

    def handle(self, event: events.Event, *, center: CenterId | None = None, key: str = "") -> tuple[facts.Fact, ...]:
        """Take an event in, in one transaction, and return what became of it.

        Args:
            event: From the switch, an agent's client or the embedding program.
            center: Whose; needed for agents whose id several centers have. Calls are found by the dialled number,
                then by their id.
            key: By which a repeated event is known again; an arrival is known by its call.
        """
        if isinstance(event, events.CallOffered):
            key = f"offered:{event.call}"
        desk = self._desk_of(event, center)
        with self._step(event.at) as step:
            if desk is not None:
                step.watch_midnight(desk)
                step.feed(desk, event, key)
            elif isinstance(event, events.CallOffered):
                step.refuse_unknown(event, refuse_unknown(event), key)
        return tuple(step.facts)

    def next_deadline(self) -> Instant | None:
        """Return when :meth:`handle_timers` has something to do, or None."""
        found = [desk.engine.next_deadline() for desk in self.desks.values()]
        found += [desk.next_tick() for desk in self.desks.values()]
        return min((at for at in found if at is not None), default=None)

    def handle_timers(self, now: Instant) -> tuple[facts.Fact, ...]:
        """Let the timers fire that are due, each center in a transaction of its own; return what became of it."""
        happened: list[facts.Fact] = []
        for desk in tuple(self.desks.values()):
            due = [at for at in (desk.engine.next_deadline(), desk.next_tick()) if at is not None and at <= now]
            if due:
                with self._step(now) as step:
                    step.watch_midnight(desk)
                    step.let_pass(desk)
                happened += step.facts
        return tuple(happened)

    # ---------------------------------------------------------------- operators and jobs

    def top_up(
        self, center: CenterId, amount: Money, ref: str, at: Instant, *, actor: str = "system", remark: str = ""
    ) -> Posting:
        """Move money to a center, from its reseller or from cash; its talks last longer at once.

        Args:
            center: Whose balance.
            amount: Above zero.
            ref: The operator's reference: the same again posts nothing.
            at: When.
            actor: Who posts.
            remark: For people.
        """
        desk = self.desks[center]
        with self._step(at) as step:
            act = Act(at=at, actor=actor, reason=remark)
            posting = books.top_up(step.tx, self.shop, desk, ref, amount, act)
            desk.dirty = True
            step.settle(desk)
        return posting

    def post_rent(self, center: CenterId, day: date, at: Instant) -> tuple[facts.Fact, ...]:
        """Post the rent of a local date and the minimums that its run may settle; what stands already stays."""
        desk = self.desks[center]
        with self._step(at) as step:
            for line in tuple(books.due_on(step.tx, desk, day)):
                posted = books.post(step.tx, desk, line, at)
                if posted:
                    step.facts.append(posted)
            step.settle(desk)
        return tuple(step.facts)

    def change(self, path: str, value: object, at: Instant, *, place: str = "") -> tuple[facts.Fact, ...]:
        """Change one key or table of the shop by its path, or refuse it and change nothing.

        Args:
            path: As in a shop file: ``center.demo.status``.
            value: As TOML gives it, or :data:`callcenter.files.changes.REMOVED`.
            at: When.
            place: Where the change is written, for the refusal.
        """
        with self._step(at) as step:
            try:
                data = apply_change(self.data, path, value, place=place)
                shop = self._around.read(data, at)
                self._refuse_impossible(path, shop)
            except CallCenterError as error:
                step.facts.append(facts.ChangeRefused(at=at, path=path, reason=f"{error.code}: {error.what()}"))
            else:
                self._adopt(step, data, shop, at)
        return tuple(step.facts)

    def listen(self, listener: Listener) -> None:
        """Let somebody hear the facts of each step after its commit; an error of theirs stops nothing."""
        self._listeners.append(listener)

    # ---------------------------------------------------------------- crash, restart, stop

    def recover(self) -> None:
        """Come back after a crash: make the engines anew from the store and send what was not sent; may be repeated."""
        with self._store.transaction() as tx:
            self._rebuild(tx)
        self._send()

    def save(self) -> None:
        """Write snapshots and what was sent, so that the next start has nothing to replay or to send again."""
        with self._step(self.now) as step:
            for desk in self.desks.values():
                step.tx.snapshots.save(saved(step.tx, desk))

    def move_to(self, store: Store) -> None:
        """Go on with another store that has the same content."""
        self._store = store

    # ---------------------------------------------------------------- one transaction

    @contextmanager
    def _step(self, at: Instant) -> Iterator[Step]:
        self.now = at = Instant(max(at, self.now))
        marked = tuple(self._sent)
        committed = False
        try:
            with self._store.transaction() as tx:
                if self._stale:
                    self._rebuild(tx)
                for id in marked:
                    tx.outbox.mark_sent(id)
                step = Step(tx, at)
                yield step
                self._around.mark(tx)
            committed = True
        finally:
            # What the engines were told in a step that was rolled back has not happened: make them anew first.
            self._stale = not committed
        del self._sent[: len(marked)]
        self._waiting.extend(step.sent)
        self._remember(step.facts)
        self._send()
        self._tell(tuple(step.facts))

    def _send(self) -> None:
        """Hand the commands over, in order; one that the switch does not take waits for the next step."""
        while self._waiting:
            id, command = self._waiting[0]
            try:
                self._perform(command)
            except CallCenterError:
                return
            self._waiting.popleft()
            self._sent.append(id)

    def _perform(self, command: commands.Command) -> None:
        if isinstance(command, commands.AskHost):
            self._around.ask(command)
        elif isinstance(command, commands.NotifyAgent):
            self._around.notify(command)
        elif not isinstance(command, commands.AskCredit):
            self._switch.perform(command)

    def _tell(self, happened: tuple[facts.Fact, ...]) -> None:
        for listener in self._listeners if happened else ():
            try:
                listener(happened)
            except Exception as error:  # noqa: BLE001 - whatever a listener raises, the calls go on
                self.listener_errors.append(error)

    # ---------------------------------------------------------------- whose event it is

    def _desk_of(self, event: events.Event, center: CenterId | None) -> Desk | None:
        if center is not None:
            return self.desks[center]
        if isinstance(event, events.CallOffered):
            found = self._by_number(event.dialled)
            if found is not None:
                self._where.setdefault(event.call, found)
            return found
        call = getattr(event, "call", None)
        if call is not None:
            return self._where.get(call) or self._past.get(call) or next(iter(self.desks.values()), None)
        return self._home_of(event)

    def _by_number(self, dialled: str) -> Desk | None:
        return next((desk for desk in self.desks.values() if desk.center.access_number == dialled), None)

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

    def _remember(self, happened: list[facts.Fact]) -> None:
        for fact in happened:
            if isinstance(fact, facts.CallEnded):
                desk = self._where.pop(fact.call, None)
                if desk is not None:
                    self._past[fact.call] = desk
        while len(self._past) > _PAST_CALLS:
            self._past.popitem(last=False)

    # ---------------------------------------------------------------- the shop

    def _found(self, tx: Transaction, data: Mapping[str, object] | None) -> None:
        if data is None:
            raise UsageError("E511")
        self.data, self.shop = data, self._around.read(data, self.now)
        shelf.save(tx, self.data, self.now)
        books.open_accounts(tx, self.shop, self.now)
        self._furnish_all(tx)

    def _begin_anew(self, tx: Transaction) -> None:
        self.data = shelf.latest(tx)
        self.shop = self._around.read(self.data, self.now)
        for hold in tx.holds.open():
            tx.holds.void(hold.id)
        for row in tx.outbox.unsent():
            tx.outbox.mark_sent(row.id)
        self._furnish_all(tx)

    def _furnish_all(self, tx: Transaction) -> None:
        for center in self.shop.centers:
            desk = self.desks[center] = furnish(self.shop, center, self._around, self.now)
            tx.snapshots.save(saved(tx, desk))

    def _rebuild(self, tx: Transaction) -> None:
        """Make every desk anew from what the store knows."""
        self.data = shelf.latest(tx)
        self.shop = self._around.read(self.data, self.now)
        self.desks = {center: rebuilt(tx, self.shop, center, self._around, self.now) for center in self.shop.centers}
        self._where = {call: desk for desk in self.desks.values() for call in desk.engine.live_calls()}
        self._waiting = deque((row.id, shelf.command_of(row)) for row in tx.outbox.unsent() if row.id not in self._sent)
        self._stale = False

    def _adopt(self, step: Step, data: Mapping[str, object], shop: Shop, at: Instant) -> None:
        """Let a changed shop be the shop: kept, and told to each engine whose center it changes."""
        shelf.save(step.tx, data, at)
        known = frozenset(self.desks)
        books.open_accounts(step.tx, shop, at, known)
        for center in [center for center in self.desks if center not in shop.centers]:
            del self.desks[center]
        self.data, self.shop = data, shop
        for center in shop.centers:
            if center not in known:
                self.desks[center] = furnish(shop, center, self._around, at)
                step.tx.snapshots.save(saved(step.tx, self.desks[center]))
                continue
            desk = self.desks[center]
            config = self._around.config(shop, center, desk.config.version + 1)
            shelf.take_over(desk, shop, config, at)
            if shelf.differs(desk.config, config):
                desk.config = config
                step.feed(desk, events.ConfigChanged(at=at, config=config))
            desk.dirty = True
            step.settle(desk)

    def _refuse_impossible(self, path: str, shop: Shop) -> None:
        """Refuse what would be a shop, but not while calls are where they are.

        Raises:
            UsageError: E512 for a frozen center, E513 for a group with callers in it, E514 for a center with calls.
        """
        for desk in self.desks.values():
            after = shop.centers.get(desk.id)
            if shelf.frozen(desk.center) and path != f"center.{desk.id}.status" and after != desk.center:
                raise UsageError("E512", path, center=desk.id)
            if after is None and desk.meters:
                raise UsageError("E514", path, center=desk.id)
            if after is not None:
                for view in desk.engine.live_calls().values():
                    if view.group and GroupId(view.group) not in after.groups:
                        raise UsageError("E513", path, group=view.group)


def _has_extension(desk: Desk, short: str) -> bool:
    return any(short == each.short for group in desk.center.groups.values() for each in group.extensions)
