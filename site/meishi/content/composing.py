"""The steps from a source to a document, in their order."""

from __future__ import annotations

import re

from meishi.content import embeds, summaries
from meishi.content.documents import Document, MarkdownSettings, Remark
from meishi.content.japanese import count_words, reading_minutes
from meishi.content.parser import environment
from meishi.content.shortcodes import Shortcode, scan
from meishi.content.words import words_for
from meishi.content.writer import Writer

_LINE_ENDS = re.compile(r"\r\n?")


def compose(source: str, settings: MarkdownSettings, first_line: int) -> Document:
    """Make the document of a source: shortcodes aside, Markdown to HTML, summary, counts."""
    if "\r" in source:
        source = _LINE_ENDS.sub("\n", source)
    if "\0" in source:
        source = source.replace("\0", "\ufffd")
    codes: list[Shortcode] = []
    known = embeds.BUILT_IN.union(settings.shortcodes) if settings.shortcodes else embeds.BUILT_IN
    fragment = scan(source, first_line, known, settings.enclosing, codes)
    words = words_for(settings.language, settings.words)
    writer = Writer(settings, words, codes, environment(math=settings.math, html=settings.unsafe))
    writer.document(fragment)
    html = writer.finish()
    summary, truncated, html = summaries.summarize(writer, html)
    plain = "".join(writer.plain).strip()
    letters, others = count_words(plain)
    headings = tuple(writer.headings)
    return Document(
        html=html,
        slots=tuple(writer.slots),
        headings=headings,
        toc=tuple(one for one in headings if settings.toc_start <= one.level <= settings.toc_end),
        summary=summary,
        truncated=truncated,
        plain=plain,
        words=letters + others,
        minutes=reading_minutes(letters, others),
        fragments=frozenset(writer.fragments),
        features=frozenset(writer.features),
        languages=frozenset(writer.languages),
        remarks=tuple(Remark(line, message) for line, message in writer.remarks),
    )
