"""Who is asking: the session in a cookie that no script can read, and a token in every form that changes something."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from callcenter.admin import Caller, Principal
from callcenter.admin.looking import Period
from callcenter.errors import PermissionRefused
from callcenter.model.times import Instant, zone
from callcenter.texts import Language
from webconsole.house import House

PLACE = zone("Asia/Shanghai")
COOKIE = "session"
FORM_TOKEN = "form_token"  # noqa: S105 - the name of a field


class Elsewhere(Exception):
    """The page that is asked for is not the one to see now."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Forged(Exception):
    """A form that is none of this session's: another site may have made it."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who has come in, with all that a page needs to ask the library."""

    house: House
    principal: Principal
    token: str
    language: Language
    now: Instant

    @property
    def me(self) -> Caller:
        """The first argument of every use case."""
        return self.house.console.as_(self.principal)

    @property
    def today(self) -> Period:
        """The local date, as a period of lists."""
        day = PLACE.day(self.now)
        return Period(first=day, last=day)

    def may(self, action: str) -> bool:
        """Tell whether the role may do something at all; whether to this one, the use case says."""
        return self.principal.role in self.house.console.policy[action].allowed

    @property
    def form_token(self) -> str:
        """What a form of this session must carry; another site cannot know it."""
        return form_token(self.token)

    def say(self, english: str, chinese: str) -> str:
        """Return a text in the visitor's language."""
        return chinese if self.language == "zh" else english


def form_token(token: str) -> str:
    """Return the token of forms that belongs to a session."""
    return hashlib.sha256(f"form:{token}".encode()).hexdigest()[:32]


def house_of(request: Request) -> House:
    """Return what the application works on."""
    house: House = request.app.state.house
    return house


def language_of(request: Request) -> Language:
    """Return the language that was chosen, else the browser's."""
    chosen = request.query_params.get("lang") or request.cookies.get("lang")
    if chosen in {"zh", "en"}:
        return "zh" if chosen == "zh" else "en"
    return "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"


async def known(request: Request) -> Visitor:
    """Return who is asking, also one who still has a first secret; anybody else goes to the log-in."""
    house, token = house_of(request), request.cookies.get(COOKIE, "")
    now = house.clock()
    try:
        principal = house.identity.authenticate(token, now)
    except PermissionRefused:
        raise Elsewhere("/login") from None
    return Visitor(house, principal, token, language_of(request), now)


async def visitor(request: Request) -> Visitor:
    """Return who is asking; one with a first secret has to change it before anything else."""
    found = await known(request)
    if found.principal.must_change:
        raise Elsewhere("/secret")
    return found


async def trusted(request: Request, found: Annotated[Visitor, Depends(visitor)]) -> Visitor:
    """Return who is asking for a change; the form must be one of ours."""
    await check_form(request, found.form_token)
    return found


async def check_form(request: Request, expected: str) -> dict[str, Any]:
    """Return a form that carries its session's token.

    Raises:
        Forged: For one that another site has made.
    """
    form = await request.form()
    if not hmac.compare_digest(str(form.get(FORM_TOKEN, "")), expected):
        raise Forged
    return dict(form)


See = Annotated[Visitor, Depends(visitor)]
Do = Annotated[Visitor, Depends(trusted)]
