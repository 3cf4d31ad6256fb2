"""Icons are found by every name that owners of Font Awesome sites write."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from meishi.web.browser_code import problem
from meishi.web.icons import Icons

TABLE = "\n".join(
    [
        "brands/github\t0 0 512 512\tM1",
        "solid/envelope\t0 0 512 512\tM2",
        "regular/envelope\t0 0 512 512\tM3",
        "solid/house\t0 0 512 512\tM4",
        "brands/x-twitter\t0 0 448 512\tM5",
        "brands/linkedin\t0 0 448 512\tM6",
        "solid/icons\t0 0 512 512\tM7",
        "envelope-o\t=regular/envelope",
        "home\t=solid/house",
        "linkedin-square\t=brands/linkedin",
        "",
    ]
)


@pytest.fixture
def icons(tmp_path: Path) -> Icons:
    (tmp_path / "icons.txt").write_text(TABLE, encoding="utf-8")
    return Icons(tmp_path)


def drawing(svg: str) -> str:
    found = re.search(r'<path d="(\w+)"/>', svg)
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("github", "M1"),
        ("fa-github", "M1"),
        ("fab fa-github", "M1"),
        ("fa fa-github fa-2x fa-fw", "M1"),
        ("fa-brands fa-github", "M1"),
        ("brands/github", "M1"),
        ("fa6-brands:github", "M1"),
        ("GitHub", "M1"),
        ("github.svg", "M1"),
        ("fas fa-github", "M1"),  # a wrong style still finds the only drawing
        ("envelope", "M2"),
        ("far fa-envelope", "M3"),
        ("regular/envelope", "M3"),
        ("fal fa-envelope", "M2"),
        ("envelope-o", "M3"),
        ("fas fa-envelope-o", "M2"),
        ("home", "M4"),
        ("fas fa-home", "M4"),
        ("x-twitter", "M5"),
        ("twitter-x", "M5"),
        ("linkedin-square", "M6"),
        ("icons", "M7"),
        ("email", "M2"),
        ("nothing", ""),
        ("", ""),
        ("=solid/house", ""),
    ],
)
def test_a_name_finds_its_drawing(icons: Icons, name: str, path: str) -> None:
    assert drawing(icons(name)) == path
    assert (name in icons) == bool(path)


def test_an_icon_is_decoration_of_the_text_s_size_and_colour(icons: Icons) -> None:
    assert icons("x-twitter") == (
        '<svg class="icon" viewBox="0 0 448 512" width="1em" height="1em" fill="currentColor"'
        ' aria-hidden="true" focusable="false"><path d="M5"/></svg>'
    )
    assert 'width="2rem" height="2rem"' in icons("github", "2rem")
    assert "<script>" not in icons("github", '"><script>')


def test_a_slip_of_the_pen_is_answered_with_what_was_meant(icons: Icons) -> None:
    assert icons.suggest("fab fa-gihub") == "github"
    assert icons.suggest("linkedn") == "linkedin"
    assert icons.suggest("qqqqqq") is None


def test_without_the_icon_set_nothing_is_drawn(tmp_path: Path) -> None:
    icons = Icons(tmp_path)

    assert icons("github") == ""
    assert not icons.installed
    assert icons.suggest("gihub") is None


def test_what_the_install_could_not_fetch_is_said_in_one_line(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    assert "python hatch_build.py" in (problem(dist) or "")

    dist.mkdir()
    (dist / ".stamp").touch()
    assert problem(dist) is None

    (dist / "NOTE.txt").write_text("The npm registry could not be reached.\n", encoding="utf-8")
    assert problem(dist) == "The npm registry could not be reached."


@pytest.mark.parametrize(
    "name",
    (
        "github linkedin mastodon bluesky x-twitter orcid fa-envelope fa-home rss line globe"
        " envelope-o calendar-o youtube-play moon sun xmark fa-diamond"
    ).split(),
)
def test_the_installed_set_has_what_profiles_need(
    project: Path, lacking: Callable[[str], NoReturn], name: str
) -> None:
    icons = Icons(project / "static" / "dist")
    if not icons.installed:
        lacking(str(problem(project / "static" / "dist")))

    assert re.search(r'<path d="M[\w .,-]+"/></svg>$', icons(name))
