"""Branches that nobody hears: by the time of the center, and by who calls. Both are answered once, on entry.

A schedule's rules are taken as written, the first that holds wins (rule 17); the emergency target of a tree stands
before all of them and is taken where a call enters, in :func:`callcenter.ivr.walk.enter`.
"""

from __future__ import annotations

from datetime import date

from callcenter.model.hours import begins, day_and_minute, holds
from callcenter.model.times import Instant, Zone
from callcenter.model.tree import CallerBranch, CallerClass, CallerRule, Schedule, ScheduleRule, Target


def rule_holds(rule: ScheduleRule, day: date, minute: int, workdays: frozenset[date] = frozenset()) -> bool:
    """Tell whether a rule holds at a local wall time.

    A window over midnight belongs to the weekday, and to the holiday, on which it begins.

    Args:
        rule: A rule of a schedule.
        day: The local date.
        minute: Minutes from midnight, 0–1439.
        workdays: Weekend dates that count as Monday to Friday.
    """
    window = rule.window
    if not holds(window, day, minute, workdays):
        return False
    return rule.holidays is None or begins(window.start, window.end, day, minute) in rule.holidays


def schedule_target(schedule: Schedule, zone: Zone, at: Instant) -> Target:
    """Return where a schedule leads at an instant: the first rule that holds in the zone, else the default."""
    day, minute = day_and_minute(zone, at)
    workdays = frozenset[date]().union(
        *(rule.holidays.workdays for rule in schedule.rules if rule.holidays is not None)
    )
    held = (rule.target for rule in schedule.rules if rule_holds(rule, day, minute, workdays))
    return next(held, schedule.default)


def caller_rule_holds(rule: CallerRule, caller: str, caller_class: CallerClass) -> bool:
    """Tell whether a caller has at least the rule's class and the rule's prefix, as far as it names them."""
    return (rule.vip is None or caller_class >= rule.vip) and caller.startswith(rule.prefix)


def caller_target(branch: CallerBranch, caller: str, caller_class: CallerClass) -> Target:
    """Return where a caller branch leads: the first rule that holds, else the default.

    Args:
        branch: The node.
        caller: The caller's number, normalised.
        caller_class: The highest class of the caller in any group of the center.
    """
    return next((rule.target for rule in branch.rules if caller_rule_holds(rule, caller, caller_class)), branch.default)
