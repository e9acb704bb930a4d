"""The catalogue: both languages say the same, nothing is said that nobody asks for, every error is in the reference."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from callcenter.texts import catalogue, keys

ROOT = Path(__file__).parents[2]
CODES = sorted(key.removesuffix(".hint") for key in keys() if key.endswith(".hint"))


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("key", keys())
def test_both_languages_name_the_same_fields(key: str) -> None:
    """A sentence and its translation tell the same facts, and neither is empty."""
    english, chinese = catalogue._CATALOGUE[key]
    assert english
    assert chinese
    assert fields(english) == fields(chinese)


def test_every_sentence_is_asked_for() -> None:
    """A key of the catalogue stands in the source, whole or as a prefix that is completed at run time."""
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py") if path.parent.name != "texts")
    quoted = set(re.findall(r"""["']([A-Za-z0-9_.]+)["']""", source))
    # f"cli.command.{name}": everything up to the brace is a stem
    stems = tuple(re.findall(r"""f["']([a-z_]+\.[a-z_.]*)\{""", source))
    unused = [
        key for key in keys() if key.removesuffix(".hint") not in quoted and not (stems and key.startswith(stems))
    ]
    assert unused == []


def test_every_error_has_its_hint_and_its_line_in_the_reference() -> None:
    """A code without a hint tells what is wrong and leaves its reader alone."""
    assert [key for key in keys() if re.fullmatch(r"E\d{3}", key) and key not in CODES] == []
    page = (ROOT / "docs" / "reference" / "errors.md").read_text("utf-8")
    assert [code for code in CODES if page.count(f"| {code} |") != 1] == []


def test_every_code_of_the_source_has_a_sentence() -> None:
    """No error can be raised that the catalogue does not know."""
    raised = {
        code
        for path in (ROOT / "src").rglob("*.py")
        if path.parent.name != "texts"
        for code in re.findall(r"""["'](E\d{3})["']""", path.read_text("utf-8"))
    }
    assert sorted(raised - set(CODES)) == []
