"""Whatever a command is given, a user sees one line with a code and what to do, in either language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from callcenter.cli import main

JUNK = {
    "nothing.toml": b"",
    "not-toml.toml": b"= = =",
    "not-utf8.toml": b"schema = 1\n\xff\xfe",
    "nul.toml": b"schema = 1\n\x00",
    "unknown.toml": b'schema = 1\nstrange = "x"\n',
    "dangling.toml": b'schema = 1\n[center.demo]\naccess_number = "95990001"\nivr = "group:7"\n',
    "twice.toml": b"schema = 1\nschema = 1\n",
    "deep.toml": b"schema = 1\nx = " + b"[" * 5000,
    "huge.toml": b"schema = 1\n#" + b" " * 11_000_000,
    "not-a-number.toml": b'[scenario]\nstarts_at = "2008-12-29T10:00:00+08:00"\nends_after_s = nan\n',
}
COMMANDS = [
    ["simulate", "FILE"],
    ["ivr", "check", "FILE", "--center", "demo"],
    ["ivr", "try", "FILE", "--keys", "1:1"],
    ["rate", "--shop", "FILE", "--rate", "x", "CALLS"],
]
FINDINGS = {"nothing.toml", "unknown.toml", "dangling.toml", "not-a-number.toml"}
"""What ``ivr check`` reads and reports, one finding a mistake, where every other command refuses."""
LINE = re.compile(r"E\d{3}( \S.*?)? → .+: .+\n")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", JUNK)
@pytest.mark.parametrize("command", COMMANDS, ids=[" ".join(command[:2]) for command in COMMANDS])
def test_junk_is_one_error(
    command: list[str], name: str, language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, nothing on standard output, one line on standard error, none of it our own mistake."""
    path, calls = tmp_path / name, tmp_path / "calls.csv"
    path.write_bytes(JUNK[name])
    calls.write_text("call_id,caller,called,answered_at,ended_at\n", "utf-8")
    words = [{"FILE": str(path), "CALLS": str(calls)}.get(word, word) for word in command]
    reported = command[:2] == ["ivr", "check"] and name in FINDINGS
    assert main([*words, "--lang", language]) == (1 if reported else 2)
    shown = capsys.readouterr()
    told, silent = (shown.out, shown.err) if reported else (shown.err, shown.out)
    assert silent == ""
    lines = told.splitlines(keepends=True)
    assert lines
    assert len(lines) == 1 or reported
    assert all(LINE.fullmatch(line) for line in lines), told
    assert not told.startswith("E899")


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + b"x" * 100])
def test_a_file_that_is_no_store_is_told(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A report on what is no store of ours is refused by the store's own error."""
    path = tmp_path / "day.sqlite"
    path.write_bytes(content)
    assert main(["report", "charges", "--store", f"sqlite:{path}", "--lang", "en"]) == 2
    shown = capsys.readouterr()
    assert LINE.fullmatch(shown.err), shown.err
    assert not shown.err.startswith("E899")
