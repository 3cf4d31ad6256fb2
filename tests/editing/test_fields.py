"""One field at a time: what a person would have changed by hand, and no more."""

from __future__ import annotations

from datetime import date
from difflib import unified_diff
from typing import Any

import pytest

from meishi.content.editing.errors import FieldError
from meishi.content.editing.fields import Name, read_fields, set_field
from meishi.errors import FrontMatterError

YAML = """\
---
# about this page
title: "Hello"   # keep
Date: 2024-01-01
tags: [a, "b c", d] # tags
list:
  - one # 1
  # about two
  - two
  - name: x
    link: y

params:
  a: 1
  # why
  b: {x: 1, y: [1,2]}
text: |
  hello
  world

anch: &x foo
alias: *x
empty:
"quoted key" : 'it''s'
far: # why
  - a
---
Body
"""
JSON = '{\n  "title": "x",\n  "tags": ["a"],\n  "o": {}\n}\nBody\n'
TOML = '+++\ntitle = "x" # c\n[params]\n  a = 1\n# end\n\n[cascade]\nb=2\n+++\nBody\n'


def changes(before: str, after: str) -> list[str]:
    rows = list(unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))
    return [f"{row[0]} {row[1:]}" for row in rows[2:] if not row.startswith("@@")]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("title", "New: one", ['- title: "Hello"   # keep', '+ title: "New: one"   # keep']),
        ("date", date(2025, 1, 1), ["- Date: 2024-01-01", "+ Date: 2025-01-01"]),
        ("tags", ["a", "d", "x, y"], ['- tags: [a, "b c", d] # tags', '+ tags: [a, d, "x, y"] # tags']),
        ("tags", [], ['- tags: [a, "b c", d] # tags', "+ tags: [] # tags"]),
        ("tags", None, ['- tags: [a, "b c", d] # tags']),
        ("list", ["one", "two", "three", {"name": "x", "link": "y"}], ["+   - three"]),
        ("list", ["two", {"name": "x", "link": "z"}], ["-   - one # 1", "-     link: y", "+     link: z"]),
        (("list", 2, "name"), None, ["-   - name: x", "-     link: y", "+   - link: y"]),
        (("params", "b", "y"), [1, 2, 3], ["-   b: {x: 1, y: [1,2]}", "+   b: {x: 1, y: [1,2, 3]}"]),
        ("params", {"a": 2, "b": {"x": 1, "y": [1, 2]}}, ["-   a: 1", "+   a: 2"]),
        (("params", "c"), {"deep": [1]}, ["+   c:", "+     deep: [1]"]),
        ("text", "one line", ["- text: |", "-   hello", "-   world", "+ text: one line"]),
        ("text", "hello\nyou\n", ["-   world", "+   you"]),
        ("anch", "bar", ["- anch: &x foo", "- alias: *x", "+ anch: bar", "+ alias: &x foo"]),
        ("alias", "own", ["- alias: *x", "+ alias: own"]),
        ("empty", "v", ["- empty:", "+ empty: v"]),
        ("far", "v", ["- far: # why", "-   - a", "+ far: v # why"]),
        ("far", "two\nlines\n", ["- far: # why", "-   - a", '+ far: "two\\nlines\\n" # why']),
        ("quoted key", "that's", ["- \"quoted key\" : 'it''s'", "+ \"quoted key\" : 'that''s'"]),
        ("new", True, ["+ new: true"]),
        ("new", "true", ['+ new: "true"']),
        ("new", "no", ['+ new: "no"']),
        ("new", "12:30", ['+ new: "12:30"']),
        ("new", 'say "hi"', ['+ new: say "hi"']),
        ("new", '"hi": it', ["+ new: '\"hi\": it'"]),
        ("new", "two\nlines\n", ["+ new: |", "+   two", "+   lines"]),
        ("new", {"a": [{"b": 1, "c": 2}]}, ["+ new:", "+   a:", "+     - b: 1", "+       c: 2"]),
        (("new", "deep", "er"), 1, ["+ new:", "+   deep:", "+     er: 1"]),
    ],
)
def test_yaml_changes_as_by_hand(name: Name, value: Any, expected: list[str]) -> None:
    assert changes(YAML, set_field(YAML, name, value)) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("title", "é", ['-   "title": "x",', '+   "title": "é",']),
        ("tags", ["b", "a"], ['-   "tags": ["a"],', '+   "tags": ["b", "a"],']),
        ("new", [1], ['-   "o": {}', '+   "o": {},', '+   "new": [1]']),
        ("title", None, ['-   "title": "x",']),
        ("o", None, ['-   "tags": ["a"],', '-   "o": {}', '+   "tags": ["a"]']),
        (("o", "when"), date(2026, 1, 1), ['-   "o": {}', '+   "o": {"when": "2026-01-01"}']),
    ],
)
def test_json_keeps_its_layout(name: Name, value: Any, expected: list[str]) -> None:
    assert changes(JSON, set_field(JSON, name, value)) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("title", "y\"'", ['- title = "x" # c', '+ title = "y\\"\'" # c']),
        ("new", 1, ["+ new = 1"]),
        ("params", {"a": 1, "b": 2}, ["+   b = 2"]),
        ("params", None, ["- [params]", "-   a = 1"]),
        (("cascade", "b"), [1], ["- b=2", "+ b=[1]"]),
    ],
)
def test_toml_keeps_its_layout(name: Name, value: Any, expected: list[str]) -> None:
    assert changes(TOML, set_field(TOML, name, value)) == expected


