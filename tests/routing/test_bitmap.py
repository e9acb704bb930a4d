"""An ordered set of small numbers, against a sorted list."""

from __future__ import annotations

from hypothesis import given, strategies as st

from callcenter.routing.bitmap import Bitmap


@given(st.sets(st.integers(0, 3000)), st.sets(st.integers(0, 3000)), st.integers(0, 3100))
def test_a_bitmap_is_a_sorted_set(came: set[int], went: set[int], start: int) -> None:
    """Members in order from any start, round to it; the next; as many as there are."""
    bitmap = Bitmap()
    for number in came:
        bitmap.add(number)
    for number in came & went:
        bitmap.remove(number)
    left = sorted(came - went)
    assert len(bitmap) == len(left)
    assert list(bitmap.round(start)) == [n for n in left if n >= start] + [n for n in left if n < start]
    assert bitmap.following(start) == next((n for n in left if n >= start), -1)
