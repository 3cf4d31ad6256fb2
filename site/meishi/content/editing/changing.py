"""One change after the other, each tried until the parser reads back exactly what was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from meishi.content.editing.errors import FieldError
from meishi.content.editing.outline import Path
from meishi.content.editing.values import MISSING, canon, changed, convert, look, same, spelled
from meishi.errors import MeishiError

Ways = Callable[[str, Path, Any], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Format:
    """A language of front matter: how it is read, and ways to change one value, the nicest first."""

    parse: Callable[[str], Any]
    replace: Ways
    insert: Ways
    delete: Callable[[str, Path], Iterator[str]]


def change(form: Format, text: str, path: Path, value: Any) -> str:
    """Write another value at a path, or take it out (MISSING); nothing else changes its value."""
    if value is not MISSING:
        convert(value, _refuse_broken)
    values = form.parse(text)
    path = spelled(values, path)
    old = look(values, path)
    if (old is MISSING and value is MISSING) or (old is not MISSING and same(old, value)):
        return text
    if old is MISSING:
        return _insert_deep(form, text, values, path, value)
    if value is MISSING:
        meant = changed(values, path, MISSING)
        return _first(form, form.delete(text, path), meant, path, _without_empty(meant, path[:-1]))
    for piecewise in (_change_table, _change_list):
        try:
            done = piecewise(form, text, path, old, value)
        except FieldError:
            continue  # all of it has to be written anew
        if done is not None and same(form.parse(done), changed(values, path, value)):
            return done
    return _first(form, form.replace(text, path, value), changed(values, path, value), path)


def _insert_deep(form: Format, text: str, values: Any, path: Path, value: Any) -> str:
    """Add a value with the tables it is in, as far as there are none."""
    depth = 1
    while depth < len(path) and isinstance(look(values, path[:depth]), dict | list):
        depth += 1
    for part in reversed(path[depth:]):
        if not isinstance(part, str):
            raise FieldError(f"{_named(path)} is not in the file")
        value = {part: value}
    path = path[:depth]
    parent = look(values, path[:-1])
    if isinstance(parent, list):
        if not isinstance(path[-1], int) or path[-1] != len(parent):
            raise FieldError(f"{_named(path)} is not in the list")
        meant = changed(values, path, value, insert=True)
    else:
        meant = changed(values, path, value)
    if look(values, path) is not MISSING:
        return _first(form, form.replace(text, path, value), meant, path)
    return _first(form, form.insert(text, path, value), meant, path)


def _change_table(form: Format, text: str, path: Path, old: Any, new: Any) -> str | None:
    if not (isinstance(old, dict) and isinstance(new, dict) and new):
        return None
    for name in old:
        if name not in new:
            text = change(form, text, (*path, name), MISSING)
    for name, value in new.items():
        text = change(form, text, (*path, str(name)), value)
    return text


def _change_list(form: Format, text: str, path: Path, old: Any, new: Any) -> str | None:
    """Change only the items that differ, from the last to the first."""
    if not (isinstance(old, list) and isinstance(new, list) and old and new):
        return None
    matcher = SequenceMatcher(None, [canon(one) for one in old], [canon(one) for one in new], autojunk=False)
    for _, start, end, first, last in reversed([one for one in matcher.get_opcodes() if one[0] != "equal"]):
        both = min(end - start, last - first)
        for number in range(end - 1, start + both - 1, -1):
            values = form.parse(text)
            meant = changed(values, (*path, number), MISSING)
            text = _first(form, form.delete(text, (*path, number)), meant, path)
        for number in range(last - first - 1, both - 1, -1):
            place = (*path, start + both)
            meant = changed(form.parse(text), place, new[first + number], insert=True)
            text = _first(form, form.insert(text, place, new[first + number]), meant, path)
        for number in range(both):
            text = change(form, text, (*path, start + number), new[first + number])
    return text


def _first(form: Format, ways: Iterator[str], meant: Any, path: Path, also: Sequence[Any] = ()) -> str:
    for way in ways:
        try:
            read = form.parse(way)
        except (MeishiError, ValueError):
            continue
        if any(same(read, one) for one in (meant, *also)):
            return way
    hint = "Change it in the text of the file"
    raise FieldError(f"{_named(path)} cannot be changed by itself here", hint=hint)


def _without_empty(values: Any, path: Path) -> list[Any]:
    """List what else may be meant: tables that became empty go, as `a` does with TOML's `a.b = 1`."""
    found = []
    while path and isinstance(path[-1], str) and look(values, path) == {}:
        values = changed(values, path, MISSING)
        found.append(values)
        path = path[:-1]
    return found


def _refuse_broken(value: Any) -> Any:
    if isinstance(value, str) and any("\ud800" <= sign <= "\udfff" for sign in value):
        raise FieldError("the text has half of a character, which cannot be changed into bytes")
    return value


def _named(path: Path) -> str:
    return ".".join(map(str, path))
