"""What nodes on one PostgreSQL come to: steps a second with one, two and four of them, and how long a take-over takes.

``python bench/scale.py``: the figures of docs/explanation/scale.md. A step is what the end of a call writes: journal,
entry with its legs, call record, charge line, command, each step a commit that waits for the disk. Every node has a
center of its own; all of them post to the same revenue account.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.postgres_server import server

from callcenter.billing.entries import Act, call_entry
from callcenter.model.ids import CenterId
from callcenter.model.money import fen
from callcenter.model.times import Duration, Instant
from callcenter.store.postgres import PostgresOwnership, PostgresStore
from callcenter.testing.conformance.base import charge, record

SECONDS = 4.0
LEASE = Duration(2_000_000)


def node(dsn: str, name: str) -> int:
    """Write steps for some seconds; return how many."""
    center = CenterId(name)
    ownership = PostgresOwnership(dsn)
    lease = ownership.claim(center, name, Duration(60_000_000))
    assert lease is not None
    store = PostgresStore(dsn, leases=(lease,))
    done, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        key = f"call:{name}.{done}:1"
        with store.transaction() as parts:
            parts.journal.append(center, key, Instant(done), "CallerHungUp", "{}")
            parts.ledger.post(call_entry(key, center, fen(12), Instant(done), Act(at=Instant(done))))
            parts.records.add_call(record(f"{name}.{done}", done, center))
            parts.records.add_charge(charge(key, done))
            parts.outbox.put(key, center, "{}")
            parts.outbox.mark_sent(key)
        done += 1
    ownership.release(lease)
    return done


def take_over(dsn: str) -> float:
    """Return the seconds from the death of a node to another's lease, with a lease of two seconds."""
    ownership = PostgresOwnership(dsn)
    center = CenterId("orphan")
    assert ownership.claim(center, "dead", LEASE) is not None
    began = time.monotonic()
    while ownership.claim(center, "alive", LEASE) is None:
        time.sleep(0.02)
    return time.monotonic() - began


def main() -> None:
    """Measure and print."""
    fork = multiprocessing.get_context("fork")
    for place, in_memory in (("disk", False), ("memory", True)):
        with server(in_memory=in_memory) as running:
            PostgresStore(running.dsn).close()
            for nodes in (1, 2, 4):
                with fork.Pool(nodes) as pool:
                    steps = pool.starmap(node, [(running.dsn, f"{nodes}n{number}") for number in range(nodes)])
                print(f"{place}: {nodes} nodes, {sum(steps) / SECONDS:,.0f} steps a second")
            print(f"take-over after {take_over(running.dsn):.2f} s, lease {LEASE / 1e6:.0f} s")


if __name__ == "__main__":
    main()
