"""Time Markdown libraries on the same texts: why Meishi reads Markdown with markdown-it-py.

python -m venv peers && peers/bin/pip install Markdown Pygments -e .
peers/bin/python benchmarks/markdown_libraries.py content
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import markdown
from markdown_it import MarkdownIt

from meishi.content.documents import MarkdownSettings
from meishi.content.frontmatter import split
from meishi.content.markdown import render

PYTHON_MARKDOWN = ["extra", "codehilite", "toc", "admonition", "sane_lists"]


def main(folder: Path) -> None:
    texts = [split(file.read_text("utf-8"), file.name).body for file in sorted(folder.rglob("*.md"))]
    settings = MarkdownSettings()
    python_markdown = markdown.Markdown(extensions=PYTHON_MARKDOWN)
    libraries: dict[str, Callable[[str], object]] = {
        "Meishi (markdown-it-py, Pygments, ids, slots, summary)": lambda text: render(text, settings),
        "markdown-it-py alone": MarkdownIt("gfm-like", {"linkify": False}).render,
        "Python-Markdown with " + ", ".join(PYTHON_MARKDOWN): lambda text: python_markdown.reset().convert(
            text
        ),
    }
    print(f"{len(texts)} texts, {sum(map(len, texts)) // len(texts)} letters each on average; ms a text")
    for name, function in libraries.items():
        rounds = []
        for _ in range(7):
            began = time.perf_counter()
            for text in texts:
                function(text)
            rounds.append((time.perf_counter() - began) / len(texts) * 1000)
        print(f"{statistics.median(rounds):6.2f}  {name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
