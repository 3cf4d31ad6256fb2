"""Merging two changes of one text."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meishi.content.editing.lines import keep_line_ends
from meishi.content.editing.merging import compare, merge
from meishi.content.editing.pagemerge import merge_page

LINES = st.lists(st.sampled_from(["", "a", "b", "c", "日本", "One. Two. Three."]), max_size=8)
TEXTS = st.builds(lambda lines, end: "\n".join(lines) + end, LINES, st.sampled_from(["", "\n"]))
PAGE = PurePosixPath("a.md")


@given(TEXTS, TEXTS)
def test_one_change_alone_is_taken_as_it_is(base: str, changed: str) -> None:
    assert merge(base, changed, base).text == changed
    assert merge(base, base, changed).text == changed
    assert merge(base, changed, changed).text == changed


@given(TEXTS, TEXTS, TEXTS)
def test_the_two_sides_are_equal_unless_they_clash(base: str, mine: str, theirs: str) -> None:
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert bool(one.clashes) == bool(other.clashes)
    if not one.clashes:
        assert one.text == other.text


@given(TEXTS, TEXTS, TEXTS)
def test_the_pieces_are_the_whole(base: str, mine: str, theirs: str) -> None:
    merged = merge(base, mine, theirs)
    assert "".join(piece.text for piece in merged.pieces) == merged.text
    assert "".join(piece.base for piece in merged.pieces) == base
    assert "".join(piece.mine for piece in merged.pieces) == mine
    assert "".join(piece.theirs for piece in merged.pieces) == theirs


@given(st.lists(st.integers(0, 999).map(str), min_size=2, max_size=30, unique=True), st.data())
def test_changes_of_different_lines_always_merge(lines: list[str], data: st.DataObject) -> None:
    """Each line is left, changed, taken out or followed by a new one, by me or by them, but not by both."""
    whose = data.draw(st.lists(st.sampled_from(["me", "them", ""]), min_size=len(lines), max_size=len(lines)))
    mine, theirs, both = [], [], []
    for line, who in zip(lines, whose, strict=True):
        new = data.draw(st.sampled_from([[f"new {line}"], [line, f"after {line}"], []])) if who else [line]
        mine += new if who == "me" else [line]
        theirs += new if who == "them" else [line]
        both += new

    merged = merge(*("".join(f"{line}\n" for line in side) for side in (lines, mine, theirs)))

    assert [piece for piece in merged.clashes if piece.base] == []
    if not merged.clashes:
        assert merged.text == "".join(f"{line}\n" for line in both)


@given(TEXTS, TEXTS, TEXTS)
def test_nothing_that_one_side_wrote_is_lost(base: str, mine: str, theirs: str) -> None:
    merged = merge(base, mine, theirs)
    if not merged.clashes:
        # An empty line says nothing: two changes of line ends may settle on none.
        before = {*base.splitlines(), ""}
        for line in {*mine.splitlines(), *theirs.splitlines()} - before:
            # Sentences of one line may come from both.
            assert line in merged.text.splitlines() or "." in line


def test_neighbouring_lines_merge() -> None:
    assert (
        merge("title: a\ndate: b\n", "title: A\ndate: b\n", "title: a\ndate: B\n").text
        == "title: A\ndate: B\n"
    )


def test_the_same_line_clashes() -> None:
    [piece] = merge("x\na\ny\n", "x\nb\ny\n", "x\nc\ny\n").clashes
    assert (piece.base, piece.mine, piece.theirs, piece.line) == ("a\n", "b\n", "c\n", 2)


def test_two_additions_at_one_place_clash() -> None:
    assert merge("a\n", "a\nmine\n", "a\ntheirs\n").clashes


def test_sentences_apart_merge_within_a_paragraph() -> None:
    base = "彼は来た。私は見た。誰も勝たなかった。終わり。\n"
    mine, theirs = base.replace("彼は", "彼女は"), base.replace("誰も", "だれも")
    assert merge(base, mine, theirs).text == "彼女は来た。私は見た。だれも勝たなかった。終わり。\n"


def test_neighbouring_sentences_clash() -> None:
    base = "One. Two. Three.\n"
    assert merge(base, base.replace("One", "1"), base.replace("Two", "2")).clashes


def test_a_program_that_changed_all_line_ends_still_merges() -> None:
    base = "a\nb\nc"
    merged = merge(base, "a\nB\nc", "a\r\nb\r\nc\r\n")
    assert (merged.clashes, merged.text) == ((), "a\r\nB\r\nc\r\n")


def test_a_byte_order_mark_is_no_clash() -> None:
    assert merge("a\nb\n", "A\nb\n", "\ufeffa\nb\n").text == "\ufeffA\nb\n"


def test_without_a_common_origin_every_difference_is_a_clash() -> None:
    side_by_side = compare("a\nb\nc\n", "a\nx\nc\n")
    assert [(piece.mine, piece.theirs) for piece in side_by_side.clashes] == [("b\n", "x\n")]
    assert "".join(piece.theirs for piece in side_by_side.pieces) == "a\nx\nc\n"


def test_a_merge_that_would_break_the_front_matter_is_a_clash() -> None:
    base = "---\ntitle: x\ntags:\n  - a\n  - b\n---\n"
    mine = base.replace("  - a\n  - b\n", "  - a\n  - b\n  - c\n")
    theirs = base.replace("tags:\n  - a\n  - b\n", "tags: [a, b]\n")
    assert merge_page(PAGE, base, mine, theirs).clashes


@pytest.mark.parametrize("path", ["a.md", "config.toml"])
def test_values_that_merge_as_meant_are_no_clash(path: str) -> None:
    fence = "+++\n" if path == "a.md" else ""
    base = f"{fence}a = 1\nb = 1\n[t]\nc = 1\nlist = [1]\n{fence}"
    mine, theirs = base.replace("a = 1", "a = 2"), base.replace("c = 1", "c = 2")
    merged = merge_page(PurePosixPath(path), base, mine, theirs)
    assert merged.text == f"{fence}a = 2\nb = 1\n[t]\nc = 2\nlist = [1]\n{fence}"


@given(TEXTS, TEXTS)
def test_line_ends_and_mark_are_put_back(before: str, after: str) -> None:
    windows = "\ufeff" + before.replace("\n", "\r\n")
    kept = keep_line_ends(after, windows)
    assert kept.removeprefix("\ufeff").replace("\r\n", "\n") == after
    assert kept.startswith("\ufeff")
    if "\n" in before:
        assert kept.count("\n") == kept.count("\r\n")


@given(st.lists(st.sampled_from(["a\n", "b\r\n", "c\r\n", "d\n"]), max_size=8).map("".join))
def test_mixed_line_ends_survive_a_browser(text: str) -> None:
    assert keep_line_ends(text.replace("\r\n", "\n"), text) == text
