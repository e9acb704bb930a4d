"""Numbers in order and shares of a whole, against the plain lists that they stand for."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

import pytest
from hypothesis import given, strategies as st

from callcenter.routing.ordered import OrderedNumbers
from callcenter.routing.shares import Shares


@given(st.sets(st.integers(-9, 3000)), st.sets(st.integers(-9, 3000)), st.integers(0, 2000))
def test_ordered_numbers_are_a_sorted_set(came: set[int], went: set[int], many: int) -> None:
    """Members come in order, the k-th is found, and there are as many as came and did not go."""
    numbers = OrderedNumbers()
    for number in (*range(5000, 5000 + many), *came):  # many: stretches are cut, and emptied from the front
        numbers.add(number)
    for number in (*(came & went), *range(5000, 5000 + many // 2)):
        numbers.remove(number)
    left = [*sorted(came - went), *range(5000 + many // 2, 5000 + many)]
    assert list(numbers) == left
    assert [numbers.nth(rank) for rank in range(0, len(left), 7)] == left[::7]
    assert len(numbers) == len(left)
    with pytest.raises(IndexError):
        numbers.nth(len(left))


@given(st.dictionaries(st.integers(0, 5000), st.integers(1, 9), min_size=1, max_size=40), st.data())
def test_each_part_of_a_whole_has_the_owner_that_a_sum_from_the_left_finds(
    weights: dict[int, int], data: st.DataObject
) -> None:
    """Shares stand in order of place, whichever weights came and went before."""
    shares = Shares()
    gone = data.draw(st.sets(st.sampled_from(sorted(weights))))
    for place, weight in weights.items():
        shares.change(place, weight)
    for place in gone:
        shares.change(place, -weights[place])
    left = sorted(weights.keys() - gone)
    sums = list(accumulate(weights[place] for place in left))
    assert shares.total == (sums[-1] if sums else 0)
    for part in range(shares.total):
        assert shares.owner(part) == left[bisect_right(sums, part)]
