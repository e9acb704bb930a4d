"""What a list of the console is declared with: which use case shows it, its columns, its filters, what goes into a file.

A list is a few lines of declaration and none elsewhere: paging, filters, headings and rights are the library's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from callcenter.admin import Ask, Page, directory
from callcenter.admin.directory import Directory
from callcenter.admin.looking import Period
from callcenter.errors import UsageError
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
class RowForm:
    """A button in each row, shown to those who may press it.

    Attributes:
        action: The row of the policy that lets one.
        path: Where its form goes.
        fields: What the form says about the row.
    """

    action: str
    path: str
    english: str
    chinese: str
    fields: Callable[[Any], Mapping[str, str]]


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
    row_form: RowForm | None = None

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


def _date(text: str) -> date:
    """Read a date as browsers send it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError("E555", reason=text[:20]) from None


DAYS = (
    Filter("first", "From", "开始日期", _date, "date"),
    Filter("last", "To", "结束日期", _date, "date"),
)
CENTER = Filter("center", "Call center", "呼叫中心", CenterId)
ACCESS = Filter("access_number", "Access number", "接入号")
GROUP = Filter("group", "Group", "坐席组", GroupId)
AGENT = Filter("agent", "Agent", "坐席", AgentId)
CALLER = Filter("caller", "Caller", "主叫")
PHONE = Filter("phone", "Agent's phone", "坐席号码")
NUMBER = Filter("number", "Number", "号码")
NAME = Filter("name", "Name", "名称")

HOUSE = frozenset(Role) - {Role.AGENT, Role.SUPERVISOR}
"""Those who see all that lies below them; agents and supervisors have pages of their own."""
