"""The public calendar of China: days off, make-up workdays, and what its absence says."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import pytest

from callcenter.cli import main
from callcenter.errors import MissingExtra
from callcenter.extras import holidays_cn
from callcenter.files.shop import read_shop
from callcenter.ivr.schedule import schedule_target
from callcenter.model.hours import Holidays, Window, holds
from callcenter.model.ids import CenterId, GroupId, TreeName
from callcenter.model.times import parse_instant, zone
from callcenter.model.tree import Schedule

SHOP = """
schema = 1
[center.demo]
access_number = "95990001"
ivr = "main"
[center.demo.group.1]
kind = "login"
hours = [{ weekdays = "mon-fri", from = "09:00", to = "18:00" }, { weekdays = "sat", from = "10:00", to = "12:00" }]
holidays = ["cn", "2024-06-01"]
[ivr.main]
root = "schedule:s"
[ivr.main.schedule.s]
rules = [{ holidays = ["cn"], target = "hangup" }, { weekdays = "mon-fri", from = "09:00", to = "18:00", target = "group:1" }]
default = "number:02855500099"
"""
OFF = (date(2024, 2, 12), date(2024, 5, 1), date(2024, 10, 7))
WORKED = (date(2024, 2, 4), date(2024, 4, 28), date(2024, 10, 12))


class StandIn(ModuleType):
    """The part of the package that is used, with some days of 2024."""

    @staticmethod
    def country_holidays(country: str, years: object) -> Days:
        assert country == "CN"
        return Days((day, "") for day in OFF)


class Days(dict[date, str]):
    weekend_workdays: ClassVar = set(WORKED)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    holidays_cn.china.cache_clear()
    yield
    holidays_cn.china.cache_clear()


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", StandIn("holidays"))


@pytest.mark.usefixtures("package")
def test_groups_and_schedules_know_the_calendar() -> None:
    """`cn` stands among dates; days off are holidays, weekend days worked in exchange are workdays."""
    shop = read_shop(SHOP, file="shop.toml", today=date(2024, 1, 1), holidays=holidays_cn.calendar)
    days = shop.centers[CenterId("demo")].groups[GroupId("1")].holidays
    assert days == Holidays(dates=frozenset({*OFF, date(2024, 6, 1)}), workdays=frozenset(WORKED))


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize(
    ("at", "target"),
    [
        ("2024-05-01T10:00:00+08:00", "hangup"),
        ("2024-04-28T10:00:00+08:00", "group:1"),
        ("2024-04-27T10:00:00+08:00", "number:02855500099"),
        ("2024-04-29T10:00:00+08:00", "group:1"),
    ],
)
def test_a_make_up_workday_is_like_any_from_monday_to_friday(at: str, target: str) -> None:
    """Sunday the 28th of April is worked; the Saturday before is a Saturday; the first of May is off."""
    shop = read_shop(SHOP, file="shop.toml", today=date(2024, 1, 1), holidays=holidays_cn.calendar)
    node = shop.trees[TreeName("main")].nodes["schedule:s"]
    assert isinstance(node, Schedule)
    assert str(schedule_target(node, zone("Asia/Shanghai"), parse_instant(at))) == target


def test_windows_on_a_make_up_workday() -> None:
    """Windows of working days hold, those of the weekend alone do not; over midnight the first day counts."""
    worked = frozenset({date(2024, 10, 12)})
    week, saturday = Window(weekdays=(0, 1, 2, 3, 4), start=9 * 60, end=18 * 60), Window(weekdays=(5,))
    assert holds(week, date(2024, 10, 12), 600, worked)
    assert not holds(saturday, date(2024, 10, 12), 600, worked)
    assert not holds(week, date(2024, 10, 12), 600)
    night = Window(weekdays=(0, 1, 2, 3, 4), start=22 * 60, end=6 * 60)
    assert holds(night, date(2024, 10, 13), 60, worked)


def test_without_the_package_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the library and on the command line: one line, no traceback."""
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(MissingExtra, match="zh"):
        holidays_cn.calendar("cn")
    path = tmp_path / "shop.toml"
    path.write_text(SHOP, "utf-8")
    assert main(["ivr", "draw", str(path)]) == 2
    assert capsys.readouterr().err.startswith("E801")


def test_the_package_itself() -> None:
    """Where it is installed: the days of 2024 as the State Council announced them."""
    pytest.importorskip("holidays")
    known = holidays_cn.calendar("cn")
    assert set(OFF) <= known.dates
    assert set(WORKED) <= known.workdays
    assert not known.dates & known.workdays
