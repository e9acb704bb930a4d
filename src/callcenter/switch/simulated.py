"""The simulated switch: obeys every command, reports every event, and keeps its own view of what is connected.

It is the second witness of a simulation. The engine believes what it was told; the switch knows what is really up:
lines of callers, legs to phones, plays, recordings. The auditor compares the two after each event.

Commands take no time: ``Answer`` is confirmed, a dialled phone rings, a leg ends at the same instant. What takes time
(a phone that is picked up after a while, a prompt that plays) is planned on the :class:`~callcenter.switch.agenda.Agenda`.
A command that makes something names it, so that one that comes again has no second effect. Commands about what is already gone are races
and are answered as a real switch does: silently, or with ``CommandFailed`` where something was to be made.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from callcenter.files.behaviours import AnswerKind, Behaviour
from callcenter.model import commands, events
from callcenter.model.events import Cause, Event, PlayResult
from callcenter.model.ids import CallId, LegId, PlayId, RecordingId
from callcenter.model.times import Duration, Instant
from callcenter.model.value import changed
from callcenter.switch.agenda import Agenda, Moment
from callcenter.switch.faults import Faults
from callcenter.switch.parts import REFUSALS, SILENT, Leg, Line, Phones, PromptLengths


class SimulatedSwitch:
    """A switch in virtual time.

    Args:
        agenda: Where what takes time is planned.
        report: Takes the events, one after the other, each at its instant.
        phones: The people at the phones.
        lengths: How long prompts play.
        faults: What goes wrong on purpose.

    Attributes:
        lines: Live lines of callers.
        legs: Live legs, by call and leg.
        performed: Commands that came.
        repeated: Commands that came again and had no second effect.
        in_flight: Events that happened and were not yet reported; while there are any, the engine cannot know all
            that the switch knows.
        lossy: Whether a fault has swallowed an event.
    """

    def __init__(
        self,
        agenda: Agenda,
        report: Callable[[Event], None],
        phones: Phones,
        lengths: PromptLengths,
        faults: Faults | None = None,
    ) -> None:
        self.lines: Final[dict[CallId, Line]] = {}
        self.legs: Final[dict[tuple[CallId, LegId], Leg]] = {}
        self.performed = 0
        self.repeated = 0
        self.in_flight = 0
        self.lossy = False
        self._agenda = agenda
        self._report = report
        self._phones = phones
        self._lengths = lengths
        self._faults = faults or Faults()
        self._made: set[tuple[str, ...]] = set()
        self._dials = 0

    # ---------------------------------------------------------------- the callers' side

    def arrive(self, event: events.CallOffered, place: tuple[int, ...]) -> None:
        """Let a caller dial in."""
        self.lines[event.call] = Line(call=event.call, caller=event.caller, place=place, plays={}, recordings={})
        self._tell(event)

    def press(self, call: CallId, digit: str) -> None:
        """Let a caller press one key; nothing when it has hung up or was not answered."""
        line = self.lines.get(call)
        if line and line.answered:
            self._tell(events.DigitPressed(at=self._agenda.now, call=call, digit=digit))

    def caller_hangs_up(self, call: CallId) -> None:
        """Let a caller hang up; nothing when its line is gone already."""
        if call in self.lines:
            self._end_line(call)
            self._tell(events.CallerHungUp(at=self._agenda.now, call=call))

    def phone_answers(self, leg: Leg) -> None:
        """Let the phone of a leg be picked up now; nothing when it rings no more."""
        self._pick_up(leg)

    def phone_hangs_up(self, leg: Leg) -> None:
        """Let the phone of a leg hang up; nothing when the leg is gone already."""
        if self.legs.get((leg.call, leg.leg)) is leg:
            self._end_leg(leg, Cause.NORMAL)

    def talking(self, call: CallId) -> Leg | None:
        """Return the leg of a call whose phone was answered, or None."""
        found = [leg for leg in self.legs.values() if leg.call == call and leg.answered_at is not None]
        return found[0] if found else None

    # ---------------------------------------------------------------- commands

    def perform(self, command: commands.SwitchCommand) -> None:
        """Obey a command; one that comes again, known by the ids in it, has no second effect."""
        self.performed += 1
        made = _made(command)
        if made and made in self._made:
            self.repeated += 1
            return
        if made:
            self._made.add(made)
        match command:
            case commands.Reject() | commands.HangUp() | commands.Transfer():
                self._end_line(command.call)
            case commands.Dial():
                self._dial(command)
            case commands.HangUpLeg():
                leg = self.legs.get((command.call, command.leg))
                if leg:
                    self._end_leg(leg, command.cause)
            case commands.StopPlay():
                self._stop_play(command.call, command.play, PlayResult.STOPPED)
            case commands.StopRecord():
                self._stop_record(command.call, command.recording)
            case _:
                self._obey_on_line(command)

    def _obey_on_line(self, command: commands.SwitchCommand) -> None:
        line = self.lines.get(command.call)
        if line is None:
            self._fail(command)
            return
        match command:
            case commands.Answer():
                line.answered = True
                self._tell(events.CallAnswered(at=self._agenda.now, call=line.call))
            case commands.Play():
                self._play(line, command)
            case commands.StartHoldMusic():
                line.music = command.music
            case commands.StopHoldMusic():
                line.music = None
            case commands.Bridge() | commands.RetrieveCall():
                self._bridge(line, command)
            case commands.Unbridge() | commands.HoldCall():
                line.bridge = None
            case commands.Record():
                self._record(line, command)
            case _:
                self._fail(command)

    def _dial(self, command: commands.Dial) -> None:
        if command.call not in self.lines:  # the race is lost: nobody is left for whom the phone could ring
            failed = events.LegFailed(at=self._agenda.now, call=command.call, leg=command.leg, cause=Cause.UNREACHABLE)
            self._tell(failed)
            return
        self._dials += 1
        leg = Leg(call=command.call, leg=command.leg, number=command.number, order=self._dials)
        behaviour = self._met(command)
        self.legs[command.call, command.leg] = leg
        at, place = Instant(self._agenda.now + behaviour.after), (leg.order,)
        if behaviour.kind not in SILENT or behaviour.after:
            self._tell(events.LegRinging(at=self._agenda.now, call=leg.call, leg=leg.leg))
        if behaviour.kind is AnswerKind.ANSWER:
            self._agenda.plan(at, Moment.PHONE_ANSWER, partial(self._pick_up, leg), place=place)
        elif behaviour.kind in REFUSALS:
            refuse = partial(self._refuse, leg, REFUSALS[behaviour.kind])
            self._agenda.plan(at, Moment.PHONE_REFUSAL, refuse, place=place)

    def _met(self, command: commands.Dial) -> Behaviour:
        """Return how the phone behaves for this dial: busy when it is in a live leg, its own call included."""
        number = command.number
        engaged = any(leg.number == number for leg in self.legs.values()) or any(
            line.caller == number for line in self.lines.values()
        )
        return Behaviour(kind=AnswerKind.BUSY) if engaged else self._phones.behaviour(command.call, number)

    def _pick_up(self, leg: Leg) -> None:
        if self._rings(leg):
            leg.answered_at = self._agenda.now
            self._tell(events.LegAnswered(at=self._agenda.now, call=leg.call, leg=leg.leg))
            self._phones.picked_up(leg)

    def _refuse(self, leg: Leg, cause: Cause) -> None:
        if self._rings(leg):
            del self.legs[leg.call, leg.leg]
            self._tell(events.LegFailed(at=self._agenda.now, call=leg.call, leg=leg.leg, cause=cause))

    def _rings(self, leg: Leg) -> bool:
        return self.legs.get((leg.call, leg.leg)) is leg and leg.answered_at is None

    def _bridge(self, line: Line, command: commands.Bridge | commands.RetrieveCall) -> None:
        leg = self.legs.get((command.call, command.leg))
        if leg is None or leg.answered_at is None:
            self._fail(command)
            return
        line.bridge, leg.bridged_at = leg.leg, self._agenda.now

    def _play(self, line: Line, command: commands.Play) -> None:
        length = self._lengths.of(command.prompts)
        line.plays[command.play] = command.leg
        if length is None:
            self._stop_play(command.call, command.play, PlayResult.FAILED)
            return
        end = partial(self._stop_play, command.call, command.play, PlayResult.DONE)
        self._agenda.plan(Instant(self._agenda.now + length), Moment.PROMPT_END, end, place=line.place)

    def _stop_play(self, call: CallId, play: PlayId, result: PlayResult) -> None:
        line = self.lines.get(call)
        if line and play in line.plays:
            del line.plays[play]
            self._tell(events.PlaybackEnded(at=self._agenda.now, call=call, play=play, result=result))

    def _record(self, line: Line, command: commands.Record) -> None:
        line.recordings[command.recording] = self._agenda.now
        if command.max_length is not None:
            end = partial(self._stop_record, command.call, command.recording)
            self._agenda.plan(Instant(self._agenda.now + command.max_length), Moment.PROMPT_END, end, place=line.place)

    def _stop_record(self, call: CallId, recording: RecordingId) -> None:
        line = self.lines.get(call)
        if line and recording in line.recordings:
            self._end_record(line, recording)

    def _end_record(self, line: Line, recording: RecordingId) -> None:
        now = self._agenda.now
        length = Duration(now - line.recordings.pop(recording))
        self._tell(events.RecordingEnded(at=now, call=line.call, recording=recording, length=length))

    def _end_line(self, call: CallId) -> None:
        """Take a caller's line away; what was recorded on it is complete."""
        line = self.lines.pop(call, None)
        for recording in tuple(line.recordings) if line else ():
            assert line is not None
            self._end_record(line, recording)

    def _end_leg(self, leg: Leg, cause: Cause) -> None:
        del self.legs[leg.call, leg.leg]
        line = self.lines.get(leg.call)
        if line:
            for play in [play for play, hearer in line.plays.items() if hearer == leg.leg]:
                del line.plays[play]
            if line.bridge == leg.leg:
                line.bridge = None
        self._tell(events.LegEnded(at=self._agenda.now, call=leg.call, leg=leg.leg, cause=cause))

    # ---------------------------------------------------------------- reports

    def _fail(self, command: commands.SwitchCommand) -> None:
        """Report that a command could not be obeyed, where it was to make something; a race else."""
        made = next((getattr(command, name) for name in ("play", "recording", "leg") if hasattr(command, name)), None)
        failed = events.CommandFailed(
            at=self._agenda.now,
            call=command.call,
            command=type(command).__name__,
            id=str(made or command.call),
            reason="no such call or leg",
        )
        self._tell(failed)

    def _tell(self, event: Event) -> None:
        """Report an event at its own instant, or as its fault has it."""
        late, copies = self._faults.of(event)
        self.lossy |= copies == 0
        for _copy in range(copies):
            self.in_flight += 1
            deliver = partial(self._deliver, event)
            self._agenda.plan(Instant(event.at + late), Moment.CONFIRMATION, deliver)

    def _deliver(self, event: Event) -> None:
        self.in_flight -= 1
        now = self._agenda.now
        self._report(event if event.at == now else changed(event, at=now))  # who hears late believes that it is now


def _made(command: commands.SwitchCommand) -> tuple[str, ...]:
    """Return what a command makes, by which it is known again; empty for one that is harmless to obey twice."""
    match command:
        case commands.Answer():
            return ("answer", command.call)
        case commands.Dial():
            return ("leg", command.call, command.leg)
        case commands.Play() | commands.CollectDigits():
            return ("play", command.call, command.play)
        case commands.Record():
            return ("recording", command.call, command.recording)
        case _:
            return ()
