"""The authorisation matrix: every use case, every role, every relation; and no use case without a row.

The answers expected here come from the table of rights by another way than the frame's: by the parents written down in
``worlds.PARENTS``, climbed one by one.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from tests.admin import worlds
from tests.admin.keys import KEYS

from callcenter.admin import Console, usecase
from callcenter.admin.policy import POLICY, Effect, Rule
from callcenter.admin.tenants import Level, Node, Relation
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import Listing, UseCase
from callcenter.errors import CallCenterError, UsageError
from callcenter.files.shop import Shop
from callcenter.ports_people import Role

worlds.import_all()
CASES: dict[str, Any] = dict(usecase.registered())
USE_CASES = [action for action, case in CASES.items() if isinstance(case, UseCase)]
LISTINGS = [action for action, case in CASES.items() if isinstance(case, Listing)]
FAR = frozenset({"reseller:east", "enterprise:cedar", "center:far"})
NODES = ("platform", *worlds.PARENTS)


def ancestors(node: str) -> list[str]:
    """Climb from a node to the top."""
    way = []
    while node in worlds.PARENTS:
        node = worlds.PARENTS[node]
        way.append(node)
    return way


def lies(role: Role, node: str | None) -> Relation:
    """Say what a node is to the one of a role, by climbing."""
    own = worlds.STANDS[role]
    if node is None:
        return Relation.MISSING
    if node == own:
        return Relation.OWN
    if own in ancestors(node) or (role is Role.SUPERVISOR and node in worlds.TEAM):
        return Relation.CHILD
    if node in ancestors(own):
        return Relation.PARENT
    return Relation.SIBLING if worlds.PARENTS[node] == worlds.PARENTS.get(own) else Relation.FOREIGN


def expected(rule: Rule, role: Role, node: str | None) -> str:
    """Say how the table answers: ``ran``, or the code of the refusal."""
    found = lies(role, node)
    if role not in rule.allowed:
        return "E573"
    if found in rule.allowed[role]:
        return "ran"
    return "E573" if found in {Relation.OWN, Relation.CHILD} else "E574"


def spy(turn: Turn, *_given: Any, **_named: Any) -> Shop:
    """Stand in for the body of a use case: whoever gets here was let in."""
    return turn.shop


@pytest.fixture(autouse=True)
def _spied(monkeypatch: pytest.MonkeyPatch) -> None:
    for case in CASES.values():
        monkeypatch.setattr(case, "body", spy)


@cache
def whole() -> Console:
    """Return a console over the house; no body runs here, so nothing in it changes but the trail."""
    return worlds.house()


@cache
def counted(without: frozenset[str]) -> tuple[Console, worlds.CountingStore]:
    """Return a console over the house, or over what is left of it, whose store counts."""
    store = worlds.CountingStore()
    return worlds.house(store, data=worlds.shop(without=without)), store


def answer(case: Any, me: Any, *key: Any) -> tuple[str, str]:
    """Return how a call was answered, and the words of a refusal in both languages."""
    try:
        case(me, worlds.NOW, *key)
    except CallCenterError as error:
        return error.code, f"{type(error).__name__}|{error.message('en')}|{error.message('zh')}|{error.place}"
    return "ran", ""


def test_every_use_case_has_a_row_and_every_row_a_use_case() -> None:
    """Nothing can be reached that the table does not name, and the table names nothing that is not there."""
    assert set(CASES) == set(POLICY)


def test_a_use_case_without_a_row_cannot_be_written() -> None:
    """The decorator refuses it, so its module cannot be imported; an action has one use case."""
    with pytest.raises(UsageError, match="E558"):
        usecase.listing("nothing.like_this")(spy)
    with pytest.raises(UsageError, match="E559"):
        usecase.listing("resellers.list")(spy)


@pytest.mark.parametrize("action", sorted(POLICY))
def test_a_change_takes_its_reason(action: str) -> None:
    """P3: every change notes operator, time and reason; the reason is a keyword."""
    if POLICY[action].effect is not Effect.CHANGE or action not in CASES:
        return
    parameter = inspect.signature(CASES[action].__wrapped__).parameters.get("reason")
    assert parameter is not None
    assert parameter.kind is inspect.Parameter.KEYWORD_ONLY


@pytest.mark.parametrize("action", USE_CASES)
def test_the_matrix(action: str) -> None:
    """Each role and each key of the kind, of every relation there is: exactly what the table says, and no leak."""
    case, console = CASES[action], whole()
    keys = KEYS[case.kind.word]
    assert None in {node for _key, node in keys} or case.kind.word == "platform"
    met = set()
    for role in Role:
        me = worlds.caller(console, role)
        for key, node in keys:
            code, words = answer(case, me, key)
            assert code == expected(POLICY[action], role, node), (role, key)
            met.add((role, lies(role, node)))
            if code == "E574":
                assert "|NotFound|" in f"|{words}"
    assert len({found for _role, found in met}) >= (2 if case.kind.word == "platform" else 4)


@pytest.mark.parametrize("action", LISTINGS)
def test_a_list_has_what_is_seen_and_nothing_else(action: str) -> None:
    """The shop that a list is made of has exactly the nodes that the table lets a role see."""
    console, rule = whole(), POLICY[action]
    for role in Role:
        me = worlds.caller(console, role)
        if role not in rule.allowed:
            assert answer(CASES[action], me)[0] == "E573"
            continue
        found = set(nodes(CASES[action](me, worlds.NOW), role))
        seen = {node for node in worlds.PARENTS if lies(role, node) in rule.allowed[role] and is_counted(node, role)}
        assert found == seen, role


def is_counted(node: str, role: Role) -> bool:
    """Tell whether a node counts: who stands inside a center sees parts of it, the others see it whole or not."""
    return node.startswith(("group:", "agent:")) is (role in {Role.SUPERVISOR, Role.AGENT})


def nodes(shop: Shop, role: Role) -> Iterator[str]:
    """Yield the nodes of a shop that count."""
    found = [f"reseller:{id}" for id in shop.resellers]
    found += [f"enterprise:{id}" for id in shop.enterprises]
    for center in shop.centers.values():
        found.append(f"center:{center.id}")
        found += [Node(level=Level.GROUP, id=id, center=center.id).text for id in center.groups]
        found += [Node(level=Level.AGENT, id=id, center=center.id).text for id in center.agents]
    yield from (node for node in found if is_counted(node, role))


@pytest.mark.parametrize("action", USE_CASES)
def test_foreign_is_answered_as_missing(action: str) -> None:
    """The same words to the last byte, and the same work in the store, whether it is somebody else's or nobody's."""
    case = CASES[action]
    (console, there), (bare, gone) = counted(frozenset()), counted(FAR)
    for role in Role:
        if role is Role.PLATFORM:
            continue
        for key, node in KEYS[case.kind.word]:
            if node is None or not ({node, *ancestors(node)} & FAR):
                continue
            answers = []
            for one, store in ((console, there), (bare, gone)):
                store.asked.clear()
                answers.append((*answer(case, worlds.caller(one, role), key), tuple(store.asked)))
            assert answers[0] == answers[1], (role, key)
            assert answers[0][0] != "ran"


def test_the_oracle_knows_every_relation() -> None:
    """In the house each role but the platform meets each relation somewhere: the matrix leaves none out."""
    for role in Role:
        met = {lies(role, node) for node in NODES} | {Relation.MISSING}
        left = {Relation.PARENT, Relation.SIBLING, Relation.FOREIGN} if role is Role.PLATFORM else set()
        left |= {Relation.CHILD} if role is Role.AGENT else set()
        assert set(Relation) - met <= left, role
