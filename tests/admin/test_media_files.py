"""What becomes of the owner's files on their way in, in the library, and out of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from visitors import PASSWORD, Clock, Visitor, study_of
from werkzeug.test import TestResponse

from meishi.content.mentions import written_in
from meishi.content.uploads import stem_of
from meishi.factory import create_app
from picture_files import SECRETS, drawing, encoded, exif, photograph

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><!-- mine -->\n<path d="M0 0h9"/></svg>'
BAD_SVG = SVG.replace(b"<path", b"<script>alert(1)</script><path onclick='go()'")
PNG = encoded(drawing(40, 30), "PNG")
PAGES = {
    "content/about.md": (
        "---\ntitle: About\nimage: images/cover.png\n---\r\n\r\n"
        "![Me](/images/me.png) and ![again](</images/me.png>)\n"
    ),
    "content/notes/trip/index.md": "---\ntitle: Trip\n---\n![sea](sea.png)\n",
    "content/notes/trip/sea.png": PNG,
    "content/notes/draft/index.md": '---\ntitle: D\ndraft: true\n---\n{{< figure src="x.png" >}}\n',
    "content/notes/draft/x.png": PNG,
    "static/images/me.png": PNG,
    "static/images/cover.png": PNG,
    "static/images/alone.png": encoded(drawing(41, 30), "PNG"),
    "static/images/face.png": PNG,
    "templates/mine.html": '<img src="/images/face.png">',
    "config.toml": 'baseURL = "https://www.example.com/"\ntitle = "Ichi"\n'
    '[params]\navatar = "images/face.png"\n',
}


@pytest.fixture
def root(make_site: Callable[..., Path]) -> Path:
    return make_site(PAGES)


@pytest.fixture
def app(root: Path, clock: Clock) -> Flask:
    app = create_app(root, now=clock, reload=False)
    study_of(app).owner.set_password(PASSWORD)
    return app


@pytest.fixture
def owner(app: Flask) -> Visitor:
    found = Visitor(app)
    assert found.sign_in().status_code == 303
    return found


def bring(owner: Visitor, name: str, data: bytes, **fields: str) -> TestResponse:
    """Send a file as the scripts do."""
    return owner.client.post(
        "/admin/media/",
        data={"file": (BytesIO(data), name), **fields},
        headers={"X-CSRF-Token": owner.token, "Accept": "application/json"},
        environ_overrides={"REMOTE_ADDR": "203.0.113.7"},
        base_url="http://localhost/",
    )


def answer(response: TestResponse) -> dict[str, Any]:
    assert response.status_code == 200, response.get_data(as_text=True)
    found = response.get_json()
    assert isinstance(found, dict)
    return found


def files(root: Path) -> set[str]:
    """List the site's files, without what the server keeps for itself."""
    return {
        file.relative_to(root).as_posix()
        for file in root.rglob("*")
        if file.is_file() and file.relative_to(root).parts[0] not in ("instance", ".cache")
    }


def test_a_photograph_loses_its_secrets_and_stands_upright(owner: Visitor, root: Path) -> None:
    photo = encoded(photograph(90, 60), "JPEG", exif=exif(6))

    got = answer(bring(owner, "IMG 0001.JPEG", photo))

    kept = (root / got["name"]).read_bytes()
    assert got["name"] == "static/images/img-0001.jpg"
    assert (got["width"], got["height"]) == (60, 90) == Image.open(BytesIO(kept)).size
    assert not [secret for secret in SECRETS if secret in kept]


def test_a_file_goes_beside_a_page_that_has_a_folder(owner: Visitor, root: Path) -> None:
    got = answer(bring(owner, "海の 写真.png", PNG, page="notes/trip/index.md", alt="The [sea]"))

    assert got["name"] == "content/notes/trip/海の-写真.png"
    assert got["markdown"] == "![The \\[sea\\]](海の-写真.png)"
    assert (root / got["name"]).read_bytes() == PNG


@pytest.mark.parametrize("page", ["about.md", "notes/_index.md", "_index.md", "new.ja.md", ""])
def test_pages_without_a_folder_share_one(owner: Visitor, page: str) -> None:
    got = answer(bring(owner, "a.png", PNG, page=page))

    assert (got["name"], got["destination"]) == ("static/images/a.png", "/images/a.png")


def test_the_folder_of_a_page_that_is_still_to_be_written_is_made(owner: Visitor, root: Path) -> None:
    got = answer(bring(owner, "a.png", PNG, page="notes/new/index.md"))

    assert got["name"] == "content/notes/new/a.png"


def test_nothing_is_overwritten_and_nothing_kept_twice(owner: Visitor, root: Path) -> None:
    other = encoded(drawing(50, 30), "PNG")
    names = [answer(bring(owner, "me.png", data)) for data in (other, PNG, other)]

    assert [one["file"] for one in names] == ["me-2.png", "me.png", "me-2.png"]
    assert [one["new"] for one in names] == [True, False, False]
    assert (root / "static/images/me.png").read_bytes() == PNG


