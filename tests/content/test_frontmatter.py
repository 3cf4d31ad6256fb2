"""The block at the top of a page: three flavours, and a line for whatever is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from meishi.content import frontmatter
from meishi.content.frontmatter import blame, line_of_key, parse, split
from meishi.errors import FrontMatterError


def read(text: str) -> tuple[dict[str, Any], str, int]:
    source = split(text, "about.md")
    return parse(source, "about.md"), source.body, source.body_line


def refusal(text: str) -> str:
    with pytest.raises(FrontMatterError) as caught:
        read(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "flavour"),
    [
        ("---\ntitle: Hi\nweight: 3\n---\nBody\n", "yaml"),
        ('+++\ntitle = "Hi"\nweight = 3\n+++\nBody\n', "toml"),
        ('{\n"title": "Hi", "weight": 3}\n\nBody\n', "json"),
    ],
)
def test_the_three_flavours_say_the_same(text: str, flavour: str) -> None:
    assert split(text, "about.md").flavour == flavour
    assert read(text)[0] == {"title": "Hi", "weight": 3}
    assert read(text)[1].strip() == "Body"


@pytest.mark.parametrize(
    ("text", "body", "line"),
    [
        ("", "", 1),
        ("Just text\n", "Just text\n", 1),
        ("\ufeff---\na: 1\n---\nB", "B", 4),
        ("---\r\na: 1\r\n---\r\nB\r\n", "B\r\n", 4),
        ("\n\n---\na: 1\n---\nB", "B", 6),
        ("---\n---\nB", "B", 3),
        ("---\na: 1\n---", "", 3),
        ("--- \na: 1\n---\t\nB", "B", 4),
        ("{{< figure >}}\n", "{{< figure >}}\n", 1),
        ("{{% note %}}\n", "{{% note %}}\n", 1),
        ('{"a": 1}\n\nB', "\nB", 2),
        ("Text\n\n---\n\nafter a rule\n", "Text\n\n---\n\nafter a rule\n", 1),
        ("---\na: |\n  --- no end\n---\nB", "B", 5),
        ("----\nno front matter\n", "----\nno front matter\n", 1),
    ],
)
def test_the_body_begins_after_the_block(text: str, body: str, line: int) -> None:
    assert read(text)[1:] == (body, line)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("---\ntitle: x\n", "content/about.md:1:", "the front matter is not closed. Put a line with ---"),
        ("\n\n+++\ntitle = 1\n", "content/about.md:3:", "not closed. Put a line with +++"),
        ("---\ntitle: x\ntags: [a\n---\n", "content/about.md:4:", "not valid YAML"),
        ("---\na: 1\n\tb: 2\n---\n", "content/about.md:3:", "not valid YAML"),
        ("---\na: 1\nb: 2026-13-01\n---\n", "content/about.md:3:", "month must be in 1..12"),
        ("---\na: 1\nb: 2\na: 3\n---\n", "content/about.md:4:", "a stands there twice"),
        ("---\na: \x07\n---\n", "content/about.md:2:", "the control character U+0007"),
        ("---\n- a\n---\n", "content/about.md:2:", "must be a list of `name: value` lines"),
        ("---\na: !!python/object:os.system x\n---\n", "content/about.md:2:", "not valid YAML"),
        ("+++\na = 1\nb = \n+++\n", "content/about.md:3:", "not valid TOML"),
        ("+++\na = 1\na = 2\n+++\n", "content/about.md:3:", "not valid TOML"),
        ('{\n"a": 1,\n"b": }\n', "content/about.md:3:", "not valid JSON"),
        ('{"a": 1', "content/about.md:1:", "not valid JSON"),
    ],
)
def test_a_broken_block_is_refused_with_its_line(text: str, place: str, words: str) -> None:
    message = refusal(text)

    assert message.startswith(place)
    assert words in message


@pytest.mark.parametrize(
    "block",
    [
        "title: One\ntags: [a, 2, true, ~]\nn: 1.5\nday: 2026-11-22\n",
        "a: &x [1]\nb: *x\n",
        "<<: {a: 1}\nb: 2\n",
        "a: {b: [1, {c: 2}]}\n",
        "a:\n  - b: 1\n",
        "a: !!int 12\nb: !!str 3\n",
        "a: !!seq x\n",
        "!!map foo",
        "a: !!map [x]\n",
        "a: !other x\n",
        "[a]: 1\n",
        "? [a]\n: 1\n",
        "a: 1\na: 2\n",
        "a: 2026-13-45\n",
        "- a\n",
    ],
)
def test_the_quick_way_reads_what_the_general_way_reads(block: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def outcome() -> object:
        try:
            return read(f"---\n{block}\n---\n")
        except FrontMatterError as error:
            return str(error)

    quick = outcome()
    monkeypatch.setattr(frontmatter, "_plain", lambda *_: None)

    assert quick == outcome()


def test_words_that_older_yaml_takes_for_something_else_stay_words() -> None:
    values, _, _ = read("---\nanswer: no\nlight: on\ntime: 12:30\nagent: 007\nyes: y\n---\n")

    assert values == {"answer": "no", "light": "on", "time": "12:30", "agent": "007", "yes": "y"}


def test_numbers_truths_and_dates_are_what_they_look_like() -> None:
    values, _, _ = read(
        "---\nn: 1_000\nh: 0x1f\nf: 1.5\nt: true\nF: False\nnone:\nday: 2026-11-22\n"
        "moment: 2026-11-22T10:00:00Z\n---\n"
    )

    assert values == {
        "n": 1000,
        "h": 31,
        "f": 1.5,
        "t": True,
        "F": False,
        "none": None,
        "day": date(2026, 11, 22),
        "moment": datetime(2026, 11, 22, 10, tzinfo=UTC),
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ncascade:\n  draft: true\ndraft: 5\n---\n", 4),
        ('+++\ntitle = "x"\n[params]\ndraft = 1\n+++\n', None),
        ('+++\ntitle = "x"\n\ndraft = 1\n+++\n', 4),
        ('{\n  "title": "x",\n  "Draft": 1\n}\n', 3),
        ('---\n"draft": 5\n---\n', 2),
        ("\n---\ntitle: x\nDRAFT: 5\n---\n", 4),
    ],
)
def test_a_field_is_found_by_its_line(text: str, line: int | None) -> None:
    source = split(text, "about.md")

    assert line_of_key(source, "draft") == line


def test_an_error_about_a_field_that_is_not_in_the_file_names_the_first_line() -> None:
    error = blame("about.md", split("---\ntitle: x\n---\n", "about.md"))("draft", "wrong", None)

    assert error.place == "content/about.md:1"
