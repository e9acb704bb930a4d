"""P10: memory of a live call, a waiting call and a record, and of a simulated day; the peers per waiting customer.

Bytes are those that ``tracemalloc`` counts, divided by how many there are. In these rows n is the number measured, and
the ratio is in bytes.
"""

from __future__ import annotations

import copy
import gc
import tracemalloc
from collections.abc import Callable, Generator
from typing import Any

import simpy
from bench.bench_p5 import Busy
from bench.day import Day, config
from bench.kernel import Row, load, row

from callcenter.model import events, facts

COUNT = 2_000


def grown(work: Callable[[], object], count: int) -> tuple[float, object]:
    """Return the bytes that a piece of work leaves behind for each of so many, and what it returned."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = work()
    gc.collect()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (after - before) / count, kept


def waiting() -> float:
    """Return the bytes of a call in the line."""
    floor = Busy(10, 10)

    def come() -> None:
        for _ in range(COUNT):
            floor.join()

    return grown(come, COUNT)[0]


def talking() -> float:
    """Return the bytes of a call in a talk, with its leg; the agents are there before."""
    floor = Busy(-COUNT, COUNT)  # agents, and nobody yet

    def come() -> None:
        for _ in range(COUNT):
            floor.join()

    return grown(come, COUNT)[0] - 8  # a place in the list of talks, which is the bench's own


def records() -> float:
    """Return the bytes of a record of a visit."""
    floor = Busy(0, 10)
    found: list[facts.VisitEnded] = []

    def end() -> list[object]:
        for _ in range(COUNT):
            floor.now = type(floor.now)(floor.now + 1)
            floor.join()
            call = floor.order.pop(0)
            outcome = floor.engine.handle(events.CallerHungUp(at=floor.now, call=call))
            found.extend(fact for fact in outcome.facts if isinstance(fact, facts.VisitEnded))
            for event in floor.follow(outcome, floor.now):
                floor.tell(event)
        return [fact.record for fact in found]

    kept = end()
    return grown(lambda: [copy.copy(record) for record in kept], COUNT)[0]


def by_simpy() -> float:
    """Return the bytes of a customer who waits in SimPy."""
    world = simpy.Environment()
    staff = simpy.PriorityResource(world, capacity=1)

    def customer() -> Generator[simpy.Event, Any, Any]:
        with staff.request(priority=1) as wanted:
            yield wanted
            yield world.timeout(1e9)

    def come() -> None:
        for _ in range(COUNT):
            world.process(customer())
        world.run(until=0.5)

    return grown(come, COUNT)[0]


def day_peak(count: int) -> int:
    """Return the peak bytes of a simulated day beyond its callers."""
    day = Day(config(20), load(20, count), None)
    gc.collect()
    tracemalloc.start()
    day.run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def run() -> list[Row]:
    """Return a row for each kind of thing."""
    found = [
        ("ours: waiting call", waiting(), "<= 1000"),
        ("ours: talking call with its leg", talking(), "<= 800"),
        ("ours: record", records(), "<= 250"),
        ("SimPy: waiting customer", by_simpy(), ""),
    ]
    rows = [row("P10", what, COUNT, 1.0, ratio=bytes_, ratio_to="bytes", goal=goal) for what, bytes_, goal in found]
    small, large = day_peak(1_000), day_peak(8_000)
    rows.append(
        row(
            "P10",
            "ours: peak of a day, 8 times the callers",
            8_000,
            1.0,
            ratio=large / small,
            ratio_to="times",
            goal="O(live)",
        )
    )
    return rows


if __name__ == "__main__":
    for item in run():
        print(f"{item['what']:<44}{item['ratio']:>10.1f} {item['ratio_to']}")