def test_a_picture_is_called_by_what_it_is(owner: Visitor) -> None:
    assert answer(bring(owner, "photo.gif", PNG))["file"] == "photo.png"


def test_a_harmless_drawing_stays_as_it_is(owner: Visitor, root: Path) -> None:
    got = answer(bring(owner, "logo.svg", SVG))

    assert (root / got["name"]).read_bytes() == SVG


def test_a_drawing_loses_its_scripts(owner: Visitor, root: Path) -> None:
    got = answer(bring(owner, "logo.svg", BAD_SVG))

    kept = (root / got["name"]).read_bytes()
    assert b"<path" in kept
    assert b"script" not in kept
    assert b"onclick" not in kept


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("page.html", b"<script>alert(1)</script>", "not taken"),
        ("photo.png", b"<html><script>alert(1)</script>", "not taken"),
        ("run.js", b"alert(1)", "not taken"),
        ("cv.pdf", b"<html>", "not what its name says"),
        ("cut.png", PNG[: len(PNG) // 2], "cut off"),
        ("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", "HEIC"),
        ("empty.png", b"", "empty"),
        (
            "bomb.svg",
            b'<!DOCTYPE svg [<!ENTITY a "aa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
            "entit",
        ),
        ("huge.png", PNG[:16] + b"\0\1\0\0\0\1\0\0" + PNG[24:], ""),
        ("notes.txt", b"\xff\xfe\0", "not what"),
        ("page.md", b"# Hello", "not taken"),
    ],
)
def test_other_files_are_refused_and_nothing_is_written(
    owner: Visitor, root: Path, name: str, data: bytes, reason: str
) -> None:
    before = files(root)

    response = bring(owner, name, data)

    assert response.status_code == 422
    got = response.get_json()
    assert reason in got["message"]
    assert got["hint"]
    assert files(root) == before


def test_papers_and_recordings_are_taken(owner: Visitor) -> None:
    got = answer(bring(owner, "Curriculum Vitae.PDF", b"%PDF-1.7 ..."))

    assert got["name"] == "static/files/curriculum-vitae.pdf"
    assert got["markdown"] == "[curriculum-vitae](/files/curriculum-vitae.pdf)"


def test_a_file_beyond_the_limit_is_refused(owner: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meishi.content.uploads.PICTURE_BYTES", 100)

    response = bring(owner, "a.png", PNG)

    assert response.status_code == 422
    assert "larger" in response.get_json()["message"]


def test_without_scripts_a_form_brings_several(owner: Visitor, root: Path) -> None:
    response = owner.client.post(
        "/admin/media/",
        data={
            "csrf_token": owner.token,
            "file": [(BytesIO(PNG), "one.png"), (BytesIO(b"<html>"), "two.html")],
        },
        environ_overrides={"REMOTE_ADDR": "203.0.113.7"},
        base_url="http://localhost/",
    )
    page = owner.get(response.headers["Location"]).get_data(as_text=True)

    assert "1 file was added." in page
    assert "two.html: files of this kind are not taken" in page
    assert (root / "static/images/one.png").exists()


def test_strangers_bring_nothing(app: Flask, root: Path) -> None:
    before = files(root)

    response = bring(Visitor(app), "a.png", PNG)

    assert response.status_code == 401
    assert files(root) == before


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            [
                "..",
                ".",
                "/",
                "\\",
                "C:",
                "con",
                "nul.png",
                "\0",
                "\u202e",
                "é",
                "e\u0301",
                "日本",
                " ",
                "a" * 300,
            ]
        ),
        max_size=6,
    ).map("".join),
)


@given(name=HOSTILE)
def test_every_name_becomes_a_safe_one(name: str) -> None:
    stem = stem_of(name)

    assert stem == unicodedata.normalize("NFC", stem)
    assert stem
    assert not set(stem) & set("/\\.:\0 ")
    assert len(stem.encode()) <= 130


@settings(max_examples=60)
@given(text=HOSTILE, field=st.sampled_from(["name", "page", "to", "file", "thumbnail", "delete", "restore"]))
def test_no_path_leads_out_of_the_site(owner: Visitor, root: Path, text: str, field: str) -> None:
    outside = {file for file in root.parent.rglob("*") if root not in file.parents and file != root}
    before = files(root)
    if field in ("name", "page"):
        response = bring(
            owner, text if field == "name" else "a.png", PNG, **({"page": text} if field == "page" else {})
        )
        assert response.status_code in (200, 400, 422)
    elif field == "to":
        assert owner.post("/admin/media/rename/static/images/alone.png", {"to": text}).status_code in (
            303,
            422,
        )
    elif field == "delete":
        assert owner.post(f"/admin/media/delete/{text}").status_code in (303, 404, 405, 422, 308)
    elif field == "restore":
        assert owner.post(f"/admin/media/restore/static/{text}").status_code in (404, 405, 422, 308)
    else:
        assert owner.get(f"/admin/media/{field}/{text}").status_code in (200, 404, 308, 422)

    assert {file for file in root.parent.rglob("*") if root not in file.parents and file != root} == outside
    new = {name for name in files(root) - before if not name.startswith(("static/", "content/"))}
    assert new == set()
    assert not any((root.parent / "site" / name).is_symlink() for name in files(root))


