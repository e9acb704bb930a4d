"""What is said about rate plans and talks that cannot be rated."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "E450": ('"{text}" is no price', "“{text}” 不是价格"),
    "E450.hint": (
        "write fen as digits with a point, not below zero, for example 0.55",
        "请以分为单位写数字,可带小数点,不得小于零,例如 0.55",
    ),
    "E451": ("no version of the plan is in force at the answer", "接通时费率计划没有任何生效的版本"),
    "E451.hint": ("add a version with an earlier effective_from", "请添加生效时间更早的版本"),
    "E452": ("the talk ends before its answer, or has no end", "通话结束时间早于接通时间或缺失"),
    "E452.hint": ("mend answered_at or ended_at", "请修正 answered_at 或 ended_at"),
    "E453": ("no rule of the plan holds at this time of the talk", "通话期间某一时刻没有任何规则适用"),
    "E453.hint": ("add a rule without prefixes that holds always", "请添加一条无前缀且始终适用的规则"),
}
