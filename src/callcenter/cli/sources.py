"""Files that are named on the command line: opened here, read by :mod:`callcenter.files`, which opens nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from callcenter.cli.plugins import registered
from callcenter.errors import FileError
from callcenter.files.reader import MAX_BYTES, read_toml
from callcenter.files.scenario import Scenario, read_scenario
from callcenter.files.shop import Shop, read_shop
from callcenter.model.times import Instant, instant


def read_text(name: str) -> str:
    """Return the text of a TOML file.

    Raises:
        FileError: When it cannot be opened, is too large, no UTF-8 or no TOML.
    """
    try:
        with Path(name).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise FileError("E116", name[:200], reason=getattr(error, "strerror", None) or str(error)) from None
    read_toml(content, name)
    return content.decode("utf-8-sig")


def load_scenario(name: str, *, allow_circles: bool = False) -> Scenario:
    """Return the scenario of a file; the shop that it may name lies beside it.

    Raises:
        FileError: The first thing that is wrong with it.
    """
    beside = Path(name).parent

    def load(shop: str) -> str:
        return read_text(str(beside / shop))

    return read_scenario(read_text(name), file=name, load=load, allow_circles=allow_circles, **registered())


def load_shop(name: str) -> Shop:
    """Return the shop of a shop or scenario file; trees may go in circles, for they are only looked at.

    Raises:
        FileError: The first thing that is wrong with it.
    """
    text = read_text(name)
    if read_toml(text, name).get("scenario") is not None:
        return load_scenario(name, allow_circles=True).shop
    return read_shop(text, file=name, today=instant(datetime.now(tz=UTC)), allow_circles=True, **registered())


def shop_data(name: str, now: Instant) -> Mapping[str, object]:
    """Return the parsed TOML of a shop file that is a shop, for a store to keep.

    Raises:
        FileError: The first thing that is wrong with it, with its line.
    """
    text = read_text(name)
    read_shop(text, file=name, today=now, **registered())
    root = read_toml(text, name)
    return {key: root.need(key, "").value for key in root.keys()}  # noqa: SIM118 - a Table is no dict
