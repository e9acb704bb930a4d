"""The tables of the consoles: public columns, local times, totals of the guide."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, strategies as st
from tests.reports.guide_day import CENTER, FEN, SECONDS, ZONE, at, charge_lines

from callcenter.model.directory import CallCenter
from callcenter.model.ids import AgentId, CallId, CenterId, GroupId
from callcenter.model.money import Money, fen
from callcenter.model.records import CallRecord, Party, PartyKind, RecordOutcome, WorkSession
from callcenter.model.times import SECOND, Duration, Instant
from callcenter.model.tree import HANGUP, CallerClass
from callcenter.reports import lists
from callcenter.reports.table import (
    Column,
    Form,
    Table,
    aligned,
    csv_text,
    json_rows,
    plain_lines,
    seconds_text,
    width,
)

ZONES = {CENTER: ZONE}


def record(wait: int, outcome: RecordOutcome) -> CallRecord:
    missed = outcome is RecordOutcome.MISSED
    start = at("10:00:00")
    return CallRecord(
        center=CENTER,
        call=CallId("c1"),
        ref="r1",
        access_number="95990001",
        caller="013900001101",
        name="",
        caller_class=CallerClass.VIP,
        group=GroupId("1"),
        party=None if missed else Party(kind=PartyKind.AGENT, id="CC1001"),
        phone="" if missed else "013900000001",
        outcome=outcome,
        reason="abandoned" if missed else "",
        queued_at=start,
        answered_at=None if missed else Instant(start + wait * SECOND),
        ended_at=Instant(start + (wait + 60) * SECOND),
        wait=Duration(wait * SECOND),
        talk=Duration(0 if missed else 60 * SECOND),
    )


def test_the_charge_detail_of_the_guides_day() -> None:
    """G1: nine lines, eight calls, 1994 s, 444.00 fen; the rent line adds no seconds and shows the access number."""
    table = lists.charges(charge_lines(), ZONES)
    rows = json_rows(table)
    assert [(row["seconds"], row["fen"]) for row in rows[1:]] == list(zip(SECONDS, FEN, strict=True))
    assert rows[0] == {
        "key": "rent:demo:2008-12-29",
        "kind": "rent",
        "caller": "",
        "access_number": "95990001",
        "agent_phone": "95990001",
        "ring_at": None,
        "answered_at": None,
        "ended_at": "2008-12-29 03:00:00",
        "seconds": 0,
        "fen": "0.00",
    }
    assert plain_lines(table, "en")[-1] == "8 calls · 1994 s · 444.00 fen = 4.44 yuan · centers: 1"


def test_charges_as_csv_have_the_public_columns() -> None:
    """What is missing is empty, times are local and cut to the second, money has two decimals."""
    rows = list(csv.DictReader(io.StringIO(csv_text(lists.charges(charge_lines(), ZONES)))))
    names = "key kind caller access_number agent_phone ring_at answered_at ended_at seconds fen"
    assert list(rows[0]) == names.split()
    assert rows[0]["ring_at"] == ""
    assert rows[-1]["answered_at"] == "2008-12-29 17:39:27"
    assert rows[-1]["fen"] == "12.00"


def test_statistics_count_call_lines_only() -> None:
    """The rent line is no call; the phone of CC1004 talked twice."""
    rows = json_rows(lists.stats(charge_lines()))
    assert sum(row["calls"] for row in rows) == 8
    assert {
        "access_number": "95990001",
        "agent_phone": "013900000004",
        "calls": 2,
        "seconds": 392,
        "fen": "84.00",
    } in rows


def test_call_records_total_answered_missed_wait_and_talk() -> None:
    """The guide's waits 17, 81, 22, 23, 30, 63, 29, 13 are 278 with 7 answered and 1 missed."""
    waits = (17, 81, 22, 23, 30, 63, 29, 13)
    outcomes = [RecordOutcome.MISSED, *[RecordOutcome.ANSWERED] * 7]
    table = lists.calls([record(wait, outcome) for wait, outcome in zip(waits, outcomes, strict=True)], ZONES)
    assert plain_lines(table, "en")[-1] == "7 answered · 1 missed · wait 278.000 s · talk 420.000 s"
    first, second = json_rows(table)[:2]
    assert (first["outcome"], first["agent"], first["answered_at"], first["wait_s"]) == ("missed", "", None, 17.0)
    assert (second["class"], second["agent"], second["talk_s"]) == ("vip", "CC1001", 60.0)


