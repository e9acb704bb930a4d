"""The lists of the console, each declared: which use case shows it, its columns, its filters, what goes into a file.

A list is a few lines here and none elsewhere: paging, filters, headings and rights are the library's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from callcenter.admin import (
    Ask,
    Page,
    agents,
    blacklists,
    books,
    calls,
    centers,
    charges,
    directory,
    enterprises,
    extensions,
    groups,
    logins,
    money,
    rejected,
    resellers,
    sessions,
    trail,
    vips,
)
from callcenter.admin.directory import Directory
from callcenter.admin.looking import Period
from callcenter.model.ids import AgentId, CenterId, GroupId
from callcenter.ports_people import Role
from callcenter.reports.sheets import Sheet
from webconsole.door import Visitor

Cells = Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    """A column: the library's name of its heading, how its cell is found, and how it looks."""

    name: str
    cell: Cells
    looks: str = "text"


@dataclass(frozen=True)
class Filter:
    """A field above a list: the use case's keyword, its label, and what its text becomes."""

    name: str
    english: str
    chinese: str
    read: Callable[[str], Any] = str
    kind: str = "text"


@dataclass(frozen=True)
class List:
    """A list of the console."""

    name: str
    english: str
    chinese: str
    use: Callable[..., Any]
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    roles: frozenset[Role] = frozenset(Role)
    link: Callable[[Any], str] | None = None
    totals: tuple[tuple[str, str, Cells, str], ...] = ()
    export: Callable[..., Sheet] | None = None
    which: Directory | None = None

    def ask(self, seen: Visitor, query: Mapping[str, str]) -> tuple[Page[Any], Any]:
        """Return the page that a query asks for, and what the whole list comes to."""
        found = self.use(seen.me, seen.now, asked(query), **self.chosen(query))
        return (found, None) if isinstance(found, Page) else (found.page, found.totals)

    def sheet(self, seen: Visitor, query: Mapping[str, str]) -> Sheet:
        """Return the whole list on its way into a file."""
        if self.which is not None:
            return directory.export(seen.me, seen.now, self.which)
        assert self.export is not None
        return self.export(seen.me, seen.now, **self.chosen(query))

    def chosen(self, query: Mapping[str, str]) -> dict[str, Any]:
        """Return the filters of a query as keywords; two dates become a period."""
        given = {each.name: each.read(query[each.name]) for each in self.filters if query.get(each.name, "").strip()}
        if {"first", "last"} & {each.name for each in self.filters}:
            given["period"] = Period(first=given.pop("first", None), last=given.pop("last", None))
        return given


def asked(query: Mapping[str, str]) -> Ask:
    """Return which page a query asks for; what is no number is the first."""
    number = query.get("page", "1")
    return Ask(
        number=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
        after=query.get("after", ""),
        before=query.get("before", ""),
    )


_DAYS = (
    Filter("first", "From", "开始日期", date.fromisoformat, "date"),
    Filter("last", "To", "结束日期", date.fromisoformat, "date"),
)
_CENTER = Filter("center", "Call center", "呼叫中心", CenterId)
_ACCESS = Filter("access_number", "Access number", "接入号")
_GROUP = Filter("group", "Group", "坐席组", GroupId)
_AGENT = Filter("agent", "Agent", "坐席", AgentId)
_CALLER = Filter("caller", "Caller", "主叫")
_PHONE = Filter("phone", "Agent's phone", "坐席号码")
_NUMBER = Filter("number", "Number", "号码")
_NAME = Filter("name", "Name", "名称")

_HOUSE = frozenset(Role) - {Role.AGENT, Role.SUPERVISOR}


def _login_state(row: logins.LogInRow) -> str:
    if row.closed_at is not None:
        return "closed"
    return "first secret" if row.must_change else "online" if row.online else "offline"


