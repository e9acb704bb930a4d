"""``python -m callcenter``: the same as the command ``callcenter``."""

from __future__ import annotations

import sys

from callcenter.cli import main

if __name__ == "__main__":
    sys.exit(main())
