"""What every benchmark shares: medians of interleaved runs, and the load of P1 drawn once for everybody.

Only ratios within one run count: the machine is shared, so the ways take turns, and each reports the median of its turns.
"""

from __future__ import annotations

import gc
import heapq
import random
import time
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

Row = dict[str, Any]

TALK_S = 180.0
RING_S = 2.0
WRAP_UP_S = 10.0
PATIENCE_S = 360.0
OVERLOAD = 1.05
VIP_SHARE = 0.2


class Customer(NamedTuple):
    """One caller: arrival, talk and patience in seconds, and whether a VIP."""

    at: float
    talk: float
    patience: float
    vip: bool


def load(agents: int, count: int, seed: int = 8) -> list[Customer]:
    """Return callers of an Erlang-A load: 5 % more work than the agents can do, patience of two talks."""
    dice = random.Random(seed)
    rate = OVERLOAD * agents / (TALK_S + RING_S + WRAP_UP_S)
    now, callers = 0.0, []
    for _ in range(count):
        now += dice.expovariate(rate)
        talk, patience = dice.expovariate(1 / TALK_S), dice.expovariate(1 / PATIENCE_S)
        callers.append(Customer(now, talk, patience, dice.random() < VIP_SHARE))
    return callers


def heap_loop(agents: int, callers: list[Customer]) -> int:
    """Serve the callers with a bare heap, two lines and nothing else; return how many were served."""
    events: list[tuple[float, int, int, int]] = [(caller.at, 0, place, 0) for place, caller in enumerate(callers)]
    heapq.heapify(events)
    lines: tuple[deque[int], deque[int]] = (deque(), deque())
    waiting = [False] * len(callers)
    free, served = agents, 0

    def begin(now: float, place: int) -> None:
        nonlocal free, served
        free -= 1
        served += 1
        heapq.heappush(events, (now + RING_S + callers[place].talk + WRAP_UP_S, 1, place, 0))

    while events:
        now, kind, place, _ = heapq.heappop(events)
        if kind == 0:
            if free:
                begin(now, place)
            else:
                waiting[place] = True
                lines[callers[place].vip].append(place)
                heapq.heappush(events, (now + callers[place].patience, 2, place, 0))
        elif kind == 1:
            free += 1
            for line in (lines[1], lines[0]):
                while line and not waiting[line[0]]:
                    line.popleft()
                if line and free:
                    following = line.popleft()
                    waiting[following] = False
                    begin(now, following)
        else:
            waiting[place] = False
    return served


def interleaved(ways: dict[str, Callable[[], int]], repeats: int) -> dict[str, tuple[float, int]]:
    """Let the ways take turns; return for each the median of its seconds, and what it came to."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    came: dict[str, int] = {}
    for _ in range(repeats):
        for name, work in ways.items():
            gc.collect()
            begin = time.perf_counter()
            came[name] = work()
            seconds[name].append(time.perf_counter() - begin)
    return {name: (sorted(taken)[len(taken) // 2], came[name]) for name, taken in seconds.items()}


def row(id: str, what: str, n: int, seconds: float, **more: Any) -> Row:
    """Return one row of the table."""
    return {"id": id, "what": what, "n": n, "seconds": seconds, "per_second": n / seconds, **more}


def with_ratios(rows: list[Row], ours: str, to: str = "ours") -> list[Row]:
    """Return rows with how many times as fast as each our way is."""
    base = next(item["per_second"] for item in rows if item["what"] == ours)
    return [{**item, "ratio_to": to, "ratio": base / item["per_second"]} for item in rows]
