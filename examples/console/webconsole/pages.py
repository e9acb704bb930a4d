"""What is looked at: the dashboard, every list, a center, a charge with its working, the menu of a center."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from callcenter.admin import calls, centers, charges, groups, money, resellers, trees
from callcenter.admin.things import ChargeRef
from callcenter.admin.trees import Form
from callcenter.errors import NotFound, UsageError
from callcenter.model.ids import CenterId, ResellerId
from callcenter.ports_people import Role
from webconsole.day import curve
from webconsole.door import PLACE, See
from webconsole.lists import LISTS
from webconsole.personal_pages import home
from webconsole.shown import page

router = APIRouter()
_PERSONAL = frozenset({Role.AGENT, Role.SUPERVISOR})
_CURVES = 4
"""Balances that are drawn on the first page."""


@router.get("/")
async def dashboard(request: Request, seen: See) -> HTMLResponse:
    if seen.principal.role in _PERSONAL:
        return home(request, seen)
    balances = money.balances(seen.me, seen.now)
    context = {
        "balances": balances,
        "charges": charges.list_(seen.me, seen.now, period=seen.today).totals,
        "calls": calls.list_(seen.me, seen.now, period=seen.today).totals,
        "day": PLACE.day(seen.now).isoformat(),
        "curves": [(row.center, curve(seen, row.center)) for row in balances.rows[:_CURVES]],
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
    except UsageError as error:
        refused = error.message(seen.language)
    kept = {key: text for key, text in query.items() if key not in {"page", "after", "before"} and text}
    choices = groups.list_(seen.me, seen.now).rows if name in {"vips", "blacklists"} else ()
    context = {"list": asked, "found": found, "totals": totals, "query": query, "kept": kept, "choices": choices}
    return page(request, seen, "list.html", {**context, "refused": refused}, 400 if refused else 200)


@router.get("/resellers/{id}")
async def reseller(request: Request, seen: See, id: str) -> HTMLResponse:
    found = resellers.show(seen.me, seen.now, ResellerId(id))
    return page(request, seen, "reseller.html", {"row": found})


@router.get("/centers/{id}")
async def center(request: Request, seen: See, id: str) -> HTMLResponse:
    found = centers.show(seen.me, seen.now, CenterId(id))
    return page(request, seen, "center.html", {"row": found, "curve": curve(seen, CenterId(id))})


@router.get("/centers/{id}/menu")
async def menu(request: Request, seen: See, id: str) -> HTMLResponse:
    drawn = trees.show(seen.me, seen.now, CenterId(id), form=Form.SVG, language=seen.language)
    return page(request, seen, "menu.html", {"center": id, "trees": drawn})


@router.get("/charges/{center}/{key:path}")
async def charge(request: Request, seen: See, center: str, key: str) -> HTMLResponse:
    ref = ChargeRef(center=CenterId(center), key=key)
    working = charges.explain(seen.me, seen.now, ref, language=seen.language)
    return page(request, seen, "charge.html", {"ref": ref, "working": working})


@router.get("/{rest:path}")
async def nowhere(seen: See, rest: str) -> HTMLResponse:
    raise NotFound("E574", kind="page", id=rest[:60])
