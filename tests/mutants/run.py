"""Show that the ordinary tests find each fault of this folder: ``make mutants``.

For each patch the source is copied, the patch applied to the copy, and the tests that the patch names are run by a
Python that imports the copy. A mutant is killed when a test fails; an error of another kind is no kill. First the named
tests run on a copy that is not changed: a test that fails anyway would kill everything.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.patches import ROOT, DoesNotApplyError, Mutant, mutants

AT_ONCE = 2
LONGEST_S = 60
LONGEST_OF_ALL_S = 900
PASSED, FAILED, HUNG = 0, 1, -1
OPTIONS = ("-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--no-header", "--tb=no", "-rfE")
# The package is installed where it stands: that the copy comes first is looked at, not hoped for.
START = """
import importlib.util, pathlib, sys
found = pathlib.Path(importlib.util.find_spec("callcenter").origin)
if not found.is_relative_to(sys.argv[1]):
    sys.exit(f"tests would import {found}, not the changed copy")
import pytest
sys.exit(pytest.main(sys.argv[2:]))
"""
FAST_TIER = ("tests", "--ignore=tests/mutants")


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of a mutant.

    Attributes:
        killed: Whether a test failed.
        by: The test, or what went wrong instead.
    """

    name: str
    killed: bool
    by: str
    seconds: float
    shown: str = ""


def main(words: Sequence[str]) -> int:
    """Run, print the table, and return 1 when a mutant lives or a patch is broken."""
    parser = argparse.ArgumentParser(description="Show that the ordinary tests find each fault made by hand.")
    parser.add_argument("--all", action="store_true", help="run the whole fast tier against each, not the named tests")
    parser.add_argument("--only", default="", metavar="NAME", help="only mutants whose name contains this")
    asked = parser.parse_args(words)
    chosen = [mutant for mutant in mutants() if asked.only in mutant.name]
    if not chosen:
        return _say(f"no mutant's name contains {asked.only!r}", 2)
    began = time.monotonic()
    named = tuple(dict.fromkeys(test for one in chosen for test in one.killed_by))
    unchanged = Mutant(name="(unchanged)", about={}, killed_by=named, changes=())
    longest = LONGEST_OF_ALL_S if asked.all else LONGEST_S
    with ThreadPoolExecutor(AT_ONCE) as pool:
        before = pool.submit(attempt, unchanged, FAST_TIER if asked.all else named, LONGEST_OF_ALL_S)
        results = list(pool.map(lambda one: attempt(one, FAST_TIER if asked.all else one.killed_by, longest), chosen))
    if before.result().by != "":
        return _say(f"the tests fail without any fault: {before.result().by}\n{before.result().shown}", 1)
    return _report(results, time.monotonic() - began)


def attempt(mutant: Mutant, tests: Sequence[str], longest_s: int = LONGEST_S) -> Result:
    """Run tests against a copy of the source with one fault in it."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        # Paths and times of files are kept, so that compiled files stay good but for those that change.
        source = Path(folder).resolve() / "src"
        shutil.copytree(ROOT / "src", source)
        try:
            mutant.apply(source)
        except DoesNotApplyError as error:
            return Result(name=mutant.name, killed=False, by="DOES NOT APPLY", seconds=0, shown=str(error))
        for path, _, _ in mutant.changes:
            _forget_compiled(source / path)
        code, shown = _pytest(Path(folder), source, tests, longest_s)
    failed = re.search(r"^FAILED (.+?)(?: - .*)?$", shown, re.MULTILINE)
    by = failed[1] if failed else "" if code == PASSED else f"NO TEST FAILED, but pytest ended with {code}"
    killed = code == FAILED and failed is not None
    return Result(name=mutant.name, killed=killed, by=by, seconds=time.monotonic() - began, shown=shown)


def _forget_compiled(file: Path) -> None:
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
        compiled.unlink()


def _pytest(folder: Path, source: Path, tests: Sequence[str], longest_s: int) -> tuple[int, str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(source),
        "HYPOTHESIS_PROFILE": "ci",  # derandomised: a mutant is killed always or never
        "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis"),
    }
    command = [sys.executable, "-c", START, str(source), "-x", *OPTIONS, *tests]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=longest_s, check=False
        )
    except subprocess.TimeoutExpired:
        return HUNG, f"not over after {longest_s} s"
    return done.returncode, done.stdout + done.stderr


def _report(results: Sequence[Result], seconds: float) -> int:
    width = max(len(result.name) for result in results)
    lines = [f"{'mutant':{width}}  {'seconds':>7}  killed by"]
    for result in results:
        lines.append(f"{result.name:{width}}  {result.seconds:7.1f}  {result.by or 'SURVIVED'}")
        if not result.killed:
            lines += [f"    {line}" for line in result.shown.splitlines()[-20:]]
    alive = sum(not result.killed for result in results)
    lines.append(f"{len(results)} mutants, {len(results) - alive} killed, {alive} not, {seconds:.0f} s")
    return _say("\n".join(lines), 1 if alive else 0)


def _say(text: str, code: int) -> int:
    sys.stdout.write(f"{text}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
