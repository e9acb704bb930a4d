"""What the shop is made of, on its way into a file: centers, enterprises, groups, agents, extensions, VIPs, blacklists."""

from __future__ import annotations

import enum

from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing
from callcenter.model.ids import CenterId
from callcenter.model.value import changed
from callcenter.reports import directory
from callcenter.reports.sheets import Sheet


class Directory(enum.Enum):
    """Lists of what the shop is made of."""

    CENTERS = "centers"
    ENTERPRISES = "enterprises"
    GROUPS = "groups"
    AGENTS = "agents"
    EXTENSIONS = "extensions"
    VIPS = "vips"
    BLACKLISTS = "blacklists"


_MADE = {
    Directory.ENTERPRISES: directory.enterprises,
    Directory.GROUPS: directory.groups,
    Directory.AGENTS: directory.agents,
    Directory.EXTENSIONS: directory.extensions,
    Directory.VIPS: directory.vips,
    Directory.BLACKLISTS: directory.blacklists,
}


@listing("directory.export")
def export(turn: Turn, which: Directory, *, center: CenterId | None = None) -> Sheet:
    """Return a list of what is seen on its way into a file.

    Args:
        turn: The run.
        which: Which list.
        center: Only of this one.
    """
    seen = tuple(id for id in turn.shop.centers if center in {None, id})
    shop = changed(turn.shop, enterprises=turn.whole.enterprises)  # the names of those that the centers belong to
    if which is Directory.CENTERS:
        made = directory.centers(shop, seen, turn.tx.ledger.balance)
        return changed(made, rows=tuple(made.rows))
    return _MADE[which](shop, seen)
