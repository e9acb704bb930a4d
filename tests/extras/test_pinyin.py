"""The extra [zh]: a code proposed for the name of an enterprise."""

from __future__ import annotations

import sys

import pytest

from callcenter.errors import MissingExtra
from callcenter.extras.pinyin import pinyin_code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("蓝鹭书店", "LLSD"),
        ("A1 蓝鹭 Books", "A1LLBOOKS"),
        ("重庆某某", "CQMM"),
        ("", ""),
        ("（）☎", ""),
        ("鹭" * 50, "L" * 20),
    ],
)
def test_a_code_is_made_of_first_letters(name: str, code: str) -> None:
    """Signs with several readings are read as in their word; what has none is left out."""
    assert pinyin_code(name) == code


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says which extra to install."""
    monkeypatch.setitem(sys.modules, "pypinyin", None)
    with pytest.raises(MissingExtra, match=r"install callfloor\[zh\]"):
        pinyin_code("鹭")
