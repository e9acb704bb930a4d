"""What ``callcenter simulate`` and ``callcenter ivr try`` say."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "cli.simulate.file": ("a scenario file (TOML)", "场景文件(TOML)"),
    "cli.simulate.trace": ("write what happened to OUT.jsonl, one fact a line", "将事实逐行写入 OUT.jsonl"),
    "cli.simulate.store": (
        "keep everything in a store, e.g. sqlite:day.sqlite; an interrupted run is resumed",
        "保存到存储,例如 sqlite:day.sqlite;中断的运行会继续",
    ),
    "cli.simulate.seed": ("in place of the scenario's own", "代替场景文件中的随机种子"),
    "cli.ivr.try": ("try the keys of a caller on the tree", "试按语音导航的按键"),
    "cli.ivr.try.keys": (
        'seconds after the answer and digits, e.g. "2.5:8 2.9:0"',
        "接通后的秒数和按键,例如 “2.5:8 2.9:0”",
    ),
    "cli.ivr.try.until": ("stop looking after S seconds", "S 秒后停止"),
    "cli.ivr.try.prompt": ("length of every prompt", "每段语音的长度(秒)"),
    "cli.ivr.try.empty": ("let this group refuse callers (may be repeated)", "让此坐席组拒绝来电(可重复)"),
    "simulate.calls": ("calls: {calls} ({outcomes})", "来电:{calls}({outcomes})"),
    "simulate.outcome.answered": ("answered", "已接"),
    "simulate.outcome.abandoned": ("abandoned", "主叫放弃"),
    "simulate.outcome.timeout": ("timeout", "等待超时"),
    "simulate.outcome.refused": ("refused", "坐席组拒绝"),
    "simulate.outcome.rejected": ("rejected", "拒绝"),
    "simulate.outcome.ivr_abandoned": ("ivr_abandoned", "导航中挂机"),
    "simulate.outcome.ivr_ended": ("ivr_ended", "导航结束"),
    "simulate.outcome.unanswered": ("unanswered", "无人接听"),
    "simulate.outcome.voicemail": ("voicemail", "留言"),
    "simulate.talks": ("talks: {talks}, {seconds} s, {fen} fen", "通话:{talks} 次,{seconds} 秒,{fen} 分"),
    "simulate.rejected": ("rejected: {reasons}", "拒绝:{reasons}"),
    "simulate.posted": ("posted: {line} {fen} fen", "入账:{line} {fen} 分"),
    "simulate.balance": ("balance of {center}: {fen} fen", "{center} 余额:{fen} 分"),
    "simulate.oddities": ("look at: {what}", "请检查:{what}"),
    "simulate.trace": ("trace: sha256 {digest}…", "事实记录:sha256 {digest}…"),
    "simulate.finished_before": (
        "{file} with seed {seed} was finished in this store before; nothing was done",
        "{file}(种子 {seed})在此存储中已经运行完毕;未做任何事",
    ),
    "E911": ("{value} is no script of keys", "{value} 不是按键脚本"),
    "E911.hint": ("write seconds and digits, like {example}", "请写秒数和按键,例如 {example}"),
}
