"""Translations that fall behind."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from desks import ABOUT, OWNER, PAGE, new_checkout, new_desk, new_site

from meishi.content.editing.freshness import behind, mark_translated, paragraphs, translated_from

JAPANESE = PurePosixPath("about.ja.md")
TRANSLATION = "---\ntitle: 私\n---\n\n一。\n\n二。\n"


def said(found: list[object] | None) -> list[tuple[str, str | None, str | None]]:
    return [
        (one.kind, one.then and one.then.text, one.now and one.now.text)  # type: ignore[attr-defined]
        for one in found or []
    ]


def test_paragraphs_know_their_lines_and_keep_code_together() -> None:
    text = "---\ntitle: T\ndate: 2026-01-01\n---\n\nOne\ntwo\n\n```py\na\n\nb\n```\n\nEnd"
    assert [(one.text, one.line, one.field) for one in paragraphs(text)] == [
        ("T", 2, "title"),
        ("One\ntwo", 6, ""),
        ("```py\na\n\nb\n```", 9, ""),
        ("End", 15, ""),
    ]


def test_an_open_fence_ends_with_the_page() -> None:
    assert [(one.text, one.line) for one in paragraphs("a\n\n~~~\nb\n\nc")] == [("a", 1), ("~~~\nb\n\nc", 3)]


def test_what_changed_since_is_told_paragraph_by_paragraph() -> None:
    now = PAGE.replace("Second paragraph.", "2nd.\n\nThird.").replace("title: About", "title: Me")
    assert said(behind(now, PAGE)) == [
        ("changed", "About", "Me"),
        ("changed", "Second paragraph.", "2nd."),
        ("new", None, "Third."),
    ]


def test_dates_line_ends_and_wrapping_spaces_are_no_change() -> None:
    now = (
        PAGE.replace("2026-01-01", "2026-12-31")
        .replace("\n", "\r\n")
        .replace("First paragraph.", "First paragraph.  ")
    )
    assert behind(now, PAGE) == []


def test_a_translation_is_measured_against_the_version_it_was_made_from(tmp_path: Path) -> None:
    desk = new_desk(new_site(tmp_path / "site"))
    opened = desk.open(ABOUT)
    desk.create(JAPANESE, mark_translated(TRANSLATION, opened.version), OWNER)
    assert desk.behind(JAPANESE, ABOUT) == []

    desk.save(ABOUT, PAGE.replace("First paragraph.\n\n", ""), opened.version, OWNER)

    assert said(desk.behind(JAPANESE, ABOUT)) == [("gone", "First paragraph.", None)]  # type: ignore[arg-type]


def test_a_translation_that_does_not_say_is_unknown(tmp_path: Path) -> None:
    desk = new_desk(new_site(tmp_path / "site"))
    desk.create(JAPANESE, TRANSLATION, OWNER)
    assert translated_from(TRANSLATION) is None
    assert desk.behind(JAPANESE, ABOUT) is None


def test_git_remembers_the_source_where_the_desk_does_not(tmp_path: Path) -> None:
    site = new_checkout(tmp_path / "site")
    version = new_desk(site).open(ABOUT).version
    desk = new_desk(tmp_path / "site", git=True)
    desk.save(ABOUT, PAGE + "\nThird.\n", version, OWNER)
    desk.create(JAPANESE, mark_translated(TRANSLATION, version), OWNER)
    for file in (site / "instance").rglob("texts/*/*"):
        file.unlink()

    assert said(desk.behind(JAPANESE, ABOUT)) == [("new", None, "Third.")]  # type: ignore[arg-type]
