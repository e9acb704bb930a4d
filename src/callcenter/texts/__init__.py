"""The words the library says to people, in Chinese and English: one catalogue, looked up by a stable key.

Data (names, numbers, file names) is never translated; what a sentence needs of it comes in as named fields.
"""

from __future__ import annotations

from callcenter.texts.catalogue import LANGUAGES, Language, Word, keys, say

__all__ = ["LANGUAGES", "Language", "Word", "keys", "say"]
