"""What the shipped strategies draw could be real: the reader of shop files, the engine and the codec take all of it."""

from __future__ import annotations

import json
from datetime import date
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from tests.testing.shop_writer import written, written_tree

from callcenter.billing.plans import RatePlan
from callcenter.billing.usage import Usage
from callcenter.billing.validate import checked
from callcenter.engine import Engine
from callcenter.files.shop import shop_of
from callcenter.model import commands, directory, events, facts, hours, ids, records, tree
from callcenter.model.codec import decode, decode_any, encode
from callcenter.model.directory import CenterConfig
from callcenter.model.events import Event
from callcenter.model.facts import Fact
from callcenter.model.money import Money, fen
from callcenter.model.numbers import matched, normal
from callcenter.model.records import CallRecord, ChargeKind, ChargeLine, RecordOutcome, Talk, WorkSession
from callcenter.model.times import Instant, Zone, parse_instant
from callcenter.model.tree import IvrTree, Target, parse_target
from callcenter.testing import strategies
from callcenter.testing._register import values_of

MODULES: tuple[ModuleType, ...] = (hours, tree, directory, events, commands, facts, records)
VALUES = [cls for module in MODULES for cls in values_of(module)]
FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
"""Whole centers take a while to draw."""


def test_every_value_of_the_model_is_looked_at() -> None:
    """A new module of values is a new line above."""
    assert len(VALUES) > 100
    assert {CenterConfig, CallRecord, events.CallOffered, facts.CallEnded, commands.Dial} <= set(VALUES)


@pytest.mark.parametrize("cls", VALUES, ids=lambda cls: f"{cls.__module__.rpartition('.')[2]}.{cls.__name__}")
@given(data=st.data())
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
def test_what_is_encoded_is_decoded_to_the_same(cls: type[Any], data: st.DataObject) -> None:
    """JSON of a value and back is the value, for each class of the model."""
    item = data.draw(st.from_type(cls))
    text = json.dumps(encode(cls, item), ensure_ascii=False, allow_nan=False)
    text.encode()  # no lone surrogate
    again = decode(cls, json.loads(text))
    assert again == item
    assert hash(again) == hash(item)


@given(st.from_type(Event), st.from_type(Fact))  # type: ignore[arg-type] # hypothesis takes unions, its hints do not
def test_unions_tell_their_members_apart(event: Event, fact: Fact) -> None:
    """A journal holds events of all classes, a trace facts of all classes."""
    for hint, item in ((Event, event), (Fact, fact)):
        again = decode_any(hint, json.loads(json.dumps(encode(hint, item))))
        assert again == item
        assert type(again) is type(item)


@given(st.from_type(CenterConfig))
@FEW
def test_a_drawn_center_is_one_that_a_shop_file_could_hold(config: CenterConfig) -> None:
    """Written as a shop file it is read back as it was: every name is there, no circle, nothing out of bounds."""
    shop = shop_of(written(config), file="drawn.toml", today=date(2009, 1, 1))
    assert shop.centers[config.center.id] == config.center
    assert shop.trees == config.trees


@given(st.from_type(IvrTree))
@FEW
def test_a_drawn_tree_stands_alone(drawn: IvrTree) -> None:
    """A tree by itself names nothing outside itself but numbers."""
    shop = shop_of({"schema": 1, "ivr": {drawn.name: written_tree(drawn)}}, file="drawn.toml", today=date(2009, 1, 1))
    assert shop.trees == {drawn.name: drawn}


@given(st.from_type(CenterConfig), st.lists(st.from_type(Event), max_size=6))  # type: ignore[arg-type] # see above
@FEW
def test_an_engine_takes_any_center_and_any_events(config: CenterConfig, drawn: list[Event]) -> None:
    """An engine is total: it builds from any center, and no event, however wild, raises or changes a value."""
    before = hash(config), encode(CenterConfig, config), [hash(event) for event in drawn]
    engine = Engine(config)
    for event in drawn:
        outcome = engine.handle(event)
        for fact in outcome.facts:
            hash(fact)
    assert (hash(config), encode(CenterConfig, config), [hash(event) for event in drawn]) == before


@given(st.from_type(Money), st.from_type(ids.AgentId), st.from_type(Instant), st.from_type(Zone))
def test_words_are_what_they_say(amount: Money, agent: str, at: Instant, where: Zone) -> None:
    """What is printed can be read back, an id can be written in a target, an instant has a local time."""
    assert fen(str(amount)) == amount
    found = parse_target(f"agent:{agent}")
    assert found is not None
    assert found.name == agent
    assert parse_instant(where.isoformat(at)) == at


@given(strategies.phone_numbers(), strategies.caller_numbers())
def test_phones_are_in_their_normal_form_and_callers_may_be_anybody(phone: str, caller: str) -> None:
    """A phone needs no correction; a caller's number is carried as it came and never refused (K7)."""
    assert normal(phone) == phone
    assert matched(matched(caller)) == matched(caller)


@given(st.from_type(Target))
def test_a_target_is_one_that_can_be_written(target: Target) -> None:
    """Its text says the same target."""
    assert parse_target(str(target)) == target


@given(st.from_type(RatePlan), st.from_type(Usage))
def test_plans_and_usages_are_drawn_by_their_type(plan: RatePlan, usage: Usage) -> None:
    """A drawn plan is a checked one; a longer call never costs less (the README's law)."""
    checked(plan)
    seconds = usage.ended_at - usage.answered_at if usage.ended_at and usage.answered_at else 0
    assert plan.charge(seconds // 10**6) <= plan.charge(seconds // 10**6 + 1)


@given(st.from_type(Talk), st.from_type(CallRecord), st.from_type(WorkSession), st.from_type(ChargeLine))
def test_records_tell_one_story(talk: Talk, record: CallRecord, session: WorkSession, line: ChargeLine) -> None:
    """Times follow each other, parts add up, and only what was answered has a party."""
    assert talk.ring_at <= talk.answered_at <= talk.ended_at
    assert record.ended_at == record.queued_at + record.wait + record.talk
    assert (record.party is None) == (record.outcome is RecordOutcome.MISSED) == (record.answered_at is None)
    parts = session.ready + session.not_ready + session.ringing + session.talking + session.wrap_up
    assert session.logout_at in {None, session.login_at + parts}
    assert sum(length for _, length in session.reasons) == session.not_ready
    assert (line.kind is ChargeKind.CALL) == (line.answered_at is not None)
