"""What is said about the floor: why an offer was made, numbers of the floor, the wallboard, two runs compared."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "cli.command.explain": ("say why an agent was offered a call, from a trace", "根据事实记录说明某次振铃的原因"),
    "cli.explain.trace": ("a trace written by simulate --trace", "由 simulate --trace 写出的事实记录"),
    "cli.explain.offer": ("the offer, as the trace names it, e.g. c1/O1", "事实记录中的振铃编号,例如 c1/O1"),
    "explain.head": (
        "{offer} at {at}: {who} was rung for call {call} of group {group}",
        "{offer},{at} 秒:坐席组 {group} 为来电 {call} 向 {who} 振铃",
    ),
    "explain.how.ranking": ("{who} came first by {ranking}", "按 {ranking} 排序,{who} 在最前"),
    "explain.how.only_one": ("nobody else could be chosen", "没有其他人可选"),
    "explain.how.sticky": ("{who} spoke with this caller last", "{who} 最近与此主叫通过话"),
    "explain.how.sent": ("the caller was transferred to {who}", "来电被转接给 {who}"),
    "explain.key": (
        "{ranking}: key {sorted_by}, tier {tier}, {field} free",
        "{ranking}:排序键 {sorted_by},第 {tier} 层,空闲 {field} 人",
    ),
    "explain.round": ("everybody had been tried: this is round {round}", "所有人都已试过:这是第 {round} 轮"),
    "explain.other": ("  {who}: {reason}{until}", "  {who}:{reason}{until}"),
    "explain.until": (", until {at}", ",直到 {at} 秒"),
    "explain.why.logged_out": ("logged out", "未登录"),
    "explain.why.not_ready": ("not ready ({detail})", "示忙({detail})"),
    "explain.why.wrap_up": ("wrapping up", "话后处理"),
    "explain.why.blocked": ("left alone after a miss ({detail})", "未接后暂停派号({detail})"),
    "explain.why.offered": ("rings for call {detail}", "正为来电 {detail} 振铃"),
    "explain.why.talking": ("talks with call {detail}", "正与来电 {detail} 通话"),
    "explain.why.client_lost": ("its client is lost", "客户端掉线"),
    "explain.why.phone_in_use": ("its phone is used by {detail}", "电话正被 {detail} 占用"),
    "explain.why.own_number": ("the call comes from its own phone", "来电正是其本人的电话"),
    "explain.why.skills": ("lacks {detail}", "缺少技能 {detail}"),
    "explain.why.already_tried": ("was rung for this call in this round already", "本轮已为此来电振铃过"),
    "explain.why.higher_tier": ("stands in tier {detail}, which comes later", "在第 {detail} 层,层次靠后"),
    "explain.why.rings_too": ("rings for this call as well", "同时为此来电振铃"),
    "explain.why.ranked_behind": ("was free, and comes later in the ranking", "空闲,但排序靠后"),
    "explain.no_wait": ("the caller did not wait", "主叫没有等待"),
    "explain.wait": ("the caller had waited {seconds} s, since {since}", "主叫自 {since} 秒起已等待 {seconds} 秒"),
    "explain.position": ("  on coming in, {ahead} stood before it", "  进入排队时前面有 {ahead} 人"),
    "explain.before": (
        "  {call} ({cls}) was given somebody of the group meanwhile: {reason}",
        "  期间 {call}({cls})先分到坐席:{reason}",
    ),
    "explain.before.higher_class": ("its class is higher", "等级更高"),
    "explain.before.came_earlier": ("it came earlier", "来得更早"),
    "explain.before.other": ("others suited it, or it counted as earlier", "有适合它的坐席,或按规则排在前面"),
    "explain.free": ("  {who} became free at {at}", "  {who} 在 {at} 秒空闲"),
    "E921": ("the trace has no offer {name}", "事实记录中没有振铃 {name}"),
    "E921.hint": ("offers there are: {known}", "已有:{known}"),
    "E922": ("line {line} is no line of a trace", "第 {line} 行不是事实记录"),
    "E922.hint": (
        "give a file written by callcenter simulate FILE --trace OUT.jsonl",
        "请使用 callcenter simulate 文件 --trace OUT.jsonl 写出的文件",
    ),
}
