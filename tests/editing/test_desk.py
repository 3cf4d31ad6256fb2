"""Opening, saving, making, renaming, deleting and bringing back."""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePosixPath

import pytest
from desks import ABOUT, OWNER, PAGE, new_desk, new_site

from meishi.content.editing.desk import Desk
from meishi.content.editing.errors import ClashError, ExistsError, GoneError, PathError, SavingError


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return new_site(tmp_path / "site")


@pytest.fixture
def desk(site: Path) -> Desk:
    return new_desk(site)


def on_disk(site: Path, name: str = "about.md") -> str:
    return (site / "content" / name).read_bytes().decode()


def test_opening_and_saving_unchanged_touches_nothing(site: Path, desk: Desk) -> None:
    before = (site / "content" / "about.md").stat()
    opened = desk.open(ABOUT)

    saved = desk.save(ABOUT, opened.text, opened.version, OWNER)

    after = (site / "content" / "about.md").stat()
    assert (saved.version, saved.merged) == (opened.version, False)
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_save_is_on_the_disk_and_can_be_saved_again(site: Path, desk: Desk) -> None:
    opened = desk.open(ABOUT)
    first = desk.save(ABOUT, opened.text + "Third.\n", opened.version, OWNER)
    second = desk.save(ABOUT, first.text + "Fourth.\n", first.version, OWNER)

    assert on_disk(site) == PAGE + "Third.\nFourth.\n" == second.text
    assert desk.open(ABOUT).version == second.version


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_save_keeps_the_mode_and_leaves_no_file_behind(site: Path, desk: Desk) -> None:
    (site / "content" / "about.md").chmod(0o640)
    opened = desk.open(ABOUT)
    desk.save(ABOUT, "new\n", opened.version, OWNER)

    assert stat.S_IMODE((site / "content" / "about.md").stat().st_mode) == 0o640
    assert [file.name for file in (site / "content").iterdir()] == ["about.md"]


def test_what_a_browser_drops_comes_back(site: Path, desk: Desk) -> None:
    written = "\ufeff---\r\ntitle: About\r\n---\r\n\r\nOne\nTwo\r\nEnd"
    (site / "content" / "about.md").write_bytes(written.encode())
    opened = desk.open(ABOUT)
    typed = opened.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("Two", "Two\nNew")

    desk.save(ABOUT, typed, opened.version, OWNER)

    assert on_disk(site) == written.replace("Two", "Two\r\nNew")


def test_bytes_that_are_no_text_survive(site: Path, desk: Desk) -> None:
    (site / "content" / "about.md").write_bytes(b"caf\xe9\n\nend\n")
    opened = desk.open(ABOUT)
    desk.save(ABOUT, opened.text.replace("end", "END"), opened.version, OWNER)

    assert (site / "content" / "about.md").read_bytes() == b"caf\xe9\n\nEND\n"


def test_half_an_emoji_does_not_stop_a_save(site: Path, desk: Desk) -> None:
    opened = desk.open(ABOUT)
    desk.save(ABOUT, "cut \ud83d off\n", opened.version, OWNER)

    assert on_disk(site) == "cut \ufffd off\n"


def test_changes_of_two_tabs_merge(site: Path, desk: Desk) -> None:
    opened = desk.open(ABOUT)
    desk.save(ABOUT, PAGE.replace("title: About", "title: Me"), opened.version, OWNER)
    saved = desk.save(ABOUT, PAGE.replace("2026-01-01", "2026-02-02"), opened.version, OWNER)

    both = PAGE.replace("title: About", "title: Me").replace("2026-01-01", "2026-02-02")
    assert saved.merged
    assert saved.text == on_disk(site) == both


def test_the_same_change_from_two_tabs_is_written_once(site: Path, desk: Desk) -> None:
    opened = desk.open(ABOUT)
    first = desk.save(ABOUT, PAGE + "More.\n", opened.version, OWNER)
    second = desk.save(ABOUT, PAGE + "More.\n", opened.version, OWNER)

    assert (second.version, second.merged) == (first.version, False)
    assert len(desk.versions(ABOUT)) == 2


