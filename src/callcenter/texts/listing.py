"""What lists say when a part of them is asked for that is not served."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "E441": ("{what} = {found} is not served", "不支持 {what} = {found}"),
    "E441.hint": ("take at most {most}, and no less than the first", "最多为 {most},且不得小于首项"),
    "E442": ("there is no page {number} by number", "无法按页码转到第 {number} 页"),
    "E442.hint": (
        "pages 1 to {most} have numbers; go on from the last line of a page, or narrow the filter",
        "页码为 1 至 {most};请从某页最后一行继续,或缩小查询范围",
    ),
    "E443": ("'{text}' is no place in this list", "'{text}' 不是此列表中的位置"),
    "E443.hint": (
        "take the place of a line of the same list in the same order",
        "请使用同一列表、同一排序中某行的位置",
    ),
}
