"""A backup holds the whole site, tells no secret, and comes back; a wrong file touches nothing."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from visitors import PASSWORD, Clock, Visitor, study_of

from meishi.content.backup import MANIFEST, BackupError, write_backup
from meishi.content.restoring import refusal, restore_backup
from meishi.factory import create_app
from picture_files import drawing, encoded

PNG = encoded(drawing(40, 30), "PNG")
SITE: dict[str, str | bytes] = {
    "content/about.md": "---\ntitle: About\n---\n![Me](/images/顔.png) {{< mine >}}\n",
    "content/about.ja.md": "---\ntitle: 私\n---\r\n改行\r\n",
    "content/notes/trip/index.md": "---\ntitle: Trip\ndate: 2026-01-02\n---\n![sea](sea.png)\n",
    "content/notes/trip/sea.png": PNG,
    "content/guestbook.json": '{"version": 1, "made": "2026-11-22T00:00:00Z", "rooms": {}}\n',
    "static/images/顔.png": PNG,
    "static/.well-known/security.txt": "Contact: mailto:i@example.com\n",
    "templates/shortcodes/mine.html": "<b>mine</b>",
    "archetypes/default.md": "---\ntitle: x\n---\n",
    "static/admin/x.js": "own()",
    "static/dist/y.js": "own()",
    "templates/admin/z.html": "own",
    "instance/secret.key": "5ec2e7" * 16,
    "build/index.html": "built",
}


@pytest.fixture
def root(make_site: Callable[..., Path]) -> Path:
    root = make_site(SITE)
    for number, file in enumerate(sorted(root.rglob("*.*"))):
        os.utime(file, (1_700_000_000 + 2 * number, 1_700_000_000 + 2 * number))
    return root


def backup_of(root: Path) -> bytes:
    out = BytesIO()
    write_backup(root, out)
    return out.getvalue()


def kept(root: Path) -> dict[str, bytes]:
    """Map the site's own files to their bytes."""
    return {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in sorted(root.rglob("*"))
        if file.is_file() and file.relative_to(root).parts[0] not in ("instance", ".cache", "build")
    }


