"""Which line of a TOML text a path stands on, so that an error can send a person to the place.

``tomllib`` gives values without places. The text scanned here was accepted by it (or is refused anyway), so a small
scanner that only tells strings, lists, inline tables and the rest apart finds the line of every key. It runs only
when there is an error to report, and answers ``None`` rather than guess.
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING: Final = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL)
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR: Final = re.compile(r"[^,\]}#\n]+")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+\Z")
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_PLAIN_ESCAPES: Final = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


def path_text(path: Path) -> str:
    """Return a path as written in a file: ``rate.x.versions[0].steps[1].per_s``; keys that need quotes have them."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            key = part if _BARE_KEY.match(part) else '"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"'
            text += f".{key}" if text else key
    return text


def line_of(text: str, path: Path) -> int | None:
    """Return the line (from 1) on which ``path`` stands, or the nearest table around it.

    Args:
        text: TOML that ``tomllib`` accepts.
        path: Keys and list indices, from the root.

    Returns:
        None when not even the outermost key is found.
    """
    places = _Scanner(text).scan()
    for length in range(len(path), 0, -1):
        offset = places.get(path[:length])
        if offset is not None:
            return text.count("\n", 0, offset) + 1
    return None


class _Scanner:
    """Notes the offset of every key and list item; stops silently at what it does not understand."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.places: dict[Path, int] = {}
        self.rows: dict[Path, int] = {}

    def scan(self) -> dict[Path, int]:
        here: Path = ()
        try:
            while self._skip():
                here = self._statement(here)
        except (_Lost, RecursionError):
            return self.places
        return self.places

    def _statement(self, here: Path) -> Path:
        if not self._take("["):
            self._pair(here)
            return here
        start = self.at - 1
        many = self._take("[")
        path = self._header(self._key(), many=many)
        self._need("]]" if many else "]")
        self._note(path, start)
        return path

    def _header(self, keys: list[str], *, many: bool) -> Path:
        path: Path = ()
        for index, key in enumerate(keys):
            path = (*path, key)
            if many and index == len(keys) - 1:
                self.rows[path] = self.rows.get(path, -1) + 1
                self._note(path, self.at)
            if path in self.rows:
                path = (*path, self.rows[path])
            self._note(path, self.at)
        return path

    def _pair(self, here: Path) -> None:
        self._skip()
        start = self.at
        for key in self._key():
            here = (*here, key)
            self._note(here, start)
        self._need("=")
        self._value(here)

    def _value(self, path: Path) -> None:
        self._skip()
        if self._take("["):
            self._items(path)
        elif self._take("{"):
            self._pairs(path)
        elif found := _STRING.match(self.text, self.at) or _SCALAR.match(self.text, self.at):
            self.at = found.end()
        else:
            raise _Lost

    def _items(self, path: Path) -> None:
        index = 0
        while self._skip() and not self._take("]"):
            self._note((*path, index), self.at)
            self._value((*path, index))
            index += 1
            self._skip()
            self._take(",")

    def _pairs(self, path: Path) -> None:
        while self._skip() and not self._take("}"):
            self._pair(path)
            self._skip()
            self._take(",")

    def _key(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._skip()
            if found := _STRING.match(self.text, self.at):
                keys.append(_plain(found.group()))
            elif found := _BARE.match(self.text, self.at):
                keys.append(found.group())
            else:
                raise _Lost
            self.at = found.end()
            self._skip()
            if not self._take("."):
                return keys

    def _note(self, path: Path, offset: int) -> None:
        self.places.setdefault(path, offset)

    def _skip(self) -> bool:
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at < len(self.text)

    def _take(self, mark: str) -> bool:
        if self.text.startswith(mark, self.at):
            self.at += len(mark)
            return True
        return False

    def _need(self, mark: str) -> None:
        self._skip()
        if not self._take(mark):
            raise _Lost


class _Lost(Exception):
    """The scanner met what it does not understand."""


def _plain(quoted: str) -> str:
    if quoted[0] == "'":
        return quoted[1:-1]
    return _ESCAPE.sub(_unescape, quoted[1:-1])


def _unescape(found: re.Match[str]) -> str:
    code = found.group(1)
    if code[0] in "uU":
        return chr(int(code[1:], 16))
    return _PLAIN_ESCAPES.get(code, code)
