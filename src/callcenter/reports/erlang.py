"""What queueing theory says of a floor: Erlang C (nobody gives up) and Erlang A (patience is exponential).

Exact formulas of M/M/c and M/M/c+M, to which a simulated floor must agree when its callers come by Poisson, talk
exponentially and are patient exponentially (Erlang 1917; Palm 1943; Garnett, Mandelbaum and Reiman 2002). Plain floats
in ascending recursions: no factorial, so hundreds of agents are as exact as five.
"""

from __future__ import annotations

import math
from typing import Final

from callcenter.model.value import value

_NEGLIGIBLE: Final = 1e-15


@value
class Theory:
    """What is to be expected in the long run.

    Attributes:
        waits: Probability that a caller does not find a free agent.
        mean_wait: Of all callers, in seconds, also of those who give up.
        abandons: Probability that a caller gives up.
        occupancy: Share of time in which an agent talks.
    """

    waits: float
    mean_wait: float
    abandons: float
    occupancy: float


def erlang_b(agents: int, load: float) -> float:
    """Return the share of callers who are lost when nobody waits.

    Args:
        agents: At least one.
        load: Arrivals per mean talk (erlang).
    """
    blocked = 1.0
    for busy in range(1, agents + 1):
        blocked = load * blocked / (busy + load * blocked)
    return blocked


def erlang_c(agents: int, per_hour: float, talk_s: float) -> Theory:
    """Return what M/M/c comes to; the load must be below the number of agents.

    Args:
        agents: At least one.
        per_hour: Arrivals.
        talk_s: Mean talk in seconds.

    Raises:
        ValueError: When the line would grow for ever.
    """
    load = per_hour / 3600 * talk_s
    if load >= agents:
        raise ValueError(f"{load} erlang are too many for {agents} agents who are never left")
    blocked, share = erlang_b(agents, load), load / agents
    waits = blocked / (1 - share * (1 - blocked))
    return Theory(waits=waits, mean_wait=waits * talk_s / (agents - load), abandons=0.0, occupancy=share)


def wait_beyond(agents: int, per_hour: float, talk_s: float, seconds: float) -> float:
    """Return the share of callers of M/M/c who wait longer than so many seconds."""
    load = per_hour / 3600 * talk_s
    return erlang_c(agents, per_hour, talk_s).waits * math.exp(-(agents - load) * seconds / talk_s)


def erlang_a(agents: int, per_hour: float, talk_s: float, patience_s: float) -> Theory:
    """Return what M/M/c+M comes to, at any load.

    Args:
        agents: At least one.
        per_hour: Arrivals.
        talk_s: Mean talk in seconds.
        patience_s: Mean patience in seconds.
    """
    arrive, serve, leave = per_hour / 3600, 1 / talk_s, 1 / patience_s
    blocked = erlang_b(agents, arrive * talk_s)
    # Probabilities of n in the line, relative to that of all agents busy and nobody in it.
    weight = total = 1.0
    line = 0.0
    number = 0
    while weight > _NEGLIGIBLE * total or arrive > agents * serve + number * leave:
        number += 1
        weight *= arrive / (agents * serve + number * leave)
        total += weight
        line += number * weight
    # All busy and nobody waiting has weight 1; the states below weigh (1 - B) / B of it.
    scale = (1 - blocked) / blocked + total
    waits, mean_line = total / scale, line / scale
    abandons = mean_line * leave / arrive
    return Theory(
        waits=waits,
        mean_wait=mean_line / arrive,
        abandons=abandons,
        occupancy=arrive * (1 - abandons) * talk_s / agents,
    )
