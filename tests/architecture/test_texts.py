"""The catalogue as a whole: nothing stands twice, nothing is said that nobody asks for, every error is in the reference."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

from callcenter.texts import keys

ROOT = Path(__file__).parents[2]
FOR_ADAPTERS = ["E601", "E601.hint"]
"""Raised by adapters of switches, not by the house."""
TEXTS = ROOT / "src" / "callcenter" / "texts"
CODES = sorted(key.removesuffix(".hint") for key in keys() if key.endswith(".hint"))


def test_no_key_stands_twice() -> None:
    """Rooms add sentences side by side; none covers up another's."""
    modules = [importlib.import_module(f"callcenter.texts.{path.stem}") for path in TEXTS.glob("*.py")]
    rooms = [module.TEXTS for module in modules if hasattr(module, "TEXTS")]
    assert sum(len(room) for room in rooms) == len(keys())


def test_every_sentence_is_asked_for() -> None:
    """A key of the catalogue stands in the source, whole or as a prefix that is completed at run time."""
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py") if path.parent.name != "texts")
    quoted = set(re.findall(r"""["']([A-Za-z0-9_.]+)["']""", source))
    # f"cli.command.{name}": everything up to the brace is a stem
    stems = tuple(re.findall(r"""f["']([a-z_]+\.[a-z_.]*)\{""", source))
    unused = [
        key for key in keys() if key.removesuffix(".hint") not in quoted and not (stems and key.startswith(stems))
    ]
    assert unused == FOR_ADAPTERS


def test_every_error_has_its_hint_and_its_line_in_the_reference() -> None:
    """A code without a hint tells what is wrong and leaves its reader alone."""
    assert [key for key in keys() if re.fullmatch(r"E\d{3}", key) and key not in CODES] == []
    page = (ROOT / "docs" / "reference" / "errors.md").read_text("utf-8")
    assert [code for code in CODES if page.count(f"| {code} |") != 1] == []
