"""A second opinion after every event: the invariants, judged from the facts, from the engine and from the switch.

The auditor trusts nobody. It keeps its own fold of the facts (who is offered, who talks, what has ended), asks the
engines for their views and the switch for its own, and raises at the first that do not agree. Looking at the engine
alone would miss a leg that the switch still holds for a call that is over; so most rules look from both sides.

Rules of a live world (legs, lines, bridges) are judged when no event is on its way from the switch to the engine, and
not after a fault that swallowed one: what was never told cannot be known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

from callcenter.billing.accounts import Account
from callcenter.center import CallCenterHost
from callcenter.center.desk import Desk
from callcenter.engine.states import CallState
from callcenter.errors import SwitchError
from callcenter.model import facts
from callcenter.model.directory import GroupKind
from callcenter.model.facts import AgentPhase, OfferOutcome
from callcenter.model.ids import CallId, OfferId, agent_key
from callcenter.model.money import ZERO
from callcenter.model.numbers import matched
from callcenter.model.records import Party, PartyKind
from callcenter.model.times import NEVER, SECOND, Instant
from callcenter.ports import EntryOrder, Transaction
from callcenter.switch.simulated import SimulatedSwitch

Look = Callable[[], AbstractContextManager[Transaction]]
_AFTER_THE_END: Final = (facts.Charged, facts.RecordingEnded, facts.StaleEvent, facts.ImpossibleEvent)
_MONEY: Final = (facts.Charged, facts.Posted, facts.AgentOffered, facts.Connected, facts.CallEnded)
_QUIET: Final = frozenset({AgentPhase.LOGGED_OUT, AgentPhase.NOT_READY, AgentPhase.READY})
_BEGINS: Final = Instant(-NEVER)
_MISSES: Final = frozenset({OfferOutcome.BUSY, OfferOutcome.REJECTED, OfferOutcome.UNREACHABLE})
_LONGEST_BLOCK: Final = 60 * SECOND
"""After a busy phone (3.4): the longest that an extension may have a timer without a call."""


class AuditFailure(SwitchError):
    """An invariant does not hold.

    Args:
        invariant: Its number in the design, for example ``"V1"``.
        number: Of the event after which it was seen, from 1.
        what: What was found.
        command: What repeats the run.
    """

    def __init__(self, invariant: str, number: int, what: str, command: str) -> None:
        super().__init__("E521", invariant=invariant, number=number, what=what, command=command)
        self.invariant: Final = invariant
        self.number: Final = number


class Auditor:
    """Watches one run.

    Args:
        host: Whose engines are watched.
        switch: The other witness.
        look: Opens a transaction to read the books in.
        command: What repeats the run.

    Attributes:
        number: Events seen.
        lost: Whether an agent's client was ever lost: then agents who are ready may not be offered to, and a grace
            runs while nothing else does.
        crashed: Whether the host ever died: then commands come again.
    """

    def __init__(self, host: CallCenterHost, switch: SimulatedSwitch, look: Look, command: str = "") -> None:
        self.number = 0
        self._host = host
        self._switch: Final = switch
        self._look: Final = look
        self._command: Final = command
        self._offers: dict[OfferId, facts.AgentOffered] = {}
        self._talks: dict[CallId, Party] = {}
        self._ended: set[CallId] = set()
        self._closed: set[OfferId] = set()
        self._rent_taken = False
        self._blocked_until = _BEGINS
        self.lost = False
        self.crashed = False
        self._picky: set[CallId] = set()

    def look(self, happened: tuple[facts.Fact, ...]) -> None:
        """Judge what an event came to.

        Raises:
            AuditFailure: At the first invariant that does not hold.
        """
        self.number += 1
        for fact in happened:
            self._fold(fact)
        self._switch_alone()
        for desk in self._host.desks.values():
            self._rings(desk)
            self._agents(desk)
            self._idle_pairs(desk)
        if self._switch.in_flight == 0 and not self._switch.lossy:
            self._both_sides()
        if any(isinstance(fact, _MONEY) for fact in happened):
            with self._look() as tx:
                self._money(tx)

    def follow(self, host: CallCenterHost) -> None:
        """Watch the host that has come in the place of one that died."""
        self._host, self.crashed = host, True

    def finish(self) -> None:
        """Judge the books as a whole, after the last event."""
        with self._look() as tx:
            self._money(tx)
            for account in tx.ledger.accounts():
                entries = tx.ledger.entries(account, _BEGINS, NEVER, EntryOrder.POSTED)
                total = sum((entry.amount(account) for entry in entries), ZERO)
                self._hold("balance = sum of entries", total == tx.ledger.balance(account), account)
                keys = Counter(entry.key for entry in entries)
                self._hold("unique keys", not keys or max(keys.values()) == 1, account)

    def _hold(self, invariant: str, holds: bool, what: object) -> None:
        if not holds:
            raise AuditFailure(invariant, self.number, str(what), self._command)

    # ---------------------------------------------------------------- the fold of the facts

    def _fold(self, fact: facts.Fact) -> None:
        call = getattr(fact, "call", None)
        if call is not None and not isinstance(fact, _AFTER_THE_END):
            self._hold("V17", call not in self._ended, f"{type(fact).__name__} of {call} after its end")
        match fact:
            case facts.AgentOffered():
                self._offered(fact)
            case facts.OfferEnded():
                self._hold("V4", fact.offer in self._offers and fact.offer not in self._closed, fact)
                del self._offers[fact.offer]
                self._closed.add(fact.offer)
                if fact.party.kind is PartyKind.EXTENSION and fact.outcome in _MISSES:
                    self._blocked_until = Instant(fact.at + _LONGEST_BLOCK)
            case facts.Connected():
                self._hold("V3", fact.call not in self._talks, fact)
                talking = [call for call, party in self._talks.items() if party == fact.party]
                self._hold("V1", not self._of_the_center(fact.call, talking), fact)
                self._talks[fact.call] = fact.party
            case facts.TalkEnded():
                self._hold("V17", self._talks.pop(fact.call, None) == fact.party, fact)
                self._hold("times ordered", fact.talk.ring_at <= fact.talk.answered_at <= fact.talk.ended_at, fact)
            case facts.CallEnded():
                open_offers = [offer.offer for offer in self._offers.values() if offer.call == fact.call]
                self._hold("V2", not open_offers and fact.call not in self._talks, f"{fact.call}: {open_offers}")
                self._ended.add(fact.call)
            case facts.Posted():
                self._rent_taken = True
            case facts.Routed():
                self._picky |= {fact.call} if fact.target.requires else set()
            case _:
                return

    def _offered(self, fact: facts.AgentOffered) -> None:
        self._hold("V17", fact.offer not in self._offers and fact.offer not in self._closed, fact)
        others = [offer.call for offer in self._offers.values() if offer.party == fact.party]
        same_center = self._of_the_center(fact.call, others)
        self._hold("V1", not same_center, f"{fact.party} is offered {same_center}")
        self._offers[fact.offer] = fact

    def _of_the_center(self, call: CallId, others: list[CallId]) -> list[CallId]:
        """Return the calls of the same center as a call: agents of two centers may have one id."""
        return [other for other in others if self._center_of(other) == self._center_of(call)]

    def _center_of(self, call: CallId) -> str:
        return next((desk.id for desk in self._host.desks.values() if call in desk.meters), "")

    # ---------------------------------------------------------------- the switch's side

    def _switch_alone(self) -> None:
        # A center does not see the legs of another: there the switch says busy.
        numbers = Counter((self._center_of(leg.call), leg.number) for leg in self._switch.legs.values())
        self._hold("one live leg per phone", not numbers or max(numbers.values()) == 1, numbers.most_common(1))
        once = self._switch.repeated == 0 or self.crashed
        self._hold("outbox once", once, f"{self._switch.repeated} commands came again")

    def _both_sides(self) -> None:
        calls = {call for desk in self._host.desks.values() for call in desk.engine.live_calls()}
        lines = set(self._switch.lines)
        self._hold("no line without its call, no call without its line", calls == lines, sorted(calls ^ lines))
        legs = {leg for desk in self._host.desks.values() for leg in desk.engine.live_legs()}
        up = {leg for _call, leg in self._switch.legs}
        self._hold("no leg without its call, no call without its leg", legs == up, sorted(legs ^ up))
        for call, line in self._switch.lines.items():
            hears = call in self._talks
            if line.bridge is not None:
                self._hold("bridged only while talking", hears, f"{call} hears {line.bridge}")
        for desk in self._host.desks.values():
            phases = desk.engine.agent_phases().values()
            blocked = self._host.now <= self._blocked_until  # an extension may be, which has no state to look at
            if not desk.meters and not self.lost and not blocked and all(phase in _QUIET for phase in phases):
                self._hold("no timer after hang-up", desk.engine.next_deadline() is None, desk.id)

    # ---------------------------------------------------------------- the engine's side

    def _rings(self, desk: Desk) -> None:
        """Each leg that is not told to end has its open offer, its direct dial or its talk (V5)."""
        ringing = Counter(offer.call for offer in self._offers.values())
        for call, view in desk.engine.live_calls().items():
            match view.state:
                case CallState.RINGING:
                    right = len(view.legs) == ringing[call]
                case CallState.ANNOUNCING | CallState.TALKING:
                    right = len(view.legs) == 1
                case CallState.DIALLING:
                    right = len(view.legs) <= 1
                case _:
                    right = not view.legs
            self._hold("V5", right, f"{call} is {view.state.value} with {len(view.legs)} legs")

    def _agents(self, desk: Desk) -> None:
        """An agent is offered, or talks, exactly when the facts say so (V1, V2)."""
        offered = {
            agent_key(offer.party.id)
            for offer in self._offers.values()
            if offer.party.kind is PartyKind.AGENT and offer.call in desk.meters
        }
        phases = desk.engine.agent_phases()
        shown = {agent_key(agent) for agent, phase in phases.items() if phase is AgentPhase.OFFERED}
        self._hold("V2", offered == shown, f"offered by facts {sorted(offered)}, by state {sorted(shown)}")
        talking = {
            agent_key(party.id)
            for call, party in self._talks.items()
            if party.kind is PartyKind.AGENT and call in desk.meters
        }
        busy = {agent_key(agent) for agent, phase in phases.items() if phase is AgentPhase.TALKING}
        self._hold("V1", talking <= busy, f"talking by facts {sorted(talking)}, by state {sorted(busy)}")

    def _idle_pairs(self, desk: Desk) -> None:
        """No caller waits beside a free agent of its group who could take the call (V10)."""
        waiting = {call: view for call, view in desk.engine.live_calls().items() if view.state is CallState.WAITING}
        if not waiting:
            return
        phases = {agent_key(agent): phase for agent, phase in desk.engine.agent_phases().items()}
        agents = {agent_key(agent.id): agent for agent in desk.center.agents.values()}
        engaged = {*desk.engine.live_legs().values(), *(matched(meter.caller) for meter in desk.meters.values())}
        up = {number for view in desk.engine.live_calls().values() for _, number in view.legs}
        up |= {matched(meter.caller) for meter in desk.meters.values()}
        for call, view in waiting.items():
            group = next((each for each in desk.center.groups.values() if each.id == view.group), None)
            if group is None or group.kind is not GroupKind.LOGIN or group.requires or group.retry_delay:
                continue
            keys = {agent_key(member.agent) for member in group.members} if call not in self._picky else set()
            ready = [a for key, a in agents.items() if key in keys and phases.get(key) is AgentPhase.READY]
            if any((engaged - up) & {agent.phone, *agent.phones} for agent in ready):
                continue  # a round waits until the phones of the last one are put down
            for agent in ready:
                free = not engaged & {agent.phone, *agent.phones}
                self._hold("V10", not free or self.lost, f"{call} waits in {group.id} while {agent.id} is ready")

    # ---------------------------------------------------------------- the books

    def _money(self, tx: Transaction) -> None:
        accounts = tx.ledger.accounts()
        total = sum((tx.ledger.balance(account) for account in accounts), ZERO)
        self._hold("sum of accounts is zero", total == ZERO, total)
        if self._rent_taken:  # rent is taken even where it makes the balance negative (C6)
            return
        now = self._host.now
        for desk in self._host.desks.values():
            account: Account = desk.account
            held = tx.holds.held(account, now)
            covered = tx.ledger.balance(account) + desk.center.credit_limit
            self._hold("authorised <= balance + limit", not held or held <= covered, f"{account}: {held} of {covered}")
            talks = {meter.hold for meter in desk.meters.values() if meter.hold}
            strays = [hold.id for hold in tx.holds.open(account) if hold.id not in talks]
            self._hold("held = sum of open holds", not strays, strays)
