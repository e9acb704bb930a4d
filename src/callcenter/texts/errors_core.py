"""What the errors of the lowest rooms say: values of the model, use of the library, missing extras."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "E601": ("the switch reports {event} in state {state}", "交换机在状态 {state} 报告了 {event}"),
    "E601.hint": ("check the adapter: this pair cannot happen", "请检查适配器:这种组合不可能出现"),
    "E701": ('"{text}" is not an amount in fen', "“{text}” 不是以分为单位的金额"),
    "E701.hint": (
        "write digits with at most two decimals, for example 12 or 986.30",
        "请写数字,最多两位小数,例如 12 或 986.30",
    ),
    "E702": ('"{text}" is no phone number: {reason}', "“{text}” 不是电话号码:{reason}"),
    "E702.hint": (
        "write a landline as area code + number without separators (02855500001), a mobile number with a leading 0 (013900000001)",
        "固定电话写区号加号码,中间不加任何符号(02855500001);手机号码前加 0(013900000001)",
    ),
    "E703": ('"{text}" is no instant with an offset', "“{text}” 不是带时区偏移的时间"),
    "E703.hint": ("write for example 2008-12-29T10:00:00+08:00", "请写成例如 2008-12-29T10:00:00+08:00"),
    "E704": ('"{text}" is no time zone', "“{text}” 不是时区名"),
    "E704.hint": ("write a name of the IANA list, for example Asia/Shanghai", "请写 IANA 时区名,例如 Asia/Shanghai"),
    "E705": ('"{text}" is no local date', "“{text}” 不是日期"),
    "E705.hint": ("write YYYY-MM-DD", "请写成 YYYY-MM-DD"),
    "E708": ('"{text}" is no month', "“{text}” 不是月份"),
    "E708.hint": ("write YYYY-MM", "请写成 YYYY-MM"),
    "E706": ("a saved state cannot be read: {reason}", "保存的状态无法读取:{reason}"),
    "E706.hint": ("load it with the version of the library that wrote it", "请用写入它的版本读取"),
    "E801": ("{feature} needs the extra [{extra}]", "{feature} 需要扩展包 [{extra}]"),
    "E801.hint": ("install callfloor[{extra}]", "请安装 callfloor[{extra}]"),
    "number.empty": ("it is empty", "号码为空"),
    "number.letters": ("only digits are allowed", "只能是数字"),
    "number.short": ("it is too short for a phone number", "号码太短"),
    "number.long": ("it has more than 20 digits", "号码超过 20 位"),
    "number.no_area": ("the area code is missing", "缺少区号"),
    "number.foreign": ("it is no number of mainland China", "不是中国大陆的号码"),
}
