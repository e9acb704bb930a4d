"""The application: the door, the lists, the few pages that are more than a list, and how errors look."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles

from callcenter.errors import CallCenterError, NotFound, PermissionRefused
from webconsole import changes, day, files, live, pages, personal_pages, session
from webconsole.door import COOKIE, Elsewhere, Forged, language_of
from webconsole.house import House
from webconsole.lists import LISTS
from webconsole.shown import page

_POLICY = (
    "default-src 'self'; script-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_MOST_SAYINGS = 1000


class Sayings:
    """What the next page of a session says once: that something was done, or why not."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, str]] = OrderedDict()

    def put(self, token: str, kind: str, text: str) -> None:
        """Keep a sentence of a kind (``done`` or ``refused``) for a session."""
        self._kept[token] = (kind, text)
        while len(self._kept) > _MOST_SAYINGS:
            self._kept.popitem(last=False)

    def pop(self, token: str, default: None) -> tuple[str, str] | None:
        """Return what is to be said, and forget it."""
        return self._kept.pop(token, default)


def create_app(house: House) -> FastAPI:
    """Return the console of a house; served by one worker, whose one thread holds the store."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.house = house
    app.state.sayings = Sayings()
    app.state.lists = LISTS
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    for part in (
        session,
        changes,
        personal_pages,
        day,
        files,
        live,
        pages,
    ):  # the last one has the page that is nowhere
        app.include_router(part.router)
    app.middleware("http")(_with_headers)
    app.exception_handler(Elsewhere)(_elsewhere)
    app.exception_handler(Forged)(_forged)
    app.exception_handler(CallCenterError)(_refused)
    return app


async def _with_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    answer = await call_next(request)
    answer.headers.update(_HEADERS)
    if request.query_params.get("lang") in {"zh", "en"}:
        answer.set_cookie("lang", request.query_params["lang"], samesite="strict", max_age=31_536_000)
    return answer


async def _elsewhere(request: Request, error: Exception) -> Response:
    assert isinstance(error, Elsewhere)
    if request.headers.get("hx-request"):
        return Response(headers={"HX-Redirect": error.path})
    return RedirectResponse(error.path, 303)


async def _forged(request: Request, error: Exception) -> Response:
    english, chinese = "This form is not of this session. Open its page again.", "表单已失效，请重新打开页面。"
    text = chinese if language_of(request) == "zh" else english
    return page(request, None, "refused.html", {"text": text}, 403)


def _page_before(request: Request) -> str:
    """Return the page of ours on which a form stood; nothing, where the browser does not say or names another site."""
    before = urlsplit(request.headers.get("referer", ""))
    if before.netloc != request.url.netloc or not before.path.startswith("/"):
        return ""
    return urlunsplit(("", "", before.path, before.query, ""))


async def _refused(request: Request, error: Exception) -> Response:
    """Show a refusal as the library words it; a form comes back to its page with it."""
    assert isinstance(error, CallCenterError)
    language, token = language_of(request), request.cookies.get(COOKIE, "")
    text = f"{error.code} · {error.what(language)}: {error.hint(language)}"
    back = _page_before(request)
    if request.method == "POST" and token and back:
        request.app.state.sayings.put(token, "refused", text)
        return RedirectResponse(back, 303)
    status = 404 if isinstance(error, NotFound) else 403 if isinstance(error, PermissionRefused) else 400
    return page(request, None, "refused.html", {"text": text}, status)
