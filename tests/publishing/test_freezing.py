"""A build is whole, fresh and the same, however it came about."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import tiny_site
from meishi.publishing import sharing, state
from meishi.publishing import spare as spare_module
from meishi.publishing.command import freeze_main, run
from meishi.publishing.freezer import _Folder
from meishi.publishing.options import FreezeOptions
from meishi.publishing.progress import Lines
from meishi.publishing.swap import remove_tree
from tiny_site import TinySite, app_factory, make, snapshot, write

Freeze = Callable[..., list[dict[str, object]]]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # The code is a source as well, and somebody may be editing it.
    monkeypatch.setattr(state, "PACKAGE", tmp_path / "code")
    monkeypatch.setattr(state, "PRODUCT", tmp_path / "product")
    return make(tmp_path / "site")


def freeze(
    site: Path, *, code: int = 0, epoch: str | None = None, **options: object
) -> list[dict[str, object]]:
    """Build, and return the lines that --json prints."""
    out = io.StringIO()
    given = {"source": site, "destination": site / "build", **options}
    environment = {"SOURCE_DATE_EPOCH": epoch} if epoch else {}
    found = run(FreezeOptions(**given), app_factory, Lines(out), environment, 0.0)  # type: ignore[arg-type]
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert found == code, lines
    return lines


def replace_by_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("a file")


def replace_by_link(file: Path) -> None:
    file.unlink()
    file.symlink_to("/etc/hostname")


def made(lines: list[dict[str, object]]) -> set[object]:
    return {line["address"] for line in lines if line["step"] == "file"}


def messages(lines: list[dict[str, object]], kind: str) -> list[str]:
    return [f"{line['path']}:{line['line']}: {line['message']}" for line in lines if line["step"] == kind]


def test_every_address_becomes_a_file(site: Path) -> None:
    freeze(site)
    assert set(snapshot(site / "build")) == {
        "index.html",
        "about/index.html",
        "notes/index.html",
        "私/index.html",
        "sitemap.xml",
        ".nojekyll",
        "a.png",
        "robots.txt",
        "css/site.css",
        "small/a.png.6c04254b.webp",
    }
    assert b"<title>About</title><p id=me>Me</p>" in (site / "build/about/index.html").read_bytes()


def test_the_same_input_gives_the_same_bytes_elsewhere_and_later(site: Path, tmp_path: Path) -> None:
    freeze(site)
    other = make(tmp_path / "elsewhere")
    for path in other.rglob("*"):
        os.utime(path, (0, 0))
    freeze(other)
    assert snapshot(other / "build") == snapshot(site / "build")


def test_nothing_changed_makes_nothing(site: Path) -> None:
    def state() -> dict[Path, tuple[int, ...]]:
        # Not when it was last read: looking at a folder changes that.
        found = {path: path.stat() for path in (site / "build").rglob("*")}
        return {path: (s.st_ino, s.st_size, s.st_mtime_ns, s.st_ctime_ns) for path, s in found.items()}

    freeze(site)
    before = state()
    last = freeze(site)[-1]
    assert (last["made"], last["removed"], last["files"]) == (0, 0, 10)
    assert state() == before


def test_touching_a_file_is_no_change(site: Path) -> None:
    freeze(site)
    os.utime(site / "content/about.md", (1, 1))
    lines = freeze(site)
    assert [line["step"] for line in lines] == ["done"]


def test_an_edit_makes_only_what_shows_it(site: Path) -> None:
    freeze(site)
    before = {path: path.stat().st_mtime_ns for path in (site / "build").rglob("*.*") if path.is_file()}
    write(site, {"content/about.md": "About\n<p id=me>Me again</p>\n"})
    assert made(freeze(site)) == {"/about/"}
    assert b"Me again" in (site / "build/about/index.html").read_bytes()
    after = {path: path.stat().st_mtime_ns for path in (site / "build").rglob("*.*") if path.is_file()}
    assert {path.parent.name for path in after if after[path] != before.get(path)} == {"about"}


def test_a_new_title_reaches_lists_and_neighbours(site: Path) -> None:
    freeze(site)
    write(site, {"content/about.md": "About me\n<p id=me>Me</p>\n"})
    freeze(site)
    for name in ("index.html", "about/index.html", "notes/index.html"):
        assert "About me" in (site / "build" / name).read_text()


def test_an_edit_of_the_text_undone_gives_back_the_first_build(site: Path) -> None:
    freeze(site)
    first = snapshot(site / "build")
    text = (site / "content/about.md").read_text()
    write(site, {"content/about.md": "Other\n", "content/new.md": "New\n"})
    freeze(site)
    (site / "content/new.md").unlink()
    write(site, {"content/about.md": text})
    freeze(site)
    assert snapshot(site / "build") == first


def test_a_template_changes_every_page(site: Path) -> None:
    freeze(site)
    write(site, {"templates/page.html": "<!doctype html><h1>TITLE</h1>BODY"})
    freeze(site)
    for path in (site / "build").rglob("*.html"):
        assert b"<h1>" in path.read_bytes()


def test_pages_whose_bytes_stay_keep_their_time_even_if_all_is_made_again(site: Path) -> None:
    freeze(site)
    before = {path: path.stat().st_mtime_ns for path in (site / "build").rglob("*.html")}
    write(site, {"config.toml": "# a comment\n"})
    assert len(made(freeze(site))) > 5
    assert {path: path.stat().st_mtime_ns for path in (site / "build").rglob("*.html")} == before


def test_what_is_gone_from_the_content_is_gone_from_the_build(site: Path) -> None:
    freeze(site)
    (site / "content/notes.md").unlink()
    last = freeze(site)[-1]
    assert last["removed"] == 2
    assert not (site / "build/notes").exists()
    assert not (site / "build/small").exists()


def test_a_page_can_become_a_folder_and_back(site: Path) -> None:
    write(site, {"static/x": "file"})
    freeze(site)
    (site / "static/x").unlink()
    write(site, {"static/x/y.txt": "file"})
    freeze(site)
    assert (site / "build/x/y.txt").read_text() == "file"
    shutil.rmtree(site / "static/x")
    write(site, {"static/x": "file"})
    freeze(site)
    freeze(site, clean=True)
    assert (site / "build/x").read_text() == "file"


def test_pictures_follow_what_pages_ask_for(site: Path) -> None:
    freeze(site)
    (old,) = (site / "build/small").iterdir()
    write(site, {"static/a.png": "NEW"})
    freeze(site)
    (new,) = (site / "build/small").iterdir()
    assert new.name != old.name
    assert new.read_bytes() == b"small NEW"
    write(site, {"content/notes.md": "Notes\n", "content/about.md": "About\n{pic a.png}"})
    freeze(site)
    assert list((site / "build/small").iterdir()) == [new]


@pytest.mark.parametrize(
    "harm",
    [
        lambda build: (build / "about/index.html").write_text("tampered"),
        lambda build: (build / "about/index.html").unlink(),
        lambda build: (build / "about/extra.html").write_text("strange"),
        lambda build: write(build, {"extra/more/file": ""}),
        lambda build: remove_tree(build / "about"),
        lambda build: remove_tree(build),
        lambda build: bool((build / "css").rename(build / "about/css")),
        lambda build: replace_by_file(build / "about"),
        lambda build: shutil.copytree(build / "about", build / "copy"),
        lambda build: (build / "css/site.css").write_text("body{ }"),
        lambda build: (build / "small/a.png.6c04254b.webp").write_text("x"),
        lambda build: replace_by_link(build / "robots.txt"),
    ],
)
@pytest.mark.parametrize("builds", [1, 3])
def test_harm_done_to_the_build_is_mended(site: Path, harm: Callable[[Path], object], builds: int) -> None:
    for number in range(builds):
        write(site, {"content/count.md": f"Count {number}\n"})
        freeze(site)
    before = snapshot(site / "build")
    harm(site / "build")
    freeze(site)
    assert snapshot(site / "build") == before
    write(site, {"content/about.md": "About\n<p id=me>Afterwards</p>\n"})
    freeze(site)
    assert set(snapshot(site / "build")) == set(before)
    again = snapshot(site / "build")
    freeze(site, clean=True)
    assert snapshot(site / "build") == again


def test_the_cache_may_vanish(site: Path) -> None:
    freeze(site)
    before = snapshot(site / "build")
    shutil.rmtree(site / ".cache")
    freeze(site)
    assert snapshot(site / "build") == before


@pytest.mark.parametrize("damage", [b"", b"nonsense", None])
def test_a_damaged_record_costs_a_full_build_and_no_more(site: Path, damage: bytes | None) -> None:
    freeze(site)
    before = snapshot(site / "build")
    (record,) = (site / ".cache").glob("freeze-*/record")
    data = record.read_bytes()
    record.write_bytes(data[:-1] + bytes([data[-1] ^ 1]) if damage is None else damage)
    assert len(made(freeze(site))) > 5
    assert snapshot(site / "build") == before


def test_without_hard_links_files_are_copied(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_arguments: object, **_more: object) -> None:
        raise OSError("no hard links here")

    monkeypatch.setattr(os, "link", refused)
    freeze(site)
    times = {path: path.stat().st_mtime_ns for path in (site / "build").rglob("*.html")}
    for number in range(3):
        write(site, {"content/about.md": f"About\n<p id=me>{number}</p>\n"})
        freeze(site)
        assert [line["step"] for line in freeze(site)] == ["done"]
    after = {path: path.stat().st_mtime_ns for path in (site / "build").rglob("*.html")}
    assert [path.parent.name for path in after if after[path] != times[path]] == ["about"]
    built = snapshot(site / "build")
    freeze(site, clean=True)
    assert snapshot(site / "build") == built


def test_other_options_are_another_build(site: Path) -> None:
    freeze(site)
    freeze(site, base_url="https://example.org/web/")
    assert 'href="/web/about/"' in (site / "build/index.html").read_text()
    freeze(site)
    assert 'href="/about/"' in (site / "build/index.html").read_text()


def test_a_moment_at_which_pages_change_makes_a_build(site: Path) -> None:
    write(site, {"content/until": "2000"})
    freeze(site, epoch="1000")
    assert [line["step"] for line in freeze(site, epoch="1000")] == ["done"]
    assert "swap" in [line["step"] for line in freeze(site, epoch="2000")]


def test_every_error_is_listed_and_the_old_build_stays(site: Path) -> None:
    freeze(site)
    before = snapshot(site / "build")
    write(site, {"content/about.md": "About\n\nERROR", "content/notes.md": "Notes\nERROR"})
    lines = freeze(site, code=1)
    assert messages(lines, "error") == [
        "content/about.md:3: This is wrong. Mend it.",
        "content/notes.md:2: This is wrong. Mend it.",
    ]
    assert snapshot(site / "build") == before
    write(site, {"content/about.md": "About\n<p id=me>", "content/notes.md": "Notes\n"})
    freeze(site)
    built = snapshot(site / "build")
    freeze(site, clean=True)
    assert snapshot(site / "build") == built


def test_warnings_stay_until_they_are_seen_to(site: Path) -> None:
    write(site, {"content/about.md": "About\nWARN"})
    warning = "content/about.md:2: This is odd"
    assert messages(freeze(site), "warning") == [warning]
    assert messages(freeze(site), "warning") == [warning]
    write(site, {"content/notes.md": "Notes\nmore"})
    assert messages(freeze(site), "warning") == [warning]
    write(site, {"content/about.md": "About\n"})
    assert messages(freeze(site), "warning") == []


def test_a_broken_link_stops_the_build_and_names_the_content_file(site: Path) -> None:
    write(site, {"content/about.md": 'About\n<p>\n<a href="/none/">'})
    (error,) = messages(freeze(site, code=1), "error")
    assert error.startswith("content/about.md:3: /none/ does not exist")
    assert not (site / "build").exists()


def test_a_link_that_breaks_because_its_target_goes_is_found(site: Path) -> None:
    write(
        site, {"content/zulu.md": 'Zulu\n<a href="/about/#me">', "content/a.md": "A\n", "content/z.md": "Z\n"}
    )
    freeze(site)
    write(site, {"content/about.md": "About\n<p id=you>"})
    (error,) = messages(freeze(site, code=1), "error")
    assert error.startswith("content/zulu.md:2: /about/#me names a place")
    (site / "content/about.md").unlink()
    (error,) = messages(freeze(site, code=1), "error")
    assert error.startswith("content/zulu.md:2: /about/#me does not exist")


def test_addresses_that_cannot_be_files_side_by_side_are_refused(site: Path) -> None:
    write(site, {"static/About/index.html": "x", "static/notes": "x", "static/con.txt": "x"})
    found = messages(freeze(site, code=1), "error")
    assert len(found) == 3
    assert any("/About/index.html" in text and "/about/" in text for text in found)
    assert any("/notes" in text and "/notes/" in text for text in found)
    assert any("con.txt" in text and "Windows" in text for text in found)


@pytest.mark.parametrize("name", ["content/x", "static", ".", "..", ".cache/x", "content", ".git"])
def test_a_destination_that_would_destroy_something_is_refused(site: Path, name: str) -> None:
    destination = Path(os.path.normpath(site / name))
    before = snapshot(site)
    for clean in (False, True):
        assert freeze(site, code=1, destination=destination, clean=clean)[-1]["step"] == "error"
    assert {k: v for k, v in snapshot(site).items() if not k.startswith(".cache/")} == before


def test_a_folder_of_somebody_elses_is_refused_unless_clean(site: Path, tmp_path: Path) -> None:
    write(tmp_path / "mine", {"letter.txt": "dear"})
    freeze(site, code=1, destination=tmp_path / "mine")
    assert snapshot(tmp_path / "mine") == {"letter.txt": b"dear"}
    freeze(site, destination=tmp_path / "mine", clean=True)
    assert "letter.txt" not in snapshot(tmp_path / "mine")
    assert "letter.txt" not in {path.name for path in (site / ".cache").rglob("spare/*")}


def test_a_link_or_a_checkout_as_destination_is_refused(site: Path, tmp_path: Path) -> None:
    write(tmp_path / "mine", {"letter.txt": "dear"})
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    (tmp_path / "repo/.git").mkdir(parents=True)
    freeze(site, code=1, destination=tmp_path / "link", clean=True)
    freeze(site, code=1, destination=tmp_path / "repo", clean=True)
    assert snapshot(tmp_path / "mine") == {"letter.txt": b"dear"}


def test_static_files_are_copies_so_that_editing_them_leaves_the_build_alone(site: Path) -> None:
    freeze(site)
    with (site / "static/robots.txt").open("a") as file:
        file.write("more")
    assert (site / "build/robots.txt").read_text() == "User-agent: *\n"


def test_on_another_file_system_nothing_is_left_beside(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("meishi.publishing.state._device", lambda path: len(str(path)))
    out = tmp_path / "out" / "public"
    for text in ("one", "two"):
        write(site, {"content/about.md": f"About\n<p id=me>{text}</p>"})
        freeze(site, destination=out)
        assert [path.name for path in out.parent.iterdir()] == ["public"]
    write(site, {"content/about.md": "About\nERROR"})
    freeze(site, code=1, destination=out)
    assert [path.name for path in out.parent.iterdir()] == ["public"]
    assert "two" in (out / "about/index.html").read_text()


def test_the_last_line_of_json_has_the_table(site: Path) -> None:
    last = freeze(site)[-1]
    assert last["step"] == "done"
    assert last["table"]["Pages"] == {"en": 4, "ja": 0}  # type: ignore[index]
    assert last["destination"] == "build"


def test_the_command_prints_hugos_table(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert freeze_main(["--source", str(site)], app_factory, {}) == 0
    out = capsys.readouterr().out
    assert " Pages            │  4 │  0" in out
    assert "Made 10 of 10 files in build" in out
    assert freeze_main(["--source", str(site), "--quiet"], app_factory, {}) == 0
    assert capsys.readouterr().out == ""


def test_errors_are_printed_with_file_and_line(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {"content/about.md": "About\nERROR"})
    assert freeze_main(["--source", str(site)], app_factory, {}) == 1
    assert capsys.readouterr().err == "content/about.md:2: This is wrong. Mend it.\n"


def test_an_interrupt_leaves_the_old_build(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    freeze(site)
    before = snapshot(site / "build")

    def interrupted(self: TinySite, address: str) -> tuple[bytes, str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(TinySite, "answer", interrupted)
    write(site, {"content/about.md": "About\n"})
    assert freeze_main(["--source", str(site)], app_factory, {}) == 130
    assert capsys.readouterr().err == "Stopped. build is as it was.\n"
    assert snapshot(site / "build") == before


@pytest.mark.copies
def test_another_process_makes_the_spare_of_a_second_build(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spare_module, "_WORTHWHILE", 2)
    monkeypatch.setattr(spare_module, "usable_cores", lambda: 2)
    freeze(site)
    before = snapshot(site / "build")
    write(site, {"content/about.md": "About\n<p id=me>New</p>\n"})
    here, link = os.getpid(), os.link

    def elsewhere(source: str, target: str) -> None:
        assert os.getpid() != here or target.endswith(("index.html", "feed.xml", "sitemap.xml")), target
        link(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", elsewhere)
        freeze(site)
    assert "New" in (site / "build/about/index.html").read_text()
    (spare,) = (site / ".cache").glob("freeze-*/spare")
    assert snapshot(spare) == before


@pytest.mark.copies
@pytest.mark.parametrize("call", ["link", "mkdir"])
@pytest.mark.parametrize("folder", ["spare", "twin"])
def test_without_links_or_room_a_build_makes_its_spare_itself(
    site: Path, monkeypatch: pytest.MonkeyPatch, call: str, folder: str
) -> None:
    monkeypatch.setattr(spare_module, "_WORTHWHILE", 2)
    monkeypatch.setattr(spare_module, "_MANY", 2 if folder == "twin" else 10_000)
    monkeypatch.setattr(spare_module, "usable_cores", lambda: 2)
    real, here = getattr(os, call), os.getpid()

    def failing(*given: object) -> None:
        if os.getpid() != here and any(f"/{folder}/" in str(one) for one in given):
            raise OSError(errno.ENOSPC, "no room")
        real(*given)

    monkeypatch.setattr(os, call, failing)
    freeze(site)
    assert not [path for path in (site / ".cache").glob("freeze-*/*") if path.name in {"spare", "twin"}]
    write(site, {"content/about.md": "About\n<p id=me>New</p>\n"})
    freeze(site)
    assert "New" in (site / "build/about/index.html").read_text()


def test_a_bad_source_date_is_an_error(site: Path) -> None:
    assert "SOURCE_DATE_EPOCH" in messages(freeze(site, code=1, epoch="yesterday"), "error")[0]


@pytest.mark.copies
@pytest.mark.parametrize("by_a_copy", [True, False])
def test_many_folders_get_their_spare_at_once(
    site: Path, monkeypatch: pytest.MonkeyPatch, by_a_copy: bool
) -> None:
    monkeypatch.setattr(spare_module, "_MANY", 2)
    monkeypatch.setattr(spare_module, "usable_cores", lambda: 2 if by_a_copy else 1)
    freeze(site)
    (spare,) = (site / ".cache").glob("freeze-*/spare")
    assert snapshot(spare) == snapshot(site / "build")
    write(site, {"content/about.md": "About\n<p id=me>New</p>\n"})
    freeze(site)
    assert "New" in (site / "build/about/index.html").read_text()
    assert "New" not in (spare / "about/index.html").read_text()
    built = snapshot(site / "build")
    freeze(site, clean=True)
    assert snapshot(site / "build") == built
    assert tiny_site.snapshot(site / "build") == built


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "_WORTHWHILE", 1)
    monkeypatch.setattr(sharing, "_PIECE", 2)
    monkeypatch.setattr(sharing, "usable_cores", lambda: 3)


@pytest.mark.copies
@pytest.mark.usefixtures("forked")
def test_several_processes_build_what_one_builds(tmp_path: Path) -> None:
    pages = {f"page{n:02}": f"Page {n}\n{{pic a.png}}\n{'WARN' if n % 7 == 0 else ''}" for n in range(40)}
    sites = [make(tmp_path / name, pages) for name in ("one", "several")]
    warnings = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sharing, "usable_cores", lambda: 1)
        warnings.append(sorted(messages(freeze(sites[0]), "warning")))
    warnings.append(sorted(messages(freeze(sites[1]), "warning")))
    assert snapshot(sites[0] / "build") == snapshot(sites[1] / "build")
    assert warnings[0] == warnings[1]
    assert len(warnings[0]) == 6


@pytest.mark.copies
@pytest.mark.usefixtures("forked")
def test_errors_of_every_process_are_listed(site: Path) -> None:
    write(site, {f"content/page{n:02}.md": f"Page {n}\nERROR" for n in range(40)})
    found = messages(freeze(site, code=1), "error")
    assert sorted(found) == [f"content/page{n:02}.md:2: This is wrong. Mend it." for n in range(40)]


def test_a_file_is_written_whole_and_never_into_one_that_is_there(tmp_path: Path) -> None:
    root = _Folder(tmp_path)
    published = tmp_path / "a/b/index.html"
    for name in ("a/b/index.html", "a/b/more.html"):
        page = root / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_bytes(b"x" * 100_000)
    assert published.read_bytes() == b"x" * 100_000
    with pytest.raises(FileExistsError):
        (root / "a/b/index.html").write_bytes(b"other")
    assert published.read_bytes() == b"x" * 100_000
