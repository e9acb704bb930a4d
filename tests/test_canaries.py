"""The canaries sing: numbers, tokens and secrets in a log line are found, masked ones are not."""

from __future__ import annotations

import base64
import logging

import pytest

from callcenter.model.numbers import masked
from tests.canaries import CANARIES, Canaries


def said(canaries: Canaries, text: str, *fields: object) -> list[str]:
    """Return what a canary finds in a line."""
    canaries.handle(logging.LogRecord("x", logging.DEBUG, "x.py", 1, text, fields, None))
    found, canaries.found = canaries.found, []
    return found


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("call from %s", "013900001111"),
        ("%s", "13900001111"),
        ("caller=+86%s rings", "13900001111"),
        ("to:%s.", "02855500001"),
        ("['%s']", "075512345678"),
    ],
)
def test_a_full_number_is_found_and_a_masked_one_is_not(text: str, field: str) -> None:
    """However it is written; the masked form of the library has nothing to hide."""
    canaries = Canaries()
    assert said(canaries, text, field)
    assert not said(canaries, text, masked(field))
    assert not said(canaries, "at %s, %s s", 1233622800000000, 1994)


def test_what_is_random_and_what_is_typed_is_found() -> None:
    """In each form that is shown to people: the token of a session, a first secret in groups of four, plain text."""
    canaries = Canaries()
    made = canaries.watching(lambda size=0: bytes(range(100, 100 + (size or 16))))(16)
    token = base64.urlsafe_b64encode(made).decode().rstrip("=")
    assert said(canaries, f"cookie {token}")
    assert said(canaries, made.hex())
    canaries.watch("seven quiet herons")
    assert said(canaries, "typed: seven quiet herons")
    assert not said(canaries, "typed: ******")


def test_a_line_in_an_error_is_looked_at_as_well() -> None:
    """What a traceback says is in the log too."""
    canaries = Canaries()
    error = ValueError("013900001111")
    canaries.handle(logging.LogRecord("x", logging.ERROR, "x.py", 1, "failed", (), (ValueError, error, None)))
    with pytest.raises(AssertionError, match="full phone number"):
        canaries.tell()
    canaries.tell()


def test_every_test_is_listened_to() -> None:
    """The canaries of this run hang at the root, and hear ours at every level."""
    assert CANARIES in logging.getLogger().handlers
    assert logging.getLogger("callcenter.admin").isEnabledFor(logging.DEBUG)
    logging.getLogger("callcenter.admin").debug("013900001111")
    with pytest.raises(AssertionError, match="a full phone number"):
        CANARIES.tell()
