"""Numbers put together from recorded words: reading the words back gives the number."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from callcenter.errors import ValueRefused
from callcenter.ivr.composer import (
    MOST,
    Spoken,
    agent_id_words,
    digit_words,
    number_words,
    position_words,
    vocabulary,
    wait_words,
    words_of,
)
from callcenter.model.commands import Saying, SayingKind
from callcenter.model.ids import AgentId

ZH = {"shi": "十", "bai": "百", "qian": "千", "wan": "万", "yi": "亿"} | dict(
    zip("0123456789", "零一二三四五六七八九", strict=True)
)
numbers = st.integers(0, 30) | st.integers(0, 20_000) | st.integers(0, MOST) | st.integers(0, 11).map(lambda n: 10**n)


def chinese(number: int) -> str:
    return "".join(ZH[word.removeprefix("zh.")] for word in number_words(number, "zh"))


def read_chinese(text: str) -> int:
    """Chinese numerals to a number, as a child learns it."""
    total = group = digit = 0
    for sign in text:
        if sign in "零一二三四五六七八九":
            digit = "零一二三四五六七八九".index(sign)
        elif sign in "十百千":
            unit = {"十": 10, "百": 100, "千": 1000}[sign]
            group += (digit or 1) * unit
            digit = 0
        else:
            total += (group + digit) * {"万": 10**4, "亿": 10**8}[sign]
            group = digit = 0
    return total + group + digit


def read_english(words: tuple[str, ...]) -> int:
    total = group = 0
    for word in (word.removeprefix("en.") for word in words):
        scale = {"thousand": 10**3, "million": 10**6, "billion": 10**9}.get(word)
        if scale:
            total += group * scale
            group = 0
        elif word == "hundred":
            group *= 100
        else:
            group += int(word)
    return total + group


@given(numbers)
def test_chinese_numbers_read_back(number: int) -> None:
    """Every number; no zero at an end, none twice, one before each gap."""
    said = chinese(number)
    assert read_chinese(said) == number
    assert number == 0 or not re.search(r"零零|^零|零$|零[万亿十百千]", said)


@given(numbers)
def test_english_numbers_read_back(number: int) -> None:
    """Every number."""
    assert read_english(number_words(number, "en")) == number


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "零"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (105, "一百零五"),
        (110, "一百一十"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
        (10_000, "一万"),
        (10_005, "一万零五"),
        (12_345, "一万二千三百四十五"),
        (100_000, "十万"),
        (100_010, "十万零一十"),
        (1_000_000_000, "十亿"),
        (100_000_001, "一亿零一"),
        (100_010_000, "一亿零一万"),
    ],
)
def test_numbers_as_people_say_them(number: int, said: str) -> None:
    """Ten alone at the beginning, a zero where places are skipped."""
    assert chinese(number) == said


def test_an_agent_is_announced_by_its_digits() -> None:
    """Only the digits of CC1005 are spoken, one by one, zeros too."""
    assert agent_id_words(AgentId("CC1005"), "zh") == ("zh.agent", "zh.1", "zh.0", "zh.0", "zh.5", "zh.at-your-service")
    assert digit_words("CC１2", "en") == ("en.2",)


def test_a_place_and_a_wait_are_said() -> None:
    """Whole minutes, at least one."""
    assert position_words(12, "en") == ("en.your-place-is", "en.12", "en.in-the-line")
    assert wait_words(0, "en") == ("en.about", "en.1", "en.minute")
    assert wait_words(61, "zh") == ("zh.about", "zh.2", "zh.minutes")


@given(numbers, st.sampled_from(["zh", "en"]))
def test_a_small_set_of_words_says_everything(number: int, language: Spoken) -> None:
    """Nothing is said that has not been recorded."""
    words = {*number_words(number, language), *position_words(number, language), *wait_words(number, language)}
    words |= set(agent_id_words(AgentId(f"CC{number}"), language))
    assert words <= set(vocabulary(language))
    assert len(vocabulary(language)) < 42


@pytest.mark.parametrize("number", [-1, MOST + 1])
def test_what_is_not_said_is_refused(number: int) -> None:
    """By its name."""
    with pytest.raises(ValueRefused, match="E707"):
        number_words(number, "zh")


@given(st.sampled_from(SayingKind), numbers, st.sampled_from(["", "zh", "en", "en-GB", "fr"]))
def test_every_saying_is_made_of_words_that_are_recorded(kind: SayingKind, number: int, language: str) -> None:
    """In the caller's language; Chinese, where it is neither."""
    words = words_of(Saying(kind=kind, text=str(number)), language)
    assert set(words) <= set(vocabulary("en" if language.startswith("en") else "zh"))
    assert words
