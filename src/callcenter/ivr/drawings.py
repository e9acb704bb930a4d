"""Every tree of a center, drawn in one form, with what ``check`` found in it marked where it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callcenter.ivr.check import check, short_numbers
from callcenter.ivr.draw import draw_text
from callcenter.ivr.draw_graph import draw_dot, draw_mermaid
from callcenter.ivr.draw_svg import draw_svg
from callcenter.ivr.findings import Finding
from callcenter.model.directory import CallCenter, CenterConfig, GroupKind
from callcenter.model.tree import IvrTree, TargetKind
from callcenter.texts import Language


def drawings(config: CenterConfig, form: str, language: Language) -> list[str]:
    """Return the trees of a center, drawn, with what ``check`` found in them marked where it is."""
    center, names = config.center, names_of(config.center)
    found = check(config.trees, center)
    trees = config.trees.values()
    if not trees:
        return [f"{center.access_number} → {center.ivr}  {names.get(str(center.ivr), '')}".rstrip() + "\n"]
    return [drawing(tree, form, language, found, names, tuple(short_numbers(center))) for tree in trees]


def drawing(
    tree: IvrTree,
    form: str,
    language: Language,
    findings: Sequence[Finding],
    names: Mapping[str, str] | None = None,
    shorts: Sequence[str] = (),
) -> str:
    """Return a tree in a form: ``text``, ``mermaid``, ``dot`` or ``svg``."""
    if form == "mermaid":
        return draw_mermaid(tree, findings=findings, names=names)
    if form == "dot":
        return draw_dot(tree, findings=findings, names=names)
    draw = draw_svg if form == "svg" else draw_text
    return draw(tree, findings=findings, names=names, short_numbers=shorts, language=language)


def names_of(center: CallCenter) -> dict[str, str]:
    """Return what people call the targets of a center: a group by its name and who is in it."""
    names = {}
    for group in center.groups.values():
        login = group.kind is GroupKind.LOGIN
        who = [member.agent for member in group.members] if login else [each.short for each in group.extensions]
        names[f"{TargetKind.GROUP.value}:{group.id}"] = f"{group.name} ({' '.join(who)})".strip()
    return names
