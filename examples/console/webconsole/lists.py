"""All lists of the console by name, in the order of its menu."""

from __future__ import annotations

from webconsole.columns import List
from webconsole.directory_lists import DIRECTORY
from webconsole.office_lists import OFFICE
from webconsole.record_lists import RECORDS

LISTS: dict[str, List] = {each.name: each for each in (*DIRECTORY, *RECORDS, *OFFICE)}
