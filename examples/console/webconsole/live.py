"""The wallboard: the morning as it went, sent as events while it goes on; sixty seconds of it in each of ours."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from callcenter.admin import centers
from callcenter.model.ids import CenterId
from callcenter.reports.floor_numbers import FloorNumbers
from callcenter.reports.wallboard import clock, wall_rows
from callcenter.texts import Language
from webconsole.door import See
from webconsole.shown import ENVIRONMENT, page

router = APIRouter()
_EVERY = 0.5
_MOST = 3600
"""Events of one stream; the browser asks anew for more."""


@router.get("/centers/{id}/wall")
async def wall(request: Request, seen: See, id: str) -> HTMLResponse:
    found = centers.show(seen.me, seen.now, CenterId(id))
    return page(request, seen, "wall.html", {"row": found})


@router.get("/centers/{id}/wall/stream")
async def stream(
    request: Request, seen: See, id: str, speed: Annotated[int, Query(ge=1, le=3600)] = 60
) -> StreamingResponse:
    centers.show(seen.me, seen.now, CenterId(id))
    rows = seen.house.rows_of(CenterId(id))
    names = {str(group.id): group.name for group in seen.house.scenario.shop.centers[CenterId(id)].groups.values()}
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
            rows=[(names.get(row[0], row[0]), *row[1:]) for row in wall_rows(numbers, language)],
            clock=clock(numbers.now + 7_200_000),
        )
        yield f"data: {json.dumps(shown)}\n\n"
        if place >= len(rows) or await request.is_disconnected():
            return
        await asyncio.sleep(_EVERY)
        at += speed * _EVERY
