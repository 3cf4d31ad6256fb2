"""The shared fixtures themselves: a static host that is as strict as the real one."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPResponse
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

Serve = Callable[..., str]


@pytest.fixture
def build(tmp_path: Path) -> Path:
    folder = tmp_path / "build"
    for name, text in {
        "index.html": "<title>home</title>",
        "404.html": "lost",
        "about/index.html": "about",
        "cv.html": "cv",
        "メモ/index.html": "memo",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    return folder


def get(address: str) -> tuple[int, str, str]:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            assert isinstance(answer, HTTPResponse)
            return answer.status, answer.url, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.url, error.read().decode()


def test_a_folder_is_served_as_github_pages_does(served: Serve, build: Path) -> None:
    home = served(build)

    assert get(home) == (200, home, "<title>home</title>")
    assert get(f"{home}about") == (200, f"{home}about/", "about")
    assert get(f"{home}cv") == (200, f"{home}cv", "cv")
    assert get(f"{home}cv/")[0] == 404
    assert get(f"{home}nowhere") == (404, f"{home}nowhere", "lost")
    assert get(home + quote("メモ/"))[2] == "memo"


def test_what_lies_outside_the_folder_is_not_served(served: Serve, build: Path) -> None:
    assert get(f"{served(build)}..%2fsecret.txt")[0] == 404


def test_under_a_base_path_the_root_is_not_ours(served: Serve, build: Path) -> None:
    home = served(build, base="/web/")

    assert home.endswith("/web/")
    assert get(home)[2] == "<title>home</title>"
    assert get(f"{home}nowhere")[2] == "lost"
    assert get(home.removesuffix("web/") + "about/")[2] != "about"


@pytest.mark.browser
def test_chromium_reads_a_served_page(served: Serve, build: Path, page: Page) -> None:
    page.goto(served(build))

    assert page.title() == "home"


def test_a_missing_program_skips_or_where_all_must_be_there_fails(
    need: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MEISHI_REQUIRE_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        need("no-such-program")
    monkeypatch.setenv("MEISHI_REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-program is not installed"):
        need("no-such-program")


def test_a_site_is_made_of_the_files_given(make_site: Callable[..., Path]) -> None:
    root = make_site({"content/about.md": "# Hi\n"})

    assert (root / "content/about.md").read_text(encoding="utf-8") == "# Hi\n"
    assert (root / "config.toml").is_file()
