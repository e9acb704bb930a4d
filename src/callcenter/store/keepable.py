"""What every store can keep: text without NUL and without lone surrogates, numbers of 64 bits.

SQLite would take a NUL and PostgreSQL would not; a store that took what another cannot keep would be found out the day
its content has to move. So all of them refuse the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from callcenter.errors import UsageError

_MOST: Final = 2**63


def refuse_unkeepable(values: Iterable[object]) -> None:
    """Refuse values that some store could not keep.

    Raises:
        UsageError: E410, with the reason.
    """
    for value in values:
        if isinstance(value, str):
            if "\0" in value:
                raise UsageError("E410", reason="NUL")
            if not value.isascii():
                _encoded(value)
        elif isinstance(value, int) and not -_MOST <= value < _MOST:
            raise UsageError("E410", reason=str(value))


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise UsageError("E410", reason=f"{type(error).__name__}: {error}") from None
