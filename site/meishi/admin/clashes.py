"""Two changes of the same lines: shown with what both began with, settled part by part."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import PurePosixPath

from flask import jsonify, render_template
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from meishi.admin.sentences import said
from meishi.content.editing.desk import Desk
from meishi.content.editing.errors import ClashError
from meishi.content.editing.merging import Piece, compare
from meishi.content.editing.pagemerge import merge_page

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a clash as the page shows it; `base` is None where it is not known."""

    piece: Piece
    base: Markup
    mine: Markup
    theirs: Markup

    @property
    def plain(self) -> dict[str, str]:
        """Return what a script puts together."""
        piece = self.piece
        return {"kind": piece.kind, "text": piece.text, "mine": piece.mine, "theirs": piece.theirs}


def parts_of(pieces: tuple[Piece, ...]) -> list[Part]:
    """Mark in each clash what each side changed."""
    return [
        Part(
            piece,
            Markup("{}").format(piece.base),
            marked(piece.base, piece.mine),
            marked(piece.base, piece.theirs),
        )
        for piece in pieces
    ]


def marked(before: str, after: str) -> Markup:
    """Return a text with what is new in it marked."""
    if not before:
        return Markup("{}").format(after)
    old, new = _words(before), _words(after)
    out = []
    for what, _start, _end, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        text = escape("".join(new[start:end]))
        out.append(text if what == "equal" or not text else Markup("<mark>{}</mark>").format(text))
    return Markup("").join(out)


def _words(text: str) -> list[str]:
    found: list[str] = []
    for word in _WORDS.findall(text):
        found += list(word) if _CJK.search(word) else [word]
    return found


def clash_form(pieces: tuple[Piece, ...]) -> str:
    """Render the parts of a clash, each with its choices."""
    return render_template("admin/_partials/clash.html", parts=parts_of(pieces))


def clash_answer(error: ClashError) -> Response:
    """Tell a script of a clash: both texts, and the form that settles it."""
    html = clash_form(error.merged.pieces)
    answer = jsonify(
        error="clash", message=said(error.message), hint=said(error.hint),
        base=error.base, theirs=error.theirs, version=error.version, clash=html,
    )  # fmt: skip
    answer.status_code = 409
    return answer


def settled(desk: Desk, path: PurePosixPath, form: Mapping[str, str]) -> tuple[str, str] | None:
    """Put together what was chosen in a form without JavaScript: the text, and the version it settles."""
    version = form.get("settles")
    if not version:
        return None
    mine, theirs = form.get("text", "").replace("\r\n", "\n"), desk.text_of(path, version)
    base = desk.text_of(path, form.get("base", ""))
    if theirs is None:
        return None
    merged = compare(mine, theirs) if base is None else merge_page(path, base, mine, theirs)
    out = []
    for number, piece in enumerate(merged.pieces):
        chosen = form.get(f"part-{number}", "mine")
        texts = {
            "mine": piece.mine,
            "theirs": piece.theirs,
            "both": piece.mine + piece.theirs,
            "base": piece.base,
        }
        out.append(texts.get(chosen, piece.mine) if piece.kind == "clash" else piece.text)
    return "".join(out), version
