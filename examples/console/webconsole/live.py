"""The wallboard: the morning as it went, sent as events while it goes on; sixty seconds of it in each of ours."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from callcenter.admin import centers
from callcenter.model.ids import CenterId
from callcenter.reports.floor_numbers import FloorNumbers
from callcenter.reports.wallboard import clock, wall_rows
from callcenter.texts import Language
from webconsole import personal
from webconsole.door import See, Visitor
from webconsole.shown import ENVIRONMENT, heading, page

router = APIRouter()
Speed = Annotated[int, Query(ge=1, le=3600)]
"""Seconds of the morning in one of ours."""
_EVERY = 0.5
_MOST = 3600
"""Events of one stream; the browser asks anew for more."""


@router.get("/centers/{id}/wall")
async def wall(request: Request, seen: See, id: str, speed: Speed = 60) -> HTMLResponse:
    found = centers.show(seen.me, seen.now, CenterId(id))
    return page(
        request, seen, "wall.html", {"title": found.center.login, "base": f"/centers/{quote(id)}", "speed": speed}
    )


@router.get("/wall")
async def team_wall(request: Request, seen: See, speed: Speed = 60) -> HTMLResponse:
    """Show a supervisor the groups that are its own."""
    personal.team(seen.me, seen.now)
    return page(request, seen, "wall.html", {"title": seen.principal.name, "base": "", "speed": speed})


@router.get("/wall/stream")
async def team_stream(request: Request, seen: See, speed: Speed = 60) -> StreamingResponse:
    names = {str(row.ref.group): row.group.name for row in personal.team(seen.me, seen.now)}
    return _streamed(request, seen, personal.own(seen.me).center, names, speed)


@router.get("/centers/{id}/wall/stream")
async def stream(request: Request, seen: See, id: str, speed: Speed = 60) -> StreamingResponse:
    centers.show(seen.me, seen.now, CenterId(id))
    names = {str(group.id): group.name for group in seen.house.scenario.shop.centers[CenterId(id)].groups.values()}
    return _streamed(request, seen, CenterId(id), names, speed)


def _streamed(
    request: Request, seen: Visitor, center: CenterId, names: dict[str, str], speed: int
) -> StreamingResponse:
    """Send what happened at a center, of the groups that have a name here."""
    rows = seen.house.rows_of(center)
    return StreamingResponse(_events(request, rows, names, speed, seen.language), media_type="text/event-stream")


async def _events(
    request: Request, rows: list[dict[str, Any]], names: dict[str, str], speed: int, language: Language
) -> AsyncIterator[str]:
    start = next((row["t"] for row in rows if row["fact"] == "call_offered"), 0.0)
    numbers, at, place = FloorNumbers(0), start, 0
    template = ENVIRONMENT.get_template("wall_rows.html")
    for _number in range(_MOST):
        while place < len(rows) and rows[place]["t"] <= at:
            numbers.hear(rows[place])
            place += 1
        numbers.now = round(at * 1000)
        shown = template.render(
            rows=[(names[row[0]], *row[1:]) for row in wall_rows(numbers, language) if row[0] in names],
            h=lambda name: heading(name, language),
            clock=clock(numbers.now + 7_200_000),
        )
        yield f"data: {json.dumps(shown)}\n\n"
        if place >= len(rows) or await request.is_disconnected():
            return
        await asyncio.sleep(_EVERY)
        at += speed * _EVERY
