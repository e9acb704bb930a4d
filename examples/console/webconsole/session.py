"""Coming in, the change of a secret, going out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from callcenter.admin.identity import LoggedIn
from callcenter.errors import PermissionRefused, UsageError
from webconsole.door import COOKIE, Visitor, check_form, house_of, known, language_of
from webconsole.shown import page

router = APIRouter()


@router.get("/login")
async def login_page(request: Request) -> HTMLResponse:
    return page(request, None, "login.html", {"text": "", "name": ""})


@router.post("/login")
async def log_in(request: Request, name: Annotated[str, Form()], secret: Annotated[str, Form()]) -> Response:
    house = house_of(request)
    address = request.client.host if request.client else ""
    try:
        entered = house.identity.log_in(name, secret, address, house.clock())
    except UsageError as error:
        language = language_of(request)
        text = f"{error.what(language)}: {error.hint(language)}"
        return page(request, None, "login.html", {"text": text, "name": name}, 403)
    return _in(entered, "/secret" if entered.principal.must_change else "/")


@router.get("/secret")
async def secret_page(request: Request, found: Annotated[Visitor, Depends(known)]) -> HTMLResponse:
    return page(request, found, "secret.html", {"text": ""})


@router.post("/secret")
async def change_secret(
    request: Request,
    found: Annotated[Visitor, Depends(known)],
    old: Annotated[str, Form()],
    new: Annotated[str, Form()],
    again: Annotated[str, Form()],
) -> Response:
    await check_form(request, found.form_token)
    try:
        if new != again:
            return page(request, found, "secret.html", {"text": found.say("The two differ.", "两次输入不一致。")}, 400)
        entered = found.house.identity.change_secret(found.token, old, new, found.now)
    except UsageError as error:
        text = f"{error.what(found.language)}: {error.hint(found.language)}"
        status = 403 if isinstance(error, PermissionRefused) else 400
        return page(request, found, "secret.html", {"text": text}, status)
    return _in(entered, "/")


@router.post("/logout")
async def log_out(request: Request, found: Annotated[Visitor, Depends(known)]) -> Response:
    await check_form(request, found.form_token)
    found.house.identity.log_out(found.token, found.now)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE)
    return answer


def _in(entered: LoggedIn, path: str) -> Response:
    answer = RedirectResponse(path, 303)
    answer.set_cookie(COOKIE, entered.token, httponly=True, samesite="strict", max_age=12 * 3600)
    return answer
