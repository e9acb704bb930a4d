"""What is said about a shop or scenario whose parts do not fit together. The fields are values and names, never words."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "E130": ("{value} is no name", "{value} 不能作名称"),
    "E130.hint": (
        "write 1 to 64 visible characters without : or ?, and no blank at either end",
        "请写 1 到 64 个可见字符,不含 : 和 ?,首尾不留空格",
    ),
    "E131": ("{value} is no target", "{value} 不是目标"),
    "E131.hint": ("the nearest is {near}; targets are {known}", "最接近的是 {near};目标的写法:{known}"),
    "E132": ("{value} is already used at {other}", "{value} 已在 {other} 使用"),
    "E132.hint": ("give each its own", "请各用各的"),
    "E133": ("these nodes go round without waiting for the caller: {cycle}", "这些节点不等来电者按键就循环:{cycle}"),
    "E133.hint": (
        "let one of them lead to a menu with a greeting, to a group or to hangup",
        "请让其中一个转到有提示音的菜单、坐席组或 hangup",
    ),
    "E134": ("{name} does not apply where {where}", "{where} 时 {name} 不适用"),
    "E134.hint": ("remove {name}", "请去掉 {name}"),
    "E135": (
        "the groups {first} and {second} share the agent {agent}, and only one of them has order head_start",
        "坐席组 {first} 和 {second} 共用坐席 {agent},但只有一个组的 order 是 head_start",
    ),
    "E135.hint": ("give both the same order", "请让两组的 order 相同"),
    "E136": ("a shop file is named, and {name} stands here as well", "已指定 shop 文件,此处又有 {name}"),
    "E136.hint": (
        "put {name} into the shop file, or remove the line shop = …",
        "请把 {name} 放进 shop 文件,或去掉 shop = … 一行",
    ),
    "E137": ("{value} is in several centers: {known}", "{value} 在多个呼叫中心都有:{known}"),
    "E137.hint": ("say which one, like center = {near}", "请指明是哪一个,例如 center = {near}"),
    "E138": ("{value} holds what is no telephone key", "{value} 含有电话机上没有的键"),
    "E138.hint": ("write keys out of {known}, 1 to {limit} of them", "请用 {known} 中的键,1 到 {limit} 个"),
    "E139": ("exactly one of {known} is needed here", "此处 {known} 必须且只能有一个"),
    "E139.hint": ("write one of them and leave out the others", "请只写其中一个"),
    "E140": ("{value} is no path", "{value} 不是路径"),
    "E140.hint": (
        "write keys with dots between them, like {example}; a key with a dot in it needs quotes",
        "请写用点隔开的键,例如 {example};含点的键要加引号",
    ),
    "E141": ("only on_empty can lead back with {value}", "只有 on_empty 可以写 {value}"),
    "E141.hint": ("write another target, for example {example}", "请写别的目标,例如 {example}"),
    "E142": ("the path meets {value}, which is no table", "路径经过 {value},它不是表"),
    "E142.hint": ("change the key {name} itself", "请改动键 {name} 本身"),
}
