"""The simulated switch obeys each command once and reports what a switch would report."""

from __future__ import annotations

import pytest

from callcenter.files.behaviours import AnswerKind, Behaviour
from callcenter.model import commands, events
from callcenter.model.commands import SwitchCommand
from callcenter.model.events import Cause, Event, PlayResult
from callcenter.model.ids import BridgeId, CallId, LegId, PlayId, PromptName, RecordingId
from callcenter.model.times import SECOND, Instant, seconds
from callcenter.model.value import changed
from callcenter.switch.agenda import Agenda
from callcenter.switch.faults import Fault, Faults
from callcenter.switch.parts import Leg, PromptLengths
from callcenter.switch.simulated import SimulatedSwitch

CALL = CallId("c1")
LEG = LegId("l1")
PLAY = PlayId("p1")
PHONE = "013900000001"
ANSWER = commands.Answer(call=CALL)
DIAL = commands.Dial(call=CALL, leg=LEG, number=PHONE, caller_id="", timeout=seconds(15))
GREETING = commands.Play(call=CALL, play=PLAY, prompts=(PromptName("hello.wav"), PromptName("menu.wav")))


class Bench:
    """A switch on the bench: one caller has dialled in, and what is reported is written down."""

    def __init__(self, behaviour: Behaviour | None = None, *faults: Fault) -> None:
        self.agenda = Agenda(Instant(0))
        self.reported: list[Event] = []
        self.picked_up_legs: list[Leg] = []
        self._behaviour = behaviour or Behaviour()
        lengths = PromptLengths(seconds(2), {PromptName("hello.wav"): seconds(3), PromptName("lost.wav"): None})
        self.switch = SimulatedSwitch(self.agenda, self.reported.append, self, lengths, Faults(faults))
        self.switch.arrive(
            events.CallOffered(at=Instant(0), call=CALL, caller="013900001111", dialled="95990001"), (0,)
        )
        self.run(0)

    def behaviour(self, call: CallId, number: str) -> Behaviour:
        return self._behaviour

    def picked_up(self, leg: Leg) -> None:
        self.picked_up_legs.append(leg)

    def obey(self, *given: SwitchCommand) -> None:
        for command in given:
            self.switch.perform(command)
        self.run(0)

    def run(self, after: float) -> None:
        """Let the world go on for some seconds."""
        until = Instant(self.agenda.now + round(after * SECOND))
        while (at := self.agenda.next_at()) is not None and at <= until:
            self.agenda.take()()
        self.agenda.now = until

    def told(self) -> list[Event]:
        """Return what was reported since this was last asked."""
        told, self.reported[:] = list(self.reported), []
        return told

    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.told()]


def test_an_answer_is_confirmed_at_once_and_once() -> None:
    """Answer takes no time; the same command again has no second effect."""
    bench = Bench()
    assert bench.names() == ["CallOffered"]
    bench.obey(ANSWER, ANSWER)
    assert bench.told() == [events.CallAnswered(at=Instant(0), call=CALL)]
    assert bench.switch.repeated == 1


def test_a_phone_rings_at_once_and_answers_after_its_time() -> None:
    """``after`` counts from the dial, and the switch knows the leg from then on."""
    bench = Bench(Behaviour(after=seconds(3)))
    bench.obey(ANSWER, DIAL, DIAL)
    assert bench.names() == ["CallOffered", "CallAnswered", "LegRinging"]
    bench.run(2.9)
    assert bench.names() == []
    bench.run(0.1)
    assert bench.told() == [events.LegAnswered(at=Instant(3 * SECOND), call=CALL, leg=LEG)]
    assert bench.switch.talking(CALL) is bench.picked_up_legs[0]


