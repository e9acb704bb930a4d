"""The pytest plugin: its fixtures work wherever callcenter is installed, and nobody else notices it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from callcenter import Floor, fen
from callcenter.model import commands, events
from callcenter.testing import SimSwitch, __all__ as names

STRANGER = """
import sys

def test_a_switch_obeys(sim_switch):
    from callcenter.model import commands, events
    call = sim_switch.caller_dials("013900001111", "95990001")
    sim_switch.perform(commands.Answer(call=call))
    assert [type(event) for event in sim_switch.events()] == [events.CallOffered, events.CallAnswered]

def test_a_floor_stands(call_floor):
    call_floor.group("sales").agent("CC1001", phone="013900000001")
"""
OUTSIDER = """
import sys

def test_nothing_was_brought_in():
    loaded = {name for name in sys.modules if name.startswith("callcenter.")}
    assert loaded <= {"callcenter.testing", "callcenter.testing.plugin"}, loaded
    assert "hypothesis" not in sys.modules
"""
BROKEN = """
from callcenter.testing.switch_contract import SwitchContract
from callcenter.testing.sim_switch import SimSwitch

class Deaf(SimSwitch):
    def caller_presses(self, call, digit):
        super().caller_presses(call, "9")

class TestDeaf(SwitchContract):
    def make(self):
        return Deaf()
"""


def run(folder: Path, program: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a test file of somebody else's, in a project of its own."""
    (folder / "test_it.py").write_text(program, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_fixtures_are_found_without_an_import(tmp_path: Path) -> None:
    """A project that has callcenter installed asks for ``sim_switch`` and ``call_floor`` by name."""
    done = run(tmp_path, STRANGER)
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_a_project_that_does_not_use_it_does_not_pay_for_it(tmp_path: Path) -> None:
    """Nothing of the library is imported, nor hypothesis, in the tests of others."""
    done = run(tmp_path, OUTSIDER, "-p", "no:hypothesispytest")
    assert done.returncode == 0, done.stdout


def test_a_broken_promise_shows_what_differed(tmp_path: Path) -> None:
    """An adapter that fails the contract is told where: the promise by name, and both sides of the comparison."""
    done = run(tmp_path, BROKEN)
    assert done.returncode == 1
    assert "test_keys_are_told_one_by_one_in_order" in done.stdout
    assert "['9', '9', '9', '9'] == ['1', '0', '*', '#']" in done.stdout


def test_the_switch_is_a_new_one_for_each_test(sim_switch: SimSwitch) -> None:
    """Calls begin with the test, and end with it."""
    assert not sim_switch.events()
    call = sim_switch.caller_dials("013900001111", "95990001")
    sim_switch.perform(commands.Reject(call=call, reason="blacklisted"))
    assert [type(event) for event in sim_switch.events()] == [events.CallOffered]


def test_the_floor_is_ready_for_its_first_group(call_floor: Floor) -> None:
    """A group, an agent, a call: the fixture is the facade of the first five minutes."""
    sales = call_floor.group("sales")
    sales.agent("CC1001", phone="013900000001")
    call_floor.ivr = sales
    call = call_floor.at("2009-01-05 10:00:00").dial("013900001111").answered_by("CC1001").talk(37).hang_up()
    assert call.record is not None
    assert call_floor.balance > fen(0)


def test_what_is_offered_is_there() -> None:
    """Every name of ``callcenter.testing`` leads somewhere, and no other does."""
    import callcenter.testing

    for name in names:
        assert getattr(callcenter.testing, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = callcenter.testing.nothing
