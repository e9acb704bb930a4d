"""First secrets: random, shown once, good for 72 hours and for nothing but their own change (P1).

They are made and hashed before a transaction is opened, because hashing takes a quarter of a second and a live host
must not wait for it; the use case that gives one out only writes it down.
"""

from __future__ import annotations

import base64
import secrets
from typing import Final

from callcenter.admin.hashing import SALT_BYTES, Hasher
from callcenter.admin.services import Random
from callcenter.compat import override
from callcenter.model.times import HOUR, Duration, Instant
from callcenter.model.value import changed, value
from callcenter.ports_people import LogIn

LASTS: Final = Duration(72 * HOUR)
_BYTES: Final = 15
_GROUP: Final = 4


@value
class FirstSecret:
    """A secret that nobody has yet.

    Attributes:
        shown: What its person is told, once; kept nowhere.
        hash: What is kept.
    """

    shown: str
    hash: str

    @override
    def __repr__(self) -> str:
        """Leave the secret out: what is shown may end in a log."""
        return "FirstSecret()"


def first_secret(hasher: Hasher | None = None, random: Random = secrets.token_bytes) -> FirstSecret:
    """Return a new first secret of 120 random bits, in groups of four that can be read out over a telephone."""
    text = base64.b32encode(random(_BYTES)).decode().lower()
    shown = "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))
    return FirstSecret(shown=shown, hash=(hasher or Hasher()).make(shown, random(SALT_BYTES)))


def given(login: LogIn, secret: FirstSecret, now: Instant) -> LogIn:
    """Return a log-in that has a first secret now, whatever it had before; a lock is taken off."""
    return changed(
        login,
        secret=secret.hash,
        must_change=True,
        secret_until=Instant(now + LASTS),
        failures=0,
        locked_until=None,
    )
