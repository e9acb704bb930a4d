"""P4: an agent is chosen, and comes back - at 10, 1 000 and 10 000 agents, under every ranking.

The peer is what people write by hand: the least key over all free agents. Half of the agents are free, and those who
come back come back in another order than they went.
"""

from __future__ import annotations

import random
import time
from collections import deque

from bench.kernel import Row, row

from callcenter.model.times import Instant
from callcenter.routing import RANKINGS, GroupMemory, MemberView, Pool, Ranking

SIZES = (10, 1_000, 10_000)
ROUNDS = 10_000
SCANS = 40
REPEATS = 5


class Floor:
    """Agents of one group, half of them free."""

    def __init__(self, ranking: Ranking, size: int) -> None:
        dice = random.Random(5)
        self.size = size
        self.memory = GroupMemory()
        self.ranking = ranking
        views = [
            MemberView(
                id=f"A{n}",
                index=n,
                weight=1 + n % 3,
                available_since=Instant(n),
                talk_ended=n,
                calls=dice.randrange(50),
                talked=dice.randrange(5000),
            )
            for n in range(size)
        ]
        dice.shuffle(views)
        self.pool = Pool(ranking)
        self.free: dict[str, MemberView] = {}
        for view in sorted(views[: size // 2], key=lambda view: view.available_since):  # as they became free
            self.pool.add(view)
            self.free[view.id] = view
        self.away = deque(views[size // 2 :])

    def come_back(self, now: int) -> MemberView:
        """Return who comes back next, as it is after a call."""
        view = self.away.popleft()
        view.available_since, view.talk_ended = Instant(now), now
        view.calls += 1
        view.talked += now % 300
        return view

    def ours(self, now: int) -> None:
        memory = self.memory
        memory.dice = now << 12
        _, tier = next(self.pool.tiers())
        best, _ = next(tier.best_first(memory, self.size))
        self.pool.discard(best.id)
        memory.after = best.index + 1
        self.away.append(best)
        self.pool.add(self.come_back(now))

    def scan(self, now: int) -> None:
        key, memory, size = self.ranking.key, self.memory, self.size
        best = min(self.free.values(), key=lambda view: (key(view, memory, size), view.index))
        del self.free[best.id]
        memory.after = best.index + 1
        self.away.append(best)
        back = self.come_back(now)
        self.free[back.id] = back


def once(ranking: Ranking, size: int, rounds: int, *, scan: bool = False) -> float:
    """Return the seconds of processor time of one choice and release."""
    floor = Floor(ranking, size)
    work = floor.scan if scan else floor.ours
    begin = time.process_time()
    for now in range(size, size + rounds):
        work(now)
    return (time.process_time() - begin) / rounds


def run() -> list[Row]:
    """Return, for every ranking: a row per size with its growth, and the linear scan at the largest."""
    rows: list[Row] = []
    for ranking in RANKINGS.values():
        taken: dict[int, list[float]] = {size: [] for size in SIZES}
        for _ in range(REPEATS):
            for size in SIZES:  # in turns: whatever else the machine does falls on all of them
                taken[size].append(once(ranking, size, ROUNDS))
        each = {size: sorted(seconds)[REPEATS // 2] for size, seconds in taken.items()}
        largest = SIZES[-1]
        scan = once(ranking, largest, SCANS, scan=True)
        for size in SIZES:
            goal = "<= 2" if size == largest else ""
            what = f"{ranking.name}: {size:,} agents"
            rows.append(row("P4", what, 1, each[size], ratio=each[size] / each[SIZES[0]], ratio_to="t(10)", goal=goal))
        what, faster = f"{ranking.name}: scan of {largest:,}", scan / each[largest]
        rows.append(row("P4", what, 1, scan, ratio=faster, ratio_to="ours", goal=">= 100"))
    return rows


if __name__ == "__main__":
    for item in run():
        print(f"{item['what']:<34}{item['seconds'] * 1e6:>12.2f} us{item['ratio']:>9.2f} {item['ratio_to']}")
