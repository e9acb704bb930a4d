"""callcenter: a hosted 400-number call center as a library."""

from __future__ import annotations

__version__ = "0.1.0"
