"""How much of a proof is run: a little with ``make test``, more on a build machine, all of it with ``make check-deep``."""

from __future__ import annotations

import os


def tier(quick: int, ci: int, deep: int) -> int:
    """Return the count of this run."""
    if os.environ.get("HYPOTHESIS_PROFILE") == "deep":
        return deep
    return ci if os.environ.get("CI") else quick
