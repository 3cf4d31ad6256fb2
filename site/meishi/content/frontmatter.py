"""The block at the top of a content file: YAML, TOML or JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import PurePosixPath
from typing import Any, Literal, NamedTuple

from meishi.config.values import Blame, line_of
from meishi.errors import FrontMatterError, MeishiError

Flavour = Literal["yaml", "toml", "json", ""]

_FENCES: dict[str, Flavour] = {"---": "yaml", "+++": "toml"}
# As Hugo does, blank lines before the block are passed over.
_OPENING = re.compile(r"\s*?^(?P<fence>---|\+\+\+)[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_CLOSING = {fence: re.compile(rf"^{re.escape(fence)}[ \t]*(?:\r?\n|\Z)", re.MULTILINE) for fence in _FENCES}
_JSON = re.compile(r"\s*(?=\{(?![{%<]))")
_DAY = re.compile(r"\d{4}-\d\d?-\d\d?")


class Source(NamedTuple):
    """A content file taken apart. `start` and `body_line` are line numbers that count from 1."""

    flavour: Flavour
    block: str
    body: str
    body_line: int
    start: int = 2


def split(text: str, path: str) -> Source:
    """Take the front matter off a content file; a file without any is all body."""
    text = text.removeprefix("\ufeff")
    if opening := _OPENING.match(text):
        fence = opening["fence"]
        closing = _CLOSING[fence].search(text, opening.end())
        first = text.count("\n", 0, opening.start("fence")) + 1
        if closing is None:
            raise FrontMatterError(
                "the front matter is not closed",
                path=PurePosixPath("content", path),
                line=first,
                hint=f"Put a line with {fence} below it",
            )
        block, body = text[opening.end() : closing.start()], text[closing.end() :]
        body_line = text.count("\n", 0, closing.end()) + 1
        return Source(_FENCES[fence], block, body, body_line, start=first + 1)
    if opening := _JSON.match(text):
        return _split_json(text, opening.end(), path)
    return Source("", "", text, 1)


def _split_json(text: str, start: int, path: str) -> Source:
    try:
        _, end = json.JSONDecoder().raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise _error(path, error.lineno, error.msg, "JSON") from error
    except RecursionError as error:
        raise _error(path, 1, "it is nested too deeply", "JSON") from error
    stripped = re.sub(r"\A[ \t]*\r?\n", "", text[end:])
    body_line = text.count("\n", 0, len(text) - len(stripped)) + 1
    return Source("json", text[start:end], stripped, body_line, start=text.count("\n", 0, start) + 1)


def parse(source: Source, path: str) -> dict[str, Any]:
    """Read the values of a front matter block."""
    if not source.block.strip():
        return {}
    values = _PARSERS[source.flavour](source, path)
    if not isinstance(values, dict):
        raise _error(path, source.start, "it must be a list of `name: value` lines", "front matter")
    return {str(key): value for key, value in values.items()}


def _error(path: str, line: int, problem: str, what: str) -> FrontMatterError:
    return FrontMatterError(f"not valid {what}: {problem}", path=PurePosixPath("content", path), line=line)


def _parse_yaml(source: Source, path: str) -> Any:
    import yaml
    from frontmatter.default_handlers import YAMLHandler

    try:
        values = YAMLHandler().load(source.block, Loader=_yaml_loader())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = source.start + (mark.line if mark else 0)
        raise _error(path, line, error.problem or str(error), "YAML") from error
    except yaml.reader.ReaderError as error:
        line = source.start + source.block.count("\n", 0, error.position)
        raise _error(path, line, f"it holds the control character U+{error.character:04X}", "YAML") from error
    except ValueError as error:
        raise _error(path, _line_of_bad_day(source), str(error), "YAML") from error
    except (yaml.YAMLError, RecursionError, TypeError) as error:
        raise _error(path, source.start, str(error), "YAML") from error
    return {} if values is None else values


def _plain(loader: Any, node: Any) -> dict[str, Any] | None:
    """Read a flat mapping in half the time that PyYAML's general way takes; None if it is not one."""
    if node.tag != _MAPPING or node.id != "mapping":
        return None
    values: dict[str, Any] = {}
    for key, value in node.value:
        if key.tag != _WORD or key.id != "scalar" or key.value in values:
            return None
        is_list = value.tag == _LIST and value.id == "sequence"
        parts = value.value if is_list else [value]
        made = []
        for part in parts:
            if part.id != "scalar":
                return None
            if part.tag == _WORD:
                made.append(part.value)
            elif (make := _SCALARS.get(part.tag)) is not None:
                made.append(getattr(loader, make)(part))
            else:
                return None
        values[key.value] = made if is_list else made[0]
    return values