def write(path: Path, files: dict[str, bytes], *, listed: dict[str, bytes] | None = None) -> Path:
    """Write a ZIP file that says of itself what a backup says."""
    import hashlib

    names = {
        name: [len(data), hashlib.sha256(data).hexdigest()]
        for name, data in (files if listed is None else listed).items()
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(MANIFEST, json.dumps({"format": 1, "files": names}))
        for name, data in files.items():
            pack.writestr(name, data)
    return path


def restore(archive: Path, root: Path, clock: Clock) -> None:
    restore_backup(archive, root, root / "instance/before-restore", clock())


def test_it_holds_the_site_and_no_secret(root: Path) -> None:
    names = zipfile.ZipFile(BytesIO(backup_of(root))).namelist()

    own = [name for name in SITE if not name.startswith(("static/admin", "static/dist", "templates/admin"))]
    wanted = {name for name in own if not name.startswith(("instance", "build"))}
    assert set(names) == {MANIFEST, "config.toml", "content/_index.md", *wanted}
    assert names[0] == MANIFEST


def test_the_same_site_gives_the_same_bytes(root: Path, tmp_path: Path) -> None:
    first = backup_of(root)
    copy = tmp_path / "copy"
    copy.mkdir()
    (tmp_path / "b.zip").write_bytes(first)
    restore_backup(tmp_path / "b.zip", copy, copy / "instance", Clock()())

    assert backup_of(root) == first
    assert backup_of(copy) == first


def test_restored_into_an_empty_clone_it_is_the_same_site(
    project: Path, root: Path, tmp_path: Path, clock: Clock
) -> None:
    archive = tmp_path / "b.zip"
    archive.write_bytes(backup_of(root))
    clone = tmp_path / "clone"
    clone.mkdir()
    restore(archive, clone, clock)
    built = []
    for site in (root, clone):
        out = tmp_path / f"{site.name}-out"
        done = subprocess.run(
            [
                sys.executable,
                str(project / "freeze.py"),
                "--source",
                str(site),
                "-d",
                str(tmp_path / f"{site.name}-out"),
            ],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        built.append({f.relative_to(out).as_posix(): f.read_bytes() for f in out.rglob("*") if f.is_file()})

    assert len(built[0]) > 20
    assert built[0].keys() == built[1].keys()
    assert [name for name in built[0] if built[0][name] != built[1][name]] == []


def test_what_was_there_is_moved_aside_and_never_lost(root: Path, tmp_path: Path, clock: Clock) -> None:
    archive = tmp_path / "b.zip"
    archive.write_bytes(backup_of(root))
    then = kept(root)
    (root / "content/about.md").write_text("newer", encoding="utf-8")
    (root / "content/later.md").write_text("only here", encoding="utf-8")
    (root / "content/notes/trip/sea.png").unlink()

    for _ in range(2):
        restore(archive, root, clock)

    assert kept(root) == then
    (aside,) = (root / "instance/before-restore").iterdir()
    assert (aside / "content/about.md").read_text(encoding="utf-8") == "newer"
    assert (aside / "content/later.md").read_text(encoding="utf-8") == "only here"
    assert (root / "instance/secret.key").read_text() == "5ec2e7" * 16
    assert not list(root.glob(".meishi-*"))


def link(name: str, to: str) -> bytes:
    """Make a ZIP file with a link in it."""
    import hashlib

    out = BytesIO()
    data = to.encode()
    with zipfile.ZipFile(out, "w") as pack:
        listed = {name: [len(data), hashlib.sha256(data).hexdigest()]}
        pack.writestr(MANIFEST, json.dumps({"format": 1, "files": listed}))
        info = zipfile.ZipInfo(name)
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        pack.writestr(info, data)
    return out.getvalue()


WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "no-zip": (lambda path: path.write_bytes(b"hello"), "no ZIP file"),
    "empty": (lambda path: path.write_bytes(b""), "no ZIP file"),
    "foreign": (lambda path: zipfile.ZipFile(path, "w").writestr("a.txt", "x"), "no"),
    "slip": (lambda path: write(path, {"../evil.md": b"x"}), "leads elsewhere"),
    "inner-slip": (lambda path: write(path, {"content/../../evil.md": b"x"}), "leads elsewhere"),
    "absolute": (lambda path: write(path, {"/etc/evil": b"x"}), "leads elsewhere"),
    "drive": (lambda path: write(path, {"C:/evil": b"x"}), "leads elsewhere"),
    "secret": (lambda path: write(path, {"instance/secret.key": b"x"}), "not one of a site's"),
    "code": (lambda path: write(path, {"app.py": b"x"}), "not one of a site's"),
    "git": (lambda path: write(path, {"content/.git/hooks/x": b"x"}), "not the owner's to bring"),
    "study": (lambda path: write(path, {"static/admin/x.js": b"x"}), "not the owner's to bring"),
    "link": (lambda path: path.write_bytes(link("content/a.md", "/etc/passwd")), "is a link"),
    "unlisted": (
        lambda path: write(path, {"content/a.md": b"x", "content/b.md": b"x"}, listed={"content/a.md": b"x"}),
        "not those",
    ),
    "altered": (lambda path: write(path, {"content/a.md": b"x"}, listed={"content/a.md": b"y"}), "damaged"),
    "capitals": (lambda path: write(path, {"content/a.md": b"x", "content/A.md": b"x"}), "only in capitals"),
    "bomb": (lambda path: write(path, {"content/a.md": b"\0" * 90_000_000}), "would grow"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_files_are_refused_and_nothing_changes(
    kind: str, root: Path, tmp_path: Path, clock: Clock
) -> None:
    archive = tmp_path / "wrong.zip"
    make, reason = WRONG[kind]
    made = make(archive)
    if isinstance(made, zipfile.ZipFile):
        made.close()
    before = kept(root)

    with pytest.raises(BackupError, match=reason):
        restore(archive, root, clock)

    assert kept(root) == before
    assert not (tmp_path / "evil.md").exists()
    assert not (root / "instance/before-restore").exists()


def test_a_cut_off_file_is_refused(root: Path, tmp_path: Path, clock: Clock) -> None:
    whole = backup_of(root)
    before = kept(root)
    archive = tmp_path / "cut.zip"
    for length in range(0, len(whole), max(1, len(whole) // 40)):
        archive.write_bytes(whole[:length])
        with pytest.raises(BackupError):
            restore(archive, root, clock)
    assert kept(root) == before


def test_a_flipped_byte_is_noticed(root: Path, tmp_path: Path, clock: Clock) -> None:
    whole = backup_of(root)
    archive = tmp_path / "bad.zip"
    before = kept(root)
    for place in range(40, len(whole), len(whole) // 60):
        data = bytearray(whole)
        data[place] ^= 0x55
        archive.write_bytes(bytes(data))
        with suppress(BackupError):
            restore(archive, root, clock)
        # Times and other marks of an entry may change unnoticed; what the files hold may not.
        assert kept(root) == before


@given(
    st.lists(
        st.sampled_from(["..", ".", "", "content", "static", "a.md", "C:", "\\", "\0", "/", "instance"]),
        max_size=6,
    ).map("/".join)
)
def test_only_names_inside_the_site_are_taken(name: str) -> None:
    if refusal(name) is None:
        top = Path("/site")
        assert top in Path(os.path.normpath(top / name)).parents
        assert name.split("/")[0] in ("content", "static", "config.toml")


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_that_lead_elsewhere_are_left_out_and_told(root: Path, tmp_path: Path) -> None:
    (tmp_path / "private.txt").write_text("private")
    (root / "content/private.md").symlink_to(tmp_path / "private.txt")

    assert "content/private.md" not in zipfile.ZipFile(BytesIO(backup_of(root))).namelist()


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_nothing_is_written_through_a_link(root: Path, tmp_path: Path, clock: Clock) -> None:
    archive = tmp_path / "b.zip"
    archive.write_bytes(backup_of(root))
    empty, elsewhere = tmp_path / "empty", tmp_path / "elsewhere"
    empty.mkdir()
    elsewhere.mkdir()
    (empty / "content").symlink_to(elsewhere)

    with pytest.raises(BackupError, match="in the way"):
        restore(archive, empty, clock)

    assert list(elsewhere.iterdir()) == []


@pytest.fixture
def app(root: Path, clock: Clock) -> Flask:
    app = create_app(root, now=clock, reload=False)
    study_of(app).owner.set_password(PASSWORD)
    return app


def test_the_commands_write_and_bring_back(app: Flask, root: Path, tmp_path: Path) -> None:
    run: CliRunner = app.test_cli_runner()
    archive = tmp_path / "mine.zip"
    then = kept(root)

    first = run.invoke(args=["backup", str(archive)])
    again = run.invoke(args=["backup", str(archive)])
    (root / "content/about.md").unlink()
    back = run.invoke(args=["restore", str(archive)])

    assert (first.exit_code, again.exit_code, back.exit_code) == (0, 1, 0)
    assert "mine.zip:" in first.output
    assert "there is a file of that name" in again.output
    assert "Restored: 1 files" in back.output
    assert kept(root) == then
    assert run.invoke(args=["restore", str(tmp_path / "none.zip")]).output.startswith(
        "Error: none.zip: there is no"
    )


def test_one_button_gives_it(app: Flask, root: Path) -> None:
    owner = Visitor(app)
    owner.sign_in()
    assert "Download the backup" in owner.get("/admin/settings/backup").get_data(as_text=True)

    response = owner.get("/admin/settings/backup.zip")

    assert response.mimetype == "application/zip"
    assert "meishi-backup-2026-11-22.zip" in response.headers["Content-Disposition"]
    assert response.data == backup_of(root)
    response.close()
    assert response.content_length == len(response.data)
    assert {one.name for one in (root / "instance").iterdir()} >= {"secret.key"}
    assert not list((root / "instance").glob("*tmp*"))
    assert Visitor(app).get("/admin/settings/backup.zip").status_code == 303