def test_fields_are_listed_in_order_with_their_lines_and_writing() -> None:
    found = read_fields(YAML)
    assert (found.flavour, found.body, found.body_line) == ("yaml", "Body\n", 28)
    assert [(row.name, row.line, row.last) for row in found.rows[:6]] == [
        ("title", 3, 3),
        ("Date", 4, 4),
        ("tags", 5, 5),
        ("list", 6, 11),
        ("params", 13, 16),
        ("text", 17, 19),
    ]
    assert [row.raw for row in found.rows if row.name in {"title", "anch", "alias"}] == [
        '"Hello"',
        "&x foo",
        "*x",
    ]
    assert {row.name: row.value for row in found.rows}["alias"] == "foo"


def test_names_that_a_merge_key_brings_are_listed_without_a_line() -> None:
    text = "---\nbase: &b {a: 1}\nparams: {x: 1}\n<<: *b\n---\n"
    assert [(row.name, row.line) for row in read_fields(text).rows] == [("base", 2), ("params", 3), ("a", 0)]
    assert changes(text, set_field(text, "a", 2)) == ["+ a: 2"]
    with pytest.raises(FieldError, match="a cannot be changed"):
        set_field(text, "a", None)


def test_a_page_without_front_matter_gets_one() -> None:
    assert set_field("Text\n", "title", "T") == "---\ntitle: T\n---\nText\n"
    assert set_field("\ufeffA\r\nB\r\n", "title", "T") == "\ufeff---\r\ntitle: T\r\n---\r\nA\r\nB\r\n"
    assert set_field("Text\n", "title", None) == "Text\n"


@pytest.mark.parametrize(
    "empty", ["---\n---\n", "---\n\n---\n", "---\n# only a note\n---\nText\n", "+++\n+++\n", "{}\n"]
)
def test_empty_front_matter_takes_fields_and_gives_them_back(empty: str) -> None:
    filled = set_field(empty, "title", "T")
    assert [(row.name, row.value) for row in read_fields(filled).rows] == [("title", "T")]
    assert read_fields(set_field(filled, "title", None)).rows == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: [a\n---\n", 3),
        ("---\na: 1\na: 2\n---\n", 3),
        ("---\ntitle: x\n", 1),
        ("+++\na = 1\nb = \n+++\n", 3),
        ('{"a": 1,,}\n', 1),
        ("---\na: b\n\tc: d\n---\n", 3),
        ("---\n- a\n- b\n---\n", 2),
        ("---\na: b\udc80\n---\n", 2),
    ],
)
def test_front_matter_that_does_not_parse_is_named_with_its_line(text: str, line: int) -> None:
    for act in (lambda: read_fields(text, "a.md"), lambda: set_field(text, "title", "x", "a.md")):
        with pytest.raises(FrontMatterError) as error:
            act()
        assert str(error.value).startswith(f"content/a.md:{line}: ")


def test_setting_names_their_file_when_they_cannot_be_changed() -> None:
    with pytest.raises(FieldError, match=r"^content/a\.md: list\.9"):
        set_field(YAML, ("list", 9), "x", "a.md")
