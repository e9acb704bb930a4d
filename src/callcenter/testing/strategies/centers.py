"""Strategies for centers that a shop file could hold: groups with their members, targets that exist, trees around them.

``st.from_type(CenterConfig)`` is what an engine is built from; every name in it is there.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st

from callcenter.model.directory import (
    AgentGroup,
    CallCenter,
    Caps,
    CenterConfig,
    CenterStatus,
    Destination,
    GroupKind,
    LineOrder,
    ResellerStatus,
)
from callcenter.model.ids import AgentId, CenterId, EnterpriseId, GroupId, PlanName, PromptName, TreeName
from callcenter.model.times import DAY
from callcenter.model.tree import Target, TargetKind
from callcenter.model.value import changed
from callcenter.testing.strategies.groups import group_drafts, settled
from callcenter.testing.strategies.people import blacklist_entries, crews, extensions, voicemails
from callcenter.testing.strategies.targets import Places, aimed, drafts, outside, to
from callcenter.testing.strategies.trees import trees
from callcenter.testing.strategies.words import access_numbers, dates, durations, ids, labels, money, texts, zones


@cache
def caps() -> st.SearchStrategy[Caps]:
    """Return limits against fraud, also none."""
    return st.just(Caps()) | st.builds(
        Caps,
        concurrent_calls=st.integers(0, 5),
        calls_per_minute=st.integers(0, 5),
        talk=durations(DAY),
        day=money(0),
    )


@cache
def _center_drafts() -> st.SearchStrategy[CallCenter]:
    """Return centers with agents and boxes, their target a draft, without groups."""
    return st.builds(
        _center,
        days=st.lists(dates(), min_size=1, max_size=2),
        id=ids().map(CenterId),
        access_number=access_numbers(),
        ivr=drafts(),
        login=access_numbers(),
        note=texts(),
        enterprise=st.none() | ids().map(EnterpriseId),
        code=texts(),
        timezone=zones().map(lambda zone: zone.name),
        status=st.just(CenterStatus.ACTIVE) | st.sampled_from(CenterStatus),
        opening=money(),
        credit_limit=money(0),
        rate=st.none() | ids().map(PlanName),
        blacklist=st.lists(blacklist_entries(), max_size=2, unique_by=lambda each: each.number).map(tuple),
        caps=caps(),
        destinations=st.frozensets(st.sampled_from(Destination)),
        agents=crews(),
        voicemails=st.lists(voicemails(), max_size=1).map(lambda boxes: {box.name: box for box in boxes}),
    )


def _center(days: list[date], status: CenterStatus, **fields: Any) -> CallCenter:
    created, closed = (*sorted(days), None)[:2]
    if status is CenterStatus.CLOSED and closed is None:  # who is closed has a last day
        closed = created
    return CallCenter(created=created, closed=closed, status=status, **fields)


@cache
def _extensions() -> st.SearchStrategy[list[Any]]:
    return st.lists(extensions(), max_size=3, unique_by=lambda each: each.short)


@cache
def _names(most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(ids(), max_size=most, unique=True)


def _groups(
    draw: st.DrawFn, names: list[str], crew: list[AgentId], phones: list[Any], pool: list[Target]
) -> dict[GroupId, AgentGroup]:
    """Draw groups that share one order of callers; the first of them is of extensions."""
    order = draw(st.sampled_from(LineOrder))
    made = {}
    for number, name in enumerate(names):
        kind = GroupKind.LOGIN if number else GroupKind.EXTENSION
        group = settled(draw(group_drafts(kind, order)), name, crew, pool)
        made[group.id] = group if number else changed(group, extensions=tuple(phones))
    return made


@st.composite
def center_configs(draw: st.DrawFn, *, most_groups: int = 3, most_trees: int = 2) -> CenterConfig:
    """Draw a center as its engine is told of it: nothing in it is missing, and a shop file could hold it.

    Args:
        draw: Given by Hypothesis.
        most_groups: At most so many groups of agents, and one more of extensions.
        most_trees: At most so many trees; without one, the center leads somewhere at once.
    """
    center = draw(_center_drafts())
    names, tree_names, phones = draw(_names(most_groups + 1)), draw(_names(most_trees)), draw(_extensions())
    places = Places(
        groups=tuple(names),
        extensions=tuple(phone.short for phone in phones) if names else (),
        voicemails=tuple(center.voicemails),
        trees=tuple(tree_names),
    )
    beyond, entries = draw(outside(places)), to(TargetKind.TREE, tree_names)
    groups = _groups(draw, names, list(center.agents), phones, [*beyond, *entries])
    return CenterConfig(
        center=changed(center, ivr=aimed(center.ivr, entries or beyond), groups=groups),
        trees={TreeName(name): draw(trees(name, places)) for name in tree_names},
        reseller_status=draw(st.sampled_from(ResellerStatus)),
        missing_prompts=draw(_labels_missing()),
        prompt_lengths=draw(st.dictionaries(labels().map(PromptName), durations(), max_size=2)),
        version=draw(st.integers(1, 1000)),
    )


@cache
def _labels_missing() -> st.SearchStrategy[frozenset[PromptName]]:
    return st.frozensets(labels().map(PromptName), max_size=2)


def call_centers() -> st.SearchStrategy[CallCenter]:
    """Return centers without trees: calls lead somewhere at once."""
    return center_configs(most_trees=0).map(lambda config: config.center)
