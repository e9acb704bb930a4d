"""The pytest plugin of an installed callcenter: the fixtures ``sim_switch`` and ``call_floor``, without an import.

It is loaded in every pytest run of the environment, so it brings nothing in before a test asks for it, adds no option
and no hook, and leaves other plugins alone. The suites that users subclass have their asserts rewritten, so that a
broken promise shows what differed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from callcenter.floor import Floor
    from callcenter.testing.sim_switch import SimSwitch

pytest.register_assert_rewrite("callcenter.testing.conformance", "callcenter.testing.switch_contract")


@pytest.fixture
def sim_switch() -> SimSwitch:
    """A simulated switch with a clock of its own: ``perform`` commands, let people act, look at ``events()``."""
    from callcenter.testing.sim_switch import SimSwitch  # noqa: PLC0415 - only tests that use it pay for it

    return SimSwitch()


@pytest.fixture
def call_floor() -> Floor:
    """A call center in memory with a simulated switch, ready for its first group: :class:`callcenter.floor.Floor`."""
    from callcenter.floor import Floor  # noqa: PLC0415 - the same

    return Floor("4000000001", access_number="95990001")
