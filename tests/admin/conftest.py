"""Every secret that is hashed in these tests is a canary for the logs of the whole run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.canaries import CANARIES

from callcenter.admin.hashing import Hasher


@pytest.fixture(scope="session", autouse=True)
def _typed_secrets_are_canaries() -> Iterator[None]:
    make = Hasher.make

    def watched(self: Hasher, secret: str, salt: bytes) -> str:
        CANARIES.watch(secret)
        return make(self, secret, salt)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Hasher, "make", watched)
        yield
