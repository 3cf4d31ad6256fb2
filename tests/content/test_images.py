"""Pictures: what is read, what is made, and what the names mean."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image, features

from meishi.content.images import LARGEST, Pictures, Variant
from meishi.errors import ImageError
from picture_files import drawing, exif, photograph, save

AVIF = pytest.mark.skipif(not features.check("avif"), reason="this Pillow has no AVIF")


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return Pictures(tmp_path / "cache")


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.jpg", "jpeg"),
        ("a.png", "png"),
        ("a.gif", "gif"),
        ("a.webp", "webp"),
        ("a.bmp", "bmp"),
        pytest.param("a.avif", "avif", marks=AVIF),
    ],
)
def test_every_format_of_the_web_is_described(
    tmp_path: Path, pictures: Pictures, name: str, form: str
) -> None:
    info = pictures.describe(save(tmp_path / name, drawing(90, 60)))
    assert (info.width, info.height, info.format, info.animated) == (90, 60, form, False)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="300" height="200"', (300, 200)),
        ('viewBox="0 0 40 20"', (40, 20)),
        ('width="100" viewBox="0 0 40 20"', (100, 50)),
        ('width="1in" height="25.4mm"', (96, 96)),
        ('width="100%" height="100%" viewBox="0,0,64,32"', (64, 32)),
        ("", (300, 150)),
    ],
)
def test_an_svg_has_the_size_a_browser_gives_it(
    tmp_path: Path, pictures: Pictures, attributes: str, size: tuple[int, int]
) -> None:
    file = tmp_path / "a.svg"
    file.write_text(f'<?xml version="1.0"?><!-- x --><svg xmlns="http://www.w3.org/2000/svg" {attributes}/>')
    info = pictures.describe(file)
    assert (info.width, info.height) == size
    assert pictures.sources(file, "/a.svg").srcset == ()
    assert pictures.file(pictures.original(file, "/a.svg")) == file


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
def test_the_described_size_is_the_upright_one(
    tmp_path: Path, pictures: Pictures, name: str, orientation: int
) -> None:
    info = pictures.describe(save(tmp_path / name, drawing(90, 60), exif=exif(orientation)))
    assert (info.width, info.height) == ((60, 90) if orientation >= 5 else (90, 60))


@AVIF
def test_an_avif_that_is_turned_has_its_upright_size(tmp_path: Path, pictures: Pictures) -> None:
    info = pictures.describe(save(tmp_path / "a.avif", drawing(90, 60), exif=exif(6)))
    assert (info.width, info.height) == (60, 90)


@pytest.mark.parametrize(
    ("mode", "name", "alpha"),
    [("RGBA", "a.png", True), ("LA", "a.png", True), ("RGB", "a.png", False), ("RGBA", "a.webp", True)],
)
def test_transparency_is_seen(tmp_path: Path, pictures: Pictures, mode: str, name: str, alpha: bool) -> None:
    picture = drawing(60, 60).convert(mode)
    if alpha:
        picture.putalpha(Image.linear_gradient("L").resize((60, 60)))
    assert pictures.describe(save(tmp_path / name, picture)).has_alpha is alpha


def test_variants_are_the_smaller_widths_and_the_own(tmp_path: Path, pictures: Pictures) -> None:
    file = save(tmp_path / "photo.jpg", drawing(900, 600))
    variants = pictures.variants(file, "/notes/trip/photo.jpg")
    assert [(variant.width, variant.height) for variant in variants] == [(480, 320), (800, 533), (900, 600)]
    assert all(variant.mime == "image/webp" for variant in variants)
    assert all(variant.address.startswith(f"/notes/trip/photo.{variant.width}w.") for variant in variants)


def test_a_picture_wider_than_any_screen_gets_no_variant_as_wide(tmp_path: Path, pictures: Pictures) -> None:
    file = save(tmp_path / "wide.jpg", drawing(3000, 20))
    assert pictures.variants(file, "/wide.jpg")[-1].width == LARGEST


def test_a_small_picture_gets_one_variant(tmp_path: Path, pictures: Pictures) -> None:
    file = save(tmp_path / "small.png", drawing(40, 30))
    assert [variant.width for variant in pictures.variants(file, "/small.png")] == [40]


def test_portraits_get_smaller_widths_too(tmp_path: Path, pictures: Pictures) -> None:
    file = save(tmp_path / "me.jpg", drawing(500, 500))
    assert [width for _, width in pictures.sources(file, "/me.jpg", small=True).srcset] == [
        120,
        240,
        480,
        500,
    ]


def test_a_webp_is_not_compressed_again_at_its_own_size(tmp_path: Path, pictures: Pictures) -> None:
    file = save(tmp_path / "photo.webp", drawing(900, 600))
    addresses = dict(map(reversed, pictures.sources(file, "/photo.webp").srcset))  # type: ignore[arg-type]
    assert addresses[900] == "/photo.webp"


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png"])
def test_animations_stay_as_they_are(tmp_path: Path, pictures: Pictures, name: str) -> None:
    frames = [drawing(90, 60).rotate(turn) for turn in (90, 180)]
    file = save(tmp_path / name, drawing(90, 60), save_all=True, append_images=frames, duration=80)
    assert pictures.describe(file).animated
    assert pictures.variants(file, f"/{name}") == ()
    with Image.open(pictures.file(pictures.original(file, f"/{name}"))) as made:
        assert getattr(made, "n_frames", 1) == 3


def test_the_fallback_of_a_large_picture_is_a_middle_one(tmp_path: Path, pictures: Pictures) -> None:
    sources = pictures.sources(save(tmp_path / "large.jpg", drawing(2400, 1600)), "/large.jpg")
    assert ".1200w." in sources.src
    assert (sources.width, sources.height) == (2400, 1600)


def test_the_fallback_of_a_small_picture_is_itself(tmp_path: Path, pictures: Pictures) -> None:
    assert pictures.sources(save(tmp_path / "a.jpg", drawing(900, 600)), "/a.jpg").src == "/a.jpg"


def test_attributes_hold_all_that_keeps_a_page_still(tmp_path: Path, pictures: Pictures) -> None:
    attributes = dict(pictures.sources(save(tmp_path / "a.jpg", drawing(500, 250)), "/a.jpg").attributes())
    assert attributes["width"] == "500"
    assert attributes["height"] == "250"
    assert attributes["loading"] == "lazy"
    assert attributes["decoding"] == "async"
    assert attributes["srcset"].endswith(" 500w")
    assert attributes["sizes"] == "(min-width: 500px) 500px, 100vw"


def test_made_files_have_the_promised_size(tmp_path: Path, pictures: Pictures) -> None:
    file = save(tmp_path / "a.jpg", photograph(1000, 667), exif=exif(6))
    for variant in pictures.sources(file, "/a.jpg").files:
        with Image.open(pictures.file(variant)) as made:
            assert made.size == (variant.width, variant.height)
            assert not made.getexif()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_variants_stand_upright(tmp_path: Path, pictures: Pictures, orientation: int) -> None:
    turns = {value: key for key, value in _TURNS.items()}
    lying = drawing(600, 400)
    if orientation > 1:
        lying = lying.transpose(turns[orientation])
    file = save(tmp_path / "a.png", lying, exif=exif(orientation))
    with Image.open(pictures.file(pictures.variants(file, "/a.png")[0])) as made:
        assert made.size == (480, 320)
        corners = [made.convert("RGB").getpixel(place) for place in ((9, 9), (470, 9), (9, 310))]
    assert corners == [(255, 0, 0), (0, 255, 0), (0, 0, 255)]


# The transposition that a camera held in this way would have made of an upright picture.
_TURNS = {
    Image.Transpose.FLIP_LEFT_RIGHT: 2,
    Image.Transpose.ROTATE_180: 3,
    Image.Transpose.FLIP_TOP_BOTTOM: 4,
    Image.Transpose.TRANSPOSE: 5,
    Image.Transpose.ROTATE_90: 6,
    Image.Transpose.TRANSVERSE: 7,
    Image.Transpose.ROTATE_270: 8,
}


def test_sixteen_bit_greys_keep_their_shades(tmp_path: Path, pictures: Pictures) -> None:
    values = b"".join((x * 65535 // 499).to_bytes(2, "little") for x in range(500)) * 20
    file = save(tmp_path / "a.png", Image.frombytes("I;16", (500, 20), values))
    with Image.open(pictures.file(pictures.variants(file, "/a.png")[-1])) as made:
        shades = [made.convert("L").getpixel((x, 10)) for x in (0, 125, 250, 375, 499)]
    assert all(
        abs(int(str(shade)) - x * 255 / 499) < 5
        for shade, x in zip(shades, (0, 125, 250, 375, 499), strict=True)
    )


def test_printing_colours_become_screen_colours(tmp_path: Path, pictures: Pictures) -> None:
    file = save(tmp_path / "a.jpg", Image.new("CMYK", (500, 100), (0, 255, 255, 0)))
    with Image.open(pictures.file(pictures.variants(file, "/a.jpg")[0])) as made:
        red, green, blue = made.convert("RGB").resize((1, 1)).tobytes()
    assert red > 200
    assert green < 80
    assert blue < 80


@pytest.mark.parametrize("name", ["a.png", "a.gif"])
def test_a_palette_with_transparency_stays_transparent(tmp_path: Path, pictures: Pictures, name: str) -> None:
    picture = Image.new("P", (600, 400), 0)
    picture.putpalette([255, 255, 255, 255, 0, 0])
    picture.paste(1, (300, 0, 600, 400))
    file = save(tmp_path / name, picture, transparency=0)
    assert pictures.describe(file).has_alpha
    with Image.open(pictures.file(pictures.variants(file, f"/{name}")[0])) as made:
        rgba = made.convert("RGBA")
    assert rgba.getpixel((10, 10)) in {(255, 255, 255, 0), (0, 0, 0, 0)}
    assert rgba.getpixel((470, 10)) == (255, 0, 0, 255)


def test_drawings_stay_sharp(tmp_path: Path, pictures: Pictures) -> None:
    file = save(tmp_path / "a.png", drawing(480, 320))
    with Image.open(pictures.file(pictures.variants(file, "/a.png")[0])) as made:
        assert made.convert("RGB").tobytes() == drawing(480, 320).tobytes()


def test_the_same_picture_makes_the_same_bytes_and_names_anywhere(tmp_path: Path) -> None:
    made = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        file = save(tmp_path / folder / "a.jpg", photograph(), exif=exif())
        pictures = Pictures(tmp_path / folder / "cache")
        sources = pictures.sources(file, "/a.jpg")
        made.append((sources.srcset, [pictures.file(variant).read_bytes() for variant in sources.files]))
    assert made[0] == made[1]


def test_another_quality_has_another_name(tmp_path: Path) -> None:
    file = save(tmp_path / "a.jpg", drawing())
    names = {
        Pictures(tmp_path / "c", quality=quality).variants(file, "/a.jpg")[0].address for quality in (80, 60)
    }
    assert len(names) == 2


def test_a_changed_picture_has_another_name(tmp_path: Path, pictures: Pictures) -> None:
    file = save(tmp_path / "a.png", drawing())
    before = pictures.variants(file, "/a.png")
    save(file, drawing().rotate(180))
    assert pictures.variants(file, "/a.png")[0].address != before[0].address


def test_a_picture_that_changes_while_it_is_made_is_not_kept_under_its_old_name(
    tmp_path: Path, pictures: Pictures
) -> None:
    file = save(tmp_path / "a.png", drawing())
    variant = pictures.variants(file, "/a.png")[0]
    save(file, drawing().rotate(180))
    with pytest.raises(ImageError, match="changed just now"):
        pictures.file(variant)


def test_a_variant_is_found_by_its_address_alone(tmp_path: Path) -> None:
    files = [save(tmp_path / "photo.jpg", photograph()), save(tmp_path / "photo.png", drawing())]
    asked = []

    def candidates(stem: str) -> list[tuple[Path, str]]:
        asked.append(stem)
        return [(file, f"/notes/{file.name}") for file in files]

    for file in files:
        wanted = Pictures(tmp_path / "cache").variants(file, f"/notes/{file.name}", small=True)[0]
        assert Pictures(tmp_path / "another").find(wanted.address, candidates) == wanted
    assert set(asked) == {"/notes/photo"}


@pytest.mark.parametrize(
    "address",
    [
        "/photo.jpg",
        "/photo.481w.00000000.webp",
        "/photo.480w.00000000.webp",
        "/photo.480w.webp",
        "/photo.0480w.00000000.webp",
    ],
)
def test_an_address_that_was_never_given_is_not_made(
    tmp_path: Path, pictures: Pictures, address: str
) -> None:
    file = save(tmp_path / "photo.jpg", drawing())
    assert pictures.find(address, lambda stem: [(file, "/photo.jpg")]) is None


def test_a_broken_neighbour_does_not_hide_a_picture(tmp_path: Path, pictures: Pictures) -> None:
    broken = tmp_path / "photo.png"
    broken.write_bytes(b"no picture")
    file = save(tmp_path / "photo.jpg", drawing())
    wanted = pictures.variants(file, "/photo.jpg")[0]
    assert (
        pictures.find(wanted.address, lambda stem: [(broken, "/photo.png"), (file, "/photo.jpg")]) == wanted
    )


def test_names_with_dots_and_japanese_keep_their_stem(tmp_path: Path, pictures: Pictures) -> None:
    file = save(tmp_path / "京都.の.旅.png", drawing())
    address = pictures.variants(file, "/v1.2/京都.の.旅.png")[0].address
    assert address.startswith("/v1.2/京都.の.旅.480w.")


def test_a_picture_is_made_once(tmp_path: Path, pictures: Pictures) -> None:
    variant = pictures.variants(save(tmp_path / "a.jpg", drawing()), "/a.jpg")[0]
    made = pictures.file(variant)
    os.utime(made, (1, 1))
    assert pictures.file(variant).stat().st_mtime == 1


def test_many_threads_may_make_the_same_picture(tmp_path: Path) -> None:
    file = save(tmp_path / "a.jpg", photograph())
    failures: list[BaseException] = []

    def work() -> None:
        try:
            pictures = Pictures(tmp_path / "cache")
            for variant in pictures.sources(file, "/a.jpg").files:
                with Image.open(pictures.file(variant)) as made:
                    made.load()
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert list((tmp_path / "cache").rglob("*.part")) == []


def test_what_no_page_uses_is_swept(tmp_path: Path, pictures: Pictures) -> None:
    files = pictures.sources(save(tmp_path / "a.jpg", drawing()), "/a.jpg").files
    made = [pictures.file(variant) for variant in files]
    assert pictures.sweep(files[:1]) == len(files) - 1
    assert [place.exists() for place in made] == [True] + [False] * (len(files) - 1)


def test_a_described_picture_needs_no_pillow(tmp_path: Path) -> None:
    file = save(tmp_path / "a.jpg", drawing())
    code = (
        "import sys; from pathlib import Path; from meishi.content.images import Pictures;"
        f"Pictures(Path({str(tmp_path / 'cache')!r})).sources(Path({str(file)!r}), '/a.jpg');"
        "print('PIL' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"


def test_a_second_look_reads_no_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = save(tmp_path / "a.jpg", drawing())
    os.utime(file, (1, 1))
    Pictures(tmp_path / "cache", clock=lambda: 1 << 62).describe(file)
    monkeypatch.setattr(Path, "read_bytes", _only_the_journal(Path.read_bytes))
    assert Pictures(tmp_path / "cache").describe(file).width == 900


def _only_the_journal(read: object) -> object:
    def reading(path: Path) -> bytes:
        assert path.suffix == ".jsonl"
        return read(path)  # type: ignore[operator, no-any-return]

    return reading


def test_a_torn_journal_is_no_harm(tmp_path: Path) -> None:
    file = save(tmp_path / "a.jpg", drawing())
    Pictures(tmp_path / "cache").describe(file)
    journal = tmp_path / "cache" / "index.jsonl"
    journal.write_bytes(journal.read_bytes()[:-20] + b'\n[1,"info"]\n\xff\n[1,"info","x",{"what":1}]\n[1,"in')
    assert Pictures(tmp_path / "cache").describe(file).width == 900
    assert Pictures(tmp_path / "cache").describe(file).width == 900


def test_a_cache_that_cannot_be_written_is_no_harm_to_reading(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert Pictures(tmp_path / "cache").describe(save(tmp_path / "a.jpg", drawing())).width == 900


def test_variants_know_where_they_come_from(tmp_path: Path, pictures: Pictures) -> None:
    file = save(tmp_path / "a.jpg", drawing())
    original = pictures.original(file, "/a.jpg")
    assert isinstance(original, Variant)
    assert (original.source, original.address, original.mime) == (file, "/a.jpg", "image/jpeg")


def test_a_file_changed_within_the_clocks_grain_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "a.bmp"
    cache = tmp_path / "cache"
    save(file, drawing())
    stat = file.stat()
    looked = Pictures(cache, clock=lambda: stat.st_mtime_ns).original(file, "/a.bmp").digest
    recorded = (cache / "index.jsonl").read_text()
    assert "a.bmp" not in recorded
    save(file, drawing().rotate(180))
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert Pictures(cache).original(file, "/a.bmp").digest != looked


def test_without_widths_there_are_no_copies(tmp_path: Path) -> None:
    Image.new("RGB", (900, 600), "teal").save(tmp_path / "sea.png")
    pictures = Pictures(tmp_path / "cache", widths=())

    assert pictures.variants(tmp_path / "sea.png", "/sea.png", small=True) == ()
    assert pictures.sources(tmp_path / "sea.png", "/sea.png").src == "/sea.png"
