"""A thousand malformed inputs over all use cases: a refusal with a code, or exactly what was given is kept; none is slow."""

from __future__ import annotations

import inspect
import json
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.admin import worlds
from tests.admin.hostile import THINGS, calls
from tests.admin.keys import KEYS
from tests.admin.worlds import NOW
from tests.store.shelf import folder
from tests.tiers import tier

from callcenter.admin import Ask, Console, usecase
from callcenter.admin.policy import Effect
from callcenter.admin.services import Services
from callcenter.admin.usecase import UseCase
from callcenter.errors import CallCenterError
from callcenter.ports_people import Role, TrailFilter, first_flaw
from callcenter.store import MemoryStore, SqliteStore
from callcenter.store.memory_voice import MemoryVoiceFiles

worlds.import_all()
CASES: dict[str, Any] = dict(usecase.registered())
ROOMS = sorted({action.partition(".")[0] for action in CASES})
EACH = tier(6, 12, 1200)
SEED = 7
SLOWEST_S = 0.5
"""Of the processor's time; ten times what is promised, for a machine that is at something else."""
KEPT = ("name", "note", "reason")


def texts_in(found: object) -> Iterator[str]:
    """Yield every text in plain data."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for key, content in found.items():
            yield key
            yield from texts_in(content)
    elif isinstance(found, list | tuple):
        for each in found:
            yield from texts_in(each)


@pytest.mark.parametrize("room", ROOMS)
def test_whatever_comes_in_is_refused_by_a_code_or_kept_as_it_is(room: str) -> None:
    """Formula cells, RTL, NUL, lone surrogates, ten megabytes, huge numbers, NaN, deep lists: in the place of anything."""
    with folder() as place:
        store = SqliteStore(str(place / "house.sqlite"))
        worlds.house(store)
        try_all(room, Console(store, services=Services(voices=MemoryVoiceFiles())))
        copy = MemoryStore()
        copy.load(store.dump())
        assert copy.dump() == store.dump()
        store.close()


def try_all(room: str, console: Console) -> None:
    """Let somebody of the platform give all use cases of a room what does not belong there."""
    me = worlds.caller(console, Role.PLATFORM)
    refused = set()
    for action in (action for action in CASES if action.startswith(f"{room}.")):
        for given, named in calls(CASES[action], random.Random(f"{action} {SEED}"), EACH):
            begun = time.process_time()
            refusal = refusal_of(CASES[action], me, given, named)
            assert time.process_time() - begun < SLOWEST_S, (action, str(given)[:80], str(named)[:80])
            if refusal is None:
                assert_kept(console, action, [named[name] for name in KEPT if isinstance(named.get(name), str)])
            else:
                refused.add(refusal.code)
                assert refusal.code in refusal.message("zh")
                assert len(refusal.message("en")) < 20_000
    assert refused
    with console.look(NOW) as job:
        assert job.shop.centers
        assert first_flaw(job.tx.trail.since(0, 100_000)) is None


def refusal_of(case: Any, me: Any, given: Any, named: Any) -> CallCenterError | None:
    """Return how a call is refused, or None; any other error than ours goes up and fails the test."""
    try:
        case(me, NOW, *given, **named)
    except CallCenterError as error:
        return error
    return None


def assert_kept(console: Console, action: str, said: list[str]) -> None:
    """Check that texts that were taken stand somewhere as they were given."""
    if console.policy[action].effect is not Effect.CHANGE:
        return
    with console.look(NOW) as job:
        row = job.tx.trail.rows(TrailFilter(), 1)[0].act
        people = job.tx.people.log_ins()
        there = {row.reason, row.target.partition(":")[2], *(login.name for login in people), *texts_in(job.data)}
        there |= set(texts_in([json.loads(text) if text.startswith("{") else text for text in (row.before, row.after)]))
    assert row.what == action
    assert {text for text in said if text} <= there | {text.strip() for text in said if text.strip() in there}


def test_a_key_that_no_page_gave_is_refused_or_leads_nowhere() -> None:
    """For every list: huge numbers, NUL and surrogates in a key come to no store."""
    asks = [thing for thing in THINGS if isinstance(thing, Ask) and (thing.after or thing.before)]
    lists = [case for case in CASES.values() if "ask" in inspect.signature(case.__wrapped__).parameters]
    codes = set()
    with folder() as place:
        store = SqliteStore(str(place / "house.sqlite"))
        worlds.house(store)
        me = worlds.caller(Console(store, services=Services(voices=MemoryVoiceFiles())), Role.PLATFORM)
        for case in lists:
            keys = [next(key for key, node in KEYS[case.kind.word] if node)] if isinstance(case, UseCase) else []
            for ask in asks:
                refusal = refusal_of(case, me, (*keys, ask), {})
                codes.add(None if refusal is None else refusal.code)
        store.close()
    assert len(lists) > 15
    assert codes <= {None, "E443", "E555"}
    assert "E443" in codes


def test_there_are_a_thousand_of_them() -> None:
    """With the build machine's count for each use case."""
    assert len(CASES) * 12 >= 1000
