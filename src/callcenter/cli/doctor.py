"""``callcenter doctor``: what this machine has of what the library can use, and what is lost without the rest."""

from __future__ import annotations

import argparse
import importlib.metadata
import platform
import sqlite3
import sys
import tempfile
import zoneinfo
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from callcenter import __version__
from callcenter.cli.screen import print_json, shows
from callcenter.model.value import value
from callcenter.texts import Language, say

EXTRAS: Final = {
    "cli": "rich",
    "zh": "holidays",
    "testing": "hypothesis",
    "postgres": "psycopg",
    "wall": "textual",
    "pdf": "fpdf2",
    "scale": "duckdb",
    "excel": "XlsxWriter",
    "charts": "matplotlib",
    "argon2": "argon2-cffi",
}
"""The extras of this version, and the package by which each is known."""
SQLITE_NEEDED: Final = (3, 37, 0)
"""The first SQLite with STRICT tables."""
_SIGNS: Final = "→·—│●"


@value
class Finding:
    """One line of the doctor's.

    Attributes:
        name: What was looked at.
        says: What was found.
        good: False for what stands in the way of work.
    """

    name: str
    says: str
    good: bool = True


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    subparsers.add_parser("doctor", help="cli.command.doctor", description="cli.command.doctor")


def run(args: argparse.Namespace) -> int:
    """Print the findings; 1 when one stands in the way."""
    findings = examine(args.lang)
    bad = sum(not finding.good for finding in findings)
    if args.json:
        print_json([{"name": item.name, "says": item.says, "good": item.good} for item in findings])
    else:
        for item in findings:
            print(f"{'·' if item.good else '●'} {item.name}: {item.says}")
        print(say("doctor.ill", args.lang, count=bad) if bad else say("doctor.well", args.lang))
    return 1 if bad else 0


def examine(language: Language) -> list[Finding]:
    """Look at everything, in the order in which it is shown."""
    return [
        Finding(name=say("doctor.version", language), says=__version__),
        Finding(name=say("doctor.python", language), says=f"{platform.python_version()} ({sys.executable})"),
        *(_extra(name, package, language) for name, package in EXTRAS.items()),
        _encoding(language),
        Finding(name=say("doctor.language", language), says=language),
        _sqlite(language),
        _durability(language),
        _zones(language),
    ]


def _extra(name: str, package: str, language: Language) -> Finding:
    title = say("doctor.extra", language, name=name)
    try:
        version = importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        loss = say(f"doctor.loss.{name}", language)
        return Finding(name=title, says=say("doctor.extra.missing", language, name=name, loss=loss))
    return Finding(name=title, says=say("doctor.extra.there", language, package=package, version=version))


def _encoding(language: Language) -> Finding:
    name = sys.stdout.encoding or "?"
    lost = [sign for sign in _SIGNS if not shows(sign, sys.stdout)]
    key = "doctor.encoding.part" if lost else "doctor.encoding.full"
    return Finding(name=say("doctor.encoding", language), says=say(key, language, name=name, signs=" ".join(lost)))


def _sqlite(language: Language) -> Finding:
    title, version = say("doctor.sqlite", language), sqlite3.sqlite_version
    if sqlite3.sqlite_version_info >= SQLITE_NEEDED:
        return Finding(name=title, says=version)
    needed = ".".join(map(str, SQLITE_NEEDED))
    return Finding(name=title, says=say("doctor.sqlite.old", language, version=version, needed=needed), good=False)


def _durability(language: Language) -> Finding:
    """Try a write-ahead log where temporary files live: a network folder has none."""
    with tempfile.TemporaryDirectory() as folder:
        with closing(sqlite3.connect(Path(folder) / "try.sqlite")) as base:
            mode = base.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        good = mode == "wal"
        key = "doctor.durability.good" if good else "doctor.durability.bad"
        says = say(key, language, folder=str(Path(folder).parent), mode=mode)
    return Finding(name=say("doctor.durability", language), says=says, good=good)


def _zones(language: Language) -> Finding:
    names = zoneinfo.available_timezones()
    good = "Asia/Shanghai" in names
    says = say("doctor.zones.good" if good else "doctor.zones.bad", language, count=len(names))
    return Finding(name=say("doctor.zones", language), says=says, good=good)
