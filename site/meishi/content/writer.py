"""Tokens to HTML: the document while it is being written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any

from markdown_it.token import Token

from meishi.content import phrasing, placing, rawhtml, structure
from meishi.content.anchors import Anchors
from meishi.content.destinations import MARK
from meishi.content.documents import Heading, MarkdownSettings
from meishi.content.footnotes import Footnote, take_notes, write_notes
from meishi.content.parser import parse
from meishi.content.shortcodes import Fragment, Shortcode
from meishi.content.slots import PREFIX, ImageSlot, ShortcodeSlot, Slot

_WRITTEN_ID = re.compile(' id="\0#([^"]*)"')


class Writer:
    """Collect what a document is made of, in the order in which it is read."""

    def __init__(
        self,
        settings: MarkdownSettings,
        words: Mapping[str, str],
        codes: list[Shortcode],
        env: dict[str, Any],
    ) -> None:
        self.settings, self.words, self.codes, self.env = settings, words, codes, env
        self.out: list[str] = []
        self.plain: list[str] = []
        self.slots: list[Slot] = []
        self.headings: list[Heading] = []
        self.features: set[str] = set()
        self.languages: set[str] = set()
        self.anchors = Anchors()
        self.fragment_links: set[str] = set()
        self.fragments: set[str] = set()
        self.notes: dict[str, Footnote] = {}
        self.numbered: list[Footnote] = []
        self.remarks: list[tuple[int, str]] = []
        self.tables = 0
        self.closing: list[str] = []
        self.cut: int | None = None
        self.opening: tuple[int, int, int, int] | None = None
        self.depth = 0
        # Whether the text being written stands in a <p>, and in one that is in nothing else.
        self.in_paragraph = self.in_top_paragraph = False
        self.place = Fragment("", 1)
        self.line = 0
        self.content = ""

    # What the rules below and the other modules write with.

    def slot(self, slot: Slot) -> str:
        """Note a slot and give its mark."""
        self.slots.append(slot)
        return f"\0{len(self.slots) - 1}\0"

    def file_line(self, offset: int = 0) -> int:
        """Give the line in the file of the text being written, offset characters into it."""
        line = self.place.line_of(self.line + self.content.count("\n", 0, offset))
        if self.codes and offset:
            # The lines inside shortcodes earlier on the same line.
            start = self.content.rfind("\n", 0, offset) + 1
            for mark in MARK.finditer(self.content, start, offset):
                line += self.codes[int(mark[1])].source.count("\n")
        return line

    def markdown(self, fragment: Fragment) -> str:
        """Render the text inside a shortcode as a part of this document."""
        kept = self.out, self.place, self.line, self.content, self.in_paragraph, self.in_top_paragraph
        self.out, self.place, self.depth = [], fragment, self.depth + 1
        self.in_paragraph = self.in_top_paragraph = False
        self.document(fragment)
        html = "".join(self.out)
        self.depth -= 1
        self.out, self.place, self.line, self.content, self.in_paragraph, self.in_top_paragraph = kept
        return html

    def document(self, fragment: Fragment) -> None:
        """Write a source, or the part of one that a shortcode holds."""
        self.place = fragment
        tokens = parse(fragment.text, self.env)
        if "{" in fragment.text or "id=" in fragment.text:
            self._reserve(tokens)
        if self.env["footnotes"]["refs"]:
            tokens = take_notes(tokens, self.notes, fragment.line_of)
        self.blocks(tokens)

    def _reserve(self, tokens: list[Token]) -> None:
        """Take the ids that the author chose before headings get theirs."""
        for token in tokens:
            for one in (token, *(token.children or ())):
                if "id" in one.attrs:
                    wish = str(one.attrs["id"])
                    one.attrs["id"] = name = self.anchors.claim(wish)
                    if name != wish:
                        line = self.place.line_of(token.map[0] if token.map else 0)
                        self.remarks.append((line, f"the id {wish} is used twice; the second became {name}"))
                elif one.type in ("html_block", "html_inline") and self.settings.unsafe:
                    self.anchors.taken.update(rawhtml.ids(one.content))

    def blocks(self, tokens: list[Token]) -> None:
        """Write block tokens."""
        index, end, rules = 0, len(tokens), structure.RULES
        if self.settings.lines:
            rules = dict.fromkeys((token.type for token in tokens), structure.with_line)
        while index < end:
            token = tokens[index]
            rule = rules.get(token.type)
            index = rule(self, tokens, index) if rule else structure.generic(self, tokens, index)

    def inline(self, token: Token) -> None:
        """Write the inline text of a block."""
        children = token.children
        if token.map:
            self.line = token.map[0]
        self.content = token.content
        if children:
            phrasing.write(self, children)
        self.plain.append("\n")

    def destination(self, address: str, kind: str, at: int = 0) -> str:
        """Write an address as an attribute's value: as it is, with the document's mark, or as a slot."""
        return phrasing.destination(self, address, kind, self.file_line(at))

    def address(self, address: str, kind: str, line: int) -> str:
        """Write an address that stands on a line of the file."""
        return phrasing.destination(self, address, kind, line)

    def with_codes(self, html: str) -> str:
        """Put the shortcodes back into a piece of HTML."""
        return placing.in_html(self, html)

    def finish(self) -> str:
        """Write the notes and give the HTML, with marks before the ids of this document alone."""
        if self.numbered:
            write_notes(self)
        for note in self.notes.values():
            if not note.number:
                self.remarks.append((note.line, f"nothing refers to the note [^{note.name}]"))
        html = "".join(self.out)
        if self.codes and "\ufdd0" in html:
            html = placing.in_attributes(self, html)
        self.fragments = {unescape(name) for name in _WRITTEN_ID.findall(html)}
        for slot in self.slots:
            if isinstance(slot, ShortcodeSlot) and slot.inner:
                self.fragments.update(unescape(name) for name in _WRITTEN_ID.findall(slot.inner))
            if isinstance(slot, ImageSlot):
                given = dict(slot.attributes).get("id")
                self.fragments.update([given.removeprefix(PREFIX)] if given else [])
        return self.without_foreign(html)

    def without_foreign(self, html: str) -> str:
        """Take the mark from links to ids that are not of this document."""
        for name in self.fragment_links:
            if name not in self.fragments:
                html = html.replace(f'"#{PREFIX}{escape(name)}"', f'"#{escape(name)}"')
        return html
