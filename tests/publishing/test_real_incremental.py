"""The real site, edited at random: what an incremental build makes is what a build from nothing makes."""

from __future__ import annotations

import io
import random
import shutil
from pathlib import Path

import pytest

from meishi import freezing
from meishi.publishing import state, workers
from meishi.publishing.command import run
from meishi.publishing.options import FreezeOptions
from meishi.publishing.progress import Quiet
from tiny_site import snapshot, write

EPOCH = "1800000000"
CONFIG = """
baseURL = "https://www.example.com/"
title = "Ichi"
defaultContentLanguage = "en"
[languages.en]
weight = 1
[languages.ja]
weight = 2
title = "一"
"""
NAMES = ["one", "two", "three", "four"]
PLACES = ["{}.md", "{}.ja.md", "notes/{}.md", "notes/{}.ja.md", "trips/{}/index.md"]


def freeze(site: Path, *, ahead: bool = False) -> str:
    problems = io.StringIO()
    environment = {"SOURCE_DATE_EPOCH": EPOCH}
    options = FreezeOptions(site, site / "build")
    code = run(options, freezing.frozen, Quiet(problems), environment, 0.0, freezing.ahead if ahead else None)
    found = sorted(line for line in problems.getvalue().splitlines() if "warning: " not in line)
    assert bool(found) == bool(code), problems.getvalue()
    return "\n".join(found)


class Author:
    """Write, rename and remove pages of every kind."""

    def __init__(self, site: Path, chance: random.Random) -> None:
        self.content = site / "content"
        self.chance = chance

    def text(self) -> str:
        chance = self.chance
        front = [f"title: Title {chance.randrange(9)}"]
        options = [
            f"date: 2026-0{chance.randrange(1, 9)}-01",
            f"weight: {chance.randrange(3)}",
            f"tags: [tea{', ink' if chance.random() < 0.5 else ''}]",
            f"description: About {chance.randrange(9)}",
            f"aliases: [/old-{chance.randrange(50)}/]",
            f"menuname: Menu {chance.randrange(5)}",
            f"expiryDate: 20{chance.choice([25, 35])}-01-01",
            "draft: true",
        ]
        front += chance.sample(options, chance.randrange(4))
        name = chance.choice(NAMES)
        bodies = [
            f"Text {chance.randrange(99)}.\n",
            "## A heading\n\nText.\n\n[here](#a-heading)\n",
            f"[a note](/notes/{name}.md)\n",
            f'{{{{< ref "{name}" >}}}}\n' if chance.random() < 0.2 else "Text.\n",
            "一行目\n二行目\n\n日本語の文。\n",
            "![A dot](/dot.png)\n",
        ]
        return "---\n" + "\n".join(front) + "\n---\n" + "\n".join(chance.sample(bodies, 2))

    def do_something(self) -> None:
        place = self.content / self.chance.choice(PLACES).format(self.chance.choice(NAMES))
        pages = sorted(path for path in self.content.rglob("*.md") if path.name != "_index.md")
        match self.chance.randrange(8):
            case 0 | 1 | 2 | 3:
                write(place.parent, {place.name: self.text()})
            case 4 if pages:
                self.chance.choice(pages).unlink()
            case 5 if pages:
                place.parent.mkdir(parents=True, exist_ok=True)
                self.chance.choice(pages).replace(place)
            case 6:
                title = f"---\ntitle: Notes {self.chance.randrange(9)}\n---\n"
                write(self.content, {self.chance.choice(["_index.md", "notes/_index.md"]): title})
            case 7:
                write(self.content, {"notes/_index.md": "---\ncascade:\n  tags: [handed]\n---\n"})


@pytest.mark.copies
@pytest.mark.parametrize("seed", range(4))
def test_the_real_site_is_built_the_same_step_by_step(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The code is a source as well, and somebody may be editing it.
    monkeypatch.setattr(state, "PACKAGE", tmp_path / "code")
    monkeypatch.setattr(workers, "usable_cores", lambda: 2)
    chance = random.Random(seed)
    site = tmp_path / "site"
    write(site, {"config.toml": CONFIG, "content/_index.md": "---\ntitle: Ichi\n---\n"})
    (site / "static").mkdir()
    shutil.copy(Path(__file__).parents[2] / "static/images/seal.png", site / "static/dot.png")
    author = Author(site, chance)
    built = 0
    for _ in range(12):
        for _ in range(chance.randrange(1, 4)):
            author.do_something()
        problems = freeze(site)
        fresh = tmp_path / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(site, fresh, ignore=shutil.ignore_patterns("build", "freeze-*", "documents.sqlite"))
        assert freeze(fresh, ahead=chance.random() < 0.5) == problems
        if not problems:
            assert snapshot(site / "build") == snapshot(fresh / "build")
            built += 1
    assert built > 2
