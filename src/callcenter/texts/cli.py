"""What the command line says: help, refusals, the doctor's findings, the demo's headings."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "E899": (
        "something unexpected happened ({reason})",
        "出现意外错误({reason})",
    ),
    "E899.hint": (
        "this is a mistake of callcenter: please report it with the output of CALLCENTER_DEBUG=1 {command}",
        "这是 callcenter 的错误:请附上 CALLCENTER_DEBUG=1 {command} 的输出进行反馈",
    ),
    "E901": ("{reason}", "{reason}"),
    "E901.hint": ("see {command} --help", "请查看 {command} --help"),
    "E902": ("there is no command {name}", "没有命令 {name}"),
    "E902.hint": ("the nearest is {near}; commands: {known}", "最接近的是 {near};可用命令:{known}"),
    "E903": ("{path} cannot be written ({reason})", "{path} 无法写入({reason})"),
    "E903.hint": ("check the folder and the permissions", "请检查目录和权限"),
    "E904": ("{address} is no address of a store", "{address} 不是存储地址"),
    "E904.hint": (
        "write sqlite:PATH or postgres:DSN, for example sqlite:day.sqlite",
        "请写 sqlite:路径 或 postgres:连接串,例如 sqlite:day.sqlite",
    ),
    "E905": ("there is no store {address}", "没有存储 {address}"),
    "E905.hint": (
        "write one with callcenter simulate FILE --store {address}",
        "请先用 callcenter simulate 文件 --store {address} 写入",
    ),
    "E906": ("the report {name} is not part of this version", "此版本没有报表 {name}"),
    "E906.hint": ("the reports of this version: {known}", "此版本的报表:{known}"),
    "E907": ("there is no center {name}", "没有呼叫中心 {name}"),
    "E907.hint": ("centers there are: {known}", "已有:{known}"),
    "cli.about": (
        "A hosted call center as a library: IVR, waiting line, ringing, billing to 1/100 fen, on a simulated switch.",
        "呼叫中心领域库:语音导航、排队、振铃、精确到毫的计费,以及模拟交换机。",
    ),
    "cli.usage": ("usage: callcenter COMMAND [options]", "用法:callcenter 命令 [选项]"),
    "cli.commands": ("commands:", "命令:"),
    "cli.everywhere": ("everywhere:", "通用选项:"),
    "cli.more": (
        "callcenter COMMAND --help tells more. Exit: 0 done, 1 findings or refused, 2 wrong use.",
        "详见 callcenter 命令 --help。退出码:0 完成,1 有发现或被拒绝,2 用法错误。",
    ),
    "cli.heading.usage": ("usage: ", "用法:"),
    "cli.heading.positional": ("arguments", "参数"),
    "cli.heading.options": ("options", "选项"),
    "cli.option.help": ("show this help", "显示帮助"),
    "cli.option.lang": (
        "language of what is said: zh or en (else CALLCENTER_LANG, else the locale)",
        "显示语言:zh 或 en(默认取 CALLCENTER_LANG,再取系统区域设置)",
    ),
    "cli.option.json": ("machine-readable output", "输出 JSON"),
    "cli.option.plain": ("no colours, no frames", "纯文本:不用颜色和边框"),
    "cli.option.version": ("show the version", "显示版本"),
    "cli.argparse.required": ("missing: {names}", "缺少参数:{names}"),
    "cli.argparse.unrecognized": ("not understood: {names}", "无法识别:{names}"),
    "cli.argparse.choice": (
        "{name}: {value} is none of the choices ({known})",
        "{name}:{value} 不在可选值之列({known})",
    ),
    "cli.argparse.value": ("{name} needs a value", "{name} 需要一个值"),
    "cli.argparse.invalid": ("{name}: {value} cannot be read", "{name}:{value} 无法识别"),
    "cli.command.demo": ("a day of a call center: calls, timeline, bill", "呼叫中心的一天:通话、时间线、账单"),
    "cli.command.simulate": ("run a scenario file on the simulated switch", "在模拟交换机上运行场景文件"),
    "cli.command.rate": ("what calls of a CSV cost, and why", "计算 CSV 中通话的费用及其依据"),
    "cli.command.ivr": ("the tree of a center: draw it, try it", "语音导航:查看、试用"),
    "cli.command.report": ("charges, calls and balances of a store", "存储中的费用、通话记录和余额"),
    "cli.command.doctor": (
        "what this machine has: Python, extras, encoding, SQLite",
        "检查运行环境:Python、扩展包、编码、SQLite",
    ),
    "cli.demo.svg": ("write the picture of the day (SVG) to PATH", "将当天的时间线图(SVG)写入 PATH"),
    "cli.report.name": (
        "charges, stats, calls, sessions, rejected, voicemail, balance, resellers, adjustments or statement",
        "报表名称:charges, stats, calls, sessions, rejected, voicemail, balance, resellers, adjustments 或 statement",
    ),
    "cli.report.store": ("the store, sqlite:PATH or postgres:DSN", "存储地址,sqlite:路径 或 postgres:连接串"),
    "cli.report.center": ("only this call center", "只看此呼叫中心"),
    "cli.report.from": ("first local date, YYYY-MM-DD", "开始日期,YYYY-MM-DD"),
    "cli.report.to": ("last local date, YYYY-MM-DD, inclusive", "结束日期(含),YYYY-MM-DD"),
    "cli.report.extensions": ("call records of extension groups as well", "通话记录中包括独立坐席(分机)组"),
    "cli.report.format": ("table, csv, json or xlsx (extra excel)", "输出格式:table、csv、json 或 xlsx(扩展 excel)"),
    "cli.ivr.check": ("what is wrong with the trees, and the keys that show it", "检查语音导航的问题,并给出重现按键"),
    "cli.ivr.draw": ("draw the trees, problems marked", "画出语音导航并标出问题"),
    "cli.ivr.text": ("as text (the default)", "以文本显示(默认)"),
    "cli.ivr.mermaid": ("as a Mermaid flowchart", "以 Mermaid 流程图显示"),
    "cli.ivr.dot": ("as a DOT graph for Graphviz", "以 Graphviz 的 DOT 显示"),
    "cli.ivr.file": ("a shop or scenario file (TOML)", "商店或场景文件(TOML)"),
    "demo.menu": ("What callers hear", "来电者听到的语音导航"),
    "demo.next": (
        (
            "A day in {seconds} s, on a simulated switch and a SQLite store. Next: callcenter demo --svg day.svg · "
            "callcenter simulate examples/guide-day.toml"
        ),
        (
            "在模拟交换机和 SQLite 存储上用 {seconds} 秒运行了一天。接下来:callcenter demo --svg day.svg · "
            "callcenter simulate examples/guide-day.toml"
        ),
    ),
    "doctor.version": ("callcenter", "callcenter 版本"),
    "doctor.python": ("Python", "Python"),
    "doctor.extra": ("extra [{name}]", "扩展包 [{name}]"),
    "doctor.extra.there": ("{package} {version}", "{package} {version}"),
    "doctor.extra.missing": ("not installed (callfloor[{name}]): {loss}", "未安装(callfloor[{name}]):{loss}"),
    "doctor.loss.cli": ("tables without colours and frames", "表格没有颜色和边框"),
    "doctor.loss.zh": ("no public holidays of China", "没有中国法定节假日"),
    "doctor.loss.testing": ("no strategies and laws for your tests", "没有用于测试的策略和定律"),
    "doctor.loss.postgres": ("no stores in PostgreSQL", "不能使用 PostgreSQL 存储"),
    "doctor.loss.wall": ("no wallboard on the terminal", "没有终端大屏"),
    "doctor.loss.pdf": ("no bills as PDF", "不能输出 PDF 账单"),
    "doctor.loss.scale": ("no copies of charges in Parquet", "不能把费用复制为 Parquet"),
    "doctor.loss.excel": ("no lists for Excel", "不能导出 Excel 列表"),
    "doctor.loss.charts": ("no pictures as PNG", "不能输出 PNG 图"),
    "doctor.loss.argon2": ("secrets of log-ins are hashed by scrypt", "登录密码改用 scrypt 散列"),
    "doctor.encoding": ("encoding", "编码"),
    "doctor.encoding.full": ("{name}: all signs can be shown", "{name}:可显示所有符号"),
    "doctor.encoding.part": (
        "{name}: signs such as {signs} are written plainly",
        "{name}:{signs} 等符号以替代字符显示",
    ),
    "doctor.language": ("language", "语言"),
    "doctor.sqlite": ("SQLite", "SQLite"),
    "doctor.sqlite.old": (
        "{version}: older than {needed}, stores cannot be opened",
        "{version}:低于 {needed},无法打开存储",
    ),
    "doctor.durability": ("durability", "持久性"),
    "doctor.durability.good": ("write-ahead log with full sync in {folder}", "{folder} 支持预写日志和完全同步"),
    "doctor.durability.bad": ("no write-ahead log in {folder} ({mode})", "{folder} 不支持预写日志({mode})"),
    "doctor.zones": ("time zones", "时区"),
    "doctor.zones.good": ("{count} zones, Asia/Shanghai among them", "{count} 个时区,包含 Asia/Shanghai"),
    "doctor.zones.bad": ("Asia/Shanghai is missing: install tzdata", "缺少 Asia/Shanghai:请安装 tzdata"),
    "doctor.well": ("All is well.", "一切正常。"),
    "doctor.ill": ("{count} findings.", "发现 {count} 个问题。"),
}
