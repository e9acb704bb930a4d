"""What the use cases of a console say about groups, agents, callers, voice files, trees and records."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "E581": ("these call centers are in several time zones: {known}", "这些呼叫中心不在同一时区:{known}"),
    "E581.hint": (
        "choose one call center, or ask by instants instead of dates",
        "请选择一个呼叫中心,或用具体时刻代替日期",
    ),
    "E582": ("{what} {value} is there already", "{what} {value} 已存在"),
    "E582.hint": ("edit the one that is there, or enter another", "请编辑已有的一项,或另行输入"),
    "E583": ("{value} is no short number", "{value} 不是短号"),
    "E583.hint": (
        "write 1 to 32 digits; 00 and 000 are two numbers",
        "请写 1 到 32 位数字;00 与 000 是两个不同的短号",
    ),
    "E584": ("nobody is served here at this moment", "当前没有在线服务的主机"),
    "E584.hint": ("open the console over the live host", "请在运行中的主机上打开控制台"),
    "E585": ("there is no place for {what} here", "此处没有存放{what}的位置"),
    "E585.hint": ("give the console one when it is made", "请在建立控制台时提供"),
    "E586": ("{found} phones wait for approval already", "已有 {found} 个号码等待审核"),
    "E586.hint": ("approve or drop one of them first", "请先通过或撤销其中一个"),
    "E587": ("group {group} is of kind {kind}", "坐席组 {group} 的类别是 {kind}"),
    "E587.hint": ("choose a group of the other kind", "请选择另一类别的坐席组"),
    "E588": ("other call centers hear this tree as well", "其他呼叫中心也使用该语音导航"),
    "E588.hint": ("ask the platform to publish it", "请由平台发布"),
    "E589": ("{name} must be {wanted}", "{name} 必须是 {wanted}"),
    "E589.hint": ("give a value of that kind", "请给出该类型的值"),
    "E590": ("this phone cannot be approved or dropped", "不能审核或撤销该号码"),
    "E590.hint": (
        "propose it first; the first phone of an agent is replaced by approving another as the first",
        "请先提出该号码;坐席的第一个号码需先由另一号码替换",
    ),
    "report.trail": ("Audit trail", "审计记录"),
    "column.seq": ("number", "序号"),
    "column.who": ("who", "操作员"),
    "column.role": ("role", "角色"),
    "column.tenant": ("where", "归属"),
    "column.what": ("what", "操作"),
    "column.target": ("to what", "对象"),
    "kind.vip": ("VIP customer", "VIP 客户"),
    "kind.blacklisted": ("number of the blacklist", "黑名单号码"),
    "kind.extension": ("extension", "独立坐席"),
    "kind.voice": ("voice file", "语音文件"),
    "kind.recording": ("recording", "录音"),
    "kind.charge": ("charge", "费用明细"),
    "kind.tree": ("IVR tree", "语音导航"),
    "kind.message": ("message", "留言"),
    "store.voices": ("voice files", "语音文件"),
    "store.recordings": ("recordings", "录音"),
}
