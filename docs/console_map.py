"""The page that maps the console of 2009 to the library: every page to its use case, every field to a field of a record.

What is said here is looked up in the code when the page is made: an action without a use case or a field that a record
does not have stops the generator.
"""

from __future__ import annotations

import importlib
import pkgutil
import typing
from collections.abc import Iterator
from typing import Any, NamedTuple

import callcenter.admin
from callcenter.admin import usecase
from callcenter.admin.identity import Identity

NOTHING = "—"


class Field(NamedTuple):
    """A field: its heading, what it is, where it is here, and what is different."""

    heading: str
    meaning: str
    path: str
    different: str = ""


class Page(NamedTuple):
    """A page of the console: its name, the use cases that do what it does, and its fields."""

    title: str
    actions: tuple[str, ...]
    fields: tuple[Field, ...] = ()
    different: str = ""


RECORDS = [
    "resellers.ResellerRow",
    "enterprises.EnterpriseRow",
    "centers.CenterRow",
    "groups.GroupRow",
    "agents.AgentRow",
    "extensions.ExtensionRow",
    "vips.VipRow",
    "blacklists.BlacklistRow",
    "voices.VoiceRow",
    "trees.TreeView",
    "calls.CallRow",
    "money.CenterBalance",
    "looking.Listed",
    "charges.Statistics",
]
PLAIN = [
    "records.ChargeLine",
    "records.WorkSession",
    "listing.ChargeTotals",
    "listing.CallTotals",
    "listing.SessionTotals",
    "listing.PhoneSum",
    "directory.VoiceFile",
]

