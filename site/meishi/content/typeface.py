"""The letters in pictures: set from font files that the install brings, so they look alike everywhere.

A Japanese web font comes as some 120 files, each with a slice of Unicode; `unicode.json` says which.
Pillow's better layout engine is left alone on purpose: it needs a library that only some machines have.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

# Widths are measured once, this large, and scaled: rounding to whole pixels would space letters unevenly.
_EM = 1000
_UNASSIGNED = "\U0010fffe"
_CLOSING = "、。，．」』）】〉》"
_OPENING = "「『（【〈《"
# Japanese punctuation fills half its square; in large type the other half looks like a hole.
_SQUEEZE = -0.3
# Pairs that stand too far apart without kerning, in parts of the em.
_PAIRS = dict.fromkeys(("AV", "VA", "AW", "WA", "AY", "YA", "AT", "TA", "LT", "LY", "LV", "PA"), -0.06)
_PAIRS |= {a + b: -0.05 for a in "TVWY" for b in "acegoqsu.,"}
_PAIRS |= {a + b: -0.025 for a in "rvwy" for b in ".,"}


class Typeface:
    """Measure and draw text at any size in one weight."""

    def __init__(self, folder: Path | None, weight: int) -> None:
        self._folder = folder if folder is not None and (folder / "unicode.json").is_file() else None
        self._weight = weight
        self._fonts: dict[tuple[str, int], FreeTypeFont | None] = {}
        self._drawn: dict[str, bool] = {}
        self._advances: dict[str, float] = {}

    @property
    def brought(self) -> bool:
        """Tell whether the installed font is there, rather than Pillow's small one."""
        return self._folder is not None

    def can_draw(self, text: str) -> bool:
        """Tell whether there is a glyph for every character."""
        return all(self._has(character) for character in text if not character.isspace())

    def width(self, text: str, size: float) -> float:
        """Measure a line in pixels."""
        return sum(advance for _, advance in self._advanced(text)) * size

    def draw(self, canvas: ImageDraw, place: tuple[float, float], text: str, size: int, colour: str) -> None:
        """Draw a line whose baseline begins at a place."""
        x, y = place
        for character, advance in self._advanced(text):
            font = self._font(character, size)
            if font is not None and not character.isspace():
                shift = self._opening_shift(character) * size
                canvas.text(
                    (x + shift, y),
                    character,
                    font=font,
                    fill=colour,
                    anchor="ls",
                    stroke_width=self._outline(size),
                )
            x += advance * size

    def centred(
        self, canvas: ImageDraw, centre: tuple[float, float], letter: str, size: int, colour: str
    ) -> None:
        """Draw one letter with the middle of its shape, not of its line, at a place."""
        font = self._font(letter, size)
        if font is None:
            return
        outline = self._outline(size)
        left, top, right, bottom = font.getbbox(letter, anchor="ls", stroke_width=outline)
        x, y = centre[0] - (left + right) / 2, centre[1] - (top + bottom) / 2
        canvas.text((x, y), letter, font=font, fill=colour, anchor="ls", stroke_width=outline)

    def cut(self, text: str, size: int, width: float) -> str:
        """Shorten a line with an ellipsis until it fits."""
        if self.width(text, size) <= width:
            return text
        while text and self.width(text.rstrip() + "…", size) > width:
            text = text[:-1]
        return text.rstrip(" 、。,.") + "…"

    def _advanced(self, text: str) -> Iterator[tuple[str, float]]:
        for index, character in enumerate(text):
            following = text[index + 1 : index + 2]
            advance = self._advance(character) + _PAIRS.get(character + following, 0.0)
            if character in _CLOSING and following:
                advance += _SQUEEZE
            elif character in _OPENING:
                advance += self._opening_shift(character)
            yield character, advance

    def _opening_shift(self, character: str) -> float:
        return _SQUEEZE if character in _OPENING else 0.0

    def _advance(self, character: str) -> float:
        if character not in self._advances:
            font = self._font(character, _EM)
            self._advances[character] = font.getlength(character) / _EM if font else 0.0
        return self._advances[character]

    def _has(self, character: str) -> bool:
        if character not in self._drawn:
            font = self._font(character, 40)
            self._drawn[character] = font is not None and _shape(font, character) != _shape(font, _UNASSIGNED)
        return self._drawn[character]

    def _outline(self, size: int) -> int:
        # Pillow's own font has one weight, so a bold is drawn with an outline.
        return 0 if self.brought or self._weight < 600 else max(1, size // 40)

    def _font(self, character: str, size: int) -> FreeTypeFont | None:
        name = self._file_of(character) if self._folder else ""
        if name is None:
            return None
        if (name, size) not in self._fonts:
            self._fonts[name, size] = self._opened(name, size)
        return self._fonts[name, size]

    def _opened(self, name: str, size: int) -> FreeTypeFont | None:
        from PIL import ImageFont

        try:
            if self._folder is None:
                font = ImageFont.load_default(size)
                return font if isinstance(font, ImageFont.FreeTypeFont) else None
            path = next(iter(sorted(self._folder.glob(f"*-{name}-wght-normal.woff2"))), None)
            if path is None:
                return None
            made = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
        except (OSError, ImportError):
            return None  # FreeType may be missing, or built without WOFF2; then there are no letters.
        # A font of one weight is as good, only not as bold.
        with suppress(OSError, NotImplementedError):
            made.set_variation_by_axes([self._weight])
        return made

    def _file_of(self, character: str) -> str | None:
        code = ord(character)
        # The Latin letters first: most titles need no others, and the numbered slices repeat some of them.
        if any(start <= code <= end for start, end in _spans(self._table.get("latin", ""))):
            return "latin"
        return next((name for start, end, name in self._slices if start <= code <= end), None)

    @cached_property
    def _table(self) -> dict[str, str]:
        """Read which file has which characters: {"[12]": "U+4e00-4e03,U+4e07", "latin": …}."""
        assert self._folder is not None
        table: dict[str, str] = json.loads((self._folder / "unicode.json").read_text("utf-8"))
        return table

    @cached_property
    def _slices(self) -> list[tuple[int, int, str]]:
        named = ((*span, name.strip("[]")) for name, spans in self._table.items() for span in _spans(spans))
        return sorted(named, key=lambda row: (row[2].isdigit(), row[0]))


@cache
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    found = []
    for span in text.split(",") if text else ():
        start, _, end = span.strip().removeprefix("U+").partition("-")
        found.append((int(start, 16), int(end or start, 16)))
    return tuple(found)


def _shape(font: FreeTypeFont, character: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(character)
    return mask.size, bytes(mask)


def plain_letters(text: str) -> str:
    """Leave out emoji and control characters, for which no font of one colour has a shape."""
    text = unicodedata.normalize("NFC", text)
    kept = (
        c if not c.isspace() else " "
        for c in text
        if unicodedata.category(c) not in ("So", "Cf", "Cc", "Sk", "Mn", "Me", "Cs", "Co", "Cn")
        or c.isspace()
    )
    return " ".join("".join(kept).split())
