"""Where the boxes of a drawing stand: a layered layout, small and without chance.

Theory of operation. Boxes stand in layers from left to right: a box is as far right as there are ways from a beginning
to it, which for an IVR is how deep a caller is. A way to the next layer is a line; no way leads further than that, and
one that leads to the same layer or back is none, so that a line never passes a box. The order inside a layer is that
with the fewest crossings of a few barycenter sweeps. Heights are then the least squares of what the neighbours ask
for, kept apart by the gap (pool adjacent violators): exact, and with no two boxes on each other by construction.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import attrs

from callcenter.model.value import value

GAP_X: Final = 56.0
"""Between layers, for the lines."""
GAP_Y: Final = 18.0
"""Between boxes."""
SWEEPS: Final = 8
"""How often the order, and then the heights, are looked at from each side."""
MOST_LINES: Final = 5_000
"""With more lines than this nobody counts crossings, and neither do we."""
_LOOSE: Final = 0.05
"""Weight of a box that no line moves, beside the 1 of one that its lines do."""


@value
class Box:
    """Something to be placed: its size, and how far below its top a line comes in."""

    width: float
    height: float
    entry: float = 0.0


@value
class Link:
    """A way from a box (``port`` below its top) to another, by their numbers."""

    source: int
    target: int
    port: float = 0.0


@value
class Layout:
    """Where everything is.

    Attributes:
        at: Left and top of each box.
        widths: Of each box: the width of its layer.
        lines: Number of a link → its two ends, at the right edge of its source and the left edge of its target.
        width: Of the whole.
        height: Of the whole.
    """

    at: tuple[tuple[float, float], ...]
    widths: tuple[float, ...]
    lines: Mapping[int, tuple[tuple[float, float], tuple[float, float]]] = attrs.field(factory=dict, hash=False)
    width: float = 0.0
    height: float = 0.0


def layers_of(count: int, links: Sequence[Link]) -> list[int]:
    """Return how far right each box stands: the fewest ways from a box that nothing leads to.

    The first box, and after it each that is not reached so (one of a circle), counts as such a box.
    """
    out: list[list[int]] = [[] for _ in range(count)]
    led_to = {link.target for link in links if link.source != link.target}
    for link in links:
        out[link.source].append(link.target)
    layer = [-1] * count
    for begins in ([box for box in range(count) if box == 0 or box not in led_to], *([box] for box in range(count))):
        met = [box for box in begins if layer[box] < 0]
        for box in met:
            layer[box] = 0
        for box in met:
            for target in out[box]:
                if layer[target] < 0:
                    layer[target] = layer[box] + 1
                    met.append(target)
    return layer


class _Graph:
    """Boxes in layers, and the lines between neighbouring ones."""

    def __init__(self, boxes: Sequence[Box], links: Sequence[Link]) -> None:
        self.boxes = boxes
        self.layer = layers_of(len(boxes), links)
        self.into: list[list[Link]] = [[] for _ in boxes]
        self.out: list[list[Link]] = [[] for _ in boxes]
        self.lines = [n for n, link in enumerate(links) if self.layer[link.target] == self.layer[link.source] + 1]
        for number in self.lines:
            self.out[links[number].source].append(links[number])
            self.into[links[number].target].append(links[number])
        self.rows: list[list[int]] = [[] for _ in range(max(self.layer, default=-1) + 1)]

    # ------------------------------------------------------------ order

    def order(self) -> None:
        """Put the boxes of each layer in an order with few crossings."""
        for box in self._walked():
            self.rows[self.layer[box]].append(box)
        if len(self.lines) > MOST_LINES:
            return
        best, least = [row[:] for row in self.rows], self._crossings()
        for sweep in range(SWEEPS):
            if not least:
                break
            down = sweep % 2 == 0
            place = [0] * len(self.boxes)
            for row in self.rows if down else self.rows[::-1]:
                self._sort(row, place, down=down)
            crossings = self._crossings()
            if crossings < least:
                best, least = [row[:] for row in self.rows], crossings
        self.rows = best

    def _walked(self) -> list[int]:
        """Return all boxes depth first, in the order of the ports."""
        seen: dict[int, None] = {}
        todo = [box for box in range(len(self.boxes)) if not self.into[box]][::-1]
        while todo:
            box = todo.pop()
            if box not in seen:
                seen[box] = None
                todo.extend(link.target for link in sorted(self.out[box], key=lambda link: -link.port))
        return list(seen)

    def _sort(self, row: list[int], place: list[int], *, down: bool) -> None:
        wanted = {}
        for number, box in enumerate(row):
            if down:
                near = [
                    place[link.source] + link.port / (self.boxes[link.source].height + 1) for link in self.into[box]
                ]
            else:
                near = [float(place[link.target]) for link in self.out[box]]
            wanted[box] = sum(near) / len(near) if near else float(number)
        row.sort(key=wanted.__getitem__)
        for number, box in enumerate(row):
            place[box] = number

    def _crossings(self) -> int:
        count = 0
        for row, following in zip(self.rows, self.rows[1:], strict=False):
            place = {box: number for number, box in enumerate(following)}
            seen: list[int] = []
            for box in row:
                for _, end in sorted((link.port, place[link.target]) for link in self.out[box]):
                    count += len(seen) - bisect_right(seen, end)
                    insort(seen, end)
        return count

    # ------------------------------------------------------------ heights

    def tops(self) -> list[float]:
        """Return the top of every box."""
        top = [0.0] * len(self.boxes)
        for row in self.rows:
            below = 0.0
            for box in row:
                top[box] = below
                below += self.boxes[box].height + GAP_Y

        def by_sources(box: int) -> list[float]:
            return [top[link.source] + link.port - self.boxes[box].entry for link in self.into[box]]

        def by_targets(box: int) -> list[float]:
            return [top[link.target] + self.boxes[link.target].entry - link.port for link in self.out[box]]

        for sweep in range(2 * SWEEPS):
            down = sweep % 2 == 0
            for row in self.rows if down else self.rows[::-1]:
                self._settle(row, top, by_sources if down else by_targets)
        for row in self.rows:
            self._settle(row, top, by_sources)
        least = min(top, default=0.0)
        return [each - least for each in top]

    def _settle(self, row: list[int], top: list[float], asked: Callable[[int], list[float]]) -> None:
        """Move the boxes of a layer as near to what their neighbours ask for as their order and the gap allow."""
        wanted, weight = [], []
        for box in row:
            near = asked(box)
            wanted.append(sum(near) / len(near) if near else top[box])
            weight.append(1.0 if near else _LOOSE)
        places = apart(wanted, weight, [self.boxes[box].height + GAP_Y for box in row])
        for box, place in zip(row, places, strict=True):
            top[box] = place


def apart(wanted: Sequence[float], weight: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """Return places in their order, each at least its predecessor's size behind it, with the least weighted squares.

    With the sizes before it taken off, each place has to be no less than the one before: blocks that would be out of
    order are pooled at their weighted mean (isotonic regression).
    """
    before = 0.0
    offset = []
    for size in sizes:
        offset.append(before)
        before += size
    blocks: list[tuple[float, float, int]] = []
    for place, heft, off in zip(wanted, weight, offset, strict=True):
        mean, mass, count = place - off, heft, 1
        while blocks and blocks[-1][0] >= mean:
            other, others, many = blocks.pop()
            mean = (mean * mass + other * others) / (mass + others)
            mass, count = mass + others, count + many
        blocks.append((mean, mass, count))
    means = [mean for mean, _, count in blocks for _ in range(count)]
    return [mean + off for mean, off in zip(means, offset, strict=True)]


def layout(boxes: Sequence[Box], links: Sequence[Link]) -> Layout:
    """Return where boxes and lines go, from left to right; equal input gives equal output.

    Args:
        boxes: In the order in which they should be met; the first is where all begins.
        links: The ways between them.
    """
    graph = _Graph(boxes, links)
    graph.order()
    top = graph.tops()
    wide = [max(boxes[box].width for box in row) for row in graph.rows]
    left, x = [], 0.0
    for row, width in zip(graph.rows, wide, strict=True):
        left.append(x)
        x += width + GAP_X + 2.0 * min(sum(len(graph.out[box]) for box in row), 30)
    at = tuple((left[layer], top[box]) for box, layer in enumerate(graph.layer))
    widths = tuple(wide[layer] for layer in graph.layer)
    lines = {}
    for number in graph.lines:
        link = links[number]
        (x1, y1), (x2, y2) = at[link.source], at[link.target]
        lines[number] = ((x1 + widths[link.source], y1 + link.port), (x2, y2 + boxes[link.target].entry))
    return Layout(
        at=at,
        widths=widths,
        lines=lines,
        width=max((x + width for (x, _), width in zip(at, widths, strict=True)), default=0.0),
        height=max((y + box.height for (_, y), box in zip(at, boxes, strict=True)), default=0.0),
    )
