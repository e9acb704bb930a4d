"""Which secrets may be chosen: long enough, not what everybody takes, and nothing that stands on the page.

No rule about capitals and digits: length and rareness are what counts. The list of common words is our own and short:
what is refused is a secret that comes down to one of them once digits and signs around it are taken away.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from callcenter.errors import UsageError
from callcenter.texts import Word

SHORTEST: Final = 10
LONGEST: Final = 128
_COMMON: Final = frozenset(
    {
        *("password", "passwort", "passw", "pass", "secret", "geheim", "login", "admin", "administrator", "root"),
        *("user", "guest", "test", "demo", "default", "changeme", "change", "welcome", "letmein", "hello", "hallo"),
        *(
            "qwerty",
            "qwertz",
            "azerty",
            "qwertyuiop",
            "asdfgh",
            "asdfghjkl",
            "zxcvbn",
            "zxcvbnm",
            "qazwsx",
            "qazwsxedc",
        ),
        *("iloveyou", "woaini", "mima", "nihao", "dragon", "monkey", "football", "baseball", "master", "shadow"),
        *("sunshine", "princess", "superman", "batman", "freedom", "whatever", "trustno", "summer", "winter", "spring"),
        *("autumn", "monday", "friday", "january", "december", "manager", "operator", "system", "server", "computer"),
        *(
            "callcenter",
            "callfloor",
            "hotline",
            "telephone",
            "phone",
            "service",
            "support",
            "company",
            "money",
            "china",
        ),
        *("beijing", "shanghai", "chengdu", "sichuan", "guangzhou", "shenzhen", "abc", "abcd", "abcabc", "aaa", "xxx"),
        *("密码", "我爱你", "你好", "管理员", "客服", "呼叫中心", "公司", "代理商", "坐席"),
    }
)
_ROWS: Final = (
    "01234567890",
    "09876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedcrfv",
)
_LEET: Final = str.maketrans("013457@$!|", "oieastasii")
_AROUND: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_WORDS: Final = re.compile(r"[\W_]+")
_LEAST_CONTEXT: Final = 4


def refuse_weak(secret: str, context: Iterable[str]) -> None:
    """Refuse a secret that somebody would guess.

    Args:
        secret: As chosen.
        context: What stands around: the log-in, names and numbers of who it belongs to.

    Raises:
        UsageError: E564, with the reason; never with the secret.
    """
    plain = unicodedata.normalize("NFKC", secret).casefold()
    if len(plain) < SHORTEST or len(plain) > LONGEST:
        raise UsageError("E564", reason=Word("secret.short" if len(plain) < SHORTEST else "secret.long"))
    if len(set(plain)) < 5 or _repeats(plain) or _runs(plain):
        raise UsageError("E564", reason=Word("secret.pattern"))
    if any(core in _COMMON for core in _cores(plain)):
        raise UsageError("E564", reason=Word("secret.common"))
    if any(_is_around(plain, word) for word in context):
        raise UsageError("E564", reason=Word("secret.context"))


def _repeats(plain: str) -> bool:
    """Tell whether a text is a short piece again and again."""
    return any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, len(plain) // 2 + 1))


def _runs(plain: str) -> bool:
    """Tell whether a text is mostly one run along a row of keys, the digits or the alphabet."""
    longest = max(
        (size for row in _ROWS for way in (row, row[::-1]) for size in _pieces(plain, way)),
        default=0,
    )
    return longest > len(plain) - 4


def _pieces(plain: str, row: str) -> Iterable[int]:
    """Yield the lengths of the pieces of a row that a text has."""
    size = 0
    for place, sign in enumerate(plain):
        follows = place > 0 and plain[place - 1] + sign in row
        size = size + 1 if follows else 1
        yield size


def _cores(plain: str) -> Iterable[str]:
    """Yield what is left of a text without digits and signs around it, also with digits read as letters."""
    bare = _AROUND.sub("", plain)
    for core in (bare, bare.translate(_LEET), _AROUND.sub("", plain.translate(_LEET))):
        yield core
        yield _WORDS.sub("", core)
        half = core[: len(core) // 2]
        if core == half * 2:
            yield half


def _is_around(plain: str, word: str) -> bool:
    """Tell whether a text is a word of its surroundings with at most four signs more."""
    known = _WORDS.sub("", unicodedata.normalize("NFKC", word).casefold())
    if len(known) < _LEAST_CONTEXT:
        return False
    squeezed = _WORDS.sub("", plain)
    return any(
        known in text and len(text.replace(known, "")) <= 4
        for text in (squeezed, squeezed.translate(_LEET), squeezed[::-1])
    )
