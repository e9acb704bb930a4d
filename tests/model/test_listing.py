"""Which part of a list may be asked for, and how the place of a line travels as text."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given, strategies as st

from callcenter.errors import UsageError
from callcenter.model.listing import CallSort, Direction, Found, Place, Slice, each, page, place_of
from callcenter.model.times import Instant

PLACE = Place(sort="time", content=5, at=Instant(5), name="c1", center="demo", number=7)


def refused(make: object) -> str:
    assert callable(make)
    with pytest.raises(UsageError) as caught:
        make()
    return caught.value.code


STORABLE = st.integers(-(2**63) + 1, 2**63 - 1)
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@given(
    st.builds(
        Place,
        sort=NAMES,
        content=STORABLE,
        at=STORABLE.map(Instant),
        name=NAMES,
        center=st.just("二号"),
        number=STORABLE,
    )
)
def test_a_place_is_what_its_text_says(place: Place) -> None:
    """Whatever names and numbers a store can hold; the text is fit for a link."""
    text = place.text()
    assert place_of(text) == place
    assert text.isascii()
    assert not set(text) & set("/+ &?#")


def packed(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "呼叫",
        "=",
        "A" * 5000,
        packed({}),
        packed([]),
        packed(["time", 1, 1, "c", "demo"]),
        packed(["time", 1, 1, "c", "demo", "7"]),
        packed(["time", 1.0, 1, "c", "demo", 7]),
        packed(["time", True, 1, "c", "demo", 7]),
        packed([5, 1, 1, "c", "demo", 7]),
        packed(["time", 2**64, 1, "c", "demo", 7]),
        packed(["time", 1, -(10**60), "c", "demo", 7]),
        packed(["time", 1, 1, "c\0", "demo", 7]),
        packed(["time", 1, 1, "\ud800", "demo", 7]),
        base64.urlsafe_b64encode(b"[" * 2000).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_text_that_names_no_place_is_refused(text: str) -> None:
    """E443, whatever somebody typed into a link."""
    assert refused(lambda: place_of(text)) == "E443"


def test_places_are_of_the_order_that_they_were_read_in() -> None:
    """One of the list by time means nothing in the list by wait."""
    assert refused(lambda: Slice(sort=CallSort.WAIT, after=PLACE)) == "E443"
    assert Slice(sort=CallSort.TIME, after=PLACE).key == "time"
    assert refused(lambda: Slice[CallSort](after=PLACE, before=PLACE)) == "E443"
    assert refused(lambda: Slice[CallSort](after=PLACE, offset=1)) == "E443"


@pytest.mark.parametrize("size", [0, -1, 1001])
def test_a_part_has_a_size(size: int) -> None:
    """At least a row, at most a thousand."""
    assert refused(lambda: Slice[CallSort](size=size)) == "E441"


def test_the_first_two_hundred_pages_have_numbers() -> None:
    """Page 1 begins at the beginning; what lies beyond page 200 is asked for from a place."""
    assert [page(number, 50).offset for number in (1, 2, 200)] == [0, 50, 9950]
    assert [refused(lambda number=number: page(number)) for number in (0, -1, 201)] == ["E442"] * 3
    assert refused(lambda: Slice[CallSort](size=50, offset=10_000)) == "E441"


def test_each_line_is_read_once_and_few_at_a_time() -> None:
    """Parts are asked for as they are needed, each behind the last line of the one before."""
    asked: list[Slice[CallSort]] = []

    def read(part: Slice[CallSort]) -> Found[int]:
        asked.append(part)
        start = 0 if part.after is None else part.after.number
        rows = tuple(range(start, min(start + part.size, 7)))
        last = Place(sort="time", content=0, at=Instant(0), name="", center="", number=rows[-1] + 1)
        return Found(rows=rows, last=last, more=rows[-1] < 6)

    lines = each(read, size=3)
    assert [next(lines), len(asked)] == [0, 1]
    assert [*lines] == [1, 2, 3, 4, 5, 6]
    assert len(asked) == 3
    assert {part.direction for part in asked} == {Direction.OLDEST_FIRST}
