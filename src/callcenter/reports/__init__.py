"""What people look at: pure functions over records and facts. Nothing here reads a store, a clock or a file.

:mod:`~callcenter.reports.lists` the tables of the consoles, :mod:`~callcenter.reports.table` how a table is written,
:mod:`~callcenter.reports.bill` the bill with its arithmetic, :mod:`~callcenter.reports.timeline` the day of each
phone, :mod:`~callcenter.reports.trace` facts as lines.
"""

from __future__ import annotations
