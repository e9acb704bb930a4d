"""Shipped to users: strategies, laws, conformance suites, a stateful floor. Needs the extra ``testing``."""

from __future__ import annotations
