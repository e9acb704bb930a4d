"""How log-ins, sessions and the trail read as rows, and what is asked of the trail, for every database."""

from __future__ import annotations

from typing import Final

from callcenter.ports_people import AuditAct, AuditRow, ConsoleSession, LogIn, Role, TrailFilter
from callcenter.store.rows import Row

FEW: Final = 2000
"""So many rows are sorted in a few milliseconds."""
_ROLES: Final = {role.value: role for role in Role}

LOGIN: Final = (
    "id, name, role, tenant, secret, must_change, secret_until, failures, locked_until, closed_at, created_at,"
    " created_by, last_at, last_address"
)
SESSION: Final = "token, login, created_at, seen_at, address, revoked_at"
TRAIL: Final = "seq, at, who, role, address, tenant, what, target, outcome, before, after, reason, hash"


def login_row(login: LogIn) -> Row:
    """Return the columns of a log-in."""
    return (
        login.id,
        login.name,
        login.role.value,
        login.tenant,
        login.secret,
        int(login.must_change),
        login.secret_until,
        login.failures,
        login.locked_until,
        login.closed_at,
        login.created_at,
        login.created_by,
        login.last_at,
        login.last_address,
    )


def login_of(row: Row) -> LogIn:
    """Return the log-in of columns."""
    return LogIn(
        id=row[0],
        name=row[1],
        role=_ROLES[row[2]],
        tenant=row[3],
        secret=row[4],
        must_change=bool(row[5]),
        secret_until=row[6],
        failures=row[7],
        locked_until=row[8],
        closed_at=row[9],
        created_at=row[10],
        created_by=row[11],
        last_at=row[12],
        last_address=row[13],
    )


def session_row(session: ConsoleSession) -> Row:
    """Return the columns of a session."""
    return (
        session.token,
        session.login,
        session.created_at,
        session.seen_at,
        session.address,
        session.revoked_at,
    )


def session_of(row: Row) -> ConsoleSession:
    """Return the session of columns."""
    return ConsoleSession(
        token=row[0], login=row[1], created_at=row[2], seen_at=row[3], address=row[4], revoked_at=row[5]
    )


def trail_row(row: AuditRow) -> Row:
    """Return the columns of a row of the trail."""
    act = row.act
    return (
        row.seq,
        act.at,
        act.who,
        act.role,
        act.address,
        act.tenant,
        act.what,
        act.target,
        act.outcome,
        act.before,
        act.after,
        act.reason,
        row.hash,
    )


def trail_of(row: Row) -> AuditRow:
    """Return the row of the trail of columns."""
    act = AuditAct(
        at=row[1],
        who=row[2],
        role=row[3],
        address=row[4],
        tenant=row[5],
        what=row[6],
        target=row[7],
        outcome=row[8],
        before=row[9],
        after=row[10],
        reason=row[11],
    )
    return AuditRow(seq=row[0], act=act, hash=row[12])


# The words of the statements are those of this file alone; values go in as parameters.


def insert(table: str, columns: str, mark: str) -> str:
    """Return the statement that adds a row."""
    marks = ", ".join([mark] * (columns.count(",") + 1))
    return f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608


def select(table: str, columns: str) -> str:
    """Return the beginning of a query."""
    return f"SELECT {columns} FROM {table}"  # noqa: S608


def trail_count(asked: TrailFilter, mark: str) -> tuple[str, list[object]]:
    """Return the query of how many rows a filter has, and its values; of all rows it is the number of the last."""
    if asked == TrailFilter():
        return "SELECT coalesce(max(seq), 0) FROM trail", []
    where, values = trail_where(asked, mark)
    return f"SELECT count(*) FROM trail WHERE {where}", values  # noqa: S608


def trail_few(asked: TrailFilter, mark: str) -> tuple[str, list[object]]:
    """Return the query of how many rows a filter has, counted no further than FEW and one."""
    where, values = trail_where(asked, mark)
    return f"SELECT count(*) FROM (SELECT 1 FROM trail WHERE {where} LIMIT {mark})", [*values, FEW + 1]  # noqa: S608


def update_login(mark: str) -> str:
    """Return the statement that puts a log-in in the place of another: all columns, the first of them again last."""
    columns = LOGIN.split(", ")[1:]
    settings = ", ".join(f"{column} = {mark}" for column in columns)
    return f"UPDATE login SET {settings} WHERE id = {mark}"  # noqa: S608


def trail_list(
    asked: TrailFilter,
    limit: int,
    offset: int,
    below: int | None,
    above: int | None,
    mark: str,
    *,
    few: bool | None = None,
) -> tuple[str, list[object]]:
    """Return the query of rows of a filter, and its values.

    Args:
        asked: Which.
        limit: And the rest: see :meth:`~callcenter.ports_people.Trail.rows`.
        offset: See there.
        below: See there.
        above: See there.
        mark: The database's mark for a parameter.
        few: For SQLite, which knows nothing of how many rows there are: few are found by the index of tenant or time,
            and sorted; many are met soon on the way through the trail. None: the database decides.
    """
    where, values = trail_where(asked, mark, by="+" if few is False else "")
    key = "+seq" if few else "seq"
    for sign, bound in (("<", below), (">", above)):
        if bound is not None:
            where, values = f"{where} AND {key} {sign} {mark}", [*values, bound]
    order = f"{key} DESC" if above is None else key
    sql = f"SELECT {TRAIL} FROM trail WHERE {where} ORDER BY {order} LIMIT {mark} OFFSET {mark}"  # noqa: S608
    return sql, [*values, limit, offset]


def trail_where(asked: TrailFilter, mark: str, by: str = "") -> tuple[str, list[object]]:
    """Return the condition of a filter, and its values; a ``+`` keeps SQLite from the indices of tenant and time."""
    parts, values = ["TRUE"], list[object]()
    plain = (("who =", asked.who), ("what =", asked.what), ("target =", asked.target), ("outcome =", asked.outcome))
    for condition, wanted in (*plain, (f"{by}at >=", asked.since), (f"{by}at <", asked.until)):
        if wanted is not None:
            parts.append(f"{condition} {mark}")
            values.append(wanted)
    if asked.under is not None:
        # Everything below a path sorts between "path/" and "path0": the sign after "/" is "0".
        parts.append(f"({by}tenant = {mark} OR ({by}tenant >= {mark} AND {by}tenant < {mark}))")
        values += [asked.under, f"{asked.under}/", f"{asked.under}0"]
    return " AND ".join(parts), values
