"""Groups and agents: edited by who may, phones that count when somebody approved them, and who is there."""

from __future__ import annotations

from typing import Any

import pytest
from tests.admin import worlds
from tests.admin.worlds import NOW, agent, group

from callcenter.admin import Console, agents, floor, groups, sessions, vips
from callcenter.admin.phones import Proposed
from callcenter.admin.policy import OWN, allowing
from callcenter.admin.things import BlacklistRef, VipRef
from callcenter.center.host import CallCenterHost
from callcenter.errors import NotFound, PermissionRefused, UsageError
from callcenter.model.directory import AgentLevel, AgentStatus, GroupKind, Member
from callcenter.model.events import AgentLoggedIn, AgentReady
from callcenter.model.facts import AgentPhase
from callcenter.model.ids import AgentId, CenterId, GroupId
from callcenter.model.times import DAY, SECOND, Instant
from callcenter.ports_people import Role
from callcenter.store import MemoryStore

A1 = agent("demo", "A1")


def live() -> tuple[Console, CallCenterHost]:
    """Return a console over a live host."""
    store = MemoryStore()
    worlds.house(store)
    host = CallCenterHost(store, None, at=NOW)
    return Console(store, host=host), host


def test_the_platform_makes_groups_and_agents_and_the_center_edits_them() -> None:
    """With who made them; a reseller may not, unless the platform says so."""
    console = worlds.house()
    platform, center = worlds.caller(console, Role.PLATFORM), worlds.caller(console, Role.CENTER)
    ref = groups.create(
        platform, NOW, CenterId("demo"), "3", GroupKind.LOGIN, name="Front desk", announce_agent_id=True
    )
    who = agents.create(platform, NOW, CenterId("demo"), "A9", "139 0000 9900", groups=(GroupId("3"),), record=True)
    groups.edit(center, NOW, ref, ring="parallel:2", ranking="longest_idle", ring_timeout_s=20, note="by the door")
    groups.set_members(center, NOW, ref, (Member(agent=AgentId("a9"), tier=1), Member(agent=AgentId("A1"))))
    row = groups.show(center, NOW, ref)
    assert [(each.agent, each.tier) for each in row.group.members] == [("A9", 1), ("A1", 0)]
    assert (row.group.ranking, row.group.announce_agent_id, row.marks.created_by) == (
        "longest_idle",
        True,
        "a platform",
    )
    shown = agents.show(center, NOW, who)
    assert (shown.groups, shown.agent.phone, shown.agent.record) == (("3",), "013900009900", True)
    with pytest.raises(PermissionRefused):
        groups.edit(worlds.caller(console, Role.RESELLER), NOW, ref, note="x")


def test_the_platform_may_take_a_right_away() -> None:
    """A table of its own: then a center edits nothing."""
    store = MemoryStore()
    worlds.house(store)
    console = Console(store, policy=allowing("groups.edit", Role.CENTER, frozenset()))
    with pytest.raises(PermissionRefused, match="E573"):
        groups.edit(worlds.caller(console, Role.CENTER), NOW, group("demo", "1"), note="x")
    assert allowing("groups.edit", Role.RESELLER, OWN)["groups.edit"].allowed[Role.RESELLER] == OWN


@pytest.mark.parametrize(
    ("edits", "code"),
    [
        ({"ring": "loud"}, "E106"),
        ({"ring_timeout_s": -1}, "E105"),
        ({"holiday_target": "tree:other"}, "E560"),
        ({"holiday_target": "group:77"}, "E560"),
        ({"ranking": "by_looks"}, "E106"),
    ],
)
def test_what_is_no_setting_is_refused_and_nothing_stays(edits: dict[str, Any], code: str) -> None:
    """Also what would lead callers into somebody else's tree: it is answered as one that is not there."""
    store = MemoryStore()
    data = worlds.shop()
    data["ivr"] = {
        "other": {"root": "announcement:hello", "announcement": {"hello": {"prompt": "hello", "next": "hangup"}}}
    }
    data["ivr"]["own"] = data["ivr"]["other"]
    data["center"]["far"]["ivr"], data["center"]["demo"]["ivr"] = "other", "own"
    console = worlds.house(store, data=data)
    center = worlds.caller(console, Role.CENTER)
    before = groups.show(center, NOW, group("demo", "1")).group
    with pytest.raises(UsageError) as caught:
        groups.edit(center, NOW, group("demo", "1"), **edits)
    assert caught.value.code == code
    assert groups.show(center, NOW, group("demo", "1")).group == before
    groups.edit(center, NOW, group("demo", "1"), holiday_target="tree:own")


