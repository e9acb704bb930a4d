"""Records through the console: the guide's tables, who hears a recording, and how a list becomes a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import pytest
from tests.admin import worlds
from tests.admin.worlds import CALLED, NOW, agent, group
from tests.cli.test_export_lists import WAITS, record, worked
from tests.reports.guide_day import FEN, SECONDS, charge_lines
from tests.store.shelf import folder

from callcenter.admin import Ask, Caller, Console, books, calls, charges, rejected, sessions, voicemails
from callcenter.admin.directory import Directory, export as export_directory
from callcenter.admin.looking import Period
from callcenter.admin.services import RecordingState, Services
from callcenter.admin.things import ChargeRef, MessageRef, RecordRef
from callcenter.admin.trail import export as export_trail
from callcenter.errors import NotFound, PermissionRefused, UsageError
from callcenter.model.facts import RejectReason
from callcenter.model.ids import AgentId, CallId, CenterId, GroupId, RecordingId
from callcenter.model.listing import CallSort
from callcenter.model.money import fen
from callcenter.model.records import ChargeKind, RecordOutcome
from callcenter.model.times import SECOND, Instant
from callcenter.model.value import changed
from callcenter.ports import Store
from callcenter.ports_lists import RejectedCall
from callcenter.ports_people import Role, TrailFilter
from callcenter.reports.sheets import csv_lines
from callcenter.store import MemoryStore, SqliteStore

DEMO = CenterId("demo")
DAY = Period(first=date(2008, 12, 29), last=date(2008, 12, 29))
HEARD = RecordRef(center=DEMO, call=CallId("demo-c1"), at=CALLED)


class Kept:
    """Recordings of which one is there, one still runs and the rest are lost."""

    def state(self, center: CenterId, call: CallId, recording: RecordingId) -> RecordingState:
        """Tell by the call."""
        return {"demo-c1": RecordingState.READY, "c2": RecordingState.RUNNING}.get(call, RecordingState.MISSING)

    def content(self, center: CenterId, call: CallId, recording: RecordingId) -> Iterable[bytes] | None:
        """Return the one that is there."""
        return (b"RIFF", b"...") if call in {"demo-c1", "demo-m1", "two"} else None


@pytest.fixture(scope="module", params=["memory", "sqlite"])
def console(request: pytest.FixtureRequest) -> Iterator[Console]:
    """Yield a console over the guide's day; only reads and rows of the trail come after it."""
    with folder() as place:
        store: Store = MemoryStore() if request.param == "memory" else SqliteStore(str(place / "day.sqlite"))
        yield filled(store)
        store.close()


def filled(store: Store) -> Console:
    """Return a console over a store with the guide's day in it."""
    worlds.house(store)
    with store.transaction() as tx:
        for line in charge_lines():
            tx.records.add_charge(line)
        for number, wait in enumerate(WAITS):
            tx.records.add_call(record(number, wait, missed=number == 6))
        tx.records.add_call(record(9, 5, group="8"))
        tx.records.add_session(worked("A1", "09:00:00", (600, 60, 30, 300, 10)))
        tx.records.add_session(worked("A2", "10:00:00", (7, 0, 0, 0, 0)))
        for place, center in enumerate((DEMO, CenterId("far"), CenterId(""))):
            tx.records.add_rejected(
                RejectedCall(
                    center=center,
                    call=CallId(f"r{place}"),
                    at=NOW,
                    caller="013900009999",
                    dialled="95990001",
                    reason=RejectReason.BLACKLISTED,
                )
            )
        worlds.a_call(tx, DEMO, CallId("two"), group="2", at=Instant(CALLED + SECOND))
        worlds.a_call(tx, DEMO, CallId("lost"), agent="A2", group="2", at=Instant(CALLED - SECOND))
    return Console(store, services=Services(recordings=Kept()))


def by(console: Console, role: Role) -> Caller:
    """Return somebody at the console."""
    return worlds.caller(console, role)


