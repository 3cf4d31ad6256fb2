"""Footnotes: [^name] in the text, [^name]: … anywhere, and the list of them at the end of the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from markdown_it.rules_inline.state_inline import StateInline
from markdown_it.token import Token

from meishi.content.anchors import slug
from meishi.content.slots import PREFIX

if TYPE_CHECKING:
    from meishi.content.writer import Writer


@dataclass(slots=True)
class Footnote:
    """Hold a note: its blocks, its number and anchors once it was referred to, and by how many places."""

    name: str
    line: int
    blocks: list[Token] = field(default_factory=list)
    number: int = 0
    anchor: str = ""
    references: list[str] = field(default_factory=list)


def footnote_reference(state: StateInline, silent: bool) -> bool:
    """Take [^name] if such a note exists."""
    src, start = state.src, state.pos
    if not src.startswith("[^", start):
        return False
    names = state.env["footnotes"]["refs"]
    end = src.find("]", start + 2, state.posMax)
    if not names or end < 0 or ":" + src[start + 2 : end] not in names:
        return False
    if not silent:
        token = state.push("footnote_ref", "", 0)
        token.content = src[start + 2 : end]
    state.pos = end + 1
    return True


def take_notes(tokens: list[Token], notes: dict[str, Footnote], line_of: Callable[[int], int]) -> list[Token]:
    """Move the blocks of the notes out of the text; the first note of a name stays."""
    kept: list[Token] = []
    within: list[Footnote] = []
    for token in tokens:
        if token.type == "footnote_reference_open":
            name = token.meta["label"]
            within.append(Footnote(name, line_of(token.map[0] if token.map else 0)))
            notes.setdefault(name, within[-1])
        elif token.type == "footnote_reference_close":
            within.pop()
        else:
            (within[-1].blocks if within else kept).append(token)
    return kept


def write_reference(writer: Writer, children: list[Token], index: int) -> None:
    """Write a reference to a note; the note gets its number at the first one."""
    note = writer.notes.get(children[index].content)
    if note is None:
        writer.out.append(escape(f"[^{children[index].content}]", quote=False))
        return
    if not note.number:
        writer.numbered.append(note)
        note.number = len(writer.numbered)
        note.anchor = writer.anchors.claim(f"fn-{slug(note.name)}")
    anchor = writer.anchors.claim(note.anchor.replace("fn-", "fnref-", 1))
    note.references.append(anchor)
    writer.out.append(
        f'<sup class="footnote-ref"><a href="#{PREFIX}{escape(note.anchor)}" id="{PREFIX}{escape(anchor)}"'
        f' role="doc-noteref">{note.number}</a></sup>'
    )


def _back_link(writer: Writer, note: Footnote, which: int) -> str:
    """Write the link from a note back to the place that refers to it."""
    count = f"{note.number}-{which + 1}" if which else str(note.number)
    label = escape(writer.words["back"].format(n=count))
    number = f"<sup>{which + 1}</sup>" if which else ""
    return (
        f' <a href="#{PREFIX}{escape(note.references[which])}" class="footnote-backref" role="doc-backlink"'
        f' aria-label="{label}">\u21a9\ufe0e{number}</a>'
    )


def write_notes(writer: Writer) -> None:
    """Write the list of the notes that the text refers to."""
    bodies: list[str] = []
    out = writer.out
    for note in writer.numbered:  # grows while a note refers to another
        writer.out = []
        writer.blocks(note.blocks)
        bodies.append("".join(writer.out))
    label = escape(writer.words["footnotes"])
    out.append(f'<section class="footnotes" role="doc-endnotes" aria-label="{label}">\n<ol>\n')
    for note, body in zip(writer.numbered, bodies, strict=True):
        back = "".join(_back_link(writer, note, which) for which in range(len(note.references)))
        html = f"{body[:-5]}{back}</p>\n" if body.endswith("</p>\n") else f"{body}<p>{back.lstrip()}</p>\n"
        out.append(f'<li id="{PREFIX}{escape(note.anchor)}">\n{html}</li>\n')
    out.append("</ol>\n</section>\n")
    writer.out = out
    writer.features.add("footnotes")
