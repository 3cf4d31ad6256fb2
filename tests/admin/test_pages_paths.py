"""Whatever stands in a field that becomes a path: nothing is written outside content/."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from page_files import FILES
from visitors import PASSWORD, Clock, Visitor, study_of

from meishi.factory import create_app

PARTS = st.sampled_from(
    [
        "..", ".", "", "/", "\\", "C:", "con", "nul.md", "about", "notes", "trip", "index", "_index",
        "私", "は\u3099", "\x00", "\n", "\u202e", "\ud800", "a" * 300, "a.", " a", ".git", "link", "ABOUT",
        "config.toml", "%2e%2e", "..%2f", "~", "instance", "x.ja", "x.md", "hooks",
    ]
)  # fmt: skip
NAMES = st.one_of(
    st.lists(PARTS, min_size=1, max_size=4).map("/".join),
    st.lists(PARTS, min_size=1, max_size=3).map("".join),
    st.text(max_size=20),
)
FORMS = st.sampled_from(
    [
        ("new", {"title": "x"}, "name"),
        ("new", {"title": "x", "folder": "1"}, "name"),
        ("new", {"title": "x", "name": "y"}, "section"),
        ("new", {"section": "notes"}, "title"),
        ("new", {"title": "x"}, "kind"),
        ("new", {"title": "x"}, "language"),
        ("duplicate", {"path": "about.md"}, "name"),
        ("duplicate", {"path": "notes/trip/index.md"}, "name"),
        ("duplicate", {"name": "copy"}, "path"),
        ("translate", {}, "translate"),
        ("move", {"path": "about.md", "aliases": "1", "links": "1"}, "name"),
        ("move", {"path": "notes/trip/index.md", "aliases": "1"}, "name"),
        ("move", {"path": "notes/_index.md", "aliases": "1"}, "name"),
        ("move", {"name": "moved"}, "path"),
        ("delete", {"what": "all"}, "path"),
        ("delete", {"path": "about.md"}, "what"),
        ("order", {}, "up"),
        ("order", {}, "down"),
        ("restore", {}, "id"),
        ("restore", {"id": "TRASHED"}, "to"),
        ("erase", {}, "id"),
        ("fresh", {"language": "ja"}, "path"),
    ]
)


class House:
    """A site in a folder with neighbours that nobody may touch."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "site"
        for path, content in FILES.items():
            place = self.root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.outside = folder / "neighbour"
        self.outside.mkdir()
        (self.outside / "secret.md").write_text("---\ntitle: Secret\n---\n")
        (self.root / "content" / "link").symlink_to(self.outside, target_is_directory=True)
        self.folder = folder
        app = create_app(self.root, now=Clock(), reload=False)
        self.study = study_of(app)
        self.study.owner.set_password(PASSWORD)
        self.owner = Visitor(app)
        self.owner.sign_in()
        self.token = self.owner.token

    def others(self) -> dict[str, bytes]:
        """Return what lies outside content/, but for the server's own folders."""
        own = {self.root / name for name in ("content", "instance", ".cache")}
        return {
            file.relative_to(self.folder).as_posix(): file.read_bytes()
            for file in sorted(self.folder.rglob("*"))
            if file.is_file() and not own & set(file.parents)
        }

    def trashed(self) -> str:
        items = self.study.desk.trash()
        if not items:
            place = self.root / "content" / "waste.md"
            place.write_text("---\ntitle: Waste\n---\n")
            self.study.source.changed()
            self.send("delete", {"path": "waste.md", "what": "all"})
            items = self.study.desk.trash()
        return items[0].id

    def send(self, where: str, fields: dict[str, str]) -> int:
        data = {name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}
        data["csrf_token"] = self.token.encode()
        return self.owner.client.post(
            f"/admin/pages/{where}", data=data, base_url="http://localhost/"
        ).status_code


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with tempfile.TemporaryDirectory() as folder:
        yield House(Path(folder))


@settings(max_examples=250)
@given(form=FORMS, name=NAMES)
@example(form=("move", {"path": "about.md"}, "name"), name="link/x")
@example(form=("new", {"title": "x"}, "name"), name="link/x")
@example(form=("restore", {"id": "TRASHED"}, "to"), name="../config.toml")
@example(form=("duplicate", {"name": "copy"}, "path"), name="link/secret.md")
@example(form=("translate", {}, "translate"), name="ja link/secret.md")
def test_nothing_is_written_outside_content(
    house: House, form: tuple[str, dict[str, str], str], name: str
) -> None:
    where, fields, field = form
    before = house.others()
    fields = {**fields, field: name}
    if fields.get("id") == "TRASHED":
        fields["id"] = house.trashed()

    status = house.send(where, fields)

    assert status in (303, 400, 404, 422), (form, name)
    assert house.others() == before


@settings(max_examples=100)
@given(view=st.sampled_from(["actions", "duplicate", "move", "delete"]), name=NAMES)
def test_looking_at_strange_names_is_answered(house: House, view: str, name: str) -> None:
    before = house.others()

    answer = house.owner.client.get(
        f"/admin/pages/{view}",
        query_string={"path": name.encode("utf-8", "surrogatepass")},
        base_url="http://localhost/",
    )

    assert answer.status_code in (200, 404, 422)
    assert house.others() == before
