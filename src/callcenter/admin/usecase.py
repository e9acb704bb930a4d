"""The frame of every use case: nobody acts before it is known who it is, where it stands and what the table says.

Theory of operation. A use case is a function with a decorator that names its action. Called, it goes through the same
steps whatever it is:

1. what was given is looked at: sizes and signs (:mod:`.fitness`), and whether it is what the function wants
   (:mod:`.arguments`);
2. one transaction is opened: of the live host for a change, of the store for the rest;
3. the principal must still be live, and must not owe the change of a first secret;
4. the target's place is looked up. The table decides by the relation of the two places. What lies outside is refused
   in the words and with the work of what is missing; what is known to be there and may not be done is refused as such;
5. the function runs, with the part of the shop in hand that this action may see;
6. a change, or a showing that is noted, leaves its row in the trail in the same transaction. A refused one leaves its
   row as well: in the same transaction when nothing had changed yet, else in one after it was rolled back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Concatenate, Final, Generic, ParamSpec, TypeVar

from callcenter.admin.arguments import Shape
from callcenter.admin.console import Caller, Console
from callcenter.admin.fitness import refuse_unfit
from callcenter.admin.kinds import Kind
from callcenter.admin.policy import POLICY, Effect, Rule
from callcenter.admin.principal import Principal, Standing, standing
from callcenter.admin.tenants import TOP, Place, Relation, path_of, relation
from callcenter.admin.turn import Turn
from callcenter.center.jobs import Job
from callcenter.errors import NotFound, PermissionRefused, UsageError
from callcenter.model.times import Instant
from callcenter.model.value import value
from callcenter.ports_people import AuditAct
from callcenter.texts import Word

K = TypeVar("K")
P = ParamSpec("P")
R = TypeVar("R")

_KNOWN: Final = frozenset({Relation.OWN, Relation.CHILD})
_REGISTRY: Final[dict[str, UseCase[Any, ..., Any] | Listing[..., Any]]] = {}


def registered() -> Iterator[tuple[str, UseCase[Any, ..., Any] | Listing[..., Any]]]:
    """Yield every use case by its action, sorted."""
    yield from sorted(_REGISTRY.items())


class _Framed(Generic[R]):
    """What use cases and lists share: the way from the door to the function and back."""

    def __init__(self, action: str, body: Callable[..., R]) -> None:
        if action not in POLICY:
            raise UsageError("E558", action=action)
        if action in _REGISTRY:
            raise UsageError("E559", action=action)
        self.action: Final = action
        self.body = body
        self.shape: Final = Shape(body)
        self.__doc__ = body.__doc__
        self.__wrapped__ = body  # what is asked for its signature answers with that of the function

    def _run(self, me: Caller, now: Instant, given: tuple[Any, ...], named: dict[str, Any], target: _Target) -> R:
        console, who = me.console, me.principal
        rule = console.policy[self.action]
        refuse_unfit((who.name, who.address, *given, *named.values()))
        self.shape.refuse_misfits(given, named)
        entry = _Entry(self.action, who, now, target.text, str(named.get("reason", "")), rule)
        opened = console.change if rule.effect is Effect.CHANGE else console.look
        refusal: UsageError
        try:
            with opened(now) as job:
                try:
                    turn = self._admitted(console, job, entry, target)
                    answer: R = self.body(turn, *given, **named)
                    entry.write(job, turn)
                    return answer
                except UsageError as error:
                    if job.touched:
                        raise
                    refusal = error
                    entry.write(job, None, error)
        except UsageError as error:  # all of it was taken back; that it was tried is kept
            with console.look(now) as job:
                entry.write(job, None, error)
            raise
        raise refusal

    def _admitted(self, console: Console, job: Job, entry: _Entry, target: _Target) -> Turn:
        """Return the turn of somebody who may do this.

        Raises:
            PermissionRefused: E573, E575, E576.
            NotFound: E574.
        """
        who = standing(job.tx, job.shop, entry.who, entry.now)
        entry.place = who.place
        if who.principal.must_change:
            raise PermissionRefused("E576")
        place = target.find(job, who)
        allowed = entry.rule.allowed.get(who.principal.role)
        if allowed is None:
            raise PermissionRefused("E573", action=self.action)
        if not target.is_list:
            found = relation(who.place, place, who.team)
            if found not in allowed:
                if found in _KNOWN:
                    raise PermissionRefused("E573", action=self.action)
                raise NotFound("E574", kind=Word(f"kind.{target.word}"), id=target.shown)
        entry.place = place or who.place
        return Turn(
            job,
            who,
            entry.place,
            console.visible(job.shop, who, allowed),
            console.services,
            reason=entry.reason,
            changes=entry.rule.effect is Effect.CHANGE,
        )


@value
class _Target:
    """What a use case is asked to act on; a list acts on what its principal sees."""

    word: str = ""
    said: str = ""
    shown: str = ""
    find: Callable[[Job, Standing], Place | None]
    is_list: bool = False

    @property
    def text(self) -> str:
        """As the trail names it: ``center:demo``."""
        return f"{self.word}:{self.said}" if self.said else self.word


class _Entry:
    """The row of the trail that a run will leave."""

    def __init__(self, action: str, who: Principal, now: Instant, target: str, reason: str, rule: Rule) -> None:
        self.action: Final = action
        self.who: Final = who
        self.now: Final = now
        self.target: Final = target
        self.reason: Final = reason
        self.rule: Final = rule
        self.place: Place = TOP

    def write(self, job: Job, turn: Turn | None, refusal: UsageError | None = None) -> None:
        """Leave the row, if the action is one that is noted."""
        if self.rule.effect is Effect.READ:
            return
        before, after = ("", "") if turn is None else turn.noted()
        row = AuditAct(
            at=self.now,
            who=self.who.name,
            role=self.who.role.value if turn is None else turn.who.role.value,
            address=self.who.address,
            tenant=path_of(self.place),
            what=self.action,
            target=self.target if turn is None or not turn.target else turn.target,
            outcome=_outcome(turn, refusal),
            before=before,
            after=after,
            reason=self.reason,
        )
        job.tx.trail.append(row)


def _outcome(turn: Turn | None, refusal: UsageError | None) -> str:
    if refusal is not None:
        return refusal.code
    return "done" if turn is None else turn.outcome


class UseCase(_Framed[R], Generic[K, P, R]):
    """Something that is done to one thing: ``use_case(me, now, key, …)``."""

    def __init__(self, action: str, kind: Kind[K], body: Callable[Concatenate[Turn, K, P], R]) -> None:
        super().__init__(action, body)
        self.kind: Final = kind

    def __call__(self, me: Caller, now: Instant, key: K, /, *given: P.args, **named: P.kwargs) -> R:
        """Act, or be refused.

        Args:
            me: Who, at which console.
            now: The moment.
            key: What it is done to.
            *given: See the use case.
            **named: See the use case; ``reason`` goes into the trail.

        Raises:
            PermissionRefused: E573 (the table does not allow it), E575 (not live any more), E576 (a first secret).
            NotFound: E574: it is not there, or lies outside what this principal may know of.
            UsageError: E555 and E589, for what no use case could mean; and what the use case says itself.
        """
        refuse_unfit((key,))
        self.shape.refuse_misfits((key,), {})
        kind = self.kind
        target = _Target(
            word=kind.word, said=kind.said(key), shown=kind.shown(key), find=lambda job, _who: kind.find(job, key)
        )
        return self._run(me, now, (key, *given), named, target)


class Listing(_Framed[R], Generic[P, R]):
    """Something that is shown of all that a principal sees: ``listing(me, now, …)``."""

    def __init__(self, action: str, body: Callable[Concatenate[Turn, P], R]) -> None:
        super().__init__(action, body)

    def __call__(self, me: Caller, now: Instant, /, *given: P.args, **named: P.kwargs) -> R:
        """Show, or refuse; see :meth:`UseCase.__call__`."""
        return self._run(me, now, given, named, _Target(find=lambda _job, who: who.place, is_list=True))


def use_case(action: str, kind: Kind[K]) -> Callable[[Callable[Concatenate[Turn, K, P], R]], UseCase[K, P, R]]:
    """Make a function ``(turn, key, …)`` a use case on one thing.

    Args:
        action: Its row of the table.
        kind: What its key names.

    Raises:
        UsageError: E558, when the table has no such row; E559, when another use case has it.
    """

    def decorate(body: Callable[Concatenate[Turn, K, P], R]) -> UseCase[K, P, R]:
        made = UseCase(action, kind, body)
        _REGISTRY[action] = made
        return made

    return decorate


def listing(action: str) -> Callable[[Callable[Concatenate[Turn, P], R]], Listing[P, R]]:
    """Make a function ``(turn, …)`` a list of what its principal sees: it has ``turn.shop`` and nothing else to show.

    Raises:
        UsageError: E558 and E559, as :func:`use_case`.
    """

    def decorate(body: Callable[Concatenate[Turn, P], R]) -> Listing[P, R]:
        made = Listing(action, body)
        _REGISTRY[action] = made
        return made

    return decorate
