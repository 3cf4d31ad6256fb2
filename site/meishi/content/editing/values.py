"""Values as parsers give them: compared strictly, looked up, and changed in a copy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from meishi.content.editing.outline import Path

#: What stands for "there is no such field".
MISSING: Any = type("Missing", (), {"__repr__": lambda _: "missing"})()


def canon(value: Any) -> str:
    """Write a value so that only what is truly the same reads the same: 1, 1.0, true and "1" differ."""
    if isinstance(value, dict):
        inner = sorted(f"{str(key)!r}:{canon(one)}" for key, one in value.items())
        return f"{{{','.join(inner)}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(canon, value))}]"
    if isinstance(value, date | datetime | time):
        return f"{type(value).__name__} {value.isoformat()}"
    return f"{type(value).__name__} {value!r}"


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are the same in kind, too."""
    return canon(one) == canon(other)


def plain(value: Any) -> Any:
    """Turn times into text, as JSON has none."""
    return convert(value, lambda one: one.isoformat() if isinstance(one, date | time) else one)


def convert(value: Any, change: Callable[[Any], Any]) -> Any:
    """Copy a value with every scalar changed."""
    if isinstance(value, dict):
        return {str(key): convert(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [convert(one, change) for one in value]
    return change(value)


def spelled(values: Any, path: Path) -> Path:
    """Spell the names of a path as the file does; Hugo reads them without regard to capitals."""
    done: list[str | int] = []
    for number, part in enumerate(path):
        if isinstance(values, list):
            part = int(part) if isinstance(part, str) and part.isdigit() else part
            if not isinstance(part, int) or not 0 <= part < len(values):
                return (*done, part, *path[number + 1 :])
            values = values[part]
        elif isinstance(values, dict):
            name = str(part)
            if name not in values:
                name = next((key for key in values if str(key).lower() == name.lower()), name)
            part, values = name, values.get(name)
        done.append(part)
    return tuple(done)


def look(values: Any, path: Path) -> Any:
    """Find the value at a path, or MISSING."""
    for part in path:
        if isinstance(values, dict):
            values = values.get(part, MISSING)
        elif isinstance(values, list) and isinstance(part, int) and 0 <= part < len(values):
            values = values[part]
        else:
            return MISSING
    return values


def changed(values: Any, path: Path, value: Any, *, insert: bool = False) -> Any:
    """Copy values with one changed; MISSING takes it out, `insert` makes room for it in a list."""
    if not path:
        return value
    part, rest = path[0], path[1:]
    if isinstance(values, list) and isinstance(part, int):
        copy = list(values)
        if rest:
            copy[part] = changed(values[part], rest, value, insert=insert)
        elif value is MISSING:
            del copy[part]
        elif insert:
            copy.insert(part, value)
        else:
            copy[part] = value
        return copy
    table = dict(values)
    if value is MISSING and not rest:
        table.pop(part, None)
    else:
        table[part] = changed(table.get(part, {}), rest, value, insert=insert)
    return table
