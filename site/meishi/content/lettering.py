"""Lines of text in a picture: broken where a reader would pause, and of about the same length."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from budoux.parser import Parser

_JAPANESE = re.compile(r"[぀-ヿ㐀-鿿豈-﫿]")
_CLOSED = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_NEVER_FIRST = frozenset(
    "、。，．・：；？！」』）】〉》’”々ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ…,.!?:;)]}"
)
_NEVER_LAST = frozenset("「『（【〈《‘“([{")


@cache
def _parser() -> Parser:
    import budoux

    return budoux.load_default_japanese_parser()


def phrases(text: str) -> list[str]:
    """Split a text into pieces that stay together: words, and phrases in Japanese (BudouX)."""
    pieces: list[str] = []
    for word in re.findall(r"\S+\s*", text):
        pieces += _parser().parse(word) if _JAPANESE.search(word) else [word]
    return pieces


def wrapped(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break a text into lines no wider than a width, filling each as far as it goes."""
    lines = [""]
    for piece in phrases(text):
        if measure((lines[-1] + piece).rstrip()) <= width:
            lines[-1] += piece
        elif measure(piece.rstrip()) <= width:
            lines.append(piece)
        else:
            lines += _broken(piece, width, measure)
    return [line.strip() for line in lines if line.strip()]


def balanced(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break a text into as few lines as fit, then make them as equal as they can be."""
    best = wrapped(text, width, measure)
    # A column narrower than the widest piece would break inside it.
    low = max([width / 2, *(measure(piece.rstrip()) for piece in phrases(text))])
    high = width
    for _ in range(8):
        middle = (low + high) / 2
        lines = wrapped(text, middle, measure) if low < high else best
        if len(lines) == len(best):
            best, high = lines, middle
        else:
            low = middle
    return best


def joined(lines: list[str]) -> str:
    """Put lines together again: with a space, except between two Japanese characters."""
    text = ""
    for line in lines:
        close = text and _CLOSED.match(text[-1]) and _CLOSED.match(line[:1])
        text += line if close or not text else f" {line}"
    return text


def _broken(piece: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break a piece that is wider than a line between its characters, by the rules of kinsoku."""
    lines = [""]
    for character in piece:
        if measure(lines[-1] + character) <= width or not lines[-1]:
            lines[-1] += character
            continue
        carried = ""
        if character in _NEVER_FIRST or lines[-1][-1] in _NEVER_LAST:
            lines[-1], carried = lines[-1][:-1], lines[-1][-1]
        lines.append(carried + character)
    return lines
