"""A code for an enterprise from the pinyin of its name, by pypinyin (the extra ``[zh]``): 蓝鹭书店 → LLSD."""

from __future__ import annotations

from typing import Final

from callcenter.errors import MissingExtra

LONGEST: Final = 20


def pinyin_code(name: str) -> str:
    """Return a code that can be proposed for a name: first letters of Chinese signs, Latin letters and digits as they are.

    Args:
        name: Of an enterprise.

    Returns:
        Capital letters and digits, at most 20; empty for a name without any.

    Raises:
        MissingExtra: When pypinyin is not installed.
    """
    try:
        from pypinyin import Style, lazy_pinyin
    except ImportError as error:
        raise MissingExtra("pinyin", "zh") from error
    parts = lazy_pinyin(name[:200], style=Style.FIRST_LETTER)
    letters = (sign for part in parts for sign in str(part))
    return "".join(sign for sign in letters if sign.isascii() and sign.isalnum()).upper()[:LONGEST]