LISTS: dict[str, List] = {
    each.name: each
    for each in (
        List(
            "resellers", "Resellers", "代理商", resellers.list_,
            (
                Column("reseller", lambda row: row.reseller.id),
                Column("name", lambda row: row.reseller.name),
                Column("status", lambda row: row.reseller.status),
                Column("balance_fen", lambda row: row.balance, "money"),
                Column("note", lambda row: row.reseller.note),
            ),
            (_NAME,), frozenset({Role.PLATFORM, Role.RESELLER, Role.AUDITOR}), lambda row: f"/resellers/{row.reseller.id}",
        ),
        List(
            "enterprises", "Enterprises", "企业", enterprises.list_,
            (
                Column("enterprise", lambda row: row.enterprise.id),
                Column("name", lambda row: row.enterprise.name),
                Column("phone", lambda row: row.enterprise.phone),
                Column("city", lambda row: row.enterprise.city),
                Column("address", lambda row: row.enterprise.address),
                Column("pinyin", lambda row: row.enterprise.pinyin),
                Column("centers", lambda row: " ".join(row.centers)),
            ),
            (_NAME,), _HOUSE - {Role.CENTER}, which=Directory.ENTERPRISES,
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
            (_ACCESS, Filter("login", "Log-in name", "登录名"), Filter("enterprise", "Enterprise", "企业名称")),
            _HOUSE, lambda row: f"/centers/{row.center.id}", which=Directory.CENTERS,
        ),
        List(
            "groups", "Groups", "坐席组", groups.list_,
            (
                Column("center", lambda row: row.ref.center),
                Column("group", lambda row: row.ref.group),
                Column("name", lambda row: row.group.name),
                Column("kind", lambda row: row.group.kind),
                Column("ring", lambda row: row.group.ring.kind),
                Column("ranking", lambda row: row.group.ranking),
                Column("members", lambda row: row.members, "number"),
            ),
            (_CENTER, _NAME), frozenset(Role) - {Role.AGENT}, which=Directory.GROUPS,
        ),
        List(
            "agents", "Agents", "坐席人员", agents.list_,
            (
                Column("center", lambda row: row.ref.center),
                Column("agent", lambda row: row.ref.agent),
                Column("name", lambda row: row.agent.name),
                Column("groups", lambda row: " ".join(row.groups)),
                Column("agent_phone", lambda row: row.agent.phone),
                Column("level", lambda row: row.agent.level),
                Column("status", lambda row: row.agent.status),
                Column("record", lambda row: "yes" if row.agent.record else "no", "flag"),
            ),
            (_CENTER, _GROUP, Filter("agent", "Agent", "坐席"), Filter("phone", "Phone", "电话")),
            frozenset(Role) - {Role.AGENT}, which=Directory.AGENTS,
        ),
        List(
            "extensions", "Extensions", "独立坐席", extensions.list_,
            (
                Column("center", lambda row: row.ref.group.center),
                Column("group", lambda row: row.ref.group.group),
                Column("short_number", lambda row: row.ref.short),
                Column("long_number", lambda row: row.extension.long),
            ),
            (_CENTER, _GROUP, Filter("short", "Short number", "短号"), Filter("long", "Long number", "长号")),
            _HOUSE, which=Directory.EXTENSIONS,
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
            (_CENTER, _GROUP, _NUMBER, _NAME), frozenset(Role) - {Role.AGENT}, which=Directory.VIPS,
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
            (_CENTER, _NUMBER, _NAME), _HOUSE, which=Directory.BLACKLISTS,
        ),
        List(
            "charges", "Charge detail", "通话费用明细", charges.list_,
            (
                Column("kind", lambda row: row.kind),
                Column("caller", lambda row: row.caller),
                Column("access_number", lambda row: row.access_number),
                Column("agent_phone", lambda row: row.agent_phone),
                Column("ring_at", lambda row: row.ring_at, "when"),
                Column("answered_at", lambda row: row.answered_at, "when"),
                Column("ended_at", lambda row: row.ended_at, "when"),
                Column("seconds", lambda row: row.seconds, "number"),
                Column("fen", lambda row: row.amount, "money"),
            ),
            (*_DAYS, _CENTER, _CALLER, _PHONE), _HOUSE, lambda row: f"/charges/{row.center}/{row.key}",
            (
                ("centers", "呼叫中心数", lambda all_: all_.centers, "number"),
                ("seconds", "通话总时长（秒）", lambda all_: all_.seconds, "number"),
                ("fen", "总金额（分）", lambda all_: all_.amount, "money"),
            ),
            charges.export,
        ),
        List(
            "calls", "Call records", "通话记录明细", calls.list_,
            (
                Column("outcome", lambda row: row.record.outcome),
                Column("caller", lambda row: row.record.caller),
                Column("class", lambda row: row.record.caller_class.word),
                Column("agent", lambda row: row.record.party.id if row.record.party else ""),
                Column("group", lambda row: row.record.group),
                Column("center", lambda row: row.record.center),
                Column("queued_at", lambda row: row.record.queued_at, "when"),
                Column("wait_s", lambda row: row.record.wait, "length"),
                Column("answered_at", lambda row: row.record.answered_at, "when"),
                Column("talk_s", lambda row: row.record.talk, "length"),
                Column("recording", lambda row: row.recording),
            ),
            (*_DAYS, _CENTER, _GROUP, _AGENT, _CALLER), _HOUSE, None,
            (
                ("answered", "接通", lambda all_: all_.answered, "number"),
                ("missed", "未接通", lambda all_: all_.missed, "number"),
                ("waiting", "总等待时长", lambda all_: all_.wait, "length"),
                ("talking", "通话总时长", lambda all_: all_.talk, "length"),
            ),
            calls.export,
        ),
        List(
            "rejected", "Refused calls", "被拒来电", rejected.list_,
            (
                Column("center", lambda row: row.center),
                Column("caller", lambda row: row.caller),
                Column("reason", lambda row: row.reason),
                Column("at", lambda row: row.at, "when"),
            ),
            (*_DAYS, _CENTER, _CALLER), _HOUSE, export=rejected.export,
        ),
        List(
            "sessions", "Work sessions", "坐席工作信息", sessions.list_,
            (
                Column("agent", lambda row: row.agent),
                Column("groups", lambda row: " ".join(row.groups)),
                Column("login_at", lambda row: row.login_at, "when"),
                Column("logout_at", lambda row: row.logout_at, "when"),
                Column("answered", lambda row: row.answered, "number"),
                Column("not_ready_s", lambda row: row.not_ready, "length"),
                Column("ready_s", lambda row: row.ready, "length"),
                Column("talking_s", lambda row: row.talking, "length"),
                Column("ringing_s", lambda row: row.ringing, "length"),
                Column("wrap_up_s", lambda row: row.wrap_up, "length"),
            ),
            (*_DAYS, _CENTER, _GROUP, _AGENT), _HOUSE, None,
            (
                ("agents", "坐席数", lambda all_: all_.agents, "number"),
                ("groups", "坐席组数", lambda all_: all_.groups, "number"),
                ("talking", "通话时长", lambda all_: all_.talking, "length"),
            ),
            sessions.export,
        ),
        List(
            "adjustments", "Adjustments", "充值记录", money.adjustments,
            (
                Column("account", lambda row: row.account),
                Column("before_fen", lambda row: row.before, "money"),
                Column("kind", lambda row: row.entry.kind),
                Column("fen", lambda row: row.amount, "money"),
                Column("at", lambda row: row.entry.posted_at, "when"),
                Column("operator", lambda row: row.entry.actor),
                Column("remark", lambda row: row.entry.reason),
            ),
            (), _HOUSE, export=books.export_adjustments,
        ),
        List(
            "logins", "Log-ins", "登录帐户", logins.list_,
            (
                Column("login", lambda row: row.name),
                Column("role", lambda row: row.role),
                Column("tenant", lambda row: row.tenant),
                Column("state", _login_state),
                Column("last_at", lambda row: row.last_at, "when"),
                Column("address", lambda row: row.last_address),
            ),
            (_NAME,), _HOUSE,
        ),
        List(
            "trail", "Audit trail", "操作日志", trail.list_,
            (
                Column("at", lambda row: row.act.at, "when"),
                Column("who", lambda row: row.act.who),
                Column("what", lambda row: row.act.what),
                Column("target", lambda row: row.act.target),
                Column("outcome", lambda row: row.act.outcome),
                Column("before", lambda row: row.act.before, "small"),
                Column("after", lambda row: row.act.after, "small"),
                Column("reason", lambda row: row.act.reason),
            ),
            (Filter("who", "Who", "操作员"), Filter("what", "What", "操作")), _HOUSE,
        ),
    )
}  # fmt: skip
