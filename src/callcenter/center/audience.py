"""Who hears what happened: listeners, told after the commit; an error of theirs stops nothing.

A listener without a name hears what happens while it listens. One with a name (:attr:`Surroundings.subscribers`) hears
every step at least once, in order: its facts are written with the step and wait in the store until it has returned from
hearing them, which is written down with the next step. After a crash, and after an error of its own, it is told again.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from callcenter.errors import UsageError
from callcenter.model.codec import decode_any, encode
from callcenter.model.facts import Fact
from callcenter.ports import Transaction

Facts = tuple[Fact, ...]
Listener = Callable[[Facts], None]

MOST_KEPT: Final = 10_000
"""So many steps wait for a listener that cannot hear; then the oldest are given up."""


class Audience:
    """The listeners of a host.

    Args:
        errors: Where it is noted what they raised.
        named: Those whose facts wait in the store.
    """

    def __init__(self, errors: deque[Exception], named: Mapping[str, Listener]) -> None:
        self._listeners: Final[list[Listener]] = []
        self._named: Final = [Subscriber(name, listener, errors) for name, listener in named.items()]
        self._errors: Final = errors

    def add(self, listener: Listener) -> None:
        """Let somebody hear from now on."""
        self._listeners.append(listener)

    def load(self, tx: Transaction, found: Facts = ()) -> None:
        """Take over what the store keeps for those who have a name, and what was found out in the same transaction."""
        for subscriber in self._named:
            subscriber.load(tx)
            if found:
                subscriber.write(tx, [found])
                subscriber.load(tx)

    def write(self, tx: Transaction, steps: Iterable[Iterable[Fact]]) -> None:
        """Keep the facts of steps for those who have a name, in the transaction of the steps."""
        for subscriber in self._named:
            subscriber.write(tx, [tuple(step) for step in steps if step])

    def tell(self, steps: Iterable[Iterable[Fact]]) -> None:
        """Tell the facts of steps that are durable; nobody is told nothing."""
        for subscriber in self._named:
            subscriber.kept()
        for happened in [tuple(step) for step in steps]:
            for listener in self._listeners if happened else ():
                try:
                    listener(happened)
                except Exception as error:  # noqa: BLE001 - whatever a listener raises, the calls go on
                    self._errors.append(error)
        for subscriber in self._named:
            subscriber.tell()


class Subscriber:
    """One listener with a name: steps have numbers, and the store has those from ``first`` to before ``next``.

    Args:
        name: The same in each process; of the store, so that hosts that share one take names of their own.
        listener: Hears the facts of a step; what it has returned from it need not hear again.
        errors: Where it is noted what it raised.
    """

    def __init__(self, name: str, listener: Listener, errors: deque[Exception]) -> None:
        self._key: Final = f"listener:{name}"
        self._listener: Final = listener
        self._errors: Final = errors
        self._first, self._next = 1, 1
        self._waiting: deque[tuple[int, Facts]] = deque()
        self._written: list[Facts] = []
        self._heard = 0
        self._marked = 0
        self._telling = False

    def load(self, tx: Transaction) -> None:
        """Take over what waits in the store, but for what was heard since it was written."""
        self._first, self._next = map(int, (tx.notes.get(self._key) or "1 1").split())
        self._heard = max(self._heard, self._first - 1)
        texts = ((number, tx.notes.get(self._row(number))) for number in range(self._heard + 1, self._next))
        self._waiting = deque((number, decode_any(Facts, json.loads(text))) for number, text in texts if text)
        self._written, self._marked = [], self._first - 1

    def write(self, tx: Transaction, steps: list[Facts]) -> None:
        """Write steps down, and what was heard of earlier ones; it holds when :meth:`kept` is called."""
        self._written, self._marked = steps, self._heard
        if not steps and self._marked < self._first:
            return
        for number in range(self._first, self._marked + 1):
            tx.notes.remove(self._row(number))
        for number, step in enumerate(steps, self._next):
            body = json.dumps(encode(Facts, step), ensure_ascii=False, separators=(",", ":"))
            tx.notes.put(self._row(number), body)
        tx.notes.put(self._key, f"{self._marked + 1} {self._next + len(steps)}")

    def kept(self) -> None:
        """Take note that what was written is durable."""
        self._waiting.extend(enumerate(self._written, self._next))
        self._first, self._next = self._marked + 1, self._next + len(self._written)
        self._written = []
        if len(self._waiting) > MOST_KEPT:
            self._errors.append(UsageError("E518", self._key, steps=len(self._waiting) - MOST_KEPT))
        while len(self._waiting) > MOST_KEPT:
            self._heard = self._waiting.popleft()[0]

    def tell(self) -> None:
        """Tell what waits, in order; at an error the rest waits for the next step."""
        if self._telling:  # a listener that acts on the host: its own telling goes on with what that brought
            return
        self._telling = True
        try:
            while self._waiting:
                number, step = self._waiting[0]
                self._listener(step)
                if self._waiting and self._waiting[0][0] == number:
                    self._waiting.popleft()
                self._heard = max(self._heard, number)
        except Exception as error:  # noqa: BLE001 - whatever a listener raises, the calls go on
            self._errors.append(error)
        finally:
            self._telling = False

    def _row(self, number: int) -> str:
        return f"{self._key}:{number}"
