"""How long the list of pages takes with 2,000 pages, and how much longer than with 20.

    python benchmarks/admin_list.py [--pages 2000] [--rounds 30]

Prints the median of each view in milliseconds, as the server answers a signed-in owner, and the ratio to a
small site. `first` is the first look after a start: it reads every file. `saved` is the first look after one
page was changed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from meishi.factory import create_app

PASSWORD = "kinou no ame wa tsumetai"
WORDS = "ink paper mist hill river stone lamp letter winter morning 春 山 墨 紙 手紙 光".split()


def write_site(root: Path, pages: int) -> None:
    """Write panels, and notes in two languages."""
    languages = "".join(
        f'[languages.{code}]\nlanguageName = "{name}"\nweight = {weight}\n'
        for weight, (code, name) in enumerate([("en", "English"), ("ja", "日本語")], 1)
    )
    root.mkdir(parents=True)
    (root / "config.toml").write_text(f'baseURL = "https://example.org/"\n{languages}', encoding="utf-8")
    notes = root / "content" / "notes"
    notes.mkdir(parents=True)
    (root / "content" / "_index.md").write_text("---\ntitle: Bench\n---\n")
    (notes / "_index.md").write_text("---\ntitle: Notes\nweight: 90\n---\n")
    for number in range(8):
        (root / "content" / f"panel-{number}.md").write_text(
            f"---\ntitle: Panel {number}\nweight: {number + 1}0\n---\nA panel.\n"
        )
    for number in range(pages // 2):
        words = " ".join(WORDS[(number * 7 + step * 3) % len(WORDS)] for step in range(40))
        for code in ("", ".ja"):
            date = f"2026-0{number % 9 + 1}-{number % 28 + 1:02}"
            text = f"---\ntitle: Note {number}\ndate: {date}\ntags: [ink]\n---\n"
            (notes / f"note-{number}{code}.md").write_text(text + f"{words}\n\n" * 12, encoding="utf-8")


class Owner:
    """The owner's browser, without a window."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.app = create_app(root, reload=False)
        self.app.extensions["study"].owner.set_password(PASSWORD)
        self.client = self.app.test_client()
        page = self.get("/admin/sign-in")
        token = page.split('name="csrf-token" content="')[1].split('"')[0]
        self.client.post("/admin/sign-in", data={"csrf_token": token, "password": PASSWORD})

    def get(self, path: str) -> str:
        answer = self.client.get(path, follow_redirects=True)
        assert answer.status_code == 200, (path, answer.status)
        return answer.get_data(as_text=True)

    def change_one(self) -> None:
        place = self.root / "content" / "panel-1.md"
        place.write_text(place.read_text() + "More.\n")
        self.app.extensions["study"].source.changed()


def measured(run: Callable[[], Any], rounds: int, before: Callable[[], Any] = lambda: None) -> float:
    times = []
    for _ in range(rounds):
        before()
        began = time.perf_counter()
        run()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def measure(root: Path, rounds: int) -> dict[str, float]:
    owner = Owner(root)
    found = {"first": measured(lambda: owner.get("/admin/pages/"), 1)}
    found["list"] = measured(lambda: owner.get("/admin/pages/"), rounds)
    seventh = "/admin/pages/?section=notes&page=7&part=list"
    found["section, page 7"] = measured(lambda: owner.get(seventh), rounds)
    found["first search"] = measured(lambda: owner.get("/admin/pages/?q=river&part=list"), 1)
    found["search"] = measured(lambda: owner.get("/admin/pages/?q=river+墨&part=list"), rounds)
    found["search, few"] = measured(lambda: owner.get("/admin/pages/?q=panel+3&part=list"), rounds)
    found["saved"] = measured(lambda: owner.get("/admin/pages/"), max(3, rounds // 6), owner.change_one)
    found["dashboard"] = measured(lambda: owner.get("/admin/"), rounds)
    return found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=30)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        results = []
        for pages in (20, chosen.pages):
            root = Path(folder) / str(pages)
            write_site(root, pages)
            results.append(measure(root, chosen.rounds))
    small, large = results
    print(f"{'':18}{'20 pages':>12}{f'{chosen.pages} pages':>14}{'ratio':>8}")
    for name, value in large.items():
        print(f"{name:18}{small[name]:>9.1f} ms{value:>11.1f} ms{value / small[name]:>8.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
