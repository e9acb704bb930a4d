"""The small parts that many tables share: names, phone numbers, keys, prompts, skills, days and holidays."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from typing import Final, TypeVar

from callcenter.errors import FileError, MissingExtra, ValueRefused
from callcenter.files.reader import Node, Table, shown
from callcenter.model import numbers
from callcenter.model.hours import DAY_MINUTES, EVERY_DAY, WEEKDAYS, Holidays, Window
from callcenter.model.ids import PromptName
from callcenter.model.times import Duration, Instant, Zone
from callcenter.model.tree import Prompt
from callcenter.model.value import value

DIGITS: Final = "0123456789"
KEYS: Final = DIGITS + "*#"
KEYS_AND_LETTERS: Final = KEYS + "ABCD"
MAX_KEYS: Final = 32
CALENDARS: Final = ("cn",)
"""Public calendars that a list of holidays may name."""

_D = TypeVar("_D")
_H = TypeVar("_H", bound=Hashable)
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00)", re.ASCII)
_YEARLY: Final = re.compile(r"([0-9]{2})-([0-9]{2})", re.ASCII)
_LEAP_YEAR: Final = 2000
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)


@value
class Given:
    """What a reader is told besides the text.

    Attributes:
        today: The date of loading, or the instant at which a scenario starts.
        holidays: Finds a public calendar by its name (``cn``); None when no package for it is installed.
        rankings: Rankings that a user registered besides those of the library.
    """

    today: date | Instant
    holidays: Callable[[str], Holidays] | None = None
    rankings: frozenset[str] = frozenset()

    def day(self, zone: Zone) -> date:
        """Return today's date in a zone."""
        return self.today if isinstance(self.today, date) else zone.day(self.today)


def named(table: Table, key: str) -> dict[str, Table]:
    """Return the tables under a key by their names, each name one that targets and keys can carry.

    Raises:
        FileError: E130.
    """
    found = table.tables(key)
    for name, inner in found.items():
        if not (0 < len(name) <= 64 and name.isprintable() and name == name.strip() and not {":", "?"} & set(name)):
            raise FileError("E130", inner.place, value=shown(name)).at(inner.path)
    return found


def refuse_twice(entries: Iterable[tuple[_H, Node]]) -> None:
    """Refuse a second entry of a list that stands for the same thing as an earlier one.

    Raises:
        FileError: E117.
    """
    seen: set[_H] = set()
    for what, node in entries:
        if what in seen:
            raise node.error("E117", value=shown(what))
        seen.add(what)


def refused(node: Node, error: ValueRefused) -> FileError:
    """Return the refusal of a value of the model as an error of the file, at its place."""
    return FileError(error.code, node.place, **error.fields).at(node.path)


def phone(node: Node) -> str:
    """Return a phone number as K7 writes it."""
    try:
        return numbers.normal(node.text())
    except ValueRefused as error:
        raise refused(node, error) from None


def phone_or_none(table: Table, key: str) -> str:
    """Return a phone number, or ``""`` when it is absent or written as ``""``."""
    node = table.get(key)
    return "" if node is None or node.value == "" else phone(node)


def zone_name(table: Table, key: str, default: str) -> str:
    """Return the name of a time zone that exists."""
    name = table.text(key, default)
    try:
        return Zone(name).name
    except ValueRefused as error:
        raise refused(table.need(key, default), error) from None


def positive(table: Table, key: str, default: _D) -> Duration | _D:
    """Return seconds above zero."""
    node = table.get(key)
    if node is None:
        return default
    found = node.seconds()
    if found == 0:
        raise node.error("E105", rule="> 0")
    return found


def keys(node: Node, alphabet: str = KEYS) -> str:
    """Return text made of telephone keys, at least one."""
    found = node.text()
    if not 0 < len(found) <= MAX_KEYS or any(key not in alphabet for key in found):
        raise node.error("E138", known=alphabet, limit=MAX_KEYS)
    return found


def language(node: Node) -> str:
    """Return the code of a language: ``zh``, ``en``, ``zh-HK``."""
    code = node.text()
    if not _LANGUAGE.fullmatch(code):
        raise node.error("E104", example='"zh"')
    return code


def label(table: Table, key: str) -> PromptName | None:
    """Return the label of a voice file; None when it is absent or ``""``."""
    return PromptName(table.text(key, "")) or None


def prompt(table: Table, key: str) -> Prompt | None:
    """Return a prompt, of one file or by language; None when it is absent or ``""``."""
    node = table.get(key)
    return None if node is None else prompt_of(node)


