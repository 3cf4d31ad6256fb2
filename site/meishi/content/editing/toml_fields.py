"""Changes of one setting in a TOML text: every other line, comments above all, stays as it is.

(tomlkit keeps most bytes too, but puts a new setting behind the comment that introduces the next table.)
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from meishi.content.editing.outline import (
    Found,
    Path,
    add_flow,
    cut_flow,
    find,
    line_stop,
    put_lines,
)
from meishi.content.editing.toml_outline import Outline, Statement, outline
from meishi.content.editing.toml_writing import inline, is_tables, key, sections
from meishi.content.editing.values import MISSING, changed, look


def replace(text: str, path: Path, value: Any) -> Iterator[str]:
    """Yield ways to write another value, the nicest first."""
    found = _locate(outline(text), path)
    if found is not None:
        node = found.node
        for style in (node.style, ""):
            yield text[: node.start] + inline(value, style) + text[node.end :]
        return
    yield from _rewrite(outline(text), path, value)
    for shorter in delete(text, path):
        yield from insert(shorter, path, value)


def delete(text: str, path: Path) -> Iterator[str]:
    """Yield the text without a setting, or without a table and all below it."""
    plan = outline(text)
    found = _locate(plan, path)
    if found is not None and found.parent is not None:
        yield cut_flow(text, found.parent, found.index)
        return
    yield from _rewrite(plan, path, MISSING)
    for statement in reversed(plan.below(path)):
        stop = line_stop(text, statement.end)
        if statement.kind == "header" and text[stop : stop + 1] == "\n":
            # The empty line between two tables goes with the first of them.
            stop += 1
        text = text[: statement.start] + text[stop:]
    yield text


def insert(text: str, path: Path, value: Any) -> Iterator[str]:
    """Yield ways to add a setting, a table, or an item of a list."""
    plan = outline(text)
    parent, last = path[:-1], path[-1]
    yield from _insert(plan, parent, last, value)
    yield from _rewrite(plan, path, value, insert=isinstance(last, int))


def _insert(plan: Outline, parent: Path, last: str | int, value: Any) -> Iterator[str]:
    path = (*parent, last)
    found = _locate(plan, parent) if parent else None
    if found is not None:
        place = last if isinstance(last, int) else len(found.node.entries)
        written = inline(value) if isinstance(last, int) else f"{key(last)} = {inline(value)}"
        if isinstance(last, str) and not found.node.entries:
            written = f" {written} "
        yield add_flow(plan.text, found.node, place, written)
    elif isinstance(last, int):
        yield from _insert_table(plan, parent, last, value)
    elif (isinstance(value, dict) and value) or is_tables(value):
        yield _insert_sections(plan, path, value)
        yield from _insert_setting(plan, path, inline(value))
    else:
        yield from _insert_setting(plan, path, inline(value))


def _rewrite(plan: Outline, path: Path, value: Any, *, insert: bool = False) -> Iterator[str]:
    """Yield the text with a whole inline table written anew, as for `{ a.b = 1 }`."""
    for one in plan.statements:
        depth = len(one.path)
        if one.node is not None and one.path == path[:depth] and depth < len(path):
            old = look(tomllib.loads(plan.text), one.path)
            new = inline(changed(old, path[depth:], value, insert=insert))
            yield plan.text[: one.node.start] + new + plan.text[one.node.end :]


def _locate(plan: Outline, path: Path) -> Found | None:
    """Find a value by the setting that it is, or that it is a part of."""
    for one in plan.statements:
        if one.kind == "setting" and one.node is not None and one.path == path[: len(one.path)]:
            return find(one.node, path[len(one.path) :])
    return None


def _insert_setting(plan: Outline, path: Path, written: str) -> Iterator[str]:
    parent, last = path[:-1], str(path[-1])
    section = plan.section(parent)
    if not parent or section:
        yield _put_setting(plan, section, last, f"{key(last)} = {written}")
        return
    below = plan.below(parent)
    dotted = [one for one in below if one.kind == "setting"]
    if dotted and dotted[0] is below[0]:
        # Its siblings are written `author.name = …`: so is it.
        one = dotted[-1]
        depth = len(one.path) - len(parent)
        names = plan.text[one.key : one.end].split("=")[0].strip().split(".")
        yield put_lines(plan.text, plan.stop(one), ".".join([*names[:-depth], key(last)]) + f" = {written}")
    new = "\n".join([*sections(parent, {})]) + f"{key(last)} = {written}\n"
    if below:
        place = plan.lead(below[0])
        yield plan.text[:place] + new + "\n" + plan.text[place:]
    yield _insert_sections(plan, parent, {last: None}, new)


def _put_setting(plan: Outline, section: list[Statement], name: str, line: str) -> str:
    text = plan.text
    start = section[0].start if section and section[0].kind == "header" else 0
    later = [one for one in plan.statements if one.kind == "header" and one.start > start]
    if not start and plan.statements and plan.statements[0].kind == "header" and not section:
        later = [plan.statements[0]]
    stop = later[0].start if later else len(text)
    # A setting at rest, `# accent = …`, marks the place that was made for it.
    rest = re.compile(rf"^[ \t]*#[ \t]*{re.escape(name)}[ \t]*=.*$", re.MULTILINE | re.IGNORECASE)
    if resting := rest.search(text, start, stop):
        return put_lines(text, line_stop(text, resting.end()), line)
    if section:
        indent = text[section[-1].start : section[-1].key]
        return put_lines(text, line_stop(text, section[-1].end), indent + line)
    place = plan.lead(later[0]) if later else len(text)
    gap = "\n" if later else ""
    return put_lines(text, place, line + gap)


def _insert_sections(plan: Outline, path: Path, value: Any, new: str = "") -> str:
    """Put a new table behind the last one of its family, or behind everything."""
    text = plan.text
    new = new or "\n".join(sections(path, value))
    family = path[:-1]
    while family and not plan.below(family):
        family = family[:-1]
    if not family and plan.statements:
        place = len(text)
    elif below := plan.below(family):
        place = plan.stop(below[-1])
    else:
        place = len(text)
    gap = "" if not place or text[:place].endswith("\n\n") else "\n" if text[place - 1] == "\n" else "\n\n"
    after = "\n" if text[place : place + 1] not in {"", "\n"} else ""
    return text[:place] + gap + new + after + text[place:]


def _insert_table(plan: Outline, parent: Path, index: int, value: Any) -> Iterator[str]:
    """Put a new [[table]] among its brothers."""
    if not isinstance(value, dict):
        return
    new = "\n".join(sections(parent, [value]))
    brothers = plan.below((*parent, index))
    if brothers:
        place = brothers[0].start
        yield plan.text[:place] + new + "\n" + plan.text[place:]
        return
    before = plan.below((*parent, index - 1))
    if before:
        place = plan.stop(before[-1])
        gap = "\n" if plan.text[:place].endswith("\n") else "\n\n"
        after = "\n" if plan.text[place : place + 1] not in {"", "\n"} else ""
        yield plan.text[:place] + gap + new + after + plan.text[place:]
