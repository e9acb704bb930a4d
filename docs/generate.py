"""Write the generated pages and pictures, or tell with --check which of them are stale.

Each is a function of the code as it stands: the reference of the errors from the catalogue, the picture of the README
from the demo's day. ``make docs`` checks, ``make pictures`` writes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from callcenter.texts import catalogue, keys

DOCS = Path(__file__).parent


def errors() -> str:
    """Return the page of the errors: one line for each code."""
    lines = [
        "# Errors",
        "",
        "Every error has one form, `CODE place → what: what to do`, in Chinese and English (`--lang`). Codes are stable:",
        "E1xx files · E2xx what a file says · E5xx library · E6xx switch and store · E7xx values · E8xx and E9xx programs.",
        "Words in braces are filled in. Generated from the catalogue.",
        "",
        "| code | what | what to do |",
        "|---|---|---|",
    ]
    for code in sorted(key.removesuffix(".hint") for key in keys() if key.endswith(".hint")):
        cells = (say_raw(code), say_raw(f"{code}.hint"))
        lines.append(f"| {code} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines) + "\n"


class Braces(dict[str, object]):
    """Fields that stand for themselves."""

    def __missing__(self, name: str) -> str:
        return f"`{name}`"


def say_raw(key: str) -> str:
    """Return an English sentence with the names of its fields in place of their content."""
    return catalogue._CATALOGUE[key][0].format_map(Braces()).replace("|", "\\|")


GENERATED: dict[str, Callable[[], str]] = {"reference/errors.md": errors}


def main(words: list[str]) -> int:
    """Write what is stale; with --check only name it, and return 1 when there is something."""
    stale = []
    for name, make in GENERATED.items():
        path, text = DOCS / name, make()
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(name)
            if "--check" not in words:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
    for name in stale:
        print(f"docs/{name} " + ("is stale: run make pictures" if "--check" in words else "written"))
    return 1 if stale and "--check" in words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
