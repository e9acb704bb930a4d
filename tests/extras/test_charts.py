"""The extra [charts]: pictures as PNG, and a plain refusal without the package."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.tiers import tier

from callcenter.errors import MissingExtra, UsageError
from callcenter.extras.charts import draw_balance, draw_bins, draw_day

DRAWN: dict[str, Callable[[str], None]] = {
    "bins": lambda path: draw_bins(path, "Waits", [("0–10", 0.5, 0.4), ("10+", 0.5, 0.6)], ("seen", "Erlang C")),
    "balance": lambda path: draw_balance(
        path,
        "Balance",
        [(datetime(2008, 12, 29, tzinfo=UTC), 100.0), (datetime(2008, 12, 30, tzinfo=UTC), -5.0)],
        "fen",
    ),
    "day": lambda path: draw_day(
        path, "Day", [("CC1001", [("ring", 9.0, 9.1), ("talk", 9.1, 9.5), ("ready", 9.5, 10)])]
    ),
}


@pytest.mark.parametrize("name", DRAWN)
def test_without_the_package_the_extra_is_named(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The error says which extra to install, and nothing is written."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r"install callfloor\[charts\]"):
        DRAWN[name](str(tmp_path / "x.png"))
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not tier(0, 1, 1), reason="importing matplotlib takes longer than the fast tier has")
def test_pictures_are_drawn(tmp_path: Path) -> None:
    """Each is a PNG of its width, whatever the ending of its file; a place that cannot be written is named."""
    for name, draw in DRAWN.items():
        path = tmp_path / name
        draw(str(path))
        content = path.read_bytes()
        assert content.startswith(b"\x89PNG\r\n\x1a\n")
        width, height = struct.unpack(">II", content[16:24])
        assert (width, height > 100) == (1080, True)
        with pytest.raises(UsageError) as caught:
            draw(str(tmp_path / "no" / "such.png"))
        assert caught.value.code == "E903"
