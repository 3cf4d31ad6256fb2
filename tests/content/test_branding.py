"""Icons, cards, QR codes and the vCard: the same everywhere, and right."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFont

from meishi.content import colours
from meishi.content.branding import Branding, SocialCard
from meishi.content.lettering import balanced, joined, phrases, wrapped
from meishi.content.qr import qr_svg
from meishi.content.typeface import Typeface, plain_letters
from meishi.content.vcard import vcard
from meishi.errors import ImageError
from picture_files import SECRETS, exif, photograph, save

SIZES = {"/icon-192.png": 192, "/icon-512.png": 512, "/apple-touch-icon.png": 180}
FONTS = Path(__file__).resolve().parents[2] / "static" / "dist" / "fonts"
CARD = SocialCard("Hello, world", "Taro Yamada", "What I made.", "www.example.com", "#0b7285")


@pytest.fixture
def branding(tmp_path: Path) -> Branding:
    return Branding(tmp_path / "cache")


@pytest.fixture
def fonts(tmp_path: Path) -> Path:
    """Make a font folder of two slices, as a web font has them, of Pillow's own font."""
    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    folder = tmp_path / "fonts"
    folder.mkdir()
    (folder / "unicode.json").write_text(json.dumps({"[7]": "U+61-7a", "latin": "U+20-60"}))
    for name in ("7", "latin"):
        assert isinstance(font.path, BytesIO)
        (folder / f"any-{name}-wght-normal.woff2").write_bytes(font.path.getvalue())
    return folder


def average(picture: Image.Image) -> tuple[int, ...]:
    return tuple(picture.convert("RGB").resize((1, 1), Image.Resampling.BOX).tobytes())


def test_icons_have_the_sizes_that_are_asked_for(tmp_path: Path, branding: Branding) -> None:
    avatar = save(tmp_path / "me.jpg", photograph(400, 600), exif=exif(6))
    icons = branding.favicon_set(avatar=avatar, title="Taro", accent=None)
    assert set(icons) == {"/favicon.ico", *SIZES}
    for address, size in SIZES.items():
        with Image.open(icons[address]) as icon:
            assert icon.size == (size, size)
    with Image.open(icons["/favicon.ico"]) as icon:
        assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    data = b"".join(path.read_bytes() for path in icons.values())
    assert [secret for secret in SECRETS if secret in data] == []


def test_the_icon_for_phones_has_no_transparent_corner(tmp_path: Path, branding: Branding) -> None:
    logo = Image.new("RGBA", (300, 200))
    logo.paste("green", (100, 50, 200, 150))
    icons = branding.favicon_set(avatar=save(tmp_path / "logo.png", logo), title="Taro", accent=None)
    with Image.open(icons["/apple-touch-icon.png"]) as icon:
        assert icon.mode == "RGB"
        assert icon.getpixel((0, 0)) == (255, 255, 255)


def test_a_logo_keeps_its_shape_in_icons(tmp_path: Path, branding: Branding) -> None:
    logo = Image.new("RGBA", (300, 200))
    logo.paste("green", (100, 50, 200, 150))
    icons = branding.favicon_set(avatar=save(tmp_path / "logo.png", logo), title="Taro", accent=None)
    with Image.open(icons["/icon-512.png"]) as icon:
        assert icon.getpixel((5, 256)) == (0, 0, 0, 0)
        assert icon.getpixel((256, 256)) == (0, 128, 0, 255)


def test_an_svg_avatar_is_itself_an_icon(tmp_path: Path, branding: Branding) -> None:
    avatar = tmp_path / "me.svg"
    avatar.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"/>')
    icons = branding.favicon_set(avatar=avatar, title="Taro", accent=None)
    assert icons["/icon.svg"] == avatar
    assert set(icons) == {"/favicon.ico", "/icon.svg", *SIZES}


def test_without_an_avatar_the_icon_is_the_first_letter_on_the_accent(branding: Branding) -> None:
    icons = branding.favicon_set(avatar=None, title="“taro”", accent="#0b7285")
    with Image.open(icons["/icon-512.png"]) as icon:
        assert icon.getpixel((256, 20)) == (0x0B, 0x72, 0x85, 255)
        ink = sum(count for count, colour in icon.getcolors(1 << 18) or [] if colour == (255, 255, 255, 255))
    assert 5_000 < ink < 120_000


