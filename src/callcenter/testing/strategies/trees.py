"""Strategies for IVR trees that a shop file could hold: every name is there, no circle goes on without the caller.

What a tree may lead to outside itself is told by a :class:`~callcenter.testing.strategies.targets.Places`; alone, a
tree leads to an outside number, other languages and the end. Nodes that do not wait for the caller lead only to nodes
that do, or to later ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final, TypeVar

from hypothesis import strategies as st

from callcenter.model.ids import NodeName, PromptName, TreeName
from callcenter.model.times import DAY, MINUTE
from callcenter.model.tree import (
    HANGUP,
    Announcement,
    CallerBranch,
    CallerRule,
    Collect,
    CountedPrompt,
    Guards,
    Hook,
    InputPolicy,
    IvrTree,
    Limits,
    Menu,
    Node,
    Prompt,
    Schedule,
    ScheduleRule,
    Target,
    TargetKind,
)
from callcenter.model.value import changed
from callcenter.testing.plans import holidays as some_holidays
from callcenter.testing.strategies.people import ABOVE_NORMAL
from callcenter.testing.strategies.targets import NOWHERE, Places, aimed, drafts, outside, to
from callcenter.testing.strategies.words import (
    digits,
    durations,
    filled_texts,
    ids,
    labels,
    languages,
    texts,
    windows,
)

_N = TypeVar("_N")
_WITHIN: Final = (
    Target(kind=TargetKind.BACK),
    Target(kind=TargetKind.TOP),
    Target(kind=TargetKind.REPEAT),
)
_TONGUES: Final = (Target(kind=TargetKind.LANGUAGE, name="zh"), Target(kind=TargetKind.LANGUAGE, name="en"))
_UNNAMED: Final = NodeName("draft")
_KINDS: Final[dict[type[Node], TargetKind]] = {
    Menu: TargetKind.MENU,
    Announcement: TargetKind.ANNOUNCEMENT,
    Collect: TargetKind.COLLECT,
    Schedule: TargetKind.SCHEDULE,
    CallerBranch: TargetKind.CALLER,
    Hook: TargetKind.HOOK,
}


@cache
def prompts() -> st.SearchStrategy[Prompt]:
    """Return prompts of one file for every language, or of one for each."""
    by_language = st.dictionaries(languages(), labels(), min_size=1).map(
        lambda files: Prompt(files=tuple((code, PromptName(label)) for code, label in files.items()))
    )
    return labels().map(Prompt.of) | by_language


@cache
def counted_prompts() -> st.SearchStrategy[tuple[CountedPrompt, ...]]:
    """Return prompts by ascending count, often none."""
    found = st.dictionaries(st.integers(1, 5), prompts(), max_size=2)
    return st.just(()) | found.map(lambda each: tuple(CountedPrompt(count=n, prompt=each[n]) for n in sorted(each)))


@cache
def limits() -> st.SearchStrategy[Limits]:
    """Return how often a visit of a menu may fail."""
    least = st.integers(1, 4)
    return st.just(Limits()) | st.builds(
        Limits, noinput=least, nomatch=least, unavailable=least, attempts=st.integers(1, 6)
    )


@cache
def guards() -> st.SearchStrategy[Guards]:
    """Return limits that hold whatever the caller does."""
    return st.just(Guards()) | st.builds(
        Guards,
        entries=st.integers(1, 40),
        total=durations(DAY, least=1),
        depth=st.integers(1, 16),
        buffer=st.integers(1, 40),
    )


# ---------------------------------------------------------------- nodes, as drafts


@cache
def _menus() -> st.SearchStrategy[Menu]:
    perhaps = st.none() | drafts()
    return st.builds(
        Menu,
        name=st.just(_UNNAMED),
        greeting=prompts(),
        short_greeting=st.none() | prompts(),
        choices=st.dictionaries(digits(1, 3), drafts(), max_size=4),
        direct_dial=st.booleans(),
        input=st.sampled_from(InputPolicy),
        terminator=st.sampled_from(["#", "*", ""]),
        first_digit=durations(MINUTE, least=1),
        inter_digit=durations(MINUTE, least=1),
        limits=limits(),
        on_fail=perhaps,
        noinput_prompts=counted_prompts(),
        nomatch_prompts=counted_prompts(),
        unavailable_prompts=counted_prompts(),
        on_noinput=perhaps,
        on_nomatch=perhaps,
        on_unavailable=perhaps,
    )


@cache
def _collects() -> st.SearchStrategy[Collect]:
    return st.builds(
        lambda least, more, **fields: Collect(name=_UNNAMED, min=least, max=least + more, **fields),
        least=st.integers(1, 8),
        more=st.integers(0, 8),
        prompt=prompts(),
        next=drafts(),
        terminator=st.sampled_from(["#", "*", ""]),
        sensitive=st.booleans(),
        store_as=texts(),
        on_fail=drafts(),
    )


@cache
def _passages() -> dict[type[Node], st.SearchStrategy[Node]]:
    """Return nodes that lead on without waiting for the caller, by their class."""
    named = st.just(_UNNAMED)
    dates = st.none() | some_holidays().filter(bool)
    by_time = st.builds(ScheduleRule, target=drafts(), window=windows(), holidays=dates)
    classes = st.none() | st.sampled_from(ABOVE_NORMAL)
    by_caller = st.builds(CallerRule, target=drafts(), vip=classes, prefix=digits(0, 4, "+0123456789"))
    rules, branches = st.lists(by_time, max_size=2).map(tuple), st.lists(by_caller, max_size=2).map(tuple)
    return {
        Announcement: st.builds(Announcement, name=named, prompt=prompts(), next=drafts()),
        Schedule: st.builds(Schedule, name=named, rules=rules, default=drafts()),
        CallerBranch: st.builds(CallerBranch, name=named, rules=branches, default=drafts()),
        Hook: st.builds(
            Hook,
            name=named,
            question=filled_texts(),
            default=drafts(),
            timeout=durations(MINUTE, least=1),
            answers=st.dictionaries(texts(), drafts(), max_size=2),
        ),
    }


@st.composite
def nodes(draw: st.DrawFn, kind: type[_N]) -> _N:
    """Draw a node of a class by itself: it leads to what exists around every node, and to a number."""
    drafts_of: dict[type[Any], st.SearchStrategy[Any]] = {Menu: _menus(), Collect: _collects(), **_passages()}
    found: _N = draw(drafts_of[kind])
    return changed(aimed(found, [*draw(outside()), *_WITHIN, *_TONGUES]), name=NodeName(draw(ids())))


# ---------------------------------------------------------------- trees


@st.composite
def trees(draw: st.DrawFn, name: str | None = None, places: Places = NOWHERE, *, most_nodes: int = 6) -> IvrTree:
    """Draw a tree that a shop file could hold.

    Args:
        draw: Given by Hypothesis.
        name: Of the tree; absent: any.
        places: What it may lead to outside itself; to other trees only nodes lead that wait for the caller.
        most_nodes: At most so many nodes, of which at least half wait for the caller.
    """
    beyond = draw(outside(places))
    waiting, later = _drawn_nodes(draw, most_nodes)
    goals = [target_of(node) for node in waiting]
    anywhere = [*beyond, *goals, *map(target_of, later), *_WITHIN, *_TONGUES, *to(TargetKind.TREE, places.trees)]
    made: list[Node] = [aimed(node, anywhere) for node in waiting]
    for number, node in enumerate(later):
        made.append(aimed(node, [*beyond, *goals, *map(target_of, later[number + 1 :])]))
    last = [HANGUP, *beyond, *goals]
    return IvrTree(
        name=TreeName(draw(ids()) if name is None else name),
        root=target_of(draw(st.sampled_from(made))),
        nodes={str(target_of(node)): _some_excluded(draw, node, places.extensions) for node in made},
        last_resort=aimed(draw(drafts()), last),
        on_fail=aimed(draw(_PERHAPS), last),
        default_prompt=draw(_MAYBE_PROMPT),
        language=draw(languages()),
        emergency=aimed(draw(_PERHAPS), beyond),
        guards=draw(guards()),
    )


_PERHAPS: Final = st.none() | drafts()
_MAYBE_PROMPT: Final = st.none() | prompts()
_NAMES: Final = st.lists(ids(), min_size=1, max_size=6, unique=True)


def _drawn_nodes(draw: st.DrawFn, most: int) -> tuple[list[Menu | Collect], list[Node]]:
    """Draw named drafts: nodes that wait for the caller, the first of them a menu, and nodes that only lead on."""
    names = [NodeName(each) for each in draw(_NAMES)[:most]]
    half = -(-len(names) // 2)
    waiting: list[Menu | Collect] = [changed(draw(_menus()), name=names[0])]
    waiting += [changed(draw(_WAITING), name=each) for each in names[1:half]]
    return waiting, [changed(draw(_PASSING), name=each) for each in names[half:]]


_WAITING: Final[st.SearchStrategy[Menu | Collect]] = _menus() | _collects()
_PASSING: Final = st.one_of(*_passages().values())


def target_of(node: Node) -> Target:
    """Return the target that leads to a node, by whose text a tree holds it: ``menu:main``."""
    return Target(kind=_KINDS[type(node)], name=node.name)


def _some_excluded(draw: st.DrawFn, node: Node, shorts: Sequence[str]) -> Node:
    if not isinstance(node, Menu) or not shorts:
        return node
    return changed(node, exclude=frozenset(shorts[: draw(_FEW) % (len(shorts) + 1)]))


_FEW: Final = st.integers(0, 3)
