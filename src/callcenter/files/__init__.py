"""Text to values and back, pure: shop, scenario, rate plans, tables of calls. Paths are opened in the CLI only."""

from __future__ import annotations
