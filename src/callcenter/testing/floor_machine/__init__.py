"""Any order of events around one engine, held to plain promises: ``TestFloor = CallFloor.TestCase``.

:mod:`~callcenter.testing.floor_machine.machine` plays people, switch and billing; ``switch`` knows what is really up,
``known`` and ``book`` what events, commands and facts have told, ``rules`` what must hold between steps, ``center`` is
the center that is tried unless another is given.
"""

from __future__ import annotations

from callcenter.testing.floor_machine.center import busy_center
from callcenter.testing.floor_machine.machine import CallFloor
from callcenter.testing.floor_machine.promises import PromiseBroken

__all__ = ["CallFloor", "PromiseBroken", "busy_center"]
