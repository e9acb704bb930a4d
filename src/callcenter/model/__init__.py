"""THE WORDS: ids, money, times, phone numbers, the directory, trees, events, commands, facts, records. A leaf."""

from __future__ import annotations
