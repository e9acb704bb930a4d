"""What a store promises of call records, sessions, charge lines, refused calls and messages."""

from __future__ import annotations

from callcenter.model.facts import RejectReason
from callcenter.model.ids import CallId, CenterId, VoicemailName
from callcenter.model.money import ZERO, fen
from callcenter.model.records import ChargeKind
from callcenter.model.times import Instant
from callcenter.model.value import changed
from callcenter.ports import ChargeSum, RejectedCall
from callcenter.testing.conformance.base import CENTER, OTHER, Suite, charge, record, session, voicemail

START, END = Instant(10), Instant(20)


class RecordsConformance(Suite):
    """Added once, found by center and [start, end), in order."""

    def test_a_record_comes_back_as_it_was_given(self) -> None:
        """Every field, answered or missed, with tags and reasons."""
        with self.parts() as parts:
            for one in (record("a", 10), record("b", 11, answered=False)):
                parts.records.add_call(one)
            parts.records.add_session(session(at=10))
            parts.records.add_charge(charge(at=10))
            assert parts.records.calls(CENTER, START, END) == (record("a", 10), record("b", 11, answered=False))
            assert parts.records.sessions(CENTER, START, END) == (session(at=10),)
            assert parts.records.charges(CENTER, START, END) == (charge(at=10),)

    def test_call_records_are_ranged_by_their_queueing(self) -> None:
        """Half-open, by instant, then call, then as added; of this center only."""
        with self.parts() as parts:
            for call, at in (("d", 20), ("c", 19), ("b", 10), ("a", 10), ("e", 9)):
                parts.records.add_call(record(call, at))
            parts.records.add_call(record("x", 10, OTHER))
            again = record("b", 10, answered=False)
            parts.records.add_call(again)
            found = parts.records.calls(CENTER, START, END)
            assert found == (record("a", 10), record("b", 10), again, record("c", 19))

    def test_sessions_are_ranged_by_their_log_in(self) -> None:
        """Half-open, by instant, then agent."""
        with self.parts() as parts:
            for agent, at in (("CC1", 20), ("CC3", 19), ("CC2", 19), ("CC4", 10), ("CC5", 9)):
                parts.records.add_session(session(agent, at))
            found = parts.records.sessions(CENTER, START, END)
            assert [one.agent for one in found] == ["CC4", "CC2", "CC3"]

    def test_charges_are_ranged_by_answer_or_nominal_instant(self) -> None:
        """A call by its answer, not its end; rent and minimum by their instant; then key."""
        with self.parts() as parts:
            parts.records.add_charge(charge("call:b:1", 10))
            parts.records.add_charge(charge("call:a:1", 10))
            parts.records.add_charge(charge("rent:demo:2008-12-29", 19, ChargeKind.RENT))
            parts.records.add_charge(charge("call:late:1", 20))
            parts.records.add_charge(charge("call:early:1", 9))
            found = parts.records.charges(CENTER, START, END)
            assert [line.key for line in found] == ["call:a:1", "call:b:1", "rent:demo:2008-12-29"]

    def test_a_charge_line_is_added_once(self) -> None:
        """The second of a key is not added, whatever it says."""
        with self.parts() as parts:
            assert parts.records.add_charge(charge(at=10))
            assert not parts.records.add_charge(charge(at=11, hao=5))
            assert parts.records.charges(CENTER, START, END) == (charge(at=10),)

    def test_many_charge_lines_are_added_as_one_after_the_other(self) -> None:
        """Those of a key that stands, also of one among them, change nothing."""
        with self.parts() as parts:
            parts.records.add_charge(charge("call:a:1", 10))
            parts.records.add_charges([charge("call:b:1", 11), charge("call:a:1", 12), charge("call:b:1", 13)])
            parts.records.add_charges([])
            assert parts.records.charges(CENTER, START, END) == (charge("call:a:1", 10), charge("call:b:1", 11))

    def test_the_total_is_of_one_center_kind_and_range(self) -> None:
        """Lines, seconds and money; zeros when there is none."""
        with self.parts() as parts:
            for number in range(9, 21):
                parts.records.add_charge(charge(f"call:c:{number}", number))
            parts.records.add_charge(charge("rent:demo:2008-12-29", 12, ChargeKind.RENT, 98_630))
            total = parts.records.charged(CENTER, ChargeKind.CALL, START, END)
            assert total == ChargeSum(lines=10, seconds=370, amount=fen(120))
            assert parts.records.charged(CENTER, ChargeKind.RENT, START, END).amount == fen("986.30")
            assert parts.records.charged(CENTER, ChargeKind.MINIMUM, START, END) == ChargeSum(amount=ZERO)
            assert parts.records.charged(OTHER, ChargeKind.CALL, START, END) == ChargeSum()

    def test_messages_are_ranged_by_their_end(self) -> None:
        """Half-open, by instant, then call, then as added; of this center only."""
        with self.parts() as parts:
            for call, at in (("d", 20), ("c", 19), ("b", 10), ("a", 10), ("e", 9)):
                parts.records.add_voicemail(voicemail(call, at))
            parts.records.add_voicemail(voicemail("x", 10, OTHER))
            again = changed(voicemail("a", 10), box=VoicemailName("other"))
            parts.records.add_voicemail(again)
            found = parts.records.voicemails(CENTER, START, END)
            assert found == (voicemail("a", 10), again, voicemail("b", 10), voicemail("c", 19))
            assert parts.records.voicemails(OTHER, START, END) == (voicemail("x", 10, OTHER),)

    def test_refused_calls_are_kept_with_their_reason(self) -> None:
        """Also those of a number that nobody has, under no center."""
        nobody = CenterId("")
        with self.parts() as parts:
            calls = [
                RejectedCall(center=center, call=CallId(id), at=at, caller="", dialled="9", reason=reason)
                for center, id, at, reason in (
                    (CENTER, "b", START, RejectReason.BLACKLISTED),
                    (CENTER, "a", START, RejectReason.INSUFFICIENT_BALANCE),
                    (nobody, "c", START, RejectReason.UNKNOWN_NUMBER),
                    (CENTER, "d", END, RejectReason.OVER_CAP),
                )
            ]
            for call in calls:
                parts.records.add_rejected(call)
            assert parts.records.rejected(CENTER, START, END) == (calls[1], calls[0])
            assert parts.records.rejected(nobody, START, END) == (calls[2],)