def test_another_letter_or_colour_is_another_icon(branding: Branding) -> None:
    made = {
        branding.favicon_set(avatar=None, title=title, accent=accent)["/icon-192.png"].read_bytes()
        for title, accent in (("A", "#0b7285"), ("B", "#0b7285"), ("A", "#c9371f"))
    }
    assert len(made) == 3


def test_a_letter_that_no_font_has_gives_way_to_a_mark(branding: Branding) -> None:
    made = [
        branding.favicon_set(avatar=None, title=title, accent=None)["/icon-192.png"].read_bytes()
        for title in ("山田", "", "🍣")
    ]
    assert made[0] == made[1] == made[2]


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n\0\0"])
def test_a_broken_avatar_is_named(tmp_path: Path, branding: Branding, data: bytes) -> None:
    avatar = tmp_path / "me.png"
    avatar.write_bytes(data)
    with pytest.raises(ImageError) as raised:
        branding.favicon_set(avatar=avatar, title="Taro", accent=None)
    assert raised.value.path == avatar


def test_a_missing_avatar_is_named(tmp_path: Path, branding: Branding) -> None:
    with pytest.raises(ImageError, match="no such avatar"):
        branding.social_card(SocialCard("A", "B", avatar=tmp_path / "none.png"))


def test_a_card_has_the_size_of_open_graph(branding: Branding) -> None:
    with Image.open(branding.social_card(CARD)) as card:
        assert (card.size, card.format, card.mode) == ((1200, 630), "PNG", "RGB")


def test_the_same_card_has_the_same_bytes_and_is_drawn_once(tmp_path: Path) -> None:
    first, second = Branding(tmp_path / "one"), Branding(tmp_path / "two")
    assert first.social_card(CARD).read_bytes() == second.social_card(CARD).read_bytes()
    made = first.social_card(CARD)
    made.write_bytes(b"drawn before")
    assert first.social_card(CARD).read_bytes() == b"drawn before"


@pytest.mark.parametrize(
    "card",
    [
        SocialCard("A" * 300, "B" * 300, "C" * 900, "d" * 300),
        SocialCard("word " * 90, "Taro", "text " * 200, "www.example.com"),
        SocialCard("Taro", "Taro", "text " * 200, "www.example.com"),
        SocialCard("", "", "", ""),
        SocialCard("山田 太郎の日記", "山田 太郎"),
        SocialCard("🍣🍣🍣", "🍣", "🍣"),
        SocialCard("\0\n\t A \u200b", "B"),
    ],
)
def test_no_words_are_drawn_outside_the_card(branding: Branding, card: SocialCard) -> None:
    with (
        Image.open(branding.social_card(card)) as made,
        Image.open(branding.social_card(SocialCard("i", "i", accent=card.accent))) as plain,
    ):
        for box in ((0, 0, 1200, 78), (0, 552, 1200, 630), (0, 0, 92, 630), (1108, 0, 1200, 630)):
            assert made.crop(box).tobytes() == plain.crop(box).tobytes()
        # The margin of the card stays free on the right as well.
        assert set(made.crop((1050, 120, 1100, 540)).convert("L").tobytes()) == {253}


def test_words_change_the_card(branding: Branding) -> None:
    paths = {
        branding.social_card(card)
        for card in (CARD, SocialCard("Hello", "Taro"), SocialCard("Hello", "Hello"))
    }
    assert len(paths) == 3
    assert len({path.read_bytes() for path in paths}) == 3


def test_the_accent_colours_the_sun(branding: Branding) -> None:
    colour = []
    for accent in ("#0b7285", "#c9371f"):
        with Image.open(branding.social_card(SocialCard("A", "B", accent=accent))) as card:
            colour.append(card.getpixel((1104, 50)))
    assert colour[0] != colour[1]


def test_unused_cards_are_swept(branding: Branding) -> None:
    kept, gone = branding.social_card(CARD), branding.social_card(SocialCard("A", "B"))
    icons = branding.favicon_set(avatar=None, title="A", accent=None)
    assert branding.sweep({kept, *icons.values()}) == 1
    assert kept.exists()
    assert not gone.exists()


