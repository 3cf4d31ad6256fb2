"""What rendering a source gives, and the settings that it depends on: plain values, light to load."""

from __future__ import annotations

from typing import NamedTuple

from meishi.content.slots import Slot


class MarkdownSettings(NamedTuple):
    """Hold what changes the HTML of a page besides its source.

    unsafe: the owner's own HTML is kept, not shown as text. code_fences: code is coloured. toc_start and
    toc_end: the levels of headings in a table of contents. shortcodes: names of the owner's templates;
    enclosing: those of them that need a closing tag. words: (name, text) pairs in place of those in
    meishi.content.words. lines: each block says in data-line which line of its file it begins with, so that
    an editor finds it; never in what is published.
    """

    unsafe: bool = True
    code_fences: bool = True
    math: bool = True
    language: str = "en"
    toc_start: int = 2
    toc_end: int = 3
    shortcodes: tuple[str, ...] = ()
    enclosing: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    lines: bool = False


class Heading(NamedTuple):
    """Hold a heading of a document: its level, its id, its text and its HTML without links."""

    level: int
    id: str
    text: str
    html: str


class Remark(NamedTuple):
    """Hold what is doubtful in a source, though it can be rendered."""

    line: int
    message: str


class Document(NamedTuple):
    """Hold a rendered source; html, summary and headings have the same slots.

    headings holds all of them, toc those of the wanted levels. fragments: its ids. languages: those of its
    code. features names what the page needs styles or scripts for: "code", "math", "table", "footnotes",
    "admonition", "embed".
    """

    html: str
    slots: tuple[Slot, ...]
    headings: tuple[Heading, ...]
    toc: tuple[Heading, ...]
    summary: str
    truncated: bool
    plain: str
    words: int
    minutes: int
    fragments: frozenset[str]
    features: frozenset[str]
    languages: frozenset[str]
    remarks: tuple[Remark, ...]
