"""The names that `import callcenter` offers: what is public, and nothing else."""

from __future__ import annotations

import pytest

import callcenter

PUBLIC = [
    "CallCenterError",
    "CallCenterHost",
    "Engine",
    "Floor",
    "MemoryStore",
    "Menu",
    "Money",
    "Outcome",
    "RatePlan",
    "Rent",
    "SqliteStore",
    "commands",
    "events",
    "facts",
    "fen",
    "rate",
    "read_scenario",
    "read_shop",
    "yuan",
]


def test_the_public_names_are_pinned() -> None:
    """A name that comes or goes is a change of the public interface, and is made here as well."""
    assert callcenter.__all__ == PUBLIC
    assert dir(callcenter) == sorted([*PUBLIC, "__version__"])


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there(name: str) -> None:
    """Names that are imported when they are used are the things that they say."""
    found = getattr(callcenter, name)
    assert getattr(found, "__name__", "").split(".")[-1] == name
    assert found.__doc__


def test_another_name_is_no_attribute() -> None:
    """What is not public is not found by accident."""
    with pytest.raises(AttributeError, match="has no attribute 'Flor'"):
        _ = callcenter.Flor
