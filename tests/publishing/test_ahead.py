"""What is done before its turn is what would have been done in its turn."""

from __future__ import annotations

import functools
import io
import os
import sqlite3
from pathlib import Path

import pytest

from meishi import freezing
from meishi.errors import FreezeError
from meishi.publishing import workers
from meishi.publishing.ahead import look_ahead
from meishi.publishing.command import run
from meishi.publishing.options import FreezeOptions
from meishi.publishing.progress import Quiet
from meishi.publishing.state import State, look, swap_for
from tiny_site import snapshot, write

pytestmark = pytest.mark.copies
CONFIG = 'baseURL = "https://www.example.com/"\ntitle = "Ahead"\n'
PAGE = "---\ntitle: {}\n---\nText with [a link](/about.md).\n"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(workers, "usable_cores", lambda: 2)
    pages = {f"content/notes/{name}.md": PAGE.format(name) for name in ("one", "two", "three")}
    write(tmp_path / "site", {"config.toml": CONFIG, "content/about.md": PAGE.format("About"), **pages})
    return tmp_path / "site"


def freeze(site: Path, *, ahead: bool) -> tuple[int, str]:
    told = io.StringIO()
    given = freezing.ahead if ahead else None
    code = run(FreezeOptions(site, site / "build"), freezing.frozen, Quiet(told), {}, 0.0, given)
    return code, told.getvalue()


def test_it_sees_all_that_a_plain_look_sees_and_reads_the_pages(site: Path) -> None:
    options = FreezeOptions(site, site / "build")
    looking = functools.partial(look, options, swap_for(options), {})
    plain = looking()
    seen = look_ahead(looking, options, 1.8e9, freezing.ahead())
    assert seen == plain
    assert any(name.startswith("product/static/") for name in seen.sources.stamps)
    with sqlite3.connect(site / ".cache/documents.sqlite") as cache:
        assert cache.execute("SELECT count(*) FROM pages").fetchone() == (4,)


def test_the_same_is_built(site: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    write(other, {str(path.relative_to(site)): path.read_text() for path in site.rglob("*.*")})
    assert freeze(site, ahead=True) == (0, "")
    assert freeze(other, ahead=False) == (0, "")
    assert snapshot(site / "build") == snapshot(other / "build")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("content/about.md", "---\ntitle: [\n---\n", "content/about.md:3: "),
        ("content/about.md", "---\nweight: heavy\n---\n", "content/about.md:2: "),
        ("config.toml", "title = \n", "config.toml:1: "),
        ("content/notes/one.md", "[away](gone.md)\n", "content/notes/one.md:1: "),
    ],
)
def test_mistakes_are_told_once(site: Path, name: str, text: str, told: str) -> None:
    write(site, {name: text})
    code, problems = freeze(site, ahead=True)
    assert code == 1
    assert problems.startswith(told)
    assert problems.count("\n") == 1
    assert not (site / "build").exists()


def test_a_copy_that_dies_is_an_error(site: Path) -> None:
    def dying(**_options: object) -> State:
        os._exit(1)

    options = FreezeOptions(site, site / "build")
    with pytest.raises(FreezeError, match="helping process died"):
        look_ahead(dying, options, 0.0, freezing.ahead())
