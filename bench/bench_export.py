"""A million charge lines as CSV and as a workbook: lines a second, and the memory of the process at its largest.

Each file is written by a process of its own, through the command line, so that what it needs is its own; beside it
stands a process that only imports what is needed and opens the store.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.bench_p9 import CENTERS, DAY, DAYS, batches, lines
from bench.kernel import Row, row

LINES, FULL = 30_000, 1_000_000
ROOT = Path(__file__).parents[1]


def filled(path: str, count: int) -> None:
    """Make a store with a shop and so many charge lines of a month."""
    from callcenter.model.times import Instant
    from callcenter.ports import ShopVersion
    from callcenter.store import SqliteStore

    centers = {f"c{number:02}": {"access_number": f"9599{number:04}", "ivr": "hangup"} for number in range(CENTERS)}
    store = SqliteStore(path)
    with store.transaction() as tx:
        text = json.dumps({"schema": 1, "center": centers})
        tx.shop.save(ShopVersion(version=1, text=text, at=Instant(DAYS * DAY)))
    for made in batches(lines(count)):
        with store.transaction() as tx:
            for line in made:
                tx.records.add_charge(line)
    store.close()


def child(words: list[str]) -> None:
    """Run a command, and tell on standard output how long it took and how large the process grew."""
    from callcenter.cli import main

    begun = time.perf_counter()
    code = main(words)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": time.perf_counter() - begun, "peak": peak, "code": code}))


def exported(store: str, out: Path) -> dict[str, Any]:
    """Return what an export took."""
    words = ["export", "charges", "--store", f"sqlite:{store}", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-m", "bench.bench_export", *words], cwd=ROOT, check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found["code"] == 0, done.stderr
    return found


def run(*, full: bool = False) -> list[Row]:
    """Return speed and memory of each form; ``ratio`` of memory is in megabytes."""
    count, found = FULL if full else LINES, []
    with tempfile.TemporaryDirectory() as folder:
        store = f"{folder}/charges.db"
        filled(store, count)
        for name in ("charges.csv", "charges.xlsx"):
            taken = exported(store, Path(folder) / name)
            form = name.partition(".")[2]
            found.append(row("EX", f"export {form}: lines", count, taken["seconds"], ratio=1.0, ratio_to="ours"))
            megabytes = taken["peak"] / 1e6
            goal = "< 100 MB"
            found.append(row("EX", f"export {form}: memory", count, 1.0, ratio=megabytes, ratio_to="MB", goal=goal))
    return found


if __name__ == "__main__":
    child(sys.argv[1:])
