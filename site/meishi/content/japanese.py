"""What Chinese, Japanese and Korean text asks of Markdown: emphasis, line ends, phrases and counts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from html import escape

# First and last code points. Hangul is apart, because Korean writes spaces between its words.
# Han, kana, bopomofo and their punctuation, and the full-width and half-width forms:
_WIDE = (
    (0x2E80, 0x2FFF), (0x3001, 0x312F), (0x3190, 0x321E), (0x3220, 0x325F), (0x327F, 0xA4CF),
    (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF01, 0xFF9F), (0xFFE0, 0xFFE6), (0x1AFF0, 0x1B2FF),
    (0x20000, 0x3FFFD),
)  # fmt: skip
_HANGUL = ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xFFA0, 0xFFDC))
# Letters that count as words one by one:
_LETTERS = (
    (0x3005, 0x3007), (0x3021, 0x3029), (0x3031, 0x3035), (0x3041, 0x30FA), (0x30FC, 0x30FF),
    (0x31F0, 0x31FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x20000, 0x3FFFD),
)  # fmt: skip
# Punctuation that brings its own space:
_SPACED = frozenset("、。〈〉《》「」『』【】〔〕〖〗〘〙〚〛・！（），．：；？［］｛｝｟｠｡｢｣､･")


def _among(char: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    code = ord(char)
    return any(first <= code <= last for first, last in ranges)


@lru_cache(maxsize=4096)
def is_cjk(char: str) -> bool:
    """Tell whether a character is Chinese, Japanese or Korean, punctuation included."""
    return char >= "\u1100" and (_among(char, _WIDE) or _among(char, _HANGUL))


@cache
def _letters() -> re.Pattern[str]:
    # Made when it is needed: compiling it takes longer than all other patterns of this room.
    return re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _LETTERS) + "]+")


@lru_cache(maxsize=4096)
def _kind(char: str) -> str:
    """Sort a character for emphasis: "space", "mark" (other punctuation), "cjk mark", "cjk" or ""."""
    category = unicodedata.category(char)
    if category == "Zs" or char in "\t\n\v\f\r":
        return "space"
    punctuation = category[0] in "PS"
    if is_cjk(char):
        return "cjk mark" if punctuation else "cjk"
    return "mark" if punctuation else ""


def flanks(before: str, after: str, *, split: bool) -> tuple[bool, bool]:
    """Tell whether emphasis marks between two characters can open and can close.

    CommonMark lets marks beside punctuation open or close only if a space or punctuation stands on
    their other side. Japanese has no spaces, so its own punctuation does not count as such, and its letters
    are as good as a space beside other punctuation. split: the marks may stand inside a word.
    """
    left, right = _kind(before), _kind(after)
    opens = right != "space" and (right != "mark" or left != "")
    closes = left != "space" and (left != "mark" or right != "")
    if split:
        return opens, closes
    return (
        opens and (not closes or left.endswith("mark")),
        closes and (not opens or right.endswith("mark")),
    )


def joins(before: str, after: str) -> bool:
    """Tell whether two lines meet without a space, given the characters at their meeting ends."""
    if before < "\u2e80" and after < "\u2e80":
        return False
    if _among(before, _HANGUL) or _among(after, _HANGUL):
        return False
    if before in _SPACED or after in _SPACED:
        return True
    return _among(before, _WIDE) and _among(after, _WIDE)


def _is_word(text: str) -> bool:
    return text[0].isalnum() or any(map(str.isalnum, text))


def count_words(text: str) -> tuple[int, int]:
    """Count the letters of Japanese and Chinese, each of which counts as a word, and the other words."""
    if text.isascii():
        return 0, len(text.split())
    rest, runs = _letters().subn(" ", text)
    words = rest.split()
    if not runs:
        return 0, len(words)
    # Each run of letters has left a space behind. Marks alone are no word.
    return len(text) - len(rest) + runs, sum(map(_is_word, words))


def reading_minutes(letters: int, words: int) -> int:
    """Estimate the minutes that reading takes, at least one."""
    return max(1, round(letters / 500 + words / 213))


def phrases(text: str, language: str = "ja") -> list[str]:
    """Cut a heading into phrases that a line break should keep whole; [text] when it has none."""
    model = _model_for(text, language)
    if model is None:
        return [text]
    return _parser(model)(text)


def with_breaks(text: str, language: str = "ja") -> str:
    """Escape a heading for HTML and mark with <wbr> where its lines may break."""
    return "<wbr>".join(escape(part, quote=False) for part in phrases(text, language))


def _model_for(text: str, language: str) -> str | None:
    """Choose BudouX's model: by language, and by kana for a Japanese title on another language's page."""
    if text.isascii() or not _letters().search(text):
        return None
    lowered = language.lower()
    if lowered.startswith("ja") or any("\u3041" <= char <= "\u30ff" for char in text):
        return "ja"
    if lowered.startswith("zh"):
        traditional = any(part in lowered for part in ("hant", "-tw", "-hk", "-mo"))
        return "zh-hant" if traditional else "zh-hans"
    return None


@cache
def _parser(model: str) -> Callable[[str], list[str]]:
    import budoux  # here, because most pages of most sites never need it

    load = {
        "ja": budoux.load_default_japanese_parser,
        "zh-hans": budoux.load_default_simplified_chinese_parser,
        "zh-hant": budoux.load_default_traditional_chinese_parser,
    }[model]
    return load().parse
