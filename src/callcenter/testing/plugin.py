"""The pytest plugin of an installed callcenter: fixtures are found without an import."""

from __future__ import annotations