_YAML = "tag:yaml.org,2002:"
_MAPPING, _LIST, _WORD = f"{_YAML}map", f"{_YAML}seq", f"{_YAML}str"
_SCALARS = {
    f"{_YAML}{kind}": f"construct_yaml_{kind}" for kind in ("null", "bool", "int", "float", "timestamp")
}


@cache
def _yaml_loader() -> type:
    """Make a loader that takes as words what YAML 1.2, and so Hugo, does: no, on, 12:30."""
    import yaml

    fast: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(fast):  # type: ignore[misc]
        yaml_implicit_resolvers = {  # noqa: RUF012  (PyYAML's name and way)
            first: [(tag, pattern) for tag, pattern in rows if not tag.endswith((":bool", ":int"))]
            for first, rows in fast.yaml_implicit_resolvers.items()  # type: ignore[attr-defined]
        }

        def construct_document(self, node: yaml.Node) -> Any:
            """Make the values: of names with words and lists of words, as nearly all are, at once."""
            plain = _plain(self, node)
            return super().construct_document(node) if plain is None else plain

        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
            """Refuse a key that stands twice: one of its two values would be lost."""
            seen: set[str] = set()
            for key, _ in node.value:
                if key.tag == "tag:yaml.org,2002:str" and key.value in seen:
                    problem = f"{key.value} stands there twice"
                    raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
                seen.add(key.value if isinstance(key.value, str) else "")
            made: dict[Any, Any] = super().construct_mapping(node, deep=deep)
            return made

    Loader.add_implicit_resolver(
        "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
    )
    Loader.add_implicit_resolver(
        "tag:yaml.org,2002:int",
        re.compile(r"^[-+]?(?:0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|0b[01_]+)$"),
        list("-+0123456789"),
    )
    return Loader


def _line_of_bad_day(source: Source) -> int:
    """Find the line whose day is on no calendar, such as 2026-13-01: PyYAML does not tell."""
    for found in _DAY.finditer(source.block):
        year, month, day = map(int, found[0].split("-"))
        try:
            date(year, month, day)
        except ValueError:
            return source.start + source.block.count("\n", 0, found.start())
    return source.start


def _parse_toml(source: Source, path: str) -> Any:
    import tomllib

    try:
        return tomllib.loads(source.block.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = source.start + (int(place[1]) - 1 if place else 0)
        problem = re.sub(r" \(at (line|end).*\)$", "", str(error))
        raise _error(path, line, problem, "TOML") from error


def _parse_json(source: Source, _path: str) -> Any:
    return json.loads(source.block)


_PARSERS: dict[Flavour, Callable[[Source, str], Any]] = {
    "yaml": _parse_yaml,
    "toml": _parse_toml,
    "json": _parse_json,
}


def line_of_key(source: Source, key: str) -> int | None:
    """Find the line of a key in the file, counting from 1."""
    if source.flavour == "toml":
        line = line_of(source.block, key)
        return None if line is None else line + source.start - 1
    last = re.escape(key.rpartition(".")[2])
    # A field of the page stands at the margin; the same word deeper in belongs to something else.
    patterns = (rf'^"?{last}"?[ \t]*:', rf'^\s*(?:- )?"?{last}"?\s*:')
    if source.flavour == "json":
        patterns = (rf'^(?:\{{|  |\t)?\s?"{last}"\s*:', rf'"{last}"\s*:')
    for pattern in patterns:
        if found := re.compile(pattern, re.MULTILINE | re.IGNORECASE).search(source.block):
            return source.block.count("\n", 0, found.end()) + source.start
    return None


def blame(path: str, source: Source) -> Blame:
    """Make errors that point into a content file."""

    def make(key: str, message: str, hint: str | None) -> MeishiError:
        line = line_of_key(source, key) or 1
        return FrontMatterError(message, path=PurePosixPath("content", path), line=line, hint=hint)

    return make
