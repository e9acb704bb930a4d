"""What a store promises of events, commands, snapshots, the shop and notes."""

from __future__ import annotations

from callcenter.model.times import Instant
from callcenter.ports import JournalRow, OutboxRow, ShopVersion, Snapshot
from callcenter.testing.conformance.base import CENTER, OTHER, Suite
from callcenter.testing.conformance.transactions import code_of


class JournalConformance(Suite):
    """Events of each center, append-only, each once."""

    def test_numbers_count_from_one_in_each_center(self) -> None:
        """Without a gap, whatever other centers write."""
        with self.parts() as parts:
            for key in ("a", "b", "c"):
                for center in (CENTER, OTHER):
                    parts.journal.append(center, key, Instant(0), "", "")
            assert [row.seq for row in parts.journal.since(CENTER, 0)] == [1, 2, 3]
            assert parts.journal.last(OTHER) == 3

    def test_a_key_seen_before_changes_nothing(self) -> None:
        """The answer is None, whatever the rest says; in another center the key is new."""
        with self.parts() as parts:
            assert parts.journal.append(CENTER, "a", Instant(1), "First", "1") == 1
            assert parts.journal.append(CENTER, "a", Instant(2), "Second", "2") is None
            assert parts.journal.append(OTHER, "a", Instant(2), "Second", "2") == 1
            assert parts.journal.append(CENTER, "b", Instant(2), "Second", "2") == 2
            assert parts.journal.since(CENTER, 0)[0] == JournalRow(
                center=CENTER, seq=1, key="a", at=Instant(1), kind="First", body="1"
            )

    def test_seen_tells_the_number(self) -> None:
        """Of the event of a key, in its center only."""
        with self.parts() as parts:
            parts.journal.append(CENTER, "a", Instant(0), "", "")
            parts.journal.append(CENTER, "b", Instant(0), "", "")
            assert parts.journal.seen(CENTER, "b") == 2
            assert parts.journal.seen(CENTER, "c") is None
            assert parts.journal.seen(OTHER, "b") is None

    def test_since_is_after_a_number_ascending(self) -> None:
        """0 gives all, the last gives nothing."""
        with self.parts() as parts:
            for key in "dcba":
                parts.journal.append(CENTER, key, Instant(0), "", key)
            assert [row.body for row in parts.journal.since(CENTER, 0)] == ["d", "c", "b", "a"]
            assert [row.body for row in parts.journal.since(CENTER, 2)] == ["b", "a"]
            assert parts.journal.since(CENTER, 4) == ()

    def test_a_center_without_events_is_empty(self) -> None:
        """Number 0, no rows."""
        with self.parts() as parts:
            assert parts.journal.last(CENTER) == 0
            assert parts.journal.since(CENTER, 0) == ()


class OutboxConformance(Suite):
    """Commands in their order, until they are sent."""

    def test_unsent_is_in_the_order_put(self) -> None:
        """Of all centers or of one, whatever their ids."""
        with self.parts() as parts:
            for id, center in (("z", CENTER), ("a", OTHER), ("m", CENTER)):
                assert parts.outbox.put(id, center, id)
            assert [row.id for row in parts.outbox.unsent()] == ["z", "a", "m"]
            assert parts.outbox.unsent(OTHER) == (OutboxRow(id="a", center=OTHER, body="a"),)

    def test_an_id_that_waits_is_put_once(self) -> None:
        """The second time changes nothing and says so."""
        with self.parts() as parts:
            assert parts.outbox.put("a", CENTER, "1")
            assert not parts.outbox.put("a", CENTER, "2")
            assert [row.body for row in parts.outbox.unsent()] == ["1"]

    def test_what_is_sent_leaves(self) -> None:
        """And the order of the rest stays; what is put then comes last."""
        with self.parts() as parts:
            for id in "abc":
                parts.outbox.put(id, CENTER, "")
            parts.outbox.mark_sent("c")
            parts.outbox.mark_sent("a")
            parts.outbox.put("d", CENTER, "")
            assert [row.id for row in parts.outbox.unsent()] == ["b", "d"]

    def test_sent_twice_or_unknown_is_sent_once(self) -> None:
        """An id that does not wait changes nothing."""
        with self.parts() as parts:
            parts.outbox.put("a", CENTER, "")
            parts.outbox.mark_sent("b")
            assert len(parts.outbox.unsent()) == 1
            parts.outbox.mark_sent("a")
            parts.outbox.mark_sent("a")
            assert parts.outbox.unsent() == ()


class ShelfConformance(Suite):
    """Snapshots, versions of the shop, notes."""

    def test_the_later_snapshot_takes_the_place_of_the_earlier(self) -> None:
        """For its center only."""
        with self.parts() as parts:
            for seq in (1, 2):
                parts.snapshots.save(Snapshot(center=CENTER, seq=seq, version="0.1", blob=f"{seq}"))
            assert parts.snapshots.latest(CENTER) == Snapshot(center=CENTER, seq=2, version="0.1", blob="2")
            assert parts.snapshots.latest(OTHER) is None

    def test_the_latest_shop_is_the_highest_version(self) -> None:
        """None before the first."""
        with self.parts() as parts:
            assert parts.shop.latest() is None
            for version in (1, 5):
                parts.shop.save(ShopVersion(version=version, text=f"{version}", at=Instant(version)))
            assert parts.shop.latest() == ShopVersion(version=5, text="5", at=Instant(5))

    def test_every_version_of_the_shop_is_kept(self) -> None:
        """In ascending order, with the instant from which it stands."""
        with self.parts() as parts:
            assert tuple(parts.shop.versions()) == ()
            kept = tuple(ShopVersion(version=n, text=f"{n}", at=Instant(9 - n)) for n in (1, 2, 7))
            for version in kept:
                parts.shop.save(version)
            assert tuple(parts.shop.versions()) == kept

    def test_a_shop_version_goes_up(self) -> None:
        """E412 for the same or a lower number, and nothing changes."""
        with self.parts() as parts:
            parts.shop.save(ShopVersion(version=2, text="2", at=Instant(0)))
            for version in (2, 1):
                lower = ShopVersion(version=version, text="other", at=Instant(0))
                assert code_of(lambda lower=lower: parts.shop.save(lower)) == "E412"
            latest = parts.shop.latest()
            assert latest is not None
            assert latest.text == "2"

    def test_a_note_is_replaced_and_forgotten(self) -> None:
        """By its key; a key that is not there may be forgotten too."""
        with self.parts() as parts:
            parts.notes.put("a", "1")
            parts.notes.put("a", "")
            assert parts.notes.get("a") == ""
            parts.notes.remove("a")
            parts.notes.remove("a")
            assert parts.notes.get("a") is None
