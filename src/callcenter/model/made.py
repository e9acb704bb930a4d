"""Facts and commands as the engine makes them: the same names, the same arguments, half the cost.

A call comes to some forty of them. To the type checker these are the modules themselves; at run time their names are
makers (:func:`callcenter.model.value.maker`). Who only looks at facts and commands imports the modules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from callcenter.model import commands, facts
else:
    from callcenter.model import commands as _commands, facts as _facts
    from callcenter.model.value import makers

    commands, facts = makers(_commands), makers(_facts)

__all__ = ["commands", "facts"]
