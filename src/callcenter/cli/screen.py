"""Where a command prints: the language, the encoding of the terminal, tables with or without the extra [cli].

A GBK console shows ``→ · — │ ●`` and dies of other signs; an ASCII one has not even those. So the streams are told to
write a plain sign for one that they cannot show, instead of failing.
"""

from __future__ import annotations

import codecs
import io
import json
import locale
import os
import sys
from typing import Any, Final, TextIO

from callcenter.texts import LANGUAGES, Language

HANDLER: Final = "callcenter.plain_signs"
PLAIN_SIGNS: Final = {
    "→": "->",
    "←": "<-",
    "·": ".",
    "—": "-",
    "–": "-",
    "…": "...",
    "│": "|",
    "─": "-",
    "├": "|",
    "└": "`",
    "┼": "+",
    "●": "*",
    "○": "o",
    "█": "#",
    "■": "#",
    "▓": "=",
    "▌": "+",
    "×": "x",
    "÷": "/",
    "≥": ">=",
    "≤": "<=",
    "¥": "Y",
}


def _plainly(error: UnicodeError) -> tuple[str, int]:
    """Return a plain sign for each that the stream cannot show."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(PLAIN_SIGNS.get(sign, "?") for sign in error.object[error.start : error.end]), error.end


codecs.register_error(HANDLER, _plainly)


def prepare_streams() -> None:
    """Let standard output and error write a plain sign for one that their encoding has not."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=HANDLER)


def shows(signs: str, stream: TextIO) -> bool:
    """Tell whether a stream can show all of some signs."""
    try:
        signs.encode(stream.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def chosen_language(asked: str | None = None) -> Language:
    """Return the language to speak: as asked, else CALLCENTER_LANG, else the locale, else English.

    Chinese is not chosen where standard output cannot show it.
    """
    if not shows("中", sys.stdout):
        return "en"
    names = (asked, os.environ.get("CALLCENTER_LANG"), os.environ.get("LC_ALL"), os.environ.get("LC_MESSAGES"))
    for name in (*names, os.environ.get("LANG"), locale.getlocale()[0]):
        if name:
            short = "zh" if name.lower().startswith(("zh", "chinese")) else name[:2].lower()
            return next((language for language in LANGUAGES if language == short), "en")
    return "en"


def print_json(data: Any) -> None:
    """Print data for machines: one JSON document, Chinese as it is where the terminal can show it."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    print(text if shows(text, sys.stdout) else json.dumps(data, indent=2))
