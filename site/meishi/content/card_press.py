"""Draw the pictures of social cards: words, a portrait and a line before the theme's landscape."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from meishi.content import colours
from meishi.content.landscape import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, empty_card
from meishi.content.lettering import balanced, joined, wrapped
from meishi.content.portrait import Portrait
from meishi.content.social_card import SocialCard
from meishi.content.typeface import Typeface

if TYPE_CHECKING:
    from PIL.Image import Image

_MARGIN = 68
_LEFT, _INNER = LEFT + _MARGIN, RIGHT - LEFT - 2 * _MARGIN
_INK, _SOFT, _LINE = "#262320", "#655e55", "#ded6c8"
_CORNER = 0.05
# (size, most lines) for titles: the largest that fits is taken.
_TITLES = ((80, 1), (68, 2), (58, 3), (50, 3), (44, 4))
_OWN_TITLES = ((84, 1), (68, 2), (54, 2), (46, 3), (40, 4))


class CardPress:
    """Draw cards one after the other, keeping what they have in common."""

    def __init__(self, fonts: Path | None) -> None:
        self._bold = Typeface(fonts, 600)
        self._regular = Typeface(fonts, 400)
        self._grounds: dict[str, Image] = {}
        self._portraits: dict[tuple[Path | None, str, str | None], Portrait] = {}

    def png(self, card: SocialCard) -> bytes:
        """Draw a card and write it as PNG."""
        card = card.cleaned()
        picture = self._ground(card.accent or "").copy()
        portrait = self._portrait(card)
        if not (self._bold.can_draw(card.title) and self._bold.can_draw(card.site_title)):
            self._paste(picture, portrait, 260, ((WIDTH - 260) / 2, (HEIGHT - 260) / 2))
        elif card.title == card.site_title:
            self._own(picture, card, portrait)
        else:
            self._page(picture, card, portrait)
        out = BytesIO()
        picture.save(out, "PNG", compress_level=6)
        return out.getvalue()

    def _page(self, picture: Image, card: SocialCard, portrait: Portrait) -> None:
        """Set title and description above, who wrote it below a line."""
        from PIL.ImageDraw import Draw

        canvas = Draw(picture)
        rule = BOTTOM - 120
        canvas.line((_LEFT, rule, _LEFT + _INNER - 1, rule), _LINE, 2)
        self._paste(picture, portrait, 60, (_LEFT, rule + 30))
        baseline = rule + 70
        address = self._regular.cut(self._address(card), 24, _INNER * 0.45)
        beside = self._regular.width(address, 24)
        name = self._bold.cut(card.site_title, 28, _INNER - 84 - beside - 40)
        self._bold.draw(canvas, (_LEFT + 84, baseline), name, 28, _INK)
        self._regular.draw(canvas, (_LEFT + _INNER - beside, baseline), address, 24, _accent(card))
        size, lines = self._title(card.title, _INNER, _TITLES)
        most = {1: 2, 2: 2, 3: 1}.get(len(lines), 0) if size < 58 or len(lines) < 3 else 0
        about = self._about(card.description, _INNER, most=most)
        top, room = TOP + 40, rule - 36 - (TOP + 40)
        self._block(
            picture, (_LEFT, top + max(0.0, (room - _height(size, lines, about)) / 2)), size, lines, about
        )

    def _own(self, picture: Image, card: SocialCard, portrait: Portrait) -> None:
        """Set the owner's card: the portrait at the left, name and line beside it."""
        from PIL.ImageDraw import Draw

        side = 224
        self._paste(picture, portrait, side, (_LEFT, (HEIGHT - side) / 2))
        left, room = _LEFT + side + 56, _INNER - side - 56
        size, lines = self._title(card.title, room, _OWN_TITLES)
        about = self._about(card.description, room, most=3 if len(lines) < 3 else 2)
        address = self._regular.cut(self._address(card), 26, room)
        height = _height(size, lines, about) + (60 if address else 0)
        end = self._block(picture, (left, (HEIGHT - height) / 2), size, lines, about)
        self._regular.draw(Draw(picture), (left, end + 60), address, 26, _accent(card))

    def _block(
        self, picture: Image, place: tuple[float, float], size: int, lines: list[str], about: list[str]
    ) -> float:
        """Draw title and description from a place downwards, and say where the last baseline is."""
        from PIL.ImageDraw import Draw

        canvas = Draw(picture)
        left, y = place
        y += size * 0.86
        for index, line in enumerate(lines):
            y += size * 1.32 if index else 0
            # Large letters seem to begin further right than the small ones below them.
            self._bold.draw(canvas, (left - size * 0.03, y), line, size, _INK)
        for index, line in enumerate(about):
            y += 46 if index else 70
            self._regular.draw(canvas, (left, y), line, 29, _SOFT)
        return y

    def _paste(self, picture: Image, portrait: Portrait, size: int, place: tuple[float, float]) -> None:
        mark = portrait.mark(size, radius=_CORNER)
        picture.paste(mark, (round(place[0]), round(place[1])), mark)

    def _address(self, card: SocialCard) -> str:
        return card.address if self._regular.can_draw(card.address) else ""

    def _title(self, text: str, room: int, choices: tuple[tuple[int, int], ...]) -> tuple[int, list[str]]:
        size, most = choices[-1]
        for size, most in choices:
            lines = balanced(text, room, lambda line, size=size: self._bold.width(line, size))  # type: ignore[misc]
            if len(lines) <= most:
                return size, lines
        lines = wrapped(text, room, lambda line: self._bold.width(line, size))
        return size, [*lines[: most - 1], self._bold.cut(joined(lines[most - 1 :]), size, room)]

    def _about(self, text: str, room: int, *, most: int) -> list[str]:
        if not most or not self._regular.can_draw(text):
            return []
        lines = wrapped(text, room, lambda line: self._regular.width(line, 29))
        if len(lines) <= most:
            return lines
        return [*lines[: most - 1], self._regular.cut(joined(lines[most - 1 : most + 1]), 29, room)]

    def _portrait(self, card: SocialCard) -> Portrait:
        key = (card.avatar, card.site_title[:1], card.accent)
        if key not in self._portraits:
            self._portraits[key] = Portrait(card.avatar, card.site_title, card.accent, self._bold)
        return self._portraits[key]

    def _ground(self, accent: str) -> Image:
        if accent not in self._grounds:
            self._grounds[accent] = empty_card(colours.rgb(accent))
        return self._grounds[accent]


def _height(size: int, lines: list[str], about: list[str]) -> float:
    return size * (0.86 + 1.32 * (len(lines) - 1)) + ((70 + 46 * (len(about) - 1)) if about else 0) + 10


def _accent(card: SocialCard) -> str:
    return colours.name(colours.readable(colours.rgb(card.accent)))
