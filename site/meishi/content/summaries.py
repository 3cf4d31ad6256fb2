"""Summaries: the text before <!--more-->, or else the first paragraph."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from meishi.content.japanese import count_words
from meishi.content.phrasing import MORE_MARK
from meishi.content.slots import LinkSlot

if TYPE_CHECKING:
    from meishi.content.writer import Writer

# A paragraph of more words (in Japanese, letters) or characters is cut.
_WORDS, _LETTERS, _CHARACTERS = 70, 200, 700
_REFERENCE = re.compile(r'<sup class="footnote-ref">.*?</sup>', re.DOTALL)
_ANCHOR = re.compile(r'\n?<a class="anchor".*?</a>', re.DOTALL)
_ID = re.compile(r' id="\0#[^"]*"')
_FRAGMENT = re.compile(r'href="#\0#([^"]*)"')
_SENTENCE_END = re.compile(r"[。．！？]|[.!?](?=\s)|\s")


def summarize(writer: Writer, html: str) -> tuple[str, bool, str]:
    """Give the summary, whether there is more, and the HTML without marks for the cut."""
    if MORE_MARK in html:
        before, _, after = html.partition(MORE_MARK)
        # The cut waits for the end of its paragraph, so that every tag is closed.
        rest, end, after = after.partition("</p>\n")
        summary = writer.without_foreign(before + rest.replace(MORE_MARK, "") + end)
        html = html.replace(MORE_MARK, "")
        return _detached(writer, summary), bool(after.strip()), html
    if writer.cut is not None:
        summary = writer.without_foreign("".join(writer.out[: writer.cut]))
        return _detached(writer, summary), bool("".join(writer.out[writer.cut :]).strip()), html
    if writer.opening is None:
        return "", bool(html), html
    first, last, said, to = writer.opening
    summary = "".join(writer.out[first:last])
    text = "".join(writer.plain[said:to]).strip()
    short = _shortened(text)
    if short != text:
        return f"<p>{escape(short, quote=False)}…</p>\n", True, html
    return _detached(writer, writer.without_foreign(summary)), len(summary) < len(html), html


def _shortened(text: str) -> str:
    letters, words = count_words(text)
    if letters <= _LETTERS and words <= _WORDS and len(text) <= _CHARACTERS:
        return text
    limit = _LETTERS
    if letters < len(text) // 3:
        limit = min(len(" ".join(text.split()[:_WORDS])), _CHARACTERS)
    cuts = [found.end() for found in _SENTENCE_END.finditer(text, limit // 2, limit)]
    return text[: cuts[-1] if cuts else limit].rstrip()


def _detached(writer: Writer, html: str) -> str:
    """Make HTML fit for another page: no ids, no notes, and links that name this page."""
    if "\0#" not in html:
        return html
    html = _ID.sub("", _ANCHOR.sub("", _REFERENCE.sub("", html)))
    return _FRAGMENT.sub(lambda found: f'href="{writer.slot(LinkSlot(1, "#" + unescape(found[1])))}"', html)
