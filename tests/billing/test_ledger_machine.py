"""The books against plain dicts, in any order of calls, holds, top-ups, refunds and repeats (L9, L10, L12)."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings, strategies as st

from callcenter.billing.entries import Act, call_entry
from callcenter.model.money import Money
from callcenter.model.times import Instant
from callcenter.testing.books_machine import DEMO, BooksMachine, books_of

TestBooks = BooksMachine.TestCase
TestBooks.settings = settings(stateful_step_count=40)


@given(
    costs=st.lists(st.integers(0, 100), min_size=1, max_size=8),
    data=st.data(),
)
def test_a_log_with_repeats_in_any_order_makes_the_same_books(costs: list[int], data: Any) -> None:
    """L10: entries that do not answer one another may come in any order and any number of times."""
    log = [call_entry(f"call:{n}:1", DEMO, Money(cost), Instant(n), Act(at=Instant(n))) for n, cost in enumerate(costs)]
    repeats = data.draw(st.lists(st.sampled_from(log), max_size=8))
    shuffled = data.draw(st.permutations([*log, *repeats]))
    assert books_of(shuffled) == books_of(log)
