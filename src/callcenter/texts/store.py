"""What is said of stores that cannot keep their promises, and of entries that are no double entry."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "E401": ("the disk is full; nothing of this step was kept", "磁盘已满;本步骤没有保存任何内容"),
    "E401.hint": ("free space and repeat the step: it is safe", "请腾出空间后重试:重复执行是安全的"),
    "E402": ("another process holds the store ({reason})", "另一个进程正在占用存储({reason})"),
    "E402.hint": (
        "repeat the step; if it stays so, end the process that holds it",
        "请重试;如果一直如此,请结束占用它的进程",
    ),
    "E403": ("the store is damaged ({reason})", "存储已损坏({reason})"),
    "E403.hint": (
        "stop, keep the file, and go back to the last backup; nothing is written to it any more",
        "请停止操作并保留该文件,然后恢复最近的备份;不会再写入任何内容",
    ),
    "E404": (
        "the store was opened by process {owner} and used by {user}",
        "存储由进程 {owner} 打开,却被进程 {user} 使用",
    ),
    "E404.hint": ("open it after the fork, in each process its own", "请在 fork 之后由各进程自行打开"),
    "E405": ("the store has schema {found}, this library knows {known}", "存储的结构版本是 {found},本程序支持 {known}"),
    "E405.hint": ("open it with the newer library", "请使用更新版本的程序打开"),
    "E406": (
        "it is not known whether the last step was kept ({reason})",
        "无法确定最后一步是否已保存({reason})",
    ),
    "E406.hint": (
        "open the store anew and repeat the step: its keys keep it from counting twice",
        "请重新打开存储并重复该步骤:其键保证不会重复计算",
    ),
    "E407": ("the store cannot be reached ({reason})", "存储无法访问({reason})"),
    "E407.hint": (
        "check the address: of a file its name, folder and permissions, of a server whether it is up",
        "请检查存储地址:文件请看文件名、目录和权限,服务器请看是否在运行",
    ),
    "E408": ("the store is used {how}", "存储的使用方式有误:{how}"),
    "E408.hint": (
        "use it inside one `with store.transaction()` at a time, before close()",
        "请在 close() 之前、一次一个 `with store.transaction()` 之内使用",
    ),
    "store.nested": ("inside another transaction", "在另一个事务之内"),
    "store.outside": ("outside a transaction", "在事务之外"),
    "store.closed": ("after close()", "在 close() 之后"),
    "E409": (
        "the file system gives {pragma} = {found}, not {wanted}",
        "文件系统给出 {pragma} = {found},而不是 {wanted}",
    ),
    "E409.hint": ("put the store on a local disk", "请把存储放在本地磁盘上"),
    "E410": ("this cannot be kept in a store ({reason})", "此内容无法保存({reason})"),
    "E410.hint": ("mend what was given", "请更正给出的内容"),
    "E411": ("the store has content already", "存储中已有内容"),
    "E411.hint": ("load a dump into a new store", "请把转储装入新的存储"),
    "E412": ("shop version {version} is not above {latest}", "配置版本 {version} 不高于 {latest}"),
    "E412.hint": ("save the next version", "请保存下一个版本"),
    "E413": ("this is no dump of a store ({reason})", "这不是存储的转储({reason})"),
    "E413.hint": ("write it with dump() of this version of the library", "请用本版本的 dump() 写出"),
    "E414": ("the file is something else than a store of callcenter", "该文件不是 callcenter 的存储"),
    "E414.hint": ("name a new file", "请指定一个新文件"),
    "E415": (
        "center {center} belongs to node {owner} now, not to {node} any more",
        "呼叫中心 {center} 现归节点 {owner} 所有,不再属于 {node}",
    ),
    "E415.hint": ("let go of the center; claim it again before writing", "请放弃该呼叫中心;写入前须重新取得"),
    "E416": ("the server has {setting} = {found}, not {wanted}", "服务器的 {setting} = {found},而不是 {wanted}"),
    "E416.hint": ("set it in the server's configuration", "请在服务器配置中设置"),
    "E417": (
        "row {seq} of the trail is not the next, which is {following}",
        "审计记录第 {seq} 行不是下一行({following})",
    ),
    "E417.hint": ("load the rows of a dump in their order", "请按顺序装入转储中的各行"),
    "E421": ("the legs are no double entry: {legs}", "各分录不构成复式记账:{legs}"),
    "E421.hint": (
        "give at least two legs on different accounts whose amounts sum to zero",
        "请给出至少两个不同账户的分录,金额之和为零",
    ),
    "E422": ("the amount {amount} is beyond what books can hold", "金额 {amount} 超出账簿范围"),
    "E422.hint": ("check the amount", "请检查金额"),
}
