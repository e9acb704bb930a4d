"""Phone numbers (rule K7): written one way, matched one way, masked in logs.

A landline is area code + number without separators (``02855500001``), a mobile number carries a leading ``0``
(``013900000001``). What an operator enters is normalised (``+86``, ``0086``, separators, a missing ``0``) or refused
with the reason. A *caller's* number is never a reason to lose a call: it is carried as it came, and compared in its
normal form where it has one.
"""

from __future__ import annotations

import re
from typing import Final

from callcenter.errors import ValueRefused
from callcenter.texts import Word

_SEPARATORS: Final = re.compile(r"[ \t\-().·/\u00a0\u2010-\u2015]")
_DIGITS: Final = re.compile(r"[0-9]+", re.ASCII)
_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_SERVICE: Final = re.compile(r"(?:400|800)[0-9]{7}|1(?:0|1|2|6)[0-9]{1,6}|9[0-9]{3,9}", re.ASCII)
_LANDLINE: Final = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})[0-9]{7,8}", re.ASCII)


def normal(text: str) -> str:
    """Return a number as an operator should have written it.

    Accepts separators, ``+86``/``0086`` and a mobile number without its ``0``. Service numbers (400…, 95…, 10086) and
    foreign numbers with ``00`` stay as they are.

    Raises:
        ValueRefused: E702, naming what is wrong.
    """
    found = _try_normal(text)
    if not found:
        raise ValueRefused("E702", text=masked(text[:40]), reason=_reason(text))
    return found


def matched(caller: str) -> str:
    """Return the form by which a caller's number is compared with VIPs and blacklists; itself when it has none."""
    if (
        len(caller) == 12
        and caller.startswith("01")
        and caller[2] in "3456789"
        and caller.isascii()
        and caller.isdigit()
    ):
        return caller  # a mobile number as it should be: the most of them, and nothing to do
    return _try_normal(caller) or caller


def _try_normal(text: str) -> str:
    digits = _SEPARATORS.sub("", text)
    if digits.startswith("+"):
        digits = "00" + digits[1:]
    if not _DIGITS.fullmatch(digits) or len(digits) > 20:
        return ""
    if digits.startswith("0086"):
        rest = digits[4:]
        digits = rest if rest.startswith("0") or _SERVICE.fullmatch(rest) else "0" + rest
    elif digits.startswith("00"):
        return digits if 8 <= len(digits) <= 20 else ""
    elif digits.startswith("86") and _MOBILE.fullmatch(digits[2:]):
        digits = "0" + digits[2:]
    if _MOBILE.fullmatch(digits):
        return "0" + digits
    if digits.startswith("0"):
        return digits if _MOBILE.fullmatch(digits[1:]) or _LANDLINE.fullmatch(digits) else ""
    return digits if _SERVICE.fullmatch(digits) else ""


def _reason(text: str) -> Word:
    digits = _SEPARATORS.sub("", text).removeprefix("+")
    if not digits:
        key = "number.empty"
    elif not _DIGITS.fullmatch(digits):
        key = "number.letters"
    elif len(digits) > 20:
        key = "number.long"
    elif len(digits) >= 7 and not digits.startswith(("0", "1")):
        key = "number.no_area"
    else:
        key = "number.short" if len(digits) < 10 else "number.foreign"
    return Word(key)


def masked(number: str) -> str:
    """Return a number for logs and reprs: three digits, stars, the last four (``013****0001``); short ones all stars."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 7 else "*" * len(number)


def international(number: str) -> bool:
    """Tell whether a number in its normal form leads abroad."""
    return number.startswith("00")


_PREMIUM: Final = re.compile(r"0?(?:[0-9]{2,3})?(?:168|160)[0-9]{3,6}|96[0-9]{3,6}", re.ASCII)
_SATELLITE: Final = re.compile(r"01(?:349|740|749)[0-9]{7}", re.ASCII)


def premium(number: str) -> bool:
    """Tell whether a number is of an information service (声讯) with a price of its own."""
    return _PREMIUM.fullmatch(number) is not None


def satellite(number: str) -> bool:
    """Tell whether a number is of a satellite or roaming range of mobile phones."""
    return _SATELLITE.fullmatch(number) is not None
