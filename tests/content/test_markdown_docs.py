"""What the manual shows must work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from meishi.content.embeds import BUILT_IN
from meishi.content.markdown import MarkdownSettings, render

DOCS = Path(__file__).resolve().parents[2] / "docs"
EXAMPLE = re.compile(r"^(`{4,})markdown\n(.*?)^\1$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("name", ["markdown.md", "shortcodes.md"])
def test_every_example_renders(name: str) -> None:
    text = (DOCS / name).read_text("utf-8")
    examples = EXAMPLE.findall(text)
    assert len(examples) > 8
    for _, example in examples:
        assert render(example, MarkdownSettings()).remarks == ()


def test_every_built_in_shortcode_is_described() -> None:
    text = (DOCS / "shortcodes.md").read_text("utf-8")
    headings = " ".join(re.findall(r"^### (.*)$", text, re.MULTILINE))
    assert set(re.findall(r"\w+", headings)) == set(BUILT_IN)