def prompt_of(node: Node) -> Prompt | None:
    """Return the prompt that a value writes: ``"a.wav"`` or ``{ zh = "a.wav", en = "b.wav" }``; None for ``""``."""
    if not isinstance(node.value, Mapping):
        text = node.text()
        return Prompt.of(text) if text else None
    inner = node.table()
    files = []
    for code in inner.keys():  # noqa: SIM118 - a Table is no dict
        file = inner.need(code, "")
        language(Node(code, file.source, file.path))
        files.append((code, PromptName(_filled(file))))
    if not files:
        raise node.error("E104", example='{ zh = "a.wav" }')
    return Prompt(files=tuple(files))


def prompt_needed(table: Table, key: str) -> Prompt:
    """Return a prompt that must be named."""
    node = table.need(key, '"welcome.wav"')
    found = prompt_of(node)
    if found is None:
        raise node.error("E104", example='"welcome.wav"')
    return found


def text_needed(table: Table, key: str, example: str) -> str:
    """Return text that must be there and not empty."""
    return _filled(table.need(key, example), example)


def _filled(node: Node, example: str = '"welcome.wav"') -> str:
    if not node.text():
        raise node.error("E104", example=example)
    return node.text()


def levels(table: Table, key: str) -> dict[str, int]:
    """Return skills with their levels (0–999); empty when absent."""
    inner = table.table(key, None)
    return {} if inner is None else {skill: inner.whole(skill, high=999) for skill in inner.keys()}  # noqa: SIM118


def date_or_none(table: Table, key: str) -> date | None:
    """Return a date; None when it is absent or ``""``."""
    node = table.get(key)
    return None if node is None or node.value == "" else node.date()


def last_day(table: Table, first: date | None) -> date | None:
    """Return ``closed``, which is not before the first day."""
    closed = date_or_none(table, "closed")
    if closed is not None and first is not None and closed < first:
        raise table.error("E105", "closed", rule=f">= {first}")
    return closed


def window(table: Table) -> Window:
    """Return the weekly window of ``weekdays``, ``from`` and ``to``; what is absent does not confine it.

    ``to = "00:00"`` is the end of the day; ``to`` before ``from`` goes over midnight.

    Raises:
        FileError: E104 for what cannot be read, E105 for an empty window.
    """
    days, start, end = table.get("weekdays"), table.get("from"), table.get("to")
    first = 0 if start is None else _minute(start)
    last = DAY_MINUTES if end is None else _minute(end) or DAY_MINUTES
    if start is not None and first == DAY_MINUTES:
        raise start.error("E105", rule='< "24:00"')
    if end is not None and last == first:
        raise end.error("E105", rule=f"!= {shown(end.value)}")
    return Window(weekdays=EVERY_DAY if days is None else _weekdays(days), start=first, end=last)


def _minute(node: Node) -> int:
    found = _CLOCK.fullmatch(node.text())
    if found is None:
        raise node.error("E104", example='"09:00"')
    return int(found[1] or found[3]) * 60 + int(found[2] or found[4])


def _weekdays(node: Node) -> tuple[int, ...]:
    """Return weekdays of names and ranges; a range may go over the end of the week (``sat-mon``)."""
    found: set[int] = set()
    for part in node.text().split(","):
        first, dash, last = (word.strip() for word in part.partition("-"))
        if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
            raise node.error("E104", example='"mon-fri,sun"')
        start = WEEKDAYS.index(first)
        length = (WEEKDAYS.index(last) - start) % 7 if dash else 0
        found.update((start + day) % 7 for day in range(length + 1))
    return tuple(sorted(found))


def holidays(table: Table, key: str, given: Given) -> Holidays:
    """Return the holidays of a list: dates, ``MM-DD`` of every year, and names of public calendars (``cn``).

    Raises:
        MissingExtra: For ``cn`` when no calendar is given.
    """
    dates: set[date] = set()
    yearly: set[tuple[int, int]] = set()
    workdays: set[date] = set()
    for node in table.items(key):
        if node.value in CALENDARS:
            public = _public(node, given)
            dates |= public.dates
            yearly |= public.yearly
            workdays |= public.workdays
        elif isinstance(node.value, str) and (found := _YEARLY.fullmatch(node.value)):
            yearly.add(_of_every_year(node, int(found[1]), int(found[2])))
        else:
            dates.add(node.date())
    return Holidays(dates=frozenset(dates), yearly=frozenset(yearly), workdays=frozenset(workdays - dates))


def _of_every_year(node: Node, month: int, day: int) -> tuple[int, int]:
    try:
        date(_LEAP_YEAR, month, day)
    except ValueError:
        raise node.error("E104", example='"05-01"') from None
    return month, day


def _public(node: Node, given: Given) -> Holidays:
    if given.holidays is None:
        raise MissingExtra(f"{node.place} {shown(node.value)}", "zh")
    return given.holidays(node.text())
