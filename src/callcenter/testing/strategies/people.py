"""Strategies for those who are at a center, and above it: resellers, enterprises, agents, extensions, callers known."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st

from callcenter.model.directory import (
    MANUAL,
    Agent,
    AgentLevel,
    AgentStatus,
    BlacklistEntry,
    Enterprise,
    Extension,
    Reseller,
    ResellerKind,
    ResellerStatus,
    VipCustomer,
    VoiceFile,
    Voicemail,
    VoicePurpose,
)
from callcenter.model.ids import AgentId, EnterpriseId, PlanName, PromptName, ResellerId, ShortNumber, VoicemailName
from callcenter.model.times import HOUR, MINUTE
from callcenter.model.tree import CallerClass
from callcenter.testing.strategies.words import (
    dates,
    digits,
    durations,
    filled_texts,
    ids,
    instants,
    labels,
    languages,
    money,
    phone_numbers,
    short_numbers,
    skills,
    texts,
)

ABOVE_NORMAL: Final = (CallerClass.VIP, CallerClass.IMPORTANT, CallerClass.HONORED)
WORKING: Final = (AgentStatus.ACTIVE, AgentStatus.SUSPENDED)


@cache
def agents() -> st.SearchStrategy[Agent]:
    """Return agents, none of them a former one; the last day, if any, is not before the first."""
    return st.builds(
        _agent,
        phones=st.lists(phone_numbers(), min_size=1, max_size=3, unique=True),
        days=st.lists(dates(), max_size=2),
        id=ids().map(AgentId),
        name=texts(),
        status=st.sampled_from(WORKING),
        level=st.sampled_from(AgentLevel),
        record=st.booleans(),
        wrap_up=st.none() | st.just(MANUAL) | durations(HOUR),
        ring_timeout=st.none() | durations(MINUTE, least=1),
        on_demand=st.booleans(),
        skills=skills(),
        note=texts(),
    )


def _agent(phones: list[str], days: list[date], **fields: Any) -> Agent:
    created, closed = (*sorted(days), None, None)[:2]
    return Agent(phone=phones[0], phones=tuple(phones[1:]), created=created, closed=closed, **fields)


@cache
def crews() -> st.SearchStrategy[dict[AgentId, Agent]]:
    """Return the agents of a center, at most four: no two ids alike in any case of letters."""
    crew = st.lists(agents(), max_size=4, unique_by=lambda agent: agent.id.casefold())
    return crew.map(lambda found: {agent.id: agent for agent in found})


@cache
def extensions() -> st.SearchStrategy[Extension]:
    """Return extensions with a long number or none."""
    return st.builds(Extension, short=short_numbers().map(ShortNumber), long=st.just("") | phone_numbers())


@cache
def vip_customers() -> st.SearchStrategy[VipCustomer]:
    """Return callers with a class above normal."""
    return st.builds(VipCustomer, number=phone_numbers(), name=texts(), caller_class=st.sampled_from(ABOVE_NORMAL))


@cache
def blacklist_entries() -> st.SearchStrategy[BlacklistEntry]:
    """Return callers who are refused."""
    return st.builds(BlacklistEntry, number=phone_numbers(), name=texts())


@cache
def resellers() -> st.SearchStrategy[Reseller]:
    """Return resellers in any status."""
    return st.builds(
        Reseller,
        id=ids().map(ResellerId),
        name=texts(),
        kind=st.sampled_from(ResellerKind),
        status=st.sampled_from(ResellerStatus),
        opening=money(),
        credit_limit=money(0),
        wholesale=st.none() | ids().map(PlanName),
        note=texts(),
    )


@cache
def enterprises() -> st.SearchStrategy[Enterprise]:
    """Return enterprises with everything that an administrator fills in."""
    return st.builds(
        Enterprise,
        id=ids().map(EnterpriseId),
        reseller=ids().map(ResellerId),
        name=filled_texts(),
        phone=phone_numbers(),
        fax=st.just("") | phone_numbers(),
        province=texts(),
        city=texts(),
        address=filled_texts(),
        postcode=digits(6, 6, "0123456789"),
        pinyin=st.text("abcdefghijklmnopqrstuvwxyz", max_size=8),
        note=texts(),
    )


@cache
def voicemails() -> st.SearchStrategy[Voicemail]:
    """Return boxes that take messages."""
    return st.builds(
        Voicemail,
        name=ids().map(VoicemailName),
        greeting=st.none() | labels().map(PromptName),
        max_length=durations(HOUR, least=1),
    )


@cache
def voice_files() -> st.SearchStrategy[VoiceFile]:
    """Return uploaded prompts of a center, a reseller or the platform."""
    owner = st.just("platform") | ids().map("center:{}".format) | ids().map("reseller:{}".format)
    return st.builds(
        VoiceFile,
        label=labels().map(PromptName),
        owner=owner,
        purpose=st.sampled_from(VoicePurpose),
        name=texts(),
        size=st.integers(0, 10**8),
        length=durations(HOUR),
        at=instants(),
        by=ids(),
        language=st.just("") | languages(),
    )
