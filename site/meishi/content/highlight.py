"""Code blocks, coloured by Pygments with classes alone, with Hugo's options."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from markdown_it.common.utils import unescapeAll

if TYPE_CHECKING:
    from pygments.lexer import Lexer

_INFO = re.compile(r"\s*([^\s{]*)\s*(?:\{(.*)\})?", re.DOTALL)
_OPTION = re.compile(
    r"""([A-Za-z_][\w-]*)\s*=\s*(?:\[([^\]]*)\]|"([^"]*)"|'([^']*)'|([^\s,}]+))|([.#])([^\s,.#}]+)"""
)
_RANGE = re.compile(r"(\d+)(?:\s*-\s*(\d+))?")
_MARK = re.compile("\ufdd0([0-9]+)\ufdd1")
_WORD = re.compile("xqzmark([0-9]+)kramzqx")


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Hold the HTML of a code block, and the language in which it was coloured."""

    html: str
    language: str = ""


@dataclass(slots=True)
class Options:
    """Hold what braces after the language may ask for."""

    lines: set[int] = field(default_factory=set)
    numbers: bool = False
    first: int = 1
    title: str = ""
    id: str = ""
    classes: list[str] = field(default_factory=list)


def block(
    source: str, info: str, given: Mapping[str, Any], claim: Callable[[str], str], *, highlighted: bool = True
) -> CodeBlock:
    """Write a fenced block of code; a language that nobody knows is plain text.

    given: attributes that are the document's already. claim: makes an id of the info string unique.
    """
    if not info and not given:
        code = escape(source, quote=False)
        return CodeBlock(f'<div class="highlight"><pre tabindex="0"><code>{code}</code></pre></div>\n')
    found = _INFO.match(unescapeAll(info))
    language, text = (found[1], found[2] or "") if found else ("", "")
    options = read_options(text)
    if options.id:
        options.id = claim(options.id)
    for name, value in given.items():
        if name == "class":
            options.classes += str(value).split()
        elif name == "id":
            options.id = str(value)
    return write(source, language, options, highlighted=highlighted)


def write(source: str, language: str, options: Options, *, highlighted: bool = True) -> CodeBlock:
    """Write a block of code in a language."""
    lexer = _lexer(language.lower()) if highlighted and language else None
    if lexer is None:
        html = escape(source, quote=False)
    else:
        html = _coloured(_MARK.sub(r"xqzmark\1kramzqx", source), lexer)
        html = _WORD.sub("\ufdd0\\1\ufdd1", html)
    if options.lines or options.numbers:
        html = _in_lines(html, options)
    name = escape(language)
    code = f'<code class="language-{name}" data-lang="{name}">' if language else "<code>"
    classes = escape(" ".join(["highlight", *options.classes]))
    mark = f' id="\0#{escape(options.id)}"' if options.id else ""
    html = f'<div class="{classes}"{mark}><pre tabindex="0">{code}{html}</code></pre></div>\n'
    if options.title:
        caption = f"<figcaption>{escape(options.title, quote=False)}</figcaption>"
        html = f'<figure class="code">{caption}\n{html}</figure>\n'
    return CodeBlock(html, language.lower() if lexer is not None else "")


def read_options(text: str) -> Options:
    """Read `hl_lines=[1,"3-4"] linenos=true linenostart=10 title="app.py" .class #id`."""
    options = Options()
    if not text:
        return options
    for found in _OPTION.finditer(text):
        if found[6]:
            if found[6] == ".":
                options.classes.append(found[7])
            else:
                options.id = found[7]
            continue
        value = next((part for part in found.groups()[1:5] if part is not None), "")
        name = found[1].lower()
        if name == "hl_lines":
            for start, end in _RANGE.findall(value):
                options.lines.update(range(int(start), min(int(end or start), int(start) + 10_000) + 1))
        elif name == "linenos":
            options.numbers = value.lower() not in ("false", "0", "no")
        elif name == "linenostart" and value.isdigit():
            options.first = int(value)
        elif name in ("title", "filename", "name"):
            options.title = value
        elif name == "class":
            options.classes += value.split()
        elif name == "id":
            options.id = value
    return options


def _coloured(source: str, lexer: Lexer) -> str:
    """Write source as spans; each stays within its line, so that lines can be wrapped."""
    parts: list[str] = []
    for name, text in _merged(source, lexer):
        text = escape(text, quote=False)
        if not name:
            parts.append(text)
            continue
        for line in text.splitlines(keepends=True):
            bare = line.rstrip("\n")
            parts.append(f'<span class="{name}">{bare}</span>{line[len(bare) :]}' if bare else line)
    return "".join(parts)


def _merged(source: str, lexer: Lexer) -> Iterator[tuple[str, str]]:
    """Give the classes and texts of the tokens, neighbours of one class together."""
    current, texts = "", [""]
    for kind, text in lexer.get_tokens(source):
        name = _class(kind)
        if name != current and text.strip():
            yield current, "".join(texts)
            current, texts = name, []
        texts.append(text)
    yield current, "".join(texts)


@lru_cache(maxsize=512)
def _class(kind: Any) -> str:
    """Give Pygments' short class of a token; names and plain text have none."""
    from pygments.token import STANDARD_TYPES

    while kind not in STANDARD_TYPES:
        kind = kind.parent
    short = STANDARD_TYPES[kind]
    return "" if short in ("n", "p", "w", "err") else short


@cache
def _lexer(language: str) -> Lexer | None:
    """Find the lexer of a language; Pygments is imported at the first one only."""
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    if language in ("text", "txt", "plain", "plaintext", "none", "mermaid"):
        return None
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _in_lines(html: str, options: Options) -> str:
    """Wrap each line, to number it or to make it stand out."""
    lines = html.split("\n")
    last = lines.pop() if lines and not lines[-1] else None
    wrapped = []
    for index, line in enumerate(lines):
        number = options.first + index
        marked = " hl" if index + 1 in options.lines else ""
        shown = f'<span class="ln" aria-hidden="true">{number}</span>' if options.numbers else ""
        wrapped.append(f'<span class="line{marked}">{shown}{line}\n</span>')
    return "".join(wrapped) + (last or "")
