#!/usr/bin/env python3
"""Time the freezing of a made-up site: from nothing, with nothing changed, and after one page was edited.

    python benchmarks/freeze.py                        1,000 notes, five rounds
    python benchmarks/freeze.py --sizes 5 1000 5000 --rounds 3
    python benchmarks/freeze.py --hugo ~/bin/hugo      another Hugo than the one on PATH

Prints medians of whole processes, and what they are of Hugo's where it is installed. Both tools take turns,
and both sites hold the same: a page for each note, a home page that lists them all, a sitemap.
"""

from __future__ import annotations

import argparse
import datetime
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
FREEZE = HERE.parent / "freeze.py"
WORDS = (
    "river garden morning window letter paper station market bridge mountain coffee winter summer island "
    "shadow lantern recipe kitchen bicycle library train camera forest harbor painter music corner village "
    "the a of and to in that it is with for on as at by from this but not we they one"
).split()
JAPANESE = (
    "朝の光が窓から差し込み、机の上の古いノートを静かに照らしていた。",
    "先週の週末は友人と一緒に鎌倉まで出かけ、海沿いの道をゆっくり歩きました。",
    "新しいカメラを手に入れてから、近所の散歩がずっと楽しくなった。",
    "毎日少しずつ書くことが、長く続けるための一番の近道だと思う。",
)
HUGO_FILES = {
    "hugo.toml": """\
baseURL = "https://example.org/"
title = "Bench"
disableKinds = ["taxonomy", "term", "RSS", "404", "section"]
[markup.highlight]
codeFences = false
""",
    "layouts/_default/single.html": """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body><h1>{{ .Title }}</h1><p><time>{{ .Date.Format "2006-01-02" }}</time></p>{{ .Content }}</body></html>
""",
    "layouts/index.html": """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body><ul>
{{ range .Site.RegularPages.ByDate.Reverse }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a>
<time>{{ .Date.Format "2006-01-02" }}</time></li>{{ end }}</ul></body></html>
""",
}


def sentence(chance: random.Random) -> str:
    words = [chance.choice(WORDS) for _ in range(chance.randint(7, 18))]
    if chance.random() < 0.2:
        words[0] = chance.choice(["**{}**", "*{}*", "`{}`"]).format(words[0])
    return " ".join(words).capitalize() + "."


def note(number: int, total: int) -> str:
    """Write note `number`: the same text on every machine."""
    chance = random.Random(f"{total} {number}")
    blocks = []
    for _ in range(chance.randint(2, 5)):
        blocks.append(f"## {chance.choice(WORDS).capitalize()} {chance.choice(WORDS)}")
        blocks += [" ".join(sentence(chance) for _ in range(4)) for _ in range(chance.randint(1, 3))]
        if number % 3 == 1:
            blocks.append("".join(chance.sample(JAPANESE, 3)))
        blocks.append("\n".join(f"- {sentence(chance)}" for _ in range(4)))
    blocks.append(f"See [another](/notes/note-{chance.randint(1, total):05d}/).")
    blocks.append("| name | count |\n| --- | ---: |\n| one | 1 |\n| two | 2 |")
    blocks.append("```python\ndef first(items, limit=10):\n    return [x for x in items if x < limit]\n```")
    day = datetime.date(2015, 1, 1) + datetime.timedelta(days=chance.randrange(4000))
    return f'---\ntitle: "Note {number:05d}"\ndate: {day}\n---\n\n' + "\n\n".join(blocks) + "\n"


def write_site(folder: Path, total: int) -> None:
    notes = folder / "content" / "notes"
    notes.mkdir(parents=True)
    for number in range(1, total + 1):
        (notes / f"note-{number:05d}.md").write_text(note(number, total), encoding="utf-8")


def timed(command: Sequence[str], folder: Path) -> float:
    if hasattr(os, "sync"):
        os.sync()
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def measure(
    command: Sequence[str], folder: Path, made: Sequence[str], mark: int
) -> tuple[float, float, float]:
    """Time the three builds of one round; `made` is what a build from nothing does not find."""
    edited = folder / "content/notes/note-00002.md"
    original = edited.read_text(encoding="utf-8")
    for name in made:
        shutil.rmtree(folder / name, ignore_errors=True)
    full = timed(command, folder)
    same = timed(command, folder)
    changed = original.replace("Note 00002", f"Note 00002 edited {mark}") + f"\nAdded, {mark}.\n"
    edited.write_text(changed, encoding="utf-8")
    edit = timed(command, folder)
    edited.write_text(original, encoding="utf-8")
    return full, same, edit


def prepare(
    work: Path, total: int, hugo: str | None
) -> dict[str, Callable[[int], tuple[float, float, float]]]:
    ours = work / f"meishi-{total}"
    shutil.copytree(HERE / "site", ours)
    write_site(ours, total)
    freeze = [sys.executable, str(FREEZE), "--quiet", "--source", "."]
    rounds = {"meishi": lambda mark: measure(freeze, ours, ["build", ".cache"], mark)}
    if hugo is not None:
        theirs = work / f"hugo-{total}"
        write_site(theirs, total)
        for name, text in HUGO_FILES.items():
            (theirs / name).parent.mkdir(parents=True, exist_ok=True)
            (theirs / name).write_text(text, encoding="utf-8")
        rounds["hugo"] = lambda mark: measure([hugo, "--quiet"], theirs, ["public", "resources"], mark)
    return rounds


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000], metavar="N")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--hugo", default=shutil.which("hugo"), help="Hugo's program, if it is not on PATH")
    chosen = parser.parse_args()
    print("| notes | tool | full build, s | nothing changed, s | one note edited, s |")
    print("|---:|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as work:
        for total in chosen.sizes:
            tools = prepare(Path(work), total, chosen.hugo)
            times: dict[str, list[tuple[float, float, float]]] = {name: [] for name in tools}
            for mark in range(chosen.rounds):
                for name, run in tools.items():
                    times[name].append(run(mark))
            medians = {name: [statistics.median(column) for column in zip(*rows, strict=True)]
                       for name, rows in times.items()}  # fmt: skip
            for name, found in medians.items():
                base = medians.get("hugo", found)
                cells = [
                    f"{mine:.2f} ({mine / other:.2f} ×)" for mine, other in zip(found, base, strict=True)
                ]
                print(f"| {total} | {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
