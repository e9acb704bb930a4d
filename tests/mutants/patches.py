"""Patches of faults made by hand: read, held to a form, and applied to a copy of the source.

A patch is a unified diff against ``src/`` with ``# key: value`` lines before it. It is applied here and not by ``git``
or ``patch``, because the text that it replaces must stand in its file exactly once: a patch with little context then
follows the code when lines move, and never lands in a similar place without anybody seeing it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
KEYS = ("fault", "had-by", "killed-by")
_HEADER = re.compile(r"# ([a-z-]+): (.+)")
_FILE = re.compile(r"\+\+\+ b/(\S+)")


class DoesNotApplyError(Exception):
    """The text that a patch replaces is not in its file, or more than once."""


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One fault.

    Attributes:
        name: ``NN-what-it-is``, the stem of its file.
        about: ``fault`` (what is wrong), ``had-by`` (which peers' users met it, and how).
        killed_by: Node ids of ordinary tests that find it.
        changes: (path under ``src/``, text, text in its place), in order.
    """

    name: str
    about: dict[str, str]
    killed_by: tuple[str, ...]
    changes: tuple[tuple[str, str, str], ...]

    def apply(self, source: Path) -> None:
        """Change the files under a copy of ``src/``.

        Raises:
            DoesNotApplyError: When a text to be replaced does not stand in its file exactly once.
        """
        for path, old, new in self.changes:
            file = source / path
            file.write_text(replaced(self.name, path, file.read_text("utf-8"), old, new), "utf-8")


def replaced(name: str, path: str, text: str, old: str, new: str) -> str:
    """Return a text with its one place changed.

    Raises:
        DoesNotApplyError: When there is no such place, or more than one.
    """
    found = f"\n{text}".count(f"\n{old}")
    if found != 1:
        why = "is not there any more" if not found else f"is there {found} times: give the patch more context"
        raise DoesNotApplyError(f"{name}: in src/{path} this {why}:\n{old}")
    return f"\n{text}".replace(f"\n{old}", f"\n{new}")[1:]


def mutants() -> list[Mutant]:
    """Return all patches of this folder, by name."""
    return [read(path) for path in sorted(HERE.glob("*.patch"))]


def read(path: Path) -> Mutant:
    """Return the mutant of a patch file."""
    head, _, body = path.read_text("utf-8").partition("\n--- ")
    found = [match.groups() for line in head.splitlines() if (match := _HEADER.fullmatch(line))]
    about = {key: " ".join(value for other, value in found if other == key) for key in KEYS}
    return Mutant(
        name=path.stem,
        about=about,
        killed_by=tuple(about["killed-by"].split()),
        changes=tuple(_changes(f"--- {body}")),
    )


def _changes(diff: str) -> list[tuple[str, str, str]]:
    changes: list[tuple[str, str, str]] = []
    path, old, new = "", "", ""
    for line in [*diff.splitlines(keepends=True), "@@"]:
        if line.startswith("--- "):
            continue
        if line.startswith(("@@", "+++ ")):
            if old:
                changes.append((path.removeprefix("src/"), old, new))
            old = new = ""
            if found := _FILE.match(line):
                path = found[1]
        elif line[0] in " -+":
            old += line[1:] * (line[0] in " -")
            new += line[1:] * (line[0] in " +")
    return changes
