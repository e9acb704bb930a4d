"""Shops and days for the tests of the host, written as the files that users write."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from callcenter.errors import SwitchError
from callcenter.files.scenario import Scenario, read_scenario
from callcenter.model.commands import SwitchCommand
from callcenter.model.facts import Fact
from callcenter.ports import Store
from callcenter.reports import trace
from callcenter.store import MemoryStore
from callcenter.switch.scenario_run import ScenarioRun

HEAD = """
schema = 1
[scenario]
starts_at = "2009-03-02T10:00:00+08:00"
ends_after_s = {ends}
login_all = true
[rate.flat12]
versions = [{{ effective_from = "2008-01-01", rules = [{{ steps = [{{ from_s = 0, price_fen = "12", per_s = 60, increment_s = 60 }}] }}] }}]
[rate.flat8]
versions = [{{ effective_from = "2008-01-01", rules = [{{ steps = [{{ from_s = 0, price_fen = "8", per_s = 60, increment_s = 60 }}] }}] }}]
"""
CENTER = """
[center.demo]
access_number = "95990001"
ivr = "group:1"
rate = "flat12"
balance_fen = "{balance}"
{more}
[center.demo.agent.A]
phone = "013900000001"
[center.demo.agent.B]
phone = "013900000002"
[center.demo.group.1]
kind = "login"
members = ["A", "B"]
"""


def day(*calls: str, balance: str = "5000.00", ends: int = 600, more: str = "", rest: str = "") -> Scenario:
    """Return a day of the center ``demo`` with its agents A and B in group 1."""
    text = HEAD.format(ends=ends) + CENTER.format(balance=balance, more=more) + rest + "".join(calls)
    return read_scenario(text, file="day.toml", load=str)


def call(id: str, t: float, dialled: str = "95990001", **rest: object) -> str:
    """Return a row of ``[[call]]``; each id has a caller number of its own."""
    caller = f"01390000{1000 + sum(map(ord, id)) % 9000}"
    lines = [f'\n[[call]]\nid = "{id}"\nt = {t}\ncaller = "{caller}"\ndialled = "{dialled}"']
    return "\n".join([*lines, *(f"{key} = {json.dumps(content)}" for key, content in rest.items())]) + "\n"


def run_day(scenario: Scenario, store: Store | None = None) -> list[dict[str, Any]]:
    """Run a day under its auditor and return the rows of its trace."""
    rows: list[dict[str, Any]] = []

    def hear(happened: Iterable[Fact]) -> None:
        rows.extend(json.loads(line) for line in trace.lines(happened, scenario.starts_at))

    ScenarioRun(scenario, store or MemoryStore(), listener=hear).run()
    return rows


def only(rows: Iterable[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    """Return the facts of some names."""
    return [row for row in rows if row["fact"] in names]


class DeafSwitch:
    """A switch that writes down what it was told, and does nothing.

    Attributes:
        told: The commands.
        refuses: Whether it cannot be reached.
    """

    def __init__(self) -> None:
        self.told: list[SwitchCommand] = []
        self.refuses = False

    def perform(self, command: SwitchCommand) -> None:
        if self.refuses:
            raise SwitchError("E601", event="nothing", state="away")
        self.told.append(command)
