"""The day of the fault tests: events of a call, each in one transaction, and the content after each of them."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from typing import Any

from tests.store.shelf import ACT

from callcenter.billing.entries import call_entry, opening_entry
from callcenter.model.money import fen
from callcenter.model.times import Instant
from callcenter.ports import Store, Transaction
from callcenter.store import MemoryStore
from callcenter.testing.conformance.base import ACCOUNT, CENTER, charge, record


def event(parts: Transaction, number: int, size: int = 2) -> None:
    """Write what one event of a call writes: journal, hold, charge, record, command; again it writes nothing."""
    key = f"call:c{number}:1"
    body = random.Random(number).randbytes(size // 2).hex()  # nothing that a database could compress
    if parts.journal.append(CENTER, key, Instant(number), "LegEnded", body) is None:
        return
    if number == 0:
        parts.ledger.post(opening_entry(ACCOUNT, fen(100), Instant(0), ACT))
    parts.holds.place(key, ACCOUNT, fen(12), Instant(number), Instant(number + 99), fen(10**9))
    parts.ledger.post(call_entry(key, CENTER, fen(12), Instant(number), ACT))
    parts.holds.capture(key, fen(12))
    parts.records.add_call(record(f"c{number}", number))
    parts.records.add_charge(charge(key, number))
    parts.outbox.put(f"out{number}", CENTER, "HangUp")
    parts.outbox.mark_sent(f"out{number - 1}")


def day(store: Store, events: range, size: int = 2, acked: Callable[[int], object] = lambda _number: None) -> None:
    """Write a day, each event in a transaction of its own."""
    for number in events:
        with store.transaction() as parts:
            event(parts, number, size)
        acked(number)


def dumps(events: int, size: int = 2) -> list[str]:
    """Return the content before the day and after each event of it."""
    memory = MemoryStore()
    found = [memory.dump()]
    for number in range(events):
        day(memory, range(number, number + 1), size)
        found.append(memory.dump())
    return found


def killed(make: Callable[[], Store], events: range, count: int, after_s: float) -> list[int]:
    """Write a day in a process that is killed when it has acknowledged so many events, and some time more; return
    everything that it had acknowledged."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            store = make()
            day(store, events, acked=lambda number: os.write(writer, f"{number}\n".encode()))
        finally:
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader) as file:
        acked = [int(file.readline()) for _ in range(count)]
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return acked + [int(line) for line in file]


def checked_after_kills(make: Callable[[], Any], kills: int, longest_s: float) -> str:
    """Kill a writer again and again: what it acknowledged stands, nothing is doubled, nothing is half done.

    Returns what it came to.

    After each kill the books are checked; now and then, and in the end, the whole store is compared with one that
    nobody was killed in.
    """
    dice, undisturbed, done, acknowledged = random.Random(7), MemoryStore(), 0, 0
    for number in range(kills):
        acked = killed(make, range(max(0, done - 2), done + 10**6), dice.randrange(8), dice.random() * longest_s)
        acknowledged += len(acked)
        store = make()
        with store.transaction() as parts:
            now = parts.journal.last(CENTER)
            assert max(acked, default=-1) < now <= max(done, max(acked, default=-1) + 1) + 1
            assert parts.ledger.balance(ACCOUNT) == fen(100 - 12 * now) or now == 0
            assert len(parts.records.calls(CENTER, Instant(0), Instant(10**9))) == now
        assert store.check() == ()
        day(undisturbed, range(done, now))
        done = now
        if number % 20 == 0 or number == kills - 1:
            assert store.dump() == undisturbed.dump()
        store.close()
    assert acknowledged >= kills  # they were killed at work
    return f"{kills} kills, {acknowledged} acknowledged, {done} stand, 0 lost, 0 doubled"
