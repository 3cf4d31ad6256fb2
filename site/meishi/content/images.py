"""The owner's pictures as visitors get them: smaller copies, and originals without their secrets."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from meishi.content import formats, raster
from meishi.content.cache_file import write_whole
from meishi.content.formats import BrokenPictureError, PictureInfo
from meishi.content.image_index import ImageIndex, digest
from meishi.errors import ImageError

__all__ = ["ImageSources", "PictureInfo", "Pictures", "Variant"]

# A square of 9,000 pixels; decoded it takes 320 MB, which a small server can just bear.
MAX_PIXELS = 81_000_000
# Beyond this no screen gains anything, and the original is still there to be linked to.
LARGEST = 2560
_FALLBACK = 1200
_VARIANT = re.compile(r"(?P<stem>.+)\.(?P<width>[1-9]\d{0,4})w\.(?P<mark>[0-9a-f]{8})\.webp")
_SCALABLE = frozenset(("jpeg", "png", "gif", "webp", "avif", "bmp"))
# An SVG, BMP or ICO is published as it is.
_STRIPPABLE = frozenset(("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"))
_COMPACT = frozenset(("webp", "avif"))


class Variant(NamedTuple):
    """Name one published file of a picture; `Pictures.file` makes it."""

    address: str
    width: int
    height: int
    mime: str
    source: Path
    digest: str
    original: bool = False


class ImageSources(NamedTuple):
    """Hold what an <img> element needs, still without HTML."""

    src: str
    srcset: tuple[tuple[str, int], ...]
    width: int
    height: int
    # All files that must be published for this element to work.
    files: tuple[Variant, ...]

    def attributes(self, sizes: str = "", *, eager: bool = False) -> tuple[tuple[str, str], ...]:
        """List the attributes of the element, values not yet escaped for HTML."""
        rows = [("src", self.src)]
        if self.srcset:
            rows.append(("srcset", ", ".join(f"{address} {width}w" for address, width in self.srcset)))
            rows.append(("sizes", sizes or f"(min-width: {self.width}px) {self.width}px, 100vw"))
        rows += [("width", str(self.width)), ("height", str(self.height))]
        return (*rows, ("loading", "eager" if eager else "lazy"), ("decoding", "async"))


class Pictures:
    """Describe pictures and make their variants, each once, in a folder that may be deleted at any time."""

    def __init__(
        self,
        cache: Path,
        *,
        widths: tuple[int, ...] = (480, 800, 1200, 1600),
        small: tuple[int, ...] = (120, 240),
        quality: int = 80,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self._cache = cache
        self._widths = tuple(sorted(set(widths)))
        self._small = tuple(sorted(set(small)))
        self._quality = quality
        self._index = ImageIndex(cache / "index.jsonl", clock=clock)

    def describe(self, path: Path) -> PictureInfo:
        """Read a picture's size and nature; raise ImageError for what browsers could not show."""
        return self._look(path)[1]

    def variants(self, path: Path, address: str, *, small: bool = False) -> tuple[Variant, ...]:
        """List the WebP copies of a picture published at `address`, narrowest first.

        Drawings (SVG), icons and animations have none. `small` adds the widths for portraits.
        """
        value, info = self._look(path)
        if info.format not in _SCALABLE or info.animated:
            return ()
        stem = address[: -len(_suffix(address))] if _suffix(address) else address
        return tuple(
            Variant(
                f"{stem}.{width}w.{self._mark(value, width)[:8]}.webp",
                width,
                max(1, round(info.height * width / info.width)),
                "image/webp",
                path,
                value,
            )
            for width in self._offered(info, small)
        )

    def original(self, path: Path, address: str) -> Variant:
        """Name the original as it is published: without metadata, upright."""
        value, info = self._look(path)
        return Variant(address, info.width, info.height, info.mime, path, value, original=True)

    def sources(self, path: Path, address: str, *, small: bool = False) -> ImageSources:
        """Choose what an <img> offers: a fallback, and a file for each width."""
        original = self.original(path, address)
        variants = self.variants(path, address, small=small)
        if not variants:
            return ImageSources(address, (), original.width, original.height, (original,))
        choices = variants
        if variants[-1].width < original.width <= LARGEST:
            choices = (*variants, original)
        fallback = original
        if original.width > self._widths[-1]:
            fallback = min(variants, key=lambda variant: abs(variant.width - _FALLBACK))
        return ImageSources(
            fallback.address,
            tuple((choice.address, choice.width) for choice in choices),
            original.width,
            original.height,
            (*variants, original),
        )

    def find(self, address: str, candidates: Callable[[str], Iterable[tuple[Path, str]]]) -> Variant | None:
        """Trace the address of a variant back to its picture, without having made it before.

        `candidates` is given the address without its ending (`/notes/trip/photo`) and lists the
        pictures that may be meant, each with the address of the original.
        """
        match = _VARIANT.fullmatch(address)
        if match is None:
            return None
        for path, original in candidates(match["stem"]):
            try:
                offered = self.variants(path, original, small=True)
            except ImageError:
                continue
            for variant in offered:
                if variant.address == address:
                    return variant
        return None

    def file(self, variant: Variant) -> Path:
        """Make a file of a picture unless it is there already, and say where it lies."""
        if variant.mime not in _STRIPPABLE:
            return variant.source
        kept = self._place(variant)
        if kept.exists():
            return kept
        data = variant.source.read_bytes()
        if digest(data) != variant.digest:
            raise ImageError("the picture was changed just now", path=variant.source, hint="Build again.")
        try:
            made = self._published(data) if variant.original else self._scaled(data, variant)
        except BrokenPictureError as error:
            raise _refusal(variant.source, str(error)) from error
        write_whole(kept, made)
        return kept

    def sweep(self, keep: Iterable[Variant]) -> int:
        """Delete every made file but these, and say how many went."""
        wanted = {self._place(variant) for variant in keep}
        gone = 0
        for file in self._cache.glob("??/*"):
            if file not in wanted:
                file.unlink(missing_ok=True)
                gone += 1
        return gone

    def _look(self, path: Path) -> tuple[str, PictureInfo]:
        try:
            value = self._index.digest(path)
            info = self._index.recall(value)
            if info is None:
                info = inspected(path, path.read_bytes())
        except FileNotFoundError as error:
            raise ImageError("there is no such picture", path=path) from error
        except OSError as error:
            raise ImageError(f"the picture cannot be read ({error.strerror})", path=path) from error
        self._index.remember(value, info)
        return value, info

    def _offered(self, info: PictureInfo, small: bool) -> list[int]:
        if not self._widths:
            return []
        widths = [width for width in (*(self._small if small else ()), *self._widths) if width < info.width]
        # The full size of a WebP or AVIF is the original itself: another round of loss would gain nothing.
        if info.format not in _COMPACT or info.width > LARGEST:
            widths.append(min(info.width, LARGEST))
        return widths

    def _mark(self, value: str, width: int) -> str:
        settings = f"{value} {raster.VERSION} {self._quality} {width}"
        return blake2b(settings.encode(), digest_size=16).hexdigest()

    def _place(self, variant: Variant) -> Path:
        if variant.original:
            name = f"{variant.digest}.{raster.VERSION}.original"
        else:
            name = f"{self._mark(variant.digest, variant.width)}.webp"
        return self._cache / name[:2] / name

    def _scaled(self, data: bytes, variant: Variant) -> bytes:
        # Without its metadata there is nothing in a picture that a decoder could stumble over.
        turn, plain = formats.describe(data).orientation, formats.strip(data)
        return raster.scaled_webp(plain, turn, variant.width, variant.height, quality=self._quality)

    def _published(self, data: bytes) -> bytes:
        info, plain = formats.describe(data), formats.strip(data)
        if info.orientation == 1 or info.animated:
            return plain
        return formats.strip(raster.rotated(plain, info.orientation))


def _suffix(address: str) -> str:
    name = address.rpartition("/")[2]
    return "." + name.rpartition(".")[2] if "." in name[1:] else ""


def inspected(path: Path, data: bytes) -> PictureInfo:
    """Describe the picture in these bytes of a file; raise ImageError for what should not be decoded."""
    try:
        info = formats.describe(data)
    except BrokenPictureError as error:
        raise _refusal(path, str(error)) from error
    if info.width < 1 or info.height < 1:
        raise _refusal(path, "the picture has no size")
    if info.format != "svg" and info.width * info.height > MAX_PIXELS:
        raise ImageError(
            f"{info.width} × {info.height} pixels are more than a web page can use",
            path=path,
            hint="Save it at 4,000 pixels or less a side.",
        )
    if info.format == "svg" and path.suffix.lower() != ".svg":
        raise ImageError("this is an SVG under another name", path=path, hint="Let its name end in .svg.")
    return info


def _refusal(path: Path, reason: str) -> ImageError:
    return ImageError(reason, path=path, hint="Save it again as JPEG, PNG, WebP or SVG.")
