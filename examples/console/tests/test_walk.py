"""The console in a real browser: from the first log-in to a workbook, as people walk through it.

``CONSOLE_PICTURES=folder`` keeps what was seen on the way, at the width of a desk and of a phone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from browser import DESKTOP, PHONE, browser, size
from conftest import NEW, Served
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

_PATIENCE = 120
"""Seconds to wait for what must come; a busy machine takes its time."""


class Walk:
    """A person at the browser."""

    def __init__(self, driver: webdriver.Chrome, served: Served, downloads: Path) -> None:
        self.driver, self.served, self.downloads = driver, served, downloads
        self.pictures = os.environ.get("CONSOLE_PICTURES", "")

    def go(self, path: str) -> None:
        self.driver.get(self.served.address + path)

    def until(self, sure: Callable[[], object]) -> None:
        """Wait for something that must come."""
        WebDriverWait(self.driver, _PATIENCE, ignored_exceptions=(WebDriverException,)).until(lambda _driver: sure())

    def text(self, css: str) -> str:
        """Return what a part of the page says at this moment, even while it is being replaced."""
        found: str = self.driver.execute_script("return document.querySelector(arguments[0])?.innerText ?? ''", css)
        return " ".join(found.split())

    def has(self, css: str) -> bool:
        return bool(self.driver.find_elements(By.CSS_SELECTOR, css))

    def fill(self, css: str, content: str) -> None:
        field = self.driver.find_element(By.CSS_SELECTOR, css)
        field.clear()
        field.send_keys(content)

    def choose(self, css: str, word: str) -> None:
        Select(self.driver.find_element(By.CSS_SELECTOR, css)).select_by_value(word)

    def press(self, css: str) -> None:
        """Press a button or a link, and wait until the page is another."""
        button = self.driver.find_element(By.CSS_SELECTOR, css)
        self.driver.execute_script("document.documentElement.dataset.old = '1'")
        button.click()
        self.until(lambda: not self.has("html[data-old]") and self.ready())

    def ready(self) -> bool:
        return bool(self.driver.execute_script("return document.readyState === 'complete'"))

    def look(self, name: str) -> None:
        """See a page at both widths: nothing may be broader than the screen."""
        for width, screen in (("desk", DESKTOP), ("phone", PHONE)):
            size(self.driver, screen)
            broad = self.driver.execute_script("return document.documentElement.scrollWidth")
            assert broad <= screen[0], (name, width, broad)
            if self.pictures:
                self.driver.save_screenshot(str(Path(self.pictures) / f"{name}-{width}.png"))
        size(self.driver, DESKTOP)

    def come_in(self, name: str) -> None:
        """Log in for the first time: nothing is to be seen before the secret is changed."""
        self.go("/login")
        self.look("login")
        secret = self.served.house.secrets[name]
        self.fill("#name", name)
        self.fill("#secret", secret)
        self.press("form button")
        self.go("/lists/centers")
        assert self.driver.current_url.endswith("/secret")
        assert not self.has("nav a")
        self.fill("#old", secret)
        for field in ("#new", "#again"):
            self.fill(field, NEW)
        self.press("main form button")
        assert self.driver.current_url == f"{self.served.address}/"
        self.served.secrets.add(self.driver.get_cookie("session")["value"])  # type: ignore[index]

    def leave(self) -> None:
        self.press("#logout")
        assert self.driver.current_url.endswith("/login")
        assert self.driver.get_cookie("session") is None


@pytest.fixture
def walk(served: Served, tmp_path: Path) -> Iterator[Walk]:
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    with browser(tmp_path / "profile", downloads) as driver:
        size(driver, DESKTOP)
        yield Walk(driver, served, downloads)
        lines: list[dict[str, str]] = driver.get_log("browser")  # type: ignore[no-untyped-call]
        severe = [line["message"] for line in lines if line["level"] == "SEVERE"]
        assert not [line for line in severe if "404" not in line], severe


def test_the_walk(walk: Walk, fresh: dict[str, str]) -> None:
    """A reseller, then a call center, then who looks after it: the whole day at the pages."""
    walk.come_in("walk-east")
    a_reseller_sees_only_its_own(walk)
    a_top_up_lifts_the_suspension(walk)
    walk.leave()
    walk.come_in("walk-books")
    pages_look_well(walk)
    a_vip_is_served_first(walk)
    a_charge_is_explained(walk)
    a_workbook_is_read_back(walk)
    the_wallboard_moves(walk)
    the_language_changes(walk)
    walk.leave()


def a_reseller_sees_only_its_own(walk: Walk) -> None:
    walk.press("nav a[href='/lists/centers']")
    assert "trips" in walk.text("#list")
    assert "books" not in walk.driver.page_source
    walk.go("/centers/books")
    missing = walk.text("[role=alert]").replace("books", "X")
    walk.go("/centers/nope")
    assert walk.text("[role=alert]").replace("nope", "X") == missing


def a_top_up_lifts_the_suspension(walk: Walk) -> None:
    walk.go("/centers/trips")
    assert walk.has("#arrears")
    walk.fill("input[name=amount]", "20")
    walk.fill("input[name=ref]", "walk-1")
    walk.press("#top-up")
    assert walk.has(".said.done")
    assert not walk.has("#arrears")
    walk.go("/lists/adjustments")
    assert "2000.00" in walk.text("#list")


def pages_look_well(walk: Walk) -> None:
    pages = {
        "overview": "/",
        "centers": "/lists/centers",
        "center": "/centers/books",
        "charges": "/lists/charges",
        "calls": "/lists/calls",
        "menu": "/centers/books/menu",
        "day": "/centers/books/day",
        "vips": "/lists/vips",
        "trail": "/lists/trail",
    }
    for name, path in pages.items():
        walk.go(path)
        walk.look(name)


def a_vip_is_served_first(walk: Walk) -> None:
    """The same caller comes last and is served last; as a VIP it comes last and is served first."""

    def order() -> list[str]:
        walk.choose("#rehearse-form select[name=group]", "books/1")
        walk.fill("#rehearse-form input[name=number]", "02855500066")
        walk.press("#rehearse")
        walk.look("rehearsal")
        return [cell.text for cell in walk.driver.find_elements(By.CSS_SELECTOR, "#order td:nth-child(2)")]

    walk.go("/lists/vips")
    assert order()[-1] == "02855500066"
    walk.go("/lists/vips")
    walk.choose("#vip-form select[name=group]", "books/1")
    walk.fill("#vip-form input[name=number]", "02855500066")
    walk.fill("#vip-form input[name=name]", "松林小学")
    walk.choose("#vip-form select[name=caller_class]", "important")
    walk.press("#add-vip")
    assert "松林小学" in walk.text("#list")
    assert order()[0] == "02855500066"


def a_charge_is_explained(walk: Walk) -> None:
    walk.go("/lists/charges")
    walk.fill("#f-caller", "02855500004")
    walk.driver.find_element(By.CSS_SELECTOR, "form.filters button").click()
    walk.until(lambda: "caller=02855500004" in walk.driver.current_url and "1 in all" in walk.text("#list"))
    walk.press("#list tbody a")
    assert "12.00" in walk.text("#working")
    walk.look("charge")


def a_workbook_is_read_back(walk: Walk) -> None:
    walk.go("/lists/calls?group=2")
    total = int(walk.text(".paging").split(" in all")[0].split()[-1])
    walk.driver.find_element(By.ID, "xlsx").click()
    kept = walk.downloads / "calls.xlsx"
    walk.until(kept.exists)
    rows = list(openpyxl.load_workbook(kept).worksheets[0].iter_rows(values_only=True))
    heads = next(row for row in rows if "caller" in row)
    callers = [row[heads.index("caller")] for row in rows[rows.index(heads) + 1 :]]
    assert len([caller for caller in callers if isinstance(caller, str) and caller.isdigit()]) == total > 10
    walk.go("/lists/trail?what=calls.export")
    assert "walk-books call records: downloaded" in walk.text("#list")


def the_wallboard_moves(walk: Walk) -> None:
    """The board changes while nobody touches the page."""
    walk.go("/centers/books/wall?speed=900")
    walk.until(lambda: walk.has("#wall .clock"))
    first = walk.text("#wall .clock")
    walk.until(lambda: walk.text("#wall .clock") != first)
    if walk.pictures:
        time.sleep(8)
    walk.look("wall")


def the_language_changes(walk: Walk) -> None:
    walk.go("/lists/calls?group=2")
    walk.press("#language")
    assert "通话记录明细" in walk.text("h1")
    assert "group=2" in walk.driver.current_url
    walk.look("calls-zh")
    walk.go("/")
    walk.look("overview-zh")
    walk.press("#language")
    assert walk.text("h1").startswith("Overview")
