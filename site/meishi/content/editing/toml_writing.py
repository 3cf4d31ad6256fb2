"""Values as TOML."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from meishi.content.editing.errors import FieldError
from meishi.content.editing.outline import Path

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def key(name: str) -> str:
    """Write a name, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else _quoted(name)


def header(path: Path, *, many: bool = False) -> str:
    """Write the header of a table."""
    names = ".".join(key(part) for part in path if isinstance(part, str))
    return f"[[{names}]]" if many else f"[{names}]"


def inline(value: Any, style: str = "") -> str:
    """Write any value on one line, a text in the quotes it had before if they can hold it."""
    if isinstance(value, str):
        return _text(value, style)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return "nan" if math.isnan(value) else repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, dict):
        inner = ", ".join(f"{key(str(name))} = {inline(one)}" for name, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(inline, value)) + "]"
    kind = "nothing" if value is None else f"a value of the kind {type(value).__name__}"
    raise FieldError(f"TOML has no way to write {kind}", hint="Leave the field out instead")


def is_tables(value: Any) -> bool:
    """Tell whether a value is a list that is written as [[tables]]."""
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) and one for one in value)


def sections(path: Path, value: Any) -> Iterator[str]:
    """Write a table, or a list of tables, with headers of their own."""
    if isinstance(value, list):
        for item in value:
            yield from _section(path, item, many=True)
    else:
        yield from _section(path, value, many=False)


def _section(path: Path, table: dict[str, Any], *, many: bool) -> Iterator[str]:
    own = {name: one for name, one in table.items() if not isinstance(one, dict) and not is_tables(one)}
    lines = [f"{key(name)} = {inline(one)}" for name, one in own.items()]
    if lines or many or len(own) == len(table):
        yield "\n".join([header(path, many=many), *lines]) + "\n"
    for name, one in table.items():
        if name not in own:
            yield from sections((*path, name), one)


def _text(value: str, style: str) -> str:
    if style == "'" and "'" not in value and "\n" not in value and not _CONTROL.search(value):
        return f"'{value}'"
    if style == '"""' and "\n" in value:
        inner = _quoted(value)[1:-1].replace("\\n", "\n") if "\\" not in value else None
        if inner is not None:
            return f'"""\n{inner}"""'
    if style == "'''" and "'''" not in value and not value.endswith("'") and not _CONTROL.search(value):
        return f"'''\n{value}'''"
    return _quoted(value)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
