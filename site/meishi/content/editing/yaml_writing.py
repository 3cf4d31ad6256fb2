"""Values as YAML, written as a person would, so that every reader of YAML takes them the same way."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from meishi.content.editing.errors import FieldError
from meishi.content.frontmatter import Source, parse
from meishi.errors import MeishiError

#: Words and numbers that some version of YAML takes for something else than text.
_SPECIAL = re.compile(
    r"(y|n|yes|no|on|off|true|false|null|nan|inf|~|<<|=|[-+]?[.\d][\d_.,:eExXoObBa-fA-F+-]*)", re.IGNORECASE
)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def scalar(value: Any, style: str = "", *, flow: bool = False) -> Iterator[str]:
    """Write a scalar on one line: first as it was written before, then as is usual."""
    if isinstance(value, str):
        yield from _texts(value, style, flow)
    elif value is None:
        yield "null" if flow else "~"
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, float):
        yield _number(value)
    elif isinstance(value, int):
        yield str(value)
    elif isinstance(value, datetime):
        yield value.isoformat()
        yield value.isoformat(" ")
    elif isinstance(value, date | time):
        yield value.isoformat()
    else:
        raise FieldError(f"a value of the kind {type(value).__name__} cannot be written as YAML")


def inline(value: Any, *, flow: bool = False) -> str:
    """Write any value on one line."""
    if isinstance(value, dict):
        inner = (f"{inline(str(key), flow=True)}: {inline(one, flow=True)}" for key, one in value.items())
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(inline(one, flow=True) for one in value) + "]"
    return next(scalar(value, flow=flow))


def below(value: Any, indent: str) -> str:
    """Write any value as it stands behind `name:` or `-`, on lines of its own where that is usual."""
    if isinstance(value, dict) and value:
        lines = (f"\n{indent}{inline(str(key))}:{below(one, indent + '  ')}" for key, one in value.items())
        return "".join(lines)
    if isinstance(value, list) and any(isinstance(one, dict | list) and one for one in value):
        items = (below(one, indent + "  ") for one in value)
        return "".join(f"\n{indent}-{' ' + item.lstrip() if item else item}" for item in items)
    if isinstance(value, str) and "\n" in value and (block := literal(value, indent)):
        return " " + block
    return " " + inline(value)


def literal(value: str, indent: str) -> str | None:
    """Write a text of several lines as a block; None where a block cannot hold it."""
    body = value.removesuffix("\n")
    if not body or body.endswith("\n") or body[0] in " \t\n" or "\r" in body or _UNPRINTABLE.search(body):
        return None
    lines = [indent + line if line else "" for line in body.split("\n")]
    return "\n".join(["|" if value.endswith("\n") else "|-", *lines])


def _texts(value: str, style: str, flow: bool) -> Iterator[str]:
    single = "'" + value.replace("'", "''") + "'"
    if style == "'" and "\n" not in value and not _UNPRINTABLE.search(value):
        yield single
    if style != '"' and _reads_plain(value, flow):
        yield value
    if '"' in value and "'" not in value and "\n" not in value and not _UNPRINTABLE.search(value):
        yield single
    quoted = json.dumps(value, ensure_ascii=False)
    yield _UNPRINTABLE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", quoted)


def _reads_plain(value: str, flow: bool) -> bool:
    if not value or "\n" in value or _SPECIAL.fullmatch(value) or _UNPRINTABLE.search(value):
        return False
    written = f"a: [{value}]\n" if flow else f"a: {value}\n"
    try:
        return parse(Source("yaml", written, "", 1), "") == {"a": [value] if flow else value}
    except MeishiError:
        return False


def _number(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    written = repr(value)
    # 1e+20 without a dot is a text to YAML 1.1.
    return written if "." in written or "e" not in written else written.replace("e", ".0e")
