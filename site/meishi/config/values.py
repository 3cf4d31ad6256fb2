"""Typed reading of a table of settings: every wrong value is named with its file and line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

from meishi.errors import ConfigError, MeishiError

Table = Mapping[str, Any]
#: Makes the error for a dotted key from a message and a hint.
Blame = Callable[[str, str, str | None], MeishiError]

_HEADER = re.compile(r"^\s*\[{1,2}\s*(?P<name>[^\]]+?)\s*\]{1,2}")


def line_of(text: str, dotted: str) -> int | None:
    """Find the line of a key in TOML text, counting from 1; tables are matched without regard to case.

    In a list of tables, `menus.main[2].url` is the key of the second one.
    """
    wanted = [part.strip("\"'").lower() for part in dotted.split(".")]
    table: list[str] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = [part.strip().strip("\"'").lower() for part in header["name"].split(".")]
            if table == wanted:
                return number
            if "[" in dotted and line.lstrip().startswith("[["):
                name = ".".join(table)
                seen[name] = seen.get(name, 0) + 1
                table[-1] += f"[{seen[name]}]"
                if table == wanted:
                    return number
            continue
        key, separator, _ = line.partition("=")
        if separator and not line.lstrip().startswith("#"):
            parts = [part.strip().strip("\"'").lower() for part in key.split(".")]
            if table + parts == wanted:
                return number
    return None


def blame_toml(path: PurePath, text: str) -> Blame:
    """Make errors that point into a TOML file."""

    def blame(key: str, message: str, hint: str | None) -> MeishiError:
        return ConfigError(message, path=path, line=line_of(text, key), hint=hint)

    return blame


class Reader:
    """Take typed values out of one table."""

    def __init__(self, table: Table, blame: Blame, prefix: str = "", example: str = "{} = {}") -> None:
        # Hugo reads its keys without regard to case: so do we, and the owner's spelling stays in `params`.
        self._values = {str(key).lower(): value for key, value in table.items()}
        self._blame = blame
        self._prefix = prefix
        self._example = example

    def error(self, key: str, message: str, hint: str | None = None) -> MeishiError:
        """Make the error for a key, with its file and line."""
        return self._blame(f"{self._prefix}{key}", message, hint)

    def __contains__(self, key: str) -> bool:
        return key.lower() in self._values

    def any(self, *keys: str) -> Any:
        """Return the first of the keys that is set, untyped."""
        for key in keys:
            if key.lower() in self._values:
                return self._values[key.lower()]
        return None

    def _typed(self, kind: type, what: str, example: str, keys: tuple[str, ...]) -> Any:
        for key in keys:
            if key.lower() not in self._values:
                continue
            value = self._values[key.lower()]
            if value is None:  # `description:` without a value, which YAML and JSON have
                continue
            if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
                written = self._example.format(key, example)
                raise self.error(
                    key, f"{self._prefix}{key} must be {what}, not {value!r}", f"Write `{written}`"
                )
            return value
        return None

    def text(self, *keys: str, default: str = "") -> str:
        """Return a string."""
        value = self._typed(str, "a text in quotes", '"…"', keys)
        return default if value is None else str(value)

    def flag(self, *keys: str, default: bool = False) -> bool:
        """Return true or false."""
        value = self._typed(bool, "true or false", "true", keys)
        return default if value is None else bool(value)

    def number(self, *keys: str, default: int, least: int = 0) -> int:
        """Return a whole number that is not below `least`."""
        value = self._typed(int, "a whole number", str(default), keys)
        if value is None:
            return default
        if value < least:
            raise self.error(keys[0], f"{self._prefix}{keys[0]} must be at least {least}, not {value}")
        return int(value)

    def table(self, *keys: str) -> Table:
        """Return a table, empty where there is none."""
        value = self._typed(dict, "a table", "{ }", keys)
        return value if value is not None else {}

    def texts(self, *keys: str) -> tuple[str, ...]:
        """Return a list of strings."""
        value = self._typed(list, "a list", '["…"]', keys)
        for item in value or ():
            if not isinstance(item, str):
                raise self.error(keys[0], f"{self._prefix}{keys[0]} must be a list of texts, not {item!r}")
        return tuple(value or ())

    def tables(self, key: str) -> list[Reader]:
        """Read each table of a list of tables."""
        value = self._typed(list, "a list of tables", "[{ }]", (key,)) or []
        for item in value:
            if not isinstance(item, dict):
                hint = f"Write [[{self._prefix}{key}]] before each"
                raise self.error(key, f"{self._prefix}{key} must be a list of tables, not {item!r}", hint)
        return [
            Reader(table, self._blame, f"{self._prefix}{key}[{place}].", self._example)
            for place, table in enumerate(value, start=1)
        ]

    def names(self) -> list[str]:
        """List the keys that are set, in small letters."""
        return list(self._values)

    def inside(self, key: str) -> Reader:
        """Read the table under a key."""
        return Reader(self.table(key), self._blame, f"{self._prefix}{key}.", self._example)