def test_the_library_tells_where_a_file_is_used(owner: Visitor) -> None:
    pages = {
        name: owner.get(f"/admin/media/file/{name}").get_data(as_text=True)
        for name in (
            "static/images/me.png", "static/images/cover.png", "static/images/alone.png",
            "static/images/face.png", "content/notes/trip/sea.png", "content/notes/draft/x.png",
        )
    }  # fmt: skip

    assert "about.md" in pages["static/images/me.png"]
    assert "about.md" in pages["static/images/cover.png"]
    assert "config.toml" in pages["static/images/face.png"]
    assert "templates/mine.html" in pages["static/images/face.png"]
    assert "notes/trip/index.md" in pages["content/notes/trip/sea.png"]
    assert "notes/draft/index.md" in pages["content/notes/draft/x.png"]
    assert "No page, setting or template names it" in pages["static/images/alone.png"]


def test_unused_files_are_found(owner: Visitor) -> None:
    page = owner.get("/admin/media/?show=unused").get_data(as_text=True)

    assert page.count("<li data-name=") == 1
    assert 'data-name="static/images/alone.png"' in page


def test_a_renamed_file_is_renamed_where_it_is_used(owner: Visitor, root: Path) -> None:
    before = (root / "content/about.md").read_bytes()

    response = owner.post("/admin/media/rename/static/images/me.png", {"to": "me-and-me.png", "texts": "1"})

    assert response.headers["Location"].endswith("me-and-me.png")
    assert (root / "content/about.md").read_bytes() == before.replace(b"/me.png", b"/me-and-me.png")
    assert (root / "static/images/me-and-me.png").read_bytes() == PNG


def test_a_setting_follows_a_renamed_file(owner: Visitor, root: Path) -> None:
    owner.post("/admin/media/rename/static/images/face.png", {"to": "顔.png", "texts": "1"})

    assert 'avatar = "images/顔.png"' in (root / "config.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("to", ["../me.png", "a/b.png", "me.jpg", "", "con.png", "cover.png", "ME2.png/"])
def test_a_wrong_name_is_explained_beside_the_field(owner: Visitor, root: Path, to: str) -> None:
    before = files(root)

    response = owner.post("/admin/media/rename/static/images/me.png", {"to": to})

    assert response.status_code == 422
    assert 'id="problem" role="alert"' in response.get_data(as_text=True)
    assert files(root) == before


def test_a_used_file_is_deleted_only_by_who_has_seen_where(owner: Visitor, root: Path) -> None:
    refused = owner.post("/admin/media/delete/static/images/me.png")
    assert refused.status_code == 409
    assert "Not deleted: it is used" in refused.get_data(as_text=True)
    assert (root / "static/images/me.png").exists()

    done = owner.post("/admin/media/delete/static/images/me.png", {"used": "1"})
    assert done.status_code == 303
    assert not (root / "static/images/me.png").exists()


def test_deleting_can_be_undone(owner: Visitor, root: Path) -> None:
    done = owner.post("/admin/media/delete/static/images/alone.png")
    page = owner.get(done.headers["Location"]).get_data(as_text=True)
    undo = page.split('action="/admin/media/restore/')[1].split('"')[0]

    owner.post(f"/admin/media/restore/{undo}")

    assert (root / "static/images/alone.png").exists()


def test_what_is_no_file_of_the_library_cannot_be_touched(owner: Visitor, root: Path) -> None:
    for name in (
        "content/about.md",
        "config.toml",
        "static/admin/x.js",
        "instance/secret.key",
        "static/none.png",
    ):
        assert owner.post(f"/admin/media/delete/{name}", {"used": "1"}).status_code == 404
    assert (root / "content/about.md").exists()


def test_thumbnails_are_small_copies(owner: Visitor, root: Path) -> None:
    answer(bring(owner, "big.jpg", encoded(photograph(1800, 900), "JPEG")))

    response = owner.get("/admin/media/thumbnail/static/images/big.jpg")

    assert response.mimetype == "image/webp"
    assert Image.open(BytesIO(response.data)).size == (480, 240)
    assert owner.get("/admin/media/thumbnail/content/about.md").status_code == 404
    assert owner.get("/admin/media/thumbnail/static/images/none.png").status_code == 404


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("![a](b.png)", "b.png"),
        ("![a](<b c.png> 'title')", "b c.png"),
        ("image: my photo.jpg\n", "my photo.jpg"),
        ('<img src="/x/y.webp?v=1">', "/x/y.webp"),
        ("[a]: /images/z.png", "/images/z.png"),
        ('{{< figure src="日 本.png" >}}', "日 本.png"),
        ("[cv](../files/cv%20x.pdf)", "../files/cv%20x.pdf"),
    ],
)
def test_names_are_found_however_they_are_written(text: str, found: str) -> None:
    assert found in {mention.written for mention in written_in("content/a.md", text)}
