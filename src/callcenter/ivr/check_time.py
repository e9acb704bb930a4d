"""What ``check`` says about time: hidden holiday rules, hours nobody covers, groups that are never open.

Windows change only at their starts and ends, so looking at those minutes of a week, and of each holiday and the day
after, is looking at all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from callcenter.ivr.findings import Finding, warning
from callcenter.ivr.graph import Edge, edges, node_edges, where
from callcenter.ivr.schedule import rule_holds
from callcenter.model.directory import AgentGroup, CallCenter
from callcenter.model.hours import WEEKDAYS, Window, holds
from callcenter.model.ids import GroupId
from callcenter.model.tree import IvrTree, Schedule, ScheduleRule, TargetKind

MOST_RULES: Final = 100
"""A schedule of more rules is no plan that anybody wrote, and is not looked at."""
_MONDAY: Final = date(2001, 1, 1)
_WEEK: Final = tuple(_MONDAY + timedelta(days=day) for day in range(7))
_YEARS: Final = range(2000, 2028)
"""Twenty-eight years: every yearly date falls on every weekday."""


def check_time(tree: IvrTree, center: CallCenter | None, scripts: dict[str, str]) -> Iterator[Finding]:
    """Yield the findings about the time of a tree.

    Args:
        tree: The tree.
        center: Whose groups it leads to, when known.
        scripts: Node → keys that lead there.
    """
    groups = center.groups if center is not None else {}
    for key, node in tree.nodes.items():
        if isinstance(node, Schedule) and len(node.rules) <= MOST_RULES:
            script = scripts.get(key, "")
            yield from _hidden_holidays(tree, key, node, script)
            yield from _uncovered(tree, key, node, script)
            for edge in node_edges(key, node):
                group = groups.get(GroupId(edge.target.name)) if edge.target.kind is TargetKind.GROUP else None
                if group is not None and group.hours and not _ever_open(node, edge, group):
                    yield warning("E215", where(tree, key, edge.port), script, group=group.id)
    if center is not None:
        yield from _wordless(tree, center)


def _weekly(node: Schedule) -> list[ScheduleRule]:
    return [rule for rule in node.rules if rule.holidays is None]


def _minutes(*windows: Window) -> list[int]:
    """Return the minutes of a day at which something may change."""
    found = {0}
    for window in windows:
        found |= {window.start % 1440, window.end % 1440}
    return sorted(found)


def _hidden_holidays(tree: IvrTree, key: str, node: Schedule, script: str) -> Iterator[Finding]:
    for number, rule in enumerate(node.rules):
        before = [earlier for earlier in node.rules[:number] if earlier.holidays is None]
        if rule.holidays is None or not before:
            continue
        minutes = _minutes(rule.window, *(earlier.window for earlier in before))
        for day in _days_of(rule):
            hidden = any(
                rule_holds(rule, each, minute) and any(rule_holds(earlier, each, minute) for earlier in before)
                for each in (day, day + timedelta(days=1))
                for minute in minutes
            )
            if hidden:
                yield warning("E213", where(tree, key, ("rules", str(number))), script, day=day.isoformat())
                break


def _days_of(rule: ScheduleRule) -> list[date]:
    assert rule.holidays is not None
    yearly = [
        date(year, month, day)
        for month, day in sorted(rule.holidays.yearly)
        for year in _YEARS
        if not (month == 2 and day == 29 and year % 4)
    ]
    return sorted(rule.holidays.dates) + yearly


def _uncovered(tree: IvrTree, key: str, node: Schedule, script: str) -> Iterator[Finding]:
    if node.default.kind is not TargetKind.HANGUP:
        return
    rules = _weekly(node)
    minutes = _minutes(*(rule.window for rule in rules))
    for day in _WEEK:
        for minute in minutes:
            if not any(rule_holds(rule, day, minute) for rule in rules):
                moment = f"{WEEKDAYS[day.weekday()]} {minute // 60:02}:{minute % 60:02}"
                yield warning("E214", where(tree, key, ("default",)), script, moment=moment)
                return


def _ever_open(node: Schedule, edge: Edge, group: AgentGroup) -> bool:
    """Tell whether the group is open at some moment of an ordinary week at which the edge is taken."""
    rules = _weekly(node)
    taken = node.rules[int(edge.port[1])] if edge.port[0] == "rules" else None
    if taken is not None and taken.holidays is not None:
        return True
    minutes = _minutes(*(rule.window for rule in rules), *group.hours)
    for day in _WEEK:
        for minute in minutes:
            first = next((rule for rule in rules if rule_holds(rule, day, minute)), None)
            if first is taken and any(holds(window, day, minute) for window in group.hours):
                return True
    return False


def _wordless(tree: IvrTree, center: CallCenter) -> Iterator[Finding]:
    """Yield the groups that this tree leads to and that hang up outside their hours without a word."""
    led_to = dict.fromkeys(edge.target.name for edge in edges(tree) if edge.target.kind is TargetKind.GROUP)
    for name in led_to:
        group = center.groups.get(GroupId(name))
        if group is None or not group.hours or group.holiday_prompt is not None or group.holiday_target is not None:
            continue
        yield warning("E217", f"center.{center.id}.group.{name}.hours", group=name)
