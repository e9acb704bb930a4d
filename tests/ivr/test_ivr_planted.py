"""Planted defects: `check` finds each, its witness tried shows it, and clean trees have no finding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from callcenter.cli import main
from callcenter.cli.ivr_try import script, source, tried

ROOT = Path(__file__).parents[2]
CLEAN = sorted((ROOT / "examples" / "trees").glob("*.toml"))

BASE = """
schema = 1
[center.demo]
access_number = "95990001"
ivr = "main"
[center.demo.agent.CC1001]
phone = "013900000001"
[center.demo.group.1]
kind = "login"
members = ["CC1001"]
GROUP1
[center.demo.group.2]
kind = "login"
members = ["CC1001"]
GROUP2
[center.demo.group.8]
kind = "extension"
extensions = [{ short = "801", long = "02855500011" }EXTENSIONS]
[center.demo.voicemail.night]
greeting = "night.wav"
[ivr.main]
root = "main"
on_fail = "group:1"
TREE
[ivr.main.menu.main]
greeting = "welcome.wav"
choices = { "1" = "group:1", "2" = "menu:more"CHOICES }
MENU
[ivr.main.menu.more]
MORE
choices = { "1" = "group:2", "*" = "back" }
[ivr.main.schedule.hours]
rules = [RULES{ weekdays = "mon-sun", from = "00:00", to = "24:00", target = "menu:main" }]
default = "DEFAULT"
"""
PLAIN = {
    "GROUP1": "",
    "GROUP2": "",
    "EXTENSIONS": "",
    "TREE": "",
    "CHOICES": ', "3" = "schedule:hours"',
    "MENU": "",
    "MORE": 'greeting = "more.wav"',
    "RULES": "",
    "DEFAULT": "group:1",
}

LOOP = """
[ivr.main.announcement.a]
prompt = "a.wav"
next = "announcement:b"
[ivr.main.announcement.b]
prompt = "b.wav"
next = "announcement:a"
"""
STUCK = """
[ivr.main.menu.stuck]
greeting = "stuck.wav"
on_fail = "hangup"
"""

REFUSED = "refused"
"""What shows a mistake of the file: every other command refuses it."""

DEFECTS: dict[str, tuple[dict[str, str], str, str, str]] = {
    # name: (edits, code, where, a fact that the witness shows)
    "a group that is none": (
        {"CHOICES": ', "3" = "schedule:hours", "4" = "group:44"'},
        "E201",
        "ivr.main.menu.main.choices.4",
        REFUSED,
    ),
    "a menu that is none": (
        {"CHOICES": ', "3" = "schedule:hours", "4" = "menu:moer"'},
        "E201",
        "ivr.main.menu.main.choices.4",
        REFUSED,
    ),
    "a box that is none": ({"TREE": 'last_resort = "voicemail:day"'}, "E201", "ivr.main.last_resort", REFUSED),
    "no target at all": (
        {"CHOICES": ', "3" = "schedule:hours", "4" = "gruop:1"'},
        "E131",
        "ivr.main.menu.main.choices.4",
        REFUSED,
    ),
    "a wrong type": ({"MENU": "first_digit_s = true"}, "E102", "ivr.main.menu.main.first_digit_s", REFUSED),
    "an unknown key": ({"MENU": "direct_dail = true"}, "E101", "ivr.main.menu.main.direct_dail", REFUSED),
    "a key outside the alphabet": (
        {"CHOICES": ', "3" = "schedule:hours", "x" = "group:1"'},
        "E138",
        "ivr.main.menu.main.choices.x",
        REFUSED,
    ),
    "a circle without input": (
        {"CHOICES": ', "3" = "schedule:hours", "4" = "announcement:a"', "TREE": "@LOOP"},
        "E202",
        "ivr.main.announcement.a",
        "loop_guard",
    ),
    "nobody in the group": ({"GROUP2": "@EMPTY"}, "E203", "ivr.main.menu.more.choices.1", "routed group:2"),
    "no greeting": ({"MORE": ""}, "E204", "ivr.main.menu.more.greeting", "exhausted"),
    "nothing leads there": ({"CHOICES": ""}, "E205", "ivr.main.schedule.hours", ""),
    "a code that nobody can type": (
        {"CHOICES": ', "3" = "schedule:hours", "12345" = "group:2"', "TREE": "guards = { buffer = 4 }"},
        "E206",
        "ivr.main.menu.main.choices.12345",
        "",
    ),
    "a key that hides an extension": (
        {"CHOICES": ', "3" = "schedule:hours", "801" = "group:2"', "MENU": "direct_dial = true"},
        "E207",
        "ivr.main.menu.main.choices.801",
        "match 801 group:2",
    ),
    "a key that waits": (
        {"CHOICES": ', "3" = "schedule:hours", "8" = "group:2"', "MENU": "direct_dial = true"},
        "E208",
        "ivr.main.menu.main.choices.8",
        "3.0 match 8 group:2",
    ),
    "an extension without a number": (
        {"EXTENSIONS": ', { short = "802", long = "" }', "MENU": "direct_dial = true"},
        "E209",
        "ivr.main.menu.main.direct_dial",
        "unassigned 802",
    ),
    "a menu without a way to a person": (
        {"CHOICES": ', "3" = "schedule:hours", "4" = "menu:stuck"', "TREE": "@STUCK"},
        "E211",
        "ivr.main.menu.stuck",
        "exhausted",
    ),
    "failing into a group that may refuse": (
        {"GROUP1": 'max_length = 1\njoin_empty = ["logged_out"]'},
        "E212",
        "ivr.main.on_fail",
        "exhausted",
    ),
    "a hidden holiday": (
        {"RULES": '{ weekdays = "mon-sun", target = "menu:more" }, { holidays = ["01-01"], target = "hangup" }, '},
        "E213",
        "ivr.main.schedule.hours.rules.1",
        "prompt_started more.wav",
    ),
    "uncovered time": (
        {"RULES": "", "DEFAULT": "hangup", "WINDOW": ""},
        "E214",
        "ivr.main.schedule.hours.default",
        "",
    ),
    "a group that is never open then": (
        {"GROUP2": "@NIGHT", "RULES": '{ from = "09:00", to = "10:00", target = "group:2" }, '},
        "E215",
        "ivr.main.schedule.hours.rules.0.target",
        "",
    ),
    "back at the root": (
        {"CHOICES": ', "3" = "schedule:hours", "*" = "back"'},
        "E216",
        'ivr.main.menu.main.choices."*"',
        "match * back",
    ),
    "a group that closes without a word": (
        {"GROUP2": 'hours = [{ from = "09:00", to = "18:00" }]'},
        "E217",
        "center.demo.group.2.hours",
        "",
    ),
    "a target that cannot stand in a tree": (
        {"CHOICES": ', "3" = "schedule:hours", "4" = "agent:CC1001"'},
        "E131",
        "ivr.main.menu.main.choices.4",
        REFUSED,
    ),
    "the return of a group in a tree": (
        {"CHOICES": ', "3" = "schedule:hours", "4" = "return"'},
        "E141",
        "ivr.main.menu.main.choices.4",
        REFUSED,
    ),
}


def text(edits: dict[str, str]) -> str:
    """The base with its edits; @NAME stands for tables that go to the end."""
    more = {"@LOOP": LOOP, "@STUCK": STUCK}
    written, tail = BASE, ""
    for name, plain in PLAIN.items():
        edit = edits.get(name, plain)
        if edit in more:
            edit, tail = "", tail + more[edit]
        if edit == "@NIGHT":
            edit = 'hours = [{ from = "20:00", to = "22:00" }]\nholiday_prompt = "night.wav"'
        written = written.replace(name, "" if edit == "@EMPTY" else edit, 1)
    if edits.get("GROUP2") == "@EMPTY":
        written = written.replace(
            '[center.demo.group.2]\nkind = "login"\nmembers = ["CC1001"]',
            '[center.demo.group.2]\nkind = "login"\nmembers = []',
        )
    if "WINDOW" in edits:
        written = written.replace('from = "00:00", to = "24:00"', 'from = "08:00", to = "20:00"')
    return written + tail


def checked(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, str]]]:
    code = main(["ivr", "check", str(path), "--json"])
    return code, json.loads(capsys.readouterr().out)


def shown(path: Path, witness: str) -> str:
    """What the witness shows, one fact a line."""
    lines = []
    for fact in tried(source(str(path)), script(witness)):
        told: list[Any] = [fact[key] for key in ("outcome", "digits", "target", "reason", "prompt") if fact.get(key)]
        lines.append(" ".join([f"{fact['t']:.1f}", fact["fact"], *map(str, told)]))
    return "\n".join(lines)


@pytest.mark.parametrize("path", CLEAN, ids=[path.stem for path in CLEAN])
def test_clean_trees_have_no_finding(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Five trees as people write them: nothing to say."""
    assert len(CLEAN) == 5
    assert checked(path, capsys) == (0, [])


