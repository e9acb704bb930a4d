"""``callcenter admin``: what an operator does without a console, and the trail that each of it leaves."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from callcenter.admin import first_secrets
from callcenter.admin.hashing import Hasher, Scrypt
from callcenter.center.office import Office
from callcenter.cli import admin, main
from callcenter.model.times import Instant
from callcenter.store import SqliteStore

CHEAP = Hasher(Scrypt(ln=1, r=1, p=1))


@pytest.fixture(name="store")
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store with a center, and hashes that cost nothing."""
    monkeypatch.setattr(admin, "first_secret", lambda: first_secrets.first_secret(CHEAP))
    kept = SqliteStore(str(tmp_path / "x.db"))
    center = {"access_number": "95990001", "ivr": "hangup", "created": "2009-01-01"}
    Office(kept).load({"schema": 1, "center": {"demo": center}}, Instant(1_230_768_000_000_000))
    kept.close()
    return f"sqlite:{tmp_path / 'x.db'}"


def run(*words: str) -> int:
    """Run a command."""
    return main(["admin", *words])


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    """Return what was printed as JSON."""
    return json.loads(capsys.readouterr().out)


def test_the_first_administrator_is_made_once(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Its secret is shown on standard output, once; the store has a hash of it; a second one is refused, exit 1."""
    assert run("first", "--store", store, "--name", "Root", "--json") == 0
    shown = told(capsys)
    assert re.fullmatch(r"([a-z2-7]{4}-){5}[a-z2-7]{4}", shown["first_secret"])
    assert (shown["login"], shown["hours"]) == ("root", 72)
    kept = SqliteStore(store.partition(":")[2])
    assert shown["first_secret"] not in kept.dump()
    kept.close()
    assert run("first", "--store", store, "--name", "other") == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("E571 ")


def test_a_reset_gives_another_first_secret(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In both languages; a name that nobody has is told, exit 2."""
    run("first", "--store", store, "--name", "root")
    first = capsys.readouterr().out
    assert run("reset", "--store", store, "--name", "ROOT", "--lang", "zh") == 0
    again = capsys.readouterr().out
    assert "初始密码" in again
    assert first.split()[3] not in again
    for name in ("nobody", "demo/CC1001"):
        assert run("reset", "--store", store, "--name", name) == 2
        assert capsys.readouterr().err.startswith(f"E574 → there is no log-in {name}")


def test_the_trail_is_shown_and_verified(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Filters, totals, both forms; whole as long as nobody touches it, also against a head noted before."""
    run("first", "--store", store, "--name", "root")
    run("reset", "--store", store, "--name", "root")
    capsys.readouterr()
    assert run("trail", "--store", store, "--json") == 0
    rows = told(capsys)
    assert [row["what"] for row in rows["rows"]] == ["logins.reset", "logins.create"]
    assert run("trail", "--store", store, "--what", "logins.create", "--target", "login:root", "--rows", "1") == 0
    assert capsys.readouterr().out.endswith("1 of 1 rows\n")
    assert run("verify", "--store", store, "--json") == 0
    head = told(capsys)["head"]
    assert head.startswith("2:")
    run("reset", "--store", store, "--name", "root")
    capsys.readouterr()
    assert run("verify", "--store", store, "--head", head) == 0
    assert capsys.readouterr().out.startswith("the trail is whole: 3 rows")


def test_rows_cut_off_at_the_end_are_found_by_a_head(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The chain alone cannot know; a head that was noted elsewhere can. An edited row is found either way."""
    for _ in range(2):
        run("first" if not _ else "reset", "--store", store, "--name", "root")
    capsys.readouterr()
    run("verify", "--store", store, "--json")
    head = told(capsys)["head"]
    with sqlite3.connect(store.partition(":")[2]) as raw:
        raw.execute("DROP TRIGGER trail_no_delete")
        raw.execute("DROP TRIGGER trail_no_update")
        raw.execute("DELETE FROM trail WHERE seq = 2")
    assert run("verify", "--store", store) == 0
    assert run("verify", "--store", store, "--head", head) == 1
    assert "were cut off" in capsys.readouterr().out
    raw.execute("UPDATE trail SET who = 'nobody'")
    raw.commit()
    raw.close()
    assert run("verify", "--store", store, "--json") == 1
    assert told(capsys)["flaw"]["seq"] == 1


def test_a_top_up_is_the_command_of_that_name(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The same words, the same answer, the same exit code."""
    words = ("topup", "--store", store, "--center", "demo", "--fen", "100.00", "--ref", "r1")
    assert run(*words) == 0
    assert main([*words[:1], *words[1:]]) == 0
    assert "was posted before" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("first",), "E901"),
        (("nothing",), "E901"),
        (("first", "--name", "a b"), "E563"),
        (("trail", "--since", "yesterday"), "E703"),
        (("trail", "--rows", "0"), "E441"),
        (("verify", "--head", "nonsense"), "E577"),
    ],
)
def test_wrong_use_is_told_and_changes_nothing(
    store: str, words: tuple[str, ...], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, one line, no traceback."""
    assert run(*words, "--store", store) == 2
    assert capsys.readouterr().err.startswith(f"{code} ")
    assert run("trail", "--store", store, "--json") == 0
    assert told(capsys)["total"] == 0


def test_a_store_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """E905; none is made."""
    assert run("first", "--store", f"sqlite:{tmp_path / 'none.db'}", "--name", "root") == 2
    assert capsys.readouterr().err.startswith("E905 ")
    assert not (tmp_path / "none.db").exists()
