"""What the members of a group did today is kept as a sum, so that who logs in need not look at everybody."""

from __future__ import annotations

from hypothesis import given, strategies as st

from callcenter.engine.agent_steps import added_up
from callcenter.engine.floor import Floor
from callcenter.model import events as e
from callcenter.model.directory import Member
from callcenter.model.ids import AgentId, CallId
from callcenter.model.value import changed
from tests.engine.rig import Rig, config, group, seconds

HOUR = 3_600
AGENTS = "ABCD"


def agree(floor: Floor) -> int:
    """Hold each sum that is kept against the sum over all members; return how many were kept."""
    kept = [group for group in floor.groups.values() if group.counts is not None and group.day == floor.day()]
    for each in kept:
        anew = added_up(floor, each)
        assert each.counts is not None
        assert (each.counts.members, each.counts.calls, each.counts.talked) == (anew.members, anew.calls, anew.talked)
    return len(kept)


@given(st.lists(st.tuples(st.sampled_from(("in", "out", "call", "change")), st.integers(0, 3)), max_size=40))
def test_the_sums_of_a_day_are_those_over_all_members(deeds: list[tuple[str, int]]) -> None:
    """Through log-ins, log-outs, talks in two groups, a change of members and midnight."""
    groups = (group("1", AGENTS, ranking="fewest_calls"), group("2", "BC", ranking="least_talk_time"))
    rig = Rig(config(*groups))
    for number, (deed, which) in enumerate(deeds):
        at, letter = seconds(number * HOUR), AGENTS[which]
        rig.until(at)
        if deed == "in":
            rig.log_in(letter, at)
        elif deed == "out":
            rig.feed(e.AgentLoggedOut(at=at, agent=AgentId(letter)))
        elif deed == "call":
            rig.call(f"c{number}", at, key="12"[which % 2])
            if rig.legs(f"c{number}"):
                rig.pick_up(f"c{number}", at)
            rig.feed(e.CallerHungUp(at=seconds(number * HOUR + 60 * which), call=CallId(f"c{number}")))
        else:
            members = tuple(Member(agent=AgentId(other)) for other in AGENTS if other != letter)
            one = changed(groups[0], members=members)
            center = changed(rig.config.center, groups={**rig.config.center.groups, one.id: one})
            rig.feed(e.ConfigChanged(at=at, config=changed(rig.config, center=center, version=number + 1)))
        agree(rig.engine._floor)


def test_who_logs_in_looks_at_nobody_else() -> None:
    """The sum is kept from the first log-in of a day on, and a newcomer starts at the average of those who were there."""
    rig = Rig(config(group("1", AGENTS, ranking="fewest_calls")))
    rig.log_in("A")
    assert agree(rig.engine._floor) == 1
    for number in range(3):
        rig.call(f"c{number}", seconds(number * 60), key="1")
        rig.pick_up(f"c{number}", seconds(number * 60))
        rig.feed(e.CallerHungUp(at=seconds(number * 60 + 30), call=CallId(f"c{number}")))
    rig.log_in("B", seconds(600))
    assert agree(rig.engine._floor) == 1
    stations = rig.engine._floor.stations
    assert [view.calls for letter in "ab" for view in stations[letter].groups.values()] == [3, 3]
