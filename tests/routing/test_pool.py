"""A pool finds whom a scan of all members would find, whatever came before."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, strategies as st

from callcenter.model.times import Instant
from callcenter.routing import RANKINGS, GroupMemory, MemberView, Pool, Ranking

KEYED = ["round_robin", "priority", "longest_idle", "least_recent", "fewest_calls", "least_talk_time"]


@st.composite
def members(draw: st.DrawFn) -> list[MemberView]:
    size = draw(st.integers(1, 12))
    few = st.integers(0, 3)
    return [
        MemberView(
            id=f"m{index}",
            index=index,
            tier=draw(st.integers(0, 2)),
            weight=draw(st.integers(1, 5)),
            available_since=Instant(draw(few)),
            talk_ended=draw(st.integers(-1, 2)),
            calls=draw(few),
            talked=draw(few),
        )
        for index in range(size)
    ]


def scan(views: list[MemberView], ranking: Ranking, memory: GroupMemory, size: int) -> list[str]:
    """Return everybody in the order of tier, key and joining: the plain model."""
    return [v.id for v in sorted(views, key=lambda v: (v.tier, ranking.key(v, memory, size), v.index))]


def walk(pool: Pool, memory: GroupMemory, size: int) -> list[str]:
    return [view.id for _, tier in pool.tiers() for view, _ in tier.best_first(memory, size)]


@pytest.mark.parametrize("name", KEYED)
@given(views=members(), data=st.data())
def test_a_pool_goes_through_its_members_as_a_scan_would(
    name: str, views: list[MemberView], data: st.DataObject
) -> None:
    """After any joining and leaving, the order is that of tier, key and join order."""
    ranking = RANKINGS[name]
    pool, there = Pool(ranking), set[str]()
    for view in data.draw(st.lists(st.sampled_from(views), max_size=30)):
        if view.id in there:
            pool.discard(view.id)
            there.discard(view.id)
        else:
            pool.add(view)
            there.add(view.id)
    memory = GroupMemory(after=data.draw(st.integers(0, len(views))))
    free = [view for view in views if view.id in there]
    assert walk(pool, memory, len(views)) == scan(free, ranking, memory, len(views))
    assert len(pool) == len(free)


@pytest.mark.parametrize("name", ["random", "weighted"])
@given(views=members(), dice=st.integers(0, 1 << 62))
def test_a_draw_goes_through_everybody_once(name: str, views: list[MemberView], dice: int) -> None:
    """Whatever is drawn, each member of a tier comes exactly once, lower tiers first."""
    pool = Pool(RANKINGS[name])
    for view in reversed(views):
        pool.add(view)
    drawn = walk(pool, GroupMemory(dice=dice), len(views))
    assert sorted(drawn) == sorted(view.id for view in views)
    tiers = [next(view.tier for view in views if view.id == id) for id in drawn]
    assert tiers == sorted(tiers)


@pytest.mark.parametrize("name", ["random", "weighted"])
@given(views=members(), dice=st.integers(0, 1 << 62), data=st.data())
def test_a_draw_depends_on_who_is_free_and_not_on_how_they_came(
    name: str, views: list[MemberView], dice: int, data: st.DataObject
) -> None:
    """The same members give the same draw, in whatever order they became free (V20)."""
    one, other = Pool(RANKINGS[name]), Pool(RANKINGS[name])
    for view in views:
        one.add(view)
    for view in data.draw(st.permutations(views)):
        other.add(view)
    memory = GroupMemory(dice=dice)
    assert walk(one, memory, len(views)) == walk(other, memory, len(views))


def test_weights_are_the_chances() -> None:
    """Over many draws a member of weight 3 comes about three times as often as one of weight 1."""
    views = [MemberView(id="a", index=0, weight=1), MemberView(id="b", index=1, weight=3)]
    pool = Pool(RANKINGS["weighted"])
    for view in views:
        pool.add(view)
    first = Counter(walk(pool, GroupMemory(dice=dice * 0x1000), 2)[0] for dice in range(4000))
    assert 2700 < first["b"] < 3300


def test_a_ranking_of_which_nothing_is_promised_is_asked_anew_each_time() -> None:
    """A user's key may change while members are free."""
    price = {"a": 1, "b": 2}
    pool = Pool(Ranking(name="own", key=lambda view, memory, size: (price[view.id],)))
    for index, id in enumerate("ab"):
        pool.add(MemberView(id=id, index=index))
    assert walk(pool, GroupMemory(), 2) == ["a", "b"]
    price["a"] = 3
    assert walk(pool, GroupMemory(), 2) == ["b", "a"]
