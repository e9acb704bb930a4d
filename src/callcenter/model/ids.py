"""Names of things: one NewType per kind, so that a call is never taken for a leg.

Ids are text. Those that people write (center, group, agent, reseller …) come from the shop; those of calls come from
the switch and are unique for ever within a center; legs, plays, bridges, recordings and offers are named by the engine.
"""

from __future__ import annotations

from typing import NewType

ResellerId = NewType("ResellerId", str)
EnterpriseId = NewType("EnterpriseId", str)
CenterId = NewType("CenterId", str)
GroupId = NewType("GroupId", str)
AgentId = NewType("AgentId", str)
ShortNumber = NewType("ShortNumber", str)
"""Number of an extension inside its center: text, compared byte by byte (``00`` is not ``000``)."""
TreeName = NewType("TreeName", str)
NodeName = NewType("NodeName", str)
VoicemailName = NewType("VoicemailName", str)
PlanName = NewType("PlanName", str)
PromptName = NewType("PromptName", str)

CallId = NewType("CallId", str)
LegId = NewType("LegId", str)
PlayId = NewType("PlayId", str)
BridgeId = NewType("BridgeId", str)
RecordingId = NewType("RecordingId", str)
OfferId = NewType("OfferId", str)


def agent_key(text: str) -> AgentId:
    """Return the id by which an agent is found: log-in ids are case-insensitive (``CC1003`` = ``cc1003``)."""
    return AgentId(text.casefold())
