"""The numbers of the floor as tables: per group and interval, and per agent."""

from __future__ import annotations

from callcenter.model.times import MILLISECOND
from callcenter.reports.floor_numbers import FloorNumbers, GroupNumbers, percent
from callcenter.reports.table import Cell, Form, Table, columns
from callcenter.reports.wallboard import clock

_COUNTS = dict.fromkeys(
    ("offered", "answered", "within", "abandoned", "short_abandoned", "exited", "timed_out", "refused", "waiting"),
    Form.COUNT,
)
_LENGTHS = dict.fromkeys(("average_wait_s", "longest_wait_s", "average_talk_s"), Form.LENGTH)
_OF_AGENTS = dict.fromkeys(("offered", "answered", "missed", "talks"), Form.COUNT)
_TIMES = dict.fromkeys(("talk_s", "ready_s", "not_ready_s", "ringing_s", "talking_s", "wrap_up_s"), Form.LENGTH)


def groups_table(numbers: FloorNumbers) -> Table:
    """Return a row for each group and interval in which anybody came, and the shares as text."""
    rows = [
        (group, clock(interval * numbers.interval), *_cells(part), _occupancy(numbers, group, interval))
        for (group, interval), part in sorted(numbers.groups.items(), key=lambda entry: (entry[0][1], entry[0][0]))
    ]
    names = "group interval offered answered within abandoned short_abandoned exited timed_out refused waiting"
    names += " average_wait_s longest_wait_s average_talk_s sl sl2 occupancy"
    return Table(name="floor", columns=columns(names, **_COUNTS, **_LENGTHS), rows=tuple(rows))


def _occupancy(numbers: FloorNumbers, group: str, interval: int) -> str:
    share = numbers.occupancy(group, interval if numbers.interval else None)
    return percent(share or 0, 1000 if share is not None else 0)


def _cells(part: GroupNumbers) -> tuple[Cell, ...]:
    return (
        part.offered,
        part.answered,
        part.within,
        part.abandoned,
        part.short,
        part.exited,
        part.timed_out,
        sum(part.refused.values()),
        part.waiting,
        _mean(part.waited, part.answered),
        part.longest * MILLISECOND,
        _mean(part.talked, part.talks),
        percent(part.within, part.answered),
        percent(part.within + part.abandoned_within, part.answered + part.abandoned),
    )


def _mean(total: int, count: int) -> int | None:
    return total * MILLISECOND // count if count else None


def agents_table(numbers: FloorNumbers) -> Table:
    """Return a row for each agent, extension and number that was rung or logged in."""
    rows: list[tuple[Cell, ...]] = []
    for who, agent in sorted(numbers.agents.items()):
        times = numbers.phases.sums([who], None, numbers.now)
        away = times["not_ready"] + times["blocked"]
        parts = (times["ready"], away, times["offered"], times["talking"], times["wrap_up"])
        missed = sum(agent.missed.values())
        counts = (agent.shown, agent.offered, agent.answered, missed, agent.talks, agent.talked * MILLISECOND)
        rows.append((*counts, *(part * MILLISECOND for part in parts)))
    names = "agent offered answered missed talks talk_s ready_s not_ready_s ringing_s talking_s wrap_up_s"
    return Table(name="floor_agents", columns=columns(names, **_OF_AGENTS, **_TIMES), rows=tuple(rows))
