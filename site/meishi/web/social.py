"""The picture that other sites show of a page: its own, or a card made for it."""

from __future__ import annotations

from meishi.content.models import Page
from meishi.errors import ImageError, LinkError
from meishi.web.filling import Filling
from meishi.web.portraits import NO_PICTURE, Picture, Portraits
from meishi.web.reads import Reads
from meishi.web.targets import Target


def social_card_of(
    filling: Filling, portraits: Portraits, target: Target, page: Page | None, reads: Reads
) -> Picture:
    """Return the whole address, the size and the alternative text of a page's picture for Open Graph."""
    if target.kind == "not_found":
        return NO_PICTURE
    if page is not None and page.image and page.kind != "home" and (own := _own(filling, page, reads)):
        return own
    return portraits.social_card(target, page, reads)


def _own(filling: Filling, page: Page, reads: Reads) -> Picture | None:
    if "//" in page.image:
        return page.image, (0, 0), page.image_alt
    try:
        found, path = filling.picture(page, page.image, reads)
        original = filling.pictures.original(path, found.address) if path is not None else None
    except (ImageError, LinkError):
        # Whoever shows the picture on the page says what is wrong with it.
        return None
    if original is None or original.mime == "image/svg+xml":
        # No network shows drawings.
        return None
    return filling.addresses.whole(found.address), (original.width, original.height), page.image_alt
