"""Hypothesis strategies for the words of the library: whatever they draw could be real.

In an environment where callcenter is installed nothing needs to be imported: ``st.from_type(CenterConfig)`` draws a
center, ``st.from_type(Money)`` an amount. The functions here take arguments where a test wants more of one thing.
"""

from __future__ import annotations

from callcenter.testing.plans import rate_plans, usages
from callcenter.testing.strategies.centers import call_centers, caps, center_configs
from callcenter.testing.strategies.groups import aging_steps, groups, line_announcements, ring_modes
from callcenter.testing.strategies.people import (
    agents,
    blacklist_entries,
    crews,
    enterprises,
    extensions,
    resellers,
    vip_customers,
    voice_files,
    voicemails,
)
from callcenter.testing.strategies.records import call_records, charge_lines, parties, talks, work_sessions
from callcenter.testing.strategies.targets import NOWHERE, Places, outside, targets
from callcenter.testing.strategies.trees import counted_prompts, guards, limits, nodes, prompts, trees
from callcenter.testing.strategies.whole import talks_ended, whole
from callcenter.testing.strategies.words import (
    access_numbers,
    caller_numbers,
    dates,
    digits,
    durations,
    filled_texts,
    holidays,
    ids,
    instants,
    labels,
    languages,
    money,
    phone_numbers,
    short_numbers,
    single_keys,
    skills,
    tags,
    texts,
    windows,
    zones,
)

__all__ = [
    "NOWHERE",
    "Places",
    "access_numbers",
    "agents",
    "aging_steps",
    "blacklist_entries",
    "call_centers",
    "call_records",
    "caller_numbers",
    "caps",
    "center_configs",
    "charge_lines",
    "counted_prompts",
    "crews",
    "dates",
    "digits",
    "durations",
    "enterprises",
    "extensions",
    "filled_texts",
    "groups",
    "guards",
    "holidays",
    "ids",
    "instants",
    "labels",
    "languages",
    "limits",
    "line_announcements",
    "money",
    "nodes",
    "outside",
    "parties",
    "phone_numbers",
    "prompts",
    "rate_plans",
    "resellers",
    "ring_modes",
    "short_numbers",
    "single_keys",
    "skills",
    "tags",
    "talks",
    "talks_ended",
    "targets",
    "texts",
    "trees",
    "usages",
    "vip_customers",
    "voice_files",
    "voicemails",
    "whole",
    "windows",
    "work_sessions",
    "zones",
]
