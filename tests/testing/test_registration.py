"""Installed is enough: hypothesis and pytest know of callcenter without an import, callcenter knows of neither."""

from __future__ import annotations

import subprocess
import sys

import pytest


def run(program: str) -> str:
    """Return what a program prints in an interpreter of its own."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("billing.plans", "RatePlan"),
        ("model.money", "Money"),
        ("model.directory", "CenterConfig"),
        ("model.ids", "LegId"),
    ],
)
def test_types_are_known_to_hypothesis_as_soon_as_it_is_imported(module: str, name: str) -> None:
    """Only ``import hypothesis``: nobody imports the strategies, and ``st.from_type`` draws a valid value."""
    program = (
        "import sys, hypothesis\n"
        "from hypothesis import strategies as st\n"
        "assert 'callcenter.testing.strategies' not in sys.modules\n"
        f"from callcenter.{module} import {name}\n"
        "@hypothesis.settings(max_examples=3, database=None, deadline=None)\n"
        f"@hypothesis.given(st.from_type({name}))\n"
        f"def look(x): drawn.append(type(x).__name__)\n"
        "drawn = []\nlook()\nprint(drawn[-1])"
    )
    assert run(program) == ("str" if name == "LegId" else name)


def test_importing_callcenter_imports_no_test_tools() -> None:
    """A service that imports the library pays nothing for its tests."""
    program = (
        "import sys, callcenter, callcenter.engine, callcenter.center, callcenter.billing\n"
        "print(sorted({'hypothesis', 'pytest', '_pytest', 'callcenter.testing'} & set(sys.modules)))"
    )
    assert run(program) == "[]"


def test_registering_twice_changes_nothing() -> None:
    """Whoever calls it again gets the same strategies."""
    program = (
        "import hypothesis\n"
        "from hypothesis import strategies as st\n"
        "from callcenter.testing._register import register\n"
        "from callcenter.model.money import Money\n"
        "register()\n"
        "print(type(hypothesis.find(st.from_type(Money), lambda _: True)).__name__)"
    )
    assert run(program) == "Money"