def test_the_charge_detail_of_the_guide(console: Console) -> None:
    """Eight calls and the rent line of the day, 1994 s, 444.00 fen; the newest first, by local date."""
    found = charges.list_(by(console, Role.CENTER), NOW, period=DAY)
    assert (found.totals.calls, found.totals.lines, found.totals.centers) == (8, 9, 1)
    assert (found.totals.seconds, found.totals.amount) == (1994, fen("444.00"))
    assert [row.kind for row in found.page.rows][-1] is ChargeKind.RENT
    assert [(row.seconds, str(row.amount)) for row in found.page.rows][:8][::-1] == list(zip(SECONDS, FEN, strict=True))
    rents = charges.list_(by(console, Role.CENTER), NOW, period=DAY, kind=ChargeKind.RENT)
    assert [(row.ring_at, row.answered_at, row.agent_phone) for row in rents.page.rows] == [(None, None, "95990001")]


def test_statistics_count_calls_only(console: Console) -> None:
    """By access number, phone and period; the rent line counts nothing."""
    me = by(console, Role.RESELLER)
    whole = charges.stats(me, NOW, period=DAY)
    assert (whole.calls, whole.seconds, whole.amount) == (8, 1994, fen("444.00"))
    one = charges.stats(me, NOW, period=DAY, phone=whole.rows[0].phone)
    assert (one.rows, one.calls) == (whole.rows[:1], whole.rows[0].calls)
    assert charges.stats(me, NOW, period=DAY, access_number="95990004").calls == 0  # somebody else's


def test_the_call_records_of_the_guide(console: Console) -> None:
    """Seven answered, one missed, 278 s of waiting; extensions only when asked for (K6)."""
    me = by(console, Role.CENTER)
    found = calls.list_(me, NOW, period=DAY)
    assert (found.totals.answered, found.totals.missed, found.totals.wait) == (7, 1, 278 * SECOND)
    assert [row.record.wait // SECOND for row in found.page.rows][::-1] == list(WAITS)
    assert calls.list_(me, NOW, period=DAY, extensions=True).totals.lines == 9
    assert calls.list_(me, NOW, period=DAY, outcome=RecordOutcome.MISSED).totals.lines == 1
    longest = calls.list_(me, NOW, period=DAY, sort=CallSort.WAIT).page.rows[0].record
    assert longest.wait == 81 * SECOND
    assert {row.recording for row in found.page.rows} == {RecordingState.NONE}


def test_sessions_add_up(console: Console) -> None:
    """Every part, and all parts to the length of the log-in."""
    found = sessions.list_(by(console, Role.CENTER), NOW, period=DAY, group=GroupId("1"))
    totals = found.totals
    assert (totals.agents, totals.groups, totals.answered) == (2, 1, 4)
    for row in found.page.rows:
        assert row.logout_at is not None
        parts = row.ready + row.not_ready + row.ringing + row.talking + row.wrap_up
        assert parts == row.logout_at - row.login_at
    assert totals.ready + totals.not_ready + totals.ringing + totals.talking + totals.wrap_up == 1007 * SECOND
    assert sessions.list_(by(console, Role.CENTER), NOW, agent=AgentId("A2")).page.total == 1


def test_an_agent_has_its_own_records_and_a_supervisor_those_of_its_groups(console: Console) -> None:
    """And neither the list of the center."""
    own = calls.of_agent(by(console, Role.AGENT), NOW, agent("demo", "a1"))
    assert [row.ref.call for row in own.page.rows] == ["two", "demo-c1"]
    boss = by(console, Role.SUPERVISOR)
    assert calls.of_group(boss, NOW, group("demo", "1")).totals.answered == 8
    for key in (group("demo", "2"), group("far", "1"), group("demo", "99")):
        with pytest.raises(NotFound):
            calls.of_group(boss, NOW, key)
    with pytest.raises(PermissionRefused):
        calls.list_(boss, NOW)


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.CENTER, Role.ENTERPRISE, Role.RESELLER])
def test_a_recording_is_heard_by_who_may_and_each_time_is_noted(console: Console, role: Role) -> None:
    """Its agent, the supervisor of its group, its center, enterprise and reseller; a row of the trail for each."""
    (row,) = calls.of_agent(by(console, Role.CENTER), NOW, agent("demo", "A1"), Ask(number=2, size=1)).page.rows
    assert (row.ref, row.recording) == (HEARD, RecordingState.READY)
    before = _heard(console)
    assert b"".join(calls.listen(by(console, role), NOW, HEARD)) == b"RIFF..."
    assert _heard(console) == before + 1


