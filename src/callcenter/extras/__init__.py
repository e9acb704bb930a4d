"""One module for each third-party package behind an extra; nothing else imports them.

A package that is not there raises :class:`~callcenter.errors.MissingExtra` with what to install.
"""

from __future__ import annotations
