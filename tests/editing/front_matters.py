"""Strategies for hypothesis: front matter as people write it, odd habits included."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

NAMES = [
    "title",
    "Date",
    "weight",
    "tags",
    "draft",
    "名前",
    "my-key",
    "with space",
    "a.b",
    "x_y",
    "params",
    "q?",
]

YAML_VALUES = st.sampled_from(
    [
        "plain words",
        "'single ''quoted'''",
        '"double \\" \\u65e5"',
        "12",
        "1.50",
        "true",
        "no",
        "~",
        "",
        "null",
        "2024-02-29",
        "2024-02-29 10:00:00 +09:00",
        "2024-02-29T10:00:00Z",
        "!!str 12",
        "&anchor kept",
        "[a, 'b c', \"d, e\"]",
        "[ ]",
        "[a,b , c,]",
        "[\n  one, # first\n  two\n  ]",
        "{a: 1, b: {c: [2, 3]}}",
        "{}",
        "|\n  block\n    deeper\n\n  end",
        ">-\n  folded\n  text",
        "|+\n  kept\n\n\n",
        "|2\n    two",
        "> # why\n  x",
        "several\n  lines of\n  plain",
        "'several\n  lines'",
        '"esc\\\n  aped"',
        "\n  - one # 1\n  # between\n  - two\n  - [3, 4]",
        "\n- at the margin\n- next",
        "\n  - name: x\n    link: y\n  - z: 1",
        "\n  a: 1\n  # note\n  b:\n    c: deep # here",
        "\n    - far\n    - in",
        "# only a comment",
        "\t'after a tab'",
        "日本語：「かぎ」",
        "𠮷野家 # star",
        "https://example.org/#x",
        "C# and more",
        "007",
        "1e3",
    ]
)
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9999, 9999)
    | st.text(max_size=8)
    | st.sampled_from([1.5, "日本", '"']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=5,
)
TOML_VALUES = st.sampled_from(
    [
        '"basic \\" \\u65e5"',
        "'literal \\ '",
        "12",
        "0x1F",
        "1_000",
        "1.5",
        "6e3",
        "inf",
        "true",
        "2024-02-29",
        "2024-02-29 10:00:00",
        "2024-02-29T10:00:00+09:00",
        "10:00:00",
        "[]",
        "[\"a\", 'b']",
        '[\n  "one", # first\n  "two",\n  # last\n]',
        "{ a = 1, b.c = [2] }",
        '"""\nseveral\n  lines\\\n  on"""',
        "'''raw\n'quotes' '''",
        '"""quotes at the end""""',
        "[[1, 2], [3]]",
        "[{ a = 1 }, {a=2}]",
        '"# no comment"',
    ]
)
COMMENTS = st.sampled_from(["", "# a note", "  # moved in", "", "#", "# title: not this one", "\t# tab"])
BODIES = st.sampled_from(
    [
        "",
        "\n",
        "Text",
        "\nText\n\n---\n\nMore\n",
        "a  \n\tb\n",
        "日本語\n",
        "{{< x >}}\n",
        "---\n",
        "\n\n\n+++\n",
        "a\udc80b",
    ]
)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    [
        "yes",
        "No",
        "null",
        "~",
        "12",
        "1e3",
        "0o7",
        "2024-01-01",
        "12:30",
        "a: b",
        "a #b",
        "#",
        "- x",
        "[x]",
        "{",
        "'",
        '"',
        "a'b\"c",
        "\\",
        " lead",
        "trail ",
        "two\nlines",
        "ends\n",
        "ends\n\n",
        "\n",
        "  in\n",
        "tab\there",
        "&a",
        "*a",
        "!x",
        "%",
        "@",
        "`",
        "|",
        ">",
        "?",
        "---",
        "...",
        "\u2028",
        "\x85",
        "\x7f",
        "\x00",
        "\ufeff",
        "日本、「語」",
        "𠮷",
        "=",
        "<<",
        "a,b",
        "]",
    ]
)
MOMENTS = st.sampled_from(
    [
        date(2026, 1, 2),
        datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=9))),
        datetime(2026, 1, 2, 3, 4, 5),  # noqa: DTZ001
    ]
)
SCALARS = TEXTS | st.booleans() | st.integers(-(10**6), 10**6) | st.sampled_from([0.5, 1e20, -2.0]) | MOMENTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def yaml_pages(draw: st.DrawFn) -> str:
    """Make a page with YAML front matter."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=6))
    lines = []
    for name in names:
        lines += draw(st.lists(COMMENTS.map(str.lstrip), max_size=2))
        key = draw(st.sampled_from([name, f'"{name}"', f"'{name}' "]))
        value = draw(YAML_VALUES)
        lines.append(
            f"{key}:{draw(st.sampled_from([' ', '  ', ' '])) if value[:1] != chr(10) else ''}{value}"
        )
    lines += draw(st.lists(COMMENTS.map(str.lstrip), max_size=2))
    return _page(draw, "---", "".join(line + "\n" for line in lines))


@st.composite
def toml_pages(draw: st.DrawFn) -> str:
    """Make a page with TOML front matter, tables too."""
    return _page(draw, "+++", draw(toml_texts()))


@st.composite
def toml_texts(draw: st.DrawFn) -> str:
    """Make a TOML text with tables, tables in tables, and lists of tables."""
    lines = draw(_settings())
    shapes = [
        ["[one]"],
        ["[ two . three ]", "[two]"],
        ["[[many]]", "[many.inner]", "[[many]]"],
        ['["q?"."a.b"]'],
    ]
    for headers in draw(st.lists(st.sampled_from(shapes), unique_by=lambda one: one[0], max_size=3)):
        for header in headers:
            lines += draw(st.lists(COMMENTS, max_size=2))
            lines += [header + draw(st.sampled_from(["", " # head", "  "])), *draw(_settings())]
    return "".join(line + "\n" for line in lines)


@st.composite
def _settings(draw: st.DrawFn) -> list[str]:
    plain = ["title", "my-key", "x_y", '"q?"', "'a.b'", '"名前"', "deep.er", "deep.est"]
    lines = []
    for name in draw(st.lists(st.sampled_from(plain), unique=True, max_size=4)):
        lines += draw(st.lists(COMMENTS, max_size=2))
        tail = draw(st.sampled_from(["", " # said", "  "]))
        equals = draw(st.sampled_from([" = ", "=", "\t=  "]))
        lines.append(f"{draw(st.sampled_from(['', '  ']))}{name}{equals}{draw(TOML_VALUES)}{tail}")
    return lines


@st.composite
def json_pages(draw: st.DrawFn) -> str:
    """Make a page with JSON front matter."""
    import json

    values: dict[str, Any] = draw(st.dictionaries(st.sampled_from(NAMES), JSON_VALUES, max_size=5))
    written = json.dumps(
        values, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 2, "\t"]))
    )
    return _ends(draw, f"{written}\n{draw(BODIES)}")


def _page(draw: st.DrawFn, fence: str, block: str) -> str:
    body = draw(BODIES)
    closing = draw(st.sampled_from(["", " "])) + ("\n" if body else draw(st.sampled_from(["\n", ""])))
    return _ends(draw, f"{fence}\n{block}{fence}{closing}{body}")


def _ends(draw: st.DrawFn, text: str) -> str:
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return draw(st.sampled_from(["", "", "\ufeff"])) + text
