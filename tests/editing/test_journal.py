"""What was typed and not yet saved."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from desks import ABOUT, OWNER, PAGE, new_desk, new_site, now

from meishi.content.editing.desk import Desk


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return new_site(tmp_path / "site")


@pytest.fixture
def desk(site: Path) -> Desk:
    return new_desk(site)


def logs(site: Path) -> list[Path]:
    return sorted((site / "instance").rglob("*.log"))


def texts(desk: Desk, path: PurePosixPath | None = ABOUT) -> list[str]:
    return [draft.text for draft in desk.drafts(path)]


def test_what_was_typed_is_found_by_the_next_process(site: Path, desk: Desk) -> None:
    version = desk.open(ABOUT).version
    desk.journal.put(ABOUT, "tab 1", version, 7, "typed 日本語 \ud83d")

    [draft] = new_desk(site).drafts(ABOUT)
    assert (draft.tab, draft.base, draft.seq, draft.text) == ("tab 1", version, 7, "typed 日本語 \ud83d")
    assert draft.path == ABOUT


def test_the_published_file_is_left_alone(site: Path, desk: Desk) -> None:
    desk.journal.put(ABOUT, "t", desk.open(ABOUT).version, 1, "typed")

    assert (site / "content" / "about.md").read_text(encoding="utf-8") == PAGE
    assert [file.name for file in (site / "content").rglob("*")] == ["about.md"]


def test_the_newest_number_wins_in_whatever_order_they_come(desk: Desk) -> None:
    version = desk.open(ABOUT).version
    answers = [desk.journal.put(ABOUT, "t", version, seq, f"text {seq}") for seq in (1, 3, 2, 3)]

    assert answers == [1, 3, 3, 3]
    assert texts(desk) == ["text 3"]


def test_tabs_do_not_disturb_each_other(desk: Desk) -> None:
    version = desk.open(ABOUT).version
    for tab in ("a", "b", "../../a"):
        desk.journal.put(ABOUT, tab, version, 1, f"by {tab}")

    assert sorted(texts(desk)) == ["by ../../a", "by a", "by b"]


def test_dropping_forgets_and_a_late_copy_brings_nothing_back(desk: Desk) -> None:
    version = desk.open(ABOUT).version
    desk.journal.put(ABOUT, "t", version, 5, "saved")
    desk.journal.drop(ABOUT, "t", 5)
    desk.journal.put(ABOUT, "t", version, 4, "late")

    assert desk.drafts() == []
    desk.journal.put(ABOUT, "t", version, 6, "newer")
    assert texts(desk) == ["newer"]


def test_dropping_after_a_save_spares_what_was_typed_since(desk: Desk) -> None:
    version = desk.open(ABOUT).version
    desk.journal.put(ABOUT, "t", version, 5, "saved")
    desk.journal.put(ABOUT, "t", version, 6, "typed since")
    desk.journal.drop(ABOUT, "t", 5)

    assert texts(desk) == ["typed since"]


def test_only_what_differs_from_the_disk_is_a_draft(site: Path, desk: Desk) -> None:
    windows = PAGE.replace("\n", "\r\n")
    (site / "content" / "about.md").write_bytes(windows.encode())
    opened = desk.open(ABOUT)
    desk.journal.put(ABOUT, "same", opened.version, 1, PAGE)
    desk.journal.put(ABOUT, "other", opened.version, 1, PAGE + "more\n")
    assert texts(desk) == [PAGE + "more\n"]

    desk.save(ABOUT, "elsewhere\n", opened.version, OWNER)
    assert texts(desk) == [PAGE + "more\n"], "nothing was typed in the other tab"


def test_what_was_typed_into_a_page_that_is_gone_stays(site: Path, desk: Desk) -> None:
    desk.journal.put(ABOUT, "t", desk.open(ABOUT).version, 1, PAGE + "typed\n")
    (site / "content" / "about.md").unlink()

    assert texts(desk, None) == [PAGE + "typed\n"]


@pytest.mark.parametrize("torn", [1, 5, 12, 40])
def test_an_entry_that_a_crash_cut_short_hides_none_before_it(site: Path, desk: Desk, torn: int) -> None:
    version = desk.open(ABOUT).version
    desk.journal.put(ABOUT, "t", version, 1, "whole")
    desk.journal.put(ABOUT, "t", version, 2, "cut short")
    [log] = logs(site)
    log.write_bytes(log.read_bytes()[:-torn])

    assert texts(desk) == ["whole"] or torn == 1  # without its line end it is still whole
    desk.journal.put(ABOUT, "t", version, 3, "after")
    assert texts(desk) == ["after"]


def test_a_damaged_entry_is_passed_over(site: Path, desk: Desk) -> None:
    version = desk.open(ABOUT).version
    desk.journal.put(ABOUT, "t", version, 1, "whole")
    desk.journal.put(ABOUT, "t", version, 2, "damaged")
    [log] = logs(site)
    log.write_bytes(log.read_bytes().replace(b"damaged", b"dam\x00ged"))

    assert texts(desk) == ["whole"]


def test_the_journal_does_not_grow_for_ever(site: Path, desk: Desk) -> None:
    version = desk.open(ABOUT).version
    text = "x" * 20_000
    for seq in range(1, 60):
        desk.journal.put(ABOUT, "t", version, seq, f"{seq}{text}")

    assert texts(desk) == [f"59{text}"]
    assert sum(log.stat().st_size for log in logs(site)) < 300_000


def test_pruning_takes_what_was_dropped_and_nothing_else(site: Path, desk: Desk) -> None:
    version = desk.open(ABOUT).version
    desk.journal.put(ABOUT, "dropped", version, 1, "a")
    desk.journal.put(ABOUT, "kept", version, 1, "b")
    desk.journal.drop(ABOUT, "dropped")
    desk.journal.prune(now())

    assert len(logs(site)) == 1
    assert texts(desk) == ["b"]


def test_forcing_everything_to_the_disk_works_without_files(site: Path) -> None:
    desk = new_desk(site, sync_every=3600.0)
    desk.journal.put(ABOUT, "t", desk.open(ABOUT).version, 1, "a")
    desk.journal.put(ABOUT, "t", desk.open(ABOUT).version, 2, "b")
    for log in logs(site):
        log.unlink()
    desk.journal.sync()

    assert desk.drafts() == []
