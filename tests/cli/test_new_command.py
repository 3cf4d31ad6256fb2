"""`flask new`: a page from an archetype."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
MakeSite = Callable[..., Path]


def test_a_new_page_is_made_and_named(flask: Run, make_site: MakeSite) -> None:
    root = make_site()

    done = flask(root, "new", "notes/first-day.md")

    assert (done.exit_code, done.output) == (0, "content/notes/first-day.md\n")
    text = (root / "content/notes/first-day.md").read_text(encoding="utf-8")
    assert 'title: "First Day"' in text
    assert "date: 2026-11-22T12:00:00+00:00" in text
    assert "draft: true" in text
    assert "tags: []" in text  # Meishi's own archetype for notes


def test_the_sites_own_archetype_and_language_are_used(flask: Run, make_site: MakeSite) -> None:
    root = make_site(
        {
            "config.toml": "[languages.en]\n[languages.ja]\n",
            "archetypes/work.md": "{{ .Name }} in {{ .Lang }}",
        }
    )

    done = flask(root, "new", "about.md", "--kind", "work", "--language", "ja")

    assert done.output == "content/about.ja.md\n"
    assert (root / "content/about.ja.md").read_text(encoding="utf-8") == "about in ja"


def test_every_file_of_a_bundle_is_named(flask: Run, make_site: MakeSite) -> None:
    root = make_site({"archetypes/trip/index.md": "x", "archetypes/trip/map.svg": "y"})

    assert flask(root, "new", "notes/kyoto", "-k", "trip").output == (
        "content/notes/kyoto/index.md\ncontent/notes/kyoto/map.svg\n"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["../x.md"], "Error: '../x.md' is no place for a page: it has '..' in it. Name it like about.md"),
        (["_index.md"], "Error: content/_index.md: this page exists already. Nothing was written"),
        (["x.md", "-k", "nope"], "Error: archetypes/nope.md: there is no archetype 'nope'"),
        (["x.md", "-l", "fr"], "Error: this site has no language 'fr'. It has en"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    flask: Run, make_site: MakeSite, arguments: list[str], words: str
) -> None:
    done = flask(make_site(), "new", *arguments)

    assert done.exit_code == 1
    assert done.output.startswith(words)
    assert done.output.count("\n") == 1


def test_help_shows_examples(flask: Run, make_site: MakeSite) -> None:
    done = flask(make_site(), "new", "--help")

    assert "flask new notes/trip/index.md" in done.output
    assert "\x08" not in done.output