def _heard(console: Console) -> int:
    with console.look(NOW) as job:
        return job.tx.trail.count(TrailFilter(what="calls.listen", outcome="done"))


def test_a_recording_is_heard_by_nobody_else(console: Console) -> None:
    """Not by an auditor, another agent, the supervisor of another group though the agent is of its own; it is noted."""
    two = RecordRef(center=DEMO, call=CallId("two"), at=Instant(CALLED + SECOND))
    with pytest.raises(PermissionRefused, match="E573"):
        calls.listen(by(console, Role.AUDITOR), NOW, HEARD)
    with pytest.raises(NotFound):
        calls.listen(worlds.caller(console, Role.AGENT, "agent:demo/A2"), NOW, HEARD)
    with pytest.raises(NotFound):
        calls.listen(by(console, Role.SUPERVISOR), NOW, two)
    lost = RecordRef(center=DEMO, call=CallId("lost"), at=Instant(CALLED - SECOND))
    with pytest.raises(NotFound):  # it was made, and is not there
        calls.listen(by(console, Role.CENTER), NOW, lost)
    assert b"".join(calls.listen(by(console, Role.CENTER), NOW, two)) == b"RIFF..."
    with console.look(NOW) as job:
        rows = job.tx.trail.rows(TrailFilter(what="calls.listen"), 5)
    assert [row.act.outcome for row in rows] == ["done", "E574", "E574", "E574", "E573"]


def test_nobody_hears_what_is_kept_nowhere() -> None:
    """A console without a place for recordings says so; its lists show them as missing."""
    me = worlds.caller(worlds.house(), Role.CENTER)
    assert [row.recording for row in calls.list_(me, NOW).page.rows] == [RecordingState.MISSING]
    with pytest.raises(UsageError, match="E585"):
        calls.listen(me, NOW, HEARD)
    with pytest.raises(UsageError, match="E585"):
        voicemails.listen(me, NOW, MessageRef(center=DEMO, call=CallId("demo-m1"), at=CALLED))


def test_refused_calls_and_messages(console: Console) -> None:
    """Calls to a number that nobody has are the platform's to see; messages are heard like recordings."""
    assert rejected.list_(by(console, Role.PLATFORM), NOW).total == 3
    assert [row.call for row in rejected.list_(by(console, Role.CENTER), NOW).rows] == ["r0"]
    (row,) = voicemails.list_(by(console, Role.CENTER), NOW, caller="013900007777").rows
    assert b"".join(voicemails.listen(by(console, Role.CENTER), NOW, row.ref)) == b"RIFF..."
    with pytest.raises(NotFound):
        voicemails.listen(by(console, Role.CENTER), NOW, MessageRef(center=DEMO, call=CallId("x"), at=CALLED))


def test_a_charge_is_explained(console: Console) -> None:
    """With the arithmetic of its plan, in both languages."""
    key = ChargeRef(center=DEMO, key="call:demo-c1:1")
    found = charges.explain(by(console, Role.ENTERPRISE), NOW, key)
    assert found.line.working is not None
    assert found.line.working.posted == fen("12.00")
    assert "37" in found.text
    assert "rate.flat12.versions[0].rules[0]" in found.detail
    assert charges.explain(by(console, Role.ENTERPRISE), NOW, key, language="zh").text != found.text
    story = books.statement(by(console, Role.CENTER), NOW, DEMO)
    assert {line.key for line in story.lines} >= {"call:demo-c1:1", "call:two:1"}


