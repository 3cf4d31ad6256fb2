"""Single fields of a page's front matter, and single settings of config.toml, read and changed in place."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from meishi.config.values import line_of
from meishi.content.editing import json_fields, toml_fields, toml_outline, yaml_fields, yaml_outline
from meishi.content.editing.changing import Format, change
from meishi.content.editing.errors import FieldError
from meishi.content.editing.lines import BOM, keep_line_ends, line_end
from meishi.content.editing.outline import Entry, Path
from meishi.content.editing.values import MISSING, plain
from meishi.content.frontmatter import Flavour, Source, parse, split
from meishi.errors import ConfigError

#: A name, or the names on the way to a nested field; numbers count the items of a list from 0.
Name = str | Sequence[str | int]


@dataclass(frozen=True, slots=True)
class Field:
    """A field and its lines, `line` to `last` (from 1; 0 if inherited); `raw` is how its value is written."""

    name: str
    value: Any
    line: int
    raw: str
    last: int = 0


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a page in the file's order, and the text below them, which begins at `body_line`."""

    flavour: Flavour
    rows: tuple[Field, ...]
    body: str
    body_line: int


def read_fields(text: str, path: str = "") -> Fields:
    """List the fields of a page; raises FrontMatterError with the line where it does not parse."""
    source = split(text, path)
    values = parse(source, path)
    block = source.block
    rows = {}
    for entry in _entries(source):
        if entry.name in values:
            line = source.start + block.count("\n", 0, entry.start)
            raw = block[entry.value.start : entry.value.end]
            last = source.start + block.count("\n", 0, entry.value.end)
            rows[entry.name] = Field(entry.name, values[entry.name], line, raw, last)
    for name, value in values.items():
        # YAML's merge key and TOML's tables bring names that have no line of their own.
        rows.setdefault(name, Field(name, value, 0, ""))
    return Fields(source.flavour, tuple(rows.values()), source.body, source.body_line)


def set_field(text: str, name: Name, value: Any, path: str = "") -> str:
    """Change one field of a page, or take it out (None); only its own lines change.

    A page without front matter gets one, in YAML. Names are matched without regard to capitals if there is
    none spelled so. Raises FrontMatterError where the page does not parse, FieldError where the field cannot
    be changed by itself.
    """
    where: Path = (name,) if isinstance(name, str) else tuple(name)
    source = split(text, path)
    parse(source, path)
    value = MISSING if value is None else value
    if not source.flavour:
        if value is MISSING:
            return text
        source = source._replace(flavour="yaml")
        block = _change(source, "", where, value, path)
        body, mark = text.removeprefix(BOM), text[: len(text) - len(text.removeprefix(BOM))]
        return mark + f"---\n{block}---\n".replace("\n", line_end(text)) + body
    start = _start(text, source)
    block = text[start : start + len(source.block)]
    changed = _change(source, block.replace("\r\n", "\n"), where, value, path)
    if changed == block.replace("\r\n", "\n"):
        return text
    return text[:start] + _ends_like(changed, block, text) + text[start + len(source.block) :]


def set_config(text: str, key: Name, value: Any, path: str = "config.toml") -> str:
    """Change one setting of a TOML file, such as `params.author.name`, or take it out (None).

    Tables and [[lists of tables]] are changed setting by setting; comments and order stay. A setting at rest
    (`# accent = …`) marks where a new one goes.
    """
    where: Path = tuple(key.split(".")) if isinstance(key, str) else tuple(key)
    mark = text[: len(text) - len(text.removeprefix(BOM))]
    old = text[len(mark) :]

    def read(source: str) -> Any:
        try:
            return tomllib.loads(source)
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"not valid TOML: {error}", path=path) from error

    form = Format(read, toml_fields.replace, toml_fields.insert, toml_fields.delete)
    try:
        new = change(form, old.replace("\r\n", "\n"), where, MISSING if value is None else value)
    except FieldError as error:
        error.path, error.line = path, line_of(text, ".".join(map(str, where)))
        raise
    return mark + _ends_like(new, old, old) if new != old.replace("\r\n", "\n") else text


def _change(source: Source, block: str, where: Path, value: Any, path: str) -> str:
    def read(changed: str) -> Any:
        return parse(source._replace(block=changed), path)

    if source.flavour == "json":
        value = value if value is MISSING else plain(value)
    replace_value, insert, delete = _WAYS[source.flavour]
    try:
        return change(Format(read, replace_value, insert, delete), block, where, value)
    except FieldError as error:
        error.path = f"content/{path}" if path else None
        raise


def _start(text: str, source: Source) -> int:
    """Find where the block begins: in the line that it says, JSON perhaps behind spaces."""
    place = len(text) - len(text.removeprefix(BOM))
    for _ in range(source.start - 1):
        place = text.index("\n", place) + 1
    return text.index(source.block, place)


def _entries(source: Source) -> Sequence[Entry]:
    if source.flavour == "yaml":
        return yaml_outline.outline(source.block).entries
    if source.flavour == "json":
        return json_fields.outline(source.block).entries
    if source.flavour == "toml":
        return toml_outline.entries(source.block)
    return ()


def _ends_like(new: str, old: str, text: str) -> str:
    """Give new lines the ends that the file has."""
    if "\r\n" in old:
        return keep_line_ends(new, old)
    return new.replace("\n", "\r\n") if "\n" not in old and line_end(text) == "\r\n" else new


_WAYS = {
    "yaml": (yaml_fields.replace, yaml_fields.insert, yaml_fields.delete),
    "json": (json_fields.replace, json_fields.insert, json_fields.delete),
    "toml": (toml_fields.replace, toml_fields.insert, toml_fields.delete),
}