def test_each_character_comes_from_the_slice_that_has_it(fonts: Path) -> None:
    typeface = Typeface(fonts, 700)
    assert typeface.brought
    assert typeface.can_draw("Hello world")
    assert not typeface.can_draw("Hello 世界")
    assert typeface.width("Hello", 40) == pytest.approx(Typeface(None, 400).width("Hello", 40))


def test_a_slice_that_is_damaged_has_no_letters(fonts: Path) -> None:
    (fonts / "any-7-wght-normal.woff2").write_bytes(b"broken")
    assert not Typeface(fonts, 400).can_draw("hello")
    assert Typeface(fonts, 400).can_draw("HELLO")


def test_another_font_makes_another_card(tmp_path: Path, fonts: Path) -> None:
    assert Branding(tmp_path / "c").social_card(CARD) != Branding(tmp_path / "c", fonts).social_card(CARD)


def test_a_line_is_cut_where_it_ends(fonts: Path) -> None:
    typeface = Typeface(None, 400)
    assert typeface.cut("short", 20, 500) == "short"
    cut = typeface.cut("a very long line, indeed", 20, 100)
    assert cut.endswith("…")
    assert typeface.width(cut, 20) <= 100


@pytest.mark.skipif(not (FONTS / "unicode.json").is_file(), reason="static/dist/fonts was not built")
def test_the_installed_font_writes_japanese_names() -> None:
    assert Typeface(FONTS, 600).can_draw("山田 太郎 髙﨑 𠮷野 濵邊 齋藤 鷗外、「名刺」へ。Hello, éüß!")


def test_emoji_and_control_characters_are_left_out() -> None:
    assert plain_letters("🍣 寿司\u200b\n と e\u0301 ") == "寿司 と é"


def test_japanese_breaks_at_phrases() -> None:
    assert phrases("週末につくった小さな個人サイト") == ["週末に", "つくった", "小さな", "個人サイト"]
    assert wrapped("週末につくった小さな個人サイト", 8, len) == ["週末につくった", "小さな個人サイト"]


def test_lines_are_of_about_the_same_length() -> None:
    lines = balanced("one two three four five six seven eight", 34, len)
    assert len(lines) == 2
    assert abs(len(lines[0]) - len(lines[1])) <= 6


def test_lines_are_joined_as_their_script_does() -> None:
    assert joined(["two", "words"]) == "two words"
    assert joined(["小さな", "個人"]) == "小さな個人"


def test_a_word_is_not_broken_for_the_sake_of_balance() -> None:
    assert balanced("internationalization is long", 20, len) == ["internationalization", "is long"]


def test_no_line_begins_with_a_full_stop() -> None:
    assert wrapped("abcdefghij。k", 10, len) == ["abcdefghi", "j。k"]


@given(text=st.text(alphabet="ab あ。「漢ー", max_size=60), width=st.integers(2, 20))
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    for lines in (wrapped(text, width, len), balanced(text, width, len)):
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert all(len(line) <= width for line in lines)


@given(colour=st.tuples(*[st.integers(0, 255)] * 3))
def test_every_accent_can_be_read_on_white(colour: tuple[int, int, int]) -> None:
    assert colours.contrast(colours.readable(colour), (255, 255, 255)) >= 4.5


@pytest.mark.parametrize("wrong", [None, "", "red", "#12", "url(x)", "#1234567"])
def test_a_colour_that_is_none_is_the_themes_own(wrong: str | None) -> None:
    assert colours.name(colours.rgb(wrong)) == colours.DEFAULT_ACCENT


def test_the_themes_own_colour_is_the_stylesheets() -> None:
    sheet = Path(__file__).resolve().parents[2] / "static" / "css" / "site.css"
    match = re.search(r"--accent:\s*(?:light-dark\()?(#[0-9a-f]{6})", sheet.read_text("utf-8"))
    assert match is not None
    assert match[1] == colours.DEFAULT_ACCENT


