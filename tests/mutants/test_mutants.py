"""The faults made by hand still fit the source, and name tests that are there; ``make mutants`` then shows the kills."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from tests.mutants.patches import KEYS, ROOT, DoesNotApplyError, Mutant, mutants, replaced
from tests.mutants.run import attempt

ALL = mutants()
A_TEST = "tests/billing/test_rating.py::test_a_begun_second_is_a_second"
# Tests of these classes are inherited from the suites that are shipped.
SHIPPED = ROOT / "src" / "callcenter" / "testing" / "conformance"


@cache
def names_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef))


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_a_patch_applies_and_the_result_is_python(mutant: Mutant) -> None:
    """Each change is found once in today's source, and what comes of it parses."""
    texts: dict[str, str] = {}
    for path, old, new in mutant.changes:
        text = texts.get(path) or (ROOT / "src" / path).read_text("utf-8")
        texts[path] = replaced(mutant.name, path, text, old, new)
    assert texts
    for path, text in texts.items():
        ast.parse(text, path)


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_a_patch_says_what_it_is_and_who_finds_it(mutant: Mutant) -> None:
    """The fault, who had it, and at least one ordinary test that exists."""
    assert all(mutant.about[key] for key in KEYS)
    for test in mutant.killed_by:
        file, *names = test.partition("[")[0].split("::")
        there = names_in(ROOT / file).union(*(names_in(path) for path in SHIPPED.glob("*.py") if len(names) > 1))
        assert set(names) <= there, test
        assert not file.startswith("tests/mutants/")


def test_there_are_enough_of_each_kind_and_each_has_its_own_number() -> None:
    """Engine and routing 01-49, money 50-79, stores and host 80-87, the door 88-89, the IVR 90-96, the console 97 on."""
    numbers = [int(mutant.name.partition("-")[0]) for mutant in ALL]
    assert max(Counter(numbers).values()) == 1
    rooms = Counter(("engine", "money", "stores", "ivr")[(n >= 50) + (n >= 80) + (n >= 90)] for n in numbers)
    assert rooms["engine"] >= 25
    assert rooms["money"] >= 16
    assert rooms["stores"] >= 4
    assert rooms["ivr"] >= 5


@pytest.mark.parametrize("text", ["b\n", "a\nb\na\n", "ca\n"])
def test_a_patch_that_fits_nowhere_or_twice_is_refused(text: str) -> None:
    """A patch never lands in a place that only looks like its own."""
    with pytest.raises(DoesNotApplyError, match=r"99: in src/x\.py"):
        replaced("99", "x.py", text, "a\n", "z\n")


def test_a_mutant_that_changes_nothing_lives() -> None:
    """The runner calls nothing killed that no test has found."""
    result = attempt(Mutant(name="nothing", about={}, killed_by=(), changes=()), (A_TEST,))
    assert (result.killed, result.by) == (False, "")


def test_the_tests_run_on_the_changed_copy() -> None:
    """The same test fails when the copy drops a begun second, which this source does not."""
    result = attempt(next(mutant for mutant in ALL if mutant.name == "55-begun-second-is-dropped"), (A_TEST,))
    assert result.killed
    assert result.by.startswith(A_TEST)
