"""What is said about an IVR tree: the findings of ``check``, the words of drawings and of the matching rules."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "E201": ("{target} names nothing", "{target} 不存在"),
    "E201.hint": ("add it or lead elsewhere", "请补上,或改为其他去向"),
    "E202": ("{way} goes in a circle without listening to the caller", "{way} 形成循环,途中从不等待按键"),
    "E202.hint": ("put a menu with a greeting on the way", "请在途中放一个带提示音的菜单"),
    "E203": ("group {group} has nobody who can answer", "坐席组 {group} 无人可接听"),
    "E203.hint": (
        "add an agent or an extension with a number, or lead elsewhere",
        "请添加坐席或有号码的分机,或改为其他去向",
    ),
    "E204": (
        "the menu has no greeting, so every caller goes to {target} at once",
        "菜单没有提示音,来电会立即转到 {target}",
    ),
    "E204.hint": ("name a greeting", "请指定提示音"),
    "E205": ("nothing leads to {node}", "没有任何路径通向 {node}"),
    "E205.hint": ("lead a key to it or remove it", "请设置通向它的按键,或将其删除"),
    "E206": ("nobody can type {code}", "{code} 无法用按键输入"),
    "E206.hint": ("use 1 to {limit} of the characters 0-9 * #", "请使用 0-9 * # 中的 1 至 {limit} 个字符"),
    "E207": ("key {code} hides the short number {code}", "按键 {code} 遮盖了短号 {code}"),
    "E207.hint": ("change the key or exclude the short number", "请更换按键,或把该短号列入 exclude"),
    "E208": (
        "{code} waits {seconds} s for a further digit because of {others}",
        "因为 {others} 以 {code} 开头,按 {code} 后要多等 {seconds} 秒",
    ),
    "E208.hint": (
        "choose codes that do not begin with each other, or accept the wait",
        "请选用互不为前缀的号码,或接受等待",
    ),
    "E209": ("extension {short} has no long number", "分机 {short} 没有长号"),
    "E209.hint": ("give it one or exclude it", "请补上长号,或把它列入 exclude"),
    "E210": ("the prompt {prompt} has no file", "提示音 {prompt} 没有文件"),
    "E210.hint": ("upload it or name another", "请上传文件,或改用其他提示音"),
    "E211": ("no way leads from here to a person", "从这里无法转到人工"),
    "E211.hint": (
        "lead a key or on_fail to a group, an extension or a number",
        "请把某个按键或 on_fail 指向坐席组、分机或号码",
    ),
    "E212": (
        "group {group} may refuse callers, so failing there can end the call",
        "坐席组 {group} 可能拒绝来电,失败转移到此可能直接结束通话",
    ),
    "E212.hint": (
        "fail to a group without join_empty and max_length, or to voicemail",
        "请转到没有 join_empty 和 max_length 的坐席组,或转到语音信箱",
    ),
    "E213": (
        "on {day} an earlier weekly rule holds first, so this holiday rule is hidden",
        "{day} 会先命中前面的每周规则,此节假日规则不起作用",
    ),
    "E213.hint": ("put the holiday rule before it", "请把节假日规则移到前面"),
    "E214": ("from {moment} no rule holds and callers are hung up", "从 {moment} 起没有规则生效,来电会被挂断"),
    "E214.hint": (
        "cover that time or let the default lead to a prompt or voicemail",
        "请补充该时段的规则,或让 default 指向提示音或语音信箱",
    ),
    "E215": ("group {group} is never open when this leads there", "按此转入时,坐席组 {group} 从不在服务时间内"),
    "E215.hint": ("change the window or the group's hours", "请调整时段,或调整坐席组的服务时间"),
    "E216": ("back at the root repeats the menu", "在根菜单中 back 等同于 repeat"),
    "E216.hint": ("write repeat, or lead elsewhere", "请写 repeat,或改为其他去向"),
    "E217": (
        "outside its hours group {group} hangs up without a word",
        "坐席组 {group} 在服务时间外会不作提示直接挂断",
    ),
    "E217.hint": ("give it a holiday_prompt or a holiday_target", "请设置 holiday_prompt 或 holiday_target"),
    "E218": ("{target} cannot stand in a tree", "{target} 不能用在流程图中"),
    "E218.hint": (
        "lead to a node, a group, an extension, a number, voicemail or hangup",
        "请指向节点、坐席组、分机、号码、语音信箱或 hangup",
    ),
    "matching.shortest": ("first code that fits", "最短匹配"),
    "matching.longest": (
        "longest code, waiting only while it can grow (this system)",
        "最长匹配,仅在可能更长时等待(本系统)",
    ),
    "matching.fixed_width": ("4 digits or 2 s of silence", "固定 4 位,或静默 2 秒"),
    "matching.whole_timeout": ("10 s or the terminator", "等满 10 秒,或按结束键"),
    "matching.figure": (
        "{rule}: {reached} of {targets} codes, {seconds} s of mean extra wait",
        "{rule}:可达 {reached}/{targets},平均多等 {seconds} 秒",
    ),
    "draw.tree": ("tree {name}, version {version}", "流程 {name},版本 {version}"),
    "draw.above": ("see above", "见上"),
    "draw.unreached": ("nothing leads to:", "无路径可达:"),
    "draw.direct_dial": ("{count} short numbers: {numbers}", "{count} 个短号:{numbers}"),
    "draw.excluding": ("without {numbers}", "不含 {numbers}"),
    "draw.inherited": ("from the tree", "沿用流程设置"),
}