@pytest.mark.parametrize(
    ("kind", "cause"),
    [(AnswerKind.BUSY, Cause.BUSY), (AnswerKind.REJECT, Cause.REJECTED), (AnswerKind.UNREACHABLE, Cause.UNREACHABLE)],
)
def test_a_phone_that_does_not_answer_says_why(kind: AnswerKind, cause: Cause) -> None:
    """Busy, rejected and unreachable end the leg with their cause; nothing is left of it."""
    bench = Bench(Behaviour(kind=kind, after=seconds(2)))
    bench.obey(ANSWER, DIAL)
    bench.run(2)
    assert bench.told()[-1] == events.LegFailed(at=Instant(2 * SECOND), call=CALL, leg=LEG, cause=cause)
    assert not bench.switch.legs


def test_a_phone_that_is_in_a_live_leg_is_busy() -> None:
    """One phone is in one leg, whoever dials it; the caller's own phone is in its call."""
    bench = Bench(Behaviour(kind=AnswerKind.NEVER))
    bench.obey(ANSWER, DIAL, changed(DIAL, leg=LegId("l2")), changed(DIAL, leg=LegId("l3"), number="013900001111"))
    failed = [event for event in bench.told() if isinstance(event, events.LegFailed)]
    assert [(event.leg, event.cause) for event in failed] == [("l2", Cause.BUSY), ("l3", Cause.BUSY)]


def test_a_leg_that_was_hung_up_is_never_answered() -> None:
    """A phone that stopped ringing cannot be picked up; a second HangUpLeg finds nothing."""
    bench = Bench(Behaviour(after=seconds(3)))
    hang_up = commands.HangUpLeg(call=CALL, leg=LEG, cause=Cause.ANSWERED_ELSEWHERE)
    bench.obey(ANSWER, DIAL, hang_up, hang_up)
    bench.run(10)
    ended = bench.told()[-1]
    assert ended == events.LegEnded(at=Instant(0), call=CALL, leg=LEG, cause=Cause.ANSWERED_ELSEWHERE)
    assert not bench.picked_up_legs


def test_prompts_play_one_after_the_other() -> None:
    """A playlist lasts as long as its prompts together: 3 s listed, 2 s by default."""
    bench = Bench()
    bench.obey(ANSWER, GREETING)
    bench.told()
    bench.run(4.9)
    assert bench.told() == []
    bench.run(0.1)
    assert bench.told() == [events.PlaybackEnded(at=Instant(5 * SECOND), call=CALL, play=PLAY)]


def test_a_stopped_play_ends_at_once_and_not_again() -> None:
    """StopPlay is confirmed as stopped; the planned end of the prompt means nothing any more."""
    bench = Bench()
    bench.obey(ANSWER, GREETING, commands.StopPlay(call=CALL, play=PLAY))
    bench.run(10)
    assert bench.told()[2:] == [events.PlaybackEnded(at=Instant(0), call=CALL, play=PLAY, result=PlayResult.STOPPED)]


def test_a_missing_voice_file_fails_at_once() -> None:
    """A playlist with a file that is not there cannot be played."""
    bench = Bench()
    bench.obey(ANSWER, changed(GREETING, prompts=(PromptName("lost.wav"),)))
    assert bench.told()[2:] == [events.PlaybackEnded(at=Instant(0), call=CALL, play=PLAY, result=PlayResult.FAILED)]


def test_keys_reach_the_switch_only_while_the_caller_is_connected() -> None:
    """Keys before the answer and after the hang-up are never reported."""
    bench = Bench()
    bench.switch.press(CALL, "1")
    bench.obey(ANSWER)
    bench.switch.press(CALL, "2")
    bench.switch.caller_hangs_up(CALL)
    bench.switch.press(CALL, "3")
    bench.switch.caller_hangs_up(CALL)
    bench.run(0)
    assert bench.names() == ["CallOffered", "CallAnswered", "DigitPressed", "CallerHungUp"]


