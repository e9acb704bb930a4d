"""Pages that can lie: links lead somewhere, generated pages are fresh, every command is documented.

The blocks of the pages are executed where they stand (see the root conftest.py).
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from callcenter.cli import COMMANDS
from callcenter.texts import keys

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").glob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    """A link to a file of the repository names one that is there."""
    links = [link.split("#")[0] for link in LINK.findall(page.read_text("utf-8"))]
    local = [link for link in links if link and not link.startswith(("https://", "mailto:"))]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_generated_pages_are_fresh() -> None:
    """What the code would generate today is what stands in docs."""
    made = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert (made.returncode, made.stdout) == (0, "")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    """A command stands in the help, in both languages, and on a page."""
    assert f"cli.command.{command}" in keys()
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    assert f"callcenter {command}" in text or f"`{command}`" in text


def test_decisions_are_short_and_listed() -> None:
    """Each decision says context, decision and consequences in 15 to 40 lines, and the index names it."""
    index = (ROOT / "docs" / "decisions" / "index.md").read_text("utf-8")
    for page in sorted((ROOT / "docs" / "decisions").glob("0*.md")):
        text = page.read_text("utf-8")
        assert page.name in index
        assert 15 <= len(text.splitlines()) <= 40
        assert all(word in text for word in ("**Context.**", "**Decision.**", "**Consequences.**"))


def test_nothing_tells_people_to_install_another_package() -> None:
    """The distribution is callfloor; the plain name on the index is somebody else's."""
    told = [page.name for page in PAGES if re.search(r"pip install callcenter\b", page.read_text("utf-8"))]
    assert told == []


def test_examples_use_nobodys_numbers() -> None:
    """Mobiles, landlines and service numbers in pages and examples are those that are nobody's."""
    allowed = re.compile(r"01390000\d{4}|028555\d{5}|9599000\d|400000000\d")
    for page in [*PAGES, *(ROOT / "examples").glob("*.toml")]:
        for number in re.findall(
            r"(?<![\d.])(?:01[3-9]\d{9}|0(?:10|2\d)\d{8}|400\d{7})(?!\d)", page.read_text("utf-8")
        ):
            assert allowed.fullmatch(number), (page.name, number)
