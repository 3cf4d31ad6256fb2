#!/usr/bin/env python3
"""Time the publishing of one edited page, the whole process, beside Hugo with ghp-import and Lektor's deploy.

    python benchmarks/publishing.py                       1,000 notes, five rounds
    python benchmarks/publishing.py --hugo ~/bin/hugo     another Hugo than the one on PATH
    python benchmarks/publishing.py --lektor ~/lektor/bin/lektor

Each round edits one note's title and text and publishes to a bare repository on the same disk, without
waiting for a public address. The tools take turns. Ours also fetches the published state, compares every
file with it, closes its gates and checks the commit; ghp-import and Lektor push what they find. Lektor's
address at GitHub is led to the bare repository by git's own `insteadOf`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from freeze import HERE, HUGO_FILES, write_site

IGNORED = "/build/\n/.cache/\n/instance/\n/public/\n/resources/\n"

LEKTOR_FILES = {
    "bench.lektorproject": """\
[project]
name = Bench
url = https://example.org/
[servers.production]
target = ghpages://bench/lektor
""",
    "models/page.ini": """\
[model]
name = Page
label = {{ this.title }}
[fields.title]
type = string
[fields.day]
type = date
[fields.body]
type = markdown
""",
    "models/home.ini": "[model]\nname = Home\n[children]\nmodel = page\norder_by = -day\n",
    "content/contents.lr": "_model: home\n",
    "content/notes/contents.lr": "_model: home\n",
    "templates/page.html": """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ this.title }}</title></head>
<body><h1>{{ this.title }}</h1><p><time>{{ this.day }}</time></p>{{ this.body }}</body></html>
""",
    "templates/home.html": """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bench</title></head><body><ul>
{% for note in site.get("/notes").children %}<li><a href="{{ note|url }}">{{ note.title }}</a>
<time>{{ note.day }}</time></li>{% endfor %}</ul></body></html>
""",
}


def git(folder: Path, *arguments: str) -> None:
    named = ("-c", "user.name=Bench", "-c", "user.email=bench@example.com")
    subprocess.run(["git", *named, *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def checkout(folder: Path, total: int) -> None:
    """Make the site a checkout with a bare repository as its remote."""
    write_site(folder, total)
    (folder / ".gitignore").write_text(IGNORED, encoding="utf-8")
    remote = folder.with_suffix(".git")
    git(folder.parent, "init", "--quiet", "--bare", str(remote))
    git(folder, "init", "--quiet", "-b", "main")
    git(folder, "config", "user.name", "Bench")
    git(folder, "config", "user.email", "bench@example.com")
    git(folder, "remote", "add", "origin", str(remote))
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "Begin")
    git(folder, "push", "--quiet", "-u", "origin", "main")


def lektor_note(text: str) -> str:
    """Write a note as Lektor has it."""
    _, front, body = text.split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in front.splitlines() if ": " in line)
    return f"title: {fields['title']}\n---\nday: {fields['date'][:10]}\n---\nbody:\n{body}"


def lektor_site(folder: Path, notes: Path) -> None:
    """Make a Lektor project of the same notes, and a bare repository where its deploy expects GitHub."""
    for name, text in LEKTOR_FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for note in notes.glob("*.md"):
        place = folder / "content/notes" / note.stem / "contents.lr"
        place.parent.mkdir()
        place.write_text(lektor_note(note.read_text(encoding="utf-8")), encoding="utf-8")
    remote = folder.with_suffix(".git")
    git(folder.parent, "init", "--quiet", "--bare", str(remote))
    settings = f'[user]\nname = Bench\nemail = bench@example.com\n[url "{remote}"]\n'
    settings += "insteadOf = git@github.com:bench/lektor.git\n"
    (folder / ".gitconfig").write_text(settings, encoding="utf-8")


def edited(folder: Path, mark: int) -> None:
    notes = folder / "content/notes"
    note = notes / "note-00002.md"
    if not note.exists():
        note = notes / "note-00002/contents.lr"
    text = note.read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title: "))
    note.write_text(
        text.replace(title, f'title: "Note 00002 edited {mark}"', 1) + f"\n{mark}.\n", encoding="utf-8"
    )


def run(command: str, folder: Path) -> float:
    if hasattr(os, "sync"):
        os.sync()
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, shell=True, check=False, capture_output=True, text=True)
    took = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return took


def prepared(
    work: Path, total: int, hugo: str | None, lektor: str | None
) -> dict[str, Callable[[int], float]]:
    """Publish each site once; return what publishes an edit."""
    ours = work / "meishi"
    shutil.copytree(HERE / "site", ours)
    checkout(ours, total)
    publish = f"{sys.executable} -m meishi.freezing publish --no-wait --quiet --allow base_url"
    commands = {"meishi": (publish, ours)}
    if hugo is not None:
        theirs = work / "hugo"
        theirs.mkdir()
        for name, text in HUGO_FILES.items():
            (theirs / name).parent.mkdir(parents=True, exist_ok=True)
            (theirs / name).write_text(text, encoding="utf-8")
        checkout(theirs, total)
        push = f"{sys.executable} -m ghp_import --push --no-jekyll public"
        commands["hugo && ghp-import"] = (f"{hugo} --quiet && {push}", theirs)
    if lektor is not None:
        project = work / "lektor"
        lektor_site(project, ours / "content/notes")
        home = f"GIT_CONFIG_GLOBAL={project / '.gitconfig'}"
        deploy = f"{lektor} build -O output && {home} {lektor} deploy -O output"
        commands["lektor build && lektor deploy"] = (deploy, project)
    for command, folder in commands.values():
        run(command, folder)

    def timed(name: str) -> Callable[[int], float]:
        command, folder = commands[name]

        def once(mark: int) -> float:
            edited(folder, mark)
            return run(command, folder)

        return once

    return {name: timed(name) for name in commands}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000], metavar="N")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--hugo", default=shutil.which("hugo"), help="Hugo's program, if it is not on PATH")
    parser.add_argument("--lektor", default=shutil.which("lektor"), help="Lektor's program, likewise")
    chosen = parser.parse_args()
    print("| notes | tool | one note edited and published, s | of Hugo's |")
    print("|---:|---|---:|---:|")
    for total in chosen.sizes:
        with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as work:
            tools = prepared(Path(work), total, chosen.hugo, chosen.lektor)
            times: dict[str, list[float]] = {name: [] for name in tools}
            for mark in range(chosen.rounds):
                for name, publish in tools.items():
                    times[name].append(publish(mark))
        medians = {name: statistics.median(found) for name, found in times.items()}
        base = medians.get("hugo && ghp-import")
        for name, median in medians.items():
            ratio = f"{median / base:.2f}" if base else ""
            print(f"| {total} | {name} | {median:.2f} | {ratio} |", flush=True)


if __name__ == "__main__":
    main()
