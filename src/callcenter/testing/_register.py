"""The hypothesis plugin of an installed callcenter: strategies are registered when hypothesis loads."""

from __future__ import annotations
