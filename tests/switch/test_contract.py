"""The simulated switch keeps every promise that an adapter must keep, and is the first to prove it."""

from __future__ import annotations

from callcenter.compat import override
from callcenter.testing.sim_switch import SimSwitch
from callcenter.testing.switch_contract import SwitchBench, SwitchContract


class TestSimulatedSwitch(SwitchContract):
    """All promises."""

    @override
    def make(self) -> SwitchBench:
        return SimSwitch()
