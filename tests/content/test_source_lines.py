"""Blocks say which line of the file they begin with, for the editor alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from meishi.content.frontmatter import split
from meishi.content.markdown import MarkdownSettings, render

SOURCE = """\
# Title

A paragraph
of two lines

- one
- two

| a | b |
| - | - |
| 1 | 2 |

```python
print()
```

> A quotation

{{< details >}}
Inside a shortcode
{{< /details >}}

The end[^1]

[^1]: A note
"""
MARK = re.compile(r' data-line="(\d+)"')


def lines(html: str) -> dict[str, int]:
    """Map the text that follows each mark to the marked line."""
    found = {}
    for match in MARK.finditer(html):
        text = re.sub(r"<[^>]*>", "", html[html.index(">", match.end()) + 1 :]).split()
        found.setdefault(text[0] if text else "", int(match[1]))
    return found


def test_every_block_names_its_line_in_the_file() -> None:
    html = render(SOURCE, MarkdownSettings(lines=True), first_line=10).html

    found = lines(html)
    wanted = {"Title": 10, "A": 12, "one": 15, "two": 16, "1": 20, "print()": 22, "Inside": 29, "The": 32}
    assert {text: found.get(text) for text in wanted} == wanted


@pytest.mark.parametrize("name", ["everything.md", "everything.ja.md"])
def test_the_marks_change_nothing_else(project: Path, name: str) -> None:
    path = project / "content" / "notes" / name
    source = split(path.read_text(encoding="utf-8"), f"notes/{name}")

    marked = render(source.body, MarkdownSettings(lines=True), first_line=source.body_line)
    plain = render(source.body, MarkdownSettings(), first_line=source.body_line)

    assert MARK.sub("", marked.html) == plain.html
    assert len(MARK.findall(marked.html)) > 20
    assert "data-line" not in plain.html