def test_a_tab_where_nothing_was_typed_gets_what_others_wrote(site: Path, desk: Desk) -> None:
    opened = desk.open(ABOUT)
    desk.save(ABOUT, PAGE + "More.\n", opened.version, OWNER)
    saved = desk.save(ABOUT, PAGE, opened.version, OWNER)

    assert (saved.text, saved.merged) == (PAGE + "More.\n", True)


def test_a_change_by_another_program_is_merged(site: Path, desk: Desk) -> None:
    opened = desk.open(ABOUT)
    (site / "content" / "about.md").write_text(PAGE.replace("First", "1st"), encoding="utf-8")
    desk.save(ABOUT, PAGE.replace("Second", "2nd"), opened.version, OWNER)

    assert on_disk(site) == PAGE.replace("First", "1st").replace("Second", "2nd")


def test_a_clash_writes_nothing_and_shows_all_three(site: Path, desk: Desk) -> None:
    opened = desk.open(ABOUT)
    theirs = PAGE.replace("First", "Theirs")
    (site / "content" / "about.md").write_text(theirs, encoding="utf-8")

    with pytest.raises(ClashError) as clash:
        desk.save(ABOUT, PAGE.replace("First", "Mine"), opened.version, OWNER)

    error = clash.value
    assert on_disk(site) == theirs
    assert (error.base, error.mine, error.theirs) == (PAGE, PAGE.replace("First", "Mine"), theirs)
    [piece] = error.merged.clashes
    assert (piece.base, piece.mine, piece.theirs) == (
        "First paragraph.\n",
        "Mine paragraph.\n",
        "Theirs paragraph.\n",
    )
    assert str(error).startswith("content/about.md:6: ")


def test_a_clash_is_settled_by_saving_against_their_version(site: Path, desk: Desk) -> None:
    opened = desk.open(ABOUT)
    (site / "content" / "about.md").write_text("theirs\n", encoding="utf-8")
    with pytest.raises(ClashError) as clash:
        desk.save(ABOUT, "mine\n", opened.version, OWNER)

    desk.save(ABOUT, "both\n", clash.value.version, OWNER)

    assert on_disk(site) == "both\n"


def test_a_version_that_nobody_knows_is_a_clash_of_all_that_differs(site: Path, desk: Desk) -> None:
    with pytest.raises(ClashError) as clash:
        desk.save(ABOUT, PAGE.replace("Second", "2nd"), "0" * 32, OWNER)

    assert clash.value.base is None
    assert [piece.theirs for piece in clash.value.merged.clashes] == ["Second paragraph.\n"]
    assert on_disk(site) == PAGE


def test_a_field_that_both_sides_added_is_a_clash(site: Path, desk: Desk) -> None:
    opened = desk.open(ABOUT)
    (site / "content" / "about.md").write_text(PAGE.replace("title:", "weight: 1\ntitle:"), encoding="utf-8")

    with pytest.raises(ClashError):
        desk.save(ABOUT, PAGE.replace("01-01\n", "01-01\nweight: 2\n"), opened.version, OWNER)


def test_a_new_page_makes_its_folders(site: Path, desk: Desk) -> None:
    saved = desk.create(PurePosixPath("notes/旅/index.md"), "旅\n", OWNER)

    assert on_disk(site, "notes/旅/index.md") == "旅\n"
    assert desk.open(saved.path).version == saved.version


def test_a_new_page_never_replaces_another(site: Path, desk: Desk) -> None:
    with pytest.raises(ExistsError, match=r"content/about\.md"):
        desk.create(ABOUT, "other", OWNER)
    assert on_disk(site) == PAGE


def test_a_picture_is_kept_byte_by_byte(site: Path, desk: Desk) -> None:
    picture = bytes(range(256)) * 3
    desk.create(PurePosixPath("notes/a.png"), picture, OWNER)

    assert (site / "content" / "notes" / "a.png").read_bytes() == picture


def test_a_copy_has_the_same_bytes(site: Path, desk: Desk) -> None:
    desk.duplicate(ABOUT, PurePosixPath("again.md"), OWNER)

    assert on_disk(site, "again.md") == PAGE


