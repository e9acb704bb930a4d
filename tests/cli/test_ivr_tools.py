"""`callcenter ivr paths|diff|coverage|import|export` and the picture: what people see, and what programs get."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from callcenter.cli import main

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "guide-day.toml"
TREES = ROOT / "examples" / "trees"


@pytest.fixture(autouse=True)
def _speak_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLCENTER_LANG", "en")


def shown(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    assert main(["ivr", *map(str, words)]) == 0
    return capsys.readouterr().out


def data(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    return json.loads(shown(capsys, *words, "--json"))


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """The day with key 3 led to group 4."""
    path = tmp_path / "edited.toml"
    path.write_text(EXAMPLE.read_text("utf-8").replace('"3" = "group:3"', '"3" = "group:4"'), "utf-8")
    return path


@pytest.fixture
def trace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The day as it went."""
    path = tmp_path / "day.jsonl"
    assert main(["simulate", str(EXAMPLE), "--trace", str(path)]) == 0
    capsys.readouterr()
    return path


def test_every_outcome_with_its_keys(capsys: pytest.CaptureFixture[str]) -> None:
    """As a table, and the silent caller below."""
    lines = shown(capsys, "paths", EXAMPLE).splitlines()
    assert lines[0].split() == ["target", "reason", "keys", "best", "worst", "when"]
    assert "group:8 其他分机 (805 808)        routed     0:8        3     28" in lines
    assert lines[-1] == "silent caller: hangup (exhausted) after 79 s at the latest"


def test_outcomes_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """With conditions and the nodes on the way."""
    (found,) = data(capsys, "paths", TREES / "support.toml")
    group = next(each for each in found["outcomes"] if each["target"] == "group:2")
    assert group["when"] == ["caller:who rules.0"]
    assert group["through"] == ["caller:who"]
    assert found["silent"]["target"] == "group:1"


