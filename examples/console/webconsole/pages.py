"""What is looked at: the dashboard, every list, a center, a charge with its working, the menu of a center."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from callcenter.admin import centers, charges, money, resellers, trees
from callcenter.admin.looking import Period
from callcenter.admin.things import ChargeRef
from callcenter.admin.trees import Form
from callcenter.errors import NotFound, UsageError
from callcenter.model.ids import CenterId, ResellerId
from callcenter.ports_people import Role
from callcenter.reports.timeline import journeys, lanes
from callcenter.reports.timeline_svg import picture
from webconsole.door import See
from webconsole.lists import LISTS
from webconsole.shown import PLACE, page

router = APIRouter()
_PERSONAL = frozenset({Role.AGENT, Role.SUPERVISOR})


@router.get("/")
async def dashboard(request: Request, seen: See) -> HTMLResponse:
    if seen.principal.role in _PERSONAL:
        return page(request, seen, "dashboard.html", {"balances": None, "charges": None, "calls": None, "day": None})
    day = PLACE.day(seen.now)
    today = Period(first=day, last=day)
    context = {
        "balances": money.balances(seen.me, seen.now),
        "charges": charges.list_(seen.me, seen.now, period=today).totals,
        "calls": LISTS["calls"].use(seen.me, seen.now, period=today).totals,
        "day": day.isoformat(),
    }
    return page(request, seen, "dashboard.html", context)


@router.get("/lists/{name}")
async def shown_list(request: Request, seen: See, name: str) -> Response:
    asked = LISTS.get(name)
    if asked is None or seen.principal.role not in asked.roles:
        return RedirectResponse("/", 303)
    query = {key: text for key, text in request.query_params.items() if key != "lang"}
    refused, found, totals = "", None, None
    try:
        found, totals = asked.ask(seen, query)
    except (UsageError, ValueError) as error:
        refused = error.message(seen.language) if isinstance(error, UsageError) else str(error)
    kept = {key: text for key, text in query.items() if key not in {"page", "after", "before"} and text}
    context = {"list": asked, "found": found, "totals": totals, "query": query, "kept": kept, "refused": refused}
    return page(request, seen, "list.html", context, 400 if refused else 200)


@router.get("/resellers/{id}")
async def reseller(request: Request, seen: See, id: str) -> HTMLResponse:
    found = resellers.show(seen.me, seen.now, ResellerId(id))
    return page(request, seen, "reseller.html", {"row": found})


@router.get("/centers/{id}")
async def center(request: Request, seen: See, id: str) -> HTMLResponse:
    found = centers.show(seen.me, seen.now, CenterId(id))
    return page(request, seen, "center.html", {"row": found})


@router.get("/centers/{id}/menu")
async def menu(request: Request, seen: See, id: str) -> HTMLResponse:
    drawn = trees.show(seen.me, seen.now, CenterId(id), form=Form.SVG, language=seen.language)
    return page(request, seen, "menu.html", {"center": id, "trees": drawn})


@router.get("/centers/{id}/day")
async def day(request: Request, seen: See, id: str) -> HTMLResponse:
    """Show the morning of each phone; who may see the center may see this."""
    found = centers.show(seen.me, seen.now, CenterId(id))
    house = seen.house
    happened = house.facts_of(CenterId(id))
    until = max((fact.at for fact in house.facts), default=seen.now)
    people = lanes(happened, until)
    drawn = picture(found.center.note, people, journeys(happened)[:12], PLACE, seen.language)
    return page(request, seen, "day.html", {"center": id, "drawing": drawn})


@router.get("/charges/{center}/{key:path}")
async def charge(request: Request, seen: See, center: str, key: str) -> HTMLResponse:
    ref = ChargeRef(center=CenterId(center), key=key)
    working = charges.explain(seen.me, seen.now, ref, language=seen.language)
    return page(request, seen, "charge.html", {"ref": ref, "working": working})


@router.get("/{rest:path}")
async def nowhere(seen: See, rest: str) -> HTMLResponse:
    raise NotFound("E574", kind="page", id=rest[:60])
