"""A trace has one line for each fact, with the keys of the format and exact numbers."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from callcenter.model import facts
from callcenter.model.commands import ScreenPop
from callcenter.model.events import Cause
from callcenter.model.ids import AgentId, CallId, GroupId, OfferId, PromptName, RecordingId, VoicemailName
from callcenter.model.money import fen
from callcenter.model.records import Party, PartyKind
from callcenter.model.times import SECOND, Instant, seconds
from callcenter.model.tree import CallerClass, Target, TargetKind
from callcenter.reports import trace

START = Instant(1_000 * SECOND)
AT = Instant(START + 2_500_000)
CALL = CallId("c1")
ANN = AgentId("CC1001")
AGENT = Party(kind=PartyKind.AGENT, id="CC1001")
EXTENSION = Party(kind=PartyKind.EXTENSION, id="801")
NUMBER = Party(kind=PartyKind.NUMBER, id="02855500099")
POP = ScreenPop(
    call=CALL,
    offer=OfferId("c1/O1"),
    caller="02855500001",
    caller_class=CallerClass.VIP,
    name="某某公司",
    group=GroupId("1"),
    path=("main:1",),
    wait=seconds(4),
)

LINES = [
    (
        facts.CallOffered(at=START, call=CALL, caller="02855500001", dialled="95990001"),
        '{"t": 0.000, "fact": "call_offered", "call": "c1", "caller": "02855500001", "dialled": "95990001"}',
    ),
    (
        facts.Digits(
            at=AT,
            call=CALL,
            menu="main",
            digits="804",
            outcome=facts.DigitsOutcome.MATCH,
            target=Target(kind=TargetKind.EXTENSION, name="804"),
        ),
        (
            '{"t": 2.500, "fact": "digits", "call": "c1", "menu": "main", "digits": "804", "outcome": "match", '
            '"target": "extension:804"}'
        ),
    ),
    (
        facts.Digits(at=AT, call=CALL, menu="main", digits="", outcome=facts.DigitsOutcome.NOINPUT, target=None),
        (
            '{"t": 2.500, "fact": "digits", "call": "c1", "menu": "main", "digits": "", "outcome": "noinput", '
            '"target": null}'
        ),
    ),
    (
        facts.Queued(at=AT, call=CALL, group=GroupId("1"), position=2, caller_class=CallerClass.HONORED),
        '{"t": 2.500, "fact": "queued", "call": "c1", "group": "1", "position": 2, "class": "honored"}',
    ),
    (
        facts.OfferEnded(
            at=AT,
            call=CALL,
            offer=OfferId("o"),
            party=EXTENSION,
            outcome=facts.OfferOutcome.BUSY,
            cause=Cause.BUSY,
        ),
        (
            '{"t": 2.500, "fact": "offer_ended", "call": "c1", "offer": "o", "extension": "801", "outcome": "busy", '
            '"cause": "busy"}'
        ),
    ),
    (
        facts.Connected(at=AT, call=CALL, party=NUMBER, wait=seconds(81.5)),
        '{"t": 2.500, "fact": "connected", "call": "c1", "number": "02855500099", "wait_s": 81.500}',
    ),
    (
        facts.AgentState(at=AT, agent=ANN, state=facts.AgentPhase.WRAP_UP, reason=""),
        '{"t": 2.500, "fact": "agent_state", "agent": "CC1001", "state": "wrap_up", "reason": ""}',
    ),
    (
        facts.ScreenPopped(at=AT, agent=ANN, pop=POP),
        (
            '{"t": 2.500, "fact": "screen_pop", "call": "c1", "agent": "CC1001", "caller": "02855500001", '
            '"class": "vip", "name": "某某公司", "group": "1", "path": ["main:1"], "wait_s": 4.000}'
        ),
    ),
    (
        facts.Announced(at=AT, call=CALL, group=GroupId("1"), position=3, estimate=None),
        '{"t": 2.500, "fact": "announced", "call": "c1", "group": "1", "position": 3, "estimate_s": null}',
    ),
    (
        facts.VoicemailLeft(
            at=AT, call=CALL, box=VoicemailName("night"), length=seconds(12), recording=RecordingId("r")
        ),
        '{"t": 2.500, "fact": "voicemail_left", "call": "c1", "box": "night", "seconds": 12.000, "recording": "r"}',
    ),
    (
        facts.Charged(at=AT, call=CALL, seconds=37, amount=fen("12.00")),
        '{"t": 2.500, "fact": "charged", "call": "c1", "seconds": 37, "fen": "12.00"}',
    ),
    (
        facts.Posted(at=AT, key="rent:demo:2008-12-29", kind="rent", amount=fen("986.30")),
        '{"t": 2.500, "fact": "posted", "key": "rent:demo:2008-12-29", "kind": "rent", "fen": "986.30"}',
    ),
    (
        facts.PromptMissing(at=AT, call=CALL, prompt=PromptName('a"b.wav')),
        '{"t": 2.500, "fact": "prompt_missing", "call": "c1", "prompt": "a\\"b.wav"}',
    ),
]


@pytest.mark.parametrize(("fact", "line"), LINES, ids=[type(fact).__name__ for fact, _ in LINES])
def test_a_line_is_what_the_format_says(fact: facts.Fact, line: str) -> None:
    """Keys in their order, three decimals of seconds, money as text in fen, Chinese as it is."""
    assert trace.line(fact, START) == line
    assert trace.row(fact, START) == json.loads(line)


def test_every_fact_has_a_line_but_those_that_only_carry_a_record() -> None:
    """No fact is forgotten when one is added to the vocabulary."""
    unshown = {facts.VisitEnded, facts.SessionEnded, facts.BalanceAlert}
    assert set(get_args(facts.Fact)) == trace.SHOWN | unshown


def test_seconds_are_rounded_to_the_nearest_thousandth() -> None:
    """Whole milliseconds are exact; a half goes up."""
    charged = facts.CallAnswered(at=Instant(START + 1_234_500), call=CALL)
    assert trace.row(charged, START)["t"] == 1.235
    assert trace.row(charged, Instant(START + 2_000_000))["t"] == -0.766
