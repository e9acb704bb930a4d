"""Write docs/reference/performance.md from bench/out/bench.json: the figures of a day, with the goals beside them."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "performance.md"
MARK = "<!-- figures -->"


def figures(report: dict[str, Any]) -> str:
    """Return the table of the page."""
    lines = [
        f"Measured on {datetime.now(tz=UTC).date().isoformat()}: {report['machine']}, two shared cores.",
        "",
        "| | what | n | per second | ratio | goal |",
        "|---|---|---:|---:|---:|---|",
    ]
    for row in report["rows"]:
        of = row["ratio_to"]
        ratio = f"{row['ratio']:.2f}" + ("" if of == "ours" else " kernels" if of == "kernel" else f" {of}")
        speed = "" if row["ratio_to"] in {"bytes", "times", "MB", "ms"} else f"{row['per_second']:,.0f}"
        cells = (row["id"], row["what"], f"{row['n']:,}", speed, ratio, row.get("goal", ""))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> int:
    """Replace what stands between the two marks of the page."""
    report = json.loads((ROOT / "bench" / "out" / "bench.json").read_text("utf-8"))
    before, _, after = PAGE.read_text("utf-8").split(MARK)
    PAGE.write_text(f"{before}{MARK}\n{figures(report)}\n{MARK}{after}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
