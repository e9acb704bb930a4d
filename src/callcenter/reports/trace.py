"""Facts as lines of a trace: one JSON object a line, the file that people keep, compare and ask ``explain`` about.

The names of the keys are public. ``t`` counts seconds from an origin that the caller chooses (the start of a run, the
answer of a call) with three decimals. Facts that only carry a finished record to the store (:class:`VisitEnded`,
:class:`SessionEnded`) have no line: the records are rows of the store, with their own reports. Nor has
:class:`BalanceAlert`: it follows from the lines of what was charged and posted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from callcenter.model import facts
from callcenter.model.ids import agent_key
from callcenter.model.records import Party
from callcenter.model.times import MILLISECOND, SECOND, Instant

_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NAMES: Final[dict[type, str]] = {facts.ScreenPopped: "screen_pop"}
_UNSHOWN: Final = (facts.VisitEnded, facts.SessionEnded, facts.BalanceAlert)


def word(fact: facts.Fact) -> str:
    """Return the word by which a trace calls a fact: ``call_offered``."""
    cls = type(fact)
    if cls not in _NAMES:
        _NAMES[cls] = _CAMEL.sub("_", cls.__name__).lower()
    return _NAMES[cls]


def line(fact: facts.Fact, origin: Instant) -> str:
    """Return the line of a fact without its newline, or empty text for a fact that has none.

    Args:
        fact: What happened.
        origin: The instant of ``t = 0``.
    """
    if isinstance(fact, _UNSHOWN):
        return ""
    pairs = [("t", _seconds(fact.at - origin)), ("fact", _text(word(fact)))]
    pairs += _SHOWN[type(fact)](fact)
    return "{" + ", ".join(f'"{key}": {shown}' for key, shown in pairs) + "}"


def lines(happened: Iterable[facts.Fact], origin: Instant) -> Iterator[str]:
    """Yield the lines of facts, in their order."""
    for fact in happened:
        shown = line(fact, origin)
        if shown:
            yield shown


def row(fact: facts.Fact, origin: Instant) -> dict[str, Any]:
    """Return what the line of a fact says as plain data; empty for a fact that has no line."""
    shown = line(fact, origin)
    found: dict[str, Any] = json.loads(shown) if shown else {}
    return found


def _text(content: str | None) -> str:
    return json.dumps(content, ensure_ascii=False)


def _seconds(length: int) -> str:
    """Return a length as seconds with three decimals, to the nearest; exact for whole milliseconds."""
    sign, size = ("-", -length) if length < 0 else ("", length)
    thousandths = (size + MILLISECOND // 2) // MILLISECOND
    return f"{sign}{thousandths // 1000}.{thousandths % 1000:03}"


def _party(who: Party) -> tuple[str, str]:
    """Return the key that names who answers: ``agent``, ``extension`` or ``number``, with the id."""
    return who.kind.value, _text(who.id)


_Pairs = list[tuple[str, str]]


def _call(fact: Any) -> _Pairs:
    return [("call", _text(fact.call))]


def _offered(fact: facts.CallOffered) -> _Pairs:
    return [*_call(fact), ("caller", _text(fact.caller)), ("dialled", _text(fact.dialled))]


def _reason(fact: facts.CallRejected | facts.IvrEnded) -> _Pairs:
    return [*_call(fact), ("reason", _text(fact.reason.value))]


def _prompt(fact: facts.PromptStarted | facts.PromptMissing) -> _Pairs:
    return [*_call(fact), ("prompt", _text(fact.prompt))]


def _digits(fact: facts.Digits) -> _Pairs:
    target = None if fact.target is None else str(fact.target)
    return [
        *_call(fact),
        ("menu", _text(fact.menu)),
        ("digits", _text(fact.digits)),
        ("outcome", _text(fact.outcome.value)),
        ("target", _text(target)),
    ]


def _routed(fact: facts.Routed) -> _Pairs:
    return [*_call(fact), ("target", _text(str(fact.target)))]


def _queued(fact: facts.Queued) -> _Pairs:
    return [
        *_call(fact),
        ("group", _text(fact.group)),
        ("position", str(fact.position)),
        ("class", _text(fact.caller_class.word)),
    ]


def _agent_offered(fact: facts.AgentOffered) -> _Pairs:
    return [
        *_call(fact),
        ("offer", _text(fact.offer)),
        ("group", _text(fact.group)),
        _party(fact.party),
        ("phone", _text(fact.phone)),
        ("ranking", _text(fact.ranking)),
        ("key", json.dumps(fact.key)),
        ("field", str(fact.field)),
    ]


def _offer_ended(fact: facts.OfferEnded) -> _Pairs:
    return [
        *_call(fact),
        ("offer", _text(fact.offer)),
        _party(fact.party),
        ("outcome", _text(fact.outcome.value)),
        ("cause", _text(fact.cause.value)),
    ]


def _connected(fact: facts.Connected) -> _Pairs:
    return [*_call(fact), _party(fact.party), ("wait_s", _seconds(fact.wait))]


def _talk_ended(fact: facts.TalkEnded) -> _Pairs:
    shown = [*_call(fact), _party(fact.party), ("talk_s", _seconds(fact.length)), ("by", _text(fact.by.value))]
    return [*shown, ("suspect", "true")] if fact.talk.suspect else shown


def _left(fact: facts.Left) -> _Pairs:
    return [
        *_call(fact),
        ("group", _text(fact.group)),
        ("reason", _text(fact.reason.value)),
        ("wait_s", _seconds(fact.wait)),
    ]


def _call_ended(fact: facts.CallEnded) -> _Pairs:
    return [*_call(fact), ("outcome", _text(fact.outcome.value))]


def _agent_state(fact: facts.AgentState) -> _Pairs:
    return [("agent", _text(fact.agent)), ("state", _text(fact.state.value)), ("reason", _text(fact.reason))]


def _screen_pop(fact: facts.ScreenPopped) -> _Pairs:
    pop = fact.pop
    return [
        ("call", _text(pop.call)),
        ("agent", _text(fact.agent)),
        ("caller", _text(pop.caller)),
        ("class", _text(pop.caller_class.word)),
        ("name", _text(pop.name)),
        ("group", _text(pop.group)),
        ("path", json.dumps(pop.path, ensure_ascii=False)),
        ("wait_s", _seconds(pop.wait)),
    ]


def _announced(fact: facts.Announced) -> _Pairs:
    estimate = "null" if fact.estimate is None else _seconds(fact.estimate)
    return [
        *_call(fact),
        ("group", _text(fact.group)),
        ("position", str(fact.position)),
        ("estimate_s", estimate),
    ]


def _recording_started(fact: facts.RecordingStarted) -> _Pairs:
    return [*_call(fact), _party(fact.party), ("recording", _text(fact.recording))]


def _recording_ended(fact: facts.RecordingEnded) -> _Pairs:
    shown = [*_call(fact), ("recording", _text(fact.recording)), ("seconds", _seconds(fact.length))]
    return [*shown, ("missing", "true")] if fact.missing else shown


def _voicemail_left(fact: facts.VoicemailLeft) -> _Pairs:
    return [
        *_call(fact),
        ("box", _text(fact.box)),
        ("seconds", _seconds(fact.length)),
        ("recording", _text(fact.recording)),
    ]


def _charged(fact: facts.Charged) -> _Pairs:
    return [*_call(fact), ("seconds", str(fact.seconds)), ("fen", _text(str(fact.amount)))]


def _posted(fact: facts.Posted) -> _Pairs:
    return [("key", _text(fact.key)), ("kind", _text(fact.kind)), ("fen", _text(str(fact.amount)))]


def _change_refused(fact: facts.ChangeRefused) -> _Pairs:
    return [("path", _text(fact.path)), ("reason", _text(fact.reason))]


def _transfer_failed(fact: facts.TransferFailed) -> _Pairs:
    return [*_call(fact), _party(fact.party), ("target", _text(str(fact.target))), ("reason", _text(fact.reason))]


def _odd(fact: facts.StaleEvent | facts.ImpossibleEvent) -> _Pairs:
    return [("event", _text(fact.event)), ("state", _text(fact.state)), ("id", _text(fact.id))]


def _went_back(fact: facts.ClockWentBack) -> _Pairs:
    return [("by_s", _seconds(fact.by))]


def _ranking_failed(fact: facts.RankingFailed) -> _Pairs:
    return [("group", _text(fact.group)), ("ranking", _text(fact.ranking)), ("reason", _text(fact.reason))]


def _log_in_refused(fact: facts.LogInRefused) -> _Pairs:
    return [("agent", _text(fact.agent)), ("reason", _text(fact.reason))]


def _client(fact: facts.ClientLost | facts.ClientReturned) -> _Pairs:
    return [("agent", _text(fact.agent))]


def _group_set(fact: facts.GroupSet) -> _Pairs:
    """Return what decides who is offered whom, and how waits are judged; the words are those of a shop file."""
    group = fact.group
    agents = {agent_key(agent.id): agent for agent in fact.agents}
    members: list[dict[str, Any]] = [
        {
            "agent": str(member.agent),
            "tier": member.tier,
            "phones": [agent.phone, *agent.phones],
            "skills": dict(agent.skills),
        }
        for member in group.members
        if (agent := agents.get(agent_key(member.agent))) is not None
    ]
    members += [{"extension": each.short, "tier": 0, "phones": [each.long]} for each in group.extensions if each.long]
    aging = [{"after_s": step.after / SECOND, "drop": list(step.drop)} for step in group.aging if step.drop]
    return [
        ("center", _text(fact.center)),
        ("access_number", _text(fact.access_number)),
        ("group", _text(group.id)),
        ("kind", _text(group.kind.value)),
        ("ring", _text(group.ring.kind.value)),
        ("ranking", _text(group.ranking)),
        ("fallback", _text(group.fallback)),
        ("requires", json.dumps(dict(group.requires))),
        ("aging", json.dumps(aging)),
        ("service_level_s", _seconds(group.service_level)),
        ("short_abandon_s", _seconds(group.short_abandon)),
        ("members", json.dumps(members, ensure_ascii=False)),
    ]


_SHOWN: Final[dict[type, Callable[[Any], _Pairs]]] = {
    facts.CallOffered: _offered,
    facts.CallRejected: _reason,
    facts.CallAnswered: _call,
    facts.PromptStarted: _prompt,
    facts.PromptStopped: _call,
    facts.PromptMissing: _prompt,
    facts.Digits: _digits,
    facts.IvrEnded: _reason,
    facts.Routed: _routed,
    facts.Queued: _queued,
    facts.AgentOffered: _agent_offered,
    facts.OfferEnded: _offer_ended,
    facts.Connected: _connected,
    facts.TalkEnded: _talk_ended,
    facts.Left: _left,
    facts.CallEnded: _call_ended,
    facts.AgentState: _agent_state,
    facts.ScreenPopped: _screen_pop,
    facts.Announced: _announced,
    facts.RecordingStarted: _recording_started,
    facts.RecordingEnded: _recording_ended,
    facts.VoicemailLeft: _voicemail_left,
    facts.Charged: _charged,
    facts.Posted: _posted,
    facts.ChangeRefused: _change_refused,
    facts.TransferFailed: _transfer_failed,
    facts.StaleEvent: _odd,
    facts.ImpossibleEvent: _odd,
    facts.ClockWentBack: _went_back,
    facts.RankingFailed: _ranking_failed,
    facts.LogInRefused: _log_in_refused,
    facts.ClientLost: _client,
    facts.ClientReturned: _client,
    facts.GroupSet: _group_set,
}
SHOWN: Final = frozenset(_SHOWN)
"""The facts that have a line."""
