"""The parser takes short cuts past markdown-it-py's own; here they must meet at the same tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from meishi.content.blocks import BlockParser
from meishi.content.inlines import InlineParser
from meishi.content.tables import table

RULES = ["table", "strikethrough"]
PLAIN = MarkdownIt("commonmark", {"tasklists": True}).enable(RULES)
PLAIN_BLOCKS = MarkdownIt("commonmark").enable(RULES)


@pytest.fixture(scope="module")
def quick() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"tasklists": True}).enable(RULES)
    blocks, inlines = BlockParser(), InlineParser()
    blocks.prepare()
    inlines.prepare()
    made.block, made.inline = blocks, inlines
    return made


def fields(tokens: Sequence[Token]) -> list[tuple[Any, ...]]:
    return [
        (
            token.type, token.tag, token.nesting, dict(token.attrs), token.map, token.level, token.content,
            token.info, dict(token.meta), token.block, token.hidden, fields(token.children or []),
        )
        for token in tokens
    ]  # fmt: skip


PIECES = [
    *["a", "b c", "*", "**", "_", "__", "`", "``", "~~", "[", "]", "(/u)", "!", "<b>", "</b>", "<!--", "-->"],
    *["&amp;", "\\", "> ", "- ", "* ", "+ ", "1. ", "2) ", "#", "# ", "===", "---", "***", "```"],
    *[
        "\n",
        "\n\n",
        "  \n",
        "    ",
        "\t",
        "~~~",
        "|",
        "| a | b |",
        "\n|---|---|\n",
        "[x]: /y",
        "- [x] ",
        ":",
        "<div>",
    ],
    *['"t"', ".", "=", "-", " ", "  ", "http://a.b/c", "\n>", "\n- ", "\n  "],
]


@settings(max_examples=600)
@example("a\n    ===")
@example("a\n   ===\n- b\n  ---")
@example("> a\nb\n===\n> - c\nd")
@example("| a |\nb\n|---|\n")
@example("- a\n\n      code\n\n\tb\n  1) c")
@given(source=st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_makes_the_tokens_that_markdown_it_makes(quick: MarkdownIt, source: str) -> None:
    assert fields(quick.parse(source)) == fields(PLAIN.parse(source))


@pytest.fixture(scope="module")
def with_cells() -> MarkdownIt:
    made = MarkdownIt("commonmark").enable(RULES)
    blocks = BlockParser()
    blocks.ruler.at("table", table, {"alt": ["paragraph", "reference"]})
    blocks.prepare()
    made.block = blocks
    return made


def in_three(tokens: Sequence[Token]) -> list[Token]:
    """Write the tokens of cells as markdown-it-py does."""
    told: list[Token] = []
    for token in tokens:
        if token.type != "cell":
            told.append(token)
            continue
        open_ = Token(f"{token.tag}_open", token.tag, 1, level=token.level, block=True)
        if token.info:
            open_.attrs = {"style": f"text-align:{token.info}"}
        text = Token("inline", "", 0, map=token.map, level=token.level + 1, content=token.content, block=True)
        close = Token(f"{token.tag}_close", token.tag, -1, level=token.level, block=True)
        told += [open_, text, close]
    return told


ROWS = [
    *["| a | b |\n", "a | b\n", "|---|---|\n", "--- | :-:\n", "|:--|--:|\n", "| :-: |---\n", "|-\n", ":|\n"],
    *[
        "- | -\n",
        "| c |\n",
        "d | e | f |\n",
        "||\n",
        "| | |\n",
        "| g \\| h | i |\n",
        "\\| j | k\n",
        "\n",
        "text\n",
    ],
    *[
        "> ",
        "- ",
        "1. ",
        "  ",
        "    ",
        "# h | i\n",
        "```\n",
        "***\n",
        "|-- -|---|\n",
        "|---||\n",
        "<div> | x\n",
        "|\n",
    ],
]


@settings(max_examples=600)
@example("| a | b |\n|---|---|\n| c |\n\n| d \\| e |\n|:-:|\n- f")
@example("> a | b\n> --|--\n> c\nd | e")
@example("- a | b\n  --|--\n  c | d | e\n    f\n")
@given(source=st.lists(st.sampled_from(ROWS), max_size=14).map("".join))
def test_makes_the_cells_that_markdown_it_makes(with_cells: MarkdownIt, source: str) -> None:
    ours: list[Token] = []
    theirs: list[Token] = []
    with_cells.block.parse(source, with_cells, {}, ours)
    PLAIN_BLOCKS.block.parse(source, PLAIN_BLOCKS, {}, theirs)
    assert fields(in_three(ours)) == fields(theirs)


@pytest.mark.parametrize(
    "mark", ["[", "*a ", "> ", "![", "`", "<", "$", "{.a ", "**", "((", "_a_", "- ", "[^", "~~"]
)
def test_long_runs_of_a_mark_do_not_take_long_or_overflow(mark: str) -> None:
    from meishi.content.markdown import MarkdownSettings, render

    assert render(mark * 1500, MarkdownSettings()).html
