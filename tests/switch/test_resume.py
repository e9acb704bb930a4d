"""A run on a durable store survives being killed at any moment: nothing acked is lost, nothing is doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.scenarios.traces import FOLDER, scenario_of

from callcenter.billing.entries import Act
from callcenter.billing.ledger import Outcome
from callcenter.center.office import Office, Payee
from callcenter.compat import override
from callcenter.errors import UsageError
from callcenter.files.scenario import Scenario, read_scenario
from callcenter.model.ids import CenterId
from callcenter.model.money import fen
from callcenter.model.value import changed
from callcenter.ports import Store
from callcenter.reports import trace
from callcenter.store import MemoryStore, SqliteStore
from callcenter.store.memory import MemoryTransaction
from callcenter.switch.resume import simulate, standing

BUSY = Path(__file__).parent / "busy.toml"
KILLS = int(os.environ.get("CALLCENTER_KILLS", "2"))
"""Runs that are killed and started again; a release has 100."""


class Torn(Exception):
    """The process is gone."""


class CrashingStore(MemoryStore):
    """A memory store whose process dies before, or just after, one of its commits."""

    def __init__(self, transactions: int, *, after: bool) -> None:
        super().__init__()
        self.left = transactions
        self.after = after

    @override
    @contextmanager
    def transaction(self) -> Iterator[MemoryTransaction]:
        self.left -= 1
        with super().transaction() as tx:
            yield tx
            if self.left < 0 and not self.after:
                raise Torn
        if self.left < 0 and self.after:
            raise Torn


def run_on(store: Store, scenario: Scenario, run: str = "r") -> list[str]:
    lines: list[str] = []
    simulate(
        scenario, store, run, seed=1, listener=lambda happened: lines.extend(trace.lines(happened, scenario.starts_at))
    )
    return lines


def test_a_run_that_died_at_any_transaction_ends_like_an_undisturbed_one() -> None:
    """Killed before or after a commit, resumed: the same store, the same trace."""
    scenario, calm = scenario_of("balance-1200"), MemoryStore()
    lines = run_on(calm, scenario)
    transactions, crashed = 2, True
    while crashed:
        for after in (False, True):
            torn = CrashingStore(transactions, after=after)
            try:
                run_on(torn, scenario)
                crashed = False
            except Torn:
                torn.left = 1 << 30
                assert run_on(torn, scenario) in (lines, [])
            assert torn.dump() == calm.dump()
        transactions += 1
    assert transactions > 10


def test_a_finished_run_is_not_run_again() -> None:
    """The same file and seed on a store where they were finished: nothing happens."""
    store = MemoryStore()
    run_on(store, scenario_of("balance-1200"))
    before = store.dump()
    assert run_on(store, scenario_of("balance-1200")) == []
    assert store.dump() == before


def test_another_file_goes_on_from_the_stored_shop_and_balances() -> None:
    """Balance 12.00, used up by the first file: the second finds 0.00, whatever its own shop says."""
    store = MemoryStore()
    run_on(store, scenario_of("balance-1200"), "first")
    path = FOLDER / "two-answers-in-one-instant.toml"
    later = read_scenario(path.read_text().replace('"c1"', '"later1"'), file=path.name, load=str)
    assert [line for line in run_on(store, later, "second") if '"insufficient_balance"' in line]


def test_a_call_id_that_was_used_before_is_refused() -> None:
    """A second file with the same call ids changes nothing."""
    store = MemoryStore()
    run_on(store, scenario_of("balance-1200"), "first")
    before = store.dump()
    with pytest.raises(UsageError, match="E522"):
        run_on(store, scenario_of("case-01-round-robin"), "second")
    assert store.dump() == before


def test_a_store_that_was_tampered_with_is_not_resumed() -> None:
    """What the run comes to and what is stored must be the same."""
    scenario, torn = scenario_of("balance-10000"), CrashingStore(12, after=True)
    with pytest.raises(Torn):
        run_on(torn, scenario)
    torn.left = 1 << 30
    with torn.transaction() as tx:
        tx.journal.append(CenterId("demo"), "stranger", scenario.starts_at, "Timer", "{}")
    with pytest.raises(UsageError, match="E523"):
        run_on(torn, scenario)


def interrupted(scenario: Scenario, store: CrashingStore, transactions: int) -> None:
    """Let a run die after so many more transactions."""
    store.left = transactions
    with pytest.raises(Torn):
        run_on(store, scenario)
    store.left = 1 << 30


def test_what_others_post_in_between_is_no_obstacle() -> None:
    """100.00 last for 480 s. Topped up while the run is dead, and again when it is dead once more, the talk goes on past
    the top-ups of the file itself: 336.00 in all are 28 minutes."""
    scenario, calm, torn = scenario_of("balance-10000"), MemoryStore(), CrashingStore(0, after=True)
    before = run_on(calm, scenario)
    interrupted(scenario, torn, 12)
    office, act = Office(torn), Act(at=scenario.starts_at)
    demo = Payee(center=CenterId("demo"))
    assert office.top_up(demo, "by-hand", fen(24), act).outcome is Outcome.CREATED
    interrupted(scenario, torn, 18)
    assert office.top_up(demo, "again", fen(12), act).outcome is Outcome.CREATED
    lines = run_on(torn, scenario)
    assert [each for each in before if '"talk_ended"' in each and '"talk_s": 480.000' in each]
    assert [each for each in lines if '"talk_ended"' in each and '"talk_s": 1680.000' in each]
    assert run_on(torn, scenario) == []
    assert office.audit().findings == ()
    with torn.transaction() as tx:
        assert [key for key in ("simulate.start", "simulate.beside") if tx.notes.get(key)] == []


def test_what_takes_reserved_money_or_edits_the_shop_is_an_obstacle() -> None:
    """A deduction below a live hold, and another version of the shop: E523, and what to do."""
    scenario = scenario_of("balance-10000")
    for disturb in (_deduct, _edit):
        torn = CrashingStore(0, after=True)
        interrupted(scenario, torn, 12)
        disturb(torn, scenario)
        with pytest.raises(UsageError, match="E523"):
            run_on(torn, scenario)


def _deduct(store: Store, scenario: Scenario) -> None:
    Office(store).deduct(Payee(center=CenterId("demo")), "d", fen(99), Act(at=scenario.starts_at))


def _edit(store: Store, scenario: Scenario) -> None:
    with store.transaction() as tx:
        shop = tx.shop.latest()
        assert shop is not None
        tx.shop.save(changed(shop, version=shop.version + 1, at=scenario.starts_at))


def test_kill_and_restart_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    """``callcenter simulate --store``, killed with SIGKILL at random moments, ends with what a calm run leaves."""
    calm = tmp_path / "calm.db"
    started = time.monotonic()
    subprocess.run(_command(BUSY, calm), check=True, capture_output=True)
    length = time.monotonic() - started
    wanted = _dump(calm)
    dice = random.Random(4711)
    for cycle in range(KILLS):
        torn, acked = tmp_path / f"torn{cycle}.db", 0
        for _kill in range(1 + cycle % 2):  # every second one is killed again while it resumes
            process = subprocess.Popen(_command(BUSY, torn), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(dice.uniform(0.2, 0.95) * length)
            process.send_signal(signal.SIGKILL)
            process.wait()
            acked = _no_step_back(torn, acked)
        subprocess.run(_command(BUSY, torn), check=True, capture_output=True)
        assert _dump(torn) == wanted


def _command(scenario: Path, store: Path) -> list[str]:
    return [sys.executable, "-m", "callcenter", "simulate", str(scenario), "--store", f"sqlite:{store}"]


def _dump(path: Path) -> str:
    store = SqliteStore(str(path))
    try:
        return store.dump()
    finally:
        store.close()


def _no_step_back(path: Path, before: int) -> int:
    """Return how many transactions are durable: never fewer than at the kill before."""
    store = SqliteStore(str(path))
    try:
        with store.transaction() as tx:
            stands = standing(tx)
    finally:
        store.close()
    steps = stands.steps if stands else 0
    assert steps >= before
    return steps
