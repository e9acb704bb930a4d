"""``make bench``: every benchmark with its peers, one table, and JSON in bench/out.

Quick by default (under three minutes); ``--full`` takes larger loads; names (``p1 p6``) choose. Figures are reported,
never asserted: the machine is somebody else's as well. What carries from one machine to another are the ratios.
"""

from __future__ import annotations

import importlib
import inspect
import json
import platform
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
OUT = ROOT / "bench" / "out"


def benchmarks(words: list[str]) -> list[str]:
    """Return the names of the benchmarks to run."""
    names = sorted(path.stem.removeprefix("bench_") for path in (ROOT / "bench").glob("bench_*.py"))
    chosen = [word.lower() for word in words if not word.startswith("-")]
    return [name for name in names if not chosen or name in chosen]


def measured(name: str, *, full: bool) -> list[dict[str, Any]]:
    """Run one benchmark and return its rows."""
    run = importlib.import_module(f"bench.bench_{name}").run
    rows: list[dict[str, Any]] = run(full=full) if "full" in inspect.signature(run).parameters else run()
    return rows


def table(rows: list[dict[str, Any]]) -> list[str]:
    """Return rows as lines."""
    lines = [f"{'':4}{'what':<44}{'n':>10}{'seconds':>10}{'per second':>14}{'ratio':>9}  of"]
    for item in rows:
        figures = f"{item['n']:>10,}{item['seconds']:>10.3f}{item['per_second']:>14,.0f}{item['ratio']:>9.2f}"
        goal = f"   goal: {item['goal']}" if item.get("goal") else ""
        lines.append(f"{item['id']:<4}{item['what']:<44}{figures}  {item['ratio_to']}{goal}")
    return lines


def main(words: list[str]) -> int:
    """Run, print and write."""
    full = "--full" in words
    begun = time.perf_counter()
    machine = f"{platform.python_implementation()} {platform.python_version()} on {platform.machine()}"
    rows: list[dict[str, Any]] = []
    for name in benchmarks(words):
        print(f"running {name} ...", file=sys.stderr)
        rows += measured(name, full=full)
    print(f"{machine}; ratio 'ours': how many times as fast as that way ours is; 'kernel': how many kernels")
    print("\n".join(table(rows)))
    OUT.mkdir(parents=True, exist_ok=True)
    report = {"machine": machine, "full": full, "rows": rows}
    (OUT / "bench.json").write_text(json.dumps(report, indent=2), "utf-8")
    print(f"{time.perf_counter() - begun:.0f} s; bench/out/bench.json", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
