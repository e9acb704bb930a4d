"""The strict reader: every type, every refusal with its place, and no key ignored."""

from __future__ import annotations

import enum
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, strategies as st

from callcenter.errors import FileError
from callcenter.files.reader import MAX_BYTES, Table, read_toml
from callcenter.model.money import fen
from callcenter.model.times import Duration, parse_instant


class Colour(enum.Enum):
    RED = "red"
    GREEN = "green"


def root(text: str) -> Table:
    return read_toml(text, "shop.toml")


def refusal(read: Callable[[], object]) -> FileError:
    with pytest.raises(FileError) as caught:
        read()
    assert caught.value.message("zh")
    return caught.value


def test_each_type_is_read_as_written() -> None:
    """Keys come out as values of the model, exactly."""
    table = root(
        'a = "x"\nb = true\nc = 7\nd = 0.1\ne = "12.5"\nf = "2009-01-01"\ng = 2009-01-01\n'
        'h = "2008-12-29T10:00:00+08:00"\ni = "green"\nj = ["p", "q"]\nk = { z = 1 }\nl = 2008-12-29T02:00:00Z\n'
    )
    assert (table.text("a"), table.flag("b"), table.whole("c")) == ("x", True, 7)
    assert table.seconds("d") == Duration(100_000)
    assert table.money("e") == fen("12.50")
    assert table.date("f") == table.date("g") == date(2009, 1, 1)
    assert table.instant("h") == table.instant("l") == parse_instant("2008-12-29T10:00:00+08:00")
    assert table.choice("i", Colour) is Colour.GREEN
    assert table.texts("j") == ("p", "q")
    assert table.table("k").whole("z") == 1
    table.done()


def test_an_absent_key_takes_its_default() -> None:
    """A default may be None; a key without one is missing, with an example."""
    table = root("[x]\n")
    assert table.text("a", "d") == "d"
    assert table.money("b", None) is None
    assert table.rows("rows") == ()
    assert table.tables("none") == {}
    error = refusal(lambda: table.table("x").money("fee"))
    assert (error.code, error.place) == ("E103", "shop.toml:1 x")
    assert '"12.00"' in error.hint()


@pytest.mark.parametrize(
    ("line", "read", "code"),
    [
        ("k = 1", lambda t: t.text("k"), "E102"),
        ('k = "1"', lambda t: t.whole("k"), "E102"),
        ("k = true", lambda t: t.whole("k"), "E102"),
        ("k = true", lambda t: t.number("k"), "E102"),
        ("k = 1.0", lambda t: t.whole("k"), "E102"),
        ("k = 1", lambda t: t.flag("k"), "E102"),
        ("k = -1", lambda t: t.whole("k"), "E105"),
        ("k = 11", lambda t: t.whole("k", high=10), "E105"),
        ("k = -0.5", lambda t: t.seconds("k"), "E105"),
        ("k = 1e400", lambda t: t.seconds("k"), "E105"),
        ("k = 1e-400", lambda t: t.seconds("k"), "E105"),
        ("k = nan", lambda t: t.seconds("k"), "E114"),
        ("k = -inf", lambda t: t.number("k"), "E114"),
        ("k = 12", lambda t: t.money("k"), "E115"),
        ("k = 1.5", lambda t: t.money("k"), "E115"),
        ("k = nan", lambda t: t.money("k"), "E115"),
        ("k = true", lambda t: t.money("k"), "E102"),
        ('k = "1.234"', lambda t: t.money("k"), "E104"),
        ('k = "NaN"', lambda t: t.money("k"), "E104"),
        ('k = "-1"', lambda t: t.money("k"), "E105"),
        ('k = "2009-02-30"', lambda t: t.date("k"), "E104"),
        ('k = "2009-01-01T00:00:00"', lambda t: t.instant("k"), "E104"),
        ("k = 2009-01-01T00:00:00", lambda t: t.instant("k"), "E104"),
        ('k = "rde"', lambda t: t.choice("k", Colour), "E106"),
        ("k = 1", lambda t: t.table("k"), "E102"),
        ("k = 1", lambda t: t.items("k"), "E102"),
        ('k = ["a", 1]', lambda t: t.texts("k"), "E102"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(line: str, read: Callable[[Table], object], code: str) -> None:
    """A wrong type, range or word names line and path, in both languages."""
    error = refusal(lambda: read(root(f"# first\n[t]\n{line}\n").table("t")))
    assert error.code == code
    assert error.place.startswith("shop.toml:3 t.k")


def test_an_unknown_key_is_refused_with_the_nearest() -> None:
    """A misspelt key is never ignored."""
    table = root("[rate.x]\ntimezon = 1\n").tables("rate")["x"]
    table.text("timezone", "")
    error = refusal(table.done)
    assert (error.code, error.place) == ("E101", "shop.toml:2 rate.x.timezon")
    assert "timezone" in error.hint()


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        ("a = \n", "E108", "s.toml:1"),
        ("a = 1\na = 2\n", "E109", "s.toml:2"),
        ("[a]\n[a]\n", "E109", "s.toml:2"),
        ("a = { b = 1, b = 2 }\n", "E109", "s.toml:1"),
        (b"a = '\xff'\n", "E111", "s.toml"),
        (b"#" * (MAX_BYTES + 1), "E110", "s.toml"),
        ("a = " + "[" * 9000 + "]" * 9000, "E112", "s.toml"),
        (".".join("a" * 40) + " = 1", "E112", "s.toml"),
        ("a = " + "9" * 5000, "E108", "s.toml"),
        ('a = "', "E108", "s.toml"),
    ],
)
def test_a_text_that_is_no_toml_is_one_error(content: str | bytes, code: str, place: str) -> None:
    """Bad bytes, bad syntax, size and depth: one clear error, no traceback of the parser."""
    error = refusal(lambda: read_toml(content, "s.toml"))
    assert (error.code, error.place) == (code, place)


def test_the_line_is_found_wherever_the_key_stands() -> None:
    """Dotted keys, quoted keys, lists over several lines, tables in lists: the line is that of the key."""
    text = (
        'schema = 1\n[rate."a.b"]\nversions = [\n  { effective_from = "2012-01-01", rules = [\n'
        '    { weight = 1, steps = [{ per_s = 1 }] }, # ]\n    { weight = "2]",\n  } ] },\n]\n'
        '[[call]]\nid = "1"\n[[call]]\nid = """x\n=["""\n[call.sub]\nx.y = 3\n'
    )
    table = root(text.replace('2]",\n', '2]"'))
    rules = table.table("rate").table("a.b").rows("versions")[0].rows("rules")
    assert refusal(lambda: rules[0].rows("steps")[0].text("per_s")).place == (
        'shop.toml:5 rate."a.b".versions[0].rules[0].steps[0].per_s'
    )
    assert refusal(lambda: rules[1].whole("weight")).place.startswith("shop.toml:6 ")
    second = table.rows("call")[1]
    assert refusal(lambda: second.whole("id")).place.startswith("shop.toml:11 call[1].id")
    assert refusal(lambda: second.table("sub").table("x").text("y")).place.startswith("shop.toml:14 ")


@given(st.text(alphabet="[]{}=\"'\\.,#\n ab1"))
def test_any_text_is_a_table_or_one_error(text: str) -> None:
    """The reader never lets another exception out, and the line search never fails."""
    try:
        table = root(text)
    except FileError:
        return
    for key in table.keys():  # noqa: SIM118
        assert refusal(table.done).code == "E101"
        assert table.error("E104", key, example="1").place.startswith("shop.toml:")