def test_a_phone_counts_when_it_is_approved() -> None:
    """Proposed by the agent, approved by its center; no more than five wait, and none waits twice."""
    console = worlds.house()
    own, center = worlds.caller(console, Role.AGENT), worlds.caller(console, Role.CENTER)
    number = agents.propose_phone(own, NOW, A1, "13900008801")
    row = agents.show(own, NOW, A1)
    assert ([each.number for each in row.waiting], row.agent.phones) == ([number], ())
    with pytest.raises(UsageError, match="E582"):
        agents.propose_phone(own, NOW, A1, number)
    with pytest.raises(PermissionRefused):
        agents.approve_phone(own, NOW, A1, number)
    agents.approve_phone(center, NOW, A1, number, first=True)
    row = agents.show(own, NOW, A1)
    assert (row.agent.phone, row.agent.phones, row.waiting) == (number, ("013900001001",), ())
    agents.drop_phone(center, NOW, A1, "013900001001")
    for refused in (number, "013900008899"):
        with pytest.raises(UsageError, match="E590"):
            agents.drop_phone(center, NOW, A1, refused)
    for last in range(5):
        agents.propose_phone(own, NOW, A1, f"01390000770{last}")
    with pytest.raises(UsageError, match="E586"):
        agents.propose_phone(own, NOW, A1, "013900007709")
    agents.drop_phone(center, NOW, A1, "013900007700")
    assert len(agents.show(own, NOW, A1).waiting) == 4


def test_suspended_closed_and_moved() -> None:
    """A suspended agent stays a seat; a closed one stays in the list; groups are changed without losing tiers."""
    me = worlds.caller(worlds.house(), Role.CENTER)
    agents.edit(me, NOW, agent("demo", "a1"), level=AgentLevel.SUPERVISOR, groups=(GroupId("1"), GroupId("2")))
    assert agents.show(me, NOW, A1).groups == ("1", "2")
    assert agents.list_(me, NOW, level=AgentLevel.SUPERVISOR).total == 2
    agents.set_status(me, NOW, A1, AgentStatus.SUSPENDED)
    agents.close(me, NOW, agent("demo", "A2"))
    assert agents.list_(me, NOW, status=AgentStatus.SUSPENDED).total == 1
    (closed,) = agents.list_(me, NOW, status=AgentStatus.CLOSED).rows
    assert (closed.ref.agent, str(closed.agent.closed)) == ("A2", "2009-02-03")
    with pytest.raises(UsageError, match="E589"):
        agents.set_status(me, NOW, A1, AgentStatus.CLOSED)
    with pytest.raises(UsageError, match="E587"):
        agents.edit(me, NOW, A1, groups=(GroupId("8"),))
    with pytest.raises(UsageError, match="E562"):
        agents.create(worlds.caller(me.console, Role.PLATFORM), NOW, CenterId("demo"), "a1", "013900005555")


