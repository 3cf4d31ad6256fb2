"""How far a translation is behind the page it was made from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from meishi.content.editing.fields import read_fields, set_field
from meishi.content.editing.lines import blocks, lines
from meishi.errors import MeishiError

#: The field of a translation that holds the version of the page it was made from.
FIELD = "translatedFrom"
#: The fields that are translated; of the others, dates and tags for example, each page has its own.
TRANSLATED = ("title", "linkTitle", "menuname", "description", "summary")

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a page, or one of its fields; `line` is where it begins in the file, from 1."""

    text: str
    line: int
    field: str = ""


@dataclass(frozen=True, slots=True)
class Behind:
    """A paragraph that changed since a translation was made: as it was then and is now, if it was or is."""

    kind: Literal["changed", "new", "gone"]
    then: Paragraph | None
    now: Paragraph | None


def behind(source_now: str, source_then: str) -> list[Behind]:
    """List the paragraphs that changed, in the order of the page as it is now."""
    then, now = paragraphs(source_then), paragraphs(source_now)
    old = [f"{one.field}\0{one.text}" for one in then]
    new = [f"{one.field}\0{one.text}" for one in now]
    found: list[Behind] = []
    here = there = 0
    for one, other, size in [*blocks(old, new), (len(old), len(new), 0)]:
        gone, come = then[here:one], now[there:other]
        both = min(len(gone), len(come))
        found += [Behind("changed", was, is_now) for was, is_now in zip(gone, come, strict=False)]
        found += [Behind("gone", was, None) for was in gone[both:]]
        found += [Behind("new", None, is_now) for is_now in come[both:]]
        here, there = one + size, other + size
    return found


def paragraphs(text: str) -> list[Paragraph]:
    """Take a page apart: its translated fields, and the paragraphs of its text; fenced code stays in one."""
    found: list[Paragraph] = []
    body, first = text, 1
    try:
        fields = read_fields(text)
    except MeishiError:
        pass  # a page that does not parse is all text
    else:
        body, first = fields.body, fields.body_line
        shown = {name.lower() for name in TRANSLATED}
        for row in fields.rows:
            if row.name.lower() in shown:
                found.append(Paragraph(str(row.value), row.line, row.name))
    inside, fence = [], ""
    for number, line in enumerate([*(line.says for line in lines(body)), ""], start=first):
        if mark := _FENCE.match(line):
            if not fence:
                fence = mark[1]
            elif mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        if line.strip() or fence:
            inside.append(line.rstrip())
        elif inside:
            found.append(Paragraph("\n".join(inside), number - len(inside)))
            inside = []
    if inside:
        found.append(Paragraph("\n".join(inside).rstrip(), first + len(lines(body)) - len(inside) + 1))
    return found


def translated_from(text: str) -> str | None:
    """Tell which version of its source a translation was made from; None if it does not say."""
    try:
        found = [row.value for row in read_fields(text).rows if row.name.lower() == FIELD.lower()]
    except MeishiError:
        return None
    return str(found[0]) if found else None


def mark_translated(text: str, version: str) -> str:
    """Write into a translation which version of its source it agrees with."""
    return set_field(text, FIELD, version)
