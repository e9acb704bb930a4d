"""What a use case is given is what its annotations say: looked at for what it is, and for what it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Literal

import pytest
from tests.admin import worlds
from tests.admin.worlds import NOW, group

from callcenter.admin import Ask, arguments, usecase, vips
from callcenter.admin.looking import Period
from callcenter.admin.tenants import GroupRef
from callcenter.admin.things import VipRef
from callcenter.errors import UsageError
from callcenter.model.directory import AgentStatus, Member
from callcenter.model.ids import AgentId, CenterId, GroupId
from callcenter.model.money import Money, fen
from callcenter.model.times import Instant
from callcenter.ports_people import Role

MIXED: Any = (Member(agent=AgentId("A1")), "A2")
WRONG_INSIDE: Any = VipRef(group=GroupRef(center=CenterId("demo"), group=5), number="x")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("item", "wanted", "right"),
    [
        (1, int, True),
        (True, int, False),
        (1.0, int, False),
        (True, bool, True),
        (1, bool, False),
        ("x", str, True),
        (b"x", str, False),
        ("demo", CenterId, True),
        (5, CenterId, False),
        (5, Instant, True),
        (None, CenterId | None, True),
        (5, CenterId | None, False),
        (date(2009, 1, 1), date, True),
        (datetime(2009, 1, 1, tzinfo=UTC), date, False),
        ("en", Literal["en", "zh"], True),
        ("de", Literal["en", "zh"], False),
        ("active", AgentStatus, False),
        (AgentStatus.ACTIVE, AgentStatus, True),
        (fen(1), Money, True),
        (100, Money, False),
        ((), tuple[Member, ...], True),
        (MIXED, tuple[Member, ...], False),
        ([], tuple[Member, ...], False),
        (("a", 1), tuple[str, int], True),
        (("a",), tuple[str, int], False),
        ({"a": 1}, Mapping[str, int], True),
        ({1: 1}, Mapping[str, int], False),
        (frozenset({"x"}), frozenset[GroupId], True),
        (frozenset({5}), frozenset[GroupId], False),
        (iter([5]), Iterable[bytes], True),
        (object(), Any, True),
        (Period(first=date(2009, 1, 1)), Period, True),
        (Period(first="2009-01-01"), Period, False),  # type: ignore[arg-type]
        (WRONG_INSIDE, VipRef, False),
        (Ask(), Ask, True),
    ],
)
def test_something_is_what_an_annotation_says(item: Any, wanted: Any, right: bool) -> None:
    """True is no number, a moment is no date, a text is no enum; a stream is not read to see what comes."""
    assert arguments.fits(item, wanted) is right


def test_a_misfit_is_named_and_nothing_runs() -> None:
    """With the name of the argument and what it should be, never with what was given; a change leaves no row of it."""
    console = worlds.house()
    me = worlds.caller(console, Role.CENTER)
    key = VipRef(group=group("demo", "1"), number="013900001111")
    wrong: Any = {"secret": "hunter2"}
    with pytest.raises(UsageError) as caught:
        vips.add(me, NOW, key, name=wrong)
    assert caught.value.code == "E589"
    assert "name must be str" in caught.value.message()
    assert "hunter2" not in caught.value.message() + caught.value.message("zh")
    wrong_key: Any = WRONG_INSIDE
    with pytest.raises(UsageError, match="E589"):
        vips.remove(me, NOW, wrong_key)
    with console.look(NOW) as job:
        assert job.tx.trail.last() is None


def test_every_use_case_tells_what_it_wants() -> None:
    """No parameter is without an annotation that can be looked at."""
    worlds.import_all()
    for action, case in usecase.registered():
        assert Any not in {hint for name, hint in case.shape.wanted.items() if name != "data"}, action
