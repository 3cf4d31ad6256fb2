"""However a site came to be what it is, an incremental build is the build from nothing, byte for byte."""

from __future__ import annotations

import io
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meishi.publishing import sharing, spare, state
from meishi.publishing.command import run
from meishi.publishing.options import FreezeOptions
from meishi.publishing.progress import Quiet
from tiny_site import app_factory, make, snapshot, write

NAMES = ["a", "b", "about", "café", "Zed", "日本", "x-1"]
PICTURES = ["a.png", "b.png"]


def freeze(site: Path, destination: Path, *, clean: bool = False) -> str:
    problems = io.StringIO()
    code = run(FreezeOptions(site, destination, clean=clean), app_factory, Quiet(problems), {}, 0.0)
    assert code == 0 or problems.getvalue()
    return problems.getvalue() if code else ""


class Owner:
    """Do to a site what owners do."""

    def __init__(self, site: Path, chance: random.Random) -> None:
        self.site = site
        self.chance = chance

    def do_something(self) -> None:
        name = self.chance.choice(NAMES)
        page, picture = self.site / f"content/{name}.md", self.site / "static" / self.chance.choice(PICTURES)
        pages = sorted((self.site / "content").glob("*.md"))
        number = self.chance.randrange(100)
        match self.chance.randrange(11):
            case 0 | 1 | 2:
                write(
                    self.site, {f"content/{name}.md": f"{name} {number}\n<p id=p{number % 3}>{number}</p>\n"}
                )
            case 3:
                write(self.site, {f"content/{name}.md": f"{name}\n{{pic {picture.name}}}\n"})
            case 4:
                write(
                    self.site,
                    {f"content/{name}.md": f"{name}\n<a href='/{self.chance.choice(NAMES)}/#p1'>x</a>"},
                )
            case 5:
                page.unlink(missing_ok=True)
            case 6 if pages:
                self.chance.choice(pages).replace(page)
            case 7:
                picture.write_text(f"PNG {number}")
            case 8:
                write(self.site, {f"static/files/{name}/{number % 4}.txt": str(number % 2)})
            case 9:
                shutil.rmtree(self.site / "static/files", ignore_errors=True)
            case 10:
                write(self.site, {"templates/page.html": f"<!doctype html><h{number % 2}>TITLE</h>BODY"})

    def harm(self) -> None:
        files = sorted(path for path in (self.site / "build").rglob("*") if path.is_file())
        if not files:
            return
        file = self.chance.choice(files)
        match self.chance.randrange(4):
            case 0:
                file.write_text("harm")
            case 1:
                file.unlink()
            case 2:
                (file.parent / "strange.html").write_text("strange")
            case 3:
                shutil.rmtree(file.parent)


@pytest.mark.copies
@settings(max_examples=15)
@given(seed=st.integers(0, 10**9))
def test_an_incremental_build_is_a_clean_build(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    folder = tmp_path_factory.mktemp("incremental")
    chance = random.Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(state, "PACKAGE", folder / "code")
        patch.setattr(state, "PRODUCT", folder / "product")
        patch.setattr(spare, "_WORTHWHILE", chance.choice([0, 1000]))
        patch.setattr(spare, "_MANY", chance.choice([0, 1000]))
        patch.setattr(spare, "usable_cores", lambda: 2)
        patch.setattr(sharing, "_WORTHWHILE", chance.choice([2, 1000]))
        patch.setattr(sharing, "usable_cores", lambda: 2)
        site = make(folder / "site")
        owner = Owner(site, chance)
        for _ in range(8):
            for _ in range(chance.randrange(4)):
                owner.do_something()
            if chance.random() < 0.3:
                owner.harm()
            before = snapshot(site / "build")
            problems = freeze(site, site / "build")
            shutil.rmtree(folder / "fresh", ignore_errors=True)
            shutil.copytree(site, folder / "fresh", ignore=shutil.ignore_patterns("build", ".cache"))
            expected = freeze(folder / "fresh", folder / "fresh/build")
            assert sorted(problems.splitlines()) == sorted(expected.splitlines())
            built = snapshot(site / "build")
            assert built == (before if problems else snapshot(folder / "fresh/build"))
            folders = {
                path.relative_to(site / "build") for path in (site / "build").rglob("*") if path.is_dir()
            }
            if not problems:
                fresh = folder / "fresh/build"
                assert folders == {path.relative_to(fresh) for path in fresh.rglob("*") if path.is_dir()}
    shutil.rmtree(folder)
