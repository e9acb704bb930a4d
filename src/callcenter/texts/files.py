"""What is said about a file that cannot be read as it stands. The fields are values and examples, never words."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "E101": ("{name} is not a key of this table", "此处没有键 {name}"),
    "E101.hint": ("the nearest key is {near}; keys here: {known}", "最接近的键是 {near};此处可用:{known}"),
    "E102": ("{value} is of the wrong type", "{value} 的类型不对"),
    "E102.hint": ("write it like {example}", "请写成 {example} 的样子"),
    "E103": ("the key {name} is missing", "缺少键 {name}"),
    "E103.hint": ("add it, like {name} = {example}", "请补上,例如 {name} = {example}"),
    "E104": ("{value} cannot be read here", "{value} 在此处无法识别"),
    "E104.hint": ("write it like {example}", "请写成 {example} 的样子"),
    "E105": ("{value} is out of range", "{value} 超出范围"),
    "E105.hint": ("write a value {rule}", "请写 {rule} 的值"),
    "E106": ("{value} is none of the choices", "{value} 不在可选值之列"),
    "E106.hint": ("the nearest is {near}; write one of {known}", "最接近的是 {near};可选:{known}"),
    "E107": ("{value} names nothing in this file", "{value} 在此文件中不存在"),
    "E107.hint": ("the nearest is {near}; names there are: {known}", "最接近的是 {near};已有:{known}"),
    "E108": ("this is not TOML ({reason})", "不是有效的 TOML({reason})"),
    "E108.hint": ("mend the text at this place", "请修正此处的文本"),
    "E109": ("a key or table stands twice ({reason})", "键或表重复出现({reason})"),
    "E109.hint": ("keep one of the two", "请只保留一个"),
    "E110": ("the file has {size} bytes, more than {limit}", "文件有 {size} 字节,超过上限 {limit}"),
    "E110.hint": ("split it into several files", "请拆分为多个文件"),
    "E111": ("the text is not UTF-8 (byte {offset})", "文本不是 UTF-8(第 {offset} 字节)"),
    "E111.hint": ("save the file as UTF-8", "请以 UTF-8 编码保存"),
    "E112": ("tables are nested deeper than {limit}", "嵌套超过 {limit} 层"),
    "E112.hint": ("write it flatter", "请减少嵌套"),
    "E113": ("schema {value} is not known", "不支持 schema {value}"),
    "E113.hint": ("write schema = {known}", "请写 schema = {known}"),
    "E114": ("{value} is not a finite number", "{value} 不是有限数"),
    "E114.hint": ("write digits, like {example}", "请写数字,例如 {example}"),
    "E115": ("the amount {value} is a number, not text", "金额 {value} 是数字,不是文本"),
    "E115.hint": ("put it in quotes, in fen: {example}", "请加引号,以分为单位:{example}"),
    "E116": ("the file cannot be opened ({reason})", "文件无法打开({reason})"),
    "E116.hint": ("check the name and the permissions", "请检查文件名和权限"),
    "E117": ("{value} stands twice", "{value} 重复出现"),
    "E117.hint": ("keep one of the two", "请只保留一个"),
}
