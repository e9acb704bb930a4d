"""The strict reader under every TOML file: typed, complete, and able to say where it stumbled.

A :class:`Table` hands out its keys by type (:meth:`Table.text`, :meth:`Table.seconds` …), remembers which were asked
for, and :meth:`Table.done` refuses the rest: a misspelt key is never ignored. Lists of several shapes are walked as
:class:`Node`. The first thing wrong raises :class:`~callcenter.errors.FileError` with file, line, path, what is wrong
and how to write it. Numbers with decimals are read as ``Decimal``; money never passes through one.
"""

from __future__ import annotations

import enum
import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, TypeVar

from callcenter.errors import FileError, ValueRefused
from callcenter.files.lines import Path
from callcenter.files.places import Source, listed, nearest, shown
from callcenter.model import times
from callcenter.model.money import Money, fen
from callcenter.model.times import Duration, Instant

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "REQUIRED",
    "Node",
    "Required",
    "Source",
    "Table",
    "listed",
    "nearest",
    "read_toml",
    "shown",
]

MAX_BYTES: Final = 8_000_000
"""A larger file is refused before it is parsed."""
MAX_DEPTH: Final = 24
MAX_TABLES: Final = 100_000
"""Brackets and braces: a text with more of them would take seconds to parse, and is refused before."""

_D = TypeVar("_D")
_E = TypeVar("_E", bound=enum.Enum)
_N = TypeVar("_N", int, Decimal)
_AT_LINE: Final = re.compile(r" \(at (?:line ([0-9]+), column [0-9]+|end of document)\)$")
_TWICE: Final = ("overwrite", "twice", "Duplicate", "Cannot mutate", "Cannot declare")


class Required(enum.Enum):
    """The default of a key that must be there."""

    REQUIRED = enum.auto()


REQUIRED: Final = Required.REQUIRED
_Required = Literal[Required.REQUIRED]


def read_toml(content: str | bytes, name: str) -> Table:
    """Parse a TOML file into its root table.

    Args:
        content: The text, or the bytes of the file (UTF-8, a leading byte-order mark is ignored).
        name: What to call the file in errors.

    Raises:
        FileError: E108 not TOML, E109 a key twice, E110 too large, E111 not UTF-8, E112 nested too deep,
            E118 too many tables.
    """
    size = len(content)
    if size > MAX_BYTES:
        raise FileError("E110", name, size=size, limit=MAX_BYTES)
    text = _decoded(content, name)
    tables = text.count("[") + text.count("{")
    if tables > MAX_TABLES:
        raise FileError("E118", name, count=tables, limit=MAX_TABLES)
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        raise FileError("E112", name, limit=MAX_DEPTH) from None
    except ValueError as error:
        raise _not_toml(str(error), name) from None
    source = Source(name=name, text=text)
    _refuse_deep(data, source)
    return Table(data, source)


