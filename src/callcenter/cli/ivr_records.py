"""Calls of the past, as ``ivr diff`` and ``ivr coverage`` read them: from a trace, or from a small CSV."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, Final

from callcenter.errors import FileError
from callcenter.ivr.coverage import Decision, HeardCall
from callcenter.model.value import state

MAX_BYTES: Final = 200_000_000
_COLUMNS: Final = ("call", "digits")
_SILENCE: Final = "-"


@state
class Heard:
    """A call of a trace as it is put together."""

    dialled: str
    decisions: list[Decision]
    hung_up: bool = False


def heard(name: str, dialled: str | None = None) -> dict[str, HeardCall]:
    """Return what each caller did, by call, in order; of a trace, those who dialled a number.

    A CSV has the columns ``call,digits``; digits are what was typed at each decision, with blanks between, ``-`` for
    silence.

    Raises:
        FileError: E116 for a file that cannot be read, E155 for a row that cannot.
    """
    try:
        if Path(name).stat().st_size > MAX_BYTES:
            raise FileError("E110", name[:200], size=Path(name).stat().st_size, limit=MAX_BYTES)
        lines = Path(name).read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise FileError("E116", name[:200], reason=getattr(error, "strerror", None) or "UTF-8") from None
    return _of_csv(name, lines) if lines and not lines[0].lstrip().startswith("{") else _of_trace(name, lines, dialled)


def _of_csv(name: str, lines: list[str]) -> dict[str, HeardCall]:
    found = {}
    reader = csv.DictReader(lines)
    if not {*_COLUMNS} <= {*(reader.fieldnames or ())}:
        raise FileError("E155", f"{name}:1", reason=lines[0][:60], known=",".join(_COLUMNS))
    for number, row in enumerate(reader, 2):
        call, digits = row.get("call"), row.get("digits")
        if call is None or digits is None:
            raise FileError("E155", f"{name}:{number}", reason=",".join(row)[:60], known=",".join(_COLUMNS))
        typed = ("" if each == _SILENCE else each for each in digits.split())
        found[call] = HeardCall(decisions=tuple(Decision(menu="", digits=each, outcome="") for each in typed))
    return found


def _of_trace(name: str, lines: list[str], dialled: str | None) -> dict[str, HeardCall]:
    calls: dict[str, Heard] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            _take(calls, _row(name, number, line))
    return {
        id: HeardCall(decisions=tuple(call.decisions), hung_up=call.hung_up)
        for id, call in calls.items()
        if dialled is None or call.dialled == dialled
    }


def _row(name: str, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict) or not isinstance(row.get("fact"), str):
        raise FileError("E155", f"{name}:{number}", reason=line[:60], known='{"t", "fact", "call" …}')
    return row


def _take(calls: dict[str, Heard], row: dict[str, Any]) -> None:
    call = str(row.get("call", ""))
    if row["fact"] == "call_answered":
        calls.setdefault(call, Heard(dialled="", decisions=[]))
    elif row["fact"] == "call_offered":
        calls[call] = Heard(dialled=str(row.get("dialled", "")), decisions=[])
    elif call in calls and row["fact"] == "digits":
        texts = {key: str(row.get(key) or "") for key in ("menu", "digits", "outcome", "target")}
        calls[call].decisions.append(Decision(**texts))
    elif call in calls and row["fact"] == "call_ended":
        calls[call].hung_up = row.get("outcome") == "ivr_abandoned"
    elif row["fact"] == "call_rejected":
        calls.pop(call, None)
