"""The base of the enums that state machines look up: members hash by identity, which costs a quarter of the default.

The default hash of an enum member hashes its name in Python code. Members are single objects, so identity says the
same. Sets of members have no order of their own; nothing in the library iterates over one without sorting it.
"""

from __future__ import annotations

import enum


class Word(enum.Enum):
    """An enum of the domain's words."""

    __hash__ = object.__hash__
