"""The picture that other sites show beside a link (Open Graph): the theme's card before its landscape."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from meishi.content import colours
from meishi.content.typeface import plain_letters

# Change it when the code draws another picture of the same words.
VERSION = 1


class SocialCard(NamedTuple):
    """Say what a card tells. Where title and site title are the same, it is the owner's own card."""

    title: str
    site_title: str
    description: str = ""
    address: str = ""
    accent: str | None = None
    avatar: Path | None = None

    def cleaned(self) -> SocialCard:
        """Leave out what cannot be drawn anyway, so that it does not count as a difference."""
        return SocialCard(
            plain_letters(self.title) or plain_letters(self.site_title),
            plain_letters(self.site_title),
            plain_letters(self.description),
            plain_letters(self.address),
            colours.name(colours.rgb(self.accent)),
            self.avatar,
        )
