"""The owner's own settings, found by name as Hugo finds them: without regard to case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Params(dict[str, Any]):
    """Hold settings under the owner's spelling; `logoimage` finds `logoImage` too."""

    __slots__ = ("_names",)

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        super().__init__({str(key): _wrapped(value) for key, value in (values or {}).items()})
        self._names = {key.lower(): key for key in self}

    def __missing__(self, key: str) -> Any:
        name = self._names.get(key.lower())
        if name is None or name == key:
            raise KeyError(key)
        return self[name]

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key.lower() in self._names

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key, or the default where there is none."""
        try:
            return self[key]
        except KeyError:
            return default

    def under(self, own: Mapping[str, Any]) -> Params:
        """Return these settings with others on top; tables are merged, all else is replaced."""
        merged = dict(self)
        for key, value in own.items():
            name = self._names.get(str(key).lower())
            before = merged.pop(name) if name is not None else None
            if isinstance(before, Params) and isinstance(value, Mapping):
                value = before.under(value)
            merged[str(key)] = value
        return Params(merged)


def _wrapped(value: Any) -> Any:
    if isinstance(value, dict) and not isinstance(value, Params):
        return Params(value)
    if isinstance(value, list):
        return [_wrapped(item) for item in value]
    return value
