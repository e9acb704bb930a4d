"""`callcenter ivr draw`: the tree of a file, drawn."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callcenter.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "guide-day.toml"


@pytest.fixture(autouse=True)
def _speak_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLCENTER_LANG", "en")


def test_the_tree_of_the_guides_day(capsys: pytest.CaptureFixture[str]) -> None:
    """Every key of the menu stands with the group behind it and who sits there."""
    assert main(["ivr", "draw", str(EXAMPLE)]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("95990001 → menu:main [welcome.wav]\n├─ 1 → 业务咨询 (group:1: CC1001 CC1004)\n")
    assert "├─ 801 802 803 804 805 806 808 by direct dial\n" in shown


def test_the_tree_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """For programs: the lines of each center."""
    assert main(["ivr", "draw", str(EXAMPLE), "--json", "--center", "demo"]) == 0
    assert list(json.loads(capsys.readouterr().out)) == ["demo"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], "E901"),
        (["paint", "x"], "E901"),
        (["draw", "nowhere.toml"], "E116"),
        (["draw", str(EXAMPLE), "--center", "x"], "E907"),
    ],
)
def test_wrong_use_is_named(words: list[str], code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An action, file or center that is none is refused in one line."""
    assert main(["ivr", *words]) == 2
    assert capsys.readouterr().err.startswith(code)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"= 1", b"schema = 1\nstrange = 2"])
def test_a_file_that_cannot_be_read_is_told(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not UTF-8, not TOML, not ours: one error with the file's name."""
    path = tmp_path / "shop.toml"
    path.write_bytes(content)
    assert main(["ivr", "draw", str(path)]) == 2
    shown = capsys.readouterr().err
    assert shown.startswith("E1")
    assert "shop.toml" in shown
