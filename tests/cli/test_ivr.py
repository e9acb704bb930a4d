"""`callcenter ivr check|draw`: the trees of a file, looked at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callcenter.cli import main

CIRCLE = """
schema = 1
[ivr.main]
root = "announcement:a"
[ivr.main.announcement.a]
prompt = "a.wav"
next = "announcement:b"
[ivr.main.announcement.b]
prompt = "b.wav"
next = "announcement:a"
"""
EXAMPLE = Path(__file__).parents[2] / "examples" / "guide-day.toml"


@pytest.fixture(autouse=True)
def _speak_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLCENTER_LANG", "en")


def test_the_tree_of_the_guides_day(capsys: pytest.CaptureFixture[str]) -> None:
    """Every key of the menu stands with the group behind it and who sits there; problems are marked."""
    assert main(["ivr", "draw", str(EXAMPLE)]) == 0
    shown = capsys.readouterr().out
    assert "├─ 1              → group:1  业务咨询 (CC1001 CC1004)\n" in shown
    assert "├─ 8              → group:8  其他分机 (805 808)  ?E208\n" in shown
    assert "direct_dial    6 short numbers: 802 803 804 805 806 808\n" in shown


@pytest.mark.parametrize(("form", "begins"), [("mermaid", "flowchart TD\n"), ("dot", 'digraph "main" {\n')])
def test_a_tree_as_a_graph(form: str, begins: str, capsys: pytest.CaptureFixture[str]) -> None:
    """For pages and for Graphviz."""
    assert main(["ivr", "draw", str(EXAMPLE), f"--{form}"]) == 0
    assert capsys.readouterr().out.startswith(begins)


def test_trees_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """For programs: the drawings of each center."""
    assert main(["ivr", "draw", str(EXAMPLE), "--json", "--center", "demo"]) == 0
    assert list(json.loads(capsys.readouterr().out)) == ["demo"]


def test_a_warning_is_no_refusal(capsys: pytest.CaptureFixture[str]) -> None:
    """Key 8 begins the short numbers 802 to 808, so it waits: worth knowing, and exit 0."""
    assert main(["ivr", "check", str(EXAMPLE), "--json"]) == 0
    (finding,) = json.loads(capsys.readouterr().out)
    assert (finding["code"], finding["severity"], finding["witness"]) == ("E208", "warning", "0:8")
    assert finding["where"] == "ivr.main.menu.main.choices.8"


def test_an_error_of_a_tree_is_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A circle that waits for nobody is named with its place; exit 1."""
    path = tmp_path / "shop.toml"
    path.write_text(CIRCLE, "utf-8")
    assert main(["ivr", "check", str(path)]) == 1
    assert "E202 ivr.main" in capsys.readouterr().out


def test_a_center_without_a_tree_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every call goes to the one target."""
    path = tmp_path / "shop.toml"
    path.write_text('schema = 1\n[center.demo]\naccess_number = "95990001"\nivr = "number:02855500099"\n', "utf-8")
    assert main(["ivr", "draw", str(path)]) == 0
    assert capsys.readouterr().out == "95990001 → number:02855500099\n"


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
