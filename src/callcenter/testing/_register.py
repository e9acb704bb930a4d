"""The hypothesis plugin of an installed callcenter: ``st.from_type`` knows its types, without an import of the user's.

Hypothesis imports this module at the end of its own import, in every project of the environment. So it brings in the
words of the model and nothing else; a strategy is imported when the first value of its type is drawn.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, Final, NewType, cast, get_args

import attrs
from hypothesis import strategies as st

from callcenter.billing import plans
from callcenter.billing.usage import Usage
from callcenter.model import commands, directory, events, facts, hours, ids, money, records, times, tree

_STRATEGIES: Final = "callcenter.testing.strategies"
_NAMED: Final[dict[Any, str]] = {
    money.Money: "money",
    times.Instant: "instants",
    times.Duration: "durations",
    times.Zone: "zones",
    hours.Window: "windows",
    hours.Holidays: "holidays",
    plans.RatePlan: "rate_plans",
    Usage: "usages",
    ids.ShortNumber: "short_numbers",
    ids.PromptName: "labels",
    tree.Target: "targets",
    tree.Prompt: "prompts",
    tree.Guards: "guards",
    tree.Limits: "limits",
    tree.IvrTree: "trees",
    directory.RingMode: "ring_modes",
    directory.Reseller: "resellers",
    directory.Enterprise: "enterprises",
    directory.VipCustomer: "vip_customers",
    directory.BlacklistEntry: "blacklist_entries",
    directory.Agent: "agents",
    directory.Extension: "extensions",
    directory.AgingStep: "aging_steps",
    directory.LineAnnouncement: "line_announcements",
    directory.AgentGroup: "groups",
    directory.Voicemail: "voicemails",
    directory.Caps: "caps",
    directory.CallCenter: "call_centers",
    directory.CenterConfig: "center_configs",
    directory.VoiceFile: "voice_files",
    records.Party: "parties",
    records.Talk: "talks",
    records.CallRecord: "call_records",
    records.WorkSession: "work_sessions",
    records.ChargeLine: "charge_lines",
    facts.TalkEnded: "talks_ended",
}
"""Types with a strategy of their own."""


def values_of(module: ModuleType) -> Iterator[type[Any]]:
    """Yield the value classes that a module defines."""
    for item in vars(module).values():
        if isinstance(item, type) and attrs.has(item) and item.__module__ == module.__name__:
            yield item


def _late(name: str) -> Callable[[Any], st.SearchStrategy[Any]]:
    def draw(_: Any) -> st.SearchStrategy[Any]:
        found: st.SearchStrategy[Any] = getattr(importlib.import_module(_STRATEGIES), name)()
        return found

    return draw


def _all_fields(cls: Any) -> st.SearchStrategy[Any]:
    found: st.SearchStrategy[Any] = importlib.import_module(_STRATEGIES).whole(cls)
    return found


def _node(kind: Any) -> st.SearchStrategy[Any]:
    found: st.SearchStrategy[Any] = importlib.import_module(_STRATEGIES).nodes(kind)
    return found


def register() -> None:
    """Tell hypothesis of every public type of the model; a second time changes nothing."""
    for kind, name in _NAMED.items():
        st.register_type_strategy(kind, _late(name))
    for item in vars(ids).values():
        if isinstance(item, NewType) and item not in _NAMED:
            kind = cast("type[Any]", item)  # hypothesis takes a NewType as well, its hints do not say so
            st.register_type_strategy(kind, _late("ids"))
    for node in get_args(tree.Node):
        st.register_type_strategy(node, _node)
    for module in (tree, directory, events, commands, facts, records):
        for cls in values_of(module):
            if cls not in _NAMED and cls not in get_args(tree.Node):
                st.register_type_strategy(cls, _all_fields)


register()
