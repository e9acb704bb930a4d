"""Hashes of secrets by Argon2id, by the package argon2-cffi (the extra ``[argon2]``)."""

from __future__ import annotations

from typing import Final

from callcenter.errors import MissingExtra
from callcenter.model.value import value

PREFIX: Final = "$argon2id$"
_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32


@value
class Argon2Cost:
    """What a hash costs.

    Attributes:
        memory: KiB; 19 MiB with two passes is what OWASP's cheat sheet on password storage asks for at least.
        passes: Over the memory.
        lanes: At a time.
    """

    memory: int = 19_456
    passes: int = 2
    lanes: int = 1


class Argon2id:
    """Makes and checks hashes that describe themselves (PHC form).

    Raises:
        MissingExtra: When the package is not installed.
    """

    def __init__(self, cost: Argon2Cost | None = None) -> None:
        try:
            from argon2 import PasswordHasher, Type
        except ImportError as error:
            raise MissingExtra("argon2id", "argon2") from error
        chosen = cost or Argon2Cost()
        self._hasher: Final = PasswordHasher(
            time_cost=chosen.passes,
            memory_cost=chosen.memory,
            parallelism=chosen.lanes,
            hash_len=_HASH_BYTES,
            salt_len=_SALT_BYTES,
            type=Type.ID,
        )

    def make(self, secret: str, salt: bytes) -> str:
        """Return the hash of a secret with a salt of 16 bytes."""
        return self._hasher.hash(secret.encode(), salt=salt)

    def knows(self, text: str) -> bool:
        """Tell whether a hash is one of Argon2id."""
        return text.startswith(PREFIX)

    def matches(self, secret: str, text: str) -> bool:
        """Tell whether a hash is that of a secret; one that cannot be read is that of none."""
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return self._hasher.verify(text, secret.encode())
        except (VerificationError, InvalidHashError):
            return False

    def stale(self, text: str) -> bool:
        """Tell whether a hash was made at another cost."""
        return self._hasher.check_needs_rehash(text)