class Node:
    """One value of a file with its place; its readers refuse what is not of their type."""

    __slots__ = ("path", "source", "value")

    def __init__(self, content: object, source: Source, path: Path = ()) -> None:
        self.value: Final = content
        self.source: Final = source
        self.path: Final = path

    @property
    def place(self) -> str:
        """``FILE:LINE path`` of this value."""
        return self.source.place(self.path)

    def error(self, code: str, **fields: object) -> FileError:
        """Return an error at this place, to be raised; ``value`` is filled in as written."""
        return FileError(code, self.place, **{"value": shown(self.value), **fields}).at(self.path)

    def text(self) -> str:
        """Return text."""
        if isinstance(self.value, str):
            return self.value
        raise self._wrong('"text"')

    def flag(self) -> bool:
        """Return true or false."""
        if isinstance(self.value, bool):
            return self.value
        raise self._wrong("true")

    def whole(self, low: int | None = 0, high: int | None = 10**15) -> int:
        """Return a whole number between ``low`` and ``high`` inclusive; true and false are none."""
        if type(self.value) is int:
            return self._ranged(self.value, low, high)
        raise self._wrong(str(low or 1))

    def number(self, low: int | None = 0, high: int | None = 10**12) -> Decimal:
        """Return a finite number, exactly as written."""
        found = self.value
        if type(found) is float:
            found = Decimal(repr(found))
        if type(found) is int and abs(found) <= 10**15:
            return self._ranged(Decimal(found), low, high)
        if isinstance(found, Decimal):
            if not found.is_finite():
                raise self.error("E114", example="1.5")
            if found and not -30 <= found.adjusted() <= 15:
                raise self.error("E105", rule=f"{low} … {high}")
            return self._ranged(found or Decimal(0), low, high)
        raise self._wrong("1.5")

    def seconds(self, low: int | None = 0, high: int | None = 10**10) -> Duration:
        """Return a duration of seconds (decimals allowed), cut to the microsecond."""
        return Duration(int(self.number(low, high) * times.SECOND))

    def money(self, *, negative: bool = False) -> Money:
        """Return an amount: text in fen with at most two decimals."""
        if isinstance(self.value, (int, float, Decimal)) and not isinstance(self.value, bool):
            raise self.error("E115", example='"12.00"')
        if not isinstance(self.value, str):
            raise self._wrong('"12.00"')
        try:
            found = fen(self.value)
        except ValueRefused:
            raise self.error("E104", example='"12.00"') from None
        if found.hao < 0 and not negative:
            raise self.error("E105", rule=">= 0")
        return found

    def date(self) -> date:
        """Return a local date, as text or as a TOML date."""
        if type(self.value) is date:
            return self.value
        if not isinstance(self.value, str):
            raise self._wrong('"2009-01-01"')
        try:
            return times.parse_date(self.value)
        except ValueRefused:
            raise self.error("E104", example='"2009-01-01"') from None

    def instant(self) -> Instant:
        """Return an instant: ISO 8601 with an offset, as text or as a TOML time."""
        example = '"2008-12-29T10:00:00+08:00"'
        try:
            if isinstance(self.value, datetime):
                return times.instant(self.value)
            if isinstance(self.value, str):
                return times.parse_instant(self.value)
        except ValueRefused:
            raise self.error("E104", example=example) from None
        raise self._wrong(example)

    def choice(self, kind: type[_E]) -> _E:
        """Return the member of an enum of texts whose value is written."""
        known = [str(member.value) for member in kind]
        if not isinstance(self.value, str):
            raise self._wrong(f'"{known[0]}"')
        if self.value not in known:
            raise self.error("E106", near=nearest(self.value, known), known=listed(known))
        return kind(self.value)

    def table(self) -> Table:
        """Return a table."""
        if isinstance(self.value, Mapping):
            return Table(self.value, self.source, self.path)
        raise self._wrong("{ key = … }")

    def items(self) -> tuple[Node, ...]:
        """Return the members of a list, each with its place."""
        if isinstance(self.value, (list, tuple)):
            return tuple(Node(item, self.source, (*self.path, index)) for index, item in enumerate(self.value))
        raise self._wrong("[ … ]")

    def _wrong(self, example: str) -> FileError:
        return self.error("E102", example=example)

    def _ranged(self, found: _N, low: int | None, high: int | None) -> _N:
        if low is not None and found < low:
            raise self.error("E105", rule=f">= {low}")
        if high is not None and found > high:
            raise self.error("E105", rule=f"<= {high}")
        return found


