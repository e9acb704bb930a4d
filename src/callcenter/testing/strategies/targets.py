"""Strategies for targets: where a key, a policy or a node can lead, among what there is around a tree.

What there is, is known only when it was drawn. So nodes and groups are drawn as *drafts*, whose targets are numbers,
and aimed afterwards at a list of targets that exist (:func:`aimed`). Drafts need no look at what was drawn before,
and their strategies are made once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeVar, cast

import attrs
from hypothesis import strategies as st

from callcenter.model.tree import BARE_TARGETS, HANGUP, Target, TargetKind
from callcenter.model.value import changed, fields_of, value
from callcenter.testing.strategies.words import ids, languages, phone_numbers, short_numbers, skills

_T = TypeVar("_T")
_DRAFT: Final = "draft "
_DRAFTS: Final = tuple(Target(kind=TargetKind.RETURN, name=f"{_DRAFT}{number}") for number in range(60))


@value
class Places:
    """What there is around a tree for it to lead to."""

    groups: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    voicemails: tuple[str, ...] = ()
    trees: tuple[str, ...] = ()


NOWHERE: Final = Places()


def to(kind: TargetKind, names: Sequence[str]) -> list[Target]:
    """Return the targets of a kind with these names."""
    return [Target(kind=kind, name=name) for name in names]


@cache
def requirements() -> st.SearchStrategy[tuple[tuple[str, int], ...]]:
    """Return skills that a caller asks for, often none."""
    return st.just(()) | skills().map(lambda found: tuple(found.items()))


@st.composite
def outside(draw: st.DrawFn, places: Places = NOWHERE) -> list[Target]:
    """Draw the targets outside the IVR that exist: the end, what the places name, a number; some ask for skills."""
    groups = [Target(kind=TargetKind.GROUP, name=name, requires=draw(requirements())) for name in places.groups]
    return [
        HANGUP,
        *groups,
        *to(TargetKind.EXTENSION, places.extensions),
        *to(TargetKind.VOICEMAIL, places.voicemails),
        Target(kind=TargetKind.NUMBER, name=draw(phone_numbers())),
    ]


@cache
def targets() -> st.SearchStrategy[Target]:
    """Return targets of every kind as a file could write them; what they name need not be anywhere."""
    named = {
        TargetKind.NUMBER: phone_numbers(),
        TargetKind.EXTENSION: short_numbers(),
        TargetKind.LANGUAGE: languages(),
        **dict.fromkeys(BARE_TARGETS, st.just("")),
    }
    one = [st.builds(Target, kind=st.just(kind), name=named.get(kind, ids())) for kind in TargetKind]
    return st.one_of(*one, st.builds(Target, kind=st.just(TargetKind.GROUP), name=ids(), requires=requirements()))


# ---------------------------------------------------------------- drafts


@cache
def drafts() -> st.SearchStrategy[Target]:
    """Return targets that are to be aimed."""
    return st.sampled_from(_DRAFTS)


def aimed(item: _T, pool: Sequence[Target]) -> _T:
    """Return a drafted value with each drafted target replaced by one of a pool, also inside its parts."""
    return cast("_T", _aimed(item, pool))


def _aimed(item: Any, pool: Sequence[Target]) -> Any:
    if isinstance(item, Target):
        drafted = item.name.startswith(_DRAFT)
        return pool[int(item.name.removeprefix(_DRAFT)) % len(pool)] if drafted else item
    if isinstance(item, Mapping):
        return {key: _aimed(part, pool) for key, part in item.items()}
    if isinstance(item, tuple):
        return tuple(_aimed(part, pool) for part in item)
    if not attrs.has(type(item)):
        return item
    fields = {name: (part, _aimed(part, pool)) for name in fields_of(type(item)) for part in [getattr(item, name)]}
    return changed(item, **{name: after for name, (before, after) in fields.items() if after != before})
