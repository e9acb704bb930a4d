"""The catalogue: both languages say the same things, and every code that the library raises has its words."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import callcenter
from callcenter.texts import Word, keys, say
from callcenter.texts.catalogue import _CATALOGUE

SOURCE = Path(callcenter.__file__).parent
CODE = re.compile(r'"(E[0-9]{3})"')


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("key", keys())
def test_both_languages_name_the_same_fields(key: str) -> None:
    """What one language tells of a case, the other tells too."""
    english, chinese = _CATALOGUE[key]
    assert english
    assert chinese
    assert fields(english) == fields(chinese)


def test_every_code_has_its_sentence_and_its_hint() -> None:
    """Whatever is raised can be said, with what to do about it."""
    known = set(keys())
    raised = {code for file in SOURCE.rglob("*.py") for code in CODE.findall(file.read_text(encoding="utf-8"))}
    assert raised
    assert {code for code in raised if not {code, f"{code}.hint"} <= known} == set()


def test_a_field_that_is_itself_words_is_said_in_the_language_of_its_sentence() -> None:
    """A reason inside a sentence is translated with it."""
    reason = Word("number.empty")
    assert say("number.empty", "en") in say("E702", "en", text="", reason=reason)
    assert say("number.empty", "zh") in say("E702", "zh", text="", reason=reason)