def test_a_supervisor_sees_its_team_and_logs_it_out() -> None:
    """Where everybody is comes from the live host; a forced log-out ends the session and its row says who did it."""
    console, host = live()
    boss, center = worlds.caller(console, Role.SUPERVISOR), worlds.caller(console, Role.CENTER)
    host.handle(AgentLoggedIn(at=NOW, agent=AgentId("A1"), address="192.0.2.9"), center=CenterId("demo"))
    host.handle(AgentReady(at=NOW, agent=AgentId("A1")), center=CenterId("demo"))
    later = Instant(NOW + 60 * SECOND)
    rows = {row.ref.agent: row.presence for row in agents.list_(boss, later).rows}
    assert rows.keys() == {"BOSS", "A1"}
    there = rows[AgentId("A1")]
    assert there is not None
    assert (there.phase, there.online, there.session and there.session.address) == (AgentPhase.READY, True, "192.0.2.9")
    (own,) = [floor.of_group(boss, later, group("demo", "1"))]
    assert own.people is not None
    assert own.phases == {AgentPhase.READY: 1, AgentPhase.LOGGED_OUT: 1}
    assert [each.ref.group for each in floor.show(center, later, CenterId("demo"))] == ["1", "2"]
    with pytest.raises(NotFound):
        floor.of_group(boss, later, group("demo", "2"))
    agents.log_out(boss, later, A1, reason="end of shift")
    found = sessions.of_agent(boss, later, A1)
    assert found.now is None
    assert [session.ready for session in found.ended.page.rows] == [60 * SECOND]


def test_a_frozen_center_is_left_as_it_is() -> None:
    """P3b: no changes but of its status, also of what stands beside the shop."""
    data = worlds.shop()
    data["center"]["demo"]["status"] = "frozen"
    me = worlds.caller(worlds.house(data=data), Role.PLATFORM)
    line = group("demo", "1")
    for change in (
        lambda: agents.propose_phone(me, NOW, A1, "013900008801"),
        lambda: groups.edit(me, NOW, line, note="x"),
        lambda: vips.add(me, NOW, VipRef(group=line, number="013900008801")),
    ):
        with pytest.raises(UsageError, match="E512"):
            change()
    assert agents.show(me, NOW, A1).waiting == ()


def test_changes_go_through_the_live_host_and_a_refused_one_leaves_it_as_it_was() -> None:
    """The engine is told in the same step; what was half done is taken back there as well."""
    console, host = live()
    me = worlds.caller(console, Role.CENTER)
    line = group("demo", "1")

    def known() -> int:
        return len(host.desks[CenterId("demo")].engine.config.center.groups[GroupId("1")].vip)

    before = known()
    vips.add(me, NOW, VipRef(group=line, number="013900008801"))
    assert known() == before + 1
    with pytest.raises(UsageError, match="E560"):
        agents.edit(me, NOW, A1, name="changed and taken back", groups=(GroupId("77"),))
    assert agents.show(me, NOW, A1).agent.name == ""
    host.handle(AgentLoggedIn(at=NOW, agent=AgentId("A1")), center=CenterId("demo"))
    shown = agents.show(me, NOW, A1)
    assert shown.presence is not None
    assert shown.presence.online
    assert known() == before + 1
    assert host.desks[CenterId("demo")].engine.config.center.agents[AgentId("A1")].name == ""


def test_nobody_is_logged_out_without_a_host() -> None:
    """Said as such; lists go on without what only a host knows."""
    console = worlds.house()
    me = worlds.caller(console, Role.CENTER)
    with pytest.raises(UsageError, match="E584"):
        agents.log_out(me, NOW, A1)
    assert agents.show(me, NOW, A1).presence is None
    assert floor.show(me, NOW, CenterId("demo"))[0].people is None
    assert groups.list_(me, NOW, kind=GroupKind.LOGIN).rows[0].waiting is None


def test_what_is_shown_by_accident_holds_no_whole_number() -> None:
    """Keys of callers and proposed phones end in logs as easily as anything."""
    number, where = "013900009876", group("demo", "1")
    for key in (
        VipRef(group=where, number=number),
        BlacklistRef(center=CenterId("demo"), number=number),
        Proposed(number=number, at=NOW, by="somebody"),
    ):
        assert number not in repr(key)
        assert "9876" in repr(key)


def test_the_last_day_of_an_agent_stays_what_it_was() -> None:
    """Closed once more it is no seat of the days between: their rent is posted."""
    platform = worlds.caller(worlds.house(), Role.PLATFORM)
    agents.close(platform, NOW, A1)
    last = agents.show(platform, NOW, A1).agent.closed
    later = Instant(NOW + 5 * DAY)
    agents.close(platform, later, A1)
    assert last is not None
    assert agents.show(platform, later, A1).agent.closed == last
