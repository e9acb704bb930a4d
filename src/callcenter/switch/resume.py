"""A scenario on a durable store: begun, interrupted at any moment, resumed, finished.

Theory of operation. A run is deterministic and all its times are virtual. So an interrupted one is resumed by running it
again from its start on a memory store that has the content the durable store had then, silently for the world but not
for those who listen, until as many transactions are done as the durable store has; then both stores must have the same
content but for what others posted in between (:mod:`.beside`), and the run goes on with the durable one. Each transaction writes its number into the store's notes, so the
number is as durable as the transaction. What an undisturbed run leaves behind and what a resumed one does are the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from callcenter.center import Surroundings
from callcenter.compat import override
from callcenter.errors import UsageError
from callcenter.files.scenario import Scenario
from callcenter.model.ids import CenterId
from callcenter.model.value import changed, value
from callcenter.ports import Store, Transaction
from callcenter.store import MemoryStore
from callcenter.store.content import Content, content_of
from callcenter.switch import beside
from callcenter.switch.callers import Caller, callers_of
from callcenter.switch.scenario_run import FactListener, ScenarioRun

NOTE: Final = "simulate"
"""Where a store's notes tell which run it stands in, and how far that is."""
_START: Final = "simulate.start"
"""Where they keep what the store held when the run began, until it is finished."""

_BESIDE: Final = "simulate.beside"
"""Where they keep what others posted at the places at which the run was interrupted, until it is finished."""


@value
class Standing:
    """How far a run has come.

    Attributes:
        run: Its name: what it was run from.
        steps: Transactions that are durable.
        done: Whether it is finished.
    """

    run: str
    steps: int = 0
    done: bool = False


def standing(tx: Transaction) -> Standing | None:
    """Return how far the last run on a store has come, or None when there was none."""
    text = tx.notes.get(NOTE)
    if text is None:
        return None
    found = json.loads(text)
    return Standing(run=found["run"], steps=found["steps"], done=found["done"])


class Progress:
    """Counts the transactions of a run, in the run and in the store."""

    def __init__(self, run: str) -> None:
        self.steps = 0
        self.done = False
        self._run: Final = run

    def mark(self, tx: Transaction) -> None:
        """Write down that this is the next transaction, or the last one."""
        self.steps += 1
        tx.notes.put(NOTE, json.dumps({"run": self._run, "steps": self.steps, "done": self.done}))
        if self.done:
            tx.notes.remove(_START)
            tx.notes.remove(_BESIDE)


class RelayStore(Store):
    """The first transactions of a resumed run on a memory store, all later ones on the durable one.

    Args:
        durable: The store of the interrupted run.
        start: Dump of what it held when the run began.
        progress: Counts the transactions done.
        until: So many are in the durable store already.
        posted: Hears that somebody else has posted at this place of the run.
    """

    def __init__(self, durable: Store, start: str, progress: Progress, until: int, posted: Callable[[], None]) -> None:
        self._posted: Final = posted
        with durable.transaction() as tx:
            self._beside = beside.read(tx.notes.get(_BESIDE))
        self._durable: Final = durable
        self._progress: Final = progress
        self._until: Final = until
        self._repeated = 0
        self._memory: MemoryStore | None = MemoryStore()
        self._memory.load(start)

    def _now(self) -> Store:
        if self._memory is not None:
            self._repeat(self._memory)
        if self._memory is not None and self._progress.steps >= self._until:
            self._compare(content_of(self._memory.dump()), content_of(self._durable.dump()))
            self._memory = None
        return self._memory if self._memory is not None else self._durable

    def _repeat(self, memory: MemoryStore) -> None:
        """Post what others posted at this place before an earlier resumption."""
        for each in self._beside[self._repeated :]:
            if self._progress.steps < each.step:
                break
            self._repeated += 1
            with memory.transaction() as tx:
                beside.repeat(tx, each)
            self._posted()

    def _compare(self, run: Content, stored: Content) -> None:
        """Hold what is stored to what the run comes to; what others posted in between is left aside, and noted.

        Raises:
            UsageError: E523, when anything else differs.
        """
        found = beside.found_beside(self._until, run, stored)
        if found is None:
            raise UsageError("E523", step=self._until)
        if found.entries:
            with self._durable.transaction() as tx:
                tx.notes.put(_BESIDE, beside.written((*self._beside, found)))
            self._posted()

    @override
    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open a transaction on the store whose turn it is."""
        with self._now().transaction() as tx:
            yield tx

    @override
    def dump(self) -> str:
        """Return the content of the store whose turn it is."""
        return self._now().dump()

    @override
    def load(self, text: str) -> None:
        """Fill the store whose turn it is."""
        self._now().load(text)

    @override
    def close(self) -> None:
        """Let go of the durable store."""
        self._durable.close()


def simulate(
    scenario: Scenario,
    store: Store,
    run: str,
    *,
    seed: int,
    listener: FactListener | None = None,
    command: str = "",
    around: Surroundings | None = None,
) -> ScenarioRun | None:
    """Run a scenario on a store to its end, from where it stands.

    Args:
        scenario: What happens.
        store: Where it is kept.
        run: Name of this run; the same for the same file and seed only.
        seed: Of everything random.
        listener: Hears the facts of each step, of a resumed run from its start.
        command: What repeats the run, for the auditor.
        around: How a shop is read, and rankings of a user's own.

    Returns:
        The finished run; None when it was finished before, and nothing was done.

    Raises:
        UsageError: E522 for a call id that the store has, E523 when a resumed run does not come to what is stored.
        AuditFailure: When an invariant does not hold.
    """
    with store.transaction() as tx:
        stands = standing(tx)
        start = tx.notes.get(_START)
    if stands is not None and stands.run == run and stands.done:
        return None
    progress, relay, worlds = Progress(run), store, list[ScenarioRun]()
    if stands is not None and stands.run == run and start is not None:
        relay = RelayStore(store, start, progress, stands.steps, lambda: _balances_moved(worlds))
    else:
        _begin(store, run, callers_of(scenario, seed))
    world = ScenarioRun(
        scenario,
        relay,
        seed=seed,
        name=run,
        listener=listener,
        around=changed(around or Surroundings(), mark=progress.mark),
        command=command,
    )
    worlds.append(world)
    world.run()
    progress.done = True
    world.host.save()
    return world


def _balances_moved(worlds: Iterable[ScenarioRun]) -> None:
    """Let the next step of each center go by balances that somebody else has moved."""
    for world in worlds:
        for desk in world.host.desks.values():
            desk.dirty = True


def _begin(store: Store, run: str, callers: Iterable[Caller]) -> None:
    before = store.dump()
    with store.transaction() as tx:
        latest = tx.shop.latest()
        homes = [CenterId(""), *(json.loads(latest.text).get("center", {}) if latest is not None else ())]
        for caller in callers:
            for center in homes:
                if tx.journal.seen(CenterId(center), f"offered:{caller.call.id}") is not None:
                    raise UsageError("E522", call=caller.call.id)
        tx.notes.put(_START, before)
        tx.notes.put(NOTE, json.dumps({"run": run, "steps": 0, "done": False}))
