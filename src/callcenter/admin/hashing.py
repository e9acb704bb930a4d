"""Secrets become hashes that describe themselves, so that the way and the cost may change while people log in.

``$scrypt$ln=14,r=8,p=5$SALT$HASH`` says how it was made. Whoever logs in with a hash of an older way, or of another
cost, leaves with a new one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Sequence
from typing import Final, Protocol

from callcenter.model.value import value

SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32
_FORM: Final = re.compile(
    r"\$scrypt\$ln=([0-9]{1,2}),r=([0-9]{1,2}),p=([0-9]{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)"
)
_MOST_LN: Final = 20


class Way(Protocol):
    """A way to hash."""

    def make(self, secret: str, salt: bytes) -> str:
        """Return the hash of a secret with a salt of 16 bytes."""

    def knows(self, text: str) -> bool:
        """Tell whether a hash is of this way."""

    def matches(self, secret: str, text: str) -> bool:
        """Tell whether a hash of this way is that of a secret."""

    def stale(self, text: str) -> bool:
        """Tell whether a hash of this way was made at another cost."""


@value
class Scrypt:
    """scrypt of the standard library.

    Attributes:
        ln: Binary logarithm of n; 14 with r 8 and p 5 takes 16 MiB and about a quarter of a second.
        r: Block size.
        p: Passes, one after another.
    """

    ln: int = 14
    r: int = 8
    p: int = 5

    def make(self, secret: str, salt: bytes) -> str:
        """Return the hash of a secret."""
        return f"$scrypt$ln={self.ln},r={self.r},p={self.p}${_text(salt)}${_text(_digest(self, secret, salt))}"

    def knows(self, text: str) -> bool:
        """Tell whether a hash is one of scrypt."""
        return text.startswith("$scrypt$")

    def matches(self, secret: str, text: str) -> bool:
        """Tell whether a hash is that of a secret, at the cost that the hash names; in the same time, right or wrong."""
        read = _read(text)
        if read is None:
            return False
        cost, salt, digest = read
        return hmac.compare_digest(_digest(cost, secret, salt), digest)

    def stale(self, text: str) -> bool:
        """Tell whether a hash was made at another cost."""
        read = _read(text)
        return read is None or read[0] != self


def _digest(cost: Scrypt, secret: str, salt: bytes) -> bytes:
    n = 1 << cost.ln
    # OpenSSL refuses what needs more than 32 MiB unless it is told how much it may take.
    most = 128 * cost.r * (n + cost.p + 2) + (1 << 20)
    return hashlib.scrypt(secret.encode(), salt=salt, n=n, r=cost.r, p=cost.p, maxmem=most, dklen=_HASH_BYTES)


def _read(text: str) -> tuple[Scrypt, bytes, bytes] | None:
    found = _FORM.fullmatch(text)
    if found is None or not 1 <= int(found[1]) <= _MOST_LN or not int(found[2]) or not int(found[3]):
        return None
    try:
        salt, digest = (base64.b64decode(part + "=" * (-len(part) % 4)) for part in found.group(4, 5))
    except binascii.Error:
        return None
    return Scrypt(ln=int(found[1]), r=int(found[2]), p=int(found[3])), salt, digest


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode().rstrip("=")


class Hasher:
    """Makes hashes in one way, and knows several.

    Args:
        way: In which new hashes are made.
        known: Further ways in which older ones may have been made.
    """

    def __init__(self, way: Way | None = None, known: Sequence[Way] = ()) -> None:
        self._way: Final[Way] = way or Scrypt()
        self._known: Final = (self._way, *known, Scrypt())
        self._nobody = ""

    def make(self, secret: str, salt: bytes) -> str:
        """Return the hash of a secret, which must be hard to guess, with a salt of 16 random bytes."""
        return self._way.make(folded(secret), salt)

    def matches(self, secret: str, text: str) -> bool:
        """Tell whether a hash is that of a secret.

        An empty hash, which nobody has a secret for, takes the same work and is that of none.
        """
        self._nobody = self._nobody or self._way.make("", bytes(SALT_BYTES))
        asked = text or self._nobody
        way = next((way for way in self._known if way.knows(asked)), None)
        right = way is not None and way.matches(folded(secret), asked)
        return right and bool(text)

    def stale(self, text: str) -> bool:
        """Tell whether a hash should be made anew when its secret is at hand."""
        return not self._way.knows(text) or self._way.stale(text)


def folded(secret: str) -> str:
    """Return a secret in the form in which it is hashed: the same signs typed on another keyboard are the same."""
    return unicodedata.normalize("NFKC", secret)
