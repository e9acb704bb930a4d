"""What is said of copies of the charge lines, and by ``callcenter export``."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "E481": ("this is no folder of copies ({reason})", "这不是副本目录({reason})"),
    "E481.hint": ("copy the months into a new folder", "请把各月复制到新的目录"),
    "E482": ("the folder of copies cannot be written ({reason})", "副本目录无法写入({reason})"),
    "E482.hint": ("check the folder, its permissions and its space", "请检查目录、权限和空间"),
    "E483": ("the engine cannot do it ({reason})", "查询引擎无法完成({reason})"),
    "E483.hint": ("check the files and the memory, and copy the month again", "请检查文件和内存,并重新复制该月"),
    "E484": (
        "{file} should hold {said} lines and hao, and holds {found}",
        "{file} 应有行数与金额(毫)为 {said},实为 {found}",
    ),
    "E484.hint": ("copy that month again", "请重新复制该月"),
    "cli.command.export": (
        "lists into CSV or Excel; charges into Parquet, added up, rated anew",
        "把列表导出为 CSV 或 Excel;把费用复制为 Parquet,汇总或重新计费",
    ),
    "cli.export.parquet": ("copy whole months of a store into a folder", "把存储中的整月费用复制到目录"),
    "cli.export.totals": ("what a folder comes to, by center, month and kind", "按呼叫中心、月份和类型汇总"),
    "cli.export.rerate": ("what its talks would cost under another plan", "按另一费率计算其中通话的费用"),
    "cli.export.folder": ("the folder of the copies", "副本目录"),
    "cli.export.from": ("first month, like 2008-12; absent: all", "起始月份,例如 2008-12;默认全部"),
    "cli.export.to": ("last month, included", "截止月份(含)"),
    "cli.export.done": ("copied {lines} lines; months: {months}", "已复制 {lines} 行;月份:{months}"),
    "report.totals": ("Totals by month", "月度汇总"),
    "report.rerated": ("Talks under another plan", "按另一费率重新计费"),
    "column.month": ("month", "月份"),
    "column.lines": ("lines", "行数"),
    "column.posted_fen": ("posted", "已计费(分)"),
    "column.rerated_fen": ("would be", "重新计费(分)"),
    "column.more_fen": ("more", "增加(分)"),
    "column.by": ("by", "计算方式"),
    "total.totals": ("{lines} lines · {amount} fen", "{lines} 行 · {amount} 分"),
    "total.rerated": ("{talks} talks · {before} → {after} fen", "{talks} 次通话 · {before} → {after} 分"),
}
