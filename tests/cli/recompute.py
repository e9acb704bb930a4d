"""Work out what calls cost from ``callcenter rate --explain --json`` alone; nothing of the library is used.

callcenter rate --shop shop.toml --rate evening calls.csv --explain --json | python recompute.py
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any


def recomputed(lines: Iterable[str]) -> Iterator[tuple[str, int, int, str]]:
    """Yield (call, seconds, billed seconds, fen) of each line; an AssertionError tells what does not add up."""
    for line in lines:
        row = json.loads(line)
        billed, exact, before = 0, Fraction(row["connect_fen"]), None
        for span in row["spans"]:
            taken = span["increments"] * span["increment_s"]
            begin, end = datetime.fromisoformat(span["from"]), datetime.fromisoformat(span["to"])
            assert before in {None, begin}, f"{row['call_id']}: a gap before {begin}"
            assert (end - begin).total_seconds() == taken, f"{row['call_id']}: {begin} to {end} is not {taken} s"
            part = Fraction(span["price_fen"]) * taken / span["per_s"]
            assert part == Fraction(span["exact"]), f"{row['call_id']}: {part} is not {span['exact']}"
            billed, exact, before = billed + taken, exact + part, end
        assert exact == Fraction(row["exact"]), f"{row['call_id']}: {exact} is not {row['exact']}"
        yield row["call_id"], row["seconds"], billed, posted(row, exact)


def posted(row: dict[str, Any], exact: Fraction) -> str:
    """Return what an exact price comes to: minimum, cap, one rounding to 1/100 fen."""
    if row["minimum_fen"] is not None:
        exact = max(exact, Fraction(row["minimum_fen"]))
    if row["cap_fen"] is not None:
        exact = min(exact, Fraction(row["cap_fen"]))
    whole, rest = divmod(exact * 100, 1)
    up = {"half_up": rest >= Fraction(1, 2), "ceil": rest > 0, "floor": False}[row["rounding"]]
    return f"{(whole + up) // 100}.{(whole + up) % 100:02}"


if __name__ == "__main__":
    for call, seconds, billed, fen in recomputed(sys.stdin):
        sys.stdout.write(f"{call},{seconds},{billed},{fen}\n")
