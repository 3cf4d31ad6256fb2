"""What is published tells nothing but the picture."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops, features
from PIL.PngImagePlugin import PngInfo

from meishi.content.images import Pictures
from picture_files import (
    SECRETS,
    XMP,
    colour_profile,
    drawing,
    encoded,
    exif,
    photograph,
    pixels,
    save,
    with_segments,
)

AVIF = pytest.mark.skipif(not features.check("avif"), reason="this Pillow has no AVIF")
PROFILE = colour_profile()


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return Pictures(tmp_path / "cache")


def published(pictures: Pictures, file: Path) -> Path:
    return pictures.file(pictures.original(file, f"/{file.name}"))


def assert_silent(data: bytes) -> None:
    assert [secret for secret in SECRETS if secret in data] == []


def telling_jpeg(path: Path, **options: object) -> Path:
    data = encoded(
        photograph(640, 480), "JPEG", exif=exif(), icc_profile=PROFILE, comment=b"at home", **options
    )
    thumbnail = encoded(drawing(80, 60), "JPEG")
    data = with_segments(
        data,
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP),
        (0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x05Kyoto"),
        (0xE0, b"JFXX\0\x10" + thumbnail),
        (0xE2, b"MPF\0II*\0Kyoto"),
        (0xEB, b"JP Kyoto"),
    )
    path.write_bytes(data + b"a film of Kyoto, as phones append it")
    return path


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_loses_its_metadata_without_being_compressed_again(
    tmp_path: Path, pictures: Pictures, progressive: bool
) -> None:
    file = telling_jpeg(tmp_path / "a.jpg", progressive=progressive)
    made = published(pictures, file)
    assert_silent(made.read_bytes())
    assert pixels(made) == pixels(file)
    with Image.open(made) as picture:
        assert picture.info["icc_profile"] == PROFILE
        assert set(picture.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "icc_profile",
            "progressive",
            "progression",
        }


def test_a_thumbnail_in_the_jfif_header_is_dropped(tmp_path: Path, pictures: Pictures) -> None:
    data = encoded(drawing(), "JPEG")
    header = data.index(b"JFIF\0")
    body = data[header : header + 12] + b"\x02\x01" + b"Kyoto."
    (tmp_path / "a.jpg").write_bytes(with_segments(data[:2] + data[header + 14 :], (0xE0, body)))
    made = published(pictures, tmp_path / "a.jpg")
    assert_silent(made.read_bytes())
    assert pixels(made) == pixels(tmp_path / "a.jpg")


@pytest.mark.parametrize("orientation", range(2, 9))
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
def test_a_turned_original_is_published_upright(
    tmp_path: Path, pictures: Pictures, name: str, orientation: int
) -> None:
    from PIL import ImageOps

    file = save(
        tmp_path / name, photograph(320, 240), exif=exif(orientation), icc_profile=PROFILE, quality=92
    )
    made = published(pictures, file)
    assert_silent(made.read_bytes())
    with Image.open(made) as picture, Image.open(file) as original:
        expected = ImageOps.exif_transpose(original).convert("RGB")
        assert picture.size == expected.size
        assert picture.info["icc_profile"] == PROFILE
        assert picture.format == original.format
        difference = (
            ImageChops.difference(picture.convert("RGB"), expected)
            .convert("L")
            .resize((1, 1), Image.Resampling.BOX)
        )
    assert difference.tobytes()[0] <= 3


def test_a_printing_jpeg_keeps_its_colours(tmp_path: Path, pictures: Pictures) -> None:
    file = save(tmp_path / "a.jpg", photograph(320, 240).convert("CMYK"), exif=exif())
    made = published(pictures, file)
    assert_silent(made.read_bytes())
    assert pixels(made) == pixels(file)


def test_a_png_loses_its_texts_and_keeps_its_picture(tmp_path: Path, pictures: Pictures) -> None:
    texts = PngInfo()
    texts.add_text("Author", "at home")
    texts.add_text("Comment", "Kyoto", zip=True)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    texts.add(b"tIME", b"\x07\xea\x01\x02\x03\x04\x05")
    texts.add(b"prVt", b"Kyoto")
    file = tmp_path / "a.png"
    photograph(320, 240).save(file, pnginfo=texts, exif=exif(), icc_profile=PROFILE, dpi=(72, 72))
    file.write_bytes(file.read_bytes() + b"Kyoto")
    made = published(pictures, file)
    assert_silent(made.read_bytes())
    assert pixels(made) == pixels(file)
    with Image.open(made) as picture:
        assert picture.info["icc_profile"] == PROFILE
        picture.load()
        assert getattr(picture, "text", {}) == {}
    assert b"IDAT" in made.read_bytes()
    assert b"tIME" not in made.read_bytes()


def test_sixteen_bits_stay_sixteen_bits(tmp_path: Path, pictures: Pictures) -> None:
    file = save(tmp_path / "a.png", Image.new("I;16", (30, 20), 40_000), exif=exif())
    with Image.open(published(pictures, file)) as made:
        assert made.mode == "I;16"
        assert made.getpixel((5, 5)) == 40_000


@pytest.mark.parametrize("lossless", [False, True])
def test_a_webp_loses_its_metadata_and_keeps_its_picture(
    tmp_path: Path, pictures: Pictures, lossless: bool
) -> None:
    file = save(
        tmp_path / "a.webp",
        photograph(320, 240),
        exif=exif(),
        xmp=XMP,
        icc_profile=PROFILE,
        lossless=lossless,
    )
    made = published(pictures, file)
    assert_silent(made.read_bytes())
    assert pixels(made) == pixels(file)
    with Image.open(made) as picture:
        assert picture.info["icc_profile"] == PROFILE


def test_an_animated_webp_keeps_its_frames_alone(tmp_path: Path, pictures: Pictures) -> None:
    file = save(
        tmp_path / "a.webp",
        drawing(),
        save_all=True,
        append_images=[drawing().rotate(180)],
        exif=exif(),
        xmp=XMP,
    )
    made = published(pictures, file)
    assert_silent(made.read_bytes())
    with Image.open(made) as picture:
        assert getattr(picture, "n_frames", 1) == 2


def test_a_gif_loses_its_comment_and_keeps_looping(tmp_path: Path, pictures: Pictures) -> None:
    file = save(
        tmp_path / "a.gif",
        drawing(),
        save_all=True,
        append_images=[drawing().rotate(180)],
        loop=0,
        comment=b"at home",
        xmp=XMP,
    )
    block = b"\x21\xff\x0bXMP DataXMP" + bytes((len(XMP),)) + XMP + b"\0"
    data = file.read_bytes()
    file.write_bytes(data[:-1] + block + b"\x3b Kyoto")
    made = published(pictures, file)
    assert_silent(made.read_bytes())
    with Image.open(made) as picture:
        assert picture.info["loop"] == 0
        assert "comment" not in picture.info


@AVIF
def test_an_avif_loses_its_metadata_and_keeps_its_picture(tmp_path: Path, pictures: Pictures) -> None:
    file = save(tmp_path / "a.avif", photograph(320, 240), exif=exif(6), xmp=XMP)
    made = published(pictures, file)
    data = made.read_bytes()
    assert len(data) == file.stat().st_size
    assert [secret for secret in SECRETS if secret in data and secret not in (b"Exif", b"xmpmeta")] == []
    with Image.open(made) as picture, Image.open(file) as original:
        assert picture.tobytes() == original.tobytes()
        assert 0x8825 not in picture.getexif()
        assert picture.getexif().get(0x0112) == original.getexif().get(0x0112) == 6


def test_a_picture_that_tells_nothing_is_published_byte_for_byte(tmp_path: Path, pictures: Pictures) -> None:
    for name in ("a.png", "a.webp", "a.gif", "a.jpg"):
        file = save(tmp_path / name, photograph(64, 48))
        assert published(pictures, file).read_bytes() == file.read_bytes()


def test_the_owners_own_file_is_not_touched(tmp_path: Path, pictures: Pictures) -> None:
    file = telling_jpeg(tmp_path / "a.jpg")
    before = file.read_bytes()
    published(pictures, file)
    assert file.read_bytes() == before


def test_variants_keep_a_wide_colour_profile_and_nothing_else(tmp_path: Path, pictures: Pictures) -> None:
    file = telling_jpeg(tmp_path / "a.jpg")
    made = pictures.file(pictures.variants(file, "/a.jpg")[0])
    assert_silent(made.read_bytes())
    with Image.open(made) as picture:
        assert picture.info["icc_profile"] == PROFILE


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", pytest.param("a.avif", marks=AVIF)])
def test_an_independent_reader_finds_nothing(
    tmp_path: Path, pictures: Pictures, need: Callable[..., str], name: str, orientation: int
) -> None:
    exiftool = need("exiftool")
    options = {} if name == "a.jpg" else {"xmp": XMP}
    if name == "a.png":
        options = {}
    made = published(pictures, save(tmp_path / name, photograph(320, 240), exif=exif(orientation), **options))
    command = [
        exiftool,
        "-G0",
        "-a",
        "-EXIF:all",
        "-XMP:all",
        "-IPTC:all",
        "-Photoshop:all",
        "-MakerNotes:all",
        str(made),
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == ""


def test_a_webp_no_longer_announces_what_it_lost(tmp_path: Path, pictures: Pictures) -> None:
    file = save(tmp_path / "a.webp", drawing(), exif=exif(), xmp=XMP, icc_profile=PROFILE)
    flags = published(pictures, file).read_bytes()[20]
    assert file.read_bytes()[20] & 0x0C == 0x0C
    assert flags & 0x0C == 0
    assert flags & 0x20


def test_a_turned_jpeg_is_compressed_as_the_original_was(tmp_path: Path, pictures: Pictures) -> None:
    table = [1 + at // 8 * 3 for at in range(64)]
    file = save(tmp_path / "a.jpg", photograph(320, 240), exif=exif(6), qtables=[table, table])
    with Image.open(published(pictures, file)) as made:
        tables = getattr(made, "quantization", {})
    assert tables[0] == [1 + at % 8 * 3 for at in range(64)]
