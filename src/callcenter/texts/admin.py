"""What the console's use cases say: refusals, log-ins, the trail, the command ``admin``."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "office.finding.trail": (
        "row {row} of the audit trail ({found}) does not continue the chain: it, or a row before it, was tampered with",
        "审计记录第 {row} 行({found})与前面的记录不衔接:该行或其前面的行被篡改过",
    ),
}
