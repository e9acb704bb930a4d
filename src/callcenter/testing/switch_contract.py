"""What a switch must do for the library to drive it: the promises as tests, named like them.

An adapter proves itself with one subclass::

    class TestMySwitch(SwitchContract):
        def make(self) -> SwitchBench:
            return MyBench(MySwitch(...))

A :class:`~callcenter.testing.switch_bench.SwitchBench` is the adapter with hands: it performs commands, lets a caller
and phones act, and returns what was reported. The simulated switch of the library is the first to pass
(:class:`callcenter.testing.sim_switch.SimSwitch`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, ClassVar, TypeVar

from callcenter.model import commands, events
from callcenter.model.commands import SwitchCommand
from callcenter.model.events import Cause, PlayResult
from callcenter.model.ids import BridgeId, CallId, LegId, PlayId, PromptName, RecordingId
from callcenter.model.times import SECOND, Duration
from callcenter.testing.switch_bench import Manner, SwitchBench

_E = TypeVar("_E")


class SwitchContract:
    """The promises. Write :meth:`make`; change the numbers and the prompt to what the switch has.

    Attributes:
        caller: Who calls.
        dialled: The access number.
        phones: Two phones that can be rung.
        prompt: A prompt that can be played and lasts longer than a second, and less than ten.
        patience: Seconds within which whatever was ordered is reported.
    """

    caller: ClassVar[str] = "013900001111"
    dialled: ClassVar[str] = "95990001"
    phones: ClassVar[tuple[str, str]] = ("013900000001", "013900000002")
    prompt: ClassVar[str] = "welcome.wav"
    patience: ClassVar[float] = 1

    def make(self) -> SwitchBench:
        """Return a new switch without calls."""
        raise NotImplementedError

    # ---------------------------------------------------------------- small stories

    @contextmanager
    def bench(self) -> Iterator[SwitchBench]:
        """Open a bench and close it again."""
        bench = self.make()
        try:
            yield bench
        finally:
            bench.close()

    @contextmanager
    def answered(self) -> Iterator[tuple[SwitchBench, CallId]]:
        """Open a bench with a caller who is connected."""
        with self.bench() as bench:
            call = bench.caller_dials(self.caller, self.dialled)
            self.obey(bench, commands.Answer(call=call))
            yield bench, call

    @contextmanager
    def connected(self) -> Iterator[tuple[SwitchBench, CallId, LegId]]:
        """Open a bench with a caller and an answered phone."""
        with self.answered() as (bench, call):
            dial = self.dial(call)
            self.obey(bench, dial)
            yield bench, call, dial.leg

    def obey(self, bench: SwitchBench, *given: SwitchCommand) -> None:
        """Let commands be obeyed, and what follows at once be reported."""
        for command in given:
            bench.perform(command)
        bench.wait(self.patience)

    def dial(self, call: CallId, leg: str = "L1", which: int = 0) -> commands.Dial:
        """Return the order to ring one of the phones."""
        number = self.phones[which]
        return commands.Dial(
            call=call, leg=LegId(f"{call}/{leg}"), number=number, caller_id=self.caller, timeout=Duration(60 * SECOND)
        )

    def play(self, call: CallId, play: str = "P1") -> commands.Play:
        """Return the order to play the prompt to the caller."""
        return commands.Play(call=call, play=PlayId(f"{call}/{play}"), prompts=(PromptName(self.prompt),))

    def told(self, bench: SwitchBench, kind: type[_E], **fields: Any) -> list[_E]:
        """Return the reported events of a class whose fields are these."""
        found = [event for event in bench.events() if isinstance(event, kind)]
        return [event for event in found if all(getattr(event, name) == want for name, want in fields.items())]

    # ---------------------------------------------------------------- callers

    def test_an_arriving_call_is_offered_once(self) -> None:
        """A call is told with its id, its caller and the number dialled, before anything else of it."""
        with self.bench() as bench:
            call = bench.caller_dials(self.caller, self.dialled)
            bench.wait(self.patience)
            (offered,) = self.told(bench, events.CallOffered)
            assert (offered.call, offered.caller, offered.dialled) == (call, self.caller, self.dialled), offered

    def test_two_calls_have_two_ids(self) -> None:
        """An id is never used again, even by the same caller."""
        with self.bench() as bench:
            first = bench.caller_dials(self.caller, self.dialled)
            bench.caller_hangs_up(first)
            second = bench.caller_dials(self.caller, self.dialled)
            assert first != second, "an id came twice"

    def test_answer_is_followed_by_call_answered_once(self) -> None:
        """The caller is connected when ``CallAnswered`` says so; the same command again has no second effect."""
        with self.answered() as (bench, call):
            self.obey(bench, commands.Answer(call=call))
            assert len(self.told(bench, events.CallAnswered, call=call)) == 1, bench.events()

    def test_reject_ends_a_call_before_the_answer(self) -> None:
        """A rejected call is never answered, and nothing is heard of it but perhaps that its caller is gone."""
        with self.bench() as bench:
            call = bench.caller_dials(self.caller, self.dialled)
            bench.wait(self.patience)
            known = len(bench.events())
            self.obey(bench, commands.Reject(call=call, reason="blacklisted"))
            rest = bench.events()[known:]
            assert all(isinstance(event, events.CallerHungUp) for event in rest), rest

    def test_keys_are_told_one_by_one_in_order(self) -> None:
        """Each key is an event of its own."""
        with self.answered() as (bench, call):
            for key in "10*#":
                bench.caller_presses(call, key)
            bench.wait(self.patience)
            assert [event.digit for event in self.told(bench, events.DigitPressed, call=call)] == [*"10*#"]

    def test_a_caller_who_hangs_up_is_told_once(self) -> None:
        """``CallerHungUp`` comes once, also when the call is hung up from our side as well."""
        with self.answered() as (bench, call):
            bench.caller_hangs_up(call)
            self.obey(bench, commands.HangUp(call=call, cause=Cause.NORMAL))
            assert len(self.told(bench, events.CallerHungUp, call=call)) == 1, bench.events()

    def test_commands_for_a_caller_who_is_gone_are_races_and_no_errors(self) -> None:
        """Nothing raises; what was to be made is not made, whether or not ``CommandFailed`` says so."""
        with self.answered() as (bench, call):
            bench.caller_hangs_up(call)
            bench.wait(self.patience)
            stop = commands.StopPlay(call=call, play=PlayId(f"{call}/P1"))
            self.obey(bench, commands.Answer(call=call), self.play(call), stop, self.dial(call))
            assert not self.told(bench, events.PlaybackEnded, result=PlayResult.DONE), bench.events()
            assert not self.told(bench, events.LegAnswered), bench.events()

    # ---------------------------------------------------------------- phones

    def test_a_dialled_phone_rings_and_answers_as_its_leg(self) -> None:
        """``LegAnswered`` carries the id that the command chose; it comes once, and not before ``LegRinging``."""
        with self.connected() as (bench, call, leg):
            (answered,) = self.told(bench, events.LegAnswered, call=call)
            assert answered.leg == leg, answered
            legs = [type(event) for event in bench.events() if getattr(event, "leg", None) == leg]
            assert legs in ([events.LegRinging, events.LegAnswered], [events.LegAnswered]), legs

    def test_a_phone_that_does_not_answer_says_why(self) -> None:
        """``LegFailed`` tells busy, rejected and unreachable apart; the leg is over then."""
        causes = {Manner.BUSY: Cause.BUSY, Manner.REJECTS: Cause.REJECTED, Manner.UNREACHABLE: Cause.UNREACHABLE}
        for manner, cause in causes.items():
            with self.answered() as (bench, call):
                bench.phone(self.phones[0], manner)
                dial = self.dial(call)
                self.obey(bench, dial)
                (failed,) = self.told(bench, events.LegFailed, call=call)
                assert (failed.leg, failed.cause) == (dial.leg, cause), failed
                self.obey(bench, commands.HangUpLeg(call=call, leg=dial.leg, cause=Cause.NORMAL))
                assert not self.told(bench, events.LegEnded, leg=dial.leg), "a leg ended twice"

    def test_a_repeated_dial_rings_once(self) -> None:
        """Commands are sent at least once: the same leg is one phone call."""
        with self.answered() as (bench, call):
            self.obey(bench, self.dial(call), self.dial(call))
            assert len(self.told(bench, events.LegAnswered, call=call)) == 1, bench.events()
            assert not self.told(bench, events.LegFailed, call=call), "the second dial met the first one's phone"

    def test_a_phone_in_a_live_leg_is_busy(self) -> None:
        """One phone is in one leg: another dial of it fails as busy and disturbs nothing."""
        with self.connected() as (bench, call, leg):
            again = self.dial(call, "L2")
            self.obey(bench, again)
            (failed,) = self.told(bench, events.LegFailed, call=call)
            assert (failed.leg, failed.cause) == (again.leg, Cause.BUSY), failed
            assert not self.told(bench, events.LegEnded, leg=leg), "the first leg ended"

    def test_hang_up_leg_ends_a_ringing_phone_once(self) -> None:
        """A phone that rings stops; ``LegEnded`` comes once, and no answer after it."""
        with self.answered() as (bench, call):
            bench.phone(self.phones[0], Manner.RINGS)
            dial = self.dial(call)
            hang_up = commands.HangUpLeg(call=call, leg=dial.leg, cause=Cause.ANSWERED_ELSEWHERE)
            self.obey(bench, dial)
            self.obey(bench, hang_up, hang_up)
            over = [*self.told(bench, events.LegEnded, leg=dial.leg), *self.told(bench, events.LegFailed, leg=dial.leg)]
            assert len(over) == 1, over
            assert not self.told(bench, events.LegAnswered), bench.events()

    def test_hang_up_leg_ends_an_answered_phone_once(self) -> None:
        """A talk's phone is hung up; it may be rung again then."""
        with self.connected() as (bench, call, leg):
            hang_up = commands.HangUpLeg(call=call, leg=leg, cause=Cause.NORMAL)
            self.obey(bench, hang_up, hang_up)
            assert len(self.told(bench, events.LegEnded, leg=leg)) == 1, bench.events()
            again = self.dial(call, "L2")
            self.obey(bench, again)
            assert self.told(bench, events.LegAnswered, leg=again.leg), bench.events()

    def test_a_phone_that_hangs_up_is_told_once(self) -> None:
        """``LegEnded`` is the end of the leg; the caller stays."""
        with self.connected() as (bench, call, leg):
            bench.phone_hangs_up(self.phones[0])
            bench.wait(self.patience)
            assert len(self.told(bench, events.LegEnded, leg=leg)) == 1, bench.events()
            assert not self.told(bench, events.CallerHungUp, call=call), bench.events()

    # ---------------------------------------------------------------- sound

    def test_a_play_ends_done_once(self) -> None:
        """A prompt that was heard to its end is told so, once, also when the command came twice."""
        with self.answered() as (bench, call):
            self.obey(bench, self.play(call), self.play(call))
            bench.wait(10)
            (ended,) = self.told(bench, events.PlaybackEnded, call=call)
            assert (ended.play, ended.result) == (f"{call}/P1", PlayResult.DONE), ended

    def test_stop_play_stops(self) -> None:
        """A stopped prompt ends as stopped, once, and is not heard to its end."""
        with self.answered() as (bench, call):
            bench.perform(self.play(call))
            stop = commands.StopPlay(call=call, play=PlayId(f"{call}/P1"))
            self.obey(bench, stop, stop)
            bench.wait(10)
            (ended,) = self.told(bench, events.PlaybackEnded, call=call)
            assert ended.result is PlayResult.STOPPED, ended

    def test_hold_music_starts_and_stops_without_a_word(self) -> None:
        """Music has no end of its own, so none is told."""
        with self.answered() as (bench, call):
            self.obey(bench, commands.StartHoldMusic(call=call, music=""), commands.StopHoldMusic(call=call))
            assert not self.told(bench, events.PlaybackEnded), bench.events()
            assert not self.told(bench, events.CommandFailed), bench.events()

    # ---------------------------------------------------------------- talks

    def test_bridge_and_unbridge_leave_both_connected(self) -> None:
        """Parted, caller and phone stay up; the leg still ends when it is told to."""
        with self.connected() as (bench, call, leg):
            bridge = BridgeId(f"{call}/B1")
            join = commands.Bridge(call=call, leg=leg, bridge=bridge)
            self.obey(bench, join, join, commands.Unbridge(call=call, leg=leg, bridge=bridge))
            over = (events.LegEnded, events.CallerHungUp, events.CommandFailed)
            assert not [event for event in bench.events() if isinstance(event, over)], bench.events()
            self.obey(bench, commands.HangUpLeg(call=call, leg=leg, cause=Cause.NORMAL))
            assert len(self.told(bench, events.LegEnded, leg=leg)) == 1, bench.events()

    def test_a_bridge_to_a_phone_that_is_gone_fails(self) -> None:
        """What cannot be joined is told as ``CommandFailed``."""
        with self.connected() as (bench, call, leg):
            bench.phone_hangs_up(self.phones[0])
            bench.wait(self.patience)
            self.obey(bench, commands.Bridge(call=call, leg=leg, bridge=BridgeId(f"{call}/B1")))
            assert self.told(bench, events.CommandFailed, command="Bridge"), bench.events()

    def test_a_call_on_hold_is_taken_back(self) -> None:
        """Hold and retrieve end nothing."""
        with self.connected() as (bench, call, leg):
            self.obey(bench, commands.Bridge(call=call, leg=leg, bridge=BridgeId(f"{call}/B1")))
            self.obey(bench, commands.HoldCall(call=call, leg=leg), commands.RetrieveCall(call=call, leg=leg))
            over = (events.LegEnded, events.CallerHungUp, events.CommandFailed)
            assert not [event for event in bench.events() if isinstance(event, over)], bench.events()

    def test_stop_record_gives_recording_ended_once(self) -> None:
        """A recording has a length, and one end."""
        with self.connected() as (bench, call, _):
            recording = RecordingId(f"{call}/R1")
            record, stop = (
                commands.Record(call=call, recording=recording),
                commands.StopRecord(call=call, recording=recording),
            )
            self.obey(bench, record, record)
            self.obey(bench, stop, stop)
            (ended,) = self.told(bench, events.RecordingEnded, call=call)
            assert ended.recording == recording, ended
            assert ended.missing or ended.length >= 0, ended

    def test_hang_up_ends_everything_of_the_caller(self) -> None:
        """Plays stop, recordings are complete, keys are heard no more; a leg ends by its own ``HangUpLeg``."""
        with self.connected() as (bench, call, leg):
            recording = RecordingId(f"{call}/R1")
            self.obey(bench, commands.Record(call=call, recording=recording))
            bench.perform(self.play(call))
            hang_up = commands.HangUp(call=call, cause=Cause.NORMAL)
            self.obey(bench, hang_up, commands.HangUpLeg(call=call, leg=leg, cause=Cause.NORMAL), hang_up)
            bench.wait(10)
            assert len(self.told(bench, events.RecordingEnded, recording=recording)) == 1, bench.events()
            assert len(self.told(bench, events.LegEnded, leg=leg)) == 1, bench.events()
            assert not self.told(bench, events.PlaybackEnded, result=PlayResult.DONE), bench.events()

    def test_events_of_a_call_are_in_order_of_time(self) -> None:
        """Each event carries its instant, and no later one an earlier instant."""
        with self.connected() as (bench, call, leg):
            self.obey(bench, self.play(call))
            bench.caller_presses(call, "1")
            bench.wait(10)
            bench.phone_hangs_up(self.phones[0])
            bench.caller_hangs_up(call)
            bench.wait(self.patience)
            times = [event.at for event in bench.events() if getattr(event, "call", None) == call]
            assert all(before <= after for before, after in pairwise(times)), times
            assert len(times) >= len(("offered", "answered", leg, "played", "key", "ended", "left")), times


__all__ = ["Manner", "SwitchBench", "SwitchContract"]
