"""What an import of the library costs and brings with it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

BUDGET_US = 100_000
SOURCE = Path(__file__).parents[2] / "src" / "callcenter"


def run(program: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *options, "-c", program], capture_output=True, text=True, check=True)


def import_cost(statement: str) -> int:
    """Return what an import takes by itself, in microseconds: the best of several fresh processes."""
    best = BUDGET_US * 100
    for _ in range(4):
        lines = run(statement, "-X", "importtime").stderr.splitlines()
        rows = [re.match(r"import time: +\d+ \| +(\d+) \| (\S+)", line) for line in lines]
        cost = next(int(row[1]) for row in reversed(rows) if row and row[2] == "callcenter")
        best = min(best, cost)
        if best < BUDGET_US:
            break
    return best


def test_the_import_is_quick() -> None:
    """`import callcenter` takes less than a tenth of a second, whatever names it offers."""
    assert import_cost("import callcenter") < BUDGET_US


def test_the_core_needs_attrs_and_dateutil_only() -> None:
    """Every room below the command line imports nothing that is not in the standard library, but these two."""
    outside = {"cli", "extras", "testing", "__main__.py"}
    paths = (path.relative_to(SOURCE) for path in SOURCE.rglob("*.py"))
    names = [
        ".".join(("callcenter", *path.with_suffix("").parts)).removesuffix(".__init__")
        for path in paths
        if path.parts[0] not in outside and path.parts[:2] != ("store", "postgres")
    ]
    program = "import sys; before = set(sys.modules)\nimport " + ", ".join(names)
    program += "\nprint(*{name.split('.')[0] for name in set(sys.modules) - before})"
    brought = {name for name in run(program).stdout.split() if not name.startswith("_")}
    assert "callcenter.model.money" in names
    assert brought - sys.stdlib_module_names <= {"callcenter", "attr", "attrs", "dateutil", "six", "tzdata"}
