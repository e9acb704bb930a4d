"""Strategies for the small words of the domain: texts, ids, money, moments, numbers of phones, keys.

Numbers of phones are of two ranges that nobody has (``01390000xxxx``, ``028555xxxxx``), so that what a test draws is
never the number of a person. A *caller's* number may be anything: anonymous, foreign, malformed (K7). Texts hold no
NUL and no lone surrogate, which no store would take.

A strategy is worth keeping: hypothesis looks into each new one before it draws, which takes longer than the draw. So
these functions return the same strategy for the same arguments, and strategies of larger things are made of kept ones.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

from hypothesis import strategies as st

from callcenter.model.hours import NO_HOLIDAYS, Holidays, Window
from callcenter.model.money import Money
from callcenter.model.times import HOUR, SECOND, Duration, Instant, Zone, zone
from callcenter.testing.plans import ZONES, holidays as some_holidays, windows as some_windows

KEYS: Final = "0123456789*#"
"""What a telephone can send; ``A`` to ``D`` come from few."""
_EARLIEST: Final = Instant(631_152_000 * SECOND)
"""1990-01-01T00:00Z."""
_LATEST: Final = Instant(4_102_444_800 * SECOND)
"""2100-01-01T00:00Z."""
_NAMES: Final = "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789-_. 业务咨询"
_RIGHT_DURATIONS: Final = (0, 1, SECOND - 1, SECOND, 60 * SECOND, HOUR)


@cache
def texts(most: int = 12) -> st.SearchStrategy[str]:
    """Return texts as people write them, also empty ones: any script, no NUL, no lone surrogate."""
    return st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=most)


@cache
def filled_texts(most: int = 12) -> st.SearchStrategy[str]:
    """Return texts of at least one character."""
    return st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=most)


@cache
def ids() -> st.SearchStrategy[str]:
    """Return ids that a table of a shop file and a target can carry: printable, no ``:`` and ``?``, no blank ends."""
    return st.text(_NAMES, min_size=1, max_size=8).map(str.strip).filter(bool)


@cache
def money(low: int = -(10**12), high: int = 10**12) -> st.SearchStrategy[Money]:
    """Return amounts between two numbers of hao, mostly small ones and whole fen."""
    whole_fen = st.integers(-(-low // 100), high // 100).map(lambda fen: Money(fen * 100))
    return whole_fen | st.integers(low, high).map(Money)


@cache
def instants() -> st.SearchStrategy[Instant]:
    """Return instants from 1990 up to 2100, to the microsecond."""
    return st.integers(_EARLIEST, _LATEST).map(Instant)


@cache
def durations(most: int = 24 * HOUR, least: int = 0) -> st.SearchStrategy[Duration]:
    """Return durations between two numbers of microseconds, often at an edge of seconds or minutes."""
    edges = [length for length in _RIGHT_DURATIONS if least <= length <= most] or [least]
    whole = st.integers(-(-least // SECOND), most // SECOND).map(lambda s: s * SECOND)
    return (st.sampled_from(edges) | whole | st.integers(least, most)).map(Duration)


@cache
def dates() -> st.SearchStrategy[date]:
    """Return local dates from 2000 up to 2049."""
    return st.dates(date(2000, 1, 1), date(2049, 12, 31))


@cache
def zones() -> st.SearchStrategy[Zone]:
    """Return zones with and without set clocks, among them one of half an hour."""
    return st.sampled_from(ZONES).map(zone)


@cache
def windows() -> st.SearchStrategy[Window]:
    """Return weekly windows, some over midnight, some always open."""
    return st.just(Window()) | some_windows()


@cache
def holidays() -> st.SearchStrategy[Holidays]:
    """Return holidays, also none."""
    return st.just(NO_HOLIDAYS) | some_holidays()


# ---------------------------------------------------------------- phones


@cache
def phone_numbers() -> st.SearchStrategy[str]:
    """Return numbers in their normal form (K7) that nobody has: mobiles and landlines."""
    return st.integers(0, 9999).map(lambda n: f"01390000{n:04}") | st.integers(0, 99_999).map(lambda n: f"028555{n:05}")


@cache
def access_numbers() -> st.SearchStrategy[str]:
    """Return numbers that a switch sees as dialled: ``9599xxxx`` and ``400000xxxx``."""
    return st.integers(0, 9999).map(lambda n: f"9599{n:04}") | st.integers(0, 9999).map(lambda n: f"400000{n:04}")


@cache
def caller_numbers() -> st.SearchStrategy[str]:
    """Return numbers as callers bring them: in order, unwritten, foreign, anonymous, malformed."""
    odd = st.sampled_from(["", "anonymous", "+861390000 0001", "13900000001", "0044205550001", "028-55500001", "*1"])
    return phone_numbers() | odd | texts()


@cache
def digits(least: int = 1, most: int = 4, keys: str = KEYS) -> st.SearchStrategy[str]:
    """Return keys pressed one after the other."""
    return st.text(keys, min_size=least, max_size=most)


@cache
def single_keys() -> st.SearchStrategy[str]:
    """Return one key, also ``A`` to ``D``."""
    return st.sampled_from(KEYS + "ABCD")


@cache
def short_numbers() -> st.SearchStrategy[str]:
    """Return short numbers of extensions: text of digits, ``00`` unlike ``000``."""
    return st.sampled_from(["00", "000", "801"]) | digits(1, 4, "0123456789")


@cache
def labels() -> st.SearchStrategy[str]:
    """Return labels of voice files."""
    return st.sampled_from(["welcome.wav", "again.wav", "night.wav", "欢迎.wav"]) | ids()


@cache
def languages() -> st.SearchStrategy[str]:
    """Return codes of languages."""
    return st.sampled_from(["zh", "en", "zh-HK"])


@cache
def skills(most: int = 3) -> st.SearchStrategy[dict[str, int]]:
    """Return levels by name of the skill."""
    return st.dictionaries(st.sampled_from(["english", "粤语", "billing"]), st.integers(0, 999), max_size=most)


@cache
def tags() -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    """Return (name, text) pairs of a host."""
    return st.lists(st.tuples(texts(), texts()), max_size=2).map(tuple)
