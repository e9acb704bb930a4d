"""Rating, the longest talk and settlement against their plain models, as often as wanted: a million, once.

    nice -n 19 python -m tests.billing.many rating 1000000 --progress /tmp/rating.txt

A case is a number, and a failure names it. With a progress file the run is resumed where it was cut off.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.billing import drawn, settlement_model
from tests.billing.oracle import Bill, longest
from tests.billing.test_settlement_oracle import settled

from callcenter.billing import RatePlan, Usage, max_usage, rate
from callcenter.model.money import Money

CHUNK = 5_000
HORIZON_S = 600


def main() -> int:
    """Run, and print a line for each chunk."""
    parser = argparse.ArgumentParser(description="Hold rating, max_usage or settlement to the plain model.")
    parser.add_argument("what", choices=sorted(KINDS))
    parser.add_argument("cases", type=int)
    parser.add_argument("--progress", type=Path, help="a file that keeps how far it came")
    asked = parser.parse_args()
    done, used = _progress(asked.progress)
    while done < asked.cases:
        until, began = min(done + CHUNK, asked.cases), time.process_time()
        KINDS[asked.what](done, until)
        done, used = until, used + time.process_time() - began
        if asked.progress:
            asked.progress.write_text(f"{done} {used:.1f}", encoding="ascii")
        sys.stdout.write(f"{asked.what}: {done} cases agree, {used:.0f} s of processor time\n")
        sys.stdout.flush()
    return 0


def _progress(file: Path | None) -> tuple[int, float]:
    if file is None or not file.exists():
        return 0, 0.0
    done, used = file.read_text(encoding="ascii").split()
    return int(done), float(used)


def rating(first: int, until: int) -> None:
    """Hold the cases [first, until) of rating to the plain model."""
    each_case(first, until, rated)


def longest_talks(first: int, until: int) -> None:
    """Hold the cases [first, until) of max_usage to the plain model."""
    each_case(first, until, lasts)


def each_case(first: int, until: int, check: Callable[[random.Random, RatePlan, Usage], None]) -> None:
    """Draw the plan and the talk of each number, and check it; a failure names the number."""
    plan = plan_of(first)
    for case in range(first, until):
        if case % drawn.TALKS_EACH == 0:
            plan = plan_of(case)
        try:
            dice = random.Random(case)
            check(dice, plan, drawn.usage(dice, plan))
        except BaseException as error:
            error.add_note(f"case {case}: each_case({case}, {case + 1}, {check.__name__})")
            raise


def plan_of(case: int) -> RatePlan:
    """Return the plan of a case."""
    return drawn.plan(random.Random(case // drawn.TALKS_EACH))


def rated(_dice: random.Random, plan: RatePlan, usage: Usage) -> None:
    """Seconds, billed seconds, the exact price, the posted one."""
    assert usage.answered_at is not None
    assert usage.ended_at is not None
    micros = usage.ended_at - usage.answered_at
    bill = Bill(plan, usage.answered_at, micros, usage.caller, usage.called, usage.tags)
    charge = rate(usage, plan)
    assert (charge.seconds, charge.billed_seconds, charge.hao) == (bill.seconds, bill.billed, bill.posted)
    assert charge.num == bill.uncapped * charge.den


def lasts(dice: random.Random, plan: RatePlan, usage: Usage) -> None:
    """For how long a balance lasts: none, a few increments, one that runs out at the posted price of a talk or just not."""
    assert usage.answered_at is not None
    assert usage.ended_at is not None
    numbers = (usage.caller, usage.called, usage.tags)
    price = Bill(plan, usage.answered_at, usage.ended_at - usage.answered_at, *numbers).posted
    hao = dice.choice([price, price - 1, price + 1, dice.randrange(-10, 3_000), dice.randrange(price + 2_000)])
    found = max_usage(Money(hao), usage.answered_at, plan, *numbers)
    expected = longest(plan, usage.answered_at, hao, HORIZON_S, *numbers)
    assert (HORIZON_S if found is None else min(found, HORIZON_S)) == expected


def settlement(first: int, until: int) -> None:
    """Hold the lives [first, until) of a center to the plain model."""
    for case in range(first, until):
        try:
            settled(settlement_model.drawn(random.Random(case)))
        except BaseException as error:
            error.add_note(f"case {case}: settled(drawn(random.Random({case})))")
            raise


KINDS: dict[str, Callable[[int, int], None]] = {
    "rating": rating,
    "max_usage": longest_talks,
    "settlement": settlement,
}

if __name__ == "__main__":
    sys.exit(main())