def test_a_qr_code_holds_the_address() -> None:
    import segno

    root = ElementTree.fromstring(qr_svg("https://www.example.com/?a=1&b=2", title="<Web> & more"))
    space = {"s": "http://www.w3.org/2000/svg"}
    title = root.find("s:title", space)
    assert title is not None
    assert title.text == "<Web> & more"
    assert root.get("role") == "img"
    path = root.find("s:path[@class='qr-modules']", space)
    assert path is not None
    drawn = set()
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path.get("d", "")):
        drawn |= {(int(x) + step, int(y)) for step in range(int(run))}
    code = segno.make("https://www.example.com/?a=1&b=2", error="q", micro=False)
    assert drawn == {
        (x, y) for y, row in enumerate(code.matrix_iter(border=4)) for x, dark in enumerate(row) if dark
    }
    assert "style" not in qr_svg("x")


def lines(card: str) -> list[str]:
    assert card.endswith("\r\n")
    return card.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_a_vcard_tells_all_that_the_owner_gave() -> None:
    card = vcard(
        {
            "name": "山田 太郎",
            "reading": "やまだ たろう",
            "organisation": "名刺株式会社",
            "department": "開発部",
            "role": "Designer, developer",
            "email": ["taro@example.com", "t@example.org"],
            "phone": "+81 3 0000 0000",
            "address": {
                "street": "1-1",
                "city": "千代田区",
                "region": "東京都",
                "postcode": "100-0001",
                "country": "日本",
            },
        },
        url="https://www.example.com/?a=1,2;3",
    )
    assert lines(card) == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "N:山田;太郎;;;",
        "FN:山田 太郎",
        "X-PHONETIC-LAST-NAME:やまだ",
        "X-PHONETIC-FIRST-NAME:たろう",
        "SORT-STRING:やまだ たろう",
        "ORG:名刺株式会社;開発部",
        r"TITLE:Designer\, developer",
        "EMAIL;TYPE=INTERNET:taro@example.com",
        "EMAIL;TYPE=INTERNET:t@example.org",
        "TEL;TYPE=VOICE:+81 3 0000 0000",
        "ADR:;;1-1;千代田区;東京都;100-0001;日本",
        "URL:https://www.example.com/?a=1,2;3",
        "END:VCARD",
    ]


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ({"name": "Taro Yamada"}, "N:Yamada;Taro;;;"),
        ({"name": "Ana María López"}, "N:López;Ana María;;;"),
        ({"name": "山田太郎"}, "N:山田太郎;;;;"),
        ({"name": "Meishi"}, "N:Meishi;;;;"),
        ({"name": "Ana López Ruiz", "family": "López Ruiz", "given": "Ana"}, "N:López Ruiz;Ana;;;"),
    ],
)
def test_names_are_split_as_their_language_does(author: dict[str, str], name: str) -> None:
    assert lines(vcard(author))[2] == name


def test_without_a_name_there_is_no_vcard() -> None:
    assert vcard({"email": "taro@example.com"}) == ""


def test_text_cannot_add_lines_to_a_vcard() -> None:
    card = vcard({"name": "A\r\nNOTE:x", "note": "1\n2\r3", "url": "https://e.example/\r\nTEL:1"})
    assert "NOTE:1\\n2\\n3" in lines(card)
    assert [line.partition(":")[0] for line in lines(card)] == [
        "BEGIN",
        "VERSION",
        "N",
        "FN",
        "URL",
        "NOTE",
        "END",
    ]


@given(name=st.text(min_size=1, max_size=120))
def test_no_line_of_a_vcard_is_longer_than_75_octets(name: str) -> None:
    card = vcard({"name": f"x{name}"})
    assert all(len(line.encode("utf-8", "replace")) <= 75 for line in card.split("\r\n"))


def test_a_folded_line_counts_the_space_that_continues_it() -> None:
    folded = vcard({"name": "x", "note": "a" * 500 + "漢" * 100}).split("\r\n")
    assert {len(line.encode()) for line in folded if line.startswith(" a")} >= {75}
    assert max(len(line.encode()) for line in folded) == 75
    assert "NOTE:" + "a" * 500 + "漢" * 100 in lines("\r\n".join(folded))
