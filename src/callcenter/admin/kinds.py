"""Kinds of targets: how each is found, and what it is called in a refusal.

A use case that acts on something new (a voice file, a recording) brings a kind of its own: a word of the catalogue
(``kind.WORD``), a function from key to place, and how the key is said.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from callcenter.admin.tenants import (
    TOP,
    AgentRef,
    GroupRef,
    Place,
    agent_place,
    center_place,
    enterprise_place,
    group_place,
    node_of,
    place_of,
    reseller_place,
)
from callcenter.center.jobs import Job
from callcenter.errors import UsageError
from callcenter.model.ids import CenterId, EnterpriseId, ResellerId
from callcenter.model.numbers import masked
from callcenter.ports_people import PLATFORM as PLATFORM_NAME, LogInId

K = TypeVar("K")
_LONGEST: Final = 60
"""Characters of a key in a refusal."""
_LONGEST_SAID: Final = 400
"""Characters of it in the trail: two ids of the longest, and more."""


def _plainly(key: Any) -> str:
    return str(key)


class Kind(Generic[K]):
    """A kind of target.

    Args:
        word: Its word: ``kind.WORD`` of the catalogue.
        keys: The class of its keys.
        find: Returns the place of what a key names, or None; looked at inside the transaction. What lies inside a node
            (a number of a blacklist) has the place of that node.
        said: Returns a key as people read it.
        masks: Whether what comes last in that is a phone number.
    """

    def __init__(
        self,
        word: str,
        keys: type[object],
        find: Callable[[Job, K], Place | None],
        said: Callable[[K], str] = _plainly,
        *,
        masks: bool = False,
    ) -> None:
        self.word: Final = word
        self._keys: Final = keys
        self._find: Final = find
        self._said: Final = said
        self._masks: Final = masks

    def find(self, job: Job, key: K) -> Place | None:
        """Return the place of what a key names, or None; something that is no key names nothing."""
        try:
            return self._find(job, key) if isinstance(key, self._keys) else None
        except TypeError:  # a part of it is nothing that could be looked up
            return None

    def said(self, key: K) -> str:
        """Return a key as the trail names it; of something that is no key, what it is."""
        try:
            text = self._said(key)
        except AttributeError:
            text = type(key).__name__
        return text[:_LONGEST_SAID]

    def shown(self, key: K) -> str:
        """Return a key as a refusal names it: short, its phone number masked, for a refusal may end in a log."""
        text = self.said(key)
        if self._masks:
            head, _, number = text.rpartition(" ")
            text = f"{head} {masked(number)}"
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def ref_text(ref: GroupRef | AgentRef) -> str:
    """Return a group or an agent with its center, as people read it."""
    return f"{ref.center}/{ref.group if isinstance(ref, GroupRef) else ref.agent}"


def _platform(_job: Job, _key: None) -> Place:
    return TOP


def _reseller(job: Job, key: ResellerId) -> Place | None:
    return reseller_place(job.shop, key)


def _enterprise(job: Job, key: EnterpriseId) -> Place | None:
    return enterprise_place(job.shop, key)


def _center(job: Job, key: CenterId) -> Place | None:
    return center_place(job.shop, key)


def _group(job: Job, key: GroupRef) -> Place | None:
    return group_place(job.shop, key)


def _agent(job: Job, key: AgentRef) -> Place | None:
    return agent_place(job.shop, key)


def _tenant(job: Job, key: str) -> Place | None:
    try:
        return place_of(job.shop, node_of(key))
    except UsageError:
        return None


def _login(job: Job, key: LogInId) -> Place | None:
    login = job.tx.people.find(key)
    # The same look at the shop for a name that nobody has; who is in the shop no more is the platform's alone.
    place = _tenant(job, PLATFORM_NAME if login is None else login.tenant) or TOP
    return None if login is None else place


def _nowhere(_key: None) -> str:
    return ""


PLATFORM: Final[Kind[None]] = Kind("platform", type(None), _platform, _nowhere)
RESELLER: Final[Kind[ResellerId]] = Kind("reseller", str, _reseller)
ENTERPRISE: Final[Kind[EnterpriseId]] = Kind("enterprise", str, _enterprise)
CENTER: Final[Kind[CenterId]] = Kind("center", str, _center)
GROUP: Final[Kind[GroupRef]] = Kind("group", GroupRef, _group, ref_text)
AGENT: Final[Kind[AgentRef]] = Kind("agent", AgentRef, _agent, ref_text)
TENANT: Final[Kind[str]] = Kind("tenant", str, _tenant)
"""Any node, written as tenants are: where log-ins are made."""
LOGIN: Final[Kind[LogInId]] = Kind("login", str, _login)