def test_the_base_is_clean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the defects are planted in has none of its own."""
    path = tmp_path / "shop.toml"
    path.write_text(text({}), "utf-8")
    assert checked(path, capsys) == (0, [])


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_found_and_shown(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its code at its place; and the witness, tried, does what it says."""
    edits, code, where, fact = DEFECTS[name]
    path = tmp_path / "shop.toml"
    path.write_text(text(edits), "utf-8")
    exit_code, found = checked(path, capsys)
    finding = next((each for each in found if (each["code"], each["where"]) == (code, where)), None)
    assert finding is not None, found
    assert exit_code == any(each["severity"] == "error" for each in found)
    if fact == REFUSED:
        assert finding["severity"] == "error"
        assert main(["ivr", "try", str(path), "--keys", finding["witness"]]) == 2
    else:
        assert [each["code"] for each in found if each["severity"] == "error"] in ([], [code])
        told = shown(path, finding["witness"])
        assert all(word in told for word in fact.split()), told


def test_a_prompt_without_a_file_is_found_when_files_are_looked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On disk only when told to."""
    path = tmp_path / "shop.toml"
    path.write_text(text({}), "utf-8")
    (tmp_path / "welcome.wav").write_bytes(b"")
    assert main(["ivr", "check", str(path), "--files", str(tmp_path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(each["code"], each["where"]) for each in found] == [("E210", "ivr.main.menu.more.greeting")]


def test_all_mistakes_of_a_file_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Types, unknown keys, missing keys, dangling names: each is a finding with its place; none hides another."""
    edits = {
        "CHOICES": ', "3" = "schedule:hours", "4" = "gruop:1", "5" = "group:44", "x" = "hangup"',
        "MENU": 'first_digit_s = "5"\ngreting = "w.wav"\nlimits = { noinput = 0 }',
        "GROUP1": 'ring = "sigle"',
        "GROUP2": 'on_timeout = "group:45"',
        "MORE": "input = 5",
    }
    path = tmp_path / "shop.toml"
    path.write_text(text(edits).replace('default = "group:1"\n', ""), "utf-8")
    code, found = checked(path, capsys)
    assert code == 1
    assert {(each["code"], each["where"]) for each in found if each["severity"] == "error"} == {
        ("E131", "ivr.main.menu.main.choices.4"),
        ("E201", "ivr.main.menu.main.choices.5"),
        ("E138", "ivr.main.menu.main.choices.x"),
        ("E102", "ivr.main.menu.main.first_digit_s"),
        ("E101", "ivr.main.menu.main.greting"),
        ("E105", "ivr.main.menu.main.limits.noinput"),
        ("E106", "center.demo.group.1.ring"),
        ("E107", "center.demo.group.2.on_timeout"),
        ("E102", "ivr.main.menu.more.input"),
        ("E103", "ivr.main.schedule.hours"),
        ("E204", "ivr.main.menu.more.greeting"),
    }