def test_sessions_total_agents_groups_and_every_part() -> None:
    """One agent with two log-ins in two groups is one agent."""
    session = WorkSession(
        center=CENTER,
        agent=AgentId("CC1001"),
        phone="013900000001",
        groups=(GroupId("1"), GroupId("2")),
        login_at=at("09:00:00"),
        logout_at=None,
        address="",
        answered=2,
        missed=1,
        ready=Duration(10 * SECOND),
        not_ready=Duration(5 * SECOND),
        ringing=Duration(1_500_000),
        talking=Duration(0),
        wrap_up=Duration(0),
    )
    table = lists.sessions([session, session], ZONES)
    assert plain_lines(table, "en")[-1] == (
        "1 agents · 2 groups · 4 answered · 2 missed · ready 20.000 s · not ready 10.000 s · ringing 3.000 s · "
        "talking 0.000 s · wrap-up 0.000 s"
    )
    assert json_rows(table)[0]["ringing_s"] == 1.5
    assert json_rows(table)[0]["logout_at"] is None


def test_a_balance_shows_what_calls_may_still_use() -> None:
    """Available is balance + limit - holds."""
    center = CallCenter(id=CenterId("demo"), access_number="95990001", ivr=HANGUP, credit_limit=fen(100))
    standing = lists.Standing(center=center, balance=fen("50.00"), held=fen("120.00"), arrears=False)
    assert json_rows(lists.balances([standing])) == [
        {
            "center": "demo",
            "status": "active",
            "balance_fen": "50.00",
            "held_fen": "120.00",
            "credit_limit_fen": "100.00",
            "available_fen": "30.00",
            "arrears": "no",
        }
    ]


def test_an_empty_report_says_so() -> None:
    """Nothing in a range is no table of nothing, and has no totals; as CSV it is a header."""
    table = lists.charges([], ZONES)
    assert plain_lines(table, "en") == ["Charge detail", "nothing in this range"]
    assert csv_text(table).count("\n") == 1


def test_columns_stand_under_each_other_also_in_chinese() -> None:
    """A Chinese sign takes two cells of a terminal."""
    lines = aligned([["业务", "1"], ["x", "23"]], [False, True])
    assert lines == ["业务   1", "x     23"]
    assert width("业务x") == 5


@given(st.lists(st.tuples(st.text(), st.integers(), st.integers(0, 10**15)), max_size=5))
def test_csv_can_be_read_back(rows: list[tuple[str, int, int]]) -> None:
    """Whatever a name contains, the CSV has its cells again."""
    table = Table(
        name="charges",
        columns=(Column(name="name"), Column(name="fen", form=Form.MONEY), Column(name="wait_s", form=Form.LENGTH)),
        rows=tuple((name, Money(hao), length) for name, hao, length in rows),
    )
    read = list(csv.reader(io.StringIO(csv_text(table), newline="")))[1:]
    assert read == [[name, str(Money(hao)), seconds_text(length)] for name, hao, length in rows]


@pytest.mark.parametrize(("length", "text"), [(0, "0.000"), (499, "0.000"), (500, "0.001"), (13_000_000, "13.000")])
def test_seconds_have_three_decimals(length: int, text: str) -> None:
    """To the nearest thousandth, exact for whole milliseconds."""
    assert seconds_text(length) == text
