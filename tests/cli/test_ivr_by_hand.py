"""Callers worked out on paper, then tried: `by_hand.toml` holds trees, keys and the facts that the rules of menus give.

Nothing of the table was written down from what the program says.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

from callcenter.cli import main

PAPER: Final[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "by_hand.toml").read_text(encoding="utf-8"))
MONDAY: Final = "2008-12-29T10:00:00+08:00"
SHOWN: Final = ("digits", "ivr_ended", "routed")
OF_A_FACT: Final = {
    "digits": ("menu", "digits", "outcome", "target"),
    "ivr_ended": ("reason",),
    "routed": ("target",),
    "prompt_started": ("prompt",),
    "prompt_missing": ("prompt",),
    "left": ("group", "reason"),
    "call_ended": ("outcome",),
}


def written(case: dict[str, Any]) -> str:
    """Return the file of a case: the shop, its tree with what the case edits, and lengths of prompts if it has some."""
    tree: str = PAPER["tree"][case["tree"]]
    edits = case.get("edit", [])
    for old, new in zip(edits[::2], edits[1::2], strict=True):
        assert old in tree, old
        tree = tree.replace(old, new, 1)
    parts = [PAPER["shop"]["head"], tree]
    if case.keys() & {"prompts", "starts_at", "host"}:
        parts.append(PAPER["scenario"]["head"].replace("STARTS_AT", case.get("starts_at", MONDAY)))
        parts.append("[prompts]")
        parts.extend(f"{json.dumps(name)} = {json.dumps(length)}" for name, length in case.get("prompts", {}).items())
    if "host" in case:
        parts.extend(["[[host]]", 'question = "crm"', case["host"]])
    return "\n".join([*parts, ""])


def line(row: dict[str, Any]) -> str:
    """Return a fact as the table has it: when, what, and its words; nothing is -, an empty text is ''."""
    words = (row[key] for key in OF_A_FACT.get(row["fact"], ()))
    return " ".join([f"{row['t']:g}", row["fact"], *("-" if word is None else word or "''" for word in words)])


@pytest.mark.parametrize("case", PAPER["case"], ids=[case["id"] for case in PAPER["case"]])
def test_a_caller_on_paper_fares_the_same_in_the_program(
    case: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each fact, its moment and its place in the order; a table that ends in dots says only how it begins."""
    file = tmp_path / "shop.toml"
    file.write_text(written(case), encoding="utf-8")
    assert main(["ivr", "try", str(file), "--keys", case["keys"], *case.get("args", []), "--json"]) == 0
    out = capsys.readouterr().out
    shown = case.get("show", SHOWN)
    found = [line(row) for row in json.loads(out) if row["fact"] in shown]
    expected: list[str] = case["facts"]
    if expected[-1] == "...":
        expected = expected[:-1]
        found = found[: len(expected)]
    assert found == expected
    assert case.get("secret", "\0") not in out
