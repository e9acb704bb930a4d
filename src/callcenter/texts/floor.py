"""What is said to a program that asks the impossible of a floor."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "E551": ("{moment} has passed", "{moment} 已经过去"),
    "E551.hint": ("it is {now}; a floor goes forward only", "现在是 {now};时间只能向前"),
    "E552": ("the phone of {who} does not ring for this call", "{who} 的电话没有为此通话振铃"),
    "E552.hint": ("phones that ring for it: {known}", "正在为它振铃的电话:{known}"),
    "E553": ("nobody talks to the caller of {call}", "{call} 的主叫没有在通话"),
    "E553.hint": ("let somebody answer first: call.answered_by(…)", "请先接听:call.answered_by(…)"),
    "E554": ("the floor is not open", "尚未开始营业"),
    "E554.hint": ('say when it opens: floor.at("2008-12-29 09:00:00")', '请先说明时间:floor.at("2008-12-29 09:00:00")'),
}