def test_a_page_moves_with_its_history_and_what_was_typed(site: Path, desk: Desk) -> None:
    opened = desk.open(ABOUT)
    saved = desk.save(ABOUT, PAGE + "More.\n", opened.version, OWNER)
    desk.journal.put(ABOUT, "tab", saved.version, 1, "typed")
    to = PurePosixPath("me/about.md")

    moved = desk.rename(ABOUT, to, OWNER)

    assert moved.files == ((ABOUT, to),)
    assert not (site / "content" / "about.md").exists()
    assert [version.author for version in desk.versions(to)] == ["Hanako", ""]
    assert [(draft.path, draft.text) for draft in desk.drafts()] == [(to, "typed")]


def test_several_move_together_or_not_at_all(site: Path, desk: Desk) -> None:
    desk.create(PurePosixPath("about.ja.md"), "日本語\n", OWNER)
    desk.create(PurePosixPath("me.ja.md"), "in the way\n", OWNER)
    moves = [(ABOUT, PurePosixPath("me.md")), (PurePosixPath("about.ja.md"), PurePosixPath("me.ja.md"))]

    with pytest.raises(ExistsError):
        desk.move(moves, OWNER)

    assert on_disk(site) == PAGE
    assert not (site / "content" / "me.md").exists()


def test_a_name_may_change_only_its_capitals(site: Path, desk: Desk) -> None:
    desk.rename(ABOUT, PurePosixPath("About.md"), OWNER)

    assert [file.name for file in (site / "content").iterdir()] == ["About.md"]


def test_a_folder_does_not_move_into_itself(site: Path, desk: Desk) -> None:
    desk.create(PurePosixPath("notes/a.md"), "a", OWNER)
    with pytest.raises(SavingError, match="itself"):
        desk.rename(PurePosixPath("notes"), PurePosixPath("notes/inner"), OWNER)


def test_a_folder_goes_to_the_trash_and_comes_back_whole(site: Path, desk: Desk) -> None:
    desk.create(PurePosixPath("notes/trip/index.md"), "trip\n", OWNER)
    desk.create(PurePosixPath("notes/trip/a.png"), b"\x89PNG", OWNER)

    thrown = desk.delete(PurePosixPath("notes/trip"), OWNER)
    assert not (site / "content" / "notes" / "trip").exists()
    assert [(item.path.as_posix(), item.files, item.size) for item in desk.trash()] == [("notes/trip", 2, 9)]

    desk.restore(thrown.item.id, OWNER)
    assert on_disk(site, "notes/trip/index.md") == "trip\n"
    assert (site / "content/notes/trip/a.png").read_bytes() == b"\x89PNG"
    assert desk.trash() == []


def test_what_is_restored_replaces_nothing_but_may_take_another_name(site: Path, desk: Desk) -> None:
    thrown = desk.delete(ABOUT, OWNER)
    desk.create(ABOUT, "new\n", OWNER)
    with pytest.raises(ExistsError):
        desk.restore(thrown.item.id, OWNER)

    desk.restore(thrown.item.id, OWNER, PurePosixPath("old.md"))

    assert (on_disk(site), on_disk(site, "old.md")) == ("new\n", PAGE)


def test_a_page_that_changed_since_it_was_looked_at_is_not_deleted(site: Path, desk: Desk) -> None:
    opened = desk.open(ABOUT)
    desk.save(ABOUT, "newer\n", opened.version, OWNER)

    with pytest.raises(SavingError, match="changed meanwhile"):
        desk.delete(ABOUT, OWNER, opened.version)
    assert on_disk(site) == "newer\n"


def test_the_trash_is_emptied_item_by_item(site: Path, desk: Desk) -> None:
    thrown = desk.delete(ABOUT, OWNER)
    desk.erase("../../../content")
    desk.erase(thrown.item.id)

    assert desk.trash() == []
    with pytest.raises(GoneError):
        desk.restore(thrown.item.id, OWNER)


