"""Trees → text: the same tree written as TOML, the native file, or as JSON. Read back it is the same tree.

What has its default is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from callcenter.errors import FileError
from callcenter.files.fields import Given
from callcenter.files.reader import MAX_BYTES, MAX_DEPTH, Source, Table
from callcenter.files.targets import Aim
from callcenter.files.trees import read_trees
from callcenter.model.hours import DAY_MINUTES, EVERY_DAY, WEEKDAYS, Holidays, Window
from callcenter.model.ids import TreeName
from callcenter.model.times import SECOND
from callcenter.model.tree import (
    HANGUP,
    Announcement,
    CallerBranch,
    CallerRule,
    Collect,
    CountedPrompt,
    Guards,
    Hook,
    InputPolicy,
    IvrTree,
    Limits,
    Menu,
    Node,
    Prompt,
    Schedule,
    ScheduleRule,
    Target,
)

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_PLAIN: Final = Menu(name="")  # type: ignore[arg-type] # only its defaults are looked at


def trees_data(trees: Iterable[IvrTree]) -> dict[str, Any]:
    """Return trees as the parsed file in which they are written."""
    return {"schema": 1, "ivr": {tree.name: tree_data(tree) for tree in trees}}


def tree_data(tree: IvrTree) -> dict[str, Any]:
    """Return the table of a tree, ``[ivr.NAME]``."""
    own: dict[str, Any] = {"root": str(tree.root)}
    own |= _unless(tree.version, 1, "version", int)
    own |= _unless(tree.last_resort, HANGUP, "last_resort", str)
    own |= _unless(tree.on_fail, None, "on_fail", str)
    own |= _unless(tree.default_prompt, None, "default_prompt", _prompt)
    own |= _unless(tree.language, "zh", "language", str)
    own |= _unless(tree.emergency, None, "emergency", str)
    own |= _unless(tree.guards, Guards(), "guards", _guards)
    for key, node in tree.nodes.items():
        kind, _, name = key.partition(":")
        own.setdefault(kind, {})[name] = _node(node)
    return own


def _unless(content: Any, default: Any, key: str, written: Any) -> dict[str, Any]:
    return {} if content == default else {key: written(content)}


def _node(node: Node) -> dict[str, Any]:
    match node:
        case Menu():
            return _menu(node)
        case Announcement():
            return {"prompt": _prompt(node.prompt), "next": str(node.next)}
        case Collect():
            return _collect(node)
        case Schedule():
            return {"rules": [_schedule_rule(rule) for rule in node.rules], "default": str(node.default)}
        case CallerBranch():
            return {"rules": [_caller_rule(rule) for rule in node.rules], "default": str(node.default)}
        case Hook():
            answers = {answer: str(target) for answer, target in node.answers.items()}
            return {
                "question": node.question,
                "timeout_s": _seconds(node.timeout),
                "answers": answers,
                "default": str(node.default),
            }


def _menu(menu: Menu) -> dict[str, Any]:
    data: dict[str, Any] = {}
    data |= _unless(menu.greeting, None, "greeting", _prompt)
    data |= _unless(menu.short_greeting, None, "short_greeting", _prompt)
    data |= _unless(dict(menu.choices), {}, "choices", _targets)
    data |= _unless(menu.direct_dial, False, "direct_dial", bool)
    data |= _unless(menu.exclude, frozenset(), "exclude", sorted)
    data |= _unless(menu.input, InputPolicy.INTERRUPT, "input", lambda policy: policy.value)
    data |= _unless(menu.terminator, "#", "terminator", str)
    data |= _unless(menu.first_digit, _PLAIN.first_digit, "first_digit_s", _seconds)
    data |= _unless(menu.inter_digit, _PLAIN.inter_digit, "inter_digit_s", _seconds)
    data |= _unless(menu.limits, Limits(), "limits", _limits)
    data |= _unless(menu.on_fail, None, "on_fail", str)
    for name in ("noinput", "nomatch", "unavailable"):
        data |= _unless(getattr(menu, f"{name}_prompts"), (), f"{name}_prompt", _counted)
        data |= _unless(getattr(menu, f"on_{name}"), None, f"on_{name}", str)
    return data


def _collect(node: Collect) -> dict[str, Any]:
    data: dict[str, Any] = {"prompt": _prompt(node.prompt), "min": node.min, "max": node.max}
    data |= _unless(node.terminator, "#", "terminator", str)
    data |= _unless(node.sensitive, False, "sensitive", bool)
    data |= _unless(node.store_as, "", "store_as", str)
    data |= {"next": str(node.next)}
    return data | _unless(node.on_fail, HANGUP, "on_fail", str)


def _schedule_rule(rule: ScheduleRule) -> dict[str, Any]:
    data = _unless(rule.holidays, None, "holidays", _holidays)
    return data | _window(rule.window) | {"target": str(rule.target)}


def _caller_rule(rule: CallerRule) -> dict[str, Any]:
    data = _unless(rule.vip, None, "vip", lambda vip: vip.word)
    return data | _unless(rule.prefix, "", "prefix", str) | {"target": str(rule.target)}


def _window(window: Window) -> dict[str, str]:
    data: dict[str, str] = {}
    if window.weekdays != EVERY_DAY:
        data["weekdays"] = ",".join(WEEKDAYS[day] for day in window.weekdays)
    if window.start:
        data["from"] = f"{window.start // 60:02}:{window.start % 60:02}"
    if window.end != DAY_MINUTES:
        data["to"] = f"{window.end // 60:02}:{window.end % 60:02}"
    return data


def _holidays(days: Holidays) -> list[str]:
    single = [day.isoformat() for day in sorted(days.dates)]
    return single + [f"{month:02}-{day:02}" for month, day in sorted(days.yearly)]


def _targets(targets: Mapping[str, Target]) -> dict[str, str]:
    return {code: str(target) for code, target in targets.items()}


def _prompt(prompt: Prompt) -> str | dict[str, str]:
    if len(prompt.files) == 1 and not prompt.files[0][0]:
        return prompt.files[0][1]
    return {code: str(label) for code, label in prompt.files}


def _counted(prompts: tuple[CountedPrompt, ...]) -> Any:
    if len(prompts) == 1 and prompts[0].count == 1:
        return _prompt(prompts[0].prompt)
    return [{"count": each.count, "prompt": _prompt(each.prompt)} for each in prompts]


def _limits(limits: Limits) -> dict[str, int]:
    return {
        "noinput": limits.noinput,
        "nomatch": limits.nomatch,
        "unavailable": limits.unavailable,
        "attempts": limits.attempts,
    }


def _guards(guards: Guards) -> dict[str, Any]:
    return {
        "entries": guards.entries,
        "total_s": _seconds(guards.total),
        "depth": guards.depth,
        "buffer": guards.buffer,
    }


def _seconds(duration: int) -> int | Decimal:
    return duration // SECOND if duration % SECOND == 0 else Decimal(duration) / SECOND


# ---------------------------------------------------------------- text


def toml_text(data: Mapping[str, Any]) -> str:
    """Return parsed TOML as text: tables of tables as headings, everything inside a node in one line."""
    return "\n".join(_table(data, ())) + "\n"


def _table(data: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """Yield a table: its own values, then the tables below it; nodes are the fourth level, ``ivr.NAME.menu.NAME``."""
    inner = {key: value for key, value in data.items() if isinstance(value, Mapping) and _is_heading(path, key, value)}
    for key, value in data.items():
        if key not in inner:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in inner.items():
        below = (*path, key)
        if len(below) % 2 == 0:
            yield ""
            yield f"[{'.'.join(_key(part) for part in below)}]"
        yield from _table(value, below)


def _is_heading(path: tuple[str, ...], key: str, value: Mapping[str, Any]) -> bool:
    if len(path) == 2:
        return all(isinstance(each, Mapping) for each in value.values()) and key not in {"guards", "default_prompt"}
    return len(path) < 4


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def json_text(data: Mapping[str, Any]) -> str:
    """Return parsed TOML as JSON text; seconds keep their decimals."""
    return json.dumps(data, ensure_ascii=False, indent=2, default=float) + "\n"


def read_json(text: str, name: str) -> Table:
    """Parse a JSON file into the root table that the same TOML file would give.

    Raises:
        FileError: E110 too large, E108 no JSON, E112 nested too deep, E102 when it is no object.
    """
    if len(text) > MAX_BYTES:
        raise FileError("E110", name, size=len(text), limit=MAX_BYTES)
    try:
        data = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except RecursionError:
        raise FileError("E112", name, limit=MAX_DEPTH) from None
    except ValueError as error:
        raise FileError("E108", name, reason=str(error)[:120]) from None
    if not isinstance(data, dict):
        raise FileError("E102", name, value=type(data).__name__, example='{"schema": 1, "ivr": {}}')
    return Table(data, Source(name=name))


def _refuse_constant(word: str) -> float:
    raise ValueError(f"{word} is no number of JSON")


def read_alone(root: Table, given: Given) -> dict[TreeName, IvrTree]:
    """Return the trees of a file, whatever else it holds; names outside the trees are not looked up."""
    found: list[Aim] = []
    return read_trees(root, given, found)
