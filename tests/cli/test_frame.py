"""The frame of the command line: what every command has, whatever it does."""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from callcenter import __version__, cli
from callcenter.cli import COMMANDS, main, overview
from callcenter.cli.doctor import EXTRAS
from callcenter.cli.screen import HANDLER, PLAIN_SIGNS, chosen_language
from callcenter.errors import CallCenterError
from callcenter.texts import Language


@pytest.fixture(autouse=True)
def _speak_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLCENTER_LANG", "en")


class Broken:
    """A command that does as it is told in the test."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def register(self, subparsers: Any) -> None:
        subparsers.add_parser("doctor")

    def run(self, args: argparse.Namespace) -> int:
        raise self.error


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Any:
    def replace(error: BaseException) -> None:
        monkeypatch.setattr(cli, "_load", lambda name: Broken(error))

    return replace


def test_without_a_command_the_overview_is_shown_and_it_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    """`callcenter` alone tells what there is; a script that forgot the command is told by the exit code."""
    assert main([]) == 2
    assert capsys.readouterr().out.strip() == overview("en").strip()


def test_help_names_every_command_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` is done (0), and no command is left out."""
    for language in ("en", "zh"):
        assert main(["--help", "--lang", language]) == 0
        shown = capsys.readouterr().out
        assert all(f"  {name} " in shown for name in COMMANDS)


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` tells the one version there is."""
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"callcenter {__version__}\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["dcotor"], "E902 → there is no command dcotor: the nearest is doctor; commands: demo,"),
        (["doctor", "--bad"], "E901 → not understood: --bad: see callcenter doctor --help"),
        (["--lang", "fr", "doctor"], "E901 → --lang: 'fr' is none of the choices ('en', 'zh'): see callcenter --help"),
        (["doctor", "--lang"], "E901 → --lang needs a value: see callcenter doctor --help"),
        (["doctor", "--lang", "fr"], "E901 → --lang: 'fr' is none of the choices ('en', 'zh'): see callcenter doctor"),
        (["--lang", "zh", "doctor", "x"], "E901 → 无法识别:x: 请查看 callcenter doctor --help"),
    ],
)
def test_wrong_use_is_one_line_and_2(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong use is told in one line on standard error, with what to do, in the language asked for."""
    assert main(words) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.replace("choose from ", "").startswith(says)
    assert shown.err.count("\n") == 1


def test_an_error_of_the_library_is_one_line_and_2(broken: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """What the library refuses is told with its code, never with a traceback."""
    broken(CallCenterError("E705", "shop.toml:3", text="yesterday"))
    assert main(["doctor"]) == 2
    assert capsys.readouterr().err == 'E705 shop.toml:3 → "yesterday" is no local date: write YYYY-MM-DD\n'


@pytest.mark.parametrize("debug", [False, True])
def test_a_mistake_of_ours_tells_how_to_report_it(
    debug: bool, broken: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever breaks, a user sees one line; the traceback comes only when CALLCENTER_DEBUG asks for it."""
    monkeypatch.setenv("CALLCENTER_DEBUG", "1" if debug else "")
    broken(ZeroDivisionError("by nothing"))
    assert main(["doctor"]) == 2
    shown = capsys.readouterr().err
    assert "E899 → something unexpected happened (ZeroDivisionError: by nothing)" in shown
    assert ("Traceback" in shown) is debug


def test_an_interruption_is_130_and_silent(broken: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C stops without a word, with the exit code of shells."""
    broken(KeyboardInterrupt())
    assert main(["doctor"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_reader_that_goes_away_is_no_error() -> None:
    """`callcenter … | head -1` ends quietly."""
    pipe = subprocess.Popen(
        [sys.executable, "-m", "callcenter", "doctor"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert pipe.stdout is not None
    assert pipe.stderr is not None
    pipe.stdout.close()
    errors = pipe.stderr.read()
    pipe.stderr.close()
    assert (pipe.wait(), errors) == (0, b"")


@pytest.mark.parametrize(
    ("settings", "language"),
    [
        ({"CALLCENTER_LANG": "zh"}, "zh"),
        ({"CALLCENTER_LANG": "", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"CALLCENTER_LANG": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_TW.UTF-8"}, "zh"),
        ({"CALLCENTER_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"CALLCENTER_LANG": "fr"}, "en"),
    ],
)
def test_the_language_is_the_variables_then_the_locales(
    settings: dict[str, str], language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CALLCENTER_LANG goes before the locale; a language that we do not speak is English."""
    for name, content in settings.items():
        monkeypatch.setenv(name, content)
    assert chosen_language() == language
    assert chosen_language("zh") == "zh"


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp437", "latin-1"])
def test_no_encoding_of_a_terminal_makes_a_command_fail(encoding: str) -> None:
    """A terminal that has not our signs gets plain ones; where it has no Chinese, English is spoken."""
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "CALLCENTER_LANG": "zh"}
    ran = subprocess.run(
        [sys.executable, "-m", "callcenter", "doctor"], capture_output=True, env=environment, check=False
    )
    shown = ran.stdout.decode(encoding)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ("一切正常" if encoding == "gbk" else "All is well") in shown


def test_every_plain_sign_is_plain() -> None:
    """What is written in place of a sign can be written everywhere; a sign without a stand-in becomes a question mark."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors=HANDLER)
    stream.write("".join(PLAIN_SIGNS) + "✓")
    stream.seek(0)
    assert stream.read() == "".join(PLAIN_SIGNS.values()) + "?"


def test_the_doctor_finds_this_machine_well(capsys: pytest.CaptureFixture[str]) -> None:
    """Where the tests run nothing stands in the way, and the findings can be read by a machine."""
    assert main(["doctor", "--json"]) == 0
    findings = json.loads(capsys.readouterr().out)
    assert all(finding["good"] for finding in findings)
    assert {"name": "callcenter", "says": __version__, "good": True} in findings


def test_the_doctor_knows_every_extra_that_is_published() -> None:
    """What pyproject.toml offers to users, the doctor looks for; bundles and what builds need are no extras of users."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert set(EXTRAS) == set(project["project"]["optional-dependencies"]) - {"all", "test", "bench"}
