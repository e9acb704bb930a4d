"""Traces that are named on the command line: opened and read here, looked at by :mod:`callcenter.reports`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from callcenter.errors import FileError


def read_trace(name: str) -> list[dict[str, Any]]:
    """Return the lines of a trace as plain data.

    Raises:
        FileError: E116 for a file that cannot be opened, E922 for a line that is no fact.
    """
    try:
        text = Path(name).read_text("utf-8")
    except (OSError, ValueError) as error:
        raise FileError("E116", name[:200], reason=getattr(error, "strerror", None) or str(error)) from None
    return [_fact(line, name, number) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]


def _fact(line: str, name: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict) or not isinstance(row.get("t"), int | float) or not isinstance(row.get("fact"), str):
        raise FileError("E922", name[:200], line=number)
    return row