def test_a_file_that_was_deleted_meanwhile_is_gone_and_says_where_it_is(site: Path, desk: Desk) -> None:
    opened = desk.open(ABOUT)
    desk.delete(ABOUT, OWNER)

    with pytest.raises(GoneError, match="in the trash"):
        desk.save(ABOUT, "typed\n", opened.version, OWNER)
    assert not (site / "content" / "about.md").exists()


def test_a_file_that_was_renamed_meanwhile_is_found(site: Path, desk: Desk) -> None:
    opened = desk.open(ABOUT)
    (site / "content" / "notes").mkdir()
    (site / "content" / "about.md").rename(site / "content" / "notes" / "me.md")

    with pytest.raises(GoneError) as gone:
        desk.save(ABOUT, "typed\n", opened.version, OWNER)
    assert gone.value.moved_to == PurePosixPath("notes/me.md")


def test_a_past_version_is_read_and_saved_again(site: Path, desk: Desk) -> None:
    opened = desk.open(ABOUT)
    saved = desk.save(ABOUT, "all gone\n", opened.version, OWNER, "Oh no")

    versions = desk.versions(ABOUT)
    assert [(one.author, one.message, one.size) for one in versions] == [
        ("Hanako", "Oh no", 9),
        ("", "", len(PAGE)),
    ]
    past = desk.past(ABOUT, versions[-1].id)
    assert past == PAGE
    desk.save(ABOUT, past, saved.version, OWNER)
    assert on_disk(site) == PAGE


def test_what_another_program_wrote_is_a_version_too(site: Path, desk: Desk) -> None:
    opened = desk.open(ABOUT)
    saved = desk.save(ABOUT, "one\n", opened.version, OWNER)
    (site / "content" / "about.md").write_text("outside\n", encoding="utf-8")
    again = desk.open(ABOUT)
    desk.save(ABOUT, "two\n", again.version, OWNER)

    texts = [desk.past(ABOUT, version.id) for version in desk.versions(ABOUT)]
    assert sorted(map(str, texts)) == sorted([PAGE, "one\n", "outside\n", "two\n"])
    assert desk.text_of(ABOUT, saved.version) == "one\n"


def test_a_text_that_the_disk_damaged_is_not_taken_for_what_it_was(site: Path, desk: Desk) -> None:
    opened = desk.open(ABOUT)
    for file in (site / "instance").rglob("texts/*/*"):
        file.write_bytes(file.read_bytes()[:-1] + b"?")

    assert desk.text_of(ABOUT, opened.version) is None


@pytest.mark.parametrize(
    "identity", ["../../about", "save-0-" + "f" * 32, "git-" + "a" * 40 + "-" + "b" * 40, ""]
)
def test_an_unknown_version_is_none(desk: Desk, identity: str) -> None:
    assert desk.past(ABOUT, identity) is None


def test_the_desk_for_the_settings_changes_them_alone(site: Path) -> None:
    (site / "config.toml").write_text('title = "A"\n', encoding="utf-8")
    desk = new_desk(site, folder="", only={"config.toml"})
    path = PurePosixPath("config.toml")
    opened = desk.open(path)
    desk.save(path, 'title = "B"\n', opened.version, OWNER)

    assert (site / "config.toml").read_text(encoding="utf-8") == 'title = "B"\n'
    with pytest.raises(PathError):
        desk.open(PurePosixPath("content/about.md"))


def test_tidying_keeps_what_is_referred_to_and_clears_what_kills_left(site: Path, desk: Desk) -> None:
    opened = desk.open(ABOUT)
    desk.save(ABOUT, "one\n", opened.version, OWNER)
    old = 1_000_000_000
    leftover = site / "content" / ".meishi-1-0.tmp"
    leftover.write_bytes(b"half")
    fresh = site / "content" / ".meishi-2-0.tmp"
    fresh.write_bytes(b"being written")
    orphan = desk.open(desk.create(PurePosixPath("x.png"), b"unsaved", OWNER).path)
    for file in [leftover, *(site / "instance").rglob("*")]:
        os.utime(file, (old, old))

    desk.tidy()

    assert (leftover.exists(), fresh.exists()) == (False, True)
    assert desk.text_of(ABOUT, opened.version) == PAGE
    assert desk.text_of(PurePosixPath("x.png"), orphan.version) is None