def test_lists_become_files_oldest_first_and_each_is_noted(console: Console) -> None:
    """Read when the file is written, part by part; the scope is that of who asked, whoever reads."""
    me = by(console, Role.CENTER)
    lines = list(csv_lines(charges.export(me, NOW, period=DAY)))
    assert len(lines) == 10
    assert lines[1].startswith("rent:demo")
    assert len(list(csv_lines(calls.export(me, NOW, period=DAY), "zh"))) == 9
    assert len(list(csv_lines(sessions.export(me, NOW)))) == 3
    assert len(list(csv_lines(rejected.export(by(console, Role.PLATFORM), NOW)))) == 4
    assert len(list(csv_lines(charges.export_stats(me, NOW, period=DAY)))) == len(
        {row.agent_phone for row in charge_lines()}
    )
    assert list(books.export_adjustments(me, NOW).rows) == []
    for which in Directory:
        rows = list(export_directory(me, NOW, which).rows)
        assert all("far" not in row for row in rows), which
        assert rows, which
    rows = list(export_trail(me, NOW, what="directory.export").rows)
    assert [row[1:5] for row in rows] == [("2009-02-03T02:00:00+00:00", "a center", "center", "192.0.2.7")] * len(
        Directory
    )
    assert "操作员" in next(csv_lines(export_trail(me, NOW), "zh"))
    with console.look(NOW) as job:
        assert job.tx.trail.count(TrailFilter(what="directory.export", who="a center")) == len(Directory)
        assert job.tx.trail.count(TrailFilter(what="charges.export", who="a center")) == 1


def test_dates_of_several_zones_are_asked_about(console: Console) -> None:
    """A date is not the same stretch everywhere: choose a center, or ask by instants."""
    store = MemoryStore()
    data = worlds.shop()
    data["center"]["demo2"]["timezone"] = "Europe/London"
    me = worlds.caller(worlds.house(store, data=data), Role.ENTERPRISE)
    with pytest.raises(UsageError, match="E581"):
        charges.list_(me, NOW, period=DAY)
    assert charges.list_(me, NOW, period=DAY, center=DEMO).page.total == 0
    assert charges.list_(me, NOW, period=Period(start=CALLED, end=NOW)).page.total == 2
    with pytest.raises(UsageError, match="E589"):
        charges.list_(me, NOW, period=Period(first=date(2009, 1, 1), start=NOW))


def test_numbers_and_ids_are_found_as_people_type_them(console: Console) -> None:
    """A caller as it came or as anybody would write it; an agent in any case of letters; a phone with separators."""
    me = by(console, Role.CENTER)
    for typed in ("013900007777", "139-0000-7777", "+86 13900007777"):
        assert calls.list_(me, NOW, caller=typed).totals.lines == 3
        assert charges.list_(me, NOW, caller=typed).totals.calls == 3
    assert calls.list_(me, NOW, agent=AgentId("a1")).totals.lines == 2
    assert sessions.list_(me, NOW, agent=AgentId("a2")).totals.lines == 1
    assert calls.list_(me, NOW, phone="139 0000 0001", period=Period(start=CALLED)).totals.lines == 2
    assert rejected.list_(me, NOW, caller="13900009999").total == 1
    assert calls.list_(me, NOW, caller="anonymous").totals.lines == 0


def test_a_caller_is_found_as_it_came() -> None:
    """Callers are kept as they come; one that came without its 0 is found by what the list shows."""
    store = MemoryStore()
    worlds.house(store)
    with store.transaction() as tx:
        tx.records.add_call(changed(record(1, 5), caller="13900001111"))
    me = worlds.caller(Console(store), Role.CENTER)
    assert calls.list_(me, NOW, caller="13900001111").totals.lines == 1


def test_pages_of_records_lead_on_and_back(console: Console) -> None:
    """By number and by key, with the total of all of them."""
    me = by(console, Role.CENTER)
    first = calls.list_(me, NOW, Ask(size=3), period=DAY).page
    assert (first.total, first.is_first, first.number) == (8, True, 1)
    second = calls.list_(me, NOW, Ask(size=3, after=first.next_key), period=DAY).page
    assert second.rows == calls.list_(me, NOW, Ask(number=2, size=3), period=DAY).page.rows
    assert calls.list_(me, NOW, Ask(size=3, before=second.prev_key), period=DAY).page.rows == first.rows
    with pytest.raises(UsageError, match="E443"):
        calls.list_(me, NOW, Ask(after="nonsense"))
