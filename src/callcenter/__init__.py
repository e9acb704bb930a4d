"""callcenter: a hosted 400-number call center as a library, from the ring to the ledger.

The story in ten lines. A shop file says who answers and what it costs (:mod:`callcenter.files`). A switch offers a call;
the host takes the event into one transaction (:mod:`callcenter.center`) and hands it to the engine of the called center
(:mod:`callcenter.engine`), which asks the interpreter where a key leads (:mod:`callcenter.ivr`) and the line who rings
next (:mod:`callcenter.routing`). Commands go back to the switch, facts to the store (:mod:`callcenter.store`). When the
talk ends, billing rates it (:mod:`callcenter.billing`) and writes it into the books. Reports tell of it
(:mod:`callcenter.reports`). A simulated switch (:mod:`callcenter.switch`) lets all of this run without a telephone, and
:class:`~callcenter.floor.Floor` puts it behind one object.

Names are imported when they are used, so that ``import callcenter`` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from callcenter.billing.plans import RatePlan
    from callcenter.billing.rating import rate
    from callcenter.center import CallCenterHost
    from callcenter.engine import Engine, Outcome
    from callcenter.errors import CallCenterError
    from callcenter.files.scenario import read_scenario
    from callcenter.files.shop import read_shop
    from callcenter.floor import Floor, Menu, Rent
    from callcenter.model import commands, events, facts
    from callcenter.model.money import Money, fen, yuan
    from callcenter.store import MemoryStore, SqliteStore

__version__ = "0.1.0"

_HOMES: Final = {
    "CallCenterError": "callcenter.errors",
    "CallCenterHost": "callcenter.center",
    "Engine": "callcenter.engine",
    "Floor": "callcenter.floor",
    "MemoryStore": "callcenter.store",
    "Menu": "callcenter.floor",
    "Money": "callcenter.model.money",
    "Outcome": "callcenter.engine",
    "RatePlan": "callcenter.billing.plans",
    "Rent": "callcenter.floor",
    "SqliteStore": "callcenter.store",
    "commands": "callcenter.model",
    "events": "callcenter.model",
    "facts": "callcenter.model",
    "fen": "callcenter.model.money",
    "rate": "callcenter.billing.rating",
    "read_scenario": "callcenter.files.scenario",
    "read_shop": "callcenter.files.shop",
    "yuan": "callcenter.model.money",
}

__all__ = [
    "CallCenterError",
    "CallCenterHost",
    "Engine",
    "Floor",
    "MemoryStore",
    "Menu",
    "Money",
    "Outcome",
    "RatePlan",
    "Rent",
    "SqliteStore",
    "commands",
    "events",
    "facts",
    "fen",
    "rate",
    "read_scenario",
    "read_shop",
    "yuan",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        msg = f"module 'callcenter' has no attribute {name!r}"
        raise AttributeError(msg)
    home = _HOMES[name]
    if name in {"commands", "events", "facts"}:
        return importlib.import_module(f"{home}.{name}")
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted([*__all__, "__version__"])
