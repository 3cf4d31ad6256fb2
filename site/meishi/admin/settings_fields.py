"""The fields of the settings form: what stands in config.toml for each, and what a change writes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from meishi.admin.settings_groups import GROUPS, Setting
from meishi.content.editing.fields import set_config
from meishi.content.editing.values import MISSING, look, spelled

Table = Mapping[str, Any]


#: Lists of tables: the names that a row's fields may have, the first for new rows.
SOCIAL = {"name": ("name", "title", "medium"), "icon": ("icon",), "link": ("link", "url")}
MENU = {"name": ("name",), "link": ("pageRef", "url"), "weight": ("weight",)}
LANGUAGE = {"name": ("languageName", "label"), "title": ("title",), "weight": ("weight",)}


def found(values: Any, key: str | Sequence[str]) -> Any:
    """Look a dotted key up as Hugo does, without regard to capitals; None where there is nothing."""
    path = tuple(key.split(".")) if isinstance(key, str) else tuple(key)
    value = look(values, spelled(values, path))
    return None if value is MISSING else value


def shown(values: Table, setting: Setting) -> str:
    """Return what a setting's input holds."""
    value = found(values, setting.key)
    if setting.kind == "switch":
        return "1" if (setting.default if value is None else bool(value)) else ""
    if setting.key == "params.author.name" and value is None:
        whole = found(values, "params.author")
        return whole if isinstance(whole, str) else ""
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: its number in the file ("" for a new one), and its fields by their plain names."""

    at: str
    values: dict[str, str]


def rows(values: Table, key: str, names: Mapping[str, Sequence[str]]) -> list[Row]:
    """Read a list of tables for the form."""
    tables = found(values, key)
    if not isinstance(tables, list):
        return []
    return [
        Row(str(number), {name: _first(table, keys) for name, keys in names.items()})
        for number, table in enumerate(tables)
        if isinstance(table, dict)
    ]


def languages(values: Table) -> list[Row]:
    """Read the tables of the languages for the form; `at` is the code."""
    tables = found(values, "languages")
    result = []
    for code, table in (tables if isinstance(tables, dict) else {}).items():
        if isinstance(table, dict):
            fields = {name: _first(table, keys) for name, keys in LANGUAGE.items()}
            fields["description"] = str(
                found(table, "params.description") or found(table, "description") or ""
            )
            result.append(Row(code, fields))
    return result


def _first(table: Table, keys: Sequence[str]) -> str:
    for key in keys:
        value = found(table, key)
        if value not in (None, ""):
            return str(value)
    return ""


def menu_key(values: Table) -> str:
    """Return where the menu's entries stand: Hugo has two names for it."""
    return (
        "menu.main" if found(values, "menus") is None and found(values, "menu") is not None else "menus.main"
    )


def changed(text: str, form: MultiDict[str, str]) -> str:
    """Write what differs in the form into the settings; every other line stays as it is."""
    values = tomllib.loads(text.removeprefix("\ufeff"))
    for key, value in _changes(values, form):
        text = set_config(text, key, value)
        values = tomllib.loads(text.removeprefix("\ufeff"))
    return text


def _changes(values: Table, form: MultiDict[str, str]) -> Iterator[tuple[Sequence[str | int], Any]]:
    for group in GROUPS:
        for setting in group.settings:
            yield from _plain_change(values, setting, form)
    yield from _list_change(values, "params.social", "social", SOCIAL, form)
    yield from _list_change(values, menu_key(values), "menu", MENU, form)
    yield from _language_changes(values, form)


def _plain_change(
    values: Table, setting: Setting, form: MultiDict[str, str]
) -> Iterator[tuple[Sequence[str | int], Any]]:
    if f"has-{setting.key}" not in form and setting.key not in form:
        return
    before, after = shown(values, setting), form.get(setting.key, "").strip()
    if after == before.strip():
        return
    path = tuple(setting.key.split("."))
    if path[:2] == ("params", "author") and isinstance(found(values, "params.author"), str):
        if path[2] == "name":
            yield path[:2], after or None
            return
        # A name alone becomes a table when there is more to say.
        yield path[:2], {"name": found(values, "params.author"), path[2]: after}
        return
    if setting.kind == "switch":
        yield path, None if bool(after) == setting.default else bool(after)
    elif setting.kind == "number":
        yield path, _number(after) if after else None
    else:
        yield path, after or None


def _list_change(
    values: Table, key: str, prefix: str, names: Mapping[str, Sequence[str]], form: MultiDict[str, str]
) -> Iterator[tuple[Sequence[str | int], Any]]:
    places = form.getlist(f"{prefix}-at")
    if f"has-{prefix}" not in form:
        return
    tables = found(values, key)
    tables = tables if isinstance(tables, list) else []
    columns = {name: form.getlist(f"{prefix}-{name}") for name in names}
    made = []
    for number, place in enumerate(places):
        given = {
            name: column[number].strip() if number < len(column) else "" for name, column in columns.items()
        }
        old = tables[int(place)] if place.isdigit() and int(place) < len(tables) else {}
        if any(given[name] for name in given if name != "weight"):
            made.append(_row(old, given, names))
    if made != tables:
        yield key.split("."), made or None


def _row(old: Table, given: Mapping[str, str], names: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Change a table of a list; what the form knows nothing of stays."""
    row = dict(old)
    for name, keys in names.items():
        if given[name] == _first(old, keys):
            continue
        there = [key for key in row if key.lower() in {one.lower() for one in keys}]
        target = there[0] if there else _key_for(keys, given[name])
        if name == "link" and "pageRef" in keys:
            # A menu's entry leads to a page by its name, or to an address.
            for key in there:
                del row[key]
            target = _key_for(keys, given[name])
        if given[name]:
            row[target] = _number(given[name]) if name == "weight" else given[name]
        else:
            row.pop(target, None)
    return row


def _key_for(keys: Sequence[str], value: str) -> str:
    address = ":" in value.split("/")[0] or value.startswith(("#", "//"))
    return "url" if "pageRef" in keys and address else keys[0]


def _number(text: str) -> int | str:
    # What is no number is written as it is; the check of the settings says so.
    return int(text) if text.lstrip("-").isdigit() else text


def _language_changes(values: Table, form: MultiDict[str, str]) -> Iterator[tuple[Sequence[str | int], Any]]:
    for row in languages(values):
        for name, keys in LANGUAGE.items():
            after = form.get(f"language-{row.at}-{name}")
            if after is not None and after.strip() != row.values[name]:
                there = next(
                    (key for key in keys if found(values, ("languages", row.at, key)) is not None), keys[0]
                )
                value: Any = _number(after.strip()) if name == "weight" else after.strip()
                yield ("languages", row.at, there), value if after.strip() else None
        after = form.get(f"language-{row.at}-description")
        if after is not None and after.strip() != row.values["description"].strip():
            loose = found(values, ("languages", row.at, "description")) is not None
            where = ("description",) if loose else ("params", "description")
            yield ("languages", row.at, *where), after.strip() or None
    default, before = form.get("defaultContentLanguage"), found(values, "defaultContentLanguage") or "en"
    if default and default != str(before):
        yield ("defaultContentLanguage",), default
    code = form.get("new-language-code", "").strip().lower()
    if code:
        known = languages(values)
        if not known:
            yield ("languages", str(before)), {"weight": 1}
        name = form.get("new-language-name", "").strip() or code
        yield ("languages", code), {"languageName": name, "weight": len(known) + 1 + (not known)}
