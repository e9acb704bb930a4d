"""Whatever stands in a file, reading it gives a value or one error that both languages can say."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import given, strategies as st

from callcenter.errors import CallCenterError
from callcenter.files.changes import REMOVED, apply_change, dated
from callcenter.files.lines import path_text
from callcenter.files.scenario import read_scenario
from callcenter.files.shop import Shop, shop_of

HERE = Path(__file__).parent
SHOP_TEXT = (HERE / "every_key.toml").read_text(encoding="utf-8")
SCENARIO_TEXT = (HERE / "every_key_scenario.toml").read_text(encoding="utf-8")
DATA = tomllib.loads(SHOP_TEXT, parse_float=Decimal)
DAY = date(2009, 3, 4)

WORDS = st.sampled_from(
    ["", "1", "group:1", "menu:main", "return", "hangup", "tree:main", "-1", "NaN", "cn", "mon-fri", "09:00", "24:00"]
)
SCALARS = st.one_of(
    st.none().map(lambda _: datetime(2009, 1, 1, 12)),  # noqa: DTZ001 - TOML has local times
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.decimals(),
    st.floats(),
    st.dates(),
    st.text(max_size=12),
    WORDS,
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4) | WORDS, inner, max_size=3),
    max_leaves=6,
)


def spots(content: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    members = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, inner in members:
        yield from spots(inner, (*path, key))


SPOTS = list(spots(DATA))[1:]


def replaced(content: object, path: tuple[str | int, ...], junk: object) -> object:
    """Return a copy with junk at a path; junk put there before may end it earlier."""
    if not path:
        return junk
    if isinstance(content, dict):
        return {**content, path[0]: replaced(content.get(path[0]), path[1:], junk)}
    if isinstance(content, list):
        return [replaced(item, path[1:], junk) if index == path[0] else item for index, item in enumerate(content)]
    return junk


def one_error(error: CallCenterError) -> None:
    english, chinese = error.message("en"), error.message("zh")
    assert error.code in english
    assert error.code in chinese
    assert "→" in english
    assert "\n" not in english


def shop_or_error(data: dict[str, object], text: str = "") -> Shop | None:
    try:
        return shop_of(data, file="s.toml", text=text, today=DAY)
    except CallCenterError as error:
        one_error(error)
        return None


@given(st.lists(st.tuples(st.sampled_from(SPOTS), JUNK), min_size=1, max_size=3))
def test_a_shop_with_junk_in_it_is_read_or_refused(mutations: list[tuple[tuple[str | int, ...], object]]) -> None:
    """Any leaf or table replaced by anything: a shop or one error, never another exception."""
    data: object = DATA
    for path, junk in mutations:
        data = replaced(data, path, junk)
    assert isinstance(data, dict)
    shop = shop_or_error(data, SHOP_TEXT)
    if shop is not None:
        for center in shop.centers:
            assert shop.config(center).center.id == center


@given(st.sampled_from(SPOTS), st.sampled_from([REMOVED, "", 0, [], {}]))
def test_a_shop_with_a_key_taken_away_is_read_or_refused(path: tuple[str | int, ...], value: object) -> None:
    """Every key of the file, taken away or emptied by a change."""
    keys = [key for key in path if isinstance(key, str)]
    try:
        edited = apply_change(DATA, path_text(tuple(keys)), value)
    except CallCenterError as error:
        one_error(error)
        return
    shop = shop_or_error(edited)
    if shop is not None:
        assert shop_of(dated(edited, shop), file="s.toml", today=date(2011, 1, 1)) == shop


@given(st.data())
def test_a_text_with_letters_changed_is_read_or_refused(data: st.DataObject) -> None:
    """Lines taken away, letters changed: also what only the parser sees."""
    text = data.draw(st.sampled_from([SHOP_TEXT, SCENARIO_TEXT]))
    lines = text.split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        letter = data.draw(st.integers(0, len(lines[at])))
        piece = data.draw(st.sampled_from(["", "x", '"', "=", "[", "{", "1", "\x00", "é", ".", "#"]))
        lines[at] = lines[at][:letter] + piece + lines[at][letter + data.draw(st.integers(0, 3)) :]
    changed = "\n".join(lines)
    try:
        if text is SHOP_TEXT:
            shop_of(tomllib.loads(changed, parse_float=Decimal), file="s.toml", text=changed, today=DAY)
        else:
            read_scenario(changed, file="s.toml", load=lambda _: SHOP_TEXT)
    except CallCenterError as error:
        one_error(error)
    except tomllib.TOMLDecodeError:
        pass
