"""What is promised of the ownership of centers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from callcenter.model.times import Duration
from callcenter.ports import Lease, Ownership
from callcenter.testing.conformance.base import CENTER, OTHER

LONG: Final = Duration(60_000_000)
SHORT: Final = Duration(30_000)
"""Thirty milliseconds: over before a test that lets them pass notices."""


class OwnershipConformance:
    """One owner at a time: write :meth:`make_ownership`, and :meth:`let_pass` when its clock is not the real one."""

    def make_ownership(self) -> Ownership:
        """Return an adapter over which no center was ever claimed."""
        raise NotImplementedError

    def let_pass(self, duration: Duration) -> None:
        """Let at least so much time pass for the adapter."""
        time.sleep(duration / 1_000_000)

    @contextmanager
    def ownership(self) -> Iterator[Ownership]:
        """Open an adapter and close it again."""
        adapter = self.make_ownership()
        try:
            yield adapter
        finally:
            adapter.close()

    def _claimed(self, adapter: Ownership, node: str = "a", duration: Duration = LONG) -> Lease:
        lease = adapter.claim(CENTER, node, duration)
        assert lease is not None
        return lease

    def test_a_free_center_is_claimed(self) -> None:
        """The lease names center and node; its number is 1; each center has its own."""
        with self.ownership() as adapter:
            lease = self._claimed(adapter)
            assert (lease.center, lease.node, lease.number) == (CENTER, "a", 1)
            other = adapter.claim(OTHER, "b", LONG)
            assert other is not None
            assert other.number == 1
            assert adapter.holder(CENTER) == lease
            assert adapter.holder(OTHER) == other

    def test_a_center_that_nobody_claimed_has_no_holder(self) -> None:
        """None, also after it was given back."""
        with self.ownership() as adapter:
            assert adapter.holder(CENTER) is None
            adapter.release(self._claimed(adapter))
            assert adapter.holder(CENTER) is None

    def test_another_node_s_center_is_not_claimed(self) -> None:
        """As long as the lease is in force; it stays what it is."""
        with self.ownership() as adapter:
            lease = self._claimed(adapter)
            assert adapter.claim(CENTER, "b", LONG) is None
            assert adapter.holder(CENTER) == lease

    def test_a_lease_that_ended_is_taken_over_with_a_higher_number(self) -> None:
        """And is of no force from then on, whatever its node believes."""
        with self.ownership() as adapter:
            old = self._claimed(adapter, duration=SHORT)
            self.let_pass(SHORT)
            assert adapter.holder(CENTER) is None
            new = adapter.claim(CENTER, "b", LONG)
            assert new is not None
            assert new.number > old.number
            assert adapter.renew(old, LONG) is None
            adapter.release(old)
            assert adapter.holder(CENTER) == new
            assert adapter.claim(CENTER, "a", LONG) is None

    def test_a_node_that_comes_back_gets_a_new_number(self) -> None:
        """What its earlier run still writes is an old lease's."""
        with self.ownership() as adapter:
            old = self._claimed(adapter)
            new = self._claimed(adapter)
            assert new.number > old.number
            assert adapter.renew(old, LONG) is None
            assert adapter.holder(CENTER) == new

    def test_a_renewed_lease_lasts_longer(self) -> None:
        """With the same number; it is still held when it would have ended."""
        with self.ownership() as adapter:
            lease = self._claimed(adapter, duration=SHORT)
            longer = adapter.renew(lease, LONG)
            assert longer is not None
            assert (longer.number, longer.node, longer.until > lease.until) == (lease.number, "a", True)
            self.let_pass(SHORT)
            assert adapter.claim(CENTER, "b", LONG) is None

    def test_a_renewal_never_shortens(self) -> None:
        """A shorter duration leaves the end where it is."""
        with self.ownership() as adapter:
            lease = self._claimed(adapter)
            assert adapter.renew(lease, SHORT) == lease

    def test_a_lease_that_ended_unclaimed_is_renewed(self) -> None:
        """A node that was slow goes on, when nobody came."""
        with self.ownership() as adapter:
            lease = self._claimed(adapter, duration=SHORT)
            self.let_pass(SHORT)
            renewed = adapter.renew(lease, LONG)
            assert renewed is not None
            assert adapter.holder(CENTER) == renewed

    def test_a_center_given_back_is_free_at_once(self) -> None:
        """The next lease has a higher number, and the one given back is no lease any more."""
        with self.ownership() as adapter:
            old = self._claimed(adapter)
            adapter.release(old)
            assert adapter.renew(old, LONG) is None
            new = adapter.claim(CENTER, "b", LONG)
            assert new is not None
            assert new.number > old.number

    def test_closing_gives_nothing_back(self) -> None:
        """A second time does nothing."""
        adapter = self.make_ownership()
        self._claimed(adapter)
        adapter.close()
        adapter.close()
