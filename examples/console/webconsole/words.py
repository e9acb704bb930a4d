"""Words of the console's own: what the lists show as codes and the library's reports never print."""

from __future__ import annotations

from callcenter.texts import Language

_HEADS = {
    "called": ("name", "名称"),
    "added_at": ("added", "添加时间"),
    "added_by": ("added by", "添加人"),
    "role": ("role", "角色"),
    "tenant": ("belongs to", "归属"),
    "state": ("state", "状态"),
    "last_at": ("last log-in", "最近登录"),
    "who": ("who", "操作员"),
    "what": ("what", "操作"),
    "target": ("on what", "对象"),
}
_CELLS = {
    "role": {
        "platform": ("platform", "平台"),
        "reseller": ("reseller", "代理商"),
        "enterprise": ("enterprise", "企业"),
        "center": ("call center", "呼叫中心"),
        "supervisor": ("supervisor", "班长坐席"),
        "agent": ("agent", "坐席"),
        "auditor": ("auditor", "审计员"),
    },
    "state": {
        "closed": ("closed", "已关闭"),
        "first_secret": ("first password", "初始密码"),
        "online": ("online", "在线"),
        "offline": ("offline", "离线"),
    },
    "outcome": {"done": ("done", "完成")},
    "recording": {
        "running": ("running", "录音中"),
        "ready": ("ready", "可收听"),
        "missing": ("missing", "缺失"),
        "none": ("–", "–"),
    },
    "ring": {
        "single": ("one by one", "逐个振铃"),
        "all": ("all at once", "同时振铃"),
        "all:snapshot": ("all who are free", "空闲者同振"),
        "parallel": ("several at once", "多机振铃"),
        "progressive": ("more and more", "逐步增加"),
    },
    "ranking": {
        "round_robin": ("round robin", "轮循"),
        "longest_idle": ("longest idle", "最长空闲"),
        "fewest_calls": ("fewest calls", "最少接听"),
        "in_order": ("in order", "顺序"),
        "random": ("random", "随机"),
    },
}
_PLACES = {
    **_CELLS["role"],
    "login": ("log-in", "登录名"),
    "group": ("group", "坐席组"),
    "vip": ("VIP", "VIP 客户"),
    "blacklisted": ("refused caller", "黑名单号码"),
    "extension": ("extension", "独立坐席"),
    "voice": ("voice file", "语音文件"),
    "tree": ("IVR menu", "IVR 菜单"),
    "charge": ("charge", "费用"),
}
_THINGS = {
    "resellers": ("reseller", "代理商"),
    "enterprises": ("enterprise", "企业"),
    "centers": ("call center", "呼叫中心"),
    "groups": ("group", "坐席组"),
    "agents": ("agent", "坐席"),
    "extensions": ("extension", "独立坐席"),
    "vips": ("VIP", "VIP 客户"),
    "blacklists": ("blacklist", "黑名单"),
    "voices": ("voice file", "语音文件"),
    "trees": ("IVR menu", "IVR 菜单"),
    "money": ("money", "资金"),
    "logins": ("log-in", "登录帐户"),
    "session": ("console", "后台"),
    "charges": ("charge detail", "费用明细"),
    "calls": ("call records", "通话记录"),
    "sessions": ("work sessions", "工作信息"),
    "rejected": ("refused calls", "被拒来电"),
    "voicemails": ("messages", "语音留言"),
    "books": ("books", "账目"),
    "directory": ("list", "名单"),
}
_ACTS = {
    "create": ("new", "新建"),
    "edit": ("edited", "修改"),
    "close": ("closed", "关闭"),
    "set_status": ("status set", "设置状态"),
    "set_note": ("note kept", "修改注释"),
    "add": ("added", "添加"),
    "remove": ("removed", "删除"),
    "reset": ("password reset", "重置密码"),
    "top_up_center": ("paid into a call center", "呼叫中心充值"),
    "top_up_reseller": ("paid into a reseller", "代理商充值"),
    "refund": ("refund", "返还"),
    "deduct": ("deduction", "扣费"),
    "export": ("downloaded", "下载"),
    "export_stats": ("statistics downloaded", "下载统计"),
    "export_adjustments": ("adjustments downloaded", "下载充值记录"),
    "upload": ("uploaded", "上传"),
    "listen": ("listened to", "收听"),
    "login": ("came in", "登录"),
    "logout": ("went out", "退出"),
    "change_secret": ("password changed", "修改密码"),
}


def head(name: str, language: Language) -> str:
    """Return the heading of a column that only the console has."""
    return _one(_HEADS.get(name, (name.replace("_", " "),) * 2), language)


def word(code: str, column: str, language: Language) -> str:
    """Return what a code means in a column; what is no code stays as it is."""
    if column == "what" and "." in code:
        return _act(code, language)
    if column in {"tenant", "target", "account"}:
        return _place(code, language)
    return _one(_CELLS.get(column, {}).get(code, (code, code)), language)


def _act(code: str, language: Language) -> str:
    """Say an action: ``vips.add`` is "VIP: added"."""
    thing, _dot, act = code.partition(".")
    said = _one(_THINGS.get(thing, (thing, thing)), language)
    return f"{said}: {_one(_ACTS.get(act, (act.replace('_', ' '),) * 2), language)}"


def _place(code: str, language: Language) -> str:
    """Say a place or a balance: ``center:books`` is "call center books"."""
    kind, colon, id = code.partition(":")
    known = _PLACES.get(kind)
    return f"{_one(known, language)} {id}".strip() if known and (colon or kind == "platform") else code


def _one(pair: tuple[str, str] | tuple[str, ...], language: Language) -> str:
    return pair[1] if language == "zh" else pair[0]
