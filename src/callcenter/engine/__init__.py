"""THE LIFE OF A CALL, without I/O: events in, commands and facts out.

Read :mod:`~callcenter.engine.transitions` first (the table of a call), then :mod:`~callcenter.engine.agents` (the
table of an agent); :mod:`~callcenter.engine.engine` is the contract, :mod:`~callcenter.engine.coupling` couples both.
"""

from __future__ import annotations

from callcenter.engine.engine import CallView, Engine, Outcome, refuse_unknown

__all__ = ["CallView", "Engine", "Outcome", "refuse_unknown"]
