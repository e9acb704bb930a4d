"""A switch that is not there, in a world with its own clock: the library runs whole, without a network or a second.

Start with :mod:`callcenter.switch.scenario_run`, which runs a scenario file; :mod:`callcenter.switch.simulated` obeys
commands and reports events as a real switch would, and :mod:`callcenter.switch.auditor` looks over its shoulder.
"""

from __future__ import annotations
