"""What the console's use cases say: refusals, log-ins, the trail, the command ``admin``."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "E551": ("{action} is not allowed here", "没有权限执行 {action}"),
    "E551.hint": ("ask somebody whose role may do it", "请由有权限的角色操作"),
    "E552": ("there is no {kind} {id}", "没有{kind} {id}"),
    "E552.hint": ("check what was entered; the list shows what there is", "请检查输入;列表中可查看现有内容"),
    "E553": ("this log-in does not count any more", "登录已失效"),
    "E553.hint": ("log in again", "请重新登录"),
    "E554": ("this is a first secret, good for nothing but its own change", "这是初始密码,只能用于修改密码"),
    "E554.hint": ("change it first", "请先修改密码"),
    "E555": ("what was entered cannot be used ({reason})", "输入内容无法使用({reason})"),
    "E555.hint": ("enter less, in plain text", "请缩短内容并使用普通文字"),
    "E556": ("{text} names no tenant", "{text} 不是有效的归属"),
    "E556.hint": (
        "write platform, reseller:ID, enterprise:ID, center:ID or agent:CENTER/ID",
        "请写 platform、reseller:编号、enterprise:编号、center:编号 或 agent:中心/工号",
    ),
    "E557": ("a use case that only reads tried to change something", "只读操作不能修改数据"),
    "E557.hint": ("give its action the effect of a change in the policy table", "请在权限表中将其标为修改操作"),
    "E558": ("action {action} has no row in the policy table", "权限表中没有操作 {action}"),
    "E558.hint": ("write its row first: who may do it, and to what", "请先写明谁可以对什么执行该操作"),
    "E559": ("action {action} has a use case already", "操作 {action} 已有对应的用例"),
    "E559.hint": ("give each use case an action of its own", "每个用例应有自己的操作名"),
    "kind.platform": ("platform", "平台"),
    "kind.reseller": ("reseller", "代理商"),
    "kind.enterprise": ("enterprise", "企业"),
    "kind.center": ("call center", "呼叫中心"),
    "kind.group": ("group", "坐席组"),
    "kind.agent": ("agent", "坐席"),
    "kind.tenant": ("tenant", "归属"),
    "kind.login": ("log-in", "登录名"),
    "office.finding.trail": (
        "row {row} of the audit trail ({found}) does not continue the chain: it, or a row before it, was tampered with",
        "审计记录第 {row} 行({found})与前面的记录不衔接:该行或其前面的行被篡改过",
    ),
}
