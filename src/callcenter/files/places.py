"""How an error names its place, what stands there, and what may stand there instead."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from callcenter.files.lines import Path, line_of, path_text
from callcenter.model.value import value


@value
class Source:
    """Where values come from: the name of the file for messages, and its text for the line ("" when there is none)."""

    name: str
    text: str = ""

    def place(self, path: Path) -> str:
        """Return ``FILE:LINE path``, the line where it is known."""
        line = line_of(self.text, path) if self.text and path else None
        file = f"{self.name}:{line}" if line else self.name
        return f"{file} {path_text(path)}".strip()


def shown(content: object) -> str:
    """Return a value of a file as a person would write it, cut to 60 characters."""
    match content:
        case bool():
            text = "true" if content else "false"
        case str():
            text = f'"{content[:56]}"'
        case Mapping():
            text = "{ … }"
        case list() | tuple():
            text = "[ … ]"
        case int() if abs(content) > 10**40:
            text = "10**40"
        case _:
            text = str(content)
    return text if len(text) <= 60 else text[:59] + "…"


def listed(names: Iterable[str]) -> str:
    """Return names for a hint, at most twenty of them."""
    known = [*names]
    return (", ".join(known[:20]) + (" …" if len(known) > 20 else "")) or "-"


def nearest(written: str, names: Iterable[str]) -> str:
    """Return the name that is most like what was written, ``-`` when there is none."""
    return next(iter(difflib.get_close_matches(written[:80], [*names], n=1, cutoff=0.0)), "-")
