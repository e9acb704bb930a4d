"""What ``check`` found: a value with a stable code, the place in the file, and the digits that show it."""

from __future__ import annotations

import enum

from callcenter.model.value import value
from callcenter.texts import Language, say


class Severity(enum.Enum):
    """An error keeps a tree from being published; a warning is for people to weigh."""

    ERROR = "error"
    WARNING = "warning"


@value
class Finding:
    """One finding.

    Attributes:
        code: Stable, and the key of its sentence.
        severity: Error or warning.
        where: TOML path: ``ivr.main.menu.main.choices.9``.
        fields: What the sentence names.
        witness: The keys that show it, as ``--keys`` takes them; empty when silence, or nothing, shows it.
    """

    code: str
    severity: Severity
    where: str
    fields: tuple[tuple[str, str], ...] = ()
    witness: str = ""

    def message(self, language: Language = "en") -> str:
        """Return what is wrong and what to do, without code and place."""
        fields = dict(self.fields)
        return f"{say(self.code, language, **fields)}: {say(f'{self.code}.hint', language, **fields)}"


def error(code: str, where: str, witness: str = "", /, **fields: object) -> Finding:
    """Return a finding that keeps a tree from being published."""
    return _finding(code, Severity.ERROR, where, witness, fields)


def warning(code: str, where: str, witness: str = "", /, **fields: object) -> Finding:
    """Return a finding for people to weigh."""
    return _finding(code, Severity.WARNING, where, witness, fields)


def _finding(code: str, severity: Severity, where: str, witness: str, fields: dict[str, object]) -> Finding:
    texts = tuple((name, content if isinstance(content, str) else str(content)) for name, content in fields.items())
    return Finding(code=code, severity=severity, where=where, fields=texts, witness=witness)