PAGES = (
    Page(
        "Log-in and safe exit 登陆、安全退出",
        ("identity.log_in", "identity.change_secret", "identity.log_out", "logins.create", "logins.reset"),
        (
            Field("用户名", "name", NOTHING, "an argument; found in any case of letters"),
            Field("密码", "secret", NOTHING, "no default: the first one is random, shown once, changed at first log-in"),
        ),
        "Hashes are kept, never secrets; a change is possible while logged in, and ends the other sessions. "
        "No certificate warning is ever to be ignored: TLS is the web server's.",
    ),
    Page(
        "Basic information 基本信息",
        ("resellers.list", "resellers.show", "resellers.edit", "resellers.set_status"),
        (
            Field("代理商 ID", "id and log-in name", "ResellerRow.reseller.id"),
            Field("操作", "change of the password", NOTHING, "`identity.change_secret`"),
            Field("代理商名称", "name", "ResellerRow.reseller.name"),
            Field("种类", "company or individual", "ResellerRow.reseller.kind"),
            Field("余额(分)", "balance", "ResellerRow.balance", "exact to 1/100 fen, and the books' own"),
            Field("状态", "active, suspended, cancelled", "ResellerRow.reseller.status"),
            Field("最后登陆时间", "last log-in", "ResellerRow.marks.last_login_at"),
            Field("创建时间", "created at", "ResellerRow.marks.created_at"),
            Field("操作员", "created by", "ResellerRow.marks.created_by"),
        ),
    ),
    Page(
        "Adjustments of the balance 充值记录",
        ("money.adjustments", "books.export_adjustments", "money.top_up_reseller", "money.top_up_center",
         "money.refund", "money.deduct"),
        (
            Field("代理商 ID", "whose", "Adjusted.account", "of centers as well"),
            Field("原金额", "balance before", "Adjusted.before"),
            Field("调整类型", "in or out", "Adjusted.amount", "the sign; the kind says which of the four it is"),
            Field("调整金额", "amount", "Adjusted.amount"),
            Field("创建时间", "posted at", "Adjusted.entry.recorded_at"),
            Field("操作员", "posted by", "Adjusted.entry.actor"),
            Field("备注", "remark", "Adjusted.entry.reason"),
            Field("充值、续费、话费返还、其他扣费", "kind", "Adjusted.entry.kind"),
        ),
    ),
    Page(
        "Upload of a file 文件上传",
        ("voices.upload",),
        (
            Field("文件长度", "bytes", "VoiceRow.file.size", "as kept: its header is written anew"),
            Field("文件名", "name as uploaded", "VoiceRow.file.name", "shown only; the server makes its own"),
            Field("文件扩展名", "ending", NOTHING, "the bytes decide what a file is, not its name"),
            Field("文件全名", "path at the client", NOTHING, "a client's path is nobody's business"),
        ),
        "A file has a label by which trees name it and a purpose; it need not be named after a 400 number.",
    ),
    Page(
        "Voice files 语音文件",
        ("voices.list", "voices.listen", "voices.remove"),
        (
            Field("语音文件", "label, purpose, language", "VoiceRow.ref.label"),
            Field("试听", "listen", NOTHING, "`voices.listen` returns WAVE"),
        ),
    ),
    Page(
        "IVR drawing IVR 图示",
        ("trees.show", "trees.publish"),
        (
            Field("节点", "number of a node", "TreeView.table", "column `node`"),
            Field("父级", "parent", "TreeView.table", "column `parent`: a node's number and no level"),
            Field("按键", "key", "TreeView.table", "column `key`"),
            Field("坐席组", "where it leads", "TreeView.table", "column `target`"),
            Field("应答文件", "what is heard", "TreeView.table", "column `answer_file`"),
            Field("图示", "the drawing", "TreeView.drawing", "text, SVG, Mermaid or DOT, with findings marked"),
        ),
    ),
    Page(
        "Enterprises 企业管理",
        ("enterprises.list", "enterprises.show", "enterprises.create", "enterprises.edit", "enterprises.close",
         "directory.export"),
        (
            Field("企业号码", "id", "EnterpriseRow.enterprise.id"),
            Field("企业户主", "name*", "EnterpriseRow.enterprise.name"),
            Field("呼叫中心用户", "its call centers", "EnterpriseRow.centers"),
            Field("代理商 ID", "its reseller", "EnterpriseRow.enterprise.reseller"),
            Field("创建时间", "created at", "EnterpriseRow.marks.created_at"),
            Field("操作员", "created by", "EnterpriseRow.marks.created_by"),
            Field("删除", "deletion", NOTHING, "nothing that was ever billed is deleted: `enterprises.close`"),
            Field("密码*", "password", NOTHING, "never shown; `logins.reset`"),
            Field("电话号码*", "phone", "EnterpriseRow.enterprise.phone"),
            Field("传真", "fax", "EnterpriseRow.enterprise.fax"),
            Field("省", "province", "EnterpriseRow.enterprise.province"),
            Field("城市", "city", "EnterpriseRow.enterprise.city"),
            Field("地址*", "address", "EnterpriseRow.enterprise.address"),
            Field("邮编*", "postcode", "EnterpriseRow.enterprise.postcode"),
        ),
    ),
    Page(
        "Call centers 呼叫中心管理",
        ("centers.list", "centers.show", "centers.create", "centers.edit", "centers.set_note", "centers.set_status",
         "centers.set_plans", "centers.close", "centers.closing", "centers.hand_back", "directory.export"),
        (
            Field("呼叫中心 ID", "id", "CenterRow.center.id"),
            Field("呼叫中心接入号", "access number", "CenterRow.center.access_number"),
            Field("呼叫中心登录名", "log-in name, mostly the 400 number", "CenterRow.center.login"),
            Field("企业名称", "enterprise", "CenterRow.enterprise"),
            Field("呼叫中心编码", "code", "CenterRow.center.code"),
            Field("费率计划", "rate plan", "CenterRow.center.rate", "with versions, rules and steps"),
            Field("月租计划", "seat rent and monthly minimum", "CenterRow.rent"),
            Field("状态", "active, suspended, locked, frozen", "CenterRow.center.status", "and closed; arrears stand beside it"),
            Field("余额", "balance", "CenterRow.balance.balance"),
            Field("创建时间", "created at", "CenterRow.marks.created_at", "its first day: `center.created`"),
            Field("操作员", "created by", "CenterRow.marks.created_by"),
            Field("黑名单", "blacklist", "CenterRow.blacklist", "how many; `blacklists.list`"),
            Field("注释", "note", "CenterRow.center.note"),
            Field("操作(销户)", "closing the account", NOTHING, "two steps: `centers.close`, then `centers.hand_back`"),
            Field("删除", "deletion", NOTHING, "nothing that was ever billed is deleted"),
        ),
    ),
    Page(
        "Blacklist 黑名单管理",
        ("blacklists.list", "blacklists.add", "blacklists.remove", "directory.export"),
        (
            Field("呼叫中心 ID", "center and access number", "BlacklistRow.ref.center"),
            Field("黑名单号码", "number", "BlacklistRow.entry.number"),
            Field("客户姓名", "name", "BlacklistRow.entry.name"),
            Field("添加时间", "added at", "BlacklistRow.marks.created_at"),
            Field("添加人", "added by", "BlacklistRow.marks.created_by"),
            Field("删除", "removal", NOTHING, "`blacklists.remove`; the trail keeps what stood"),
        ),
    ),
    Page(
        "Groups 坐席组管理",
        ("groups.list", "groups.show", "groups.create", "groups.edit", "groups.set_members", "directory.export"),
        (
            Field("座席组", "number", "GroupRow.group.id"),
            Field("组名", "name", "GroupRow.group.name"),
            Field("组类别", "log-in or extension", "GroupRow.group.kind"),
            Field("座席号码", "who is in it", "GroupRow.group.members", "`agents.list` by group"),
            Field("呼叫中心 ID", "center", "GroupRow.ref.center"),
            Field("接续模式", "ring mode", "GroupRow.group.ring", "and the ranking beside it"),
            Field("是否播报座席ID", "announce who answers", "GroupRow.group.announce_agent_id"),
            Field("节假日语音", "holiday prompt", "GroupRow.group.holiday_prompt", "`voices.listen`"),
            Field("描述", "description", "GroupRow.group.note"),
        ),
    ),
    Page(
        "VIP customers VIP 客户管理",
        ("vips.list", "vips.add", "vips.edit", "vips.remove", "directory.export"),
        (
            Field("座席组", "group", "VipRow.ref.group"),
            Field("客户号码", "number", "VipRow.customer.number"),
            Field("客户姓名", "name", "VipRow.customer.name"),
            Field("客户级别", "class", "VipRow.customer.caller_class"),
            Field("添加时间", "added at", "VipRow.marks.created_at"),
            Field("添加人", "added by", "VipRow.marks.created_by"),
            Field("删除", "removal", NOTHING, "`vips.remove`; the trail keeps what stood"),
        ),
    ),
    Page(
        "Agents 坐席人员设置",
        ("agents.list", "agents.show", "agents.create", "agents.edit", "agents.set_status", "agents.close",
         "agents.propose_phone", "agents.approve_phone", "agents.drop_phone", "agents.log_out", "logins.reset",
         "directory.export"),
        (
            Field("座席组", "groups", "AgentRow.groups", "all of them"),
            Field("座席ID", "id", "AgentRow.agent.id"),
            Field("座席号码", "phone", "AgentRow.agent.phone", "approved before it counts; further ones in `phones`"),
            Field("状态", "status", "AgentRow.agent.status"),
            Field("密码", "password", NOTHING, "never shown; `logins.reset`, also while the agent is online"),
            Field("座席级别", "agent or supervisor", "AgentRow.agent.level"),
            Field("录音与否", "whether talks are recorded", "AgentRow.agent.record"),
            Field("是否在线", "online", "AgentRow.presence.phase", "the state itself, from the live host"),
            Field("登陆IP", "address of the log-in", "AgentRow.presence.session", "and the last one: `marks.last_address`"),
            Field("描述", "description", "AgentRow.agent.note"),
        ),
    ),
    Page(
        "Extensions 独立坐席设置",
        ("extensions.list", "extensions.set_long", "extensions.add", "extensions.remove", "directory.export"),
        (
            Field("座席组", "group", "ExtensionRow.ref.group"),
            Field("呼叫中心 ID", "center", "ExtensionRow.ref.group.center"),
            Field("短号", "short number", "ExtensionRow.extension.short", "text: `00` and `000` are two"),
            Field("长号", "long number", "ExtensionRow.extension.long", "separators and a missing 0 are mended"),
            Field("描述", "description", "ExtensionRow.group_name", "the name of its group: an extension has none of its own"),
        ),
    ),
    Page(
        "Charge detail 通话费用明细",
        ("charges.list", "charges.explain", "charges.export"),
        (
            Field("呼叫中心总数量", "centers", "ChargeTotals.centers"),
            Field("通话总时长", "seconds", "ChargeTotals.seconds"),
            Field("总金额", "sum", "ChargeTotals.amount"),
            Field("种类", "call, rent, minimum", "ChargeLine.kind"),
            Field("主叫", "caller", "ChargeLine.caller"),
            Field("呼叫中心接入号", "access number", "ChargeLine.access_number"),
            Field("座席号码", "phone", "ChargeLine.agent_phone"),
            Field("振铃时间", "rings at", "ChargeLine.ring_at", "a time that does not exist is none, and no magic date"),
            Field("接通时间", "answered at", "ChargeLine.answered_at"),
            Field("结束时间", "ended at", "ChargeLine.ended_at"),
            Field("通话时长(秒)", "seconds", "ChargeLine.seconds"),
            Field("金额(分)", "amount", "ChargeLine.amount"),
            Field("下载电话记录", "file", NOTHING, "`charges.export`: CSV or Excel"),
        ),
    ),
    Page(
        "Charge statistics 通话费用统计",
        ("charges.stats", "charges.export_stats"),
        (
            Field("通话次数", "calls", "Statistics.calls", "call lines only"),
            Field("通话时长(秒)", "seconds", "Statistics.seconds"),
            Field("金额(分)", "amount", "Statistics.amount"),
            Field("呼叫中心接入号", "access number", "PhoneSum.access_number"),
            Field("坐席号码", "phone", "PhoneSum.phone"),
        ),
    ),
    Page(
        "Call records 通话记录明细",
        ("calls.list", "calls.of_group", "calls.of_agent", "calls.listen", "calls.export"),
        (
            Field("总接通电话数", "answered", "CallTotals.answered"),
            Field("未接通电话数", "missed", "CallTotals.missed"),
            Field("总等待时长", "wait", "CallTotals.wait"),
            Field("通话总时长", "talk", "CallTotals.talk"),
            Field("呼叫类型", "answered or missed", "CallRow.record.outcome", "with the reason of a miss"),
            Field("主叫", "caller", "CallRow.record.caller"),
            Field("座席号码", "phone", "CallRow.record.phone"),
            Field("座席ID", "agent", "CallRow.record.party"),
            Field("座席号码属组", "group", "CallRow.record.group"),
            Field("呼叫中心ID", "center", "CallRow.record.center"),
            Field("接入时间", "waits from", "CallRow.record.queued_at", "the key that led to the group"),
            Field("等待时长(秒)", "wait", "CallRow.record.wait"),
            Field("开始时间", "answered at", "CallRow.record.answered_at"),
            Field("结束时间", "ended at", "CallRow.record.ended_at"),
            Field("通话时长(秒)", "talk", "CallRow.record.talk"),
            Field("录音文件", "recording", "CallRow.recording", "running, ready, missing or none; each access is noted"),
        ),
    ),
    Page(
        "Work sessions 坐席工作信息",
        ("sessions.list", "sessions.of_group", "sessions.of_agent", "sessions.export"),
        (
            Field("总座席数", "agents", "SessionTotals.agents"),
            Field("总座席组数", "groups", "SessionTotals.groups"),
            Field("总时长(秒)", "length", "WorkSession.login_at", "to `logout_at`; the parts add up to it exactly"),
            Field("通话总计", "calls", "WorkSession.answered", "the missed ones beside it"),
            Field("忙时统计(秒)", "not ready", "WorkSession.not_ready"),
            Field("闲时统计(秒)", "ready", "WorkSession.ready"),
            Field("通话时长(秒)", "talking", "WorkSession.talking"),
            Field("振铃时长(秒)", "ringing", "WorkSession.ringing"),
            Field("处理时长(秒)", "wrap-up", "WorkSession.wrap_up"),
            Field("座席ID", "agent", "WorkSession.agent"),
            Field("座席组", "groups", "WorkSession.groups", "all groups of the agent"),
            Field("登陆时间", "log-in", "WorkSession.login_at"),
            Field("登出时间", "log-out", "WorkSession.logout_at"),
        ),
    ),
    Page(
        "What the console of 2009 did not have",
        ("rejected.list", "voicemails.list", "voicemails.listen", "floor.show", "floor.of_group", "books.statement",
         "money.balances", "trail.list",
            "trail.export", "logins.list"),
    ),
)  # fmt: skip


