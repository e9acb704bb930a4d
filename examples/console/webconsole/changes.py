"""What is changed: money in, known callers, refused callers, notes, first secrets. Each is one use case."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from callcenter.admin import blacklists, centers, groups, logins, money, vips
from callcenter.admin.first_secrets import first_secret
from callcenter.admin.tenants import GroupRef
from callcenter.admin.things import BlacklistRef, VipRef
from callcenter.billing.ledger import Outcome, Posting
from callcenter.model.ids import CenterId, GroupId, ResellerId
from callcenter.model.money import Money, fen, yuan
from callcenter.model.tree import CallerClass
from callcenter.ports_people import LogInId
from callcenter.texts import say
from webconsole.door import Do, Visitor
from webconsole.rehearse import served_first
from webconsole.shown import page, told

router = APIRouter()
Text = Annotated[str, Form()]


def _group(text: str) -> GroupRef:
    """Read a group as forms name it, with its center: ``books/2``."""
    center, _slash, group = text.partition("/")
    return GroupRef(center=CenterId(center), group=GroupId(group))


@router.post("/centers/{id}/top_up")
async def top_up(
    request: Request, seen: Do, id: str, amount: Text, ref: Text, unit: Text = "yuan", reason: Text = ""
) -> RedirectResponse:
    much = fen(amount) if unit == "fen" else yuan(amount)
    posting = money.top_up_center(seen.me, seen.now, CenterId(id), much, ref, reason=reason)
    return _posted(request, seen, posting, much, f"/centers/{quote(id)}")


@router.post("/resellers/{id}/top_up")
async def top_up_reseller(
    request: Request, seen: Do, id: str, amount: Text, ref: Text, reason: Text = ""
) -> RedirectResponse:
    much = yuan(amount)
    posting = money.top_up_reseller(seen.me, seen.now, ResellerId(id), much, ref, reason=reason)
    return _posted(request, seen, posting, much, f"/resellers/{quote(id)}")


def _posted(request: Request, seen: Visitor, posting: Posting, much: Money, where: str) -> RedirectResponse:
    """Say what became of a payment: in the books, there already, or refused in the ledger's words."""
    if posting.refusal is not None:
        why = say(f"office.refusal.{posting.refusal.value}", seen.language, field=posting.field)
        request.app.state.sayings.put(seen.token, "refused", why)
        return RedirectResponse(where, 303)
    if posting.outcome is Outcome.EXISTS:
        return told(request, seen, "This reference was posted before.", "该流水号已入账。", where)
    return told(request, seen, f"{much} fen = {much.yuan} yuan paid in.", f"已充值 {much} 分 = {much.yuan} 元。", where)


@router.post("/centers/{id}/note")
async def note(request: Request, seen: Do, id: str, text: Text = "", reason: Text = "") -> RedirectResponse:
    centers.set_note(seen.me, seen.now, CenterId(id), text, reason=reason)
    return told(request, seen, "The note is kept.", "注释已保存。", f"/centers/{quote(id)}")


@router.post("/vips")
async def add_vip(
    request: Request, seen: Do, group: Text, number: Text, caller_class: Text, name: Text = ""
) -> RedirectResponse:
    ref = VipRef(group=_group(group), number=number)
    known = {each.word: each for each in CallerClass}
    vips.add(seen.me, seen.now, ref, name=name, caller_class=known.get(caller_class, CallerClass.VIP))
    return told(request, seen, f"{number} is a VIP now.", f"{number} 已成为 VIP 客户。", "/lists/vips")


@router.post("/vips/remove")
async def remove_vip(request: Request, seen: Do, group: Text, number: Text) -> RedirectResponse:
    ref = VipRef(group=_group(group), number=number)
    vips.remove(seen.me, seen.now, ref)
    return told(request, seen, f"{number} is no VIP any more.", f"{number} 已不是 VIP 客户。", "/lists/vips")


@router.post("/vips/rehearse")
async def rehearse(request: Request, seen: Do, group: Text, number: Text) -> HTMLResponse:
    """Let three callers wait on the simulated switch, this one last, and show who is served first."""
    ref = _group(group)
    groups.show(seen.me, seen.now, ref)
    order = served_first(seen, ref.center, ref.group, number)
    return page(request, seen, "rehearsal.html", {"order": order, "number": number, "center": ref.center})


@router.post("/blacklists")
async def refuse_caller(request: Request, seen: Do, center: Text, number: Text, name: Text = "") -> RedirectResponse:
    blacklists.add(seen.me, seen.now, BlacklistRef(center=CenterId(center), number=number), name=name)
    return told(request, seen, f"{number} is refused from now on.", f"{number} 已加入黑名单。", "/lists/blacklists")


@router.post("/blacklists/remove")
async def admit_caller(request: Request, seen: Do, center: Text, number: Text) -> RedirectResponse:
    blacklists.remove(seen.me, seen.now, BlacklistRef(center=CenterId(center), number=number))
    return told(request, seen, f"{number} may call again.", f"{number} 已移出黑名单。", "/lists/blacklists")


@router.post("/logins/reset")
async def reset(request: Request, seen: Do, login: Text) -> HTMLResponse:
    """Give somebody below a new first secret; it is shown here and nowhere else."""
    secret = first_secret(seen.house.identity.hasher)
    logins.reset(seen.me, seen.now, LogInId(login), secret)
    return page(request, seen, "first_secret.html", {"login": login, "secret": secret.shown})
