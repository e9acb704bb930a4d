"""The switch of the stateful floor: it behaves, it may be slow, and it knows what is really connected.

Plain dicts. What happens at once on the line (a hang-up, an answer) is reported when the machine says so: at once, or
after other things have happened elsewhere. The events of one call stay in their order, as in a real switch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from callcenter.model import commands, events
from callcenter.model.events import Cause, Event, PlayResult
from callcenter.model.ids import CallId, LegId, PlayId
from callcenter.model.times import Duration, Instant
from callcenter.testing.floor_machine.promises import promise

Report = Callable[[Instant], Event]


class Switchboard:
    """What is really up: lines of callers, legs to phones, plays, recordings; and what is not yet reported.

    Attributes:
        lines: Call → ``{"caller", "answered", "plays": {play: leg or None}, "recordings": {recording: begun}}``.
        legs: Leg → ``{"call", "number", "answered"}``.
        reports: Call → events that happened and are not yet reported, in their order.
        now: The clock of the machine.
    """

    def __init__(self) -> None:
        self.lines: Final[dict[str, dict[str, Any]]] = {}
        self.legs: Final[dict[str, dict[str, Any]]] = {}
        self.reports: Final[dict[str, list[Report]]] = {}
        self.now = Instant(0)

    def next_report(self, which: int) -> Event | None:
        """Take the oldest report of one of the calls that have one, or return None."""
        waiting = [call for call, found in self.reports.items() if found]
        if not waiting:
            return None
        call = waiting[which % len(waiting)]
        report = self.reports[call].pop(0)
        if not self.reports[call]:
            del self.reports[call]
        return report(self.now)

    def _tell(self, call: str, report: Report) -> None:
        self.reports.setdefault(call, []).append(report)

    # ---------------------------------------------------------------- what people do

    def caller_arrives(self, call: CallId, caller: str, dialled: str) -> None:
        """Let a caller dial in."""
        self.lines[call] = {"caller": caller, "answered": False, "plays": {}, "recordings": {}}
        self._tell(call, lambda at: events.CallOffered(at=at, call=call, caller=caller, dialled=dialled))

    def caller_presses(self, call: CallId, digit: str) -> None:
        """Let a connected caller press a key."""
        self._tell(call, lambda at: events.DigitPressed(at=at, call=call, digit=digit))

    def caller_hangs_up(self, call: CallId) -> None:
        """Let a caller hang up."""
        self._end_line(call)
        self._tell(call, lambda at: events.CallerHungUp(at=at, call=call))

    def phone_answers(self, leg: LegId) -> None:
        """Let a ringing phone be picked up."""
        call = self.legs[leg]["call"]
        self.legs[leg]["answered"] = True
        self._tell(call, lambda at: events.LegAnswered(at=at, call=call, leg=leg))

    def phone_fails(self, leg: LegId, cause: Cause) -> None:
        """Let a ringing phone be busy, reject, ring out or be out of reach."""
        call = self.legs.pop(leg)["call"]
        self._tell(call, lambda at: events.LegFailed(at=at, call=call, leg=leg, cause=cause))

    def phone_hangs_up(self, leg: LegId) -> None:
        """Let an answered phone hang up."""
        self._end_leg(leg, Cause.NORMAL)

    def play_ends(self, call: CallId, play: PlayId, result: PlayResult) -> None:
        """Let a play come to its end, or fail; nothing when it has ended already."""
        if play in self.lines[call]["plays"]:
            del self.lines[call]["plays"][play]
            self._tell(call, lambda at: events.PlaybackEnded(at=at, call=call, play=play, result=result))

    # ---------------------------------------------------------------- commands

    def perform(self, command: Any) -> None:
        """Obey a command; one about what is gone is a race."""
        match command:
            case commands.Reject() | commands.HangUp() | commands.Transfer():
                self._end_line(command.call)
            case commands.HangUpLeg():
                if command.leg in self.legs:
                    self._end_leg(command.leg, command.cause)
            case commands.StopPlay():
                if command.call in self.lines:
                    self.play_ends(command.call, command.play, PlayResult.STOPPED)
            case commands.StopRecord():
                if command.call in self.lines:
                    self._end_recording(command.call, command.recording)
            case commands.Dial():
                self._dial(command)
            case commands.Answer() | commands.Play() | commands.Record() | commands.Bridge():
                if command.call in self.lines:
                    self._make(self.lines[command.call], command)
                else:
                    self._fail(command)
            case _:
                return

    def _make(self, line: dict[str, Any], command: Any) -> None:
        match command:
            case commands.Answer():
                promise(not line["answered"], "Answer once", command.call)
                line["answered"] = True
                self._tell(command.call, lambda at: events.CallAnswered(at=at, call=command.call))
            case commands.Play():
                line["plays"][command.play] = command.leg
            case commands.Record():
                line["recordings"][command.recording] = self.now
            case _:
                leg = self.legs.get(command.leg)
                if leg is None or not leg["answered"]:
                    self._fail(command)

    def _dial(self, command: commands.Dial) -> None:
        promise(command.leg not in self.legs, "a leg is dialled once", command.leg)
        live = [leg["number"] for leg in self.legs.values()]
        promise(command.number not in live, "no phone in two live legs", command.number)
        if command.call not in self.lines:
            self._fail(command)
            return
        self.legs[command.leg] = {"call": command.call, "number": command.number, "answered": False}
        if any(line["caller"] == command.number for line in self.lines.values()):
            self.phone_fails(command.leg, Cause.BUSY)
        else:
            self._tell(command.call, lambda at: events.LegRinging(at=at, call=command.call, leg=command.leg))

    def _fail(self, command: Any) -> None:
        made = getattr(command, "leg", None) or getattr(command, "play", None) or command.call
        name = type(command).__name__
        self._tell(command.call, lambda at: events.CommandFailed(at=at, call=command.call, command=name, id=made))

    def _end_line(self, call: str) -> None:
        line = self.lines.get(call)
        for recording in list(line["recordings"]) if line else ():
            self._end_recording(call, recording)
        self.lines.pop(call, None)

    def _end_recording(self, call: str, recording: Any) -> None:
        begun = self.lines[call]["recordings"].pop(recording, None)
        if begun is not None:
            length = Duration(self.now - begun)
            self._tell(
                call,
                lambda at: events.RecordingEnded(at=at, call=CallId(call), recording=recording, length=length),
            )

    def _end_leg(self, leg: LegId, cause: Cause) -> None:
        call = self.legs.pop(leg)["call"]
        for play in [play for play, hearer in self.lines.get(call, {"plays": {}})["plays"].items() if hearer == leg]:
            del self.lines[call]["plays"][play]
        self._tell(call, lambda at: events.LegEnded(at=at, call=call, leg=leg, cause=cause))
