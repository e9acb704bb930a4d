"""The pages of people who work here: an agent's own, a supervisor's floor, and what is set of an agent."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from callcenter.admin import agents, enterprises, floor
from callcenter.admin.tenants import AgentRef
from callcenter.errors import UsageError
from callcenter.model.directory import AgentLevel, GroupKind
from callcenter.model.ids import AgentId, CenterId, EnterpriseId
from callcenter.ports_people import Role
from webconsole import personal
from webconsole.door import Do, See, Visitor
from webconsole.shown import page, told

router = APIRouter()
Text = Annotated[str, Form()]


def home(request: Request, seen: Visitor) -> HTMLResponse:
    """Show who is asking its state, and a supervisor the floor of its groups."""
    own = agents.show(seen.me, seen.now, personal.own(seen.me))
    groups = personal.team(seen.me, seen.now) if seen.principal.role is Role.SUPERVISOR else ()
    shown = [floor.of_group(seen.me, seen.now, row.ref) for row in groups if row.group.kind is GroupKind.LOGIN]
    today = personal.own_calls(seen.me, seen.now, personal.FIRST, period=seen.today).totals
    return page(request, seen, "mine.html", {"row": own, "floor": shown, "today": today})


@router.get("/agents/{center}/{agent}")
async def agent_page(request: Request, seen: See, center: str, agent: str) -> HTMLResponse:
    row = agents.show(seen.me, seen.now, AgentRef(center=CenterId(center), agent=AgentId(agent)))
    return page(request, seen, "agent.html", {"row": row, "levels": [level.value for level in AgentLevel]})


@router.post("/agents/{center}/{agent}")
async def edit_agent(
    request: Request, seen: Do, center: str, agent: str, level: Text, name: Text = "", record: Text = ""
) -> RedirectResponse:
    ref = AgentRef(center=CenterId(center), agent=AgentId(agent))
    known = {each.value: each for each in AgentLevel}
    if level not in known:
        raise UsageError("E555", reason=level[:20])
    agents.edit(seen.me, seen.now, ref, name=name, level=known[level], record=record == "yes")
    return told(request, seen, "The agent is as you wrote it.", "坐席资料已保存。", f"/agents/{center}/{agent}")


@router.get("/enterprises/{id}")
async def enterprise_page(request: Request, seen: See, id: str) -> HTMLResponse:
    row = enterprises.show(seen.me, seen.now, EnterpriseId(id))
    return page(request, seen, "enterprise.html", {"row": row, "fields": CONTACT})


@router.post("/enterprises/{id}")
async def edit_enterprise(request: Request, seen: Do, id: str) -> RedirectResponse:
    form = await request.form()
    contact = {name: str(form[name]) for name in CONTACT if name in form}
    enterprises.edit(seen.me, seen.now, EnterpriseId(id), **contact)
    return told(request, seen, "The enterprise is as you wrote it.", "企业资料已保存。", f"/enterprises/{id}")


CONTACT = ("name", "phone", "fax", "province", "city", "address", "postcode", "pinyin", "note")
