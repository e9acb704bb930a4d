"""A maker makes what its class makes: the engine's short way to a fact is no other fact."""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any, cast

import attrs
import pytest

from callcenter.engine.states import NO_OFFERS, NOBODY
from callcenter.ivr.position import Journey
from callcenter.model import commands, facts, made
from callcenter.model.value import gatherer, maker, state

VALUES = [
    (module, name)
    for module in (commands, facts)
    for name, cls in inspect.getmembers(module, inspect.isclass)
    if attrs.has(cls)
]


@pytest.mark.parametrize(("module", "name"), VALUES, ids=[name for _, name in VALUES])
def test_a_maker_makes_what_its_class_makes(module: ModuleType, name: str) -> None:
    """With all fields given, and with those left out that have a default."""
    cls = cast("Any", getattr(module, name))
    made_here = getattr(made.commands if module is commands else made.facts, name)
    fields = attrs.fields(cls)
    whole = {field.name: object() for field in fields}
    needed = {field.name: whole[field.name] for field in fields if field.default is attrs.NOTHING}
    for given in (whole, needed):
        found = made_here(**given)
        assert type(found) is cls
        assert found == cls(**given)
    with pytest.raises(TypeError):
        made_here(**whole, nonsense=1)


def test_names_that_are_no_values_are_offered_as_they_are() -> None:
    """The enums of a module, and nothing that it does not have."""
    assert made.commands.CreditPurpose is commands.CreditPurpose
    with pytest.raises(AttributeError):
        _ = made.facts.Nonsense  # type: ignore[attr-defined]


@state
class Basket:
    """Holds what others put in."""

    eggs: list[int] = attrs.field(factory=list)


def test_what_is_made_anew_for_each_is_shared_by_none() -> None:
    """A default that a factory makes is made for each."""
    new = maker(Basket)
    one, other = new(), new()
    one.eggs.append(1)
    assert other.eggs == []


def test_what_calls_share_while_nothing_rings_cannot_be_written_into() -> None:
    """One empty thing for all calls stays empty."""
    with pytest.raises(TypeError):
        NO_OFFERS["c1/O1"] = cast("Any", None)
    with pytest.raises(AttributeError):
        NOBODY.add("a")


def test_a_gatherer_takes_every_field_by_its_name() -> None:
    """An object with more than the fields is as good."""
    names = [field.name for field in attrs.fields(cast("Any", Journey))]
    source = type("Source", (), {**{name: name for name in names}, "more": 1})()
    assert gatherer(Journey)(source) == Journey(**cast("Any", {name: name for name in names}))
