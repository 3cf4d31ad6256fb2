"""Pixels: the only part of pictures that needs Pillow, which is imported when the first one is made."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from meishi.content.formats import BrokenPictureError

if TYPE_CHECKING:
    from PIL.Image import Image

# Change it when the code below makes other pictures of the same originals.
VERSION = 1
_LOSSLESS_SOURCES = frozenset(("PNG", "GIF", "BMP"))
# A drawing or screenshot has few colours; with more it is taken for a photograph.
_FEW_COLOURS = 1 << 14


def scaled_webp(data: bytes, orientation: int, width: int, height: int, *, quality: int) -> bytes:
    """Draw a picture without metadata at another size as WebP, upright, in its colour space or sRGB."""
    with opened(data) as image:
        # A JPEG can be decoded at a half, a quarter or an eighth; twice the size aimed at loses nothing.
        image.draft(None, (2 * max(width, height), 2 * max(width, height)))
        picture, profile = upright(image, orientation)
        drawing = image.format in _LOSSLESS_SOURCES and picture.getcolors(_FEW_COLOURS) is not None
    from PIL.Image import Resampling

    if picture.size != (width, height):
        picture = picture.resize((width, height), Resampling.LANCZOS)
    options: dict[str, Any] = {"icc_profile": profile, "method": 4}
    best = _encoded(picture, "WEBP", quality=quality, **options)
    if drawing:
        # Letters and lines blur under lossy compression, which often does not even make them smaller.
        sharp = _encoded(picture, "WEBP", lossless=True, quality=50, **options)
        best = sharp if len(sharp) <= 1.25 * len(best) else best
    return best


def rotated(data: bytes, orientation: int) -> bytes:
    """Turn a picture without metadata as its EXIF orientation asked, in its own format."""
    with opened(data) as image:
        kind = image.format or ""
        options: dict[str, Any] = {"icc_profile": image.info.get("icc_profile")}
        if kind == "JPEG":
            options |= _same_compression(image, on_its_side=orientation >= 5)
        elif kind == "WEBP":
            options |= {"lossless": True} if b"VP8L" in data[:64] else {"quality": 92, "method": 6}
        picture = _turned(image, orientation)
        picture.info = {key: image.info[key] for key in ("transparency", "gamma", "dpi") if key in image.info}
        return _encoded(picture, kind, **options)


def opened(data: bytes) -> Image:
    """Open a picture whose size was found harmless before."""
    from PIL import Image, UnidentifiedImageError

    try:
        return Image.open(BytesIO(data))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise BrokenPictureError("it cannot be decoded") from error


def upright(image: Image, orientation: int) -> tuple[Image, bytes | None]:
    """Decode a picture as RGB or RGBA, turned upright, with the colour profile its numbers belong to."""
    from PIL.ImageOps import exif_transpose

    try:
        # Only an AVIF, whose rotation is no metadata, still says to Pillow how to turn it.
        image = _turned(exif_transpose(image), orientation)
        profile = image.info.get("icc_profile")
        if image.mode in ("RGB", "RGBA"):
            picture = image.convert("RGBA") if "transparency" in image.info else image
            return picture, None if _is_srgb(profile) else profile
        if image.mode in ("P", "PA"):
            alpha = image.mode == "PA" or "transparency" in image.info
            return image.convert("RGBA" if alpha else "RGB"), None if _is_srgb(profile) else profile
        return _converted(image, profile), None
    except (OSError, ValueError, SyntaxError, IndexError, MemoryError) as error:
        raise BrokenPictureError(f"it cannot be decoded ({error})") from error


def _turned(image: Image, orientation: int) -> Image:
    """Turn and mirror a picture from how the camera was held (EXIF 1…8) to how it is looked at."""
    from PIL.Image import Transpose

    steps = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    try:
        image.load()
        return image.transpose(steps[orientation]) if orientation in steps else image
    except (OSError, ValueError, SyntaxError, IndexError, MemoryError) as error:
        raise BrokenPictureError(f"it cannot be decoded ({error})") from error


def srgb(picture: Image, profile: bytes | None) -> Image:
    """Bring a picture of another colour space into sRGB, for pictures that carry no profile."""
    if not profile or picture.mode != "RGB":
        return picture
    from PIL import ImageCms

    try:
        source, target = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, target, outputMode="RGB") or picture
    except (ImageCms.PyCMSError, OSError):
        return picture


def _converted(image: Image, profile: bytes | None) -> Image:
    """Turn greys, 16-bit greys and printing colours into sRGB."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        image = _eight_bits(image)
    if image.mode == "CMYK" and profile:
        from PIL import ImageCms

        try:
            source, target = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
            result = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
            if result is not None:
                return result
        except (ImageCms.PyCMSError, OSError):
            pass  # A broken profile: the plain conversion is near enough.
    alpha = image.mode in ("LA", "La", "RGBa") or "transparency" in image.info
    return image.convert("RGBA" if alpha else "RGB")


def _eight_bits(image: Image) -> Image:
    # Pillow's own conversion cuts off all that is brighter than 255 of 65,535.
    return image.convert("I").point(lambda value: value * (1 / 257) + 0.5).convert("L")


def _is_srgb(profile: bytes | None) -> bool:
    if not profile:
        return False
    # Profiles name themselves in ASCII or in UTF-16; a match saves 3 kB a picture.
    return any(name in profile for name in (b"sRGB", "sRGB".encode("utf-16-be")))


def _same_compression(image: Image, *, on_its_side: bool) -> dict[str, Any]:
    """Compress as the original was, with its tables turned along with the picture."""
    from PIL.JpegImagePlugin import get_sampling

    options: dict[str, Any] = {"optimize": True, "progressive": bool(image.info.get("progressive"))}
    tables: dict[int, list[int]] = getattr(image, "quantization", {})
    if on_its_side:
        tables = {key: [table[8 * (at % 8) + at // 8] for at in range(64)] for key, table in tables.items()}
    sampling = get_sampling(image)
    # 4:2:2 would be 4:4:0 on its side, which the encoder does not offer; 4:4:4 keeps all there is.
    options["subsampling"] = sampling if sampling in (0, 2) else 0
    return options | ({"qtables": tables} if tables else {"quality": 92})


def _encoded(picture: Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    try:
        picture.save(out, kind, **{key: value for key, value in options.items() if value is not None})
    except (OSError, ValueError) as error:
        raise BrokenPictureError(f"it cannot be made smaller ({error})") from error
    return out.getvalue()
