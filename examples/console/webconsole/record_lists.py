"""Lists of what happened: charges, calls, work sessions, refused calls, messages."""

from __future__ import annotations

from callcenter.admin import calls, charges, rejected, sessions, voicemails
from callcenter.ports_people import Role
from webconsole import personal
from webconsole.columns import AGENT, CALLER, CENTER, DAYS, GROUP, HOUSE, PHONE, Column, List

_CALL = (
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
    Column("recording", lambda row: row, "sound"),
)
_CALL_TOTALS = (
    ("answered", "接通", lambda all_: all_.answered, "number"),
    ("missed", "未接通", lambda all_: all_.missed, "number"),
    ("waiting", "总等待时长", lambda all_: all_.wait, "length"),
    ("talking", "通话总时长", lambda all_: all_.talk, "length"),
)
_SESSION = (
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
)
_SESSION_TOTALS = (
    ("agents", "坐席数", lambda all_: all_.agents, "number"),
    ("groups", "坐席组数", lambda all_: all_.groups, "number"),
    ("talking", "通话时长", lambda all_: all_.talking, "length"),
)
_AGENT = frozenset({Role.AGENT, Role.SUPERVISOR})
_TEAM = frozenset({Role.SUPERVISOR})

RECORDS = (
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
        (*DAYS, CENTER, CALLER, PHONE), HOUSE, lambda row: f"/charges/{row.center}/{row.key}",
        (
            ("centers", "呼叫中心数", lambda all_: all_.centers, "number"),
            ("seconds", "通话总时长（秒）", lambda all_: all_.seconds, "number"),
            ("fen", "总金额（分）", lambda all_: all_.amount, "money"),
        ),
        charges.export,
    ),
    List(
        "statistics", "Charge statistics", "通话费用统计", personal.statistics,
        (
            Column("access_number", lambda row: row.access_number),
            Column("agent_phone", lambda row: row.phone),
            Column("calls", lambda row: row.calls, "number"),
            Column("seconds", lambda row: row.seconds, "number"),
            Column("fen", lambda row: row.amount, "money"),
        ),
        (*DAYS, CENTER, PHONE), HOUSE, None,
        (
            ("calls", "通话次数", lambda all_: all_.calls, "number"),
            ("seconds", "通话总时长（秒）", lambda all_: all_.seconds, "number"),
            ("fen", "总金额（分）", lambda all_: all_.amount, "money"),
        ),
        charges.export_stats,
    ),
    List(
        "calls", "Call records", "通话记录明细", calls.list_,
        _CALL,
        (*DAYS, CENTER, GROUP, AGENT, CALLER), HOUSE, None,
        _CALL_TOTALS,
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
        (*DAYS, CENTER, CALLER), HOUSE, export=rejected.export,
    ),
    List(
        "sessions", "Work sessions", "坐席工作信息", sessions.list_,
        _SESSION,
        (*DAYS, CENTER, GROUP, AGENT), HOUSE, None,
        _SESSION_TOTALS,
        sessions.export,
    ),
    List(
        "voicemails", "Messages", "语音留言", voicemails.list_,
        (
            Column("box", lambda row: row.message.box),
            Column("caller", lambda row: row.message.caller),
            Column("center", lambda row: row.message.center),
            Column("at", lambda row: row.message.at, "when"),
            Column("length_s", lambda row: row.message.length, "length"),
        ),
        (*DAYS, CENTER, CALLER), HOUSE,
    ),
    List("my_calls", "My calls", "我的通话", personal.own_calls, _CALL, (*DAYS, CALLER), _AGENT, None, _CALL_TOTALS),
    List(
        "my_sessions", "My work sessions", "我的工作信息", personal.own_sessions, _SESSION, DAYS, _AGENT, None,
        _SESSION_TOTALS,
    ),
    List(
        "group_calls", "Calls of my groups", "本组通话", personal.group_calls, _CALL, (*DAYS, GROUP, CALLER), _TEAM, None,
        _CALL_TOTALS,
    ),
    List(
        "group_sessions", "Sessions of my groups", "本组工作信息", personal.group_sessions, _SESSION, (*DAYS, GROUP), _TEAM,
        None, _SESSION_TOTALS,
    ),
)  # fmt: skip
