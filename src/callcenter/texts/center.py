"""What the host, the simulated world and its auditor say."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "E511": ("this store has no shop yet", "此存储中还没有商店数据"),
    "E511.hint": ("give the shop when it is opened for the first time", "第一次打开时请提供商店文件"),
    "E512": ("call center {center} is frozen", "呼叫中心 {center} 已冻结"),
    "E512.hint": ("set its status first; nothing else of it can be changed", "请先修改其状态;其他内容不可更改"),
    "E513": ("callers are in group {group}", "坐席组 {group} 中还有来电"),
    "E513.hint": ("remove it when the last of them has left", "请在最后一个来电离开后再删除"),
    "E514": ("call center {center} has live calls", "呼叫中心 {center} 还有通话"),
    "E514.hint": (
        "close or remove it when the last of them has ended",
        "请在最后一个通话结束后再销户或删除",
    ),
    "E516": ("{waiting} commands wait for the switch, which is away", "交换机无法连接,{waiting} 条命令在等待"),
    "E516.hint": ("refuse the call at the switch, and mend the way to it", "请在交换机上拒绝此来电,并恢复连接"),
    "E517": ("the switch cannot be reached ({reason})", "交换机无法连接({reason})"),
    "E517.hint": ("what was to be told is kept, and told when it is back", "命令已保留,恢复连接后会继续发送"),
    "E518": ("{steps} steps were given up: nobody heard them", "有 {steps} 个步骤无人接收,已放弃"),
    "E518.hint": ("mend the listener; what happened stands in the records", "请修复接收方;发生过的内容可在记录中查到"),
    "E521": (
        "invariant {invariant} does not hold after event {number}: {what}",
        "第 {number} 个事件之后,不变量 {invariant} 不成立:{what}",
    ),
    "E521.hint": ("repeat it with: {command}", "重现命令:{command}"),
    "E522": ("call id {call} was used before in this store", "呼叫编号 {call} 在此存储中已经用过"),
    "E522.hint": ("give the call another id", "请换一个编号"),
    "E523": (
        "what is stored after step {step} is not what the run from its start comes to",
        "第 {step} 步之后存储的内容与从头运行的结果不同",
    ),
    "E523.hint": (
        (
            "resume with the file, seed and version of the library that began the run; postings in between do no harm,"
            " an edited shop does"
        ),
        "请使用开始运行时的文件、种子和软件版本继续;中间的入账没有影响,修改商店则有",
    ),
}
