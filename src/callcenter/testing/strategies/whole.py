"""Strategies by the type hints of a value class: every field is drawn, also those with a default.

Hypothesis builds a class from the fields that it must be given. Here a test wants them all. What a hint does not tell
(that a ``str`` is a phone number) the name of the field tells: the words of the domain have one meaning each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar, get_args, get_type_hints

from hypothesis import strategies as st

from callcenter.model import commands
from callcenter.model.facts import TalkEnded
from callcenter.model.ids import PromptName
from callcenter.model.times import Duration
from callcenter.model.value import fields_of
from callcenter.testing.strategies.records import talks
from callcenter.testing.strategies.words import (
    access_numbers,
    caller_numbers,
    digits,
    ids,
    labels,
    phone_numbers,
    single_keys,
    tags,
    texts,
)

_T = TypeVar("_T")

TEXTS: Final[Mapping[str, st.SearchStrategy[str]]] = {
    "caller": caller_numbers(),
    "caller_id": caller_numbers(),
    "dialled": access_numbers(),
    "called": access_numbers(),
    "digit": single_keys(),
    "digits": digits(0, 8),
    "terminator": st.sampled_from(["#", "*", ""]),
    "phone": phone_numbers(),
    "number": phone_numbers(),
    "music": st.just("") | labels(),
    "command": st.sampled_from([each.__name__ for each in get_args(commands.SwitchCommand)]),
    "id": ids(),
}
"""What a text field of a name holds."""
OTHERS: Final[Mapping[Any, st.SearchStrategy[Any]]] = {
    int: st.integers(1, 10**6),
    str: texts(),
    tuple[str, ...]: st.lists(texts(), max_size=3).map(tuple),
    tuple[PromptName, ...]: st.lists(labels(), min_size=1, max_size=2).map(tuple),
    tuple[tuple[str, str], ...]: tags(),
}
"""What a field of a hint holds, where hypothesis would draw more than there can be."""


def whole(cls: type[_T]) -> st.SearchStrategy[_T]:
    """Return values of a class with every field drawn."""
    hints = get_type_hints(cls)
    return st.builds(cls, **{name: _of(name, hints[name]) for name in fields_of(cls)})


def _of(name: str, hint: Any) -> st.SearchStrategy[Any]:
    if hint is str and name in TEXTS:
        return TEXTS[name]
    return OTHERS[hint] if hint in OTHERS else st.from_type(hint)


@st.composite
def talks_ended(draw: st.DrawFn) -> TalkEnded:
    """Draw the fact that a talk has ended, which tells of it what the talk says itself."""
    talk = draw(talks())
    return TalkEnded(
        at=talk.ended_at,
        call=talk.call,
        party=talk.party,
        length=Duration(talk.ended_at - talk.answered_at),
        by=talk.by,
        talk=talk,
    )
