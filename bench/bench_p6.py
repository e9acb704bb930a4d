"""P6: rating a million calls — objects and columns against Decimal, Fraction and SQL, with identical results.

Every way rates the same calls at 12 fen a begun minute and must post the same hao. The kernel is the bare integer
arithmetic in a loop; Decimal and Fraction make what they need per call and nothing else; SQL sums in SQLite over a
table that is already there. A second block rates a plan with a calendar, a third asks for the longest talk.
"""

from __future__ import annotations

import gc
import math
import random
import sqlite3
import time
from array import array
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from callcenter.billing import RatePlan, RateRule, RateVersion, Step, Usage, max_usage, price, rate, rate_columns
from callcenter.model.hours import Window
from callcenter.model.money import fen
from callcenter.model.times import SECOND, Instant

CALLS = 1_000_000
SLOW_CALLS = 50_000
REPEATS = 3
DECEMBER_2008 = 1_228_060_800 * SECOND
GUIDE = RatePlan.per_minute(fen(12))
EVENING = RatePlan(
    versions=(
        RateVersion(
            rules=(
                RateRule(steps=(Step(price=price("12")),)),
                RateRule(steps=(Step(price=price("6")),), window=Window(start=18 * 60), weight=1),
            )
        ),
    )
)
PER_SECOND = RatePlan(versions=(RateVersion(rules=(RateRule(steps=(Step(price=price("12"), increment_s=1),)),)),))


def calls(count: int) -> tuple[array[int], array[int]]:
    dice = random.Random(6)
    starts = array("q", sorted(DECEMBER_2008 + dice.randrange(31 * 86_400 * SECOND) for _ in range(count)))
    return starts, array("q", [start + int(dice.expovariate(1 / 180) * SECOND) for start in starts])


def kernel(starts: array[int], ends: array[int]) -> int:
    total = 0
    for start, end in zip(starts, ends, strict=True):
        total += ((end - start + SECOND - 1) // SECOND + 59) // 60 * 1200
    return total


def objects(usages: list[Usage], plan: RatePlan = GUIDE) -> int:
    return sum([rate(usage, plan).hao for usage in usages])


def columns(starts: array[int], ends: array[int]) -> int:
    return sum(rate_columns(GUIDE, starts, ends))


def decimals(starts: array[int], ends: array[int]) -> int:
    per_minute, sixty, cent = Decimal(12), Decimal(60), Decimal("0.01")
    total = Decimal(0)
    for start, end in zip(starts, ends, strict=True):
        minutes = (Decimal(-((start - end) // SECOND)) / sixty).to_integral_value("ROUND_CEILING")
        total += (minutes * per_minute).quantize(cent, ROUND_HALF_UP)
    return int(total * 100)


def fractions(starts: array[int], ends: array[int]) -> int:
    total = 0
    for start, end in zip(starts, ends, strict=True):
        minutes = math.ceil(Fraction(-((start - end) // SECOND), 60))
        total += int(minutes * Fraction(12) * 100)
    return total


def database(starts: array[int], ends: array[int]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE TABLE call (id INTEGER PRIMARY KEY, start INTEGER NOT NULL, stop INTEGER NOT NULL) STRICT"
    )
    connection.executemany("INSERT INTO call (start, stop) VALUES (?, ?)", zip(starts, ends, strict=True))
    return connection


def sql(connection: sqlite3.Connection) -> int:
    found = connection.execute("SELECT sum(((stop - start + 999999) / 1000000 + 59) / 60 * 1200) FROM call").fetchone()
    return int(found[0])


def longest(plan: RatePlan, balance: str, count: int) -> int:
    available, start = fen(balance), Instant(DECEMBER_2008)
    return sum([max_usage(available, start, plan) or 0 for _ in range(count)])


def measured(work: Callable[[], int]) -> tuple[float, int]:
    """Return the median of the seconds of some runs, and what they came to."""
    seconds = []
    total = 0
    for _ in range(REPEATS):
        gc.collect()
        begin = time.perf_counter()
        total = work()
        seconds.append(time.perf_counter() - begin)
    return sorted(seconds)[REPEATS // 2], total


def run() -> list[dict[str, Any]]:
    """Return one row for each way: what, how many, seconds, per second, and its speed in kernels."""
    starts, ends = calls(CALLS)
    few = starts[:SLOW_CALLS], ends[:SLOW_CALLS]
    usages = [Usage(answered_at=Instant(a), ended_at=Instant(b)) for a, b in zip(starts, ends, strict=True)]
    connection = database(starts, ends)
    ways: list[tuple[str, int, Callable[[], int]]] = [
        ("kernel: integers in a loop", CALLS, lambda: kernel(starts, ends)),
        ("ours: objects", CALLS, lambda: objects(usages)),
        ("ours: columns", CALLS, lambda: columns(starts, ends)),
        ("SQL in SQLite (sum only)", CALLS, lambda: sql(connection)),
        ("Decimal", CALLS, lambda: decimals(starts, ends)),
        ("Fraction", SLOW_CALLS, lambda: fractions(*few)),
        ("ours: objects, evening plan", SLOW_CALLS, lambda: objects(usages[:SLOW_CALLS], EVENING)),
        ("ours: longest talk, 3 minutes at 1 s", 10_000, lambda: longest(PER_SECOND, "36", 10_000)),
        ("ours: longest talk, 3 hours at 1 s", 10_000, lambda: longest(PER_SECOND, "2160", 10_000)),
    ]
    expected, expected_few = kernel(starts, ends), kernel(*few)
    rows: list[dict[str, Any]] = []
    for what, count, work in ways:
        seconds, total = measured(work)
        if "evening" not in what and "longest" not in what:
            assert total == (expected if count == CALLS else expected_few), what
        rows.append(
            {
                "id": "P6",
                "what": what,
                "n": count,
                "seconds": seconds,
                "per_second": count / seconds,
                "ratio_to": "kernel",
            }
        )
    base = rows[0]["per_second"]
    for row in rows:
        row["ratio"] = row["per_second"] / base
    connection.close()
    return rows


def main() -> None:
    print(f"{'P6 rating':<40}{'calls':>10}{'seconds':>10}{'per second':>14}{'kernels':>9}")
    for row in run():
        print(f"{row['what']:<40}{row['n']:>10}{row['seconds']:>10.3f}{row['per_second']:>14,.0f}{row['ratio']:>9.2f}")


if __name__ == "__main__":
    main()
