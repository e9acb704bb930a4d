"""A shop as edited: one key by its path, the rest untouched, a wrong path one clear error."""

from __future__ import annotations

import contextlib
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from callcenter.errors import FileError
from callcenter.files.changes import REMOVED, apply_change, dated, read_path
from callcenter.files.lines import path_text
from callcenter.files.shop import shop_of
from callcenter.model.directory import CenterStatus
from callcenter.model.ids import AgentId, CenterId, GroupId
from callcenter.model.tree import CallerClass

EVERY_KEY = (Path(__file__).parent / "every_key.toml").read_text(encoding="utf-8")
DATA = tomllib.loads(EVERY_KEY, parse_float=Decimal)
DAY = date(2009, 3, 4)


def test_a_key_is_replaced_and_the_rest_is_shared() -> None:
    """What was given is as it was; what is beside the path is the same object."""
    vip = [{"number": "013900002222", "name": "", "class": "honored"}]
    edited = apply_change(DATA, "center.demo.group.1.vip", vip)
    shop = shop_of(edited, file="change", today=DAY)
    group = shop.centers[CenterId("demo")].groups[GroupId("1")]
    assert [(each.number, each.caller_class) for each in group.vip] == [("013900002222", CallerClass.HONORED)]
    assert edited["ivr"] is DATA["ivr"]
    assert tomllib.loads(EVERY_KEY, parse_float=Decimal) == DATA


def test_a_table_is_added_with_those_on_the_way() -> None:
    """An agent where there were none yet."""
    agent = {"phone": "013900000005"}
    edited = apply_change(DATA, "center.plain.agent.X1", agent)
    shop = shop_of(edited, file="change", today=DAY)
    assert list(shop.centers[CenterId("plain")].agents) == ["X1"]


def test_a_key_is_removed_and_takes_its_default_again() -> None:
    """An absent key is an absent key."""
    shop = shop_of(apply_change(DATA, "center.demo.group.1.vip", REMOVED), file="change", today=DAY)
    assert shop.centers[CenterId("demo")].groups[GroupId("1")].vip == ()


def test_an_agent_is_found_in_any_case_of_letters() -> None:
    """As everywhere; a new one keeps the case that is written."""
    edited = apply_change(DATA, "center.demo.agent.cc1002.record", True)
    agents = shop_of(edited, file="change", today=DAY).centers[CenterId("demo")].agents
    assert agents[AgentId("CC1002")].record
    assert len(agents) == 2


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("center.demo", ("center", "demo")),
        ('center."a.b".rate', ("center", "a.b", "rate")),
        ("center.'a\"b'.rate", ("center", 'a"b', "rate")),
        ('center . "a\\"b\\\\" . rate', ("center", 'a"b\\', "rate")),
        ('center."".x', ("center", "", "x")),
    ],
)
def test_paths_are_written_as_in_toml(path: str, keys: tuple[str, ...]) -> None:
    """Bare keys, both kinds of quotes, blanks around the dots."""
    assert read_path(path) == keys


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), min_size=1, max_size=6))
def test_a_path_that_was_written_is_read_back(keys: list[str]) -> None:
    """``read_path(path_text(keys)) == keys``."""
    assert read_path(path_text(tuple(keys))) == tuple(keys)


@given(st.text(alphabet="ab.\"' \\\n[", max_size=12))
def test_any_text_is_a_path_or_one_error(text: str) -> None:
    """Never another exception, and never an empty path."""
    with contextlib.suppress(FileError):
        assert read_path(text)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("", 1, "E140"),
        ("center..demo", 1, "E140"),
        ("center.demo.", 1, "E140"),
        (".center", 1, "E140"),
        ("center.demo.group[0]", 1, "E140"),
        ("x" * 1000, 1, "E140"),
        ("call.1", 1, "E107"),
        ("centre.demo.rate", 1, "E107"),
        ("center.demo.access_number.x", 1, "E142"),
        ("center.demo.blacklist.number", 1, "E142"),
        ("center.demo.group.99", REMOVED, "E107"),
        ("center.nobody.group.1", REMOVED, "E107"),
    ],
)
def test_a_wrong_path_is_one_error(path: str, value: object, code: str) -> None:
    """With the place where the change is written, in both languages."""
    with pytest.raises(FileError) as caught:
        apply_change(DATA, path, value, place="s.toml change[0]")
    assert (caught.value.code, caught.value.place) == (code, "s.toml change[0]")
    assert caught.value.message("zh") != caught.value.message("en")


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("center.demo.group.1.vip", 3, "E102"),
        ("center.demo.group.2", REMOVED, "E107"),
        ("center.demo.access_number", REMOVED, "E103"),
        ("center.demo.colour", "red", "E101"),
        ("schema", 2, "E113"),
        ("center.demo", 7, "E102"),
        ("center", REMOVED, None),
        ("rate.flat12", REMOVED, "E107"),
    ],
)
def test_what_makes_the_shop_wrong_is_refused_by_reading_it(path: str, value: object, code: str | None) -> None:
    """The whole is read again; a place without a line names the path."""
    edited = apply_change(DATA, path, value)
    if code is None:
        assert shop_of(edited, file="change", today=DAY).centers == {}
        return
    with pytest.raises(FileError) as caught:
        shop_of(edited, file="change", today=DAY)
    assert caught.value.code == code


def test_dates_of_the_day_of_loading_stay() -> None:
    """A shop read again on a later day has the same first and last days."""
    data = apply_change(DATA, "center.plain.status", "closed")
    first = shop_of(data, file="s", today=DAY)
    assert first.centers[CenterId("plain")].created == first.centers[CenterId("plain")].closed == DAY
    again = shop_of(dated(data, first), file="s", today=date(2010, 1, 1))
    assert again == first
    plain = again.centers[CenterId("plain")]
    assert (plain.status, plain.created, plain.closed) == (CenterStatus.CLOSED, DAY, DAY)
