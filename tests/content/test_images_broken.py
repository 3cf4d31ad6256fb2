"""What is no picture is refused with its name and a way out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meishi.content import formats
from meishi.content.images import Pictures
from meishi.errors import ImageError
from picture_files import drawing, encoded, exif, photograph, save

KINDS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "ICO")


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return Pictures(tmp_path / "cache")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        ("ただの文章です。".encode(), "not a picture"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "video"),
        (b"II*\0\x08\0\0\0", "TIFF"),
        (b"8BPS\0\x01", "Photoshop"),
        (b"%PDF-1.7", "PDF"),
        (b"\xff\x0a\xfa\x1f", "JPEG XL"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        (b"\xff\xd8\xff\xe0", "cut off"),
        (b"\xff\xd8\xff\xd9", "no picture"),
        (b"<html><svg/></html>", "no <svg>"),
        (b"<svg width='1'", "not well-formed"),
    ],
)
def test_what_is_no_picture_is_named(tmp_path: Path, pictures: Pictures, data: bytes, reason: str) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(data)
    with pytest.raises(ImageError, match=reason) as raised:
        pictures.describe(file)
    assert raised.value.path == file
    assert raised.value.hint


@pytest.mark.parametrize("kind", KINDS[:5])
def test_a_cut_off_file_is_refused(tmp_path: Path, pictures: Pictures, kind: str) -> None:
    file = tmp_path / "photo"
    data = encoded(photograph(300, 200), kind)
    file.write_bytes(data[: len(data) * 2 // 3])
    with pytest.raises(ImageError, match="cut off"):
        pictures.describe(file)


def test_a_damaged_png_is_refused(tmp_path: Path, pictures: Pictures) -> None:
    data = bytearray(encoded(photograph(300, 200), "PNG"))
    data[len(data) // 2] ^= 0xFF
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(ImageError, match="damaged"):
        pictures.describe(tmp_path / "a.png")


def test_a_file_that_only_looks_like_a_jpeg_is_refused_when_it_is_made(
    tmp_path: Path, pictures: Pictures
) -> None:
    frame = b"\xff\xc0\x00\x0b\x08\x00\x64\x00\x64\x01\x01\x11\x00"
    (tmp_path / "a.jpg").write_bytes(
        b"\xff\xd8" + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00junk\xff\xd9"
    )
    with pytest.raises(ImageError) as raised:
        pictures.file(pictures.variants(tmp_path / "a.jpg", "/a.jpg")[0])
    assert raised.value.path == tmp_path / "a.jpg"


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path: Path, pictures: Pictures) -> None:
    import struct
    import zlib

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000)
    file = tmp_path / "bomb.png"
    file.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )
    with pytest.raises(ImageError, match="60000 × 60000 pixels"):
        pictures.describe(file)


def test_a_bomb_of_entities_in_an_svg_does_not_go_off(tmp_path: Path, pictures: Pictures) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<!DOCTYPE svg [<!ENTITY a0 "aaaaaaaaaa">{entities}]><svg width="&a11;" height="1"/>'
    (tmp_path / "a.svg").write_text(text)
    with pytest.raises(ImageError):
        pictures.describe(tmp_path / "a.svg")


def test_an_svg_under_another_name_is_refused(tmp_path: Path, pictures: Pictures) -> None:
    (tmp_path / "a.png").write_text("<svg/>")
    with pytest.raises(ImageError, match=r"end in \.svg"):
        pictures.describe(tmp_path / "a.png")


def test_a_photograph_under_another_name_is_taken_for_what_it_is(tmp_path: Path, pictures: Pictures) -> None:
    (tmp_path / "a.png").write_bytes(encoded(drawing(), "JPEG"))
    assert pictures.original(tmp_path / "a.png", "/a.png").mime == "image/jpeg"


def test_a_missing_picture_and_a_folder_are_refused(tmp_path: Path, pictures: Pictures) -> None:
    with pytest.raises(ImageError, match="no such picture"):
        pictures.describe(tmp_path / "none.jpg")
    with pytest.raises(ImageError, match="cannot be read"):
        pictures.describe(tmp_path)


def test_a_gif_without_its_last_byte_is_mended(tmp_path: Path, pictures: Pictures) -> None:
    whole = save(tmp_path / "a.gif", drawing(30, 20)).read_bytes()
    (tmp_path / "a.gif").write_bytes(whole.removesuffix(b"\x3b"))
    made = pictures.file(pictures.original(tmp_path / "a.gif", "/a.gif"))
    assert made.read_bytes().endswith(b"\x3b")


@settings(max_examples=400)
@given(
    kind=st.sampled_from(KINDS),
    changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6),
    length=st.integers(0, 4000),
)
def test_no_damage_raises_anything_else(kind: str, changes: list[tuple[int, int]], length: int) -> None:
    data = bytearray(_SAMPLES[kind][:length])
    for place, value in changes:
        if place < len(data):
            data[place] = value
    for action in (formats.describe, formats.strip):
        try:
            action(bytes(data))
        except formats.BrokenPictureError:
            continue


_SAMPLES = {
    kind: encoded(drawing(48, 32), kind, **({"exif": exif(6)} if kind in {"JPEG", "PNG", "WEBP"} else {}))
    for kind in KINDS
}
