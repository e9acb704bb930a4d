"""The map of the old console leaves no room of ours out, and cannot name what is not there."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from callcenter.admin import usecase
from callcenter.admin.agents import AgentRow

SOURCE = Path(__file__).parents[2] / "docs" / "console_map.py"


def console_map() -> ModuleType:
    """Return the generator of the page."""
    spec = importlib.util.spec_from_file_location("console_map", SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_room_of_the_console_is_on_the_map() -> None:
    """A page for each, or the list of what the old console did not have."""
    page = console_map().page()
    rooms = {action.partition(".")[0] for action, _case in usecase.registered()}
    assert {room for room in rooms if f"`{room}." not in page} <= {"client"}  # an agent's client was a program


def test_a_field_that_is_not_there_stops_the_generator() -> None:
    """However deep it should lie."""
    module, classes = console_map(), {"AgentRow": AgentRow}
    module.refuse_unknown("AgentRow.presence.session", classes)
    for path in ("AgentRow.nothing", "AgentRow.agent.password", "AgentRow.presence.session.nothing"):
        with pytest.raises(LookupError, match=path):
            module.refuse_unknown(path, classes)
