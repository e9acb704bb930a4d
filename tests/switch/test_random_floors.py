"""Any floor by lot: no idle eligible pair after any step, nobody stuck, every call and every offer ends exactly once."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from typing import Final

import pytest
from tests.switch.floors import check
from tests.tiers import tier

SOME: Final = range(tier(6, 16, 16))
IN_CI: Final = range(200)
ALL: Final = range(10_000)


@pytest.mark.parametrize("number", SOME)
def test_a_floor_by_lot(number: int) -> None:
    """V1-V5, V10, V14, V17 and V18 hold on a floor of 2-12 agents in 1-4 groups with 50-200 callers."""
    assert check(number) > 0


@pytest.mark.skipif(not os.environ.get("CI"), reason="200 floors are lived where CI is set")
def test_two_hundred_floors_by_lot() -> None:
    """The same, on 200 floors."""
    with ProcessPoolExecutor(2) as pool:
        assert all(pool.map(check, IN_CI, chunksize=10))


@pytest.mark.deep
def test_ten_thousand_floors_by_lot() -> None:
    """The same, on 10 000 floors."""
    with ProcessPoolExecutor(2) as pool:
        assert all(pool.map(check, ALL, chunksize=50))