def test_after_the_caller_is_gone_nothing_can_be_made_for_it() -> None:
    """A command that lost the race fails: a dial as a leg that cannot be reached; one that only ends something is silent."""
    bench = Bench()
    bench.obey(ANSWER, commands.HangUp(call=CALL, cause=Cause.NORMAL))
    bench.told()
    bench.obey(DIAL, GREETING, commands.StopPlay(call=CALL, play=PLAY), commands.HangUp(call=CALL, cause=Cause.NORMAL))
    assert bench.told() == [
        events.LegFailed(at=Instant(0), call=CALL, leg=LEG, cause=Cause.UNREACHABLE),
        events.CommandFailed(at=Instant(0), call=CALL, command="Play", id=PLAY, reason="no such call or leg"),
    ]


def test_a_bridge_needs_an_answered_leg() -> None:
    """A ringing phone cannot be bridged; an answered one is, until its leg ends."""
    bench = Bench(Behaviour(after=seconds(1)))
    bridge = commands.Bridge(call=CALL, leg=LEG, bridge=BridgeId("b1"))
    bench.obey(ANSWER, DIAL, bridge)
    assert bench.names()[-1] == "CommandFailed"
    bench.run(1)
    bench.obey(bridge)
    assert bench.switch.lines[CALL].bridge == LEG
    bench.switch.phone_hangs_up(bench.picked_up_legs[0])
    bench.run(0)
    assert bench.told()[-1] == events.LegEnded(at=Instant(SECOND), call=CALL, leg=LEG)
    assert bench.switch.lines[CALL].bridge is None


def test_a_recording_ends_by_order_at_its_limit_or_with_the_line() -> None:
    """Its length is what was recorded, whatever ended it; it is reported once."""
    bench = Bench()
    first, second = RecordingId("r1"), RecordingId("r2")
    bench.obey(ANSWER, commands.Record(call=CALL, recording=first, max_length=seconds(3)))
    bench.run(5)
    bench.obey(commands.Record(call=CALL, recording=second), commands.StopRecord(call=CALL, recording=first))
    bench.run(1.5)
    bench.switch.caller_hangs_up(CALL)
    bench.run(0)
    ended = [event for event in bench.told() if isinstance(event, events.RecordingEnded)]
    assert [(event.recording, event.length) for event in ended] == [(first, seconds(3)), (second, seconds(1.5))]


def test_hold_music_is_what_the_caller_hears_until_it_stops() -> None:
    """Starting again is harmless."""
    bench = Bench()
    bench.obey(ANSWER, commands.StartHoldMusic(call=CALL, music="m.wav"))
    assert bench.switch.lines[CALL].music == "m.wav"
    bench.obey(commands.StopHoldMusic(call=CALL))
    assert bench.switch.lines[CALL].music is None


@pytest.mark.parametrize(("copies", "late"), [(2, 0.0), (0, 0.0), (1, 1.5)])
def test_a_fault_disturbs_one_event(copies: int, late: float) -> None:
    """An event comes late, twice or never; the leg is answered all the same."""
    fault = Fault(event="LegAnswered", call=CALL, late=seconds(late), copies=copies)
    bench = Bench(Behaviour(after=seconds(1)), fault)
    bench.obey(ANSWER, DIAL)
    bench.run(1)
    assert bench.switch.talking(CALL) is not None
    assert bench.switch.in_flight == (1 if late else 0)
    assert bench.switch.lossy is (copies == 0)
    bench.run(5)
    answered = [event for event in bench.told() if isinstance(event, events.LegAnswered)]
    assert [event.at for event in answered] == [Instant(SECOND + round(late * SECOND))] * copies
    assert bench.switch.in_flight == 0


def test_plans_of_two_phones_at_one_instant_come_in_dial_order_answers_first() -> None:
    """An answer stands before a reject of the same instant, though its phone was dialled later."""
    bench = Bench()
    manners = {PHONE: Behaviour(kind=AnswerKind.REJECT, after=seconds(4)), "013900000002": Behaviour(after=seconds(4))}
    bench.behaviour = lambda call, number: manners[number]  # type: ignore[method-assign]
    bench.obey(ANSWER, DIAL, changed(DIAL, leg=LegId("l2"), number="013900000002"))
    bench.told()
    bench.run(4)
    assert bench.names() == ["LegAnswered", "LegFailed"]
