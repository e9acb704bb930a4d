"""What a store promises of its lists: pages, places, filters and totals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from callcenter.billing.accounts import center_account, reseller_account
from callcenter.billing.entries import Act, deduction_entry, refund_entry, top_up_entry
from callcenter.errors import UsageError
from callcenter.model.facts import RejectReason
from callcenter.model.ids import AgentId, CallId, CenterId, GroupId, ResellerId
from callcenter.model.listing import (
    BookFilter,
    BookTotals,
    CallFilter,
    CallSort,
    CallTotals,
    ChargeFilter,
    ChargeSort,
    ChargeTotals,
    Direction,
    Found,
    PhoneSum,
    RejectedFilter,
    SessionFilter,
    SessionSort,
    SessionTotals,
    Slice,
    page,
)
from callcenter.model.money import Money, fen
from callcenter.model.records import ChargeKind, Party, PartyKind, RecordOutcome
from callcenter.model.times import Duration, Instant
from callcenter.model.value import changed
from callcenter.ports import RejectedCall, Transaction
from callcenter.testing.conformance.base import (
    ACCOUNT,
    CENTER,
    OTHER,
    Suite,
    charge,
    charged,
    record,
    session,
)

BOTH = (CENTER, OTHER)
OLDEST, NEWEST = Direction.OLDEST_FIRST, Direction.NEWEST_FIRST
RESELLER = reseller_account(ResellerId("west"))


def fill(parts: Transaction) -> None:
    """Write calls of two centers: three at one instant, one of them twice."""
    for call, at, center in (("b", 1, CENTER), ("b", 1, CENTER), ("a", 1, OTHER), ("c", 0, CENTER), ("d", 2, OTHER)):
        parts.records.add_call(changed(record(call, at, center), wait=Duration(9 - at)))
    parts.records.add_call(changed(record("e", 3, answered=False), wait=Duration(40)))


def names(found: Found[Any]) -> str:
    """Return the calls of what was found, in one word."""
    return "".join(one.call for one in found.rows)


def walked(read: Callable[[Slice[Any]], Found[Any]], part: Slice[Any]) -> Iterator[Found[Any]]:
    """Yield a list part by part, each behind the last line of the one before."""
    found = read(part)
    yield found
    while found.more:
        found = read(changed(part, after=found.last))
        yield found


def _refused(ask: Callable[[], object]) -> str:
    """Return the code by which something is refused; empty when it is not."""
    try:
        ask()
    except UsageError as error:
        return error.code
    return ""


class ListsConformance(Suite):
    """Parts of a list are found by number and by place, and totals are those of its filter."""

    def test_lines_come_by_time_then_name_center_and_addition(self) -> None:
        """Oldest first, and newest first exactly the other way round; of the centers asked for."""
        with self.parts() as parts:
            fill(parts)
            oldest = parts.lists.calls(CallFilter(centers=BOTH), Slice(direction=OLDEST))
            newest = parts.lists.calls(CallFilter(centers=BOTH), Slice())
            assert names(oldest) == "cabbde"
            assert newest.rows == oldest.rows[::-1]
            assert not newest.more
            assert names(parts.lists.calls(CallFilter(centers=(OTHER,)), Slice(direction=OLDEST))) == "ad"
            assert parts.lists.calls(CallFilter(centers=()), Slice()) == Found()
            assert names(parts.lists.calls(CallFilter(centers=(CENTER, CENTER)), Slice())) == "ebbc"

    def test_pages_have_numbers(self) -> None:
        """Page 2 of two rows has the third and the fourth; behind the last there is nothing."""
        with self.parts() as parts:
            fill(parts)
            wanted = CallFilter(centers=BOTH)
            pages = [parts.lists.calls(wanted, page(number, 2, OLDEST)) for number in (1, 2, 3, 4)]
            assert [names(found) for found in pages] == ["ca", "bb", "de", ""]
            assert [found.more for found in pages] == [True, True, False, False]

    def test_a_list_is_walked_from_place_to_place(self) -> None:
        """Each line once, equal ones as well, in every direction, by every sort key, and with every size of a part."""
        with self.parts() as parts:
            fill(parts)
            wanted = CallFilter(centers=BOTH)
            for direction in Direction:
                for sort in CallSort:
                    whole = parts.lists.calls(wanted, Slice(direction=direction, sort=sort))
                    for size in (1, 2, 5, 6):
                        part = Slice(size=size, direction=direction, sort=sort)
                        walk = walked(lambda part: parts.lists.calls(wanted, part), part)
                        assert tuple(row for found in walk for row in found.rows) == whole.rows

    def test_the_part_before_a_place_is_found(self) -> None:
        """The rows next to it, in the order of the list; ``more`` tells of rows before them."""
        with self.parts() as parts:
            fill(parts)
            wanted = CallFilter(centers=BOTH)
            for direction, told in ((OLDEST, ["bb", "ca"]), (NEWEST, ["bb", "ed"])):
                third = parts.lists.calls(wanted, page(3, 2, direction))
                second = parts.lists.calls(wanted, Slice(size=2, direction=direction, before=third.first))
                first = parts.lists.calls(wanted, Slice(size=2, direction=direction, before=second.first))
                assert [names(second), names(first)] == told
                assert (second.more, first.more) == (True, False)

    def test_lines_added_meanwhile_move_nothing(self) -> None:
        """Behind a place lies what lay there, whatever comes before it."""
        with self.parts() as parts:
            fill(parts)
            wanted = CallFilter(centers=BOTH)
            first = parts.lists.calls(wanted, Slice(size=2))
            parts.records.add_call(record("z", 9))
            assert names(parts.lists.calls(wanted, Slice(size=9, after=first.last))) == "bbac"

    def test_lines_come_by_a_sort_key(self) -> None:
        """The longest wait first; equal ones by time."""
        with self.parts() as parts:
            fill(parts)
            found = parts.lists.calls(CallFilter(centers=BOTH), Slice(sort=CallSort.WAIT))
            assert names(found) == "ecbbad"
            for number, hao in enumerate((5, 7, 6)):
                parts.records.add_charge(charge(f"call:{number}:1", number, hao=hao))
            lines = parts.lists.charges(ChargeFilter(centers=(CENTER,)), Slice(sort=ChargeSort.AMOUNT, size=2))
            assert [line.amount.hao for line in lines.rows] == [7, 6]

    def test_call_records_are_filtered(self) -> None:
        """Half-open range, group, agent, caller, phone, access number, outcome: all that is asked must hold."""
        with self.parts() as parts:
            base = record("a", 10)
            parts.records.add_call(base)
            parts.records.add_call(changed(record("b", 11), group=GroupId("2"), caller="013900002222"))
            parts.records.add_call(changed(record("c", 12), party=Party(kind=PartyKind.AGENT, id="CC1002")))
            parts.records.add_call(changed(record("d", 13), phone="013900000009", access_number="95990002"))
            parts.records.add_call(record("e", 14, answered=False))
            everything = CallFilter(centers=(CENTER,))
            for asked, told in (
                ({}, "abcde"),
                ({"start": Instant(11), "end": Instant(13)}, "bc"),
                ({"group": GroupId("1")}, "acde"),
                ({"agent": AgentId("CC1002")}, "c"),
                ({"caller": "013900002222"}, "b"),
                ({"phone": "013900000009"}, "d"),
                ({"access_number": "95990002"}, "d"),
                ({"outcome": RecordOutcome.MISSED}, "e"),
                ({"group": GroupId("1"), "agent": AgentId("CC1001"), "access_number": "95990001"}, "a"),
                ({"caller": ""}, ""),
            ):
                wanted = changed(everything, **asked)
                assert names(parts.lists.calls(wanted, Slice(direction=OLDEST))) == told
                assert parts.lists.call_totals(wanted).lines == len(told)

    def test_visits_to_extension_groups_are_left_out(self) -> None:
        """Those of the groups named, in their center, and those that an extension answered (K6)."""
        with self.parts() as parts:
            parts.records.add_call(record("a"))
            parts.records.add_call(changed(record("b", answered=False), group=GroupId("8")))
            parts.records.add_call(changed(record("c", 0, OTHER), group=GroupId("8")))
            parts.records.add_call(changed(record("d"), party=Party(kind=PartyKind.EXTENSION, id="801")))
            for left_out, told in ((None, "abcd"), ((), "abc"), (((CENTER, GroupId("8")),), "ac")):
                wanted = CallFilter(centers=BOTH, without_extensions=left_out)
                assert names(parts.lists.calls(wanted, Slice(direction=OLDEST))) == told

    def test_call_totals_are_answered_missed_wait_and_talk(self) -> None:
        """Of the whole filter, not of a page."""
        with self.parts() as parts:
            fill(parts)
            totals = parts.lists.call_totals(CallFilter(centers=BOTH))
            assert totals == CallTotals(answered=5, missed=1, wait=Duration(80), talk=Duration(35))
            assert parts.lists.call_totals(CallFilter(centers=())) == CallTotals()

    def test_charges_are_filtered_and_summed(self) -> None:
        """Statistics count call lines only; centers are those that have a line."""
        with self.parts() as parts:
            parts.records.add_charge(charge("call:a:1", 1))
            parts.records.add_charge(changed(charge("call:b:1", 2), agent_phone="013900000009", caller="013900002222"))
            parts.records.add_charge(changed(charge("call:c:1", 3), center=OTHER, access_number="95990002"))
            parts.records.add_charge(charge("rent:demo:2008-12-29", 4, ChargeKind.RENT, 98_630))
            everything = ChargeFilter(centers=BOTH)
            for asked, told in (
                ({}, "abcr"),
                ({"kind": ChargeKind.RENT}, "r"),
                ({"kind": ChargeKind.CALL, "start": Instant(2)}, "bc"),
                ({"phone": "013900000009"}, "b"),
                ({"caller": "013900002222"}, "b"),
                ({"access_number": "95990002"}, "c"),
                ({"centers": (CENTER,)}, "abr"),
            ):
                wanted = changed(everything, **asked)
                found = parts.lists.charges(wanted, Slice(direction=OLDEST))
                assert "".join(line.key.removeprefix("call:")[0] for line in found.rows) == told
                assert parts.lists.charge_totals(wanted).lines == len(told)
            assert parts.lists.charge_totals(everything) == ChargeTotals(
                lines=4, calls=3, centers=2, seconds=111, amount=fen("1022.30")
            )
            sums = parts.lists.phone_sums(everything)
            assert [(one.access_number, one.phone) for one in sums] == [
                ("95990001", "013900000001"),
                ("95990001", "013900000009"),
                ("95990002", "013900000001"),
            ]
            assert sums[0] == PhoneSum(
                access_number="95990001", phone="013900000001", calls=1, seconds=37, amount=fen(12)
            )
            assert not parts.lists.phone_sums(changed(everything, kind=ChargeKind.RENT))

    def test_sessions_are_filtered_and_summed(self) -> None:
        """A group is one of those the agent was in; agents and groups are counted once in each center."""
        with self.parts() as parts:
            parts.records.add_session(session("CC1001", 1))
            parts.records.add_session(changed(session("CC1001", 2), groups=(GroupId("业务"),), talking=Duration(9)))
            parts.records.add_session(changed(session("CC1002", 3, OTHER), phone="013900000009"))
            everything = SessionFilter(centers=BOTH)
            for asked, told in (
                ({}, [1, 2, 3]),
                ({"group": GroupId("1")}, [1, 3]),
                ({"group": GroupId("业务")}, [1, 2, 3]),
                ({"group": GroupId("业")}, []),
                ({"agent": AgentId("CC1001"), "end": Instant(2)}, [1]),
                ({"phone": "013900000009"}, [3]),
            ):
                wanted = changed(everything, **asked)
                found = parts.lists.sessions(wanted, Slice(direction=OLDEST))
                assert [one.login_at for one in found.rows] == told
                assert parts.lists.session_totals(wanted).lines == len(told)
            by_talking = parts.lists.sessions(everything, Slice(sort=SessionSort.TALKING, size=1))
            assert by_talking.rows[0].talking == 9
            assert parts.lists.session_totals(everything) == SessionTotals(
                lines=3,
                agents=2,
                groups=4,
                answered=3,
                missed=0,
                ready=Duration(12),
                not_ready=Duration(3),
                ringing=Duration(6),
                talking=Duration(13),
                wrap_up=Duration(3),
            )

    def test_refused_calls_are_filtered_and_counted(self) -> None:
        """By caller, number and reason; those of a number that nobody has are under no center."""
        nobody = CenterId("")
        with self.parts() as parts:
            for number, (center, reason) in enumerate(
                (
                    (CENTER, RejectReason.BLACKLISTED),
                    (CENTER, RejectReason.OVER_CAP),
                    (nobody, RejectReason.UNKNOWN_NUMBER),
                )
            ):
                call = RejectedCall(
                    center=center,
                    call=CallId(f"c{number}"),
                    at=Instant(number),
                    caller=f"{number}",
                    dialled="9",
                    reason=reason,
                )
                parts.records.add_rejected(call)
            everything = RejectedFilter(centers=(CENTER, nobody))
            for asked, told in (
                ({}, ["c2", "c1", "c0"]),
                ({"centers": (CENTER,)}, ["c1", "c0"]),
                ({"reason": RejectReason.BLACKLISTED}, ["c0"]),
                ({"caller": "1"}, ["c1"]),
                ({"access_number": "8"}, []),
            ):
                wanted = changed(everything, **asked)
                assert [one.call for one in parts.lists.rejected(wanted, Slice()).rows] == told
                assert parts.lists.rejected_count(wanted) == len(told)

    def test_an_adjustment_shows_the_balance_that_it_found(self) -> None:
        """Top-ups, refunds and deductions as posted; not charges, nor what a reseller paid for its center."""
        with self.parts() as parts:
            self._adjust(parts)
            wanted = BookFilter(accounts=(ACCOUNT, RESELLER))
            found = parts.lists.adjustments(wanted, Slice(direction=OLDEST)).rows
            assert [(one.account, one.entry.key, one.before, one.amount) for one in found] == [
                (RESELLER, "topup:r", fen(0), fen(500)),
                (ACCOUNT, "topup:a", fen(0), fen(100)),
                (ACCOUNT, "deduct:d", fen(88), fen(-20)),
                (ACCOUNT, "refund:f", fen(68), fen(12)),
            ]
            assert parts.lists.adjustment_totals(wanted) == BookTotals(lines=4, came=fen(612), went=fen(20))
            for asked, told in (
                ({"accounts": (ACCOUNT,)}, ["refund:f", "deduct:d", "topup:a"]),
                ({"kinds": ("deduction",)}, ["deduct:d"]),
                ({"operator": "anna"}, ["topup:a"]),
                ({"start": Instant(11), "end": Instant(13)}, ["deduct:d", "topup:a"]),
                ({"accounts": ("cash",)}, []),
            ):
                chosen = changed(wanted, **asked)
                assert [one.entry.key for one in parts.lists.adjustments(chosen, Slice()).rows] == told
                assert parts.lists.adjustment_totals(chosen).lines == len(told)

    def test_entries_are_listed_as_statements_read(self) -> None:
        """By the instant they count from, then key; an entry of two accounts stands once for each."""
        with self.parts() as parts:
            self._adjust(parts)
            wanted = BookFilter(accounts=(ACCOUNT,))
            parts_of_one = walked(lambda part: parts.lists.entries(wanted, part), Slice(size=1, direction=OLDEST))
            keys = [one.entry.key for found in parts_of_one for one in found.rows]
            assert keys == ["call:c:1", "topup:a", "deduct:d", "refund:f"]
            assert parts.lists.entry_totals(wanted) == BookTotals(lines=4, came=fen(112), went=fen(32))
            both = parts.lists.entries(BookFilter(accounts=(ACCOUNT, RESELLER), kinds=("top_up",)), Slice())
            assert [(one.entry.key, one.account, one.amount) for one in both.rows] == [
                ("topup:a", RESELLER, fen(-100)),
                ("topup:a", ACCOUNT, fen(100)),
                ("topup:r", RESELLER, fen(500)),
            ]

    @staticmethod
    def _adjust(parts: Transaction) -> None:
        posted = (
            top_up_entry("r", RESELLER, fen(500), Act(at=Instant(10), actor="root")),
            top_up_entry("a", ACCOUNT, fen(100), Act(at=Instant(11), actor="anna"), source=RESELLER),
            charged(at=5),
            deduction_entry("d", ACCOUNT, fen(20), Act(at=Instant(12))),
            refund_entry("f", ACCOUNT, fen(12), Act(at=Instant(13))),
        )
        for entry in posted:
            parts.ledger.post(entry)

    def test_what_no_store_could_hold_is_not_looked_for(self) -> None:
        """NUL and lone surrogates are E410 in a filter as in a record."""
        with self.parts() as parts:
            for text in ("\0", "\ud800"):
                wanted = CallFilter(centers=(CENTER,), caller=text)
                accounts = (center_account(CenterId(text)),)
                asks: tuple[Callable[[], object], ...] = (
                    partial(parts.lists.calls, wanted, Slice()),
                    partial(parts.lists.call_totals, wanted),
                    partial(parts.lists.charge_totals, ChargeFilter(centers=(CenterId(text),))),
                    partial(parts.lists.entries, BookFilter(accounts=accounts), Slice()),
                )
                assert [_refused(ask) for ask in asks] == ["E410"] * len(asks)

    def test_amounts_beyond_a_double_add_up(self) -> None:
        """To the hao."""
        with self.parts() as parts:
            for number in (1, 2):
                parts.records.add_charge(charge(f"call:{number}:1", number, hao=2**53 + 1))
            assert parts.lists.charge_totals(ChargeFilter(centers=(CENTER,))).amount == Money(2**54 + 2)
