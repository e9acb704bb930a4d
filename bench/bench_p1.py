"""P1: a simulated day, full path against queueing alone.

Ours does IVR, VIP line, ring, bridge, wrap-up, record, rating and ledger for each caller, through the public ``handle``.
Ciw, SimPy and the bare heap loop do the queueing only: two classes, patience, a service as long as ring, talk and
wrap-up together. All serve the same load (Ciw draws its own of the same laws).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Generator
from functools import partial
from typing import Any

import ciw
import simpy
from bench.day import Day, config
from bench.kernel import (
    OVERLOAD,
    PATIENCE_S,
    RING_S,
    TALK_S,
    VIP_SHARE,
    WRAP_UP_S,
    Customer,
    Row,
    heap_loop,
    interleaved,
    load,
    row,
    with_ratios,
)

from callcenter.store import MemoryStore

SIZES = {10: 4_000, 100: 6_000, 1000: 10_000}
GOALS = {10: "", 100: "Ciw >= 2, SimPy >= 1, heap >= 0.1", 1000: "Ciw >= 10, SimPy >= 1, heap >= 0.1"}


def ours(agents: int, callers: list[Customer]) -> int:
    with MemoryStore().transaction() as books:
        return Day(config(agents), callers, books).run()


def by_simpy(agents: int, callers: list[Customer]) -> int:
    world = simpy.Environment()
    staff = simpy.PriorityResource(world, capacity=agents)
    served = 0

    def caller(customer: Customer) -> Generator[simpy.Event, Any, Any]:
        nonlocal served
        yield world.timeout(customer.at)
        with staff.request(priority=0 if customer.vip else 1) as wanted:
            found = yield wanted | world.timeout(customer.patience)
            if found is not None and wanted in found:
                served += 1
                yield world.timeout(RING_S + customer.talk + WRAP_UP_S)

    for customer in callers:
        world.process(caller(customer))
    world.run()
    return served


class Service(ciw.dists.Distribution):  # type: ignore[misc]
    """Ring, talk and wrap-up together."""

    def sample(self, t: Any = None, ind: Any = None) -> float:
        return RING_S + random.expovariate(1 / TALK_S) + WRAP_UP_S


def by_ciw(agents: int, count: int) -> int:
    ciw.seed(8)
    rate = OVERLOAD * agents / (TALK_S + RING_S + WRAP_UP_S)
    classes = {"normal": (1 - VIP_SHARE, 1), "vip": (VIP_SHARE, 0)}
    network = ciw.create_network(
        arrival_distributions={name: [ciw.dists.Exponential(rate * share)] for name, (share, _) in classes.items()},
        service_distributions={name: [Service()] for name in classes},
        reneging_time_distributions={name: [ciw.dists.Exponential(1 / PATIENCE_S)] for name in classes},
        number_of_servers=[agents],
        priority_classes={name: priority for name, (_, priority) in classes.items()},
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(count, method="Arrive")
    return count


def run(*, full: bool = False) -> list[Row]:
    """Return the rows of all sizes; ``full`` takes ten times as many callers."""
    rows: list[Row] = []
    for agents, count in SIZES.items():
        number = count * 10 if full else count
        callers = load(agents, number)
        ways: dict[str, Callable[[], int]] = {
            "ours": partial(ours, agents, callers),
            "Ciw": partial(by_ciw, agents, number),
            "SimPy": partial(by_simpy, agents, callers),
            "heap": partial(heap_loop, agents, callers),
        }
        labels = {
            "ours": f"ours: full path, {agents} agents",
            "Ciw": f"Ciw: queueing, {agents} agents",
            "SimPy": f"SimPy: queueing, {agents} agents",
            "heap": f"bare heap: queueing, {agents} agents",
        }
        found = interleaved(ways, 3)
        made = [row("P1", labels[name], number, taken, served=came) for name, (taken, came) in found.items()]
        made[0]["goal"] = GOALS[agents]
        rows += with_ratios(made, labels["ours"])
    return rows
