"""P9, lists: a page of a million records, found by its number or from a place, and the totals of a center's month.

Ratios are milliseconds of processor time. What a page reads is on standard error: the plan that SQLite makes for it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.bench_p9 import CENTERS, DAY, DAYS, batches, lines, records
from bench.kernel import Row, row

from callcenter.model.ids import AgentId, CenterId, GroupId
from callcenter.model.listing import CallFilter, CallSort, ChargeFilter, ChargeSort, Direction, Place, Slice, page
from callcenter.model.times import Instant
from callcenter.model.value import changed
from callcenter.ports import Transaction
from callcenter.store import SqliteStore

RECORDS, FULL = 30_000, 1_000_000
REPEATS = 9
LIMIT = "≤ 20 ms"
ONE = (CenterId("c03"),)
ALL = tuple(CenterId(f"c{number:02}") for number in range(CENTERS))
MIDDLE = Instant(DAYS * DAY // 2)


def filled(path: str, count: int) -> SqliteStore:
    """Return a store with so many call records and charge lines of a month."""
    store = SqliteStore(path)
    for made in batches(records(count)):
        with store.transaction() as tx:
            for record in made:
                tx.records.add_call(record)
    for made in batches(lines(count)):
        with store.transaction() as tx:
            for line in made:
                tx.records.add_charge(line)
    return store


def middle(scope: tuple[CenterId, ...]) -> Place:
    """Return a place in the middle of the month."""
    return Place(sort="time", content=MIDDLE, at=MIDDLE, name="", center=scope[0], number=0)


Ask = Callable[[Transaction], object]


def of_calls(wanted: CallFilter, part: Slice[CallSort]) -> Ask:
    return lambda tx: tx.lists.calls(wanted, part)


def of_charges(wanted: ChargeFilter, part: Slice[ChargeSort]) -> Ask:
    return lambda tx: tx.lists.charges(wanted, part)


def asked() -> dict[str, tuple[Ask, str]]:
    """Return what is asked, with its goal."""
    ways: dict[str, tuple[Ask, str]] = {}
    for who, scope in (("a center", ONE), ("all centers", ALL)):
        calls, charges, there = CallFilter(centers=scope), ChargeFilter(centers=scope), middle(scope)
        oldest = Slice[ChargeSort](after=there, direction=Direction.OLDEST_FIRST)
        ways |= {
            f"calls of {who}: page 1": (of_calls(calls, page(1)), LIMIT),
            f"calls of {who}: page 200": (of_calls(calls, page(200)), ""),
            f"calls of {who}: from the middle on": (of_calls(calls, Slice(after=there)), LIMIT),
            f"calls of {who}: before the middle": (of_calls(calls, Slice(before=there)), LIMIT),
            f"charges of {who}: from the middle on": (of_charges(charges, oldest), LIMIT),
        }
    calls, charges = CallFilter(centers=ONE), ChargeFilter(centers=ONE)
    visits = changed(calls, without_extensions=((ONE[0], GroupId("8")),))
    return ways | {
        "calls of an agent: page 1": (of_calls(changed(calls, agent=AgentId("CC0003")), page(1)), LIMIT),
        "calls of nobody: page 1": (of_calls(changed(calls, agent=AgentId("CC")), page(1)), LIMIT),
        "totals of a center's month: calls": (lambda tx: tx.lists.call_totals(calls), LIMIT),
        "totals … without extension groups": (lambda tx: tx.lists.call_totals(visits), LIMIT),
        "totals of a center's month: charges": (lambda tx: tx.lists.charge_totals(charges), LIMIT),
        "charges of a center's month by phone": (lambda tx: tx.lists.phone_sums(charges), ""),
    }


def show_plans(store: SqliteStore, ways: dict[str, tuple[Ask, str]]) -> None:
    """Print what SQLite does for each question, once for each way of doing it."""
    connection, known = store._session._connection, set[tuple[str, ...]]()
    for what, (ask, _goal) in ways.items():
        statements: list[str] = []
        with store.transaction() as tx:
            connection.set_trace_callback(statements.append)
            ask(tx)
            connection.set_trace_callback(None)
            first = next(text for text in statements if text.startswith("SELECT"))
            plan = tuple(step[3] for step in connection.execute(f"EXPLAIN QUERY PLAN {first}"))
        if plan not in known:
            known.add(plan)
            print(f"  {what}: {'; '.join(plan)}", file=sys.stderr)


def median_of(store: SqliteStore, ask: Ask) -> float:
    """Return the processor time of an answer: others use this machine as well."""
    taken = []
    for _ in range(REPEATS):
        with store.transaction() as tx:
            begun = time.process_time()
            ask(tx)
            taken.append(time.process_time() - begun)
    return sorted(taken)[REPEATS // 2]


def run(*, full: bool = False) -> list[Row]:
    """Return one row for each question; ``ratio`` is milliseconds of processor time."""
    count = FULL if full else RECORDS
    with tempfile.TemporaryDirectory() as folder:
        store = filled(str(Path(folder) / "lists.db"), count)
        ways = asked()
        show_plans(store, ways)

        found = {what: median_of(store, ask) for what, (ask, _goal) in ways.items()}
        store.close()
    return [
        row("P9", what, count, seconds, ratio=seconds * 1000, ratio_to="ms", goal=ways[what][1])
        for what, seconds in found.items()
    ]
