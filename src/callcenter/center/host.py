"""The host: it holds the ports, runs one transaction per event, and sends what was decided when it is durable.

Order of a step: journal, engine, money, rows, outbox, commit; then the commands go to the switch, in order, and at
last the listeners hear the facts. A crash at any point leaves all of a step or nothing; what was decided and not sent
is sent again by :meth:`CallCenterHost.recover`. That a command was sent is written down with the next transaction, so
a command may come to the switch twice, with the same ids in it.

One writer: a host is used by one thread, and holds its store alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Final

from callcenter.billing.entries import Act
from callcenter.billing.ledger import Posting
from callcenter.center import books, shelf
from callcenter.center.desk import Desk
from callcenter.center.house import House
from callcenter.center.recovery import saved
from callcenter.center.step import Step
from callcenter.center.surroundings import Surroundings
from callcenter.engine import refuse_unknown
from callcenter.errors import CallCenterError
from callcenter.files.changes import apply_change
from callcenter.files.shop import Shop
from callcenter.model import commands, events, facts
from callcenter.model.ids import CenterId
from callcenter.model.money import Money
from callcenter.model.times import Instant
from callcenter.ports import Store, Switch, Transaction

Listener = Callable[[tuple[facts.Fact, ...]], None]
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
        self.listener_errors: deque[Exception] = deque(maxlen=_ERRORS)
        self._store = store
        self._switch = switch
        self._around = surroundings or Surroundings()
        self._house = House(self._around)
        self.now = at
        self._listeners: list[Listener] = []
        self._waiting: deque[tuple[str, commands.Command]] = deque()
        self._sent: list[str] = []
        self._stale = False
        with self._store.transaction() as tx:
            if tx.shop.latest() is None:
                self._house.found(tx, shop, at)
            elif fresh:
                self._house.begin_anew(tx, at)
            else:
                self._rebuild(tx)
            self._around.mark(tx)

    @property
    def shop(self) -> Shop:
        """The shop as it is now."""
        return self._house.shop

    @property
    def desks(self) -> Mapping[CenterId, Desk]:
        """The centers at work."""
        return self._house.desks

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
        self._ready()
        desk = self._house.desk_of(event, center)
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
        self._ready()
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
        self._ready()
        desk = self.desks[center]
        with self._step(at) as step:
            act = Act(at=at, actor=actor, reason=remark)
            posting = books.top_up(step.tx, self.shop, center, ref, amount, act)
            desk.dirty = True
            step.settle(desk)
        return posting

    def post_rent(self, center: CenterId, day: date, at: Instant) -> tuple[facts.Fact, ...]:
        """Post the rent of a local date and the minimums that its run may settle; what stands already stays."""
        self._ready()
        desk = self.desks[center]
        with self._step(at) as step:
            history = self._house.archive.histories(step.tx)[center]
            for line in tuple(books.due_on(step.tx, history, day, desk.answered())):
                if books.post(step.tx, center, desk.center.access_number, line, Act(at=at)):
                    step.facts.append(facts.Posted(at=at, key=line.key, kind=line.kind.value, amount=line.amount))
                    desk.dirty = True
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
        self._ready()
        with self._step(at) as step:
            try:
                edited = apply_change(self._house.data, path, value, place=place)
                data, shop = self._house.dated(edited, at)
                self._house.refuse_impossible(path, shop)
            except CallCenterError as error:
                step.facts.append(facts.ChangeRefused(at=at, path=path, reason=f"{error.code}: {error.what()}"))
            else:
                self._house.adopt(step, data, shop, at)
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

    def _rebuild(self, tx: Transaction) -> None:
        self._house.rebuild(tx, self.now)
        unsent = [row for row in tx.outbox.unsent() if row.id not in self._sent]
        self._waiting = deque((row.id, shelf.command_of(row)) for row in unsent)
        self._stale = False

    def _ready(self) -> None:
        """Forget what a step that was rolled back did to the engines, before the next one looks at them."""
        if self._stale:
            with self._store.transaction() as tx:
                self._rebuild(tx)

    def save(self) -> None:
        """Write snapshots and what was sent, so that the next start has nothing to replay or to send again."""
        with self._step(self.now) as step:
            for desk in self.desks.values():
                step.tx.snapshots.save(saved(step.tx, desk))

    # ---------------------------------------------------------------- one transaction

    @contextmanager
    def _step(self, at: Instant) -> Iterator[Step]:
        self.now = at = Instant(max(at, self.now))
        marked = tuple(self._sent)
        committed = False
        try:
            with self._store.transaction() as tx:
                for id in marked:
                    tx.outbox.mark_sent(id)
                step = Step(tx, at)
                yield step
                self._around.mark(tx)
            committed = True
        finally:
            # What the engines were told in a step that was rolled back has not happened.
            self._stale = not committed
        del self._sent[: len(marked)]
        self._waiting.extend(step.sent)
        self._house.remember(step.facts)
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
