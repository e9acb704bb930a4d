"""How much of a proof is run: a little with ``make test``, more on a build machine, all of it with ``make check-deep``."""

from __future__ import annotations

import os
import sys

import pytest


def told(capsys: pytest.CaptureFixture[str], counts: str) -> None:
    """Print what a proof came to, so that a run of any tier says how much it tried."""
    with capsys.disabled():
        sys.stdout.write(f" [{counts}]")


def tier(quick: int, ci: int, deep: int) -> int:
    """Return the count of this run."""
    if os.environ.get("HYPOTHESIS_PROFILE") == "deep":
        return deep
    return ci if os.environ.get("CI") else quick
