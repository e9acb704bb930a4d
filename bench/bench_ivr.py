"""One step of the IVR in trees of 10 to 10 000 nodes: a digit costs one look-up, whatever the size of the tree.

The caller walks down a tree of menus with ten keys each and on to a group, a digit a step; what is timed is the walk
alone, without engine or switch. The ratio is against the smallest tree: how many times as long a step takes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from bench.kernel import interleaved, row

from callcenter.ivr.rehearse import PaperFloor
from callcenter.ivr.signals import Digit
from callcenter.ivr.walk import enter, step
from callcenter.model.ids import NodeName, TreeName
from callcenter.model.times import Instant
from callcenter.model.tree import IvrTree, Menu, Node, Prompt, Target, TargetKind

SIZES = (10, 100, 1_000, 10_000)
MAIN = Target(kind=TargetKind.TREE, name="main")


def tree(nodes: int) -> IvrTree:
    """Return menus of ten keys, each key to a menu as long as there are any, else to a group."""
    menus: dict[str, Node] = {}
    for number in range(nodes):
        choices = {}
        for key in range(10):
            below = 10 * number + key + 1
            kind, name = (TargetKind.MENU, f"m{below}") if below < nodes else (TargetKind.GROUP, str(key))
            choices[str(key)] = Target(kind=kind, name=name)
        menus[f"menu:m{number}"] = Menu(name=NodeName(f"m{number}"), greeting=Prompt.of("w.wav"), choices=choices)
    return IvrTree(name=TreeName("main"), root=Target(kind=TargetKind.MENU, name="m0"), nodes=menus)


def walked(around: PaperFloor, steps: int) -> int:
    """Take that many steps of callers who press 0 until they are out, and one wrong key before; return the steps."""
    wrong, right, at, taken = Digit(digit="#"), Digit(digit="0"), Instant(0), 0
    while taken < steps:
        position = enter(MAIN, around, at).position
        position = step(position, wrong, around, at).position
        taken += 1
        while position.in_ivr:
            position = step(position, right, around, at).position
            taken += 1
    return taken


def run(*, full: bool = False) -> list[dict[str, Any]]:
    """Return the rows of the table."""
    steps = 40_000 if full else 10_000
    floors = {size: PaperFloor({TreeName("main"): tree(size)}) for size in SIZES}
    for around in floors.values():
        walked(around, 100)  # matchers are built on first use, once for each menu
    ways: dict[str, Callable[[], int]] = {str(size): partial(walked, around, steps) for size, around in floors.items()}
    taken = interleaved(ways, 5)
    base = taken[str(SIZES[0])][0] / taken[str(SIZES[0])][1]
    return [
        row(
            "IVR",
            f"a step in a tree of {size:,} nodes",
            taken[str(size)][1],
            taken[str(size)][0],
            ratio=taken[str(size)][0] / taken[str(size)][1] / base,
            ratio_to="10 nodes",
            goal="<= 1.5" if size == SIZES[-1] else "",
        )
        for size in SIZES
    ]