def test_a_sheet_for_test_calls(capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each outcome, with a box to tick."""
    lines = shown(capsys, "paths", EXAMPLE, "--sheet").splitlines()
    assert lines[0] == "Test calls for tree main on 95990001"
    assert "[ ]   8. press 8 → you get to group:8 其他分机 (805 808) after 3 s" in lines
    assert main(["--lang", "zh", "ivr", "paths", str(TREES / "clinic.toml"), "--sheet"]) == 0
    assert "拨打 95990003" in capsys.readouterr().out


def test_a_tree_without_a_center_has_paths_too(capsys: pytest.CaptureFixture[str]) -> None:
    """Drawn, too."""
    assert "voicemail:later" not in shown(capsys, "paths", TREES / "survey.toml")
    assert shown(capsys, "draw", TREES / "survey.toml").startswith("tree survey")


@pytest.mark.parametrize("name", ["support.toml", "hotel.toml", "survey.toml"])
def test_pictures_are_one_document(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Of one tree or of several, one below the other."""
    root = ET.fromstring(shown(capsys, "draw", TREES / name, "--svg"))
    titles = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text") if each.get("class") == "title"]
    assert len([title for title in titles if title and title.startswith("tree ")]) == (2 if "support" in name else 1)


def test_what_ends_elsewhere(edited: Path, trace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Shortest digits first, and how many calls of the day would have gone differently."""
    lines = shown(capsys, "diff", EXAMPLE, edited, "--records", trace).splitlines()
    assert lines[1] == "  3 and whatever follows: group:3 → group:4"
    assert lines[-1] == "1 of 8 calls would have gone differently"
    (found,) = data(capsys, "diff", EXAMPLE, edited, "--records", trace, "--at", "2008-12-29T10:00:00+08:00")
    assert found["changes"][0] == {"digits": "3", "further": True, "before": "group:3", "after": "group:4"}
    assert (found["longest"], found["complete"], found["calls"]) == (4, True, {"changed": 1, "count": 8})


def test_records_as_a_small_csv(edited: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """call,digits with blanks between decisions and - for silence."""
    path = tmp_path / "calls.csv"
    path.write_text("call,digits\na,3\nb,- 3\nc,1\nd,\n", "utf-8")
    assert shown(capsys, "diff", EXAMPLE, edited, "--records", path).splitlines()[-1].startswith("2 of 4 calls")


def test_nothing_ends_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    """The same file twice."""
    assert shown(capsys, "diff", EXAMPLE, EXAMPLE) == "no digits end elsewhere (all strings of up to 4 digits)\n"


def test_what_callers_made_of_a_tree(trace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every way with its count, the unused ones too."""
    lines = shown(capsys, "coverage", EXAMPLE, trace).splitlines()
    assert lines[0] == "8 calls"
    assert "       3  ivr.main.menu.main.choices.1 → group:1" in lines
    assert "       0  ivr.main.menu.main.choices.7 → menu:hours" in lines


def test_mistakes_silence_and_hang_ups_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was typed that matched nothing, where nobody typed, and where callers gave up."""
    head = {"t": 0, "fact": "call_offered", "caller": "013900000001", "dialled": "95990002"}
    facts: list[dict[str, Any]] = []
    for call in "abc":
        facts.append({**head, "call": call})
        facts.append(
            {"fact": "digits", "call": call, "menu": "main", "digits": "7", "outcome": "nomatch", "target": None}
        )
    facts.append({"fact": "digits", "call": "a", "menu": "main", "digits": "", "outcome": "noinput", "target": None})
    facts.append(
        {"fact": "digits", "call": "b", "menu": "main", "digits": "1", "outcome": "match", "target": "group:1"}
    )
    facts += [{"fact": "call_ended", "call": call, "outcome": "ivr_abandoned"} for call in "ac"]
    facts += [{"fact": "call_offered", "call": "x", "dialled": "95990009"}, {"fact": "agent_state", "agent": "BK1"}]
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join(json.dumps(fact) for fact in facts) + "\n", "utf-8")
    (found,) = data(capsys, "coverage", TREES / "bookshop.toml", path)
    assert found["calls"] == 3
    assert found["nomatch"] == [{"node": "menu:main", "digits": "7", "times": 3}]
    assert found["noinput"] == [{"node": "menu:main", "times": 1}]
    assert found["abandoned"] == [{"node": "menu:main", "times": 2}]
    assert "hung up at:" in shown(capsys, "coverage", TREES / "bookshop.toml", path)


@pytest.mark.parametrize("content", [b"\xff", b"{", b"[1]\n", b'{"fact": 1}\n', b"call\na\n", b"call,digits\na\n"])
def test_records_that_are_none(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line with the row."""
    path = tmp_path / "t"
    path.write_bytes(content)
    assert main(["ivr", "diff", str(EXAMPLE), str(EXAMPLE), "--records", str(path)]) == 2
    assert capsys.readouterr().err.startswith("E1")


def test_from_one_form_to_another_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """TOML to JSON to TOML; the guide's table to TOML and back."""
    first = shown(capsys, "export", EXAMPLE, "--to", "toml")
    path = tmp_path / "t.json"
    path.write_text(shown(capsys, "export", EXAMPLE), "utf-8")
    assert shown(capsys, "import", path) == first
    table = (
        "node,parent,key,target,answer_file\n0,-1,,,welcome.wav\n1,0,1,group:1,\n2,0,9,,more.wav\n3,2,1,group:2,a.wav\n"
    )
    (tmp_path / "t.csv").write_text(table, "utf-8")
    (tmp_path / "t.toml").write_text(shown(capsys, "import", tmp_path / "t.csv", "--name", "books"), "utf-8")
    assert shown(capsys, "export", tmp_path / "t.toml", "--to", "csv") == table
    assert "[ivr.books.menu.0]" in (tmp_path / "t.toml").read_text("utf-8")


def test_a_table_with_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` names every row, and those that would only fit as levels; `import` refuses."""
    path = tmp_path / "t.csv"
    rows = ["0,-1,,,w.wav", "5,0,9,,more.wav", "6,1,1,2,", "7,0,x,2,", "8,0,9,2,", "9,44,1,2,"]
    path.write_text("node,parent,key,target,answer_file\n" + "\n".join(rows), "utf-8")
    assert main(["ivr", "check", str(path), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    errors = [(each["code"], each["where"].rpartition(":")[2]) for each in found if each["severity"] == "error"]
    assert errors == [("E219", "4"), ("E138", "5"), ("E152", "6"), ("E151", "7")]
    assert main(["ivr", "import", str(path)]) == 2
    assert capsys.readouterr().err.startswith("E151")


@pytest.mark.parametrize("option", ["--until", "--prompt-s"])
@pytest.mark.parametrize("text", ["nan", "inf", "-1", "1e3", "86401", "２", "x"])
def test_seconds_that_are_none(option: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Named with the option; nothing is tried."""
    assert main(["ivr", "try", str(EXAMPLE), f"{option}={text}"]) == 2
    assert capsys.readouterr().err.startswith(f"E927 → {option} {text} is no number of seconds")


def test_a_group_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    """Those that there are stand with it."""
    assert main(["ivr", "try", str(EXAMPLE), "--empty", "77"]) == 2
    assert capsys.readouterr().err.startswith("E926 → there is no group 77: groups there are: 1, ")


def test_what_a_table_cannot_say(capsys: pytest.CaptureFixture[str]) -> None:
    """And a tree that there is not."""
    assert main(["ivr", "export", str(TREES / "support.toml"), "--to", "csv", "--tree", "support"]) == 2
    assert capsys.readouterr().err.startswith("E156")
    assert main(["ivr", "export", str(TREES / "support.toml"), "--to", "csv"]) == 2
    assert capsys.readouterr().err.startswith("E928 → a table holds one tree: choose with --tree: ")
    assert main(["ivr", "export", str(EXAMPLE), "--tree", "none"]) == 2
    assert capsys.readouterr().err.startswith("E925")


def test_check_says_how_each_rule_of_the_field_would_do(capsys: pytest.CaptureFixture[str]) -> None:
    """Of every menu with codes of more than one digit."""
    shown_lines = shown(capsys, "check", EXAMPLE).splitlines()
    assert shown_lines[1] == "main menu:main"
    assert shown_lines[2] == "  first code that fits: 9 of 15 codes, 0.00 s of mean extra wait"


@pytest.mark.parametrize("text", ['{"schema": 1, "ivr": {"main": {"root": "m", "menu": {"m": {"greting": "w"}}}}}'])
def test_check_reads_json_too(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the same findings."""
    path = tmp_path / "t.json"
    path.write_text(text, "utf-8")
    assert main(["ivr", "check", str(path), "--json"]) == 1
    found = [(each["code"], each["where"]) for each in json.loads(capsys.readouterr().out)]
    assert found[0] == ("E101", "ivr.main.menu.m.greting")


def test_prompts_of_a_scenario_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Their lengths in the seconds of paths; the missing ones are findings, and are silence."""
    path = tmp_path / "day.toml"
    path.write_text(
        EXAMPLE.read_text("utf-8").replace('"opening-hours.wav" = 12.0', '"opening-hours.wav" = "missing"'), "utf-8"
    )
    (found,) = data(capsys, "paths", path)
    assert {each["target"]: each["worst_s"] for each in found["outcomes"]}["group:1"] == 25
    codes = {(each["code"], each["where"]) for each in data(capsys, "check", path)}
    assert ("E210", "ivr.main.menu.hours.greeting") in codes
