"""How values look on a page: money in fen and yuan, times of a center's zone, words of the visitor's language."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from callcenter.model.times import Instant
from callcenter.texts import Language, keys, say
from webconsole.door import FORM_TOKEN, PLACE, Visitor, language_of
from webconsole.words import head, word

HERE = Path(__file__).parent
_KNOWN = frozenset(keys())


def when(at: Instant | None) -> str:
    """Return local wall time, to the second."""
    return "" if at is None else PLACE.local(at).strftime("%Y-%m-%d %H:%M:%S")


def seconds(length: int) -> str:
    """Return a length as hours, minutes and seconds."""
    whole = length // 1_000_000
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def without_unit(head: str) -> str:
    """Return the heading of a length without its seconds: cells say minutes and hours too."""
    return head.removesuffix("(秒)").removesuffix(" s")


def heading(name: str, language: Language) -> str:
    """Return the heading of a column as the library's reports have it."""
    key = f"column.{name}"
    return say(key, language) if key in _KNOWN else head(name, language)


def cell(content: Any, column: str, language: Language) -> str:
    """Return a cell in the visitor's words."""
    if content is None:
        return ""
    if isinstance(content, enum.Enum):
        content = content.value
    key = f"cell.{column}.{content}"
    return say(key, language) if key in _KNOWN else word(str(content), column, language)


ENVIRONMENT = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
ENVIRONMENT.filters.update({"when": when, "seconds": seconds, "without_unit": without_unit})


def page(
    request: Request, visitor: Visitor | None, template: str, context: Mapping[str, Any], status: int = 200
) -> HTMLResponse:
    """Return a page, or the part of it that htmx asked for."""
    language = visitor.language if visitor else language_of(request)

    def t(english: str, chinese: str) -> str:
        return chinese if language == "zh" else english

    whole = {
        "request": request,
        "visitor": visitor,
        "language": language,
        "t": t,
        "h": lambda name: heading(name, language),
        "c": lambda content, column: cell(content, column, language),
        "part": request.headers.get("hx-request") == "true" and request.headers.get("hx-target") == "list",
        "form_token": visitor.form_token if visitor else "",
        "form_field": FORM_TOKEN,
        "said": request.app.state.sayings.pop(visitor.token, None) if visitor else None,
        "other_language": request.url.include_query_params(lang="en" if language == "zh" else "zh").query,
        "may": visitor.may if visitor else lambda action: False,
        "lists": request.app.state.lists,
        **context,
    }
    return HTMLResponse(ENVIRONMENT.get_template(template).render(whole), status_code=status)


def told(request: Request, visitor: Visitor, english: str, chinese: str, path: str) -> RedirectResponse:
    """Send a visitor who has changed something on to a page, which says that it was done."""
    request.app.state.sayings.put(visitor.token, "done", visitor.say(english, chinese))
    return RedirectResponse(path, 303)
