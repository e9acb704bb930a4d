"""Why this agent, why not each other one, and why the caller waited: told from a trace alone.

An offer's line names its ranking, the key that won and how many were free. Who else was in the group, and what kept
each from being chosen, is rebuilt by folding the lines before it (:mod:`~callcenter.reports.floor_so_far`); until when
it did, is read from the lines after it. The result is plain data with codes; :func:`sentences` says it for people.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from callcenter.model.numbers import matched
from callcenter.model.value import value
from callcenter.reports.floor_so_far import Caller, FloorSoFar, Person, Row, Stay, who_of
from callcenter.texts import Language, say

_CLASSES: Final = ("normal", "vip", "important", "honored")


@value
class Other:
    """A member of the group who was not chosen, and why.

    Attributes:
        who: ``agent:ID`` or ``extension:SHORT`` as written.
        reason: A code: ``logged_out``, ``not_ready``, ``wrap_up``, ``blocked``, ``offered``, ``talking``,
            ``client_lost``, ``phone_in_use``, ``own_number``, ``skills``, ``already_tried``, ``higher_tier``,
            ``rings_too``, ``not_sent_to`` (the caller was transferred to one agent) or ``ranked_behind``.
        detail: What belongs to the reason: the agent's own reason, the other call, the tier.
        until: Seconds until which it held; None when the trace does not say.
    """

    who: str
    reason: str
    detail: str = ""
    until: float | None = None


@value
class Waited:
    """Why the caller waited.

    Attributes:
        since: From when the wait counts.
        seconds: How long it was.
        position: Place on entering the group, from 1; None when it never stood in a line.
        before: Calls that were offered somebody of the group meanwhile: call, class, and why it stood before
            (``higher_class``, ``came_earlier`` or ``other``).
        free_at: When the winner became ready for the last time.
    """

    since: float
    seconds: float
    position: int | None
    before: tuple[tuple[str, str, str], ...]
    free_at: float | None


@value
class Explanation:
    """An offer, explained.

    Attributes:
        tier: Of the winner; None when the trace does not tell the group.
        round: How often the group was gone through for this caller, from 1.
        how: ``ranking``, ``only_one`` (nobody else was free), ``sticky`` (spoke with the caller last) or ``sent``
            (by a transfer to this agent).
    """

    offer: str
    call: str
    group: str
    at: float
    who: str
    ranking: str
    key: tuple[int, ...]
    field: int
    tier: int | None
    round: int
    how: str
    others: tuple[Other, ...]
    waited: Waited

    def plain(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "offer": self.offer,
            "call": self.call,
            "group": self.group,
            "t": self.at,
            "who": self.who,
            "how": self.how,
            "ranking": self.ranking,
            "key": list(self.key),
            "field": self.field,
            "tier": self.tier,
            "round": self.round,
            "others": [
                {"who": other.who, "reason": other.reason, "detail": other.detail, "until": other.until}
                for other in self.others
            ],
            "wait": {
                "since": self.waited.since,
                "seconds": self.waited.seconds,
                "position": self.waited.position,
                "before": [{"call": call, "class": cls, "why": why} for call, cls, why in self.waited.before],
                "free_at": self.waited.free_at,
            },
        }


def offers_in(rows: Sequence[Row]) -> list[str]:
    """Return the ids of all offers of a trace, in order."""
    return [str(row["offer"]) for row in rows if row.get("fact") == "agent_offered"]


def explain_offer(rows: Sequence[Row], offer: str) -> Explanation | None:
    """Return why an offer was made as it was, or None when the trace has no such offer.

    Args:
        rows: The lines of a trace, in order.
        offer: Its id, as in ``agent_offered``.
    """
    floor = FloorSoFar()
    for index, row in enumerate(rows):
        if row.get("fact") == "agent_offered" and row.get("offer") == offer:
            return _explained(floor, rows, index)
        floor.hear(row)
    return None


def _explained(floor: FloorSoFar, rows: Sequence[Row], index: int) -> Explanation:
    row = rows[index]
    who, call = who_of(row), floor.calls.get(row["call"])
    stay = call.stay if call is not None else None
    setting = floor.group_of(row["call"], row["group"])
    members = list(setting["members"]) if setting is not None else []
    tier = next((int(member["tier"]) for member in members if who_of(member) == who), None)
    again = stay is not None and who in stay.tried
    tried = set[str]() if stay is None or again else stay.tried
    judge = _Judge(
        floor=floor,
        rows=rows,
        index=index,
        tier=tier,
        tried=tried,
        ringing=_rings_with(rows, index),
        sent=_sent(row, call.target if call is not None else ""),
    )
    others = tuple(judge.of(member) for member in members if who_of(member) != who)
    return Explanation(
        offer=str(row["offer"]),
        call=str(row["call"]),
        group=str(row["group"]),
        at=float(row["t"]),
        who=_shown(row),
        ranking=str(row.get("ranking", "")),
        key=tuple(row.get("key", ())),
        field=int(row.get("field", 0)),
        tier=tier,
        round=0 if stay is None else stay.round + again,
        how=_how(row, call.target if call is not None else "", others),
        others=others,
        waited=_waited(floor, row, stay, floor.people.get(who)),
    )


def _shown(row: Row) -> str:
    kind = "agent" if "agent" in row else "extension"
    return f"{kind}:{row[kind]}"


def _how(row: Row, target: str, others: Sequence[Other]) -> str:
    if _sent(row, target):
        return "sent"
    if not any(other.reason in {"ranked_behind", "rings_too", "higher_tier"} for other in others):
        return "only_one"
    if row.get("ranking") == "sticky" and list(row.get("key", ()))[:1] == [0] and len(row["key"]) == 2:
        return "sticky"
    return "ranking"


def _sent(row: Row, target: str) -> bool:
    """Tell whether a transfer named this agent: nobody else was looked at."""
    return "agent" in row and target.casefold() == f"agent:{row['agent']}".casefold()


def _rings_with(rows: Sequence[Row], index: int) -> set[str]:
    """Return who was offered the same call at the same moment, after this one."""
    found = set[str]()
    for row in rows[index + 1 :]:
        if row["t"] != rows[index]["t"]:
            break
        if row.get("fact") == "agent_offered" and row["call"] == rows[index]["call"]:
            found.add(who_of(row))
    return found


@value
class _Judge:
    """Says of each other member what kept it from being chosen: the first reason that holds."""

    floor: FloorSoFar
    rows: Sequence[Row]
    index: int
    tier: int | None
    tried: set[str]
    ringing: set[str]
    sent: bool

    def of(self, member: Row) -> Other:
        """Return the reason of one member."""
        who = who_of(member)
        person = self.floor.person(who, str(member.get("agent", member.get("extension", ""))))
        kind = who.partition(":")[0]
        reason, detail, until = self._reason(who, person, member)
        return Other(who=f"{kind}:{person.shown}", reason=reason, detail=detail, until=until)

    def _reason(self, who: str, person: Person, member: Row) -> tuple[str, str, float | None]:
        now, call = float(self.rows[self.index]["t"]), self.rows[self.index]["call"]
        if person.phase in {"offered", "talking"}:
            if person.call == call:
                return "rings_too", "", None
            return person.phase, person.call, self._until(who)
        if person.phase != "ready":
            return person.phase, person.reason, self._until(who)
        if person.lost:
            return "client_lost", "", None
        if person.until > now:
            return "blocked", "", person.until
        holder = self._holder(who, member)
        if holder:
            return "phone_in_use", holder, None
        return self._of_the_free(who, member)

    def _of_the_free(self, who: str, member: Row) -> tuple[str, str, float | None]:
        """Return what kept somebody from being chosen who was free."""
        caller = self.floor.calls.get(self.rows[self.index]["call"])
        number = matched(caller.caller) if caller is not None else ""
        if number and number in {matched(phone) for phone in member["phones"]}:
            return "own_number", "", None
        lacks = self._lacks(member)
        if self.sent:
            return "not_sent_to", "", None
        if lacks:
            return "skills", lacks, None
        if who in self.ringing:
            return "rings_too", "", None
        if who in self.tried:
            return "already_tried", "", None
        if self.tier is not None and int(member["tier"]) > self.tier:
            return "higher_tier", str(member["tier"]), None
        return "ranked_behind", "", None

    def _holder(self, who: str, member: Row) -> str:
        for phone in member["phones"]:
            holder = self.floor.in_leg.get(phone, who)
            if holder != who:
                return holder
        call, phones = self.rows[self.index]["call"], {matched(phone) for phone in member["phones"]}
        calling = (id for id, other in self.floor.calls.items() if id != call and matched(other.caller) in phones)
        return next(calling, "")

    def _lacks(self, member: Row) -> str:
        """Return the first skill that the caller asks for and a member has not enough of."""
        row = self.rows[self.index]
        setting, caller = self.floor.group_of(row["call"], row["group"]), self.floor.calls.get(row["call"])
        if setting is None or caller is None or caller.stay is None:
            return ""
        wanted = {**setting["requires"], **_asked(caller.target, row["group"])}
        waited = float(row["t"]) - caller.stay.entered
        dropped = {name for step in setting["aging"] if waited >= step["after_s"] for name in step["drop"]}
        skills = member.get("skills", {})
        lacks = (name for name, level in wanted.items() if name not in dropped and skills.get(name, 0) < level)
        return next((f"{name} ≥ {wanted[name]}" for name in lacks), "")

    def _until(self, who: str) -> float | None:
        """Return when the state that somebody is in was left, as the rest of the trace tells."""
        for row in self.rows[self.index + 1 :]:
            fact = row.get("fact")
            if fact == "agent_state" and who_of(row) == who:
                return float(row["t"])
            if fact in {"talk_ended", "offer_ended"} and who.startswith("extension:") and who_of(row) == who:
                return float(row["t"])
        return None


def _asked(target: str, group: str) -> dict[str, int]:
    """Return what a target asks of the agent: ``group:1?english=2``."""
    place, _, query = target.partition("?")
    if place != f"group:{group}":
        return {}
    return {name: int(level) for name, _, level in (part.partition("=") for part in query.split("&") if part)}


def _waited(floor: FloorSoFar, row: Row, stay: Stay | None, winner: Person | None) -> Waited:
    call = floor.calls.get(row["call"])
    since = call.waits_from if call is not None else float(row["t"])
    before: list[tuple[str, str, str]] = []
    for id in dict.fromkeys(stay.before if stay is not None else ()):
        other = floor.calls.get(id) or floor.past.get(id)
        if stay is not None and other is not None:
            before.append((id, other.caller_class, _why_before(stay, other)))
    return Waited(
        since=since,
        seconds=round(float(row["t"]) - since, 3),
        position=stay.position if stay is not None else None,
        before=tuple(before),
        free_at=winner.since if winner is not None and winner.phase == "ready" else None,
    )


def _why_before(stay: Stay, other: Caller) -> str:
    if _CLASSES.index(other.caller_class) > _CLASSES.index(stay.caller_class):
        return "higher_class"
    return "came_earlier" if other.entered <= stay.entered else "other"


# ---------------------------------------------------------------- for people


def sentences(told: Explanation, language: Language) -> list[str]:
    """Return an explanation in sentences."""
    key = ", ".join(map(str, told.key))
    lines = [
        say(
            "explain.head",
            language,
            offer=told.offer,
            at=f"{told.at:.3f}",
            who=_id(told.who),
            call=told.call,
            group=told.group,
        ),
        say(f"explain.how.{told.how}", language, ranking=told.ranking, who=_id(told.who)),
    ]
    if told.ranking:
        tier = "—" if told.tier is None else told.tier
        lines.append(
            say("explain.key", language, ranking=told.ranking, sorted_by=key or "—", tier=tier, field=told.field)
        )
    if told.round > 1:
        lines.append(say("explain.round", language, round=told.round))
    for other in told.others:
        reason = say(f"explain.why.{other.reason}", language, detail=other.detail or "—")
        until = "" if other.until is None else say("explain.until", language, at=f"{other.until:.3f}")
        lines.append(say("explain.other", language, who=_id(other.who), reason=reason, until=until))
    return [*lines, *_said_of_the_wait(told.waited, _id(told.who), language)]


def _id(who: str) -> str:
    return who.partition(":")[2]


def _said_of_the_wait(waited: Waited, who: str, language: Language) -> list[str]:
    if waited.seconds <= 0:
        return [say("explain.no_wait", language)]
    lines = [say("explain.wait", language, seconds=f"{waited.seconds:.3f}", since=f"{waited.since:.3f}")]
    if waited.position is not None and waited.position > 1:
        lines.append(say("explain.position", language, ahead=waited.position - 1))
    for call, cls, why in waited.before:
        reason = say(f"explain.before.{why}", language)
        lines.append(say("explain.before", language, call=call, cls=cls or "—", reason=reason))
    if waited.free_at is not None and waited.free_at > waited.since:
        lines.append(say("explain.free", language, who=who, at=f"{waited.free_at:.3f}"))
    return lines


__all__ = ["Explanation", "Other", "Waited", "explain_offer", "offers_in", "sentences"]
