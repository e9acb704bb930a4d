"""How a day went, drawn: phone by phone, the last calls in their stages, and waits beside what theory expects."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from callcenter.admin import books, centers
from callcenter.model.facts import CallOffered, Connected, Fact, TalkEnded
from callcenter.model.ids import CenterId
from callcenter.model.records import PartyKind
from callcenter.model.times import HOUR, SECOND
from callcenter.reports.charts import balance_points, balance_svg, histogram_svg, waiting_bins
from callcenter.reports.timeline import journeys, lanes
from callcenter.reports.timeline_svg import picture
from callcenter.texts import Language
from webconsole.door import PLACE, See, Visitor
from webconsole.shown import page

router = APIRouter()
_LIVES = 40
"""Calls whose stages are drawn, the last ones: more would be a wall of lines."""


@router.get("/centers/{id}/day")
async def day(request: Request, seen: See, id: str) -> HTMLResponse:
    """Show the morning of each phone; who may see the center may see this."""
    found = centers.show(seen.me, seen.now, CenterId(id))
    happened = seen.house.facts_of(CenterId(id))
    until = max((fact.at for fact in seen.house.facts), default=seen.now)
    people, lives = lanes(happened, until), journeys(happened)
    agents = sum(1 for lane in people if lane.party.kind is PartyKind.AGENT)
    context = {
        "row": found,
        "drawing": picture(found.center.note, people, lives[-_LIVES:], PLACE, seen.language),
        "waits": waits(happened, agents, seen.language),
        "calls": len(lives),
        "drawn": min(len(lives), _LIVES),
    }
    return page(request, seen, "day.html", context)


def waits(happened: Sequence[Fact], agents: int, language: Language) -> str:
    """Return how long callers waited beside Erlang C as a drawing; nothing where there is nothing to compare."""
    came = [fact.at for fact in happened if isinstance(fact, CallOffered)]
    waited = [fact.wait for fact in happened if isinstance(fact, Connected)]
    talks = [fact.length for fact in happened if isinstance(fact, TalkEnded)]
    if len(came) < 2 or not talks or not waited:
        return ""
    per_hour = len(came) * HOUR / max(1, came[-1] - came[0])
    try:
        bins = waiting_bins(waited, agents, per_hour, sum(talks) / len(talks) / SECOND)
    except ValueError:  # more work than these agents could ever do: theory expects a line without end
        return ""
    return histogram_svg(bins, language)


def curve(seen: Visitor, center: CenterId) -> str:
    """Return how the balance of a center went today, as a drawing."""
    statement = books.statement(seen.me, seen.now, center, period=seen.today)
    return balance_svg(balance_points(statement), seen.now, PLACE, seen.language)
