"""Silent rounds: a caller who types nothing and whom the ways of failure lead back to where he was.

Each menu on the way listens, so it is no circle without input and no tree is refused for it; but whoever cannot type, or
has put the phone down beside him, is kept until a guard throws him out. The interpreter itself is asked, by a caller who
types what leads to a node and then nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from callcenter.ivr.findings import Finding, warning
from callcenter.ivr.graph import OUTSIDE_TARGETS, fails_to, where
from callcenter.ivr.rehearse import rehearse
from callcenter.ivr.signals import Decided, Ended, Surroundings
from callcenter.ivr.ways import Ways
from callcenter.model.facts import DigitsOutcome, IvrEndReason
from callcenter.model.times import SECOND
from callcenter.model.tree import Collect, IvrTree, Menu, Node, Target, TargetKind


def silent_rounds(tree: IvrTree, around: Surroundings, ways: Ways) -> Iterator[Finding]:
    """Yield each round of a tree once, at the first of its nodes, with the keys that lead there.

    Args:
        tree: A tree in which all names exist.
        around: What the walk may ask.
        ways: How its nodes are come to; those that need more than keys are not tried.
    """
    told: set[str] = set()
    for (name, key), way in ways.nodes.items():
        node = tree.nodes.get(key) if name == tree.name else None
        if node is None or way.when or not _stays(tree, node) or node.name in told:
            continue
        actions = rehearse(Target(kind=TargetKind.TREE, name=tree.name), around, way.keys).actions
        ended = [(at, action.reason) for at, action in actions if isinstance(action, Ended)]
        if not ended or ended[-1][1] is not IvrEndReason.LOOP_GUARD:
            continue
        silent = [
            each.menu for _, each in actions if isinstance(each, Decided) and each.outcome is DigitsOutcome.NOINPUT
        ]
        round_ = {str(menu) for menu in silent[len(silent) // 2 :]}
        if node.name in round_:
            told |= round_
            yield warning("E220", where(tree, key), way.script, seconds=f"{ended[-1][0] / SECOND:g}")


def _stays(tree: IvrTree, node: Node) -> bool:
    """Tell whether silence at a node may lead on inside the IVR."""
    if not isinstance(node, Menu | Collect):
        return False
    leads = [fails_to(tree, node)]
    if isinstance(node, Menu) and node.on_noinput is not None:
        leads.append(node.on_noinput)
    return any(target.kind not in OUTSIDE_TARGETS for target in leads)
