"""The host: it holds the ports, runs one transaction per event, and sends what was decided when it is durable.

Order of a step: journal, engine, money, rows, outbox, commit; then the commands go to the switch, in order, and at
last the listeners hear the facts. A crash at any point leaves all of a step or nothing; what was decided and not sent
is sent again by :meth:`CallCenterHost.recover`. That a command was sent is written down with the next transaction, so
a command may come to the switch twice, with the same ids in it.

Several events may share one commit (:meth:`CallCenterHost.handle_all`); none of them is acknowledged before it. While
the store is away every step raises, and what is up on the switch goes on as :mod:`~callcenter.center.outage` says. A
switch that can tell what it has up is asked every 20 s (:mod:`~callcenter.center.census`).

One writer: a host is used by one thread, and holds its store alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Final

from callcenter.billing.entries import Act
from callcenter.billing.ledger import Outcome, Posting
from callcenter.center import books, census
from callcenter.center.audience import Audience, Listener
from callcenter.center.desk import Desk
from callcenter.center.dispatch import Dispatch
from callcenter.center.house import House
from callcenter.center.incoming import Incoming
from callcenter.center.jobs import HostJob
from callcenter.center.outage import Outage
from callcenter.center.recovery import saved, write_down
from callcenter.center.step import Step
from callcenter.center.surroundings import Surroundings
from callcenter.engine import refuse_unknown
from callcenter.errors import CallCenterError, StoreError, SwitchError
from callcenter.files.shop import Shop
from callcenter.model import commands, events, facts
from callcenter.model.ids import CallId, CenterId
from callcenter.model.money import Money
from callcenter.model.times import Instant
from callcenter.ports import Store, Switch, Transaction

_ERRORS: Final = 100


class CallCenterHost:
    """Every call center of one shop, on one switch and one store.

    Args:
        store: Where all is kept. One that holds a shop already goes on from it.
        switch: Obeys the commands; None: they are taken by :meth:`next_command`.
        at: The time at which the host begins.
        shop: Parsed TOML of the shop, for a store that has none yet.
        surroundings: What else the host asks and tells.
        fresh: Begin with nobody logged in and no call, whatever the store knows of an earlier run; balances, books
            and the shop stay.

    Attributes:
        now: The time of the last step.
        listener_errors: The last errors of listeners, hooks and the switch; they stop nothing.

    Raises:
        UsageError: E511, when neither the store nor the caller has a shop.
    """

    def __init__(
        self,
        store: Store,
        switch: Switch | None,
        *,
        at: Instant,
        shop: Mapping[str, object] | None = None,
        surroundings: Surroundings | None = None,
        fresh: bool = False,
    ) -> None:
        self.listener_errors: deque[Exception] = deque(maxlen=_ERRORS)
        self._store = store
        self._around, self.now = surroundings or Surroundings(), at
        self._house = House(self._around)
        self._audience = Audience(self.listener_errors, self._around.subscribers)
        self._dispatch = Dispatch(switch, self._around, self.listener_errors)
        self._outage = Outage(self._around.store_away)
        self._asker = census.Asker(switch, at, self.listener_errors)
        self._stale, self._unsure = False, list[Step]()
        with self._store.transaction() as tx:
            if tx.shop.latest() is None:
                self._house.found(tx, shop, at)
            elif fresh:
                self._house.begin_anew(tx, at)
            else:
                self._rebuild(tx)
            self._audience.load(tx)
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
        return self.handle_all((Incoming(event=event, center=center, key=key),))[0]

    def handle_all(self, batch: Sequence[Incoming]) -> tuple[tuple[facts.Fact, ...], ...]:
        """Take events in, in order and in one transaction, and return what became of each.

        All of them are durable when this returns, or, when it raises, none is, unless the code is E406.

        Args:
            batch: The events. Those who wait for an acknowledgement get it when this has returned.

        Raises:
            SwitchError: E516, for an arrival while too many commands wait for the switch; nothing was taken in.
            StoreError: The store is away; the events may be given again, with their keys.
        """
        if len(self._dispatch) >= self._around.most_waiting:
            arrival = next((given.event for given in batch if isinstance(given.event, events.CallOffered)), None)
            if arrival is not None:
                raise SwitchError("E516", str(arrival.call), waiting=len(self._dispatch))
        self._ready(batch[0].event.at if batch else self.now)
        taken: list[Step] = []
        with self._commit(batch[-1].event.at if batch else self.now) as (tx, steps):
            for given in batch:
                self._cut(tx, steps, given.event.at)
                taken.append(self._begun(tx, steps, given.event.at))
                self._take(taken[-1], given)
        return tuple(tuple(step.facts) for step in taken)

    def _cut(self, tx: Transaction, steps: list[Step], until: Instant) -> None:
        """Take in, each at its time, the ends of the calls that an outage cut off."""
        for at, call in self._outage.cuts(until):
            gone = events.CallerHungUp(at=at, call=call, cause=events.Cause.CONGESTION)
            self._take(self._begun(tx, steps, at), Incoming(event=gone))

    def _take(self, step: Step, given: Incoming) -> None:
        event, key = given.event, given.key
        self._asker.heard(event)
        if isinstance(event, events.CallOffered):
            key = f"offered:{event.call}"
        desk = self._house.desk_of(event, given.center)
        if desk is not None:
            step.watch_midnight(desk)
            step.feed(desk, event, key)
        elif isinstance(event, events.CallOffered):
            step.refuse_unknown(event, refuse_unknown(event), key)

    def next_deadline(self) -> Instant | None:
        """Return when :meth:`handle_timers` has something to do, or None."""
        found = [self._asker.at, self._outage.next_cut()]
        found += [desk.engine.next_deadline() for desk in self.desks.values()]
        found += [desk.next_tick() for desk in self.desks.values()]
        return min((at for at in found if at is not None), default=None)

    def handle_timers(self, now: Instant) -> tuple[facts.Fact, ...]:
        """Let the timers fire that are due, each center in a transaction of its own; return what became of it."""
        self._ready(now)
        happened: list[facts.Fact] = []
        if self._outage.next_cut() is not None:
            with self._commit(now) as (tx, steps):
                self._cut(tx, steps, now)
            happened += [fact for step in steps for fact in step.facts]
        for desk in tuple(self.desks.values()):
            due = [at for at in (desk.engine.next_deadline(), desk.next_tick()) if at is not None and at <= now]
            if due:
                with self._step(now) as step:
                    step.watch_midnight(desk)
                    step.let_pass(desk)
                happened += step.facts
        return (*happened, *self._ask(now))

    # ---------------------------------------------------------------- what the switch has up

    def reconcile(self, live: census.Live, now: Instant, *, again: bool = False) -> tuple[facts.Fact, ...]:
        """Hold what the engines believe to be up against what the switch has up; return what became of it.

        What two lists lack, 5 s or more apart, has ended; what two lists have and nobody here knows is hung up.

        Args:
            live: What the switch has up now, for the centers of this host.
            now: When it was asked.
            again: Whether it is asked every 20 s: then a call without proof of life for 60 s has ended as well.
        """
        self._ready(now)
        return self._feed(census.lists(live, self.desks, self._house.home_of_call, now, again=again), now)

    def _feed(self, found: Iterable[tuple[Desk, events.CallsReconciled]], now: Instant) -> tuple[facts.Fact, ...]:
        given = tuple(found)
        if not given:
            return ()
        with self._step(now) as step:
            for desk, event in given:
                step.feed(desk, event)
        return tuple(step.facts)

    def _ask(self, now: Instant) -> tuple[facts.Fact, ...]:
        """Ask a switch that can tell what it has up, when it is time to."""
        live = self._asker.ask(now)
        if live is not None:
            return self.reconcile(live, now, again=True)
        return self._feed(census.excuses(self.desks, now), now) if self._asker.excused else ()

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
        self._ready(at)
        desk = self.desks[center]
        with self._step(at) as step:
            posting = books.top_up(step.tx, self.shop, center, ref, amount, Act(at=at, actor=actor, reason=remark))
            if posting.outcome is Outcome.CREATED:
                step.moved(desk, amount)
            step.settle(desk)
        return posting

    def post_rent(self, center: CenterId, day: date, at: Instant) -> tuple[facts.Fact, ...]:
        """Post the rent of a local date and the minimums that its run may settle; what stands already stays."""
        self._ready(at)
        desk = self.desks[center]
        with self._step(at) as step:
            history = self._house.archive.histories(step.tx)[center]
            for line in tuple(books.due_on(step.tx, history, day, desk.answered())):
                if books.post(step.tx, center, desk.center.access_number, line, Act(at=at)):
                    step.facts.append(facts.Posted(at=at, key=line.key, kind=line.kind.value, amount=line.amount))
                    step.moved(desk, -line.amount)
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
        with self.job(at) as job:
            try:
                job.change({path: value}, place=place)
            except CallCenterError as error:
                if job.touched:
                    raise
                job.step.facts.append(facts.ChangeRefused(at=at, path=path, reason=f"{error.code}: {error.what()}"))
        return tuple(job.step.facts)

    @contextmanager
    def job(self, at: Instant) -> Iterator[HostJob]:
        """Do several things of an operator in one transaction: see :mod:`.jobs`."""
        self._ready(at)
        with self._step(at) as step:
            yield HostJob(self._house, step, at)

    def listen(self, listener: Listener) -> None:
        """Let somebody hear the facts of each step after its commit; an error of theirs stops nothing."""
        self._audience.add(listener)

    # ---------------------------------------------------------------- crash, restart, stop

    def recover(self) -> None:
        """Come back after a crash: engines made anew, what was not sent sent, the switch asked what it has up.

        May be repeated, and may itself be cut off anywhere.
        """
        with self._store.transaction() as tx:
            self._rebuild(tx)
        self._dispatch.go()
        self._audience.tell(())
        self._asker.hurry(self.now)
        self._ask(self.now)

    def _rebuild(self, tx: Transaction) -> None:
        found = self._house.rebuild(tx, self.now)
        self._dispatch.load(tx)
        self._audience.load(tx, found)
        self._stale = False

    def _ready(self, at: Instant) -> None:
        """Forget what a step that was rolled back did to the engines, before the next one looks at them."""
        if not self._stale:
            return
        try:
            with self._store.transaction() as tx:
                self._rebuild(tx)
                stood = all(step.stands(tx) for step in self._unsure)
        except StoreError:
            self.endure(at)
            raise
        self._dispatch.go()
        unsure, self._unsure = self._unsure if stood else [], []
        self._house.remember(fact for step in unsure for fact in step.facts)
        self._audience.tell(step.facts for step in unsure)

    def save(self) -> None:
        """Write snapshots and what was sent, so that the next start has nothing to replay or to send again."""
        with self._step(self.now) as step:
            for desk in self.desks.values():
                step.tx.snapshots.save(saved(step.tx, desk))

    # ---------------------------------------------------------------- commands, for who hands them over

    @property
    def waiting(self) -> int:
        """How many commands wait for a switch that did not take them."""
        return len(self._dispatch)

    def send(self) -> None:
        """Hand over what waits, as each step does."""
        self._dispatch.go()

    def next_command(self) -> commands.SwitchCommand | None:
        """Return the next command for the switch, of a host that has none; the same one until it was sent."""
        return self._dispatch.next()

    def command_sent(self) -> None:
        """Take note that the command of :meth:`next_command` was handed over."""
        self._dispatch.sent()

    # ---------------------------------------------------------------- the store is away

    @property
    def away_since(self) -> Instant | None:
        """Since when no step could be kept; None: the store is there."""
        return self._outage.since

    def endure(self, now: Instant) -> tuple[CallId, ...]:
        """End at the switch the calls that may not go on without the store, as each step that fails does."""
        over = tuple(self._outage.to_end(self._house.live(), self._house.meter_of, now))
        for call in over:
            self._dispatch.tell(commands.HangUp(call=call, cause=events.Cause.CONGESTION))
        return over

    # ---------------------------------------------------------------- one transaction

    @contextmanager
    def _step(self, at: Instant) -> Iterator[Step]:
        with self._commit(at) as (tx, steps):
            yield self._begun(tx, steps, at)

    def _begun(self, tx: Transaction, steps: list[Step], at: Instant) -> Step:
        self.now = Instant(max(at, self.now))
        step = Step(tx, self.now, self._around.low_balance)
        steps.append(step)
        return step

    @contextmanager
    def _commit(self, at: Instant) -> Iterator[tuple[Transaction, list[Step]]]:
        """Let steps happen in one transaction; after its commit commands leave, and listeners hear the facts."""
        steps: list[Step] = []
        before, committed = self.now, False
        try:
            with self._store.transaction() as tx:
                marked = self._dispatch.mark(tx)
                yield tx, steps
                write_down(steps, self._around.snapshot_every)
                self._audience.write(tx, [step.facts for step in steps])
                self._around.mark(tx)
            committed = True
        except StoreError as error:
            self._unsure = steps if error.code == "E406" else []
            self._outage.begin(max(at, before))
            self.endure(max(at, before))
            raise
        finally:
            # What the engines were told in a step that was rolled back has not happened.
            self._stale = not committed
            self.now = self.now if committed else before
        self._outage.over()
        self._dispatch.marked(marked)
        for step in steps:
            self._dispatch.add(step.sent)
            self._house.remember(step.facts)
        self._dispatch.go()
        self._audience.tell(step.facts for step in steps)
