"""What a site shows of itself elsewhere: its icons in tabs, its cards where it is linked to."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from meishi.content import colours, favicons
from meishi.content.cache_file import write_whole
from meishi.content.image_index import digest
from meishi.content.social_card import VERSION, SocialCard
from meishi.errors import ImageError

if TYPE_CHECKING:
    from meishi.content.card_press import CardPress

__all__ = ["Branding", "SocialCard"]


class Branding:
    """Make icons and cards once each, in a folder that may be deleted at any time.

    `fonts` is a folder with a sliced web font and its `unicode.json`; without it, only unaccented
    Latin letters can be drawn, and a card with others shows the portrait alone.
    """

    def __init__(self, cache: Path, fonts: Path | None = None) -> None:
        self._cache = cache
        self._fonts = fonts if fonts is not None and (fonts / "unicode.json").is_file() else None
        self._press: CardPress | None = None
        self._mark: str | None = None

    def favicon_set(self, *, avatar: Path | None, title: str, accent: str | None) -> dict[str, Path]:
        """Make the icons, by address; an avatar that is an SVG is itself one of them, `/icon.svg`."""
        from meishi.content.typeface import Typeface

        found = _digest(avatar)
        key = self._key(
            "icons", favicons.VERSION, found, title if not found or _is_svg(avatar) else "", accent
        )
        folder = self._cache / f"icons-{key}"
        places = {f"/{name}": folder / name for name in favicons.NAMES}
        if not all(place.exists() for place in places.values()):
            from meishi.content.portrait import Portrait

            # The thin strokes of a serif would be lost at 16 pixels.
            portrait = Portrait(avatar, title, accent, Typeface(self._fonts, 900))
            for name, data in favicons.favicon_files(portrait).items():
                write_whole(folder / name, data)
        if avatar is not None and _is_svg(avatar):
            places["/icon.svg"] = avatar
        return places

    def social_card(self, card: SocialCard) -> Path:
        """Draw the picture (PNG, 1200 × 630) that is shown beside a link to a page."""
        card = card.cleaned()
        words = [card.title, card.site_title, card.description, card.address]
        key = self._key("card", VERSION, _digest(card.avatar), words, card.accent)
        return self._made(self._cache / f"card-{key}.png", lambda: self._printing().png(card))

    def sweep(self, keep: set[Path]) -> int:
        """Delete every made file but these, and say how many went."""
        gone = 0
        for file in (*self._cache.glob("card-*.png"), *self._cache.glob("icons-*/*")):
            if file not in keep:
                file.unlink(missing_ok=True)
                gone += 1
        return gone

    def _made(self, place: Path, make: Callable[[], bytes]) -> Path:
        if not place.exists():
            write_whole(place, make())
        return place

    def _printing(self) -> CardPress:
        if self._press is None:
            # Most builds draw nothing new.
            from meishi.content.card_press import CardPress

            self._press = CardPress(self._fonts)
        return self._press

    def _key(self, kind: str, version: int, *parts: object) -> str:
        if self._mark is None:
            # The slices of a font change together with the table that describes them.
            self._mark = digest((self._fonts / "unicode.json").read_bytes()) if self._fonts else ""
        parts = (kind, version, self._mark, *parts)
        return blake2b(json.dumps(parts).encode(), digest_size=10).hexdigest()


def accent_or_default(accent: str | None) -> str:
    """Write the accent colour that icons and cards use, as #rrggbb."""
    return colours.name(colours.rgb(accent))


def _digest(avatar: Path | None) -> str | None:
    try:
        return digest(avatar.read_bytes()) if avatar is not None else None
    except OSError as error:
        raise ImageError("there is no such avatar", path=avatar) from error


def _is_svg(avatar: Path | None) -> bool:
    return avatar is not None and avatar.suffix.lower() == ".svg"
