"""What newer Pythons have and 3.11 has not: only :func:`override`, for the type checker."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import override
else:

    def override(method):  # noqa: ANN001, ANN201 - the type checker never sees this one
        """Mark a method as overriding; does nothing at run time."""
        return method


__all__ = ["override"]
