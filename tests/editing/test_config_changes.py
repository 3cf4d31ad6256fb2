"""Settings of config.toml, changed one by one; the starter site's own file is the example."""

from __future__ import annotations

import tomllib
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest

from meishi.content.editing.errors import FieldError
from meishi.content.editing.fields import set_config
from meishi.errors import ConfigError

STARTER = (Path(__file__).resolve().parents[2] / "config.toml").read_bytes().decode().replace("\r\n", "\n")
SOCIAL = [
    {"name": "GitHub", "link": "https://github.com/"},
    {"name": "Mail", "link": "mailto:a@b.c"},
]
SMALL = """\
title = "A" # the name

# The card.
[params]
# The one colour.
# accent = "#1f6f8b"
color = 'red'

# Who you are.
[params.author]
name = "A"
# phone = "1"

# The icons.
[[params.social]]
name = "GitHub" # mine
link = "https://github.com/"

# Letters, please.
[[params.social]]
name = "Mail"
link = "mailto:a@b.c"
"""


def changes(before: str, after: str) -> list[str]:
    rows = list(unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))
    return [row for row in rows[2:] if not row.startswith("@@")]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("title", "B", ['-title = "A" # the name', '+title = "B" # the name']),
        ("TITLE", "B", ['-title = "A" # the name', '+title = "B" # the name']),
        ("params.color", "blue", ["-color = 'red'", "+color = 'blue'"]),
        ("params.accent", "#fff", ['+accent = "#fff"']),
        ("params.author.phone", "2", ['+phone = "2"']),
        ("params.author.email", "a@b.c", ['+email = "a@b.c"']),
        ("params.color", None, ["-color = 'red'"]),
        ("baseURL", "https://a.b/", ['+baseURL = "https://a.b/"']),
        ("params.social.1.link", "x", ['-link = "mailto:a@b.c"', '+link = "x"']),
        ("params.social", [SOCIAL[0]], ["-[[params.social]]", '-name = "Mail"', '-link = "mailto:a@b.c"']),
        (
            "params.social",
            [*SOCIAL, {"name": "New"}],
            ["+", "+[[params.social]]", '+name = "New"'],
        ),
        (
            "languages.fr",
            {"weight": 3, "params": {"description": "x"}},
            ["+", "+[languages.fr]", "+weight = 3", "+", "+[languages.fr.params]", '+description = "x"'],
        ),
        ("guestbook.server", "https://a.b", ["+", "+[guestbook]", '+server = "https://a.b"']),
        ("menus.main", [{"name": "a"}], ["+", "+[[menus.main]]", '+name = "a"']),
        ("nothing.here", None, []),
    ],
)
def test_a_setting_changes_as_by_hand(key: str, value: Any, expected: list[str]) -> None:
    assert changes(SMALL, set_config(SMALL, key, value)) == expected


def test_a_setting_at_rest_marks_the_place_of_a_new_one() -> None:
    after = set_config(SMALL, "params.accent", "#fff").splitlines()
    assert after[after.index('# accent = "#1f6f8b"') + 1] == 'accent = "#fff"'
    after = set_config(STARTER, "params.author.phone", "1").splitlines()
    assert after[after.index('phone = "1"') - 1].startswith("# phone")


def test_a_new_setting_does_not_come_between_a_comment_and_its_table() -> None:
    after = set_config(SMALL, "params.size", 1).splitlines()
    assert after[after.index("[params.author]") - 1] == "# Who you are."
    assert tomllib.loads("\n".join(after))["params"]["size"] == 1


def test_a_new_first_setting_stands_before_the_first_table() -> None:
    after = set_config("# Mine.\n\n# The card.\n[params]\na = 1\n", "title", "T")
    assert after == '# Mine.\n\ntitle = "T"\n\n# The card.\n[params]\na = 1\n'


def test_reordering_keeps_every_comment() -> None:
    after = set_config(SMALL, "params.social", SOCIAL[::-1])
    assert tomllib.loads(after)["params"]["social"] == SOCIAL[::-1]
    for comment in ("# The icons.", "# Letters, please."):
        assert comment in after


@pytest.mark.parametrize(
    "key", ["params", "params.social", "params.author", "languages", "languages.en.params"]
)
def test_whatever_goes_no_comment_goes_with_it(key: str) -> None:
    after = set_config(STARTER, key, None)
    comments = [line for line in STARTER.splitlines() if line.startswith("#")]
    assert [line for line in after.splitlines() if line.startswith("#")] == comments
    values: Any = tomllib.loads(after)
    for part in key.split("."):
        values = values.get(part, {})
    assert values == {}


@pytest.mark.parametrize("header", ["", "[t]\n", "[[t]]\n"])
def test_the_last_dotted_setting_of_a_table_can_go(header: str) -> None:
    key = {"": "a.b", "[t]\n": "t.a.b", "[[t]]\n": "t.0.a.b"}[header]
    assert set_config(f"{header}a.b = 1\n", key, None) == header


def test_setting_everything_to_what_it_is_changes_no_byte() -> None:
    for text in (STARTER, STARTER.replace("\n", "\r\n"), "\ufeff" + STARTER.rstrip("\n")):
        for key, value in tomllib.loads(STARTER).items():
            assert set_config(text, key, value) == text


def test_windows_line_ends_stay() -> None:
    after = set_config(SMALL.replace("\n", "\r\n"), "params.social", [*SOCIAL, {"name": "New"}])
    assert after.count("\n") == after.count("\r\n")


def test_a_key_with_dots_is_given_in_parts() -> None:
    after = set_config(SMALL, ("params", "a.b", "c d"), 1)
    assert tomllib.loads(after)["params"]["a.b"]["c d"] == 1


def test_what_does_not_parse_or_cannot_be_written_is_named() -> None:
    with pytest.raises(ConfigError, match=r"^config\.toml: not valid TOML"):
        set_config("a = \n", "b", 1)
    with pytest.raises(FieldError, match=r"^config\.toml.*TOML has no way to write nothing"):
        set_config(SMALL, "params.list", [None])
