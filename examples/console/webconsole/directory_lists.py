"""Lists of who and what there is: resellers, enterprises, centers, groups, agents, extensions, known callers."""

from __future__ import annotations

from callcenter.admin import agents, blacklists, centers, enterprises, extensions, groups, resellers, vips
from callcenter.admin.directory import Directory
from callcenter.ports_people import Role
from webconsole.columns import ACCESS, CENTER, GROUP, HOUSE, NAME, NUMBER, Column, Filter, List, RowForm

DIRECTORY = (
    List(
        "resellers", "Resellers", "代理商", resellers.list_,
        (
            Column("reseller", lambda row: row.reseller.id),
            Column("called", lambda row: row.reseller.name),
            Column("status", lambda row: row.reseller.status),
            Column("balance_fen", lambda row: row.balance, "money"),
            Column("note", lambda row: row.reseller.note),
        ),
        (NAME,), frozenset({Role.PLATFORM, Role.RESELLER, Role.AUDITOR}), lambda row: f"/resellers/{row.reseller.id}",
    ),
    List(
        "enterprises", "Enterprises", "企业", enterprises.list_,
        (
            Column("enterprise", lambda row: row.enterprise.id),
            Column("called", lambda row: row.enterprise.name),
            Column("phone", lambda row: row.enterprise.phone),
            Column("city", lambda row: row.enterprise.city),
            Column("address", lambda row: row.enterprise.address),
            Column("pinyin", lambda row: row.enterprise.pinyin),
            Column("centers", lambda row: " ".join(row.centers)),
        ),
        (NAME,), HOUSE - {Role.CENTER}, lambda row: f"/enterprises/{row.enterprise.id}", which=Directory.ENTERPRISES,
    ),
    List(
        "centers", "Call centers", "呼叫中心", centers.list_,
        (
            Column("center", lambda row: row.center.id),
            Column("access_number", lambda row: row.center.access_number),
            Column("login", lambda row: row.center.login),
            Column("enterprise_name", lambda row: row.enterprise),
            Column("rate", lambda row: row.center.rate),
            Column("status", lambda row: row.center.status),
            Column("arrears", lambda row: "yes" if row.balance.arrears else "no", "flag"),
            Column("balance_fen", lambda row: row.balance.balance, "money"),
            Column("created", lambda row: row.center.created),
            Column("note", lambda row: row.center.note),
        ),
        (ACCESS, Filter("login", "Log-in name", "登录名"), Filter("enterprise", "Enterprise", "企业名称")),
        HOUSE, lambda row: f"/centers/{row.center.id}", which=Directory.CENTERS,
    ),
    List(
        "groups", "Groups", "坐席组", groups.list_,
        (
            Column("center", lambda row: row.ref.center),
            Column("group", lambda row: row.ref.group),
            Column("called", lambda row: row.group.name),
            Column("kind", lambda row: row.group.kind),
            Column("ring", lambda row: row.group.ring.kind),
            Column("ranking", lambda row: row.group.ranking),
            Column("members", lambda row: row.members, "number"),
        ),
        (CENTER, NAME), frozenset(Role) - {Role.AGENT}, which=Directory.GROUPS,
    ),
    List(
        "agents", "Agents", "坐席人员", agents.list_,
        (
            Column("agent", lambda row: row.ref.agent),
            Column("center", lambda row: row.ref.center),
            Column("called", lambda row: row.agent.name),
            Column("groups", lambda row: " ".join(row.groups)),
            Column("agent_phone", lambda row: row.agent.phone),
            Column("level", lambda row: row.agent.level),
            Column("status", lambda row: row.agent.status),
            Column("record", lambda row: "yes" if row.agent.record else "no", "flag"),
        ),
        (CENTER, GROUP, Filter("agent", "Agent", "坐席"), Filter("phone", "Phone", "电话")),
        frozenset(Role) - {Role.AGENT}, lambda row: f"/agents/{row.ref.center}/{row.ref.agent}", which=Directory.AGENTS,
    ),
    List(
        "extensions", "Extensions", "独立坐席", extensions.list_,
        (
            Column("center", lambda row: row.ref.group.center),
            Column("group", lambda row: row.ref.group.group),
            Column("short_number", lambda row: row.ref.short),
            Column("long_number", lambda row: row.extension.long),
        ),
        (CENTER, GROUP, Filter("short", "Short number", "短号"), Filter("long", "Long number", "长号")),
        HOUSE, which=Directory.EXTENSIONS,
    ),
    List(
        "vips", "VIP customers", "VIP 客户", vips.list_,
        (
            Column("center", lambda row: row.ref.group.center),
            Column("group", lambda row: row.ref.group.group),
            Column("caller", lambda row: row.customer.number),
            Column("name", lambda row: row.customer.name),
            Column("class", lambda row: row.customer.caller_class.word),
            Column("added_at", lambda row: row.marks.created_at, "when"),
            Column("added_by", lambda row: row.marks.created_by),
        ),
        (CENTER, GROUP, NUMBER, NAME), frozenset(Role) - {Role.AGENT}, which=Directory.VIPS,
        row_form=RowForm(
            "vips.remove", "/vips/remove", "Remove", "删除",
            lambda row: {"group": f"{row.ref.group.center}/{row.ref.group.group}", "number": row.ref.number},
        ),
    ),
    List(
        "blacklists", "Blacklist", "黑名单", blacklists.list_,
        (
            Column("center", lambda row: row.ref.center),
            Column("caller", lambda row: row.ref.number),
            Column("name", lambda row: row.entry.name),
            Column("added_at", lambda row: row.marks.created_at, "when"),
            Column("added_by", lambda row: row.marks.created_by),
        ),
        (CENTER, NUMBER, NAME), HOUSE, which=Directory.BLACKLISTS,
        row_form=RowForm(
            "blacklists.remove", "/blacklists/remove", "Let in again", "移出",
            lambda row: {"center": row.ref.center, "number": row.ref.number},
        ),
    ),
)  # fmt: skip
