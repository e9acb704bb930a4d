"""Lists of the office: money that was paid in, log-ins, the audit trail."""

from __future__ import annotations

from callcenter.admin import books, logins, money, trail
from webconsole.columns import HOUSE, NAME, Column, Filter, List, RowForm


def _login_state(row: logins.LogInRow) -> str:
    if row.closed_at is not None:
        return "closed"
    return "first_secret" if row.must_change else "online" if row.online else "offline"


OFFICE = (
    List(
        "adjustments", "Adjustments", "充值记录", money.adjustments,
        (
            Column("account", lambda row: row.account),
            Column("before_fen", lambda row: row.before, "money"),
            Column("kind", lambda row: row.entry.kind),
            Column("fen", lambda row: row.entry.amount(row.account), "money"),
            Column("at", lambda row: row.entry.recorded_at, "when"),
            Column("operator", lambda row: row.entry.actor),
            Column("remark", lambda row: row.entry.reason),
        ),
        (), HOUSE, export=books.export_adjustments,
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
        (NAME,), HOUSE,
        row_form=RowForm("logins.reset", "/logins/reset", "Reset", "重置密码", lambda row: {"login": row.id}),
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
        (Filter("who", "Who", "操作员"), Filter("what", "What", "操作")), HOUSE,
    ),
)  # fmt: skip