def page() -> str:
    """Return the page."""
    for found in pkgutil.walk_packages(callcenter.admin.__path__, "callcenter.admin."):
        importlib.import_module(found.name)
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from (
        "# The console of 2009, page by page",
        "",
        "Each page of the hosted call center's console with the use cases that do what it did, and each field with the field",
        "of a record that holds it ([who may do what](permissions.md)). Lists have 50 rows a page, total, first, last, next and",
        "previous; of records and of call centers the newest comes first, in files the oldest; the rest by id.",
        "Names are looked up in the code when this page is generated.",
        "A star marks what an administrator must fill in.",
    )
    known, classes = dict(usecase.registered()), _classes()
    for each in PAGES:
        for action in each.actions:
            room, _, name = action.partition(".")
            assert action in known or (room == "identity" and hasattr(Identity, name)), action
        yield from ("", f"## {each.title}", "", " · ".join(f"`{action}`" for action in each.actions))
        if each.different:
            yield from ("", each.different)
        if each.fields:
            yield from ("", "| field | meaning | here | different |", "|---|---|---|---|")
        for field in each.fields:
            if field.path != NOTHING:
                refuse_unknown(field.path, classes)
            here = field.path if field.path == NOTHING else f"`{field.path}`"
            yield f"| {field.heading} | {field.meaning} | {here} | {field.different} |"


def _classes() -> dict[str, type]:
    found = {}
    for room, names in (("admin", RECORDS), ("model", PLAIN)):
        for name in names:
            module, _, cls = name.partition(".")
            found[cls] = getattr(importlib.import_module(f"callcenter.{room}.{module}"), cls)
    return {**found, "Adjusted": importlib.import_module("callcenter.ports_lists").Adjusted}


def refuse_unknown(path: str, classes: dict[str, type]) -> None:
    """Refuse a path that leads through a field that is not there.

    Raises:
        LookupError: With the path.
    """
    name, *fields = path.split(".")
    found: Any = classes[name]
    for field in fields:
        hints = typing.get_type_hints(found) if isinstance(found, type) else {}
        made = getattr(found, field, None)
        if isinstance(made, property):
            found = typing.get_type_hints(made.fget)["return"]
        elif field in hints:
            found = hints[field]
        else:
            raise LookupError(path)
        while isinstance(found, typing.NewType):
            found = found.__supertype__
        some = [each for each in typing.get_args(found) if each is not type(None)]
        found = some[0] if len(some) == 1 else found
