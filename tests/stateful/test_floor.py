"""Any order of events on a busy floor: nobody rings twice, nobody is forgotten, no fact tells of what was not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from callcenter.compat import override
from callcenter.engine import Engine, Outcome
from callcenter.model import commands, facts
from callcenter.model.directory import CenterConfig
from callcenter.model.events import Event
from callcenter.model.facts import OfferOutcome
from callcenter.model.value import changed
from callcenter.testing.floor_machine import CallFloor, PromiseBroken

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
LENGTHS = {"dev": (40, 30), "ci": (200, 50), "deep": (2000, 50)}
EXAMPLES, STEPS = LENGTHS.get(settings.get_current_profile_name(), LENGTHS["dev"])

TestFloor = CallFloor.TestCase
TestFloor.settings = settings(max_examples=EXAMPLES, stateful_step_count=STEPS, suppress_health_check=SLOW)


# ---------------------------------------------------------------- the machine notices


class NeverCancels(Engine):
    """Lets the phones of losers ring on."""

    @override
    def handle(self, event: Event) -> Outcome:
        done = super().handle(event)
        return changed(done, commands=tuple(c for c in done.commands if not isinstance(c, commands.HangUpLeg)))


class TellsTwice(Engine):
    """Ends every offer twice."""

    @override
    def handle(self, event: Event) -> Outcome:
        done = super().handle(event)
        ends = tuple(fact for fact in done.facts if isinstance(fact, facts.OfferEnded))
        return changed(done, facts=(*done.facts, *ends))


class ForgetsMisses(Engine):
    """Tells of rejects as of cancelled offers, so that sessions and blocks do not fit."""

    @override
    def handle(self, event: Event) -> Outcome:
        done = super().handle(event)
        return changed(done, facts=tuple(map(self._kind, done.facts)))

    @staticmethod
    def _kind(fact: Any) -> Any:
        missed = isinstance(fact, facts.OfferEnded) and fact.outcome is not OfferOutcome.ANSWERED
        return changed(fact, outcome=OfferOutcome.CANCELLED) if missed else fact


class Sleeps(Engine):
    """Does nothing for those who become ready while somebody waits."""

    @override
    def handle(self, event: Event) -> Outcome:
        done = super().handle(event)
        kept = (facts.AgentOffered, facts.OfferEnded, facts.Connected, facts.TalkEnded)
        return changed(done, facts=tuple(fact for fact in done.facts if not isinstance(fact, kept)))


class RollsDice(Engine):
    """Goes on otherwise after a load."""

    @classmethod
    @override
    def load(cls, config: CenterConfig, blob: str, **more: Any) -> Engine:
        return cls(config)


@pytest.mark.parametrize("engine", [NeverCancels, TellsTwice, ForgetsMisses, Sleeps, RollsDice])
def test_a_broken_engine_is_found(engine: type[Engine]) -> None:
    """The oracle is no mirror: each of these faults breaks a promise within a few stories."""

    class Broken(CallFloor):
        @override
        def make(self, config: CenterConfig) -> Engine:
            return engine(config)

    quick = settings(
        max_examples=100,
        stateful_step_count=30,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=SLOW,
    )
    with pytest.raises(PromiseBroken):
        run_state_machine_as_test(Broken, settings=quick)
