"""Shipped to users: strategies, laws, conformance suites, a stateful floor, a switch contract. Needs the extra ``testing``.

============================  ==================================================================================
``st.from_type(RatePlan)``    strategies for every type, known to hypothesis without an import (``strategies``)
``check_plan_laws(plan)``     what must hold of any rate plan (``laws``)
``CallFloor.TestCase``        any order of events around one engine (``floor_machine``)
``StoreConformance``          what a store promises (``conformance``)
``SwitchContract``            what a switch promises (``switch_contract``)
``sim_switch, call_floor``    fixtures, known to pytest without an import (``plugin``)
============================  ==================================================================================

Names are imported when they are used: hypothesis and pytest look in here in every project of an environment.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from callcenter.testing.conformance import StoreConformance
    from callcenter.testing.floor_machine import CallFloor
    from callcenter.testing.laws import check_plan_laws
    from callcenter.testing.sim_switch import SimSwitch
    from callcenter.testing.switch_contract import Manner, SwitchBench, SwitchContract

_HOMES: Final = {
    "CallFloor": "floor_machine",
    "Manner": "switch_contract",
    "SimSwitch": "sim_switch",
    "StoreConformance": "conformance",
    "SwitchBench": "switch_contract",
    "SwitchContract": "switch_contract",
    "check_plan_laws": "laws",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


__all__ = [
    "CallFloor",
    "Manner",
    "SimSwitch",
    "StoreConformance",
    "SwitchBench",
    "SwitchContract",
    "check_plan_laws",
]
