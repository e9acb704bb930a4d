"""Calls that share a balance, in every order in which their steps can meet (L12)."""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest
from tests.center.till_world import CAPTURE, EXTEND, HOLD, TOP_UP, TillWorld

from callcenter.model.money import ZERO, fen
from callcenter.store.memory import MemoryStore

LIFE = (HOLD, EXTEND, CAPTURE, TOP_UP)
ORDERS = 34_650
"""12! / (4! · 4! · 4!): the ways in which three lives of four steps can meet."""
RUNS = int(os.environ.get("CALLCENTER_INTERLEAVINGS", "40"))


def world(store: MemoryStore, tx: object, balance: str, limit: str = "0") -> TillWorld:
    return TillWorld(tx, store, fen(balance), fen(limit))  # type: ignore[arg-type]


@pytest.mark.parametrize(("balance", "seconds"), [("36.00", 4)])
def test_three_calls_in_every_order(balance: str, seconds: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Hold, extend, capture and a top-up of each, every one of 34 650 orders: never authorised beyond the balance, and at
    the end nothing held. 36.00 is three holds and no more, so calls refuse each other what they need."""
    store = MemoryStore()
    outcomes: Counter[int] = Counter()
    with store.transaction() as tx:
        here = world(store, tx, balance)

        def go_on(left: tuple[int, int, int]) -> None:
            if left == (4, 4, 4):
                here.check_end()
                outcomes[here.charged] += 1
                return
            saved = here.save()
            for number, done in enumerate(left):
                if done < 4:
                    here.do(LIFE[done], "abc"[number], seconds, fen(12))
                    go_on((*left[:number], done + 1, *left[number + 1 :]))  # type: ignore[arg-type]
                    here.back_to(saved)

        go_on((0, 0, 0))
    with capsys.disabled():
        print(f" [{sum(outcomes.values())} orders]", end="")  # noqa: T201 - the count is shown
    assert sum(outcomes.values()) == ORDERS
    assert set(outcomes) == {2400, 3600}  # two are always served; the third wherever what it needs is not held


def test_three_calls_with_money_for_two() -> None:
    """24.00 and top-ups of nothing but what comes too late: some orders refuse the third call, none overdraws."""
    store = MemoryStore()
    served: Counter[int] = Counter()
    with store.transaction() as tx:
        here = world(store, tx, "24.00")

        def go_on(left: tuple[int, int, int]) -> None:
            if left == (3, 3, 3):
                here.check_end()
                served[here.charged // 1200] += 1
                return
            saved = here.save()
            for number, done in enumerate(left):
                if done < 3:
                    here.do(LIFE[done], "abc"[number], 4, ZERO)
                    go_on((*left[:number], done + 1, *left[number + 1 :]))  # type: ignore[arg-type]
                    here.back_to(saved)

        go_on((0, 0, 0))
    assert sum(served.values()) == 1680
    assert set(served) == {1, 2}


@pytest.mark.parametrize("part", range(4))
def test_fifty_calls_in_a_random_order(part: int) -> None:
    """Talks of any length, cut when the money is used up, holds that grow with each increment, top-ups in between."""
    for seed in range(part, RUNS, 4):
        fifty_calls(seed)


@pytest.mark.deep
def test_fifty_calls_in_a_thousand_random_orders() -> None:
    """The same for the release tier."""
    for seed in range(10_000, 11_000):
        fifty_calls(seed)


def fifty_calls(seed: int) -> None:
    dice = random.Random(seed)
    store = MemoryStore()
    with store.transaction() as tx:
        here = world(store, tx, f"{dice.randrange(400)}.{dice.randrange(100):02}", f"{dice.choice([0, 0, 50])}")
        lives = [[HOLD, EXTEND, CAPTURE] for _ in range(50)]
        waiting = list(range(50))
        while waiting:
            place = dice.choice(waiting[:8])
            here.do(lives[place].pop(0), f"c{place}", dice.choice([0, 1, 7, 30, 61]), ZERO)
            if not lives[place]:
                waiting.remove(place)
            if dice.random() < 0.1:
                here.do(TOP_UP, f"t{len(waiting)}", dice.choice([0, 5]), fen(dice.randrange(60)))
        here.end_all()
        here.check_end()