class Table:
    """A table of a file: typed keys, no unknown ones.

    Every reader takes the key and, for one that may be absent, its default (which may be ``None``); without a default
    an absent key is E103. Call :meth:`done` when all keys have been asked for.
    """

    __slots__ = ("_asked", "_data", "path", "source")

    def __init__(self, data: Mapping[str, object], source: Source, path: Path = ()) -> None:
        self._data: Final = data
        self._asked: Final[dict[str, None]] = {}
        self.source: Final = source
        self.path: Final = path

    @property
    def place(self) -> str:
        """``FILE:LINE path`` of this table."""
        return self.source.place(self.path)

    def __contains__(self, key: str) -> bool:
        """Say whether a key is written (without counting as having asked for it)."""
        return key in self._data

    def keys(self) -> tuple[str, ...]:
        """Return the keys as written, in their order."""
        return tuple(self._data)

    def get(self, key: str) -> Node | None:
        """Return the value of a key, whatever its type; None when it is absent."""
        self._asked[key] = None
        return Node(self._data[key], self.source, (*self.path, key)) if key in self._data else None

    def need(self, key: str, example: str) -> Node:
        """Return the value of a key that must be there."""
        found = self.get(key)
        if found is None:
            raise self.error("E103", name=key, example=example)
        return found

    def error(self, code: str, key: str | None = None, **fields: object) -> FileError:
        """Return an error at this table, or at one of its keys, to be raised."""
        if key is not None and key in self._data:
            return Node(self._data[key], self.source, (*self.path, key)).error(code, **fields)
        return FileError(code, self.place, **({} if key is None else {"name": key}), **fields).at(self.path)

    def text(self, key: str, default: _D | _Required = REQUIRED) -> str | _D:
        """Return text."""
        found = self._value(key, default, '"text"')
        return found.text() if isinstance(found, Node) else found

    def flag(self, key: str, default: _D | _Required = REQUIRED) -> bool | _D:
        """Return true or false."""
        found = self._value(key, default, "true")
        return found.flag() if isinstance(found, Node) else found

    def whole(
        self, key: str, default: _D | _Required = REQUIRED, *, low: int | None = 0, high: int | None = 10**15
    ) -> int | _D:
        """Return a whole number between ``low`` and ``high`` inclusive."""
        found = self._value(key, default, "1")
        return found.whole(low, high) if isinstance(found, Node) else found

    def number(
        self, key: str, default: _D | _Required = REQUIRED, *, low: int | None = 0, high: int | None = 10**12
    ) -> Decimal | _D:
        """Return a finite number, exactly as written."""
        found = self._value(key, default, "1.5")
        return found.number(low, high) if isinstance(found, Node) else found

    def seconds(
        self, key: str, default: _D | _Required = REQUIRED, *, low: int | None = 0, high: int | None = 10**10
    ) -> Duration | _D:
        """Return a duration of seconds, decimals allowed. The default is a :data:`Duration`, not seconds."""
        found = self._value(key, default, "1.5")
        return found.seconds(low, high) if isinstance(found, Node) else found

    def money(self, key: str, default: _D | _Required = REQUIRED, *, negative: bool = False) -> Money | _D:
        """Return an amount of fen, written as text."""
        found = self._value(key, default, '"12.00"')
        return found.money(negative=negative) if isinstance(found, Node) else found

    def date(self, key: str, default: _D | _Required = REQUIRED) -> date | _D:
        """Return a local date."""
        found = self._value(key, default, '"2009-01-01"')
        return found.date() if isinstance(found, Node) else found

    def instant(self, key: str, default: _D | _Required = REQUIRED) -> Instant | _D:
        """Return an instant, written with its offset."""
        found = self._value(key, default, '"2008-12-29T10:00:00+08:00"')
        return found.instant() if isinstance(found, Node) else found

    def choice(self, key: str, kind: type[_E], default: _D | _Required = REQUIRED) -> _E | _D:
        """Return a member of an enum of texts."""
        found = self._value(key, default, f'"{next(iter(kind)).value}"')
        return found.choice(kind) if isinstance(found, Node) else found

    def table(self, key: str, default: _D | _Required = REQUIRED) -> Table | _D:
        """Return a table inside this one."""
        found = self._value(key, default, "{ … }")
        return found.table() if isinstance(found, Node) else found

    def tables(self, key: str) -> dict[str, Table]:
        """Return the named tables under a key (``[rate.x]`` under ``rate``), in file order; empty when absent."""
        inner = self.table(key, None)
        return {} if inner is None else {name: inner.need(name, "{ … }").table() for name in inner.keys()}  # noqa: SIM118

    def rows(self, key: str) -> tuple[Table, ...]:
        """Return a list of tables (``[[call]]``); empty when absent."""
        return tuple(node.table() for node in self.items(key))

    def items(self, key: str) -> tuple[Node, ...]:
        """Return the members of a list, of whatever type; empty when absent."""
        found = self.get(key)
        return () if found is None else found.items()

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty when absent."""
        return tuple(node.text() for node in self.items(key))

    def done(self) -> None:
        """Refuse every key that was not asked for.

        Raises:
            FileError: E101, naming the nearest key that there is.
        """
        for key in self._data:
            if key not in self._asked:
                path = (*self.path, key)
                near = nearest(key, self._asked)
                error = FileError("E101", self.source.place(path), name=key, near=near, known=listed(self._asked))
                raise error.at(path)

    def _value(self, key: str, default: _D | _Required, example: str) -> Node | _D:
        found = self.get(key)
        if found is not None:
            return found
        if default is REQUIRED:
            raise self.error("E103", name=key, example=example)
        return default


def _decoded(content: str | bytes, name: str) -> str:
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise FileError("E111", name, offset=error.start) from None


def _not_toml(message: str, name: str) -> FileError:
    found = _AT_LINE.search(message)
    reason = message[: found.start()] if found else message
    line = found.group(1) if found else None
    place = f"{name}:{line}" if line else name
    return FileError("E109" if any(word in reason for word in _TWICE) else "E108", place, reason=reason[:120])


def _refuse_deep(data: Mapping[str, object], source: Source) -> None:
    """Walk without recursion, so that depth is a message and never a crash."""
    level: list[object] = [data]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise FileError("E112", source.name, limit=MAX_DEPTH)


def _inside(content: object) -> list[object]:
    members = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return [member for member in members if isinstance(member, (dict, list))]
